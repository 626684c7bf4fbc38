/* Motion: what one molecule may do at most, alone, in each voxel, and the lists or weights by which
 * one is drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"

#include <math.h>

/* Shares of molecules: the fastest has this many. */
static const double SHARES = 64;

void lac_exact_reweigh_molecules(lac_exact *e, size_t field, size_t voxel, double amount)
{
    lac_motion *motion = &e->motion[field];
    const double count = e->count[field * e->layout.stride + voxel];
    if (lac_flock_used(&motion->flock)) {
        if (amount > 0 ? lac_flock_add(&motion->flock, voxel, amount)
                       : lac_flock_remove(&motion->flock, voxel, -amount))
            return;
        lac_exact_list_molecules(e, field); /* anew, or by the urn where there is no room */
        return;
    }
    lac_exact_weigh(e, motion->channel, voxel, motion->even ? count : count * motion->share[voxel]);
}

/* --- bounds */

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
    motion->alone = motion->even ? most : INFINITY;
    double per_share = motion->even ? most : most / SHARES;
    e->per_share[field] = per_share;
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++)
        motion->share[voxel] = per_share > 0 ? ceil(motion->share[voxel] / per_share) : 0;
out:
    return status;
}

static void set_faces(const lac_exact *e, lac_motion *motion)
{
    double sum = motion->reacting;
    for (int axis = 0; axis < 3; axis++)
        motion->face[axis] = motion->bound[0] * e->per_area[axis];
    for (int face = 0; face < 6; face++)
        motion->way[face] = sum += motion->face[face / 2];
}

lac_status lac_exact_bound_motion(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    lac_motion *motion = &e->motion[field];
    const unsigned char uniform = !motion->by_voxel;
    for (size_t voxel = 0; !uniform && voxel < e->layout.voxels; voxel++)
        LAC_TRY(bound_diffusivity(e, field, voxel));
    if (uniform) {
        LAC_TRY(bound_diffusivity(e, field, e->first_active));
        set_faces(e, motion);
    }
    LAC_TRY(share_out(e, field));
out:
    return status;
}

lac_status lac_exact_prepare_motion(lac_exact *e, size_t field)
{
    lac_motion *motion = &e->motion[field];
    if (motion->channel == LAC_NONE)
        return LAC_OK;
    motion->reacting = 0;
    motion->alone = INFINITY;
    for (size_t k = 0; k < motion->reactions; k++)
        motion->reacting += e->reaction[motion->reaction[k]].k;
    set_faces(e, motion); /* of a run taken up again */
    return motion->moving ? LAC_OK : lac_exact_bound_motion(e, field);
}

static void weigh_molecules(lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    const double *count = e->count + field * e->layout.stride;
    for (size_t voxel = 0; voxel < e->layout.voxels; voxel++)
        e->scratch[voxel] = count[voxel] * (motion->even ? 1 : motion->share[voxel]);
    lac_exact_weigh_all(e, motion->channel, 1, e->scratch);
}

static bool can_flock(const lac_motion *motion)
{
    return motion->channel != LAC_NONE && motion->even && !motion->moving;
}

/* Room for the lists of all fields that may have one, by the counts of the start. */
lac_status lac_exact_make_flocks(lac_exact *e)
{
    lac_status status = LAC_OK;
    const size_t voxels = e->layout.voxels;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_flock *flock = &e->motion[field].flock;
        if (can_flock(&e->motion[field]))
            flock->capacity =
                lac_flock_capacity(lac_sum(e->count + field * e->layout.stride, voxels));
        e->members_count += lac_flock_words(flock->capacity, voxels);
    }
    LAC_NEW(e->members, e->members_count);
    uint32_t *next = e->members;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_flock *flock = &e->motion[field].flock;
        lac_flock_place_in(flock, next);
        next += lac_flock_words(flock->capacity, voxels);
    }
out:
    return status;
}

/* Molecule list if rates are equal and it fits; else composition-rejection. */
void lac_exact_list_molecules(lac_exact *e, size_t field)
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
    lac_exact_reweigh_molecules(e, field, voxel, 0);
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
        lac_exact_weigh(e, e->gate[exit->boundary].channel, exit->wall, rate);
        lac_exact_update(e, e->gate[exit->boundary].channel);
    }
out:
    return status;
}

/* Of a wall at `there`, if its laws look at `voxel`. */
static lac_status bound_wall(lac_exact *e, const lac_exit *exit, size_t there, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_gate *gate = &e->gate[exit->boundary];
    const lac_boundary *text = &e->scene.model->boundary[exit->boundary];
    const lac_wall *wall = &e->scene.grid->wall[text->patch][exit->wall];
    double rate;
    if (wall->voxel != voxel && wall->inward != voxel)
        return LAC_OK;
    if (gate->membrane_moving)
        LAC_TRY(share_in_voxel(e, text->variable, there));
    LAC_TRY(lac_exact_entering(e, exit->boundary, exit->wall, true, &rate));
    lac_exact_weigh(e, gate->channel, exit->wall, rate);
    lac_exact_update(e, gate->channel);
out:
    return status;
}

static lac_status bound_walls_of(lac_exact *e, size_t boundary, size_t there, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[e->scene.model->boundary[boundary].variable];
    for (uint32_t k = motion->first_exit[there]; k < motion->first_exit[there + 1]; k++)
        if (motion->exit[k].boundary == boundary)
            LAC_TRY(bound_wall(e, &motion->exit[k], there, voxel));
out:
    return status;
}

lac_status lac_exact_bound_walls_at(lac_exact *e, size_t boundary, size_t voxel)
{
    lac_status status = LAC_OK;
    if (!e->motion[e->scene.model->boundary[boundary].variable].first_exit)
        return LAC_OK;
    LAC_TRY(bound_walls_of(e, boundary, voxel, voxel));
    for (int face = 0; face < 6; face++)
        if (e->open[voxel] >> face & 1)
            LAC_TRY(bound_walls_of(e, boundary, voxel + (size_t)e->way[face], voxel));
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
