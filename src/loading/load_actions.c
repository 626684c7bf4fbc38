/* Actions: what an event adds, sets or scales, where, and by how much.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/actions.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

static const char *const action_words[] = {"add", "set", "scale"};

/* --- targets -------------------------------------------------------------------------------------
 */

static bool check_parameter(lac_loader *loader, size_t index, lac_place place)
{
    lac_parameter *parameter = &loader->model->parameter[index];
    if (loader->parameter_progress[index] != LAC_DONE)
        return false;
    if (parameter->derived) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' is derived from other parameters: change those", parameter->id);
        return false;
    }
    loader->parameter_changed[index] = place;
    parameter->changes = true;
    return true;
}

/* A bare species: of the event's domain, or of the only domain that has it. */
static size_t variable_of(lac_loader *loader, size_t species, const lac_actions *at,
                          lac_place place)
{
    const lac_model *model = loader->model;
    size_t count, found;
    if (at->domain != LAC_NONE) {
        found = lac_model_variable(model, species, at->domain);
        if (found == LAC_NONE)
            lac_report(loader->list, LAC_ERROR, place, "'%s' is not in '%s'",
                       model->species[species].id, model->domain[at->domain].id);
        return found;
    }
    found = lac_model_only_variable(model, species, &count);
    if (count > 1) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' is in several domains: say which with 'in: DOMAIN'",
                   model->species[species].id);
        return LAC_NONE;
    }
    return found;
}

/* Do target and region of an action lie in one tissue? */
static bool is_beside(lac_loader *loader, const lac_action *action, lac_place place)
{
    const lac_model *model = loader->model;
    const lac_region *region = &model->region[action->region];
    if (lac_model_tissue_of(model, action->target) == region->tissue)
        return true;
    lac_report(loader->list, LAC_ERROR, place, "'%s' is not where the region '%s' lies, in '%s'",
               model->variable[action->target].path, region->id,
               model->domain[model->tissue[region->tissue].domain].id);
    return false;
}

/* Fills the target of an action; false after a report. */
static bool find_target(lac_loader *loader, const lac_actions *at, const char *name,
                        lac_place place, lac_action *action)
{
    size_t index = lac_names_find(&loader->words, name);
    const lac_word *word = index == LAC_NONE ? NULL : &loader->word[index];
    action->region = LAC_NONE;
    if (word && word->kind == LAC_WORD_PARAMETER) {
        action->on_parameter = true;
        action->target = word->index;
        return check_parameter(loader, word->index, place);
    }
    if (word && word->kind == LAC_WORD_SPECIES)
        action->target = variable_of(loader, word->index, at, place);
    else if (word && word->kind == LAC_WORD_VARIABLE)
        action->target = word->index;
    else
        action->target = LAC_NONE;
    if (!word || (word->kind != LAC_WORD_SPECIES && word->kind != LAC_WORD_VARIABLE))
        lac_report_stranger(loader, place, name,
                            1u << LAC_WORD_SPECIES | 1u << LAC_WORD_VARIABLE |
                                1u << LAC_WORD_PARAMETER,
                            "species or parameter");
    if (action->target == LAC_NONE)
        return false;
    if (action->target < loader->model->fields)
        action->region = at->region;
    return action->region == LAC_NONE || is_beside(loader, action, place);
}

/* --- values --------------------------------------------------------------------------------------
 */

/* The dimensions that the value may have; ADD takes an amount, or the variable's own unit. */
static size_t value_dimensions(const lac_model *model, const lac_action *action,
                               lac_dimension expected[2])
{
    if (action->kind == LAC_ACTION_SCALE) {
        expected[0] = lac_dimensionless;
        return 1;
    }
    if (action->on_parameter) {
        expected[0] = model->parameter[action->target].dimension;
        return 1;
    }
    const lac_variable *variable = &model->variable[action->target];
    lac_species_kind kind = model->species[variable->species].kind;
    expected[0] = variable->dimension;
    expected[1] = lac_count_dimension(kind);
    return action->kind == LAC_ACTION_ADD && kind != LAC_STATE && !variable->total ? 2 : 1;
}

