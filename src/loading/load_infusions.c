/* Infusions: events that add over a while become processes of constant rate. The rate is a number
 * that stands behind the parameters and is 0 unless an infusion runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/process.h"

#include <stdio.h>

static bool check(lac_loader *loader, const lac_event *event, const lac_action *action)
{
    const char *why = NULL;
    if (action->kind != LAC_ACTION_ADD || action->on_parameter)
        why = "only adds to species";
    else if (lac_tree_sees(loader->model, action->value) & (LAC_SEES_POSITION | LAC_SEES_FIELDS))
        why = "adds the same in every voxel";
    if (why)
        lac_report(loader->list, LAC_ERROR, event->place, "with 'over' an event %s", why);
    return !why;
}

/* [a rate of the process]: per volume in the tissue; of the whole domain among pools. */
static lac_status add(lac_loader *loader, const lac_event *event, const lac_action *action)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_variable *variable = &model->variable[action->target];
    bool in_tissue = action->target < model->fields;
    bool is_state = model->species[variable->species].kind == LAC_STATE;
    lac_dimension dimension = lac_process_dimension(model, action->target, !in_tissue && !is_state);
    lac_expression *rate = NULL;
    lac_equation equation = {0};
    lac_text id = {0};
    lac_text_add(&id, "%s.infusion", event->id);
    if (event->actions > 1)
        lac_text_add(&id, ".%s", variable->name);
    LAC_TRY(id.failed);
    equation.right[equation.rights++] = (lac_term){.variable = action->target, .count = 1};
    LAC_TRY(lac_tree_symbol((lac_symbol){LAC_SYMBOL_INFUSION, model->parameters + model->infusions},
                            dimension, event->place, &rate));
    model->infusions++;
    lac_process_text text = {.id = lac_text_of(&id),
                             .law = "constant while the infusion lasts",
                             .domain = variable->domain,
                             .region = action->region,
                             .place = event->place};
    size_t before = model->processes;
    LAC_TRY(lac_add_process(loader, &text, &equation, rate));
    if (model->processes > before)
        model->process[before].is_infusion = true;
out:
    lac_text_free(&id);
    return status;
}

lac_status lac_define_infusions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (size_t index = 0; index < model->events; index++) {
        lac_event *event = &model->event[index];
        if (!(event->over > 0))
            continue;
        event->infusion = model->parameters + model->infusions;
        for (size_t action = 0; action < event->actions; action++)
            if (check(loader, event, &event->action[action]))
                LAC_TRY(add(loader, event, &event->action[action]));
    }
    if (model->infusions > 0)
        LAC_TRY(lac_order_processes(model));
out:
    return status;
}
