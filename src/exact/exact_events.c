/* Events: a channel is drawn by its rate, a site from its urn, and what is drawn happens or, where
 * the bound was above the true rate, comes to nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include <math.h>

/* A true rate may be above its bound by rounding only. */
static const double ROUNDING = 1e-9;

/* --- changes */

static lac_status reweigh_dependents(lac_exact *e, size_t variable, size_t voxel)
{
    lac_status status = LAC_OK;
    const size_t *first = e->reacts.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_reweigh(e, e->reacts.item[k], voxel));
    first = e->spreads.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_bound_motion_at(e, e->spreads.item[k], voxel));
    first = e->borders.first + variable;
    for (size_t k = first[0]; k < first[1]; k++)
        LAC_TRY(lac_exact_bound_walls_at(e, e->borders.item[k], voxel));
    if (variable >= e->layout.fields)
        LAC_TRY(lac_exact_pool_changed(e, variable));
out:
    return status;
}

static lac_status rebound_states(lac_exact *e, size_t variable, size_t voxel)
{
    bool field = variable < e->layout.fields;
    if (!lac_exact_states_rebound(e, field ? voxel : e->layout.voxels))
        return LAC_OK;
    return field ? lac_exact_bound_voxel(e, voxel) : lac_exact_bound_moving(e);
}

/* The count alone: what depends on it comes after all counts of an event. */
static lac_status put_count(lac_exact *e, size_t variable, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    const bool field = variable < e->layout.fields;
    if (e->states && lac_exact_states_see(e, variable))
        LAC_TRY(lac_exact_states_reach(e, field ? voxel : e->layout.voxels));
    double *count = e->count + lac_layout_at(&e->layout, variable) + (field ? voxel : 0);
    *count += amount;
    if (field && e->motion[variable].channel != LAC_NONE)
        lac_exact_reweigh_molecules(e, variable, voxel, amount);
    if (field && *count > e->motion[variable].met)
        lac_exact_raise_pairs(e, variable, *count);
out:
    return status;
}

static lac_status follow_count(lac_exact *e, size_t variable, size_t voxel)
{
    lac_status status = LAC_OK;
    LAC_TRY(reweigh_dependents(e, variable, voxel));
    if (e->states && lac_exact_states_see(e, variable))
        LAC_TRY(rebound_states(e, variable, voxel));
out:
    return status;
}

lac_status lac_exact_change(lac_exact *e, size_t variable, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    LAC_TRY(put_count(e, variable, voxel, amount));
    if (variable < e->layout.fields && e->motion[variable].channel != LAC_NONE)
        lac_exact_update(e, e->motion[variable].channel);
    LAC_TRY(follow_count(e, variable, voxel));
out:
    return status;
}

/* A molecule that acts: of a field, in a voxel; its entry in the flock, or LAC_NONE. */
typedef struct actor {
    size_t field, place, voxel;
} actor;

/* The actor itself is taken: its entry is known. */
static lac_status put_actor(lac_exact *e, actor who)
{
    lac_status status = LAC_OK;
    if (e->states && lac_exact_states_see(e, who.field))
        LAC_TRY(lac_exact_states_reach(e, who.voxel));
    e->count[who.field * e->layout.stride + who.voxel]--;
    lac_flock_take(&e->motion[who.field].flock, who.place);
out:
    return status;
}

static lac_status react(lac_exact *e, size_t index, actor who)
{
    lac_status status = LAC_OK;
    lac_reaction *reaction = &e->reaction[index];
    for (size_t k = 0; k < reaction->changes; k++) {
        const lac_count_change *change = &reaction->change[k];
        if (who.place != LAC_NONE && change->variable == who.field && change->amount == -1)
            LAC_TRY(put_actor(e, who));
        else
            LAC_TRY(put_count(e, change->variable, who.voxel, change->amount));
    }
    for (size_t k = 0; k < reaction->changes; k++) {
        size_t variable = reaction->change[k].variable;
        if (variable < e->layout.fields && e->motion[variable].channel != LAC_NONE)
            lac_exact_update(e, e->motion[variable].channel);
        if (variable >= e->layout.fields || e->looked_at[variable])
            LAC_TRY(follow_count(e, variable, who.voxel));
    }
    reaction->events++;
    e->clock.kept++;
out:
    return status;
}

/* --- reactions by voxel and among pools */

