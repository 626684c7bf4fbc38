/* The last account of bias in a result (group /bias).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_BIAS_SUMMARY_H
#define LAC_CLI_BIAS_SUMMARY_H

#include "store/store.h"

typedef struct lac_bias_summary {
    size_t rows;
    char *row_names;        /* owned: texts of `row` */
    const char **row;       /* owned: "VARIABLE", "VARIABLE in REGION" */
    double *bias, *content; /* owned [rows] */
    double *resolution;     /* owned [rows], or NULL in an older file */
    size_t bounds;
    char *bound_names;  /* owned: texts of `bound` */
    const char **bound; /* owned */
    double *steps;      /* owned [bounds] */
} lac_bias_summary;

/* Nothing of a file without the group. Zero-initialise; free also after a failure. */
lac_status lac_bias_summary_read(lac_store *store, lac_bias_summary *bias);
void lac_bias_summary_free(lac_bias_summary *bias);

#endif
