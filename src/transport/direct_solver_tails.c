/* Tails: the layers above and below all holes and partial boundary faces, where diffusion is that
 * of whole planes. Cosine transforms separate them, so that the band need hold the layers between
 * only.
 *
 * A tail is eliminated from its far end towards the band, mode by mode. With c the link between its
 * last layer and the plane of the band that it meets, p the pivot of that layer and r = p - c, the
 * plane gains the matrix of eigenvalues c r / p: off its diagonal nothing is positive, and its row
 * sums are that of the flat mode, so the band keeps its form. Coefficients of tails are means over
 * planes, as in the spectral solver.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/direct_solver_internal.h"

#include "base/clones.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Layers that a tail needs to be worth its transforms, and layers next to holes and boundary faces
 * that stay in the band since the medium may differ there. */
enum { SHORTEST = 6, MARGIN = 3 };

/* --- where ----------------------------------------------------------------------------------- */

static void note_inactive(const lac_grid *grid, unsigned char *rough)
{
    size_t plane = grid->n[0] * grid->n[1];
    for (size_t voxel = 0; grid->active && voxel < grid->voxels; voxel++)
        rough[voxel / plane] |= grid->active[voxel] == 0;
}

/* Layers in which the faces of a boundary are not one whole plane, or not alike. */
static void note_boundary_faces(const lac_model *model, const lac_grid *grid,
                                const lac_boundary *text, unsigned char *rough)
{
    size_t plane = grid->n[0] * grid->n[1], faces = grid->boundary_faces[text->patch];
    const lac_boundary_face *face = grid->boundary_face[text->patch];
    if (!text->type->conducts)
        return;
    bool whole = faces == plane && face[0].axis == 2 &&
                 face[0].voxel / plane == face[faces - 1].voxel / plane &&
                 !lac_law_is_lateral(model, text->permeability);
    for (size_t w = 0; !whole && w < faces; w++)
        rough[face[w].voxel / plane] = 1;
}

lac_status lac_direct_find_tails(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = direct->grid;
    const size_t layers = grid->n[2];
    unsigned char *rough = NULL;
    direct->begin = 0;
    direct->end = layers;
    if (!direct->natural || grid->n[0] * grid->n[1] == 1) /* a column is solved by itself */
        return LAC_OK;
    LAC_NEW(rough, layers);
    note_inactive(grid, rough);
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++)
        if (lac_layout_tract(&direct->layout, direct->model->boundary[boundary].variable) ==
            grid->tissue)
            note_boundary_faces(direct->model, grid, &direct->model->boundary[boundary], rough);
    while (direct->begin + 1 < layers && !rough[direct->begin])
        direct->begin++;
    while (direct->end > direct->begin + 1 && !rough[direct->end - 1])
        direct->end--;
    direct->begin = direct->begin < SHORTEST + MARGIN ? 0 : direct->begin - MARGIN;
    direct->end = layers - direct->end < SHORTEST + MARGIN ? layers : direct->end + MARGIN;
out:
    lac_free(rough);
    return status;
}

/* --- creation -------------------------------------------------------------------------------- */

static lac_status make_transform(const lac_grid *grid, size_t layers,
                                 lac_plane_transform **transform)
{
    lac_grid part = *grid;
    const lac_axis_ends free_ends[2] = {LAC_ENDS_NEUMANN, LAC_ENDS_NEUMANN};
    part.n[2] = layers;
    return lac_plane_transform_create(&part, free_ends, transform);
}

/* The modes of a unit in every voxel of a plane. */
static lac_status make_units(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    const lac_plane_transform *units = direct->units;
    double *scratch = NULL;
    LAC_NEW(direct->unit, units->plane * units->plane);
    LAC_NEW(scratch, lac_plane_transform_scratch(units));
    for (size_t i = 0; i < units->plane; i++)
        direct->unit[i * units->plane + i] = 1;
    for (size_t batch = 0; batch < lac_plane_transform_batches(units); batch++)
        lac_plane_transform_forward(units, batch, direct->unit, scratch);
out:
    lac_free(scratch);
    return status;
}

lac_status lac_direct_create_tails(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = direct->grid;
    const size_t plane = grid->n[0] * grid->n[1];
    const size_t layers[2] = {direct->begin, grid->n[2] - direct->end};
    for (int side = 0; side < 2; side++) {
        lac_direct_tail *tail = &direct->tail[side];
        if (layers[side] == 0)
            continue;
        tail->layers = layers[side];
        tail->first = side ? direct->end : 0;
        tail->meets = side ? direct->end - 1 : direct->begin;
        LAC_TRY(make_transform(grid, tail->layers, &tail->transform));
        for (size_t k = 0; k < direct->fields; k++) {
            LAC_NEW(direct->field[k].inverse[side], tail->layers * plane);
            LAC_NEW(direct->field[k].link[side], tail->layers + 1);
        }
    }
    if (layers[0] + layers[1] == 0)
        return LAC_OK;
    LAC_TRY(make_transform(grid, 1, &direct->single));
    LAC_TRY(make_transform(grid, plane, &direct->units));
    LAC_TRY(make_units(direct));
out:
    return status;
}

