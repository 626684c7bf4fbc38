/* A comparison: an endpoint in one arm of an index by itself, and beside another arm member by
 * member.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_COMPARISON_H
#define LAC_INDEX_COMPARISON_H

#include "analysis/statistics.h"
#include "index/index_reader.h"

/* The 5th, 50th and 95th percentile; NaN without a sample. */
typedef struct lac_distribution_of {
    double low, middle, high;
} lac_distribution_of;

typedef struct lac_comparison {
    lac_statistics own; /* groups are the points of the arm */
    lac_distribution_of value;
    size_t pairs; /* members that are done here and whose partner, of the same row and replicate, is
                     done in the other arm */
    lac_distribution_of difference; /* own minus the partner's */
    double below; /* share of the pairs whose difference is below zero; NaN without */
} lac_comparison;

/* `number` as lac_index_reader_numbers gave it; members that are not done do not count. With
 * `against` the arm itself there are no pairs. */
lac_status lac_compare(const lac_index_reader *reader, const double *number, size_t arm,
                       size_t against, lac_comparison *comparison);

#endif
