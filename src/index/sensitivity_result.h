/* Sensitivity results: what an index tells of one endpoint, by the method that fits its design.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_SENSITIVITY_RESULT_H
#define LAC_INDEX_SENSITIVITY_RESULT_H

#include "analysis/sensitivity.h"
#include "index/index_reader.h"

enum { LAC_COLUMNS_MOST = 3 };

/* Numbers of one endpoint in one arm; zero-initialise, free with lac_sensitivity_result_free. */
typedef struct lac_sensitivity_result {
    lac_confidence_interval
        *cell[LAC_COLUMNS_MOST]; /* owned [factors]; low = NaN: without an interval */
    size_t *order;               /* owned [factors]: the most influential first */
    size_t used;                 /* trajectories, samples or rows that are whole */
    double mean, sd;             /* of the outcome */
    lac_outcome outcome;         /* owned */
} lac_sensitivity_result;

typedef struct lac_sensitivity_method {
    size_t columns, key;                 /* the column that orders factors */
    const char *title[LAC_COLUMNS_MOST]; /* for people */
    const char *word[LAC_COLUMNS_MOST];  /* for programs */
    const char *items;                   /* what is counted in `used` */
    const char *reading;                 /* how to read the columns */
    lac_status (*analyse)(const lac_index_reader *reader, const lac_bootstrap *bootstrap,
                          lac_sensitivity_result *result);
} lac_sensitivity_method;

/* SALTELLI: Sobol indices; MORRIS: elementary effects; others: partial rank correlations. */
const lac_sensitivity_method *lac_sensitivity_method_of(lac_design_kind design);

lac_status lac_sensitivity_result_make(const lac_index_reader *reader, size_t endpoint, size_t arm,
                                       const lac_bootstrap *bootstrap,
                                       lac_sensitivity_result *result);
void lac_sensitivity_result_free(lac_sensitivity_result *result);

#endif
