/* Motion: what one molecule may do at most, alone, in each voxel, and the lists or weights by which
 * one is drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"

#include <math.h>

/* The weight of the fastest molecule. */
static const double HOP_WEIGHT_MAX = 64;

void lac_exact_set_molecule_weight(lac_exact *e, size_t field, size_t voxel, double amount)
{
    lac_motion *motion = &e->motion[field];
    const double count = motion->count[voxel];
    if (lac_molecule_list_used(&motion->list)) {
        if (amount > 0 ? lac_molecule_list_add(&motion->list, voxel, amount)
                       : lac_molecule_list_remove(&motion->list, voxel, -amount))
            return;
        lac_exact_list_molecules(e, field); /* relisted, or by the sampler where there is no room */
        return;
    }
    lac_exact_set_bound(e, motion->channel, voxel,
                        motion->even ? count : count * motion->hop_weight[voxel]);
}

/* --- bounds */

/* The greatest rate of one molecule in a voxel. */
static lac_status molecule_bound(const lac_exact *e, size_t field, size_t voxel, double *rate)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    const lac_exact_ground *g = motion->ground;
    *rate = motion->reacting;
    for (int face = 0; face < 6; face++) {
        if (!(g->open[voxel] >> face & 1))
            continue;
        const size_t there = voxel + (size_t)g->way[face];
        *rate += motion->by_voxel
                     ? lac_exact_face(g, voxel, face, motion->bound[voxel], motion->bound[there])
                     : motion->face[face / 2];
    }
    for (uint32_t k = motion->first_boundary_face ? motion->first_boundary_face[voxel] : 0;
         motion->first_boundary_face && k < motion->first_boundary_face[voxel + 1]; k++) {
        double leaving;
        LAC_TRY(lac_exact_leaving(e, motion->boundary_face[k].boundary,
                                  motion->boundary_face[k].face, true, &leaving));
        *rate += leaving;
    }
out:
    return status;
}

static lac_status bound_diffusivity(lac_exact *e, size_t field, size_t voxel)
{
    lac_motion *motion = &e->motion[field];
    return lac_exact_diffusivity(e, field, voxel, motion->time_varying,
                                 &motion->bound[motion->by_voxel ? voxel : 0]);
}

/* Weights where they save more than the draws that would be rejected without. */
static lac_status set_hop_weights(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    lac_motion *motion = &e->motion[field];
    double most = 0, sum = 0;
    for (size_t voxel = 0; voxel < motion->ground->voxels; voxel++) {
        LAC_TRY(molecule_bound(e, field, voxel, &motion->hop_weight[voxel]));
        most = fmax(most, motion->hop_weight[voxel]);
        sum += motion->hop_weight[voxel];
    }
    motion->even =
        !motion->time_varying && most * (double)motion->ground->grid->active_voxels <= 1.25 * sum;
    motion->alone = motion->even ? most : INFINITY;
    double hop_rate_unit = motion->even ? most : most / HOP_WEIGHT_MAX;
    e->hop_rate_unit[field] = hop_rate_unit;
    for (size_t voxel = 0; voxel < motion->ground->voxels; voxel++)
        motion->hop_weight[voxel] =
            hop_rate_unit > 0 ? ceil(motion->hop_weight[voxel] / hop_rate_unit) : 0;
out:
    return status;
}

static void set_faces(lac_motion *motion)
{
    double sum = motion->reacting;
    for (int axis = 0; axis < 3; axis++)
        motion->face[axis] = motion->bound[0] * motion->ground->per_area[axis];
    for (int face = 0; face < 6; face++)
        motion->way[face] = sum += motion->face[face / 2];
}

lac_status lac_exact_bound_motion(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    lac_motion *motion = &e->motion[field];
    const unsigned char uniform = !motion->by_voxel;
    for (size_t voxel = 0; !uniform && voxel < motion->ground->voxels; voxel++)
        LAC_TRY(bound_diffusivity(e, field, voxel));
    if (uniform) {
        LAC_TRY(bound_diffusivity(e, field, motion->ground->first_active));
        set_faces(motion);
    }
    LAC_TRY(set_hop_weights(e, field));
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
    set_faces(motion); /* of a resumed run */
    return motion->time_varying ? LAC_OK : lac_exact_bound_motion(e, field);
}

static void set_molecule_weights(lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    const double *count = motion->count;
    for (size_t voxel = 0; voxel < motion->ground->voxels; voxel++)
        e->scratch[voxel] = count[voxel] * (motion->even ? 1 : motion->hop_weight[voxel]);
    lac_exact_set_all_bounds(e, motion->channel, 1, e->scratch);
}

static bool can_list_molecules(const lac_motion *motion)
{
    return motion->channel != LAC_NONE && motion->even && !motion->time_varying;
}

