/* Breaks: the times at which laws jump or kink, where no step may pass.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdlib.h>

static lac_status add_break(lac_loader *loader, double time)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    if (!(time > 0 && time < model->settings.until))
        return LAC_OK;
    LAC_GROW(model->break_time, model->breaks, loader->break_capacity);
    model->break_time[model->breaks++] = time;
out:
    return status;
}

/* --- where a difference of two trees changes sign
 * ------------------------------------------------------ */

typedef struct moment {
    const lac_model *model;
    double time;
} moment;

static double value_at(const void *context, lac_symbol symbol)
{
    const moment *now = context;
    if (symbol.kind == LAC_SYMBOL_TIME)
        return now->time;
    return symbol.kind == LAC_SYMBOL_PARAMETER ? now->model->parameter[symbol.index].value : 0;
}

static bool has_input(const lac_expression *tree)
{
    bool has = tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_INPUT;
    for (size_t arg = 0; arg < tree->args && !has; arg++)
        has = has_input(tree->arg[arg]);
    return has;
}

static bool is_time(const lac_expression *tree)
{
    return tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_TIME;
}

static double difference(const lac_model *model, const lac_expression *a, const lac_expression *b,
                         double time)
{
    moment now = {model, time};
    double value = lac_expression_value(a, value_at, &now);
    return b ? value - lac_expression_value(b, value_at, &now) : value;
}

/* b may be NULL for 0. t against a constant is exact; what is linear in t is solved. */
static lac_status add_crossing(lac_loader *loader, const lac_expression *a, const lac_expression *b)
{
    const lac_model *model = loader->model;
    double end = model->settings.until;
    unsigned sees = lac_tree_sees(model, a) | lac_tree_sees(model, b);
    if (sees != LAC_SEES_TIME || has_input(a) || (b && has_input(b)))
        return LAC_OK;
    if (b && is_time(a) && !lac_tree_sees(model, b))
        return add_break(loader, difference(model, b, NULL, 0));
    if (b && is_time(b) && !lac_tree_sees(model, a))
        return add_break(loader, difference(model, a, NULL, 0));
    double first = difference(model, a, b, 0);
    double middle = difference(model, a, b, end / 2);
    double last = difference(model, a, b, end);
    bool linear =
        fabs(middle - (first + last) / 2) <= 1e-9 * (fabs(first) + fabs(last)) && first != last;
    return linear ? add_break(loader, end * first / (first - last)) : LAC_OK;
}

static lac_status add_crossings(lac_loader *loader, const lac_expression *tree)
{
    lac_status status = LAC_OK;
    if (!tree)
        return LAC_OK;
    switch (tree->op) {
    case LAC_OP_LESS:
    case LAC_OP_LESS_EQUAL:
    case LAC_OP_EQUAL:
    case LAC_OP_NOT_EQUAL:
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        LAC_TRY(add_crossing(loader, tree->arg[0], tree->arg[1]));
        break;
    case LAC_OP_ABS:
        LAC_TRY(add_crossing(loader, tree->arg[0], NULL));
        break;
    default:
        break;
    }
    for (size_t arg = 0; arg < tree->args; arg++)
        LAC_TRY(add_crossings(loader, tree->arg[arg]));
out:
    return status;
}

static int by_time(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static void sort_unique(lac_model *model)
{
    size_t kept = 0;
    if (model->breaks == 0)
        return;
    qsort(model->break_time, model->breaks, sizeof *model->break_time, by_time);
    for (size_t each = 0; each < model->breaks; each++) {
        if (kept == 0 || model->break_time[each] > model->break_time[kept - 1])
            model->break_time[kept++] = model->break_time[each];
    }
    model->breaks = kept;
}

lac_status lac_define_breaks(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    for (size_t input = 0; input < model->inputs; input++) {
        for (size_t knot = 0; knot < model->input[input].knots; knot++)
            LAC_TRY(add_break(loader, model->input[input].time[knot]));
    }
    for (size_t process = 0; process < model->processes; process++)
        LAC_TRY(add_crossings(loader, model->process[process].rate));
    for (size_t field = 0; field < model->fields; field++)
        LAC_TRY(add_crossings(loader, model->variable[field].diffusivity));
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        LAC_TRY(add_crossings(loader, model->boundary[boundary].value));
        LAC_TRY(add_crossings(loader, model->boundary[boundary].partition));
        LAC_TRY(add_crossings(loader, model->boundary[boundary].permeability));
    }
    sort_unique(loader->model);
out:
    return status;
}
