/* The ranks of one MPI job that share a campaign. Rank 0 hands out members and holds the
 * lock; all run members and write journals of their own.
 *
 * Without --with-mpi at configure there is none to join. No rank ever waits inside MPI for long,
 * where waiting takes a processor: it looks for messages, and sleeps. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_MPI_RANKS_H
#define LAC_CAMPAIGN_MPI_RANKS_H

#include "campaign/sweep.h"

typedef struct lac_mpi_ranks lac_mpi_ranks;

/* LAC_USAGE when the program was built without MPI. */
lac_status lac_mpi_ranks_join(lac_mpi_ranks **ranks);
/* Waits for all others, then leaves. NULL is allowed. */
void lac_mpi_ranks_leave(lac_mpi_ranks *ranks);

size_t lac_mpi_ranks_rank(const lac_mpi_ranks *ranks);
size_t lac_mpi_ranks_size(const lac_mpi_ranks *ranks);
/* Processors for this rank: each that it may use is shared with the ranks that may use it too. */
size_t lac_mpi_ranks_processors(const lac_mpi_ranks *ranks);
/* Ranks on this machine. */
size_t lac_mpi_ranks_neighbours(const lac_mpi_ranks *ranks);

/* What rank 0 says, for all: so that none continues when it cannot. To be called by all. */
lac_status lac_mpi_ranks_follow(const lac_mpi_ranks *ranks, lac_status status);

/* A member queue for lac_sweep_run. Rank 0 hands out member[count], which is borrowed until it
 * leaves; the others' are NULL. */
void lac_mpi_ranks_queue(lac_mpi_ranks *ranks, const size_t *member, size_t count,
                         lac_member_queue *queue);

#endif
