/* The list of methods: one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "methods/methods.h"

#include <string.h>

/* clang-format off */
#define METHODS(X) \
    X(lac_mean_field) \
    X(lac_exact_method) \
    X(lac_hybrid_method)
/* clang-format on */
#define DECLARATION(name) extern const lac_stepper_type name;
#define ROW(name) &name,
METHODS(DECLARATION)
const lac_stepper_type *const lac_stepper_list[] = {METHODS(ROW) NULL};

const lac_stepper_type *lac_stepper_find(const char *name)
{
    for (size_t i = 0; lac_stepper_list[i]; i++)
        if (strcmp(lac_stepper_list[i]->name, name) == 0)
            return lac_stepper_list[i];
    return NULL;
}

lac_status lac_stepper_check(const lac_model *model)
{
    lac_status status = LAC_OK;
    const char *name = model->settings.method;
    const lac_stepper_type *type = lac_stepper_find(name);
    LAC_REQUIRE(type, LAC_INPUT, "unknown method '%s'", name);
    LAC_REQUIRE(model->tissues < 2 || type->several_tissues, LAC_INPUT,
                "the method '%s' advances one tissue, and this model has %zu: write run: {method: "
                "%s}",
                name, model->tissues, lac_stepper_list[0]->name);
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        LAC_REQUIRE(!model->tissue[tissue].bound || type->uneven_layers, LAC_INPUT,
                    "the method '%s' needs layers of one thickness: write run: {method: %s}", name,
                    lac_stepper_list[0]->name);
out:
    return status;
}
