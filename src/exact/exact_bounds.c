/* Bounds: what every site may do at most, and the sums from which events are drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"
#include "exact/exact_states.h"

#include <math.h>

/* A site's rate in steps of its channel: the greatest is about this many, so that rounding up
 * wastes few draws. */
static const double STEPS_OF_RATE = 65536;
/* Shares of molecules: the fastest has this many. */
static const double SHARES = 64;

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

double lac_exact_channel_rate(const lac_exact *e, size_t channel)
{
    const lac_channel *c = &e->channel[channel];
    if (c->kind == LAC_CHANNEL_OF_POOLS)
        return e->unit[channel] * c->scale;
    if (c->kind == LAC_CHANNEL_OF_MOLECULES && lac_flock_used(&e->motion[c->index].flock))
        return e->per_share[c->index] * (double)*e->motion[c->index].flock.length;
    double rate = e->unit[channel] * (double)c->urn.groups->total;
    if (c->kind == LAC_CHANNEL_OF_MOLECULES)
        return rate * e->per_share[c->index];
    if (c->kind == LAC_CHANNEL_OF_VOXELS)
        return rate * c->scale;
    const lac_boundary *text = &e->scene.model->boundary[c->index];
    if (text->kind == LAC_BOUNDARY_EXCHANGE)
        rate *= e->count[lac_layout_at(&e->layout, text->pool)];
    return rate;
}

void lac_exact_update(lac_exact *e, size_t channel)
{
    tree_set(e, channel, lac_exact_channel_rate(e, channel));
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
    while (bound / (e->unit[channel] * (double)factor) > LAC_URN_MOST / 16)
        factor *= 2;
    e->unit[channel] *= (double)factor;
    for (size_t site = 0; site < c->urn.sites; site++)
        c->urn.weight[site] = (uint32_t)((c->urn.weight[site] + factor - 1) / factor);
    lac_urn_fill(&c->urn);
}

static void weigh(lac_exact *e, size_t channel, size_t site, double bound)
{
    lac_channel *c = &e->channel[channel];
    if (e->unit[channel] == 0 && bound > 0)
        e->unit[channel] = power_of_two_below(bound) / STEPS_OF_RATE;
    if (bound > LAC_URN_MOST * e->unit[channel])
        coarsen(e, channel, bound);
    uint32_t weight = bound > 0 ? (uint32_t)ceil(bound / e->unit[channel]) : 0;
    if (weight != c->urn.weight[site])
        lac_urn_set(&c->urn, site, weight);
}

/* All sites of a channel at once; unit 0: as fits. */
static void weigh_all(lac_exact *e, size_t channel, double unit, const double *bound)
{
    lac_channel *c = &e->channel[channel];
    double most = 0;
    for (size_t site = 0; site < c->urn.sites; site++)
        most = fmax(most, bound[site]);
    if (unit == 0 && most > 0)
        unit = power_of_two_below(most) / STEPS_OF_RATE;
    while (unit > 0 && most / unit > LAC_URN_MOST / 16)
        unit *= 2;
    e->unit[channel] = unit;
    for (size_t site = 0; site < c->urn.sites; site++)
        c->urn.weight[site] = bound[site] > 0 ? (uint32_t)ceil(bound[site] / unit) : 0;
    lac_urn_fill(&c->urn);
    lac_exact_update(e, channel);
}

/* Hops change the product of a slow reaction far more often than it happens: a weight of twice the
 * product stays until the product leaves it or falls to a sixth. What is drawn is thinned. */
static bool holds(const lac_exact *e, const lac_reaction *reaction, size_t voxel, double *bound)
{
    double weight = e->unit[reaction->channel] * e->channel[reaction->channel].urn.weight[voxel];
    if (*bound <= weight && weight <= 6 * *bound + 6)
        return true;
    *bound *= 2;
    return false;
}

