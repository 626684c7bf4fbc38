/* Intervals: bounds of what an operation gives while its arguments move within bounds (Moore 1966).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_INTERVAL_H
#define LAC_LANGUAGE_INTERVAL_H

#include "language/expression.h"

typedef struct lac_interval {
    double low, high;
} lac_interval;

/* Of an operation of the language that is no number, symbol or reduction; unused arguments are
 * ignored. Widened by 1e-12 of itself, far more than its rounding. */
lac_interval lac_op_interval(lac_op op, lac_interval a, lac_interval b, lac_interval c);

/* Can a truth (0, 1 or [0, 1]) be true, can it be false? */
bool lac_interval_may_hold(lac_interval truth);
bool lac_interval_may_fail(lac_interval truth);

/* Of a tree; `leaf` bounds symbols and reductions (whole trees). */
lac_interval lac_expression_interval(const lac_expression *tree,
                                     lac_interval (*leaf)(const void *context,
                                                          const lac_expression *tree),
                                     const void *context);

#endif
