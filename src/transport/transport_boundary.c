/* Boundaries: what boundary faces conduct, what passes through them, and what the pools behind them
 * lose.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include "tissue/boundary_face.h"

#include <math.h>

typedef struct boundary_place {
    const lac_transport *transport;
    const lac_frame *frame;
    const lac_boundary *text;
    const lac_boundary_face *face;
    size_t faces;
} boundary_place;

/* A law of a boundary: what it is called, the least number that it may give, where it is taken. */
typedef struct boundary_law {
    const lac_law *law;
    const char *what;
    double least, share;
} boundary_law;

/* Evaluates a law at the boundary faces; a number below the least, or none, is refused. */
static lac_status evaluate_law(const boundary_place *place, boundary_law law, double *values)
{
    const lac_transport *transport = place->transport;
    lac_boundary_face_set faces = {place->face, place->faces, law.share};
    lac_law_at_boundary_faces(law.law, lac_transport_place(transport, place->text->variable),
                              place->frame, &faces, values, NULL);
    for (size_t k = 0; k < place->faces; k++)
        if (!(values[k] >= law.least) || isinf(values[k]))
            return lac_transport_refuse(transport, place->frame->time, law.what,
                                        place->text->variable, values[k], place->face[k].voxel);
    return LAC_OK;
}

/* Of the half voxels behind the boundary faces. */
static lac_status evaluate_diffusivity(const boundary_place *place, const lac_law *law,
                                       double *values)
{
    if (law->program)
        return evaluate_law(
            place, (boundary_law){law, "diffusivity at a boundary", 0, LAC_IN_THE_HALF_VOXEL},
            values);
    for (size_t k = 0; k < place->faces; k++)
        values[k] = 0;
    return LAC_OK;
}

/* g / h; a membrane of permeability 0 is closed. */
static lac_status evaluate_conductance(const boundary_place *place, const lac_law *diffusivity,
                                       const lac_law *permeability, double *scratch,
                                       double *conductance)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = lac_transport_grid(place->transport, place->text->variable);
    LAC_TRY(evaluate_diffusivity(place, diffusivity, conductance));
    if (permeability->program)
        LAC_TRY(evaluate_law(
            place, (boundary_law){permeability, "permeability at a boundary", 0, LAC_AT_THE_FACE},
            scratch));
    for (size_t k = 0; k < place->faces; k++) {
        double h = lac_grid_side(grid, place->face[k].axis, place->face[k].voxel);
        double membrane = permeability->program ? scratch[k] : 0;
        bool closed = permeability->program && membrane == 0;
        conductance[k] =
            closed ? 0 : lac_boundary_face_conductance(conductance[k], h, membrane) / h;
    }
out:
    return status;
}

/* The boundary face's side of the difference: value, partition, or what a given flux adds. */
static lac_status evaluate_reference(const boundary_place *place, const lac_boundary_laws *laws,
                                     double *reference)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = lac_transport_grid(place->transport, place->text->variable);
    const lac_boundary_type *type = place->text->type;
    const lac_law *law = type->with_pool ? &laws->partition : &laws->value;
    const double absent = type->with_pool ? 1 : 0, least = type->with_pool ? 0 : -INFINITY;
    for (size_t k = 0; !law->program && k < place->faces; k++)
        reference[k] = absent;
    if (law->program)
        LAC_TRY(
            evaluate_law(place, (boundary_law){law, type->law, least, LAC_AT_THE_FACE}, reference));
    for (size_t k = 0; type->reference && k < place->faces; k++)
        reference[k] = type->reference(
            reference[k], lac_grid_side(grid, place->face[k].axis, place->face[k].voxel));
out:
    return status;
}

lac_status lac_boundary_evaluate(const lac_transport *transport, const lac_frame *frame,
                                 size_t boundary, lac_coefficients *coefficients)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &transport->model->boundary[boundary];
    const lac_boundary_laws *laws = &transport->boundary[boundary];
    const lac_law *diffusivity = &transport->diffusivity[text->variable];
    lac_boundary_terms *terms = &coefficients->boundary[boundary];
    const lac_grid *grid = lac_transport_grid(transport, text->variable);
    boundary_place place = {transport, frame, text, grid->boundary_face[text->patch],
                            grid->boundary_faces[text->patch]};
    bool fresh = !coefficients->valid;
    if (text->type->conducts &&
        (fresh || lac_law_is_stale(diffusivity, coefficients, frame->time) ||
         lac_law_is_stale(&laws->permeability, coefficients, frame->time)))
        LAC_TRY(evaluate_conductance(&place, diffusivity, &laws->permeability,
                                     coefficients->scratch, terms->conductance));
    if (fresh || lac_law_is_stale(&laws->value, coefficients, frame->time) ||
        lac_law_is_stale(&laws->partition, coefficients, frame->time))
        LAC_TRY(evaluate_reference(&place, laws, terms->reference));
out:
    return status;
}

/* What the reference of a boundary is multiplied by. */
static double pool_factor(const lac_transport *transport, const lac_boundary *text, const double *u,
                          bool linear)
{
    if (text->type->with_pool)
        return u[lac_layout_at(&transport->layout, text->pool)];
    return linear ? 0 : 1;
}

double lac_boundary_add(const lac_transport *transport, size_t boundary,
                        const lac_boundary_terms *terms, const double *u, double *out, bool linear)
{
    const lac_boundary *text = &transport->model->boundary[boundary];
    const lac_grid *grid = lac_transport_grid(transport, text->variable);
    const lac_boundary_face *face = grid->boundary_face[text->patch];
    const size_t count = grid->boundary_faces[text->patch];
    const double factor = pool_factor(transport, text, u, linear);
    const bool conducts = text->type->conducts;
    const double *field = u + lac_layout_at(&transport->layout, text->variable);
    double *change = out + lac_layout_at(&transport->layout, text->variable);
    double total = 0, gain[LAC_BLOCK];
    for (size_t first = 0; first < count; first += LAC_BLOCK) {
        size_t here = count - first < LAC_BLOCK ? count - first : LAC_BLOCK;
        for (size_t k = 0; k < here; k++) {
            size_t voxel = face[first + k].voxel;
            double reference = factor * terms->reference[first + k];
            gain[k] =
                conducts ? terms->conductance[first + k] * (reference - field[voxel]) : reference;
            change[voxel] += gain[k];
            gain[k] *= grid->share ? grid->share[voxel] : 1;
        }
        total += lac_sum(gain, here);
    }
    return total;
}

void lac_boundary_feed_pools(const lac_transport *transport, const double *flux, double *out)
{
    const lac_model *model = transport->model;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        if (!text->type->with_pool)
            continue;
        out[lac_layout_at(&transport->layout, text->pool)] -=
            flux[boundary] / lac_model_pool_volume(model, text->pool);
    }
}
