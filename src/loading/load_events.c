/* Events and doses: what happens to the state at a time or when something becomes true.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/actions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* --- when ----------------------------------------------------------------------------------------
 */

static lac_status read_duration(lac_loader *loader, const lac_yaml *node, const char *what,
                                double *time)
{
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    return lac_load_constant(&reading, node, lac_dimension_of(LAC_TIME, 1), time);
}

static lac_status read_moment(lac_loader *loader, const lac_yaml *node, const char *what,
                              double *time)
{
    lac_status status = read_duration(loader, node, what, time);
    if (*time < 0)
        lac_report(loader->list, LAC_ERROR, node->place, "%s is before the start of the run (0 s)",
                   what);
    return status;
}

static lac_status read_time(lac_loader *loader, const lac_yaml *mapping, const char *key,
                            double *time)
{
    const lac_yaml *node = lac_yaml_get(mapping, key);
    char what[64];
    if (!node)
        return LAC_OK;
    snprintf(what, sizeof what, "'%s' of an event", key);
    return read_moment(loader, node, what, time);
}

/* delay: 2 h, values: execution, over: 1 h */
static lac_status read_durations(lac_loader *loader, const lac_yaml *node, lac_event *event)
{
    static const char *const words[] = {"trigger", "execution"};
    lac_status status = LAC_OK;
    const lac_yaml *delay = lac_yaml_get(node, "delay"), *over = lac_yaml_get(node, "over");
    const lac_yaml *values = lac_yaml_get(node, "values");
    if (delay)
        LAC_TRY(read_duration(loader, delay, "'delay' of an event", &event->delay));
    if (event->delay < 0)
        lac_report(loader->list, LAC_ERROR, delay->place, "'delay' must not be negative");
    if (over)
        LAC_TRY(read_duration(loader, over, "'over' of an event", &event->over));
    if (over && event->over <= 0)
        lac_report(loader->list, LAC_ERROR, over->place, "'over' must be above 0");
    if (values && !delay)
        lac_report(loader->list, LAC_ERROR, values->place, "'values' goes with 'delay'");
    if (values)
        event->at_execution = lac_load_choice(loader, values, words, 2, "'values'") == 1;
out:
    return status;
}

/* What varies from voxel to voxel is not kept over a delay. */
static void check_delay(lac_loader *loader, const lac_event *event)
{
    if (!(event->delay > 0) || event->at_execution)
        return;
    for (size_t index = 0; index < event->actions; index++)
        if (lac_tree_sees(loader->model, event->action[index].value) &
            (LAC_SEES_POSITION | LAC_SEES_FIELDS))
            lac_report(loader->list, LAC_ERROR, event->action[index].value->place,
                       "a value that varies from voxel to voxel cannot be that before the delay: "
                       "say 'values: execution'");
}

