/* Loops whose rounds may be shared by threads.
 *
 * A parallel region of libgomp makes a team and ends it, with memory and a call to the kernel, even
 * for one thread: in a column of 24 voxels that took a fifth of the time. Where there is one
 * thread, or little to do, the loop is a plain one; but within a parallel region of the caller
 * there is one, so that omp_get_thread_num() is the thread of this loop and not of the caller's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_PARALLEL_H
#define LAC_BASE_PARALLEL_H

#include "base/vector.h"

#include <omp.h>

/* How many threads share work that is worth more than one only when it is `much`. */
#define LAC_TEAM(much) ((much) ? lac_threads() : 1)

#define LAC_PRAGMA_(words) _Pragma(#words)

/* `call` for round = 0 .. rounds - 1, by `team` threads, an equal stretch each. */
#define LAC_FOR_EACH(round, rounds, team, call)                                                    \
    do {                                                                                           \
        const int lac_told_ = (team), lac_team_ = lac_told_ > 1 ? lac_told_ : 1;                   \
        if (lac_team_ > 1 || omp_in_parallel()) {                                                  \
            LAC_PRAGMA_(omp parallel for schedule(static) num_threads(lac_team_))                  \
            for (size_t round = 0; round < (rounds); round++)                                      \
                call;                                                                              \
        } else {                                                                                   \
            for (size_t round = 0; round < (rounds); round++)                                      \
                call;                                                                              \
        }                                                                                          \
    } while (0)

#endif
