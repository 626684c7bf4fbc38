/* Checks of the random streams themselves: continuous laws, by Kolmogorov and Smirnov.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <math.h>
#include <stdlib.h>

static double unit(lac_stream *stream)
{
    return lac_stream_unit(stream);
}

static double exponential(lac_stream *stream)
{
    return -expm1(-lac_stream_exponential(stream));
}

/* One number of each of many streams, and many of one. */
static void check_stream(check_run *run)
{
    double (*draw)(lac_stream *) = run->number ? exponential : unit;
    double *u = malloc(run->replicates * sizeof *u);
    if (!u)
        abort();
    lac_stream stream;
    for (size_t r = 0; r < run->replicates; r++) {
        lac_stream_open(&stream, lac_random_key_of(run->engine.seed, r, LAC_FOR_EVENTS), 0);
        u[r] = draw(&stream);
    }
    judge_uniform(run, u, run->replicates, "first of each replicate");
    for (size_t r = 0; r < run->replicates; r++)
        u[r] = draw(&stream);
    judge_uniform(run, u, run->replicates, "along a stream");
    free(u);
}

const check stream_checks[] = {{"stream_unit", check_stream, 0, 100000, 20000, true},
                               {"stream_exponential", check_stream, 1, 100000, 20000, true},
                               {0}};