static int by_time(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* at: [0 d, 7 d, 14 d] */
static lac_status read_list(lac_loader *loader, const lac_yaml *at, lac_event *event)
{
    lac_status status = LAC_OK;
    LAC_NEW(event->time, at->count + 1);
    for (size_t index = 0; index < at->count; index++) {
        double *time = &event->time[event->times++];
        LAC_TRY(read_moment(loader, at->item[index], "a time in 'at'", time));
    }
    qsort(event->time, event->times, sizeof *event->time, by_time);
    for (size_t index = 1; index < event->times; index++)
        if (event->time[index] == event->time[index - 1])
            lac_report(loader->list, LAC_ERROR, at->place, "'at' has the time %g s twice",
                       event->time[index]);
    if (event->times == 0)
        lac_report(loader->list, LAC_ERROR, at->place, "'at' has no time");
    event->at = event->times > 0 ? event->time[0] : 0;
out:
    return status;
}

static lac_status read_at(lac_loader *loader, const lac_yaml *node, lac_event *event)
{
    const lac_yaml *at = lac_yaml_get(node, "at"), *every = lac_yaml_get(node, "every");
    if (at->kind != LAC_YAML_SEQUENCE)
        return read_time(loader, node, "at", &event->at);
    if (every)
        lac_report(loader->list, LAC_ERROR, every->place,
                   "'every' goes with one time, not with a list");
    return read_list(loader, at, event);
}

static lac_status read_times(lac_loader *loader, const lac_yaml *node, lac_event *event)
{
    enum { MOST_TIMES = 1000000 };
    lac_status status = LAC_OK;
    const lac_yaml *every = lac_yaml_get(node, "every");
    const lac_yaml *once = lac_yaml_get(node, "once");
    double end = loader->model->settings.until;
    LAC_TRY(read_at(loader, node, event));
    LAC_TRY(read_time(loader, node, "every", &event->every));
    LAC_TRY(read_time(loader, node, "until", &event->until));
    if (once)
        lac_report(loader->list, LAC_ERROR, once->place, "'once' goes with 'when'");
    if (every && event->every == 0)
        lac_report(loader->list, LAC_ERROR, every->place, "'every' must be above 0");
    else if (every && (fmin(event->until, end) - event->at) / event->every > MOST_TIMES)
        lac_report(loader->list, LAC_ERROR, every->place,
                   "the event would happen more than %d times", MOST_TIMES);
    if (!every && lac_yaml_get(node, "until"))
        lac_report(loader->list, LAC_ERROR, lac_yaml_get(node, "until")->place,
                   "'until' goes with 'every'");
    else if (event->until < event->at)
        lac_report(loader->list, LAC_ERROR, lac_yaml_get(node, "until")->place,
                   "the event ends before it begins");
    if (event->at > end)
        lac_report(loader->list, LAC_WARNING, event->place,
                   "the event '%s' comes after the end of the run", event->id);
out:
    return status;
}

static bool is_condition(const lac_expression *tree)
{
    switch (tree->op) {
    case LAC_OP_LESS:
    case LAC_OP_LESS_EQUAL:
    case LAC_OP_EQUAL:
    case LAC_OP_NOT_EQUAL:
    case LAC_OP_AND:
    case LAC_OP_OR:
    case LAC_OP_NOT:
        return true;
    default:
        return false;
    }
}

static lac_status read_trigger(lac_loader *loader, const lac_yaml *node, lac_event *event)
{
    static const char *const timed[] = {"at", "every", "until"};
    lac_reading reading = {.loader = loader,
                           .sees = LAC_SEES_TIME | LAC_SEES_POOLS | LAC_SEES_REDUCTIONS,
                           .domain = LAC_NONE,
                           .species = LAC_NONE,
                           .what = "the trigger"};
    const lac_yaml *when = lac_yaml_get(node, "when");
    event->once = lac_load_flag(loader, node, "once", false);
    for (int key = 0; key < 3; key++) {
        if (lac_yaml_get(node, timed[key]))
            lac_report(loader->list, LAC_ERROR, lac_yaml_get(node, timed[key])->place,
                       "an event has 'at' or 'when', not both");
    }
    lac_status status = lac_load_tree(&reading, when, &event->when);
    if (status == LAC_OK && event->when && !is_condition(event->when))
        lac_report(loader->list, LAC_ERROR, when->place,
                   "'when' must be a condition, such as mean(A) < 1 pM");
    return status;
}

/* --- one event
 * ------------------------------------------------------------------------------------ */

static void read_where(lac_loader *loader, const lac_yaml *node, lac_actions *at)
{
    const lac_yaml *in = lac_yaml_get(node, "in");
    const lac_yaml *into = lac_yaml_get(node, "into");
    const lac_yaml *region = lac_yaml_get(node, "region");
    at->domain = at->region = LAC_NONE;
    if (in && into)
        lac_report(loader->list, LAC_ERROR, into->place, "'in' and 'into' are one: give one");
    if (into)
        in = into;
    if (in)
        at->domain = lac_load_name(loader, in, &loader->domain_names, "domain");
    if (region)
        at->region =
            lac_load_region(loader, region, in ? at->domain : lac_tissue_domain(loader->model));
}

/* Is something to do written down? What is wrong with it may have been reported where it follows
 * from, such as at a parameter. */
static bool says_what_to_do(const lac_yaml *node)
{
    static const char *const keys[] = {"add", "set", "scale"};
    for (size_t key = 0; key < sizeof keys / sizeof *keys; key++) {
        const lac_yaml *list = lac_yaml_get(node, keys[key]);
        if (list && lac_items(list) > 0)
            return true;
    }
    return false;
}

static lac_status define_event(lac_loader *loader, const lac_entry *entry, lac_event *event)
{
    static const char *const keys[] = {"at",    "every", "until",  "when",   "once",
                                       "in",    "into",  "region", "add",    "set",
                                       "scale", "label", "delay",  "values", "over"};
    lac_status status = LAC_OK;
    const lac_yaml *node = entry->value;
    lac_actions at = {.event = event};
    if (!lac_is_mapping(loader, node, entry->place, "an event"))
        return LAC_OK;
    lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "an event", loader->list);
    if (lac_yaml_get(node, "when"))
        LAC_TRY(read_trigger(loader, node, event));
    else if (lac_yaml_get(node, "at"))
        LAC_TRY(read_times(loader, node, event));
    else
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "an event needs a time 'at' or a condition 'when'");
    LAC_TRY(read_durations(loader, node, event));
    read_where(loader, node, &at);
    size_t before = loader->list->reported;
    LAC_TRY(lac_load_actions(loader, &at, node));
    if (event->actions == 0 && loader->list->reported == before &&
        !(says_what_to_do(node) && loader->list->errors > 0))
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "an event needs something to do: add, set or scale");
    check_delay(loader, event);
out:
    return status;
}

static lac_status define_section(lac_loader *loader, lac_section_id id)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (size_t each = 0; each < loader->section[id].count; each++) {
        const lac_entry *entry = &loader->section[id].entry[each];
        LAC_GROW(model->event, model->events, loader->event_capacity);
        lac_event *event = &model->event[model->events];
        *event = (lac_event){.until = INFINITY, .place = entry->place};
        model->events++;
        LAC_OWN(event->id, lac_copy_text(entry->key));
        LAC_TRY(define_event(loader, entry, event));
    }
out:
    return status;
}

/* After all events: their own times are evaluated too. */
static void report_frozen(lac_loader *loader)
{
    for (size_t each = 0; each < loader->model->parameters; each++) {
        lac_parameter *parameter = &loader->model->parameter[each];
        parameter->is_fixed = loader->parameter_constant[each];
        if (parameter->changes && loader->parameter_constant[each])
            lac_report(loader->list, LAC_ERROR, loader->parameter_changed[each],
                       "'%s' cannot change during a run: a volume, a size, a time or another "
                       "number that is fixed from the start depends on it",
                       parameter->id);
    }
}

lac_status lac_define_events(lac_loader *loader)
{
    lac_status status = LAC_OK;
    LAC_TRY(define_section(loader, LAC_SECTION_EVENTS));
    LAC_TRY(define_section(loader, LAC_SECTION_DOSES));
    report_frozen(loader);
out:
    return status;
}
