/* Reductions: mean(), total() and their like, taken out of expressions, so that what stays is
 * arithmetic.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_REDUCTION_H
#define LAC_OBSERVE_REDUCTION_H

#include "observe/observer.h"

/* One reduction of an expression without reductions: nested ones have become symbols of the kind
 * LAC_SYMBOL_REDUCED, whose indices are smaller. */
typedef struct lac_reduction {
    lac_op op;
    size_t tissue;         /* whose voxels it is over */
    size_t region;         /* LAC_NONE = whole tissue */
    double point[3];       /* as in the expression */
    lac_expression *inner; /* owned */
    size_t stage;          /* 0, or one more than the latest stage that it looks at */
} lac_reduction;

typedef struct lac_reductions {
    const lac_model *model; /* borrowed */
    size_t count, capacity;
    lac_reduction *item; /* owned */
} lac_reductions;

/* Replaces every reduction in `tree` by a symbol and adds it to the list, once if it is there
 * already. */
lac_status lac_reductions_extract(lac_reductions *list, lac_expression *tree);
void lac_reductions_free(lac_reductions *list);

#endif
