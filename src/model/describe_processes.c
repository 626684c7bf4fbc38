/* What happens in a model, told back in tables: processes, boundaries, events, and what is
 * observed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/describe_internal.h"
#include "model/table.h"
#include "model/write.h"

#include <math.h>

/* --- processes
 * --------------------------------------------------------------------------------------- */

void lac_describe_processes(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    lac_cell_heading("Processes", model->processes, text);
    for (size_t process = 0; process < model->processes; process++) {
        const lac_process *it = &model->process[process];
        lac_text_add(&rows, "%s\t%s", it->id, model->domain[lac_process_domain(model, it)].id);
        if (it->region != LAC_NONE)
            lac_text_add(&rows, " / %s", model->region[it->region].id);
        lac_text_add(&rows, "\t");
        lac_write_equation(model, it, &rows);
        lac_text_add(&rows, "\t%s\n", it->law);
    }
    lac_table_add(&rows, "  ", text);
}

static void add_given(const lac_model *model, const char *words, const lac_expression *tree,
                      lac_text *rows)
{
    if (!tree)
        return;
    lac_text_add(rows, "%s", words);
    if (lac_tree_sees(model, tree) == 0)
        lac_cell_quantity(lac_start_value(model, tree), tree->dimension, rows);
    else
        lac_cell_expression(model, tree, rows);
}

/* In the unit of what it acts on, where that is of the same dimension. */
static void add_given_to(const lac_model *model, const char *words, const lac_expression *tree,
                         const lac_action *action, lac_text *rows)
{
    const lac_display *display = action->on_parameter ? &model->parameter[action->target].display
                                                      : &model->variable[action->target].display;
    lac_dimension dimension = action->on_parameter ? model->parameter[action->target].dimension
                                                   : model->variable[action->target].dimension;
    if (action->amount || !lac_dimension_same(tree->dimension, dimension) ||
        lac_tree_sees(model, tree) != 0) {
        add_given(model, words, tree, rows);
        return;
    }
    lac_text_add(rows, "%s%.5g%s%s", words, lac_start_value(model, tree) * display->factor,
                 *lac_cell_unit(display) ? " " : "", lac_cell_unit(display));
}

void lac_describe_boundaries(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->boundaries > 0)
        lac_cell_heading("Boundary conditions; all other faces have no flux", model->boundaries,
                         text);
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *it = &model->boundary[boundary];
        lac_text_add(&rows, "%s\t%s\t", model->variable[it->variable].path,
                     model->patch[it->patch].id);
        if (it->type->with_pool)
            lac_text_add(&rows, "%s%s", it->type->told, model->variable[it->pool].path);
        add_given(model, it->type->told, it->value, &rows);
        add_given(model, ", partition ", it->partition, &rows);
        add_given(model, ", permeability ", it->permeability, &rows);
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

/* --- events and observables
 * -------------------------------------------------------------------------- */

static void add_durations(const lac_event *event, lac_text *rows)
{
    if (event->delay > 0) {
        lac_text_add(rows, ", after ");
        lac_cell_time(event->delay, rows);
        lac_text_add(rows, event->at_execution ? " (values then)" : " (values before)");
    }
    if (event->over > 0) {
        lac_text_add(rows, ", over ");
        lac_cell_time(event->over, rows);
    }
}

void lac_cell_moment(const lac_model *model, const lac_event *event, lac_text *rows)
{
    if (event->when) {
        lac_text_add(rows, event->once ? "first time that " : "whenever ");
        lac_cell_expression(model, event->when, rows);
        return;
    }
    lac_cell_time(event->at, rows);
    for (size_t index = 1; index < event->times; index++) {
        lac_text_add(rows, ", ");
        lac_cell_time(event->time[index], rows);
    }
    if (event->every > 0) {
        lac_text_add(rows, ", then every ");
        lac_cell_time(event->every, rows);
        if (isfinite(event->until)) {
            lac_text_add(rows, " until ");
            lac_cell_time(event->until, rows);
        }
    }
}

static void add_action(const lac_model *model, const lac_action *action, lac_text *rows)
{
    const char *target = action->on_parameter ? model->parameter[action->target].id
                                              : model->variable[action->target].path;
    if (action->kind == LAC_ACTION_ADD) {
        add_given_to(model, "add ", action->value, action, rows);
        lac_text_add(rows, " to %s", target);
    } else if (action->kind == LAC_ACTION_SET) {
        lac_text_add(rows, "set %s", target);
        add_given_to(model, " = ", action->value, action, rows);
    } else {
        lac_text_add(rows, "scale %s", target);
        add_given(model, " by ", action->value, rows);
    }
    if (action->region != LAC_NONE)
        lac_text_add(rows, " in %s", model->region[action->region].id);
}

void lac_describe_events(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->events > 0)
        lac_cell_heading("Events", model->events, text);
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        lac_text_add(&rows, "%s\t", it->id);
        lac_cell_moment(model, it, &rows);
        add_durations(it, &rows);
        lac_text_add(&rows, "\t");
        for (size_t action = 0; action < it->actions; action++) {
            lac_text_add(&rows, action ? ", " : "");
            add_action(model, &it->action[action], &rows);
        }
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

void lac_describe_observables(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->observables > 0)
        lac_cell_heading("Observables", model->observables, text);
    for (size_t observable = 0; observable < model->observables; observable++) {
        const lac_observable *it = &model->observable[observable];
        lac_text_add(&rows, "%s\t%s\t", it->id, it->display.unit);
        lac_cell_expression(model, it->value, &rows);
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}
