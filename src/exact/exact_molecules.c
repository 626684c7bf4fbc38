/* Events of one molecule: it hops, leaves, reacts alone or meets a partner in its voxel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

/* The counts of a hop; in a list the molecule's entry moves along, and no rate of it changes. */
static inline lac_status move_molecule(lac_exact *e, lac_molecule_ref who, size_t to)
{
    lac_status status = LAC_OK;
    if (e->states && lac_exact_states_see(e, who.field)) {
        LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, who.field, who.voxel)));
        LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, who.field, to)));
    }
    if (who.place != LAC_NONE) {
        lac_motion *motion = &e->motion[who.field];
        double *count = motion->count;
        count[who.voxel]--;
        count[to]++;
        lac_molecule_list_hop(&motion->list, who.place, to);
        if (count[to] > motion->met)
            lac_exact_raise_pairs(e, who.field, count[to]);
        return LAC_OK;
    }
    LAC_TRY(lac_exact_put_count(e, who.field, who.voxel, -1));
    LAC_TRY(lac_exact_put_count(e, who.field, to, 1));
    lac_exact_update(e, e->motion[who.field].channel);
out:
    return status;
}

static inline lac_status hop(lac_exact *e, lac_molecule_ref who, size_t to)
{
    lac_status status = LAC_OK;
    LAC_TRY(move_molecule(e, who, to));
    if (e->looked_at[who.field]) {
        LAC_TRY(lac_exact_follow_count(e, who.field, who.voxel));
        LAC_TRY(lac_exact_follow_count(e, who.field, to));
    }
    e->clock.kept++;
out:
    return status;
}

/* D as it is now: the bound, where nothing moves. */
static lac_status diffusivity_now(lac_exact *e, size_t field, size_t voxel, double *diffusivity)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    *diffusivity = motion->bound[motion->by_voxel ? voxel : 0];
    if (!motion->time_varying)
        return LAC_OK;
    if (e->states)
        LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, field, voxel)));
    LAC_TRY(lac_exact_diffusivity(e, field, voxel, false, diffusivity));
out:
    return status;
}

/* Through any face there is, or a boundary face. */
static lac_status hop_or_leave(lac_exact *e, lac_molecule_ref who, double left)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[who.field];
    const lac_exact_ground *g = motion->ground;
    const unsigned open = g->open[who.voxel];
    double here = 0, there;
    if (motion->by_voxel || motion->time_varying)
        LAC_TRY(diffusivity_now(e, who.field, who.voxel, &here));
    for (unsigned face = 0; face < 6; face++) {
        const size_t to = who.voxel + (size_t)g->way[face];
        if (!(open >> face & 1))
            continue;
        double rate = motion->face[face / 2];
        if (motion->by_voxel || motion->time_varying) {
            LAC_TRY(diffusivity_now(e, who.field, to, &there));
            rate = lac_exact_face(g, who.voxel, (int)face, here, there);
        }
        if (lac_ends_in(&left, rate))
            return hop(e, who, to);
    }
    if (motion->first_boundary_face)
        return lac_exact_leave(e, who.field, who.voxel, left);
    e->clock.rejected++;
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
static inline lac_molecule_pick draw_from_list(lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    const lac_molecule_list *list = &motion->list;
    uint64_t *draws = e->prefetched_draws + LAC_PREFETCHED_DRAWS * field;
    const uint64_t turn = e->oldest_draw[field]++;
    uint64_t *oldest = &draws[turn % LAC_PREFETCHED_DRAWS];
    const lac_molecule_pick pick = lac_molecule_pick_of(list, *oldest);
    *oldest = lac_stream_long(&e->stream);
    __builtin_prefetch(list->member + lac_molecule_pick_of(list, *oldest).place, 1);
    const lac_molecule_pick half =
        lac_molecule_pick_of(list, draws[(turn + LAC_PREFETCHED_DRAWS / 2) % LAC_PREFETCHED_DRAWS]);
    const size_t voxel = list->member[half.place];
    const double left = half.unit * e->hop_rate_unit[field];
    const size_t to = voxel + (size_t)motion->ground->way[face_of(motion->way, left)];
    const double *count = motion->count;
    __builtin_prefetch(count + voxel, 1);
    __builtin_prefetch(count + (to < motion->ground->voxels ? to : voxel), 1);
    __builtin_prefetch(list->excess + voxel, 1);
    return pick;
}