void lac_direct_free_tails(lac_direct_solver *direct)
{
    for (int side = 0; side < 2; side++) {
        lac_plane_transform_free(direct->tail[side].transform);
        for (size_t k = 0; direct->field && k < direct->fields; k++) {
            lac_free(direct->field[k].inverse[side]);
            lac_free(direct->field[k].link[side]);
        }
    }
    lac_plane_transform_free(direct->single);
    lac_plane_transform_free(direct->units);
    lac_free(direct->unit);
}

/* Scratch of a thread: modes of a plane, the matrix of a plane, then room for transforms. */
static size_t before_transforms(const lac_direct_solver *direct)
{
    size_t plane = direct->grid->n[0] * direct->grid->n[1];
    return (plane * (plane + 1) + LAC_BLOCK - 1) / LAC_BLOCK * LAC_BLOCK;
}

size_t lac_direct_tail_scratch(const lac_direct_solver *direct)
{
    size_t size = direct->single ? lac_plane_transform_scratch(direct->units) : 0;
    for (int side = 0; side < 2; side++) {
        size_t own = direct->tail[side].transform
                         ? lac_plane_transform_scratch(direct->tail[side].transform)
                         : 0;
        size = own > size ? own : size;
    }
    return direct->single ? before_transforms(direct) + size : 0;
}

/* --- factors --------------------------------------------------------------------------------- */

/* Layer `at` of a tail, counted from its far end. */
static size_t layer_of(const lac_direct_tail *tail, size_t at)
{
    return tail->first == 0 ? at : tail->first + tail->layers - 1 - at;
}

static double plane_mean(const lac_direct_solver *direct, const lac_medium *medium, size_t layer)
{
    size_t plane = direct->grid->n[0] * direct->grid->n[1];
    if (!medium->diffusivity)
        return 0;
    if (medium->variation != LAC_BY_VOXEL)
        return lac_medium_at(medium, direct->grid, layer * plane);
    return lac_sum(medium->diffusivity + layer * plane, plane) / (double)plane;
}

/* What the voxels of a layer lose through its boundary faces, on average [1/s]. */
static double boundary_conductance_of(const lac_direct_solver *direct,
                                      const lac_coefficients *coefficients, size_t field,
                                      size_t layer)
{
    size_t plane = direct->grid->n[0] * direct->grid->n[1];
    double sum = 0;
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++) {
        const lac_boundary *text = &direct->model->boundary[boundary];
        const lac_boundary_face *face = direct->grid->boundary_face[text->patch];
        size_t faces = direct->grid->boundary_faces[text->patch];
        if (text->variable != field || !text->type->conducts || face[0].voxel / plane != layer ||
            face[faces - 1].voxel / plane != layer)
            continue;
        sum += lac_sum(coefficients->boundary[boundary].conductance, faces);
    }
    return sum / (double)plane;
}

/* One layer of the elimination; `rest` is its pivot less the link onwards, `last` that of the layer
 * before it. */
typedef struct tail_layer {
    double excess, lateral, back, onward;
    size_t modes;
} tail_layer;

LAC_CLONED static void eliminate(tail_layer layer, const double *restrict eigenvalue,
                                 const double *restrict last_inverse, double *restrict rest,
                                 double *restrict inverse)
{
#pragma omp simd
    for (size_t q = 0; q < layer.modes; q++) {
        double own = layer.excess + layer.lateral * eigenvalue[q];
        rest[q] = own + layer.back * last_inverse[q] * rest[q];
        inverse[q] = 1 / (rest[q] + layer.onward);
    }
}

/* kappa[q] := the eigenvalues of what the plane of the band gains. */
static void factor_tail(const lac_direct_solver *direct, const lac_coefficients *coefficients,
                        const lac_direct_solver_terms *terms, lac_direct_field *field, int side,
                        double *kappa)
{
    const lac_direct_tail *tail = &direct->tail[side];
    const lac_medium *medium = &coefficients->medium[field->field];
    const double h = direct->grid->h[2], scale = terms->g / (h * h);
    const size_t modes = tail->transform->plane;
    double *link = field->link[side], *inverse = field->inverse[side];
    memset(kappa, 0, modes * sizeof *kappa);
    link[0] = 0;
    for (size_t at = 0; at < tail->layers; at++) {
        size_t here = layer_of(tail, at);
        size_t next = at + 1 < tail->layers ? layer_of(tail, at + 1) : tail->meets;
        double d = plane_mean(direct, medium, here);
        double beyond = plane_mean(direct, medium, next);
        double width = direct->grid->width ? direct->grid->width[here] : 1;
        link[at + 1] = scale * (here < next ? lac_depth_mean(direct->grid, d, beyond, here)
                                            : lac_depth_mean(direct->grid, beyond, d, next));
        tail_layer layer = {
            width * (1 + field->loss +
                     terms->g * boundary_conductance_of(direct, coefficients, field->field, here)),
            width * (terms->g * d), link[at], link[at + 1], modes};
        eliminate(layer, tail->transform->eigenvalue,
                  at ? inverse + (at - 1) * modes : tail->transform->eigenvalue, kappa,
                  inverse + at * modes);
    }
    for (size_t q = 0; q < modes; q++)
        kappa[q] *= link[tail->layers] * inverse[(tail->layers - 1) * modes + q];
}