static lac_status check_bound(const lac_exact *e, double rate, double bound, const char *name,
                              size_t voxel)
{
    if (rate <= bound * (1 + ROUNDING) || e->states)
        return LAC_OK;
    lac_exact_refuse(e, "rate", name, rate, voxel);
    return lac_fail_in(LAC_INTERNAL, "above its bound %g", bound);
}

/* Is an event of this reaction, drawn by its bound, kept? States may be behind: they are reached
 * first. */
static lac_status keep_reaction(lac_exact *e, size_t index, size_t voxel, double bound, bool *keep)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    double rate;
    if (e->states && reaction->moving)
        LAC_TRY(lac_exact_states_reach_for(e, reaction, voxel));
    LAC_TRY(lac_exact_reaction_rate(e, reaction, voxel, false, &rate));
    LAC_TRY(check_bound(e, rate, bound, e->scene.model->process[reaction->process].id, voxel));
    *keep = lac_stream_unit(&e->stream) * bound < rate;
out:
    return status;
}

static lac_status reaction_in_voxel(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    const lac_reaction *reaction = &e->reaction[c->index];
    size_t voxel = lac_urn_draw(&c->urn, &e->stream);
    bool keep = true;
    if (!reaction->mass_action || reaction->slack || e->unit[channel] != 1)
        LAC_TRY(keep_reaction(e, c->index, voxel, e->unit[channel] * c->urn.weight[voxel], &keep));
    if (keep)
        return react(e, c->index, (actor){LAC_NONE, LAC_NONE, voxel});
    e->clock.wasted++;
out:
    return status;
}

static lac_status reaction_among_pools(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    bool keep = true;
    if (e->reaction[c->index].moving)
        LAC_TRY(keep_reaction(e, c->index, 0, e->unit[channel], &keep));
    if (keep)
        return react(e, c->index, (actor){LAC_NONE, LAC_NONE, 0});
    e->clock.wasted++;
out:
    return status;
}

/* --- molecules */

/* The counts of a hop; in a flock the molecule's entry moves along, and no rate of it changes. */
static inline lac_status move_molecule(lac_exact *e, actor who, size_t to)
{
    lac_status status = LAC_OK;
    if (e->states && lac_exact_states_see(e, who.field)) {
        LAC_TRY(lac_exact_states_reach(e, who.voxel));
        LAC_TRY(lac_exact_states_reach(e, to));
    }
    if (who.place != LAC_NONE) {
        double *count = e->count + who.field * e->layout.stride;
        lac_motion *motion = &e->motion[who.field];
        count[who.voxel]--;
        count[to]++;
        lac_flock_hop(&motion->flock, who.place, to);
        if (count[to] > motion->met)
            lac_exact_raise_pairs(e, who.field, count[to]);
        return LAC_OK;
    }
    LAC_TRY(put_count(e, who.field, who.voxel, -1));
    LAC_TRY(put_count(e, who.field, to, 1));
    lac_exact_update(e, e->motion[who.field].channel);
out:
    return status;
}

static inline lac_status hop(lac_exact *e, actor who, size_t to)
{
    lac_status status = LAC_OK;
    LAC_TRY(move_molecule(e, who, to));
    if (e->looked_at[who.field]) {
        LAC_TRY(follow_count(e, who.field, who.voxel));
        LAC_TRY(follow_count(e, who.field, to));
    }
    e->clock.kept++;
out:
    return status;
}

/* What passes a wall: amount 1 into the tissue, -1 out of it. */
static lac_status pass(lac_exact *e, size_t boundary, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    LAC_TRY(lac_exact_change(e, text->variable, voxel, amount));
    if (text->kind == LAC_BOUNDARY_EXCHANGE)
        LAC_TRY(lac_exact_change(e, text->pool, 0, -amount));
    e->gate[boundary].events += amount;
    e->clock.kept++;
out:
    return status;
}

/* Takes `part` [1/s] off the rate that is left; true when it ends here. */
static inline bool ends_in(double *left, double part)
{
    *left -= part;
    return *left < 0;
}

/* The states at which laws of a wall look. */
static lac_status reach_wall(lac_exact *e, size_t boundary, const lac_wall *wall)
{
    lac_status status = LAC_OK;
    if (!e->states || !(e->gate[boundary].moving || e->gate[boundary].membrane_moving))
        return LAC_OK;
    LAC_TRY(lac_exact_states_reach(e, wall->voxel));
    LAC_TRY(lac_exact_states_reach(e, wall->inward));
out:
    return status;
}