/* Is a molecule's hop much faster than its part in one pair? */
static bool is_slack(const lac_exact *e, const lac_reaction *reaction)
{
    for (size_t k = 0; reaction->mass_action && reaction->in_tissue && k < reaction->factors; k++) {
        const size_t field = reaction->factor[k].variable;
        if (e->motion[field].moves && !e->motion[field].moving &&
            e->per_share[field] > 10 * reaction->k)
            return true;
    }
    return false;
}

lac_status lac_exact_reweigh(lac_exact *e, size_t index, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    double bound;
    LAC_TRY(lac_exact_reaction_rate(e, reaction, voxel, true, &bound));
    if (reaction->slack && holds(e, reaction, voxel, &bound))
        return LAC_OK;
    if (reaction->in_tissue)
        weigh(e, reaction->channel, voxel, bound);
    else
        e->unit[reaction->channel] = bound;
    lac_exact_update(e, reaction->channel);
out:
    return status;
}

static void weigh_molecules(lac_exact *e, size_t field);

void lac_exact_reweigh_molecules(lac_exact *e, size_t field, size_t voxel)
{
    lac_motion *motion = &e->motion[field];
    double count = e->count[field * e->layout.stride + voxel];
    if (lac_flock_used(&motion->flock)) {
        if (lac_flock_follow(&motion->flock, voxel, count))
            return;
        *motion->flock.length = LAC_FLOCK_UNUSED; /* full: the urn takes over */
        weigh_molecules(e, field);
        return;
    }
    weigh(e, motion->channel, voxel, motion->even ? count : count * motion->share[voxel]);
}

/* --- motion */

/* The greatest rate of one molecule in a voxel. */
static lac_status molecule_bound(const lac_exact *e, size_t field, size_t voxel, double *rate)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    *rate = motion->reacting;
    for (int face = 0; face < 6; face++) {
        if (!(e->open[voxel] >> face & 1))
            continue;
        size_t stride = e->stride[face / 2];
        size_t there = face & 1 ? voxel + stride : voxel - stride;
        *rate += motion->by_voxel
                     ? lac_exact_face(e, motion->bound[voxel], motion->bound[there], face / 2)
                     : motion->face[face / 2];
    }
    for (uint32_t k = motion->first_exit ? motion->first_exit[voxel] : 0;
         motion->first_exit && k < motion->first_exit[voxel + 1]; k++) {
        double leaving;
        LAC_TRY(
            lac_exact_leaving(e, motion->exit[k].boundary, motion->exit[k].wall, true, &leaving));
        *rate += leaving;
    }
out:
    return status;
}

static lac_status bound_diffusivity(lac_exact *e, size_t field, size_t voxel)
{
    lac_motion *motion = &e->motion[field];
    return lac_exact_diffusivity(e, field, voxel, motion->moving,
                                 &motion->bound[motion->by_voxel ? voxel : 0]);
}

/* Shares where they are worth more than draws that come to nothing. */
static lac_status share_out(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    lac_motion *motion = &e->motion[field];
    double most = 0, sum = 0;
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++) {
        LAC_TRY(molecule_bound(e, field, voxel, &motion->share[voxel]));
        most = fmax(most, motion->share[voxel]);
        sum += motion->share[voxel];
    }
    motion->even = !motion->moving && most * (double)e->scene.grid->active_voxels <= 1.25 * sum;
    double per_share = motion->even ? most : most / SHARES;
    e->per_share[field] = per_share;
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++)
        motion->share[voxel] = per_share > 0 ? ceil(motion->share[voxel] / per_share) : 0;
out:
    return status;
}

static lac_status bound_motion(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    lac_motion *motion = &e->motion[field];
    const unsigned char uniform = !motion->by_voxel;
    for (size_t voxel = 0; !uniform && voxel < e->layout.voxels; voxel++)
        LAC_TRY(bound_diffusivity(e, field, voxel));
    if (uniform) {
        LAC_TRY(bound_diffusivity(e, field, e->first_active));
        for (int axis = 0; axis < 3; axis++)
            motion->face[axis] = motion->bound[0] * e->per_area[axis];
    }
    LAC_TRY(share_out(e, field));
out:
    return status;
}

