/* Ranks of a program that was built without MPI: there are none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/mpi_ranks.h"

lac_status lac_mpi_ranks_join(lac_mpi_ranks **ranks)
{
    *ranks = NULL;
    return lac_fail(LAC_USAGE,
                    "this program was built without MPI, so its ranks would all run the same "
                    "members: configure it --with-mpi, or start one process, or one for each task "
                    "with --task K/N");
}

void lac_mpi_ranks_leave(lac_mpi_ranks *ranks)
{
    (void)ranks;
}

size_t lac_mpi_ranks_rank(const lac_mpi_ranks *ranks)
{
    (void)ranks;
    return 0;
}

size_t lac_mpi_ranks_size(const lac_mpi_ranks *ranks)
{
    (void)ranks;
    return 1;
}

size_t lac_mpi_ranks_processors(const lac_mpi_ranks *ranks)
{
    (void)ranks;
    return 1;
}

size_t lac_mpi_ranks_neighbours(const lac_mpi_ranks *ranks)
{
    (void)ranks;
    return 1;
}

lac_status lac_mpi_ranks_follow(const lac_mpi_ranks *ranks, lac_status status)
{
    (void)ranks;
    return status;
}

void lac_mpi_ranks_queue(lac_mpi_ranks *ranks, const size_t *member, size_t count,
                         lac_member_queue *queue)
{
    (void)ranks;
    (void)member;
    (void)count;
    (void)queue;
}