static lac_status leave(lac_exact *e, size_t field, size_t voxel, double left)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    for (uint32_t k = motion->first_exit[voxel]; k < motion->first_exit[voxel + 1]; k++) {
        const lac_exit *exit = &motion->exit[k];
        double rate;
        LAC_TRY(reach_wall(
            e, exit->boundary,
            &e->scene.grid->wall[e->scene.model->boundary[exit->boundary].patch][exit->wall]));
        LAC_TRY(lac_exact_leaving(e, exit->boundary, exit->wall, false, &rate));
        if (ends_in(&left, rate))
            return pass(e, motion->exit[k].boundary, voxel, -1);
    }
    e->clock.wasted++;
out:
    return status;
}

/* D as it is now: the bound, where nothing moves. */
static lac_status diffusivity_now(lac_exact *e, size_t field, size_t voxel, double *diffusivity)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    *diffusivity = motion->bound[motion->by_voxel ? voxel : 0];
    if (!motion->moving)
        return LAC_OK;
    if (e->states)
        LAC_TRY(lac_exact_states_reach(e, voxel));
    LAC_TRY(lac_exact_diffusivity(e, field, voxel, false, diffusivity));
out:
    return status;
}

/* Through any face there is, or a wall. */
static lac_status hop_or_leave(lac_exact *e, actor who, double left)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[who.field];
    const unsigned open = e->open[who.voxel];
    double here = 0, there;
    if (motion->by_voxel || motion->moving)
        LAC_TRY(diffusivity_now(e, who.field, who.voxel, &here));
    for (unsigned face = 0; face < 6; face++) {
        const size_t to = who.voxel + (size_t)e->way[face];
        if (!(open >> face & 1))
            continue;
        double rate = motion->face[face / 2];
        if (motion->by_voxel || motion->moving) {
            LAC_TRY(diffusivity_now(e, who.field, to, &there));
            rate = lac_exact_face(e, here, there, (int)(face / 2));
        }
        if (ends_in(&left, rate))
            return hop(e, who, to);
    }
    if (motion->first_exit)
        return leave(e, who.field, who.voxel, left);
    e->clock.wasted++;
out:
    return status;
}

/* The face through which a molecule in an inner voxel hops, without a branch. */
static inline int face_of(const double *way, double left)
{
    return (left >= way[0]) + (left >= way[1]) + (left >= way[2]) + (left >= way[3]) +
           (left >= way[4]);
}

/* What decides is drawn some events ahead, so that the memory it points to, then the voxel's and
 * its neighbour's, can be asked for early: waiting for both is most of the cost of an event. */
static inline lac_flock_pick draw_from_flock(lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    const lac_flock *flock = &motion->flock;
    uint64_t *ahead = e->ahead + LAC_AHEAD * field;
    const uint64_t turn = e->turn[field]++;
    uint64_t *oldest = &ahead[turn % LAC_AHEAD];
    const lac_flock_pick pick = lac_flock_pick_of(flock, *oldest);
    *oldest = lac_stream_long(&e->stream);
    __builtin_prefetch(flock->member + lac_flock_pick_of(flock, *oldest).place, 1);
    const lac_flock_pick half = lac_flock_pick_of(flock, ahead[(turn + LAC_AHEAD / 2) % LAC_AHEAD]);
    const size_t voxel = flock->member[half.place];
    const double left = half.unit * e->per_share[field];
    const size_t to = voxel + (size_t)e->way[face_of(motion->way, left)];
    const double *count = e->count + field * e->layout.stride;
    __builtin_prefetch(count + voxel, 1);
    __builtin_prefetch(count + (to < e->layout.voxels ? to : voxel), 1);
    __builtin_prefetch(flock->excess + voxel, 1);
    return pick;
}

/* A molecule meets one of the partners in its voxel, or as many as there might be. */
static lac_status meet(lac_exact *e, actor who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    for (size_t k = 0; k < motion->pairs; k++) {
        const size_t reaction = motion->pair[k];
        if (left < e->reaction[reaction].k * lac_exact_partners(e, reaction, who.voxel))
            return react(e, reaction, who);
        left -= e->reaction[reaction].k * e->pair[reaction].most;
        if (left < 0)
            break;
    }
    e->clock.wasted++;
    return LAC_OK;
}

static lac_status react_alone(lac_exact *e, actor who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    size_t k = 0;
    while (k + 1 < motion->reactions && !ends_in(&left, e->reaction[motion->reaction[k]].k))
        k++;
    return react(e, motion->reaction[k], who);
}

