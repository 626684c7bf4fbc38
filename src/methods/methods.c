/* The list of methods: one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "methods/methods.h"

#include "exact/exact.h"
#include "hybrid/hybrid.h"
#include "mean_field/mean_field.h"

#include <string.h>

const lac_stepper_type *const lac_stepper_list[] = {&lac_mean_field, &lac_exact_method,
                                                    &lac_hybrid_method, NULL};

const lac_stepper_type *lac_stepper_find(const char *name)
{
    for (size_t i = 0; lac_stepper_list[i]; i++)
        if (strcmp(lac_stepper_list[i]->name, name) == 0)
            return lac_stepper_list[i];
    return NULL;
}