/* A molecule meets one of the partners in its voxel, or as many as there might be. */
static lac_status react_in_pair(lac_exact *e, lac_molecule_ref who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    for (size_t k = 0; k < motion->pairs; k++) {
        const size_t reaction = motion->pair[k];
        if (left < e->reaction[reaction].k * lac_exact_partners(e, reaction, who.voxel))
            return lac_exact_react(e, reaction, who);
        left -= e->reaction[reaction].k * e->pair[reaction].most;
        if (left < 0)
            break;
    }
    e->clock.rejected++;
    return LAC_OK;
}

static lac_status react_alone(lac_exact *e, lac_molecule_ref who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    size_t k = 0;
    while (k + 1 < motion->reactions && !lac_ends_in(&left, e->reaction[motion->reaction[k]].k))
        k++;
    return lac_exact_react(e, motion->reaction[k], who);
}

/* `left`: where the draw falls among all that the molecule may do. */
static inline lac_status act(lac_exact *e, lac_molecule_ref who, double left)
{
    const lac_motion *motion = &e->motion[who.field];
    if (left >= motion->alone)
        return react_in_pair(e, who, left - motion->alone);
    if (left < motion->reacting)
        return react_alone(e, who, left);
    if (motion->by_voxel || motion->time_varying ||
        motion->ground->open[who.voxel] != motion->ground->inner)
        return hop_or_leave(e, who, left - motion->reacting);
    if (left < motion->way[5])
        return hop(e, who, who.voxel + (size_t)motion->ground->way[face_of(motion->way, left)]);
    e->clock.rejected++;
    return LAC_OK;
}

/* Of a molecule list. What nearly all events are comes first: a hop between inner voxels that
 * changes no rate. */
static inline lac_status act_of_listed(lac_exact *e, size_t channel, size_t field)
{
    lac_motion *motion = &e->motion[field];
    const lac_molecule_pick pick = draw_from_list(e, field);
    const size_t voxel = motion->list.member[pick.place];
    double *count = motion->count;
    const double left = e->hop_rate_unit[field] * pick.unit;
    if (motion->list.excess[voxel] > 0 &&
        !lac_molecule_list_stands(&motion->list, pick.place, count[voxel], &e->stream)) {
        lac_exact_update(e, channel);
        e->clock.rejected++;
        return LAC_OK;
    }
    if (!motion->plain || left < motion->reacting || left >= motion->way[5] ||
        motion->ground->open[voxel] != motion->ground->inner)
        return act(e, (lac_molecule_ref){field, pick.place, voxel}, left);
    const size_t to = voxel + (size_t)motion->ground->way[face_of(motion->way, left)];
    count[voxel]--;
    const double there = ++count[to];
    lac_molecule_list_hop(&motion->list, pick.place, to);
    e->clock.kept++;
    if (there > motion->met)
        lac_exact_raise_pairs(e, field, there);
    return LAC_OK;
}

lac_status lac_exact_molecule_event(lac_exact *e, size_t channel)
{
    const lac_channel *c = &e->channel[channel];
    const size_t field = c->index;
    const lac_motion *motion = &e->motion[field];
    double bound = e->hop_rate_unit[field];
    if (lac_molecule_list_used(&motion->list))
        return act_of_listed(e, channel, field);
    const size_t voxel = lac_cr_sampler_draw(&c->sampler, &e->stream);
    if (!motion->even || e->unit[channel] != 1)
        bound *= e->unit[channel] * c->sampler.weight[voxel] / motion->count[voxel];
    return act(e, (lac_molecule_ref){field, LAC_NONE, voxel}, bound * lac_stream_unit(&e->stream));
}