/* Room for the molecule lists of all fields that may have one, by the counts of the start. */
lac_status lac_exact_make_molecule_lists(lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_motion *motion = &e->motion[field];
        const size_t voxels = motion->ground->voxels;
        if (can_list_molecules(motion))
            motion->list.capacity = lac_molecule_list_capacity(lac_sum(motion->count, voxels));
        e->list_words_count += lac_molecule_list_words(motion->list.capacity, voxels);
    }
    LAC_NEW(e->list_words, e->list_words_count);
    uint32_t *next = e->list_words;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_molecule_list *list = &e->motion[field].list;
        lac_molecule_list_place_in(list, next);
        next += lac_molecule_list_words(list->capacity, e->motion[field].ground->voxels);
    }
out:
    return status;
}

/* Molecule list if rates are equal and it fits; else composition-rejection. */
void lac_exact_list_molecules(lac_exact *e, size_t field)
{
    lac_motion *motion = &e->motion[field];
    *motion->list.length = LAC_MOLECULE_LIST_UNUSED;
    if (!can_list_molecules(motion) ||
        !lac_molecule_list_fill(&motion->list, motion->ground->voxels, motion->count)) {
        set_molecule_weights(e, field);
        return;
    }
    e->unit[motion->channel] = 1;
    lac_exact_update(e, motion->channel);
}

/* The weight of the molecules of one voxel, with bounds as they are. */
static lac_status set_hop_weight_at(lac_exact *e, size_t field, size_t voxel)
{
    lac_status status = LAC_OK;
    double rate;
    LAC_TRY(molecule_bound(e, field, voxel, &rate));
    if (e->hop_rate_unit[field] == 0 && rate > 0)
        e->hop_rate_unit[field] = rate / HOP_WEIGHT_MAX;
    e->motion[field].hop_weight[voxel] = rate > 0 ? ceil(rate / e->hop_rate_unit[field]) : 0;
    lac_exact_set_molecule_weight(e, field, voxel, 0);
    lac_exact_update(e, e->motion[field].channel);
out:
    return status;
}

static lac_status bound_entries_at(lac_exact *e, size_t field, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    for (uint32_t k = motion->first_boundary_face ? motion->first_boundary_face[voxel] : 0;
         motion->first_boundary_face && k < motion->first_boundary_face[voxel + 1]; k++) {
        const lac_boundary_face_ref *ref = &motion->boundary_face[k];
        double rate;
        LAC_TRY(lac_exact_entering(e, ref->boundary, ref->face, true, &rate));
        lac_exact_set_bound(e, e->boundary_channel[ref->boundary].channel, ref->face, rate);
        lac_exact_update(e, e->boundary_channel[ref->boundary].channel);
    }
out:
    return status;
}

/* Of a boundary face at `there`, if its laws look at `voxel`. */
static lac_status bound_boundary_face(lac_exact *e, const lac_boundary_face_ref *ref, size_t there,
                                      size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_boundary_channel *entry = &e->boundary_channel[ref->boundary];
    const lac_boundary *text = &e->scene.model->boundary[ref->boundary];
    const lac_boundary_face *face =
        &e->motion[text->variable].ground->grid->boundary_face[text->patch][ref->face];
    double rate;
    if (face->voxel != voxel && face->inward != voxel)
        return LAC_OK;
    if (entry->membrane_varying)
        LAC_TRY(set_hop_weight_at(e, text->variable, there));
    LAC_TRY(lac_exact_entering(e, ref->boundary, ref->face, true, &rate));
    lac_exact_set_bound(e, entry->channel, ref->face, rate);
    lac_exact_update(e, entry->channel);
out:
    return status;
}

static lac_status bound_boundary_faces_of(lac_exact *e, size_t boundary, size_t there, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[e->scene.model->boundary[boundary].variable];
    for (uint32_t k = motion->first_boundary_face[there];
         k < motion->first_boundary_face[there + 1]; k++)
        if (motion->boundary_face[k].boundary == boundary)
            LAC_TRY(bound_boundary_face(e, &motion->boundary_face[k], there, voxel));
out:
    return status;
}

lac_status lac_exact_bound_boundary_faces_at(lac_exact *e, size_t boundary, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[e->scene.model->boundary[boundary].variable];
    const lac_exact_ground *g = motion->ground;
    if (!motion->first_boundary_face)
        return LAC_OK;
    LAC_TRY(bound_boundary_faces_of(e, boundary, voxel, voxel));
    for (int face = 0; face < 6; face++)
        if (g->open[voxel] >> face & 1)
            LAC_TRY(bound_boundary_faces_of(e, boundary, voxel + (size_t)g->way[face], voxel));
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
    LAC_TRY(set_hop_weight_at(e, field, voxel));
    LAC_TRY(bound_entries_at(e, field, voxel));
    for (int face = 0; face < 6; face++)
        if (motion->ground->open[voxel] >> face & 1)
            LAC_TRY(set_hop_weight_at(e, field, voxel + (size_t)motion->ground->way[face]));
out:
    return status;
}