/* Puts the matrix with these eigenvalues, which stand in `scratch`, on the plane that begins at
 * `row` of the band. */
static void add_plane(const lac_direct_solver *direct, lac_direct_field *field, size_t row,
                      double *scratch)
{
    const lac_plane_transform *units = direct->units;
    const size_t plane = units->plane;
    const double *kappa = scratch;
    double *matrix = scratch + plane, *transforms = scratch + before_transforms(direct);
    for (size_t i = 0; i < plane; i++)
        for (size_t q = 0; q < plane; q++)
            matrix[i * plane + q] = direct->unit[i * plane + q] * kappa[q];
    for (size_t batch = 0; batch < lac_plane_transform_batches(units); batch++)
        lac_plane_transform_backward(units, batch, matrix, transforms);
    for (size_t i = 0; i < plane; i++) {
        double *link = field->band.link + (row + i) * field->band.width;
        field->band.excess[row + i] += kappa[units->lowest];
        for (size_t j = i + 1; j < plane; j++)
            link[j - i - 1] += fmax(-matrix[i * plane + j], 0);
    }
}

void lac_direct_factor_tails(const lac_direct_solver *direct, const lac_coefficients *coefficients,
                             const lac_direct_solver_terms *terms, lac_direct_field *field,
                             double *scratch)
{
    const size_t plane = direct->grid->n[0] * direct->grid->n[1];
    for (int side = 0; side < 2; side++) {
        const lac_direct_tail *tail = &direct->tail[side];
        if (!tail->transform)
            continue;
        factor_tail(direct, coefficients, terms, field, side, scratch);
        add_plane(direct, field, (tail->meets - direct->begin) * plane, scratch);
    }
}

/* --- solving --------------------------------------------------------------------------------- */

LAC_CLONED static void advance(size_t modes, double link, const double *restrict last,
                               const double *restrict inverse, double *restrict y)
{
#pragma omp simd
    for (size_t q = 0; q < modes; q++)
        y[q] = (y[q] + link * last[q]) * inverse[q];
}

LAC_CLONED static void substitute(size_t modes, double link, const double *restrict next,
                                  const double *restrict inverse, double *restrict y)
{
#pragma omp simd
    for (size_t q = 0; q < modes; q++)
        y[q] += link * next[q] * inverse[q];
}

void lac_direct_tails_forward(const lac_direct_solver *direct, const lac_direct_field *field,
                              double *x, double *band, double *scratch)
{
    for (int side = 0; side < 2; side++) {
        const lac_direct_tail *tail = &direct->tail[side];
        if (!tail->transform)
            continue;
        const size_t plane = tail->transform->plane;
        double *part = x + tail->first * plane, *modes = scratch;
        double *transforms = scratch + before_transforms(direct);
        for (size_t batch = 0; batch < lac_plane_transform_batches(tail->transform); batch++)
            lac_plane_transform_forward(tail->transform, batch, part, transforms);
        memset(modes, 0, plane * sizeof *modes);
        for (size_t at = 0; at < tail->layers; at++) {
            double *y = x + layer_of(tail, at) * plane;
            const double *last = at ? x + layer_of(tail, at - 1) * plane : modes;
            advance(plane, field->link[side][at], last, field->inverse[side] + at * plane, y);
        }
        const double *y = x + layer_of(tail, tail->layers - 1) * plane;
        for (size_t q = 0; q < plane; q++)
            modes[q] = field->link[side][tail->layers] * y[q];
        lac_plane_transform_backward(direct->single, 0, modes, transforms);
        lac_add_scaled(band + (tail->meets - direct->begin) * plane, 1, modes, plane);
    }
}

void lac_direct_tails_backward(const lac_direct_solver *direct, const lac_direct_field *field,
                               double *x, double *scratch)
{
    for (int side = 0; side < 2; side++) {
        const lac_direct_tail *tail = &direct->tail[side];
        if (!tail->transform)
            continue;
        const size_t plane = tail->transform->plane;
        double *modes = scratch;
        double *transforms = scratch + before_transforms(direct);
        memcpy(modes, x + tail->meets * plane, plane * sizeof *modes);
        lac_plane_transform_forward(direct->single, 0, modes, transforms);
        for (size_t at = tail->layers; at-- > 0;) {
            const double *next = at + 1 < tail->layers ? x + layer_of(tail, at + 1) * plane : modes;
            substitute(plane, field->link[side][at + 1], next, field->inverse[side] + at * plane,
                       x + layer_of(tail, at) * plane);
        }
        for (size_t batch = 0; batch < lac_plane_transform_batches(tail->transform); batch++)
            lac_plane_transform_backward(tail->transform, batch, x + tail->first * plane,
                                         transforms);
    }
}
