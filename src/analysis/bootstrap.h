/* Bootstrap: how far chance may have moved a number that was computed from independent items
 * (percentile intervals: Efron & Tibshirani 1993, chapter 13).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_BOOTSTRAP_H
#define LAC_ANALYSIS_BOOTSTRAP_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct lac_confidence_interval {
    double value, low, high; /* low, high: percentile bootstrap */
} lac_confidence_interval;

typedef struct lac_bootstrap {
    size_t resamples;  /* 0 = no intervals (NaN) */
    double confidence; /* 0.95 */
    uint64_t seed;
} lac_bootstrap;

/* Statistics of the items (trajectories, samples) that chosen[items] lists, with repetitions. */
typedef void (*lac_estimator)(const void *data, const size_t *chosen, double *values);

typedef struct lac_resampled {
    lac_estimator statistics;
    const void *data;
    size_t items, count; /* items to draw from; values that `statistics` gives */
} lac_resampled;

/* interval[count]: the statistics of all items, each with its interval. Resamples in which a value
 * is NaN do not count for it. */
lac_status lac_bootstrap_estimate(const lac_resampled *whole, const lac_bootstrap *bootstrap,
                                  lac_confidence_interval *interval);

#endif
