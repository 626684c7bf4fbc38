/* Degrees of laws: what a propensity, and a mean over time, can be made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_DEGREE_H
#define LAC_MODEL_DEGREE_H

#include "model/representation.h"

enum { LAC_NO_DEGREE = -1, LAC_DEGREE_MOST = 8 };

/* The power m when the tree is c * x^m, c without the variable x; else LAC_NO_DEGREE. */
int lac_degree_in(const lac_expression *tree, size_t variable);

/* In all discrete variables that diffuse together: 0 without any, 1 when the tree is linear in them
 * (plus what is without them), else 2. */
int lac_degree_in_moving(const lac_model *model, const lac_expression *tree);

#endif
