/* Bounds of a recipe by interval arithmetic (language/interval.h).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_recipe.h"

#include <math.h>

static lac_span point(double x)
{
    return (lac_span){x, x};
}

static lac_span symbol_span(const lac_sight *sight, lac_symbol symbol, size_t voxel)
{
    if (symbol.kind == LAC_SYMBOL_INPUT)
        return sight->inputs[symbol.index];
    if (symbol.kind == LAC_SYMBOL_TIME)
        return sight->times;
    if (symbol.kind == LAC_SYMBOL_VARIABLE) {
        size_t variable = symbol.index, fields = sight->layout.fields;
        bool field = variable < fields;
        size_t at = lac_layout_at(&sight->layout, variable) + (field ? voxel : 0);
        if (sight->per_count[variable] == 0) {
            lac_span span = sight->state[at];
            if (!sight->model->variable[variable].is_signed)
                span = (lac_span){fmax(span.low, 0), fmax(span.high, 0)};
            return span;
        }
        if (!field && sight->pool)
            return sight->pool[variable - fields];
    }
    lac_recipe_step one = {.op = LAC_OP_SYMBOL, .symbol = symbol};
    return point(lac_recipe_value(&(lac_recipe){.steps = 1, .step = &one}, sight, voxel));
}

lac_span lac_recipe_span(const lac_recipe *recipe, const lac_sight *sight, size_t voxel)
{
    lac_span stack[LAC_RECIPE_DEPTH + 1], *top = stack; /* the first place stays empty */
    for (const lac_recipe_step *s = recipe->step; s < recipe->step + recipe->steps; s++) {
        if (s->op == LAC_OP_NUMBER) {
            *++top = point(s->number);
        } else if (s->op == LAC_OP_SYMBOL) {
            *++top = symbol_span(sight, s->symbol, voxel);
        } else {
            top -= s->args - 1;
            top[0] = lac_op_interval(s->op, top[0], top[s->args > 1], top[s->args > 2 ? 2 : 0]);
        }
    }
    /* cppcheck-suppress uninitvar ; a recipe has at least one step */
    return *top;
}
