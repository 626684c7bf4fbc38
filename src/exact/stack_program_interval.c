/* Bounds of a program by interval arithmetic (language/interval.h).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/stack_program.h"

#include <math.h>

static lac_interval point(double x)
{
    return (lac_interval){x, x};
}

static lac_interval symbol_interval(const lac_eval_context *context, lac_symbol symbol,
                                    size_t tissue, size_t voxel)
{
    if (symbol.kind == LAC_SYMBOL_INPUT)
        return context->inputs[symbol.index];
    if (symbol.kind == LAC_SYMBOL_TIME)
        return context->times;
    if (symbol.kind == LAC_SYMBOL_VARIABLE) {
        size_t variable = symbol.index, fields = context->layout.fields;
        bool field = variable < fields;
        size_t at = lac_layout_at(&context->layout, variable) + (field ? voxel : 0);
        if (context->per_count[variable] == 0) {
            lac_interval interval = context->state[at];
            if (!context->model->variable[variable].is_signed)
                interval = (lac_interval){fmax(interval.low, 0), fmax(interval.high, 0)};
            return interval;
        }
        if (!field && context->pool)
            return context->pool[variable - fields];
    }
    lac_stack_operation one = {.op = LAC_OP_SYMBOL, .symbol = symbol};
    const lac_stack_program law = {.steps = 1, .step = &one, .tissue = tissue};
    return point(lac_stack_program_value(&law, context, voxel));
}

lac_interval lac_stack_program_interval(const lac_stack_program *program,
                                        const lac_eval_context *context, size_t voxel)
{
    lac_interval stack[LAC_STACK_DEPTH + 1], *top = stack; /* the first place stays empty */
    for (const lac_stack_operation *s = program->step; s < program->step + program->steps; s++) {
        if (s->op == LAC_OP_NUMBER) {
            *++top = point(s->number);
        } else if (s->op == LAC_OP_SYMBOL) {
            *++top = symbol_interval(context, s->symbol, program->tissue, voxel);
        } else {
            top -= s->args - 1;
            top[0] = lac_op_interval(s->op, top[0], top[s->args > 1], top[s->args > 2 ? 2 : 0]);
        }
    }
    /* cppcheck-suppress uninitvar ; a program has at least one step */
    return *top;
}
