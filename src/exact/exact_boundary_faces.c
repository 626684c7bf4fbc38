/* Laws of boundaries at a boundary face: what a molecule leaves by, what enters, as they are now or
 * bounded.
 *
 * A molecule leaves through a boundary face at g / h, and one of the pool enters at (g / h)
 * partition * V_voxel / V_pool, V_pool that of the patch. A given flux is so many molecules an area
 * and time: inward they enter, outward they are taken from the voxel while there are any.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "tissue/boundary_face.h"
#include "tissue/operators.h"

#include <math.h>

/* A law of a boundary, and how far behind its boundary faces it is taken (tissue/boundary_face.h).
 */
typedef struct boundary_law {
    const lac_stack_program *law;
    const char *what;
    size_t variable; /* that it is a law of */
    double share;
} boundary_law;

static bool looks_at_tissue(const lac_exact *e, const lac_stack_program *law)
{
    for (size_t field = 0; field < e->layout.fields; field++)
        if (law->uses[field])
            return true;
    return false;
}

/* The state of the next voxel inward counts for laws of the boundary face itself; half a voxel's
 * diffusivity takes that of the voxel, whose error is of second order there. Bounds: the
 * extrapolation rises with the first value and falls with the second. */
static lac_interval at_boundary_face(const lac_exact *e, const boundary_law *law,
                                     const lac_boundary_face *face, bool bound)
{
    double point[3];
    lac_eval_context context = e->context;
    const lac_grid *grid = e->motion[law->variable].ground->grid;
    const double reach = lac_boundary_face_reach(grid, face, law->share);
    lac_boundary_face_point(grid, face, law->share, point);
    context.point = point;
    context.place = face->voxel;
    double value = bound ? 0 : lac_stack_program_value(law->law, &context, face->voxel);
    lac_interval first = bound ? lac_stack_program_interval(law->law, &context, face->voxel)
                               : (lac_interval){value, value};
    if (law->share != LAC_AT_THE_FACE || !looks_at_tissue(e, law->law))
        return first;
    value = bound ? 0 : lac_stack_program_value(law->law, &context, face->inward);
    lac_interval next = bound ? lac_stack_program_interval(law->law, &context, face->inward)
                              : (lac_interval){value, value};
    return (lac_interval){lac_boundary_face_extrapolate(first.low, next.high, reach),
                          lac_boundary_face_extrapolate(first.high, next.low, reach)};
}

static lac_status refuse_law(const lac_exact *e, const boundary_law *law,
                             const lac_boundary_face *face, double value)
{
    return lac_exact_refuse(e, law->what, e->scene.model->variable[law->variable].name, value,
                            lac_exact_site(e, law->variable, face->voxel));
}

/* Of a law that is not negative: its value, or an upper bound. */
static lac_status coefficient_at_face(const lac_exact *e, boundary_law law,
                                      const lac_boundary_face *face, bool bound, double *value)
{
    *value = at_boundary_face(e, &law, face, bound).high;
    if (!(*value >= 0) || isinf(*value))
        return refuse_law(e, &law, face, *value);
    return LAC_OK;
}

/* Of a flux: its value, negative outward, or a bound of its size. */
static lac_status flux_at_face(const lac_exact *e, boundary_law law, const lac_boundary_face *face,
                               bool bound, double *flux)
{
    const lac_interval interval = at_boundary_face(e, &law, face, bound);
    *flux = bound ? fmax(fabs(interval.low), fabs(interval.high)) : interval.high;
    if (!isfinite(interval.low) || !isfinite(interval.high))
        return refuse_law(e, &law, face, interval.high);
    return LAC_OK;
}

lac_status lac_exact_leaving(const lac_exact *e, size_t boundary, size_t face, bool bound,
                             double *rate)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    const lac_exact_ground *ground = e->motion[text->variable].ground;
    const lac_boundary_face *at = &ground->grid->boundary_face[text->patch][face];
    const lac_stack_program *permeability = &e->boundary_channel[boundary].permeability;
    const lac_stack_program *law = &e->motion[text->variable].law;
    const double h = lac_grid_side(ground->grid, at->axis, at->voxel);
    double diffusivity = 0, membrane = 0;
    *rate = 0;
    if (!text->type->conducts)
        return LAC_OK;
    if (law->steps > 0)
        LAC_TRY(coefficient_at_face(
            e,
            (boundary_law){law, "diffusivity at a boundary", text->variable, LAC_IN_THE_HALF_VOXEL},
            at, bound, &diffusivity));
    if (permeability->steps > 0)
        LAC_TRY(coefficient_at_face(e,
                                    (boundary_law){permeability, "permeability at a boundary",
                                                   text->variable, LAC_AT_THE_FACE},
                                    at, bound, &membrane));
    if (permeability->steps == 0 || membrane > 0)
        *rate = lac_boundary_face_conductance(diffusivity, h, membrane) / h;
out:
    return status;
}

/* [1/s] molecules that a given flux brings; negative: that it takes. */
static lac_status given_flux(const lac_exact *e, size_t boundary, const lac_boundary_face *face,
                             bool bound, double *rate)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    const lac_exact_ground *ground = e->motion[text->variable].ground;
    LAC_TRY(flux_at_face(e,
                         (boundary_law){&e->boundary_channel[boundary].value, text->type->law,
                                        text->variable, LAC_AT_THE_FACE},
                         face, bound, rate));
    *rate = lac_exact_volume(ground, face->voxel) *
            lac_boundary_reference(text->type, *rate,
                                   lac_grid_side(ground->grid, face->axis, face->voxel));
    if (bound)
        *rate = fabs(*rate);
out:
    return status;
}

lac_status lac_exact_entering(const lac_exact *e, size_t boundary, size_t face, bool bound,
                              double *rate)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &e->scene.model->boundary[boundary];
    const lac_boundary_channel *entry = &e->boundary_channel[boundary];
    const lac_exact_ground *ground = e->motion[text->variable].ground;
    const lac_boundary_face *at = &ground->grid->boundary_face[text->patch][face];
    const bool exchange = text->type->with_pool;
    const boundary_law law = {exchange ? &entry->partition : &entry->value, text->type->law,
                              text->variable, LAC_AT_THE_FACE};
    double reference = 1;
    if (!text->type->conducts)
        return given_flux(e, boundary, at, bound, rate);
    LAC_TRY(lac_exact_leaving(e, boundary, face, bound, rate));
    if (law.law->steps > 0)
        LAC_TRY(coefficient_at_face(e, law, at, bound, &reference));
    *rate *= reference * lac_exact_volume(ground, at->voxel) / (exchange ? entry->volume : 1);
out:
    return status;
}
