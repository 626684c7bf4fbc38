/* Statistics of many runs: mean, deviations and what part of them is chance, from samples that come
 * one after the other and are not held; quantiles of samples that are.
 *
 * Samples are vectors (a curve: one value for each time) and come in groups (a point: its
 * replicates). NaN means that a sample has no value there: it is not counted. The results depend
 * on the order of the samples in their last bits only, and not at all when the order is kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_STATISTICS_H
#define LAC_ANALYSIS_STATISTICS_H

#include "base/status.h"

#include <stddef.h>

typedef struct lac_running lac_running;

lac_status lac_running_create(size_t length, lac_running **running);
void lac_running_free(lac_running *running);
/* Longer vectors from now on; what came before has no values there. */
lac_status lac_running_grow(lac_running *running, size_t length);
/* One more sample of the open group; values beyond `length` count as missing. */
void lac_running_add(lac_running *running, const double *values, size_t length);
/* The group ends; what is added next belongs to another. */
void lac_running_next(lac_running *running);
/* As if fresh. */
void lac_running_clear(lac_running *running);
size_t lac_running_length(const lac_running *running);

/* What is known at place `at`; the open group counts. Variances are estimates for the population
 * (divided by n - 1). */
typedef struct lac_statistics {
    double count;      /* of samples */
    double mean;       /* of all samples; NaN without any, as the rest */
    double sd;         /* of all samples; NaN below 2 */
    double chance;     /* sd within groups; NaN unless some group has 2 samples */
    double parameters; /* sd between groups, without what chance does to their means; NaN unless
                          there are 2 groups and `chance` is known */
} lac_statistics;
lac_statistics lac_running_tell(const lac_running *running, size_t at);

/* One more sample, the n-th (from 1), into means and sums of squared deviations (Welford); NaN
 * stays NaN. For large vectors that are always whole. */
void lac_welford_add(double *mean, double *square, double n, const double *values, size_t count);

/* Sorts a sample, none of which is NaN. */
void lac_sort(double *values, size_t count);

/* The quantile of a sorted sample, linear between its values: definition 7 of Hyndman & Fan, Am.
 * Stat. 50, 361 (1996); NaN for an empty one. */
double lac_quantile(const double *sorted, size_t count, double fraction);

#endif