/* A value is one number, or (in the tissue, without reductions) one per voxel. */
static bool check_value(lac_loader *loader, const lac_action *action, const char *what,
                        lac_place place)
{
    unsigned sees = lac_tree_sees(loader->model, action->value);
    bool varies = sees & (LAC_SEES_FIELDS | LAC_SEES_POSITION);
    bool in_tissue = !action->on_parameter && action->target < loader->model->fields;
    if (varies && !in_tissue)
        lac_report(loader->list, LAC_ERROR, place,
                   "%s is one number: what the tissue holds must stand inside mean(), total(), ...",
                   what);
    else if (varies && (sees & LAC_SEES_REDUCTIONS))
        lac_report(loader->list, LAC_ERROR, place,
                   "%s varies from voxel to voxel and cannot hold mean(), total(), ...", what);
    else if (varies && action->amount)
        lac_report(loader->list, LAC_ERROR, place,
                   "%s is an amount that is spread evenly: it cannot vary from voxel to voxel",
                   what);
    else
        return true;
    return false;
}

static lac_status read_value(lac_loader *loader, const lac_yaml *node, const char *name,
                             lac_action *action, bool *good)
{
    char what[160];
    lac_dimension expected[2];
    size_t which = 0;
    const lac_model *model = loader->model;
    bool in_tissue = !action->on_parameter && action->target < model->fields;
    size_t count = value_dimensions(model, action, expected);
    snprintf(what, sizeof what, "what is to %s %.100s", action_words[action->kind], name);
    lac_reading reading = {
        .loader = loader,
        .sees = LAC_SEES_TIME | LAC_SEES_POOLS | LAC_SEES_REDUCTIONS,
        .domain = action->on_parameter ? LAC_NONE : model->variable[action->target].domain,
        .species = action->on_parameter ? LAC_NONE : model->variable[action->target].species,
        .what = what};
    if (in_tissue)
        reading.sees |= LAC_SEES_POSITION | LAC_SEES_FIELDS;
    lac_status status =
        lac_load_expression(&reading, node, expected, count, &which, &action->value);
    bool counted = !action->on_parameter &&
                   model->species[model->variable[action->target].species].kind != LAC_STATE;
    action->amount = action->kind == LAC_ACTION_ADD && counted &&
                     (which == 1 || model->variable[action->target].total);
    *good = action->value && check_value(loader, action, what, node->place);
    return status;
}

/* "A" and "gel.A" can be one target. */
static bool is_repeated(lac_loader *loader, const lac_event *event, const lac_action *action,
                        lac_place place)
{
    for (size_t each = 0; each < event->actions; each++) {
        const lac_action *other = &event->action[each];
        if (other->kind == action->kind && other->on_parameter == action->on_parameter &&
            other->target == action->target) {
            lac_report(loader->list, LAC_ERROR, place, "this is named twice");
            return true;
        }
    }
    return false;
}

/* add: {name: value, ...} */
static lac_status read_actions(lac_loader *loader, lac_actions *at, const lac_yaml *node,
                               lac_action_kind kind)
{
    lac_status status = LAC_OK;
    lac_event *event = at->event;
    if (!lac_is_mapping(loader, node, node->place, action_words[kind]))
        return LAC_OK;
    for (size_t item = 0; item < node->count; item++) {
        lac_action action = {.kind = kind};
        bool good = false;
        if (!find_target(loader, at, node->key[item], node->key_place[item], &action) ||
            is_repeated(loader, event, &action, node->key_place[item]))
            continue;
        status = read_value(loader, node->item[item], node->key[item], &action, &good);
        if (status != LAC_OK || !good) {
            lac_expression_free(action.value);
            LAC_TRY(status);
            continue;
        }
        if (event->actions == at->capacity) {
            size_t grown = at->capacity ? 2 * at->capacity : 4;
            void *moved = lac_regrow(event->action, event->actions, grown, sizeof action);
            if (!moved) {
                lac_expression_free(action.value);
                return LAC_MEMORY;
            }
            event->action = moved;
            at->capacity = grown;
        }
        lac_action *kept = &event->action[event->actions++];
        *kept = action;
        if (node->item[item]->kind == LAC_YAML_SCALAR)
            LAC_OWN(kept->written, lac_copy_text(node->item[item]->scalar));
    }
out:
    return status;
}

lac_status lac_load_actions(lac_loader *loader, lac_actions *at, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    for (size_t key = 0; key < node->count; key++) {
        for (int kind = LAC_ACTION_ADD; kind <= LAC_ACTION_SCALE; kind++) {
            if (strcmp(node->key[key], action_words[kind]) == 0)
                LAC_TRY(read_actions(loader, at, node->item[key], (lac_action_kind)kind));
        }
    }
out:
    return status;
}
