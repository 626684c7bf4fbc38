/* Events: values of actions, their application, and the booking of what they added.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/events.h"

#include "base/memory.h"
#include "run/event_queue.h"
#include "run/schedule.h"

#include <math.h>
#include <string.h>

/* Where the value of an action comes from. */
typedef struct action_source {
    bool per_voxel;
    size_t measure; /* index of the measure, unless per_voxel */
} action_source;

struct lac_events {
    const lac_scene *scene; /* borrowed */
    size_t *first;          /* owned [events]: the first action of each event in `source` */
    action_source *source;  /* owned, all actions of all events */
    size_t measured;
    lac_measures *measures; /* owned; NULL when there is nothing to measure */
    double *measure;        /* owned [measured] */
    double *field;          /* owned: the per-voxel values of the largest event */
    double *value;          /* owned: the other values of the event that is fired */
    lac_event_queue *queue; /* owned */
    lac_state *companion;   /* borrowed; NULL = none */
};

static bool has_op(const lac_expression *tree, lac_op low, lac_op high)
{
    if (tree->op >= low && tree->op <= high)
        return true;
    for (size_t arg = 0; arg < tree->args; arg++)
        if (has_op(tree->arg[arg], low, high))
            return true;
    return false;
}

static lac_status classify(lac_events *events, const lac_event *event, size_t k,
                           const lac_expression **trees)
{
    lac_status status = LAC_OK;
    const lac_model *model = events->scene->model;
    const lac_action *action = &event->action[k];
    action_source *source = &events->source[events->first[event - model->event] + k];
    source->per_voxel = lac_tree_varies(model, action->value);
    bool in_tissue = !action->on_parameter && action->target < model->fields;
    LAC_REQUIRE(
        !has_op(action->value, LAC_OP_FIRST, LAC_OP_FIRST), LAC_INPUT,
        "event %s, action %zu: first() belongs in observables and conditions, not in values",
        event->id, k + 1);
    LAC_REQUIRE(!source->per_voxel ||
                    (in_tissue && !has_op(action->value, LAC_OP_MEAN, LAC_OP_FIRST)),
                LAC_INPUT,
                "event %s, action %zu: a value that differs from voxel to voxel must go into the "
                "tissue and hold no mean, total or the like",
                event->id, k + 1);
    if (!source->per_voxel) {
        source->measure = events->measured;
        trees[events->measured++] = action->value;
    }
out:
    return status;
}

static size_t count_actions(const lac_model *model, size_t *most)
{
    size_t actions = 0;
    *most = 0;
    for (size_t event = 0; event < model->events; event++) {
        actions += model->event[event].actions;
        if (model->event[event].actions > *most)
            *most = model->event[event].actions;
    }
    return actions;
}

static lac_status prepare(lac_events *events)
{
    lac_status status = LAC_OK;
    const lac_scene *scene = events->scene;
    const lac_model *model = scene->model;
    const lac_expression **trees = NULL;
    size_t most, actions = count_actions(model, &most), at = 0;
    bool fields = false;
    LAC_NEW(events->first, model->events);
    LAC_NEW(events->source, actions);
    LAC_NEW(trees, actions);
    for (size_t event = 0; event < model->events; event++) {
        events->first[event] = at;
        for (size_t k = 0; k < model->event[event].actions; k++, at++) {
            LAC_TRY(classify(events, &model->event[event], k, trees));
            fields = fields || events->source[at].per_voxel;
        }
    }
    LAC_NEW(events->measure, events->measured);
    LAC_NEW(events->value, most + 1);
    LAC_TRY(lac_event_queue_create(model, &events->queue));
    if (fields)
        LAC_NEW(events->field, most * lac_grid_all_voxels(scene->grid));
    lac_view view = {.model = model, .grid = scene->grid, .weight = scene->weight};
    if (events->measured > 0)
        LAC_TRY(lac_measures_create(&view, trees, events->measured, &events->measures));
out:
    lac_free(trees);
    return status;
}

lac_status lac_events_create(const lac_scene *scene, lac_events **events)
{
    lac_status status = LAC_OK;
    lac_events *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->scene = scene;
    LAC_TRY(prepare(fresh));
    *events = fresh;
    fresh = NULL;
out:
    lac_events_free(fresh);
    return status;
}

void lac_events_free(lac_events *events)
{
    if (!events)
        return;
    lac_free(events->first);
    lac_free(events->source);
    lac_measures_free(events->measures);
    lac_free(events->measure);
    lac_free(events->field);
    lac_free(events->value);
    lac_event_queue_free(events->queue);
    lac_free(events);
}

