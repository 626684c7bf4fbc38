/* Bounds: what every site may do at most, and the sums from which events are drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"
#include "exact/exact_states.h"

#include <math.h>

/* A site's rate in steps of its channel: the greatest is about this many, so that rounding up
 * wastes few draws. */
static const double STEPS_OF_RATE = 65536;

/* --- sums of rates: a binary tree, each node the sum of its two children, so nothing drifts */

static void tree_set(lac_exact *e, size_t channel, double rate)
{
    size_t node = e->leaves + channel;
    if (e->tree[node] == rate)
        return;
    e->tree[node] = rate;
    for (node /= 2; node > 0; node /= 2)
        e->tree[node] = e->tree[2 * node] + e->tree[2 * node + 1];
}

double lac_exact_channel_propensity(const lac_exact *e, size_t channel)
{
    const lac_channel *c = &e->channel[channel];
    if (c->kind == LAC_CHANNEL_OF_POOLS)
        return e->unit[channel] * c->scale;
    if (c->kind == LAC_CHANNEL_OF_MOLECULES && lac_molecule_list_used(&e->motion[c->index].list))
        return e->hop_rate_unit[c->index] * (double)*e->motion[c->index].list.length;
    double rate = e->unit[channel] * (double)c->sampler.groups->total;
    if (c->kind == LAC_CHANNEL_OF_MOLECULES)
        return rate * e->hop_rate_unit[c->index];
    if (c->kind == LAC_CHANNEL_OF_VOXELS)
        return e->pair[c->index].driver == LAC_PAIR_NONE ? rate * c->scale : 0;
    const lac_boundary *text = &e->scene.model->boundary[c->index];
    if (text->type->with_pool)
        rate *= e->count[lac_layout_at(&e->layout, text->pool)];
    return rate;
}

void lac_exact_update(lac_exact *e, size_t channel)
{
    tree_set(e, channel, lac_exact_channel_propensity(e, channel));
}

/* --- weights */

static double power_of_two_below(double x)
{
    return exp2(floor(log2(x)));
}

/* Makes the channel's unit larger until this bound fits; the other weights stay bounds. */
static void coarsen(lac_exact *e, size_t channel, double bound)
{
    lac_channel *c = &e->channel[channel];
    uint64_t factor = 1;
    while (bound / (e->unit[channel] * (double)factor) > LAC_CR_WEIGHT_MAX / 16)
        factor *= 2;
    e->unit[channel] *= (double)factor;
    for (size_t site = 0; site < c->sampler.sites; site++)
        c->sampler.weight[site] = (uint32_t)((c->sampler.weight[site] + factor - 1) / factor);
    lac_cr_sampler_fill(&c->sampler);
}

void lac_exact_set_bound(lac_exact *e, size_t channel, size_t site, double bound)
{
    lac_channel *c = &e->channel[channel];
    if (e->unit[channel] == 0 && bound > 0)
        e->unit[channel] = power_of_two_below(bound) / STEPS_OF_RATE;
    if (bound > LAC_CR_WEIGHT_MAX * e->unit[channel])
        coarsen(e, channel, bound);
    uint32_t weight = bound > 0 ? (uint32_t)ceil(bound / e->unit[channel]) : 0;
    if (weight != c->sampler.weight[site])
        lac_cr_sampler_set(&c->sampler, site, weight);
}

/* All sites of a channel at once; unit 0: as fits. */
void lac_exact_set_all_bounds(lac_exact *e, size_t channel, double unit, const double *bound)
{
    lac_channel *c = &e->channel[channel];
    double most = 0;
    for (size_t site = 0; site < c->sampler.sites; site++)
        most = fmax(most, bound[site]);
    if (unit == 0 && most > 0)
        unit = power_of_two_below(most) / STEPS_OF_RATE;
    while (unit > 0 && most / unit > LAC_CR_WEIGHT_MAX / 16)
        unit *= 2;
    e->unit[channel] = unit;
    for (size_t site = 0; site < c->sampler.sites; site++)
        c->sampler.weight[site] = bound[site] > 0 ? (uint32_t)ceil(bound[site] / unit) : 0;
    lac_cr_sampler_fill(&c->sampler);
    lac_exact_update(e, channel);
}

/* Hops change the product of a slow reaction far more often than it happens: a weight of twice the
 * product stays until the product leaves it or falls to a sixth. What is drawn is thinned. */
static bool holds(const lac_exact *e, const lac_reaction *reaction, size_t voxel, double *bound)
{
    double weight =
        e->unit[reaction->channel] * e->channel[reaction->channel].sampler.weight[voxel];
    if (*bound <= weight && weight <= 6 * *bound + 6)
        return true;
    *bound *= 2;
    return false;
}

/* Is a molecule's hop much faster than its part in one pair? */
static bool has_loose_bound(const lac_exact *e, const lac_reaction *reaction)
{
    for (size_t k = 0; reaction->mass_action && reaction->in_tissue && k < reaction->factors; k++) {
        const size_t field = reaction->factor[k].variable;
        if (e->motion[field].moves && !e->motion[field].time_varying &&
            e->hop_rate_unit[field] > 10 * reaction->k)
            return true;
    }
    return false;
}

lac_status lac_exact_set_propensity_bound(lac_exact *e, size_t index, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    double bound;
    if (e->pair[index].driver != LAC_PAIR_NONE)
        return LAC_OK;
    LAC_TRY(lac_exact_propensity(e, reaction, voxel, true, &bound));
    if (reaction->loose_bound && holds(e, reaction, voxel, &bound))
        return LAC_OK;
    if (reaction->in_tissue)
        lac_exact_set_bound(e, reaction->channel, voxel, bound);
    else
        e->unit[reaction->channel] = bound;
    lac_exact_update(e, reaction->channel);
out:
    return status;
}

