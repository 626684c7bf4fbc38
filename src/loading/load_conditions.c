/* Conditions: the comparisons of laws and triggers that time, or inputs, can turn over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

/* What the comparisons of a tree belong to. */
typedef struct owner {
    const char *name;
    lac_place place;
    bool is_event;
} owner;

/* b may be NULL for 0. */
static lac_status add(lac_loader *loader, const owner *of, const lac_expression *tree,
                      const lac_expression *b)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_expression *a = tree->arg[0];
    unsigned sees = lac_tree_sees(model, a) | lac_tree_sees(model, b);
    if (!(sees & LAC_SEES_TIME))
        return LAC_OK;
    LAC_GROW(model->condition, model->conditions, loader->condition_capacity);
    model->condition[model->conditions++] =
        (lac_condition){.what = of->name,
                        .a = a,
                        .b = b,
                        .or_equal = tree->op == LAC_OP_LESS_EQUAL,
                        .is_kink = tree->op >= LAC_OP_MIN,
                        .of_event = of->is_event,
                        .of_time = sees == LAC_SEES_TIME,
                        .place = of->place};
out:
    return status;
}

static lac_status add_all(lac_loader *loader, const owner *of, const lac_expression *tree)
{
    lac_status status = LAC_OK;
    if (!tree || tree->op >= LAC_OP_MEAN)
        return LAC_OK;
    switch (tree->op) {
    case LAC_OP_LESS:
    case LAC_OP_LESS_EQUAL:
    case LAC_OP_EQUAL:
    case LAC_OP_NOT_EQUAL:
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        LAC_TRY(add(loader, of, tree, tree->arg[1]));
        break;
    case LAC_OP_ABS:
        LAC_TRY(add(loader, of, tree, NULL));
        break;
    default:
        break;
    }
    for (size_t arg = 0; arg < tree->args; arg++)
        LAC_TRY(add_all(loader, of, tree->arg[arg]));
out:
    return status;
}

lac_status lac_define_conditions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    for (size_t process = 0; process < model->processes; process++) {
        const lac_process *it = &model->process[process];
        LAC_TRY(add_all(loader, &(owner){it->id, it->place, false}, it->rate));
    }
    for (size_t field = 0; field < model->fields; field++) {
        const lac_variable *it = &model->variable[field];
        LAC_TRY(add_all(loader, &(owner){it->path, it->place, false}, it->diffusivity));
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *it = &model->boundary[boundary];
        const owner of = {model->variable[it->variable].path, it->place, false};
        LAC_TRY(add_all(loader, &of, it->value));
        LAC_TRY(add_all(loader, &of, it->partition));
        LAC_TRY(add_all(loader, &of, it->permeability));
    }
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        LAC_TRY(add_all(loader, &(owner){it->id, it->place, true}, it->when));
    }
out:
    return status;
}