void lac_events_accompany(lac_events *events, lac_state *companion)
{
    events->companion = companion;
}

static double applied(lac_action_kind kind, double old, double value)
{
    switch (kind) {
    case LAC_ACTION_ADD:
        return old + value;
    case LAC_ACTION_SET:
        return value;
    default:
        return old * value;
    }
}

/* The voxels that an action touches: 1 inside, NULL = everywhere. */
typedef struct touched {
    const double *region, *active;
} touched;

static bool touches(const touched *where, size_t voxel)
{
    return (!where->region || where->region[voxel] != 0) &&
           (!where->active || where->active[voxel] != 0);
}

static void apply_field(const lac_events *events, const lac_action *action, const double *values,
                        double uniform, lac_state *state)
{
    const lac_grid *grid =
        lac_grid_of_field(events->scene->grid, events->scene->model, action->target);
    bool limited = action->region != LAC_NONE;
    touched where = {limited ? grid->region[action->region] : NULL, grid->active};
    double *value = state->value + lac_layout_at(&state->layout, action->target);
    double share = 1;
    if (action->kind == LAC_ACTION_ADD && action->amount) {
        share = 1 / (lac_grid_volume_of(grid, action->region) * grid->weight);
    }
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (touches(&where, voxel)) {
            double change = share * (values ? values[voxel] : uniform);
            value[voxel] = applied(action->kind, value[voxel], change);
        }
}

static void apply_pool(const lac_events *events, const lac_action *action, double value,
                       lac_state *state)
{
    const lac_model *model = events->scene->model;
    const lac_variable *variable = &model->variable[action->target];
    double *pool = state->value + lac_layout_at(&state->layout, action->target);
    if (action->kind == LAC_ACTION_ADD && action->amount && !variable->total)
        value /= model->domain[variable->domain].volume;
    *pool = applied(action->kind, *pool, value);
}

static void apply_to(const lac_events *events, const lac_action *action, const double *values,
                     double uniform, lac_state *state)
{
    const lac_model *model = events->scene->model;
    size_t target = action->target;
    if (action->on_parameter) {
        state->parameter[target] = applied(action->kind, state->parameter[target], uniform);
        return;
    }
    double before = lac_state_content(state, model, target);
    if (target < model->fields)
        apply_field(events, action, values, uniform, state);
    else
        apply_pool(events, action, uniform, state);
    double after = lac_state_content(state, model, target);
    state->added[target] += after - before;
}

static void apply(const lac_events *events, const lac_action *action, const double *values,
                  double uniform, lac_state *state)
{
    apply_to(events, action, values, uniform, state);
    if (events->companion && !action->on_parameter)
        apply_to(events, action, values, uniform, events->companion);
}

lac_status lac_events_apply(const lac_events *events, const lac_action *action, double value,
                            lac_state *state)
{
    apply(events, action, NULL, value, state);
    return lac_state_check(state, events->scene->model, 1);
}

static lac_status find_values(lac_events *events, size_t event, const lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_event *what = &events->scene->model->event[event];
    const lac_model *model = events->scene->model;
    size_t voxels = lac_grid_all_voxels(events->scene->grid);
    if (events->measures)
        LAC_TRY(lac_measures_evaluate(events->measures, state, false, events->measure));
    for (size_t k = 0; k < what->actions; k++) {
        const action_source *source = &events->source[events->first[event] + k];
        const lac_expression *tree = what->action[k].value;
        if (source->per_voxel)
            LAC_TRY(lac_fill_field(
                events->scene, state, tree,
                &(lac_fill_ground){lac_model_tissue_of(model, what->action[k].target), NULL},
                events->field + k * voxels));
        LAC_REQUIRE(source->per_voxel || isfinite(events->measure[source->measure]), LAC_NUMERICS,
                    "event %s at %g s: the value of action %zu is not finite", what->id,
                    state->time, k + 1);
        events->value[k] = source->per_voxel ? 0 : events->measure[source->measure];
    }
out:
    return status;
}

/* --- infusions */

/* What one infusion of an action adds a second: per volume in the tissue, of the whole domain among
 * pools, as the law of its process has it. */
