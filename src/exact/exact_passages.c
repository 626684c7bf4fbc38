/* Passages through boundary faces: a molecule leaves, enters, or is taken by a given flux.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include <math.h>

/* What passes a boundary face: amount 1 into the tissue, -1 out of it. */
static lac_status pass(lac_exact *e, size_t boundary, size_t voxel, double amount)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    LAC_TRY(lac_exact_change(e, text->variable, voxel, amount));
    if (text->type->with_pool)
        LAC_TRY(lac_exact_change(e, text->pool, 0, -amount));
    e->boundary_channel[boundary].events += amount;
    e->clock.kept++;
out:
    return status;
}

/* The states at which laws of a boundary face look. */
static lac_status advance_states_at(lac_exact *e, size_t boundary, const lac_boundary_face *face)
{
    lac_status status = LAC_OK;
    if (!e->states || !(e->boundary_channel[boundary].time_varying ||
                        e->boundary_channel[boundary].membrane_varying))
        return LAC_OK;
    const size_t variable = e->scene.model->boundary[boundary].variable;
    LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, variable, face->voxel)));
    LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site(e, variable, face->inward)));
out:
    return status;
}

lac_status lac_exact_leave(lac_exact *e, size_t field, size_t voxel, double left)
{
    lac_status status = LAC_OK;
    const lac_motion *motion = &e->motion[field];
    for (uint32_t k = motion->first_boundary_face[voxel];
         k < motion->first_boundary_face[voxel + 1]; k++) {
        const lac_boundary_face_ref *ref = &motion->boundary_face[k];
        double rate;
        LAC_TRY(advance_states_at(
            e, ref->boundary,
            &motion->ground->grid
                 ->boundary_face[e->scene.model->boundary[ref->boundary].patch][ref->face]));
        LAC_TRY(lac_exact_leaving(e, ref->boundary, ref->face, false, &rate));
        if (lac_ends_in(&left, rate))
            return pass(e, motion->boundary_face[k].boundary, voxel, -1);
    }
    e->clock.rejected++;
out:
    return status;
}

/* A molecule that enters through a boundary face, or that a flux takes. */
lac_status lac_exact_boundary_event(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    const size_t boundary = c->index, face = lac_cr_sampler_draw(&c->sampler, &e->stream);
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    const lac_motion *motion = &e->motion[text->variable];
    const lac_boundary_face *at = &motion->ground->grid->boundary_face[text->patch][face];
    const double bound = e->unit[channel] * c->sampler.weight[face];
    double rate;
    LAC_TRY(advance_states_at(e, boundary, at));
    LAC_TRY(lac_exact_entering(e, boundary, face, false, &rate));
    LAC_TRY(lac_exact_check_bound(e, fabs(rate), bound, text->type->with_pool ? "entry" : "wall",
                                  lac_exact_site(e, text->variable, at->voxel)));
    const bool there = rate > 0 || motion->count[at->voxel] > 0;
    if (there && lac_stream_unit(&e->stream) * bound < fabs(rate))
        return pass(e, boundary, at->voxel, rate > 0 ? 1 : -1);
    e->clock.rejected++;
out:
    return status;
}
