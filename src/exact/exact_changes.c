/* Changes of counts, and what follows them: a reaction that happens, by itself or as the act of one
 * molecule.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

static lac_status bound_dependents(lac_exact *e, size_t variable, size_t voxel)
{
    lac_status status = LAC_OK;
    const size_t *first = e->reactions_of.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_set_propensity_bound(e, e->reactions_of.item[k], voxel));
    first = e->motions_of.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_bound_motion_at(e, e->motions_of.item[k], voxel));
    first = e->boundaries_of.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_bound_boundary_faces_at(e, e->boundaries_of.item[k], voxel));
    if (variable >= e->layout.fields)
        LAC_TRY(lac_exact_pool_changed(e, variable));
out:
    return status;
}

static lac_status rebound_states(lac_exact *e, size_t variable, size_t voxel)
{
    const size_t site = lac_exact_site(e, variable, voxel);
    if (!lac_exact_states_rebound(e, site))
        return LAC_OK;
    return site < e->sites ? lac_exact_bound_site(e, site) : lac_exact_bound_time_varying(e);
}

/* The count alone: what depends on it comes after all counts of an event. */
lac_status lac_exact_put_count(lac_exact *e, size_t variable, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    const bool field = variable < e->layout.fields;
    if (e->states && lac_exact_states_see(e, variable))
        LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, variable, voxel)));
    double *count = e->count + lac_layout_at(&e->layout, variable) + (field ? voxel : 0);
    *count += amount;
    if (field && e->motion[variable].channel != LAC_NONE)
        lac_exact_set_molecule_weight(e, variable, voxel, amount);
    if (field && *count > e->motion[variable].met)
        lac_exact_raise_pairs(e, variable, *count);
out:
    return status;
}

lac_status lac_exact_follow_count(lac_exact *e, size_t variable, size_t voxel)
{
    lac_status status = LAC_OK;
    LAC_TRY(bound_dependents(e, variable, voxel));
    if (e->states && lac_exact_states_see(e, variable))
        LAC_TRY(rebound_states(e, variable, voxel));
out:
    return status;
}

lac_status lac_exact_change(lac_exact *e, size_t variable, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_exact_put_count(e, variable, voxel, amount));
    if (variable < e->layout.fields && e->motion[variable].channel != LAC_NONE)
        lac_exact_update(e, e->motion[variable].channel);
    LAC_TRY(lac_exact_follow_count(e, variable, voxel));
out:
    return status;
}

/* The actor itself is taken: its entry is known. */
static lac_status take_molecule(lac_exact *e, lac_molecule_ref who)
{
    lac_status status = LAC_OK;
    if (e->states && lac_exact_states_see(e, who.field))
        LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, who.field, who.voxel)));
    e->motion[who.field].count[who.voxel]--;
    lac_molecule_list_take(&e->motion[who.field].list, who.place);
out:
    return status;
}

lac_status lac_exact_react(lac_exact *e, size_t index, lac_molecule_ref who)
{
    lac_status status = LAC_OK;
    lac_reaction *reaction = &e->reaction[index];
    for (size_t k = 0; k < reaction->changes; k++) {
        const lac_count_change *change = &reaction->change[k];
        if (who.place != LAC_NONE && change->variable == who.field && change->amount == -1)
            LAC_TRY(take_molecule(e, who));
        else
            LAC_TRY(lac_exact_put_count(e, change->variable, who.voxel, change->amount));
    }
    for (size_t k = 0; k < reaction->changes; k++) {
        size_t variable = reaction->change[k].variable;
        if (variable < e->layout.fields && e->motion[variable].channel != LAC_NONE)
            lac_exact_update(e, e->motion[variable].channel);
        if (variable >= e->layout.fields || e->looked_at[variable])
            LAC_TRY(lac_exact_follow_count(e, variable, who.voxel));
    }
    reaction->events++;
    e->clock.kept++;
out:
    return status;
}
