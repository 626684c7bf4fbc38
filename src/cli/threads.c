/* Threads: a number for the size of the model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/threads.h"

#include "base/vector.h"

#include <stdlib.h>

/* With fewer unknowns than this, waiting for one another costs threads more than they save. */
static const double UNKNOWNS_PER_THREAD = 10000;

int lac_threads_useful(double unknowns)
{
    return unknowns < 4096 * UNKNOWNS_PER_THREAD ? 1 + (int)(unknowns / UNKNOWNS_PER_THREAD) : 4096;
}

void lac_threads_choose(const lac_arguments *arguments, double unknowns)
{
    if (arguments->threads > 0) {
        lac_threads_set((int)arguments->threads);
    } else if (!getenv("OMP_NUM_THREADS")) {
        lac_threads_set(0);
        if (lac_threads() > lac_threads_useful(unknowns))
            lac_threads_set(lac_threads_useful(unknowns));
    }
}
