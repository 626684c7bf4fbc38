/* A party: the ranks of one MPI job that share a campaign. Rank 0 hands out members and holds the
 * lock; all run members and write journals of their own.
 *
 * Without --with-mpi at configure nobody can join one. No rank ever waits inside MPI for long,
 * where waiting takes a processor: it looks for messages, and sleeps. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_PARTY_H
#define LAC_CAMPAIGN_PARTY_H

#include "campaign/sweep.h"

typedef struct lac_party lac_party;

/* LAC_USAGE when the program was built without MPI. */
lac_status lac_party_join(lac_party **party);
/* Waits for all others, then leaves. NULL is allowed. */
void lac_party_leave(lac_party *party);

size_t lac_party_rank(const lac_party *party);
size_t lac_party_size(const lac_party *party);
/* Processors for this rank: each that it may use is shared with the ranks that may use it too. */
size_t lac_party_processors(const lac_party *party);
/* Ranks on this machine. */
size_t lac_party_neighbours(const lac_party *party);

/* What rank 0 says, for all: so that nobody goes on when it cannot. To be called by all. */
lac_status lac_party_follow(const lac_party *party, lac_status status);

/* A dealer for lac_sweep_run. Rank 0 hands out member[count], which is borrowed until it leaves;
 * the others' are NULL. */
void lac_party_deal(lac_party *party, const size_t *member, size_t count, lac_dealer *dealer);

#endif
