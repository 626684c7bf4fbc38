/* Dependents: which reactions and which motion need new bounds when a count changes, and
 * what of it is seen to move at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include "base/memory.h"

static bool takes(const lac_reaction *reaction, size_t variable)
{
    for (size_t k = 0; k < reaction->changes; k++)
        if (reaction->change[k].variable == variable && reaction->change[k].amount < 0)
            return true;
    return false;
}

/* Does a reaction need a new bound when this variable changes in its voxel, or among the pools? */
static bool reaction_follows(const lac_exact *e, size_t index, size_t variable)
{
    const lac_reaction *reaction = &e->reaction[index];
    bool field = variable < e->layout.fields;
    return reaction->channel != LAC_NONE && field == reaction->in_tissue &&
           (reaction->law.uses[variable] || takes(reaction, variable));
}

static bool motion_follows(const lac_exact *e, size_t field, size_t variable)
{
    const lac_stack_program *law = &e->motion[field].law;
    return law->uses && variable < e->layout.fields && law->uses[variable];
}

static bool boundary_laws_use(const lac_boundary_channel *entry, size_t variable)
{
    return (entry->value.uses && entry->value.uses[variable]) ||
           (entry->partition.uses && entry->partition.uses[variable]) ||
           (entry->permeability.uses && entry->permeability.uses[variable]);
}

static bool boundary_follows(const lac_exact *e, size_t boundary, size_t variable)
{
    return variable < e->layout.fields &&
           boundary_laws_use(&e->boundary_channel[boundary], variable);
}

static lac_status list_dependents(const lac_exact *e, size_t candidates,
                                  bool (*follows)(const lac_exact *, size_t, size_t),
                                  lac_dependents *list)
{
    lac_status status = LAC_OK;
    const size_t variables = e->scene.model->variables;
    size_t items = 0;
    LAC_NEW(list->first, variables + 1);
    LAC_NEW(list->item, variables * candidates);
    for (size_t v = 0; v < variables; v++) {
        for (size_t k = 0; k < candidates; k++)
            if (follows(e, k, v))
                list->item[items++] = k;
        list->first[v + 1] = items;
    }
out:
    return status;
}

lac_status lac_exact_find_dependents(lac_exact *e)
{
    lac_status status = LAC_OK;
    const size_t fields = e->layout.fields;
    LAC_TRY(list_dependents(e, e->reactions, reaction_follows, &e->reactions_of));
    LAC_TRY(list_dependents(e, fields, motion_follows, &e->motions_of));
    LAC_TRY(list_dependents(e, e->scene.model->boundaries, boundary_follows, &e->boundaries_of));
    LAC_NEW(e->looked_at, e->scene.model->variables);
    LAC_NEW(e->seen, e->scene.model->variables);
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        e->seen[v] = e->motions_of.first[v] != e->motions_of.first[v + 1] ||
                     e->boundaries_of.first[v] != e->boundaries_of.first[v + 1] ||
                     (e->states && lac_exact_states_see(e, v));
        e->looked_at[v] = e->seen[v] || e->reactions_of.first[v] != e->reactions_of.first[v + 1];
    }
    LAC_NEW(e->pool_seen, e->layout.pools);
    for (size_t p = 0; p < e->layout.pools; p++) {
        e->pool_seen[p] = e->states && lac_exact_states_see(e, fields + p);
        for (size_t k = 0; k < e->reactions; k++)
            e->pool_seen[p] |= e->reaction[k].in_tissue && e->reaction[k].law.uses[fields + p];
        for (size_t f = 0; f < fields; f++)
            e->pool_seen[p] |= e->motion[f].law.uses && e->motion[f].law.uses[fields + p];
        for (size_t b = 0; b < e->scene.model->boundaries; b++)
            e->pool_seen[p] |= boundary_laws_use(&e->boundary_channel[b], fields + p);
    }
    for (size_t k = 0; k < e->reactions; k++)
        e->time_varying = e->time_varying || e->reaction[k].time_varying;
    for (size_t f = 0; f < fields; f++)
        e->time_varying = e->time_varying || e->motion[f].time_varying;
    for (size_t b = 0; b < e->scene.model->boundaries; b++)
        e->time_varying = e->time_varying || e->boundary_channel[b].time_varying;
    e->time_varying = e->time_varying || e->states;
out:
    return status;
}
