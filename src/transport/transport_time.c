/* How transport changes with time at fixed state: the analytic rates of all laws that
 * depend on time, put through the operator.
 *
 * Boundary faces: d/dt [k (r - u)] = k' (r - u) + k r', with k = 1 / (h^2 / (2 D) + h / P), so
 * k' = k^2 (h^2 D' / (2 D^2) + h P' / P^2). Diffusion: a centred difference along D', which is
 * exact where D is uniform and good to 1e-8 through the harmonic means elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include "base/memory.h"
#include "tissue/boundary_face.h"

#include <math.h>
#include <string.h>

static const double RELATIVE_SHIFT = 1e-4; /* of D, in the centred difference */

/* The values of a law and their rates, at all places of the law or at boundary faces. */
typedef struct law_rates {
    double *value, *rate;
} law_rates;

/* --- diffusion ------------------------------------------------------------------------------ */

static lac_status evaluate_rates(const lac_transport *transport, const lac_frame *frame,
                                 size_t field, law_rates *rates)
{
    lac_status status = LAC_OK;
    const lac_law *law = &transport->diffusivity[field];
    lac_law_place place = lac_transport_place(transport, field);
    size_t count = lac_law_values(law, place.grid);
    const double *active = place.grid->active;
    LAC_NEW(rates->value, count);
    LAC_NEW(rates->rate, count);
    LAC_TRY(lac_law_evaluate(law, law->program, place, frame, rates->value));
    LAC_TRY(lac_law_evaluate(law, law->rate, place, frame, rates->rate));
    for (size_t i = 0; active && law->variation == LAC_BY_VOXEL && i < count; i++)
        if (active[i] == 0)
            rates->value[i] = rates->rate[i] = 0;
out:
    return status;
}

/* The time in which some D changes by RELATIVE_SHIFT; 0 when none changes [s]. */
static double shift_of(const law_rates *rates, size_t count)
{
    double fastest = 0; /* [1/s] */
    for (size_t i = 0; i < count; i++)
        if (rates->value[i] > 0)
            fastest = fmax(fastest, fabs(rates->rate[i]) / rates->value[i]);
    return fastest > 0 ? RELATIVE_SHIFT / fastest : 0;
}

/* gain += diffusion with D shifted by `shift` times its rate. */
static void add_shifted(const lac_grid *grid, const lac_law *law, const law_rates *rates,
                        double shift, double *d, const double *u, double *gain)
{
    size_t count = lac_law_values(law, grid);
    for (size_t i = 0; i < count; i++)
        d[i] = rates->value[i] + shift * rates->rate[i];
    lac_medium medium = {law->variation, d};
    lac_diffuse_rows(grid, &medium, u, gain, 0, lac_diffuse_rows_of(grid));
}

static lac_status add_diffusion_rate(const lac_transport *transport, const lac_frame *frame,
                                     size_t field, double *out)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = lac_transport_grid(transport, field);
    const lac_law *law = &transport->diffusivity[field];
    const size_t at = lac_layout_at(&transport->layout, field);
    const double *u = frame->value + at;
    law_rates rates = {0};
    double *d = NULL, *later = NULL, *earlier = NULL;
    if (!law->rate)
        return LAC_OK;
    LAC_NEW(d, lac_law_values(law, grid));
    LAC_NEW(later, grid->voxels);
    LAC_NEW(earlier, grid->voxels);
    LAC_TRY(evaluate_rates(transport, frame, field, &rates));
    double shift = shift_of(&rates, lac_law_values(law, grid));
    if (shift > 0) {
        add_shifted(grid, law, &rates, shift, d, u, later);
        add_shifted(grid, law, &rates, -shift, d, u, earlier);
        for (size_t voxel = 0; voxel < grid->voxels; voxel++)
            out[at + voxel] += (later[voxel] - earlier[voxel]) / (2 * shift);
    }
out:
    lac_free(d);
    lac_free(later);
    lac_free(earlier);
    lac_free(rates.value);
    lac_free(rates.rate);
    return status;
}

/* --- boundary faces ------------------------------------------------------------------------- */

typedef struct boundary_rates {
    law_rates diffusivity, permeability, reference;
} boundary_rates;

/* An absent law has value 0 and rate 0. */
static lac_status rates_at_faces(lac_law_place place, const lac_frame *frame, const lac_law *law,
                                 const lac_boundary_face_set *faces, law_rates *rates)
{
    lac_status status = LAC_OK;
    LAC_NEW(rates->value, faces->count);
    LAC_NEW(rates->rate, faces->count);
    if (law->program)
        lac_law_at_boundary_faces(law, place, frame, faces, rates->value, rates->rate);
out:
    return status;
}

static void free_rates(law_rates *rates)
{
    lac_free(rates->value);
    lac_free(rates->rate);
}