static lac_status prepare_motion(lac_exact *e, size_t field)
{
    lac_motion *motion = &e->motion[field];
    if (motion->channel == LAC_NONE)
        return LAC_OK;
    motion->reacting = 0;
    for (size_t k = 0; k < motion->reactions; k++)
        motion->reacting += e->reaction[motion->reaction[k]].k;
    for (int axis = 0; axis < 3; axis++)
        motion->face[axis] = motion->bound[0] * e->per_area[axis]; /* of a run taken up again */
    return motion->moving ? LAC_OK : bound_motion(e, field);
}

static void weigh_molecules(lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    const double *count = e->count + field * e->layout.stride;
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++)
        e->scratch[voxel] = count[voxel] * (motion->even ? 1 : motion->share[voxel]);
    weigh_all(e, motion->channel, 1, e->scratch);
}

static bool can_flock(const lac_motion *motion)
{
    return motion->channel != LAC_NONE && motion->even && !motion->moving;
}

/* Room for the lists of all fields that may have one, by the counts of the start. */
static lac_status make_flocks(lac_exact *e)
{
    lac_status status = LAC_OK;
    const size_t voxels = e->layout.voxels;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_flock *flock = &e->motion[field].flock;
        if (can_flock(&e->motion[field]))
            flock->capacity =
                lac_flock_capacity(lac_sum(e->count + field * e->layout.stride, voxels));
        e->members_count += flock->capacity > 0 ? flock->capacity + voxels : 0;
    }
    LAC_NEW(e->members, e->members_count);
    uint32_t *next = e->members;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_flock *flock = &e->motion[field].flock;
        flock->member = next;
        flock->listed = next + flock->capacity;
        next += flock->capacity > 0 ? flock->capacity + voxels : 0;
    }
out:
    return status;
}

/* By a list where all are as fast and there is room, else by the urn. */
static void list_molecules(lac_exact *e, size_t field)
{
    lac_motion *motion = &e->motion[field];
    const double *count = e->count + field * e->layout.stride;
    *motion->flock.length = LAC_FLOCK_UNUSED;
    if (!can_flock(motion) || !lac_flock_fill(&motion->flock, e->layout.voxels, count)) {
        weigh_molecules(e, field);
        return;
    }
    e->unit[motion->channel] = 1;
    lac_exact_update(e, motion->channel);
}

/* The molecules' share in one voxel, with bounds as they are. */
static lac_status share_in_voxel(lac_exact *e, size_t field, size_t voxel)
{
    lac_status status = LAC_OK;
    double rate;
    LAC_TRY(molecule_bound(e, field, voxel, &rate));
    if (e->per_share[field] == 0 && rate > 0)
        e->per_share[field] = rate / SHARES;
    e->motion[field].share[voxel] = rate > 0 ? ceil(rate / e->per_share[field]) : 0;
    lac_exact_reweigh_molecules(e, field, voxel);
    lac_exact_update(e, e->motion[field].channel);
out:
    return status;
}

static lac_status bound_entries_at(lac_exact *e, size_t field, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    for (uint32_t k = motion->first_exit ? motion->first_exit[voxel] : 0;
         motion->first_exit && k < motion->first_exit[voxel + 1]; k++) {
        const lac_exit *exit = &motion->exit[k];
        double rate;
        LAC_TRY(lac_exact_entering(e, exit->boundary, exit->wall, true, &rate));
        weigh(e, e->gate[exit->boundary].channel, exit->wall, rate);
        lac_exact_update(e, e->gate[exit->boundary].channel);
    }
out:
    return status;
}

