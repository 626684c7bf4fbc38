/* Intervals: bounds of what an expression gives while its parts move within bounds (Moore 1966).
 * They hold for any expression, and are loose where a quantity stands in it more than once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_INTERVAL_H
#define LAC_MODEL_INTERVAL_H

#include "model/model.h"

typedef struct lac_interval {
    double low, high;
} lac_interval;

/* Operations on one, two or three intervals. Truths are 0, 1 or [0, 1]. */
lac_interval lac_interval_of_one(lac_op op, lac_interval a);
lac_interval lac_interval_of_two(lac_op op, lac_interval a, lac_interval b);
lac_interval lac_interval_of_three(lac_op op, lac_interval a, lac_interval b, lac_interval c);

/* Can a truth be true, can it be false? */
bool lac_interval_may_hold(lac_interval truth);
bool lac_interval_may_fail(lac_interval truth);

/* An input between two times; knots at their ends belong to neither side. */
lac_interval lac_interval_of_input(const lac_input *input, lac_interval time);

/* A tree of time, inputs and parameters, between two times; anything else is unbounded. */
typedef struct lac_interval_scene {
    const lac_model *model;  /* borrowed */
    const double *parameter; /* borrowed: the values now */
    lac_interval time;       /* [s] */
} lac_interval_scene;
lac_interval lac_interval_of_tree(const lac_interval_scene *scene, const lac_expression *tree);

#endif
