/* Parties of a program that was built without MPI: there are none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/party.h"

lac_status lac_party_join(lac_party **party)
{
    *party = NULL;
    return lac_fail(LAC_USAGE,
                    "this program was built without MPI, so its ranks would all run the same "
                    "members: configure it --with-mpi, or start one process, or one for each task "
                    "with --task K/N");
}

void lac_party_leave(lac_party *party)
{
    (void)party;
}

size_t lac_party_rank(const lac_party *party)
{
    (void)party;
    return 0;
}

size_t lac_party_size(const lac_party *party)
{
    (void)party;
    return 1;
}

size_t lac_party_processors(const lac_party *party)
{
    (void)party;
    return 1;
}

size_t lac_party_neighbours(const lac_party *party)
{
    (void)party;
    return 1;
}

lac_status lac_party_follow(const lac_party *party, lac_status status)
{
    (void)party;
    return status;
}

void lac_party_deal(lac_party *party, const size_t *member, size_t count, lac_dealer *dealer)
{
    (void)party;
    (void)member;
    (void)count;
    (void)dealer;
}
