/* Preparing the local factor: which slopes it takes, which fields they couple, in what order.
 *
 * A process couples what it changes through the slopes with respect to what it changes; a process
 * among immobile fields also through its slopes with respect to other immobile fields. Secretion
 * and sensing stay out: in a pointwise factor they would close the loop undiffused. All changes of
 * a process are taken or none, column by column, so the factor keeps every linear invariant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/factor_internal.h"

#include "base/memory.h"

#include <stdbool.h>
#include <string.h>

static bool changes_it(const lac_process *process, size_t variable)
{
    for (size_t k = 0; k < process->changes; k++)
        if (process->change[k].variable == variable)
            return true;
    return false;
}

static bool stays_put(const lac_process *process, const unsigned char *mobile)
{
    for (size_t k = 0; k < process->changes; k++)
        if (mobile[process->change[k].variable])
            return false;
    return true;
}

/* Does the factor take this slope of a tissue process? */
static bool taken(const lac_network *network, const unsigned char *mobile, const lac_slope *slope)
{
    const lac_process *process = &network->model->process[slope->process];
    if (!lac_network_owns_process(network, slope->process) || !process->in_tissue ||
        slope->variable >= network->layout.fields)
        return false;
    return changes_it(process, slope->variable) ||
           (!mobile[slope->variable] && stays_put(process, mobile));
}

/* ---- groups -----------------------------------------------------------------------------------
 */

static size_t root_of(size_t *parent, size_t field)
{
    while (parent[field] != field)
        field = parent[field] = parent[parent[field]];
    return field;
}

/* group_of[field] := the group's number, LAC_NONE for fields that no taken slope touches. */
static lac_status find_groups(const lac_network *network, const unsigned char *mobile,
                              lac_local_factor *factor)
{
    lac_status status = LAC_OK;
    size_t fields = network->layout.fields;
    size_t *parent = NULL;
    unsigned char *touched = NULL;
    LAC_NEW(parent, fields);
    LAC_NEW(touched, fields);
    LAC_NEW(factor->group_of, fields);
    for (size_t field = 0; field < fields; field++)
        parent[field] = field;
    for (size_t k = 0; k < network->slopes; k++) {
        const lac_slope *slope = &network->slope[k];
        const lac_process *process = &network->model->process[slope->process];
        for (size_t c = 0; taken(network, mobile, slope) && c < process->changes; c++) {
            touched[process->change[c].variable] = touched[slope->variable] = 1;
            parent[root_of(parent, process->change[c].variable)] = root_of(parent, slope->variable);
        }
    }
    for (size_t field = 0; field < fields; field++)
        factor->group_of[field] =
            touched[field] && root_of(parent, field) == field ? factor->groups++ : LAC_NONE;
    for (size_t field = 0; field < fields; field++)
        factor->group_of[field] = factor->group_of[root_of(parent, field)];
out:
    lac_free(parent);
    lac_free(touched);
    return status;
}

static lac_status list_fields(const lac_network *network, lac_local_factor *factor, size_t number)
{
    lac_status status = LAC_OK;
    lac_group *group = &factor->group[number];
    LAC_NEW(group->field, network->layout.fields);
    for (size_t field = 0; field < network->layout.fields; field++)
        if (factor->group_of[field] == number)
            group->field[group->fields++] = field;
out:
    return status;
}

static size_t place_in(const lac_group *group, size_t field)
{
    size_t place = 0;
    while (group->field[place] != field)
        place++;
    return place;
}

static bool in_group(const lac_local_factor *factor, const lac_slope *slope, size_t number)
{
    return factor->group_of[slope->variable] == number;
}

static void mark_pattern(const lac_network *network, const unsigned char *mobile,
                         const lac_local_factor *factor, size_t number, unsigned char *pattern)
{
    lac_group *group = &factor->group[number];
    size_t n = group->fields;
    for (size_t a = 0; a < n; a++)
        pattern[a * n + a] = 1;
    for (size_t k = 0; k < network->slopes; k++) {
        const lac_slope *slope = &network->slope[k];
        if (!taken(network, mobile, slope) || !in_group(factor, slope, number))
            continue;
        const lac_process *process = &network->model->process[slope->process];
        size_t column = place_in(group, slope->variable);
        for (size_t c = 0; c < process->changes; c++)
            pattern[place_in(group, process->change[c].variable) * n + column] = 1;
        group->varies |= slope->varies;
        group->contributions += process->changes;
    }
}

