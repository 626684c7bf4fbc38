/* Intervals of what laws look at, between two times or in a whole run (language/interval.h has the
 * arithmetic). They hold for any expression, and are loose where a quantity stands in it more than
 * once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_INTERVAL_H
#define LAC_MODEL_INTERVAL_H

#include "language/interval.h"
#include "model/model.h"

/* An input between two times; knots at their ends belong to neither side. */
lac_interval lac_interval_of_input(const lac_input *input, lac_interval time);

/* A tree of time, inputs and parameters, between two times; anything else is unbounded. */
typedef struct lac_interval_scene {
    const lac_model *model;  /* borrowed */
    const double *parameter; /* borrowed: the values now */
    lac_interval time;       /* [s] */
} lac_interval_scene;
lac_interval lac_interval_of_tree(const lac_interval_scene *scene, const lac_expression *tree);

/* All that a symbol of the model may be in a run, as a leaf of lac_expression_interval; `model` is
 * a const lac_model *. */
lac_interval lac_interval_of_symbol(const void *model, const lac_expression *tree);

#endif