/* k and k' of face k of a boundary, from D and P there. */
static void conductance_rate(const boundary_rates *rates, size_t face, double h, double *k,
                             double *dk)
{
    double d = rates->diffusivity.value[face], p = rates->permeability.value[face];
    bool membrane = rates->permeability.value[face] > 0;
    double slow = h * rates->diffusivity.rate[face] / (2 * d * d);
    if (membrane)
        slow += rates->permeability.rate[face] / (p * p);
    *k = lac_boundary_face_conductance(d, h, p) / h;
    *dk = *k > 0 ? *k * *k * h * slow : 0;
}

/* Adds the rate of every boundary face and returns their sum. */
static double add_boundary_rates(const lac_transport *transport, const lac_boundary *text,
                                 const boundary_rates *rates, bool closable, const lac_frame *frame,
                                 double *out)
{
    const lac_grid *grid = lac_transport_grid(transport, text->variable);
    const lac_boundary_face *face = grid->boundary_face[text->patch];
    const double *u = frame->value + lac_layout_at(&transport->layout, text->variable);
    double *change = out + lac_layout_at(&transport->layout, text->variable);
    const lac_boundary_type *type = text->type;
    double factor =
        type->with_pool ? frame->value[lac_layout_at(&transport->layout, text->pool)] : 1;
    double total = 0;
    for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
        double k = 0, dk = 0, h = lac_grid_side(grid, face[w].axis, face[w].voxel);
        double reference = lac_boundary_reference(type, rates->reference.value[w], h);
        double rate = lac_boundary_reference(type, rates->reference.rate[w], h);
        bool closed = closable && rates->permeability.value[w] == 0;
        if (!type->conducts)
            k = 1;
        else if (!closed)
            conductance_rate(rates, w, h, &k, &dk);
        double gain = dk * (factor * reference - u[face[w].voxel]) + k * factor * rate;
        change[face[w].voxel] += gain;
        total += grid->share ? gain * grid->share[face[w].voxel] : gain;
    }
    return total;
}

static lac_status add_boundary_rate(const lac_transport *transport, const lac_frame *frame,
                                    size_t boundary, double *out)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &transport->model->boundary[boundary];
    const lac_boundary_laws *laws = &transport->boundary[boundary];
    const lac_law *diffusivity = &transport->diffusivity[text->variable];
    bool exchange = text->type->with_pool;
    const lac_law *reference = exchange ? &laws->partition : &laws->value;
    const lac_law_place place = lac_transport_place(transport, text->variable);
    const lac_boundary_face_set face = {place.grid->boundary_face[text->patch],
                                        place.grid->boundary_faces[text->patch], LAC_AT_THE_FACE};
    const lac_boundary_face_set half = {face.face, face.count, LAC_IN_THE_HALF_VOXEL};
    boundary_rates rates = {0};
    transport->joint_flux[boundary] = 0;
    if (!diffusivity->rate && !laws->permeability.rate && !reference->rate)
        return LAC_OK;
    LAC_TRY(rates_at_faces(place, frame, diffusivity, &half, &rates.diffusivity));
    LAC_TRY(rates_at_faces(place, frame, &laws->permeability, &face, &rates.permeability));
    LAC_TRY(rates_at_faces(place, frame, reference, &face, &rates.reference));
    for (size_t w = 0; exchange && !reference->program && w < face.count; w++)
        rates.reference.value[w] = 1;
    transport->joint_flux[boundary] =
        place.grid->weight *
        add_boundary_rates(transport, text, &rates, laws->permeability.program != NULL, frame, out);
out:
    free_rates(&rates.diffusivity);
    free_rates(&rates.permeability);
    free_rates(&rates.reference);
    return status;
}

lac_status lac_transport_time_derivative(lac_transport *transport, const lac_frame *frame,
                                         double *out, double *flux)
{
    lac_status status = LAC_OK;
    const size_t boundaries = transport->model->boundaries;
    lac_frame there = *frame;
    for (size_t field = 0; field < transport->model->fields; field++) {
        lac_frame_enter(&there, lac_layout_tract(&transport->layout, field));
        LAC_TRY(add_diffusion_rate(transport, &there, field, out));
    }
    for (size_t boundary = 0; boundary < boundaries; boundary++) {
        size_t field = transport->model->boundary[boundary].variable;
        lac_frame_enter(&there, lac_layout_tract(&transport->layout, field));
        LAC_TRY(add_boundary_rate(transport, &there, boundary, out));
    }
    lac_boundary_feed_pools(transport, transport->joint_flux, out);
    for (size_t boundary = 0; flux && boundary < boundaries; boundary++)
        flux[boundary] = transport->joint_flux[boundary];
out:
    return status;
}