static size_t entry_at(const lac_group *group, size_t row, size_t column)
{
    size_t entry = 0;
    while (group->row[entry] != row || group->column[entry] != column)
        entry++;
    return entry;
}

static lac_status list_contributions(const lac_network *network, const unsigned char *mobile,
                                     const lac_local_factor *factor, size_t number)
{
    lac_status status = LAC_OK;
    lac_group *group = &factor->group[number];
    size_t done = 0;
    LAC_NEW(group->contribution, group->contributions);
    for (size_t k = 0; k < network->slopes; k++) {
        const lac_slope *slope = &network->slope[k];
        if (!taken(network, mobile, slope) || !in_group(factor, slope, number))
            continue;
        const lac_process *process = &network->model->process[slope->process];
        for (size_t c = 0; c < process->changes; c++)
            group->contribution[done++] = (lac_contribution){
                .entry = entry_at(group, process->change[c].variable, slope->variable),
                .slope = k,
                .factor = process->change[c].factor};
    }
out:
    return status;
}

static lac_status plan_group(const lac_network *network, const unsigned char *mobile,
                             lac_local_factor *factor, size_t number)
{
    lac_status status = LAC_OK;
    lac_group *group = &factor->group[number];
    unsigned char *pattern = NULL;
    LAC_TRY(list_fields(network, factor, number));
    LAC_NEW(pattern, group->fields * group->fields);
    mark_pattern(network, mobile, factor, number, pattern);
    LAC_TRY(lac_elimination_plan(group, pattern));
    LAC_TRY(list_contributions(network, mobile, factor, number));
    if (group->varies) {
        group->at = factor->stored;
        factor->stored += group->entries;
    } else {
        group->at = factor->scalars;
        factor->scalars += group->entries;
    }
out:
    lac_free(pattern);
    return status;
}

/* ---- public -----------------------------------------------------------------------------------
 */

static lac_status make_stores(const lac_network *network, lac_local_factor *factor)
{
    lac_status status = LAC_OK;
    factor->blocks = network->blocks;
    factor->width = network->width;
    factor->pools = network->layout.pools;
    LAC_NEW(factor->store, factor->blocks * factor->stored * factor->width);
    LAC_NEW(factor->scalar, factor->scalars);
    LAC_NEW(factor->dense, factor->pools * factor->pools);
    LAC_NEW(factor->pivot, factor->pools);
    LAC_NEW(factor->bad, factor->blocks);
    LAC_NEW(factor->bad_field, factor->blocks);
out:
    return status;
}

static lac_status prepare_tissue(lac_network *network, const unsigned char *mobile)
{
    lac_status status = LAC_OK;
    lac_local_factor *factor = NULL;
    LAC_NEW(factor, 1);
    LAC_TRY(find_groups(network, mobile, factor));
    LAC_NEW(factor->group, factor->groups);
    for (size_t number = 0; number < factor->groups; number++)
        LAC_TRY(plan_group(network, mobile, factor, number));
    LAC_TRY(make_stores(network, factor));
    lac_local_factor_free(network->factor);
    network->factor = factor;
    factor = NULL;
out:
    lac_local_factor_free(factor);
    return status;
}

lac_status lac_network_factor_prepare(lac_network *network, const unsigned char *mobile)
{
    lac_status status = LAC_OK;
    for (; network && status == LAC_OK; network = network->next)
        status = prepare_tissue(network, mobile);
    return status;
}

void lac_local_factor_free(lac_local_factor *factor)
{
    if (!factor)
        return;
    for (size_t k = 0; factor->group && k < factor->groups; k++) {
        lac_group *group = &factor->group[k];
        lac_free(group->field);
        lac_free(group->row);
        lac_free(group->column);
        lac_free(group->contribution);
        lac_free(group->elimination);
        lac_free(group->substitution);
    }
    lac_free(factor->group);
    lac_free(factor->group_of);
    lac_free(factor->store);
    lac_free(factor->scalar);
    lac_free(factor->dense);
    lac_free(factor->pivot);
    lac_free(factor->bad);
    lac_free(factor->bad_field);
    lac_free(factor);
}

size_t lac_local_factor_entries(const lac_local_factor *factor)
{
    return factor->stored;
}

size_t lac_local_factor_bytes(const lac_local_factor *factor)
{
    return (factor->blocks * factor->stored * factor->width + factor->pools * factor->pools) *
           sizeof(double);
}
