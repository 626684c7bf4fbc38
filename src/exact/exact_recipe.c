/* Recipes: from a tree to steps, and their value at a site.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_recipe.h"

#include "base/memory.h"

#include <math.h>

static size_t nodes(const lac_expression *tree)
{
    size_t count = 1;
    for (size_t k = 0; k < tree->args; k++)
        count += nodes(tree->arg[k]);
    return count;
}

static bool is_frozen(const lac_expression *tree)
{
    if (tree->op == LAC_OP_SYMBOL)
        return lac_symbol_is_set(tree->symbol);
    for (size_t k = 0; k < tree->args; k++)
        if (!is_frozen(tree->arg[k]))
            return false;
    return true;
}

static void note_use(lac_recipe *recipe, const lac_expression *tree)
{
    if (tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_VARIABLE)
        recipe->uses[tree->symbol.index] = 1;
    if (tree->op == LAC_OP_SYMBOL &&
        (tree->symbol.kind == LAC_SYMBOL_TIME || tree->symbol.kind == LAC_SYMBOL_INPUT))
        recipe->on_time = true;
}

/* Arguments first; returns the places on the stack that are needed. */
static size_t append(lac_recipe *recipe, const lac_expression *tree, bool whole)
{
    size_t depth = 1;
    if (whole && tree->args > 0 && is_frozen(tree)) {
        recipe->part[recipe->parts++].at = recipe->steps;
        recipe->step[recipe->steps++] = (lac_recipe_step){.op = LAC_OP_NUMBER};
        return depth;
    }
    for (size_t k = 0; k < tree->args; k++) {
        size_t needed = k + append(recipe, tree->arg[k], whole);
        depth = needed > depth ? needed : depth;
    }
    recipe->step[recipe->steps++] =
        (lac_recipe_step){tree->op, (unsigned)tree->args, tree->symbol, tree->number};
    note_use(recipe, tree);
    return depth;
}

/* The parts in the order in which `append` has met them. */
static size_t append_parts(lac_recipe *recipe, const lac_expression *tree, size_t part,
                           size_t *depth)
{
    if (tree->args > 0 && is_frozen(tree)) {
        lac_recipe rest = {.step = recipe->step + recipe->steps, .uses = recipe->uses};
        size_t needed = append(&rest, tree, false);
        *depth = needed > *depth ? needed : *depth;
        recipe->part[part].step = rest.step;
        recipe->part[part].steps = rest.steps;
        recipe->steps += rest.steps;
        return part + 1;
    }
    for (size_t k = 0; k < tree->args; k++)
        part = append_parts(recipe, tree->arg[k], part, depth);
    return part;
}

lac_status lac_recipe_compile(const lac_model *model, const lac_expression *tree,
                              lac_recipe *recipe)
{
    lac_status status = LAC_OK;
    LAC_NEW(recipe->step, 2 * nodes(tree));
    LAC_NEW(recipe->part, nodes(tree));
    LAC_NEW(recipe->uses, model->variables);
    size_t depth = append(recipe, tree, true), steps = recipe->steps;
    append_parts(recipe, tree, 0, &depth);
    recipe->steps = steps;
    LAC_REQUIRE(depth <= LAC_RECIPE_DEPTH, LAC_LIMIT,
                "a law needs %zu places to be computed, more than %d", depth, LAC_RECIPE_DEPTH);
out:
    return status;
}

void lac_recipe_freeze(lac_recipe *recipe, const lac_sight *sight)
{
    for (size_t k = 0; k < recipe->parts; k++) {
        const lac_recipe_part *part = &recipe->part[k];
        const lac_recipe law = {.steps = part->steps, .step = part->step};
        recipe->step[part->at].number = lac_recipe_value(&law, sight, 0);
    }
}

void lac_recipe_free(lac_recipe *recipe)
{
    lac_free(recipe->step);
    lac_free(recipe->part);
    lac_free(recipe->uses);
    *recipe = (lac_recipe){0};
}

static double variable_at(const lac_sight *sight, size_t variable, size_t voxel)
{
    const bool field = variable < sight->layout.fields;
    const size_t at = lac_layout_at(&sight->layout, variable) + (field ? voxel : 0);
    double factor = sight->per_count[variable];
    if (sight->ones)
        return 1;
    if (factor > 0)
        return sight->count[at] * factor;
    double x = sight->trial ? sight->trial[variable] : sight->value[at];
    return sight->model->variable[variable].is_signed || x > 0 ? x : 0;
}

static double symbol_at(const lac_sight *sight, lac_symbol symbol, size_t voxel)
{
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
    case LAC_SYMBOL_INFUSION:
        return sight->parameter[symbol.index];
    case LAC_SYMBOL_VARIABLE:
        return variable_at(sight, symbol.index, voxel);
    case LAC_SYMBOL_INPUT:
        return sight->input[symbol.index];
    case LAC_SYMBOL_TIME:
        return sight->time;
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH:
        return sight->point ? sight->point[symbol.kind - LAC_SYMBOL_X]
                            : sight->position[symbol.kind - LAC_SYMBOL_X][voxel];
    case LAC_SYMBOL_REGION:
        return sight->region[symbol.index][sight->point ? sight->place : voxel];
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

double lac_recipe_value(const lac_recipe *recipe, const lac_sight *sight, size_t voxel)
{
    double stack[LAC_RECIPE_DEPTH + 1], *top = stack; /* the first place stays empty */
    for (const lac_recipe_step *s = recipe->step; s < recipe->step + recipe->steps; s++) {
        if (s->op == LAC_OP_NUMBER) {
            *++top = s->number;
        } else if (s->op == LAC_OP_SYMBOL) {
            *++top = symbol_at(sight, s->symbol, voxel);
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
    /* cppcheck-suppress uninitvar ; a recipe has at least one step */
    return *top;
}

double lac_recipe_at_ones(const lac_recipe *recipe, const lac_sight *sight)
{
    lac_sight ones = *sight;
    ones.ones = true;
    return lac_recipe_value(recipe, &ones, 0);
}