lac_status lac_exact_bound_motion_at(lac_exact *e, size_t field, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    if (motion->channel == LAC_NONE)
        return LAC_OK;
    LAC_TRY(bound_diffusivity(e, field, voxel));
    LAC_TRY(share_in_voxel(e, field, voxel));
    LAC_TRY(bound_entries_at(e, field, voxel));
    for (int face = 0; face < 6; face++) {
        size_t stride = e->stride[face / 2];
        if (e->open[voxel] >> face & 1)
            LAC_TRY(share_in_voxel(e, field, face & 1 ? voxel + stride : voxel - stride));
    }
out:
    return status;
}

/* --- everything */

lac_status lac_exact_prepare(lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < e->reactions; k++) {
        lac_reaction *reaction = &e->reaction[k];
        if (!reaction->mass_action)
            continue;
        reaction->k = lac_exact_coefficient(e, reaction);
        if (!(reaction->k >= 0) || isinf(reaction->k))
            return lac_exact_refuse(e, "coefficient of the rate",
                                    e->scene.model->process[reaction->process].id, reaction->k,
                                    LAC_NONE);
        if (reaction->channel != LAC_NONE)
            e->channel[reaction->channel].scale = reaction->k;
    }
    for (size_t field = 0; field < e->layout.fields; field++)
        LAC_TRY(prepare_motion(e, field));
    for (size_t k = 0; k < e->reactions; k++)
        e->reaction[k].slack = is_slack(e, &e->reaction[k]);
    e->prepared = true;
out:
    return status;
}

static lac_status bound_reaction(lac_exact *e, size_t index)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    if (reaction->channel == LAC_NONE)
        return LAC_OK;
    if (!reaction->in_tissue)
        return lac_exact_reweigh(e, index, 0);
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++)
        LAC_TRY(lac_exact_reaction_rate(e, reaction, voxel, true, &e->scratch[voxel]));
    weigh_all(e, reaction->channel, reaction->mass_action ? 1 : 0, e->scratch);
out:
    return status;
}

static lac_status bound_gate(lac_exact *e, size_t boundary)
{
    lac_status status = LAC_OK;
    const size_t channel = e->gate[boundary].channel;
    for (size_t wall = 0; wall < e->channel[channel].urn.sites; wall++)
        LAC_TRY(lac_exact_entering(e, boundary, wall, true, &e->scratch[wall]));
    weigh_all(e, channel, 0, e->scratch);
out:
    return status;
}

static lac_status bound_those(lac_exact *e, bool all)
{
    lac_status status = LAC_OK;
    if (!e->members)
        LAC_TRY(make_flocks(e));
    for (size_t field = 0; field < e->layout.fields; field++) {
        const lac_motion *motion = &e->motion[field];
        if (motion->channel == LAC_NONE || (!all && !motion->moving))
            continue;
        if (motion->moving)
            LAC_TRY(bound_motion(e, field));
        list_molecules(e, field);
    }
    for (size_t k = 0; k < e->reactions; k++)
        if (all || e->reaction[k].moving)
            LAC_TRY(bound_reaction(e, k));
    for (size_t boundary = 0; boundary < e->scene.model->boundaries; boundary++)
        if (all || e->gate[boundary].moving)
            LAC_TRY(bound_gate(e, boundary));
    e->clock.refreshes++;
out:
    return status;
}

lac_status lac_exact_bound_all(lac_exact *e)
{
    return bound_those(e, true);
}

lac_status lac_exact_bound_moving(lac_exact *e)
{
    return bound_those(e, false);
}

lac_status lac_exact_bound_voxel(lac_exact *e, size_t voxel)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < e->reactions; k++)
        if (e->reaction[k].moving && e->reaction[k].in_tissue)
            LAC_TRY(lac_exact_reweigh(e, k, voxel));
    for (size_t field = 0; field < e->layout.fields; field++)
        if (e->motion[field].moving)
            LAC_TRY(lac_exact_bound_motion_at(e, field, voxel));
out:
    return status;
}