/* --- everything */

/* Parts of laws that parameters alone make. */
static void fold_constants(lac_exact *e)
{
    for (size_t k = 0; k < e->reactions; k++)
        lac_stack_program_fold(&e->reaction[k].law, &e->context);
    for (size_t field = 0; field < e->layout.fields; field++)
        lac_stack_program_fold(&e->motion[field].law, &e->context);
    for (size_t b = 0; b < e->scene.model->boundaries; b++) {
        lac_stack_program_fold(&e->boundary_channel[b].value, &e->context);
        lac_stack_program_fold(&e->boundary_channel[b].partition, &e->context);
        lac_stack_program_fold(&e->boundary_channel[b].permeability, &e->context);
    }
    if (e->states)
        lac_exact_states_fold(e);
}

lac_status lac_exact_prepare(lac_exact *e)
{
    lac_status status = LAC_OK;
    fold_constants(e);
    for (size_t k = 0; k < e->reactions; k++) {
        lac_reaction *reaction = &e->reaction[k];
        if (!reaction->mass_action)
            continue;
        reaction->k = lac_exact_coefficient(e, reaction);
        if (!(reaction->k >= 0) || isinf(reaction->k))
            return lac_exact_refuse(e, "coefficient of the rate",
                                    e->scene.model->process[reaction->process].id, reaction->k,
                                    e->sites);
        if (reaction->channel != LAC_NONE)
            e->channel[reaction->channel].scale = reaction->k;
    }
    for (size_t field = 0; field < e->layout.fields; field++)
        LAC_TRY(lac_exact_prepare_motion(e, field));
    for (size_t k = 0; k < e->reactions; k++)
        e->reaction[k].loose_bound = has_loose_bound(e, &e->reaction[k]);
    lac_exact_apply_pairs(e);
    e->prepared = true;
out:
    return status;
}

lac_status lac_exact_bound_reaction(lac_exact *e, size_t index)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    if (reaction->channel == LAC_NONE)
        return LAC_OK;
    if (e->pair[index].driver != LAC_PAIR_NONE) {
        lac_exact_update(e, reaction->channel);
        return LAC_OK;
    }
    if (!reaction->in_tissue)
        return lac_exact_set_propensity_bound(e, index, 0);
    for (size_t voxel = 0; voxel < reaction->ground->voxels; voxel++)
        LAC_TRY(lac_exact_propensity(e, reaction, voxel, true, &e->scratch[voxel]));
    lac_exact_set_all_bounds(e, reaction->channel, reaction->mass_action ? 1 : 0, e->scratch);
out:
    return status;
}

static lac_status bound_boundary_channel(lac_exact *e, size_t boundary)
{
    lac_status status = LAC_OK;
    const size_t channel = e->boundary_channel[boundary].channel;
    for (size_t face = 0; face < e->channel[channel].sampler.sites; face++)
        LAC_TRY(lac_exact_entering(e, boundary, face, true, &e->scratch[face]));
    lac_exact_set_all_bounds(e, channel, 0, e->scratch);
out:
    return status;
}

static lac_status bound_those(lac_exact *e, bool all)
{
    lac_status status = LAC_OK;
    if (!e->list_words)
        LAC_TRY(lac_exact_make_molecule_lists(e));
    for (size_t field = 0; field < e->layout.fields; field++) {
        const lac_motion *motion = &e->motion[field];
        if (motion->channel == LAC_NONE || (!all && !motion->time_varying))
            continue;
        if (motion->time_varying)
            LAC_TRY(lac_exact_bound_motion(e, field));
        lac_exact_list_molecules(e, field);
    }
    for (size_t k = 0; k < e->reactions; k++)
        if (all || e->reaction[k].time_varying)
            LAC_TRY(lac_exact_bound_reaction(e, k));
    for (size_t boundary = 0; boundary < e->scene.model->boundaries; boundary++)
        if (all || e->boundary_channel[boundary].time_varying)
            LAC_TRY(bound_boundary_channel(e, boundary));
    if (all)
        LAC_TRY(lac_exact_review_pairs(e));
    e->clock.refreshes++;
out:
    return status;
}

lac_status lac_exact_bound_all(lac_exact *e)
{
    return bound_those(e, true);
}

lac_status lac_exact_bound_time_varying(lac_exact *e)
{
    return bound_those(e, false);
}

lac_status lac_exact_bound_site(lac_exact *e, size_t site)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < e->reactions; k++) {
        const lac_exact_ground *ground = e->reaction[k].ground;
        if (e->reaction[k].time_varying && e->reaction[k].in_tissue &&
            lac_exact_is_in(ground, site))
            LAC_TRY(lac_exact_set_propensity_bound(e, k, site - ground->first_site));
    }
    for (size_t field = 0; field < e->layout.fields; field++) {
        const lac_exact_ground *ground = e->motion[field].ground;
        if (e->motion[field].time_varying && lac_exact_is_in(ground, site))
            LAC_TRY(lac_exact_bound_motion_at(e, field, site - ground->first_site));
    }
    for (size_t boundary = 0; boundary < e->scene.model->boundaries; boundary++) {
        const lac_exact_ground *ground =
            e->motion[e->scene.model->boundary[boundary].variable].ground;
        if (e->boundary_channel[boundary].time_varying && lac_exact_is_in(ground, site))
            LAC_TRY(lac_exact_bound_boundary_faces_at(e, boundary, site - ground->first_site));
    }
out:
    return status;
}