/* `left`: where the draw falls among all that the molecule may do. */
static inline lac_status act(lac_exact *e, actor who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    if (left >= motion->alone)
        return meet(e, who, left - motion->alone);
    if (left < motion->reacting)
        return react_alone(e, who, left);
    if (motion->by_voxel || motion->moving || e->open[who.voxel] != e->inner)
        return hop_or_leave(e, who, left - motion->reacting);
    if (left < motion->way[5])
        return hop(e, who, who.voxel + (size_t)e->way[face_of(motion->way, left)]);
    e->clock.wasted++;
    return LAC_OK;
}

/* Of a flock. What nearly all events are comes first: a hop between inner voxels that changes no
 * rate. */
static inline lac_status act_of_flock(lac_exact *e, size_t channel, size_t field)
{
    lac_motion *motion = &e->motion[field];
    const lac_flock_pick pick = draw_from_flock(e, field);
    const size_t voxel = motion->flock.member[pick.place];
    double *count = e->count + field * e->layout.stride;
    const double left = e->per_share[field] * pick.unit;
    if (motion->flock.excess[voxel] > 0 &&
        !lac_flock_stands(&motion->flock, pick.place, count[voxel], &e->stream)) {
        lac_exact_update(e, channel);
        e->clock.wasted++;
        return LAC_OK;
    }
    if (!motion->plain || left < motion->reacting || left >= motion->way[5] ||
        e->open[voxel] != e->inner)
        return act(e, (actor){field, pick.place, voxel}, left);
    const size_t to = voxel + (size_t)e->way[face_of(motion->way, left)];
    count[voxel]--;
    const double there = ++count[to];
    lac_flock_hop(&motion->flock, pick.place, to);
    e->clock.kept++;
    if (there > motion->met)
        lac_exact_raise_pairs(e, field, there);
    return LAC_OK;
}

static lac_status event_of_molecule(lac_exact *e, size_t channel)
{
    const lac_channel *c = &e->channel[channel];
    const size_t field = c->index;
    const lac_motion *motion = &e->motion[field];
    double bound = e->per_share[field];
    if (lac_flock_used(&motion->flock))
        return act_of_flock(e, channel, field);
    const size_t voxel = lac_urn_draw(&c->urn, &e->stream);
    if (!motion->even || e->unit[channel] != 1)
        bound *=
            e->unit[channel] * c->urn.weight[voxel] / e->count[field * e->layout.stride + voxel];
    return act(e, (actor){field, LAC_NONE, voxel}, bound * lac_stream_unit(&e->stream));
}

/* A molecule that enters through a wall, or that a flux takes. */
static lac_status entry(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    const size_t boundary = c->index, wall = lac_urn_draw(&c->urn, &e->stream);
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    const lac_wall *at = &e->scene.grid->wall[text->patch][wall];
    const double bound = e->unit[channel] * c->urn.weight[wall];
    double rate;
    LAC_TRY(reach_wall(e, boundary, at));
    LAC_TRY(lac_exact_entering(e, boundary, wall, false, &rate));
    LAC_TRY(check_bound(e, fabs(rate), bound,
                        text->kind == LAC_BOUNDARY_EXCHANGE ? "entry" : "wall", at->voxel));
    const bool there = rate > 0 || e->count[text->variable * e->layout.stride + at->voxel] > 0;
    if (there && lac_stream_unit(&e->stream) * bound < fabs(rate))
        return pass(e, boundary, at->voxel, rate > 0 ? 1 : -1);
    e->clock.wasted++;
out:
    return status;
}

lac_status lac_exact_event(lac_exact *e)
{
    double left = lac_stream_unit(&e->stream) * e->tree[1];
    size_t node = 1;
    while (node < e->leaves) {
        node *= 2;
        /* A branch without rate is never taken, whatever rounding says. */
        if (left >= e->tree[node] && e->tree[node + 1] > 0) {
            left -= e->tree[node];
            node++;
        }
    }
    const size_t channel = node - e->leaves;
    e->clock.events++;
    switch (e->channel[channel].kind) {
    case LAC_CHANNEL_OF_MOLECULES:
        return event_of_molecule(e, channel);
    case LAC_CHANNEL_OF_VOXELS:
        return reaction_in_voxel(e, channel);
    case LAC_CHANNEL_OF_POOLS:
        return reaction_among_pools(e, channel);
    case LAC_CHANNEL_OF_WALLS:
        return entry(e, channel);
    }
    return LAC_OK;
}
