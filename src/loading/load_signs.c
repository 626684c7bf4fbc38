/* Signs: rates, diffusivities, partitions, permeabilities and values that are negative, or no
 * number, whatever happens, by interval arithmetic over all that a run may meet. What is so only
 * for some states is met by the run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"
#include "model/interval.h"

#include <math.h>
#include <stdio.h>

static bool by_region(const lac_expression *tree)
{
    return tree->op == LAC_OP_IF && tree->arg[0]->op == LAC_OP_SYMBOL &&
           tree->arg[0]->symbol.kind == LAC_SYMBOL_REGION;
}

/* Is the argument always where the operation has no value? */
static bool is_undefined(const lac_model *model, const lac_expression *tree)
{
    lac_interval power, all;
    switch (tree->op) {
    case LAC_OP_LOG:
    case LAC_OP_LOG10:
    case LAC_OP_SQRT:
        return lac_expression_interval(tree->arg[0], lac_interval_of_symbol, model).high < 0;
    case LAC_OP_POWER:
        power = lac_expression_interval(tree->arg[1], lac_interval_of_symbol, model);
        all = lac_expression_interval(tree->arg[0], lac_interval_of_symbol, model);
        return all.high < 0 && power.low == power.high && power.low != floor(power.low);
    default:
        return false;
    }
}

/* Is the value of a tree surely no number where that of this argument is none? Not that of a truth,
 * nor of min() and max(), nor of a branch that may not be taken. */
static bool is_used(const lac_model *model, const lac_expression *tree, size_t arg)
{
    if (tree->op == LAC_OP_NOT || (tree->op >= LAC_OP_LESS && tree->op <= LAC_OP_OR) ||
        tree->op == LAC_OP_MIN || tree->op == LAC_OP_MAX || tree->op >= LAC_OP_MEAN)
        return false;
    if (tree->op != LAC_OP_IF || by_region(tree))
        return tree->op != LAC_OP_IF || arg > 0;
    lac_interval truth = lac_expression_interval(tree->arg[0], lac_interval_of_symbol, model);
    return arg == 1 ? !lac_interval_may_fail(truth) : arg == 2 && !lac_interval_may_hold(truth);
}

/* The innermost part that is no number whatever happens, such as log(-1). NULL without one. */
static const lac_expression *undefined_part(const lac_model *model, const lac_expression *tree)
{
    const lac_expression *part = NULL;
    for (size_t arg = 0; arg < tree->args && !part; arg++)
        if (is_used(model, tree, arg))
            part = undefined_part(model, tree->arg[arg]);
    return part ? part : is_undefined(model, tree) ? tree : NULL;
}

/* The part of a tree that is nowhere above 0 and somewhere below: of one that differs by region, a
 * branch. NULL without one. */
static const lac_expression *negative_part(const lac_model *model, const lac_expression *tree)
{
    if (by_region(tree)) {
        const lac_expression *part = negative_part(model, tree->arg[1]);
        return part ? part : negative_part(model, tree->arg[2]);
    }
    lac_interval all = lac_expression_interval(tree, lac_interval_of_symbol, model);
    return all.low < 0 && all.high <= 0 ? tree : NULL;
}

typedef struct search {
    const lac_model *model;
    const lac_parameter *found;
} search;

static void look_for_negative(const lac_expression *node, void *context)
{
    search *it = context;
    if (node->op != LAC_OP_SYMBOL || node->symbol.kind != LAC_SYMBOL_PARAMETER || it->found)
        return;
    const lac_parameter *parameter = &it->model->parameter[node->symbol.index];
    if (parameter->value < 0)
        it->found = parameter;
}

void lac_report_negative(lac_loader *loader, const lac_expression *tree, lac_place place,
                         const char *what)
{
    search it = {loader->model, NULL};
    lac_expression_walk(tree, look_for_negative, &it);
    if (!it.found)
        lac_report(loader->list, LAC_ERROR, place, "%s is negative", what);
    else
        lac_report(loader->list, LAC_ERROR, it.found->value_place,
                   "'%s' is %.6g%s%s, so that %s is negative", it.found->id,
                   it.found->value * it.found->display.factor, *it.found->display.unit ? " " : "",
                   it.found->display.unit, what);
}

/* Reports what is no number; false then. */
static bool check_defined(lac_loader *loader, const lac_expression *tree, const char *whole)
{
    lac_text words = {0};
    const lac_expression *part = undefined_part(loader->model, tree);
    if (!part)
        return true;
    lac_expression_write(part, lac_model_symbol_name, loader->model, &words);
    lac_report(loader->list, LAC_ERROR, part->place, "%s is not a number, nor is %s then",
               lac_text_of(&words), whole);
    lac_text_free(&words);
    return false;
}

/* `tree` may be NULL. */
static void check(lac_loader *loader, const lac_expression *tree, const char *what,
                  const char *name)
{
    char whole[256];
    const lac_expression *part = tree ? negative_part(loader->model, tree) : NULL;
    snprintf(whole, sizeof whole, "%s %.200s", what, name);
    if (tree && check_defined(loader, tree, whole) && part)
        lac_report_negative(loader, part, part->place, whole);
}

/* Signs of what depends on place and parameters alone were checked where it was read. */
static void check_varying(lac_loader *loader, const lac_expression *tree, const char *what,
                          const char *name)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s %.200s", what, name);
    if (tree &&
        (lac_tree_sees(loader->model, tree) & ~(unsigned)(LAC_SEES_POSITION | LAC_SEES_RANDOM)))
        check(loader, tree, what, name);
    else if (tree)
        check_defined(loader, tree, whole);
}

static void check_boundaries(lac_loader *loader)
{
    char what[80];
    const lac_model *model = loader->model;
    for (size_t each = 0; each < model->boundaries; each++) {
        const lac_boundary *it = &model->boundary[each];
        const lac_variable *variable = &model->variable[it->variable];
        check(loader, it->partition, "the partition of", variable->path);
        check_varying(loader, it->permeability, "the permeability for", variable->path);
        snprintf(what, sizeof what, "the boundary %.40s of", it->type->word);
        if (it->type->holds && !variable->is_signed)
            check(loader, it->value, what, variable->path);
    }
}

static void check_events(lac_loader *loader)
{
    const lac_model *model = loader->model;
    for (size_t event = 0; event < model->events; event++) {
        for (size_t each = 0; each < model->event[event].actions; each++) {
            const lac_action *action = &model->event[event].action[each];
            if (action->on_parameter || action->kind == LAC_ACTION_ADD ||
                model->variable[action->target].is_signed)
                continue;
            check(loader, action->value,
                  action->kind == LAC_ACTION_SET ? "what is to set" : "what is to scale",
                  model->variable[action->target].path);
        }
    }
}

lac_status lac_define_signs(lac_loader *loader)
{
    const lac_model *model = loader->model;
    for (size_t each = 0; each < model->processes; each++) {
        char name[160];
        snprintf(name, sizeof name, "'%.150s'", model->process[each].id);
        if (!model->process[each].from_rate_equation)
            check(loader, model->process[each].rate, "the rate of", name);
    }
    for (size_t each = 0; each < model->variables; each++)
        check_varying(loader, model->variable[each].initial, "the initial value of",
                      model->variable[each].path);
    for (size_t field = 0; field < model->fields; field++)
        check_varying(loader, model->variable[field].diffusivity, "the diffusivity of",
                      model->variable[field].path);
    check_boundaries(loader);
    check_events(loader);
    return LAC_OK;
}
