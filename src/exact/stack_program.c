/* Stack programs: from a tree to steps, and their value at a site.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/stack_program.h"

#include "base/memory.h"

#include <math.h>

static size_t nodes(const lac_expression *tree)
{
    size_t count = 1;
    for (size_t k = 0; k < tree->args; k++)
        count += nodes(tree->arg[k]);
    return count;
}

static bool is_constant(const lac_expression *tree)
{
    if (tree->op == LAC_OP_SYMBOL)
        return lac_symbol_is_set(tree->symbol);
    for (size_t k = 0; k < tree->args; k++)
        if (!is_constant(tree->arg[k]))
            return false;
    return true;
}

static void note_use(lac_stack_program *program, const lac_expression *tree)
{
    if (tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_VARIABLE)
        program->uses[tree->symbol.index] = 1;
    if (tree->op == LAC_OP_SYMBOL &&
        (tree->symbol.kind == LAC_SYMBOL_TIME || tree->symbol.kind == LAC_SYMBOL_INPUT))
        program->on_time = true;
}

/* Arguments first; returns the places on the stack that are needed. */
static size_t append(lac_stack_program *program, const lac_expression *tree, bool whole)
{
    size_t depth = 1;
    if (whole && tree->args > 0 && is_constant(tree)) {
        program->part[program->parts++].at = program->steps;
        program->step[program->steps++] = (lac_stack_operation){.op = LAC_OP_NUMBER};
        return depth;
    }
    for (size_t k = 0; k < tree->args; k++) {
        size_t needed = k + append(program, tree->arg[k], whole);
        depth = needed > depth ? needed : depth;
    }
    program->step[program->steps++] =
        (lac_stack_operation){tree->op, (unsigned)tree->args, tree->symbol, tree->number};
    note_use(program, tree);
    return depth;
}

/* The parts in the order in which `append` has met them. */
static size_t append_constants(lac_stack_program *program, const lac_expression *tree, size_t part,
                               size_t *depth)
{
    if (tree->args > 0 && is_constant(tree)) {
        lac_stack_program rest = {.step = program->step + program->steps, .uses = program->uses};
        size_t needed = append(&rest, tree, false);
        *depth = needed > *depth ? needed : *depth;
        program->part[part].step = rest.step;
        program->part[part].steps = rest.steps;
        program->steps += rest.steps;
        return part + 1;
    }
    for (size_t k = 0; k < tree->args; k++)
        part = append_constants(program, tree->arg[k], part, depth);
    return part;
}

lac_status lac_stack_program_compile(const lac_model *model, const lac_expression *tree,
                                     size_t tissue, lac_stack_program *program)
{
    lac_status status = LAC_OK;
    program->tissue = tissue;
    LAC_NEW(program->step, 2 * nodes(tree));
    LAC_NEW(program->part, nodes(tree));
    LAC_NEW(program->uses, model->variables);
    size_t depth = append(program, tree, true), steps = program->steps;
    append_constants(program, tree, 0, &depth);
    program->steps = steps;
    LAC_REQUIRE(depth <= LAC_STACK_DEPTH, LAC_LIMIT,
                "a law needs a stack of %zu values, more than %d", depth, LAC_STACK_DEPTH);
out:
    return status;
}

void lac_stack_program_fold(lac_stack_program *program, const lac_eval_context *context)
{
    for (size_t k = 0; k < program->parts; k++) {
        const lac_folded_constant *part = &program->part[k];
        const lac_stack_program law = {.steps = part->steps, .step = part->step};
        program->step[part->at].number = lac_stack_program_value(&law, context, 0);
    }
}

void lac_stack_program_free(lac_stack_program *program)
{
    lac_free(program->step);
    lac_free(program->part);
    lac_free(program->uses);
    *program = (lac_stack_program){0};
}

lac_eval_ground lac_eval_ground_of(const lac_grid *grid)
{
    return (lac_eval_ground){.position = {grid->position[0], grid->position[1], grid->position[2]},
                             .region = (const double *const *)grid->region,
                             .share = grid->share};
}

static double variable_at(const lac_eval_context *context, size_t variable,
                          const lac_eval_ground *ground, size_t voxel)
{
    const bool field = variable < context->layout.fields;
    const size_t at = lac_layout_at(&context->layout, variable) + (field ? voxel : 0);
    double factor = context->per_count[variable];
    if (context->ones)
        return 1;
    if (factor > 0 && field && ground->share)
        factor /= ground->share[voxel];
    if (factor > 0)
        return context->count[at] * factor;
    double x = context->trial ? context->trial[variable] : context->value[at];
    return context->model->variable[variable].is_signed || x > 0 ? x : 0;
}

static double symbol_at(const lac_eval_context *context, lac_symbol symbol, size_t tissue,
                        size_t voxel)
{
    const lac_eval_ground *ground = &context->ground[tissue];
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
    case LAC_SYMBOL_INFUSION:
        return context->parameter[symbol.index];
    case LAC_SYMBOL_VARIABLE:
        return variable_at(context, symbol.index, ground, voxel);
    case LAC_SYMBOL_INPUT:
        return context->input[symbol.index];
    case LAC_SYMBOL_TIME:
        return context->time;
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH:
        return context->point ? context->point[symbol.kind - LAC_SYMBOL_X]
                              : ground->position[symbol.kind - LAC_SYMBOL_X][voxel];
    case LAC_SYMBOL_REGION:
        return ground->region[symbol.index][context->point ? context->place : voxel];
    case LAC_SYMBOL_RANDOM: /* of initial values alone */
    case LAC_SYMBOL_REDUCED:
        break;
    }
    return NAN;
}

static double power_of(double x, double n)
{
    if (n == 1)
        return x;
    return n == 2 ? x * x : pow(x, n);
}

static double binary(lac_op op, double a, double b)
{
    return op == LAC_OP_POWER ? power_of(a, b) : lac_op_of_two(op, a, b);
}

double lac_stack_program_value(const lac_stack_program *program, const lac_eval_context *context,
                               size_t voxel)
{
    double stack[LAC_STACK_DEPTH + 1], *top = stack; /* the first place stays empty */
    for (const lac_stack_operation *s = program->step; s < program->step + program->steps; s++) {
        if (s->op == LAC_OP_NUMBER) {
            *++top = s->number;
        } else if (s->op == LAC_OP_SYMBOL) {
            *++top = symbol_at(context, s->symbol, program->tissue, voxel);
        } else if (s->op == LAC_OP_IF) {
            top -= 2;
            top[0] = top[0] != 0 ? top[1] : top[2];
        } else if (s->op == LAC_OP_HILL) {
            top -= 2;
            top[0] = lac_hill_value(top[0], top[1], top[2]);
        } else if (s->args == 1) {
            top[0] = lac_op_of_one(s->op, top[0]);
        } else {
            top--;
            top[0] = binary(s->op, top[0], top[1]);
        }
    }
    /* cppcheck-suppress uninitvar ; a program has at least one step */
    return *top;
}

double lac_stack_program_at_ones(const lac_stack_program *program, const lac_eval_context *context)
{
    lac_eval_context ones = *context;
    ones.ones = true;
    return lac_stack_program_value(program, &ones, 0);
}
