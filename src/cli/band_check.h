/* Band checks: what the bands of a result say about its observables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_BAND_CHECK_H
#define LAC_CLI_BAND_CHECK_H

#include "base/text.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum lac_band_result { LAC_INSIDE, LAC_OUTSIDE, LAC_NOT_REACHED } lac_band_result;

/* A curve that was recorded at rising times, straight between them. */
typedef struct lac_record {
    size_t count;
    const double *time, *value;
} lac_record;

typedef struct lac_band_limits {
    double from, until; /* in the unit of the record's times */
    double low, high;   /* -+infinity = open */
    bool change;        /* of the change since the first value */
} lac_band_limits;

/* One band of a result; all borrowed. */
typedef struct lac_band_check_row {
    const char *band, *observable, *kind, *against, *note; /* the last two may be "" */
    lac_band_limits limits;                                /* times in h */
    lac_band_result result;                                /* of no meaning with `against` */
    double least, greatest; /* met in the span; NaN when there is none */
} lac_band_check_row;
typedef void (*lac_band_check_call)(void *context, const lac_band_check_row *row);

/* Calls for each band of a result; not at all when it has none. */
lac_status lac_band_check_each(lac_store *store, lac_band_check_call call, void *context);

/* The bands of a result, a line each; nothing when it has none. */
lac_status lac_band_check_print(lac_store *store, lac_text *text);
/* How many are met, and the lines of those that are not. */
lac_status lac_band_check_brief(lac_store *store, lac_text *text);

#endif