static double infusion_rate(const lac_events *events, const lac_event *event, size_t k)
{
    const lac_model *model = events->scene->model;
    const lac_action *action = &event->action[k];
    const lac_grid *grid = lac_grid_of_field(events->scene->grid, model, action->target);
    const lac_variable *variable = &model->variable[action->target];
    double rate = events->value[k] / event->over;
    if (action->target < model->fields) {
        double volume = lac_grid_volume_of(grid, action->region) * grid->weight;
        return action->amount ? rate / volume : rate;
    }
    bool is_state = model->species[variable->species].kind == LAC_STATE;
    return action->amount || is_state ? rate : rate * model->domain[variable->domain].volume;
}

/* The sum of those that run, in the order in which they began: 0 when there is none. */
static void set_rates(const lac_events *events, size_t event, lac_state *state)
{
    const lac_event *what = &events->scene->model->event[event];
    for (size_t k = 0; k < what->actions; k++) {
        double sum = 0;
        for (size_t index = 0; index < lac_event_queue_count(events->queue); index++) {
            lac_event_queue_entry entry = lac_event_queue_at(events->queue, index);
            if (entry.event == event && entry.kind == LAC_EVENT_QUEUE_END)
                sum += entry.value[k];
        }
        state->parameter[what->infusion + k] = sum;
    }
}

static lac_status begin_infusion(lac_events *events, size_t event, lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_event *what = &events->scene->model->event[event];
    lac_event_queue_entry end = {state->time + what->over, LAC_EVENT_QUEUE_END, event,
                                 events->value};
    for (size_t k = 0; k < what->actions; k++) {
        events->value[k] = infusion_rate(events, what, k);
        LAC_REQUIRE(events->value[k] >= 0, LAC_NUMERICS,
                    "event %s at %g s: an infusion cannot take away (action %zu is negative)",
                    what->id, state->time, k + 1);
    }
    LAC_TRY(lac_event_queue_add(events->queue, &end));
    set_rates(events, event, state);
out:
    return status;
}

/* --- acting */

/* With the values that were found, or kept. */
static lac_status act(lac_events *events, size_t event, lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_model *model = events->scene->model;
    const lac_event *what = &model->event[event];
    size_t voxels = lac_grid_all_voxels(events->scene->grid);
    if (what->over > 0)
        return begin_infusion(events, event, state);
    for (size_t k = 0; k < what->actions; k++) {
        const action_source *source = &events->source[events->first[event] + k];
        const double *values = source->per_voxel ? events->field + k * voxels : NULL;
        apply(events, &what->action[k], values, events->value[k], state);
    }
    status = lac_state_check(state, model, 1);
    if (status == LAC_NUMERICS) {
        char place[256];
        lac_fail_in(status, "event %s%s", what->id,
                    lac_place_words(what->place, place, sizeof place));
    }
    return status;
}

lac_status lac_events_fire(lac_events *events, size_t event, lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_event *what = &events->scene->model->event[event];
    bool later = what->delay > 0;
    if (!later || !what->at_execution)
        LAC_TRY(find_values(events, event, state));
    lac_event_queue_entry entry = {state->time + what->delay, LAC_EVENT_QUEUE_ACT, event,
                                   events->value};
    status = later ? lac_event_queue_add(events->queue, &entry) : act(events, event, state);
out:
    return status;
}

static lac_status act_on(lac_events *events, size_t index, lac_state *state)
{
    lac_status status = LAC_OK;
    lac_event_queue_entry entry = lac_event_queue_at(events->queue, index);
    const lac_event *what = &events->scene->model->event[entry.event];
    memcpy(events->value, entry.value, what->actions * sizeof *events->value);
    lac_event_queue_remove(events->queue, index);
    if (entry.kind == LAC_EVENT_QUEUE_END) {
        set_rates(events, entry.event, state);
        return LAC_OK;
    }
    if (what->at_execution)
        LAC_TRY(find_values(events, entry.event, state));
    LAC_TRY(act(events, entry.event, state));
out:
    return status;
}

double lac_events_next(const lac_events *events)
{
    size_t first = lac_event_queue_first(events->queue);
    bool none = first >= lac_event_queue_count(events->queue);
    return none ? INFINITY : lac_event_queue_at(events->queue, first).time;
}

lac_status lac_events_due(lac_events *events, lac_state *state, size_t *count)
{
    lac_status status = LAC_OK;
    for (*count = 0; lac_has_come(lac_events_next(events), state->time); ++*count)
        LAC_TRY(act_on(events, lac_event_queue_first(events->queue), state));
out:
    return status;
}

void lac_events_blocks(lac_events *events, lac_block_list *list)
{
    lac_event_queue_blocks(events->queue, list);
}
