/* The methods that a model can name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_METHODS_METHODS_H
#define LAC_METHODS_METHODS_H

#include "stepper/stepper.h"

/* The list of methods, NULL-terminated, and a search by name (NULL when unknown). */
extern const lac_stepper_type *const lac_stepper_list[];
const lac_stepper_type *lac_stepper_find(const char *name);

/* LAC_INPUT with a sentence when the method of a model is unknown, or advances one tissue and the
 * model has several. */
lac_status lac_stepper_check(const lac_model *model);

#endif
