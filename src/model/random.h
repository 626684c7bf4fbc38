/* Random starts: does a run of a model draw its initial values?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_RANDOM_H
#define LAC_MODEL_RANDOM_H

#include "language/diagnostics.h"
#include "model/model.h"

/* The words of the text, in the order of lac_counting and lac_covariance. */
extern const char *const lac_counting_word[];
extern const char *const lac_covariance_word[];

/* Does the tree look at a random field (LAC_NONE: at any)? */
bool lac_tree_is_random(const lac_expression *tree, size_t field);

/* The first variable whose initial value is drawn, or LAC_NONE; none is when a run begins with the
 * state of another. */
size_t lac_model_random_start(const lac_model *model);

/* Reports a random start without a seed where it is written: an error in `list`. */
void lac_model_seed_check(const lac_model *model, lac_diagnostics *list);
/* The same as a failure: LAC_INPUT with the place. */
lac_status lac_model_require_seed(const lac_model *model);

#endif
