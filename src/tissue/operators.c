/* Diffusion in finite volumes: what a voxel gains through its two faces along one axis, added row
 * by row with the same kernel for every axis.
 *
 *   du_i/dt = sum over axes of [k_- (u_{i-s} - u_i) + k_+ (u_{i+s} - u_i)] / h^2
 *
 * with k the harmonic mean of D in the two voxels of a face: exact for the series of two half
 * voxels (Patankar 1980, Numerical Heat Transfer and Fluid Flow, eq. 4.9). Second order in h where
 * D is smooth. What leaves a voxel through a face enters its neighbour with the same bits, so sums
 * are conserved to rounding. A face that is missing is the voxel itself as its own neighbour.
 *
 * Layers of unequal thickness w h: the face between two of them conducts 2 D1 D2 / (w1 D2 + w2 D1),
 * and what it lets pass changes each by that / w. Sums by volume are conserved, and the operator
 * times w is symmetric.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/operators.h"

#include "base/clones.h"
#include "base/vector.h"

#include <float.h>
#include <stdbool.h>

/* Axes of length 1 are left out, so that rows are long in 1-D and 2-D too. */
typedef struct row_axes {
    size_t length[3];
    ptrdiff_t stride[3];
    double inverse[3]; /* 1 / h^2 [1/um^2] */
    int depth;         /* which of them is z, or -1 */
} row_axes;

static row_axes axes_of(const lac_grid *grid)
{
    row_axes axes = {.length = {1, 1, 1}, .depth = -1};
    size_t stride = 1;
    int used = 0;
    for (int axis = 0; axis < 3; axis++) {
        if (grid->n[axis] > 1) {
            axes.length[used] = grid->n[axis];
            axes.stride[used] = (ptrdiff_t)stride;
            axes.inverse[used] = 1 / (grid->h[axis] * grid->h[axis]);
            axes.depth = axis == 2 ? used : axes.depth;
            used++;
        }
        stride *= grid->n[axis];
    }
    return axes;
}

/* A stretch of a row: along each axis where its two neighbours are, and how they conduct. */
typedef struct stretch {
    ptrdiff_t offset[6]; /* of the neighbours, low and high along each axis; 0 = none */
    double k[6];         /* D / h^2 of the faces, or 1 / h^2 with D by voxel [1/s] */
    size_t first, count;
} stretch;

LAC_CLONED static void add_plain(const stretch *s, const double *u, double *restrict out)
{
    const double *n0 = u + s->offset[0], *n1 = u + s->offset[1], *n2 = u + s->offset[2];
    const double *n3 = u + s->offset[3], *n4 = u + s->offset[4], *n5 = u + s->offset[5];
    const double k0 = s->k[0], k1 = s->k[1], k2 = s->k[2], k3 = s->k[3], k4 = s->k[4], k5 = s->k[5];
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += (k0 * (n0[i] - u[i]) + k1 * (n1[i] - u[i])) +
                  (k2 * (n2[i] - u[i]) + k3 * (n3[i] - u[i])) +
                  (k4 * (n4[i] - u[i]) + k5 * (n5[i] - u[i]));
}

/* The media that vary inside rows take one axis at a time. */
LAC_CLONED static void add_masked(const stretch *s, int axis, const double *active, const double *u,
                                  double *restrict out)
{
    const double k_low = s->k[2 * axis], k_high = s->k[2 * axis + 1];
    const ptrdiff_t to_low = s->offset[2 * axis], to_high = s->offset[2 * axis + 1];
    const double *low = u + to_low, *high = u + to_high;
    const double *on_low = active + to_low, *on_high = active + to_high;
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += active[i] *
                  (k_low * on_low[i] * (low[i] - u[i]) + k_high * on_high[i] * (high[i] - u[i]));
}

/* The smallest number keeps 0 / 0 away and changes no other bit. */
LAC_CLONED static void add_variable(const stretch *s, int axis, const double *d, const double *u,
                                    double *restrict out)
{
    const double k_low = 2 * s->k[2 * axis], k_high = 2 * s->k[2 * axis + 1];
    const ptrdiff_t to_low = s->offset[2 * axis], to_high = s->offset[2 * axis + 1];
    const double *low = u + to_low, *high = u + to_high;
    const double *d_low = d + to_low, *d_high = d + to_high;
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += k_low * (d[i] * d_low[i] / (d[i] + d_low[i] + DBL_MIN)) * (low[i] - u[i]) +
                  k_high * (d[i] * d_high[i] / (d[i] + d_high[i] + DBL_MIN)) * (high[i] - u[i]);
}

/* The harmonic mean of two diffusivities through layers of these widths. */
static double layered_mean(double w1, double d1, double w2, double d2)
{
    return 2 * d1 * d2 / (w1 * d2 + w2 * d1 + DBL_MIN);
}

/* Along the layers of a column, where everything may differ from voxel to voxel. */
typedef struct column {
    const double *width, *diffusivity, *active; /* NULL = 1 */
} column;

static double of_column(const column *c, size_t voxel)
{
    double d = c->diffusivity ? c->diffusivity[voxel] : 1;
    return c->active ? d * c->active[voxel] : d;
}

static double between_layers(const column *c, size_t voxel, ptrdiff_t offset)
{
    size_t other = (size_t)((ptrdiff_t)voxel + offset);
    double own = of_column(c, voxel), next = of_column(c, other);
    return layered_mean(c->width[voxel], own, c->width[other], next) / c->width[voxel];
}

static void add_graded(const stretch *s, int axis, const column *c, const double *u, double *out)
{
    const ptrdiff_t low = s->offset[2 * axis], high = s->offset[2 * axis + 1];
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += s->k[2 * axis] * between_layers(c, i, low) * (u[(ptrdiff_t)i + low] - u[i]) +
                  s->k[2 * axis + 1] * between_layers(c, i, high) * (u[(ptrdiff_t)i + high] - u[i]);
}

double lac_harmonic_mean(double a, double b)
{
    return 2 * (a * b / (a + b + DBL_MIN));
}

double lac_depth_mean(const lac_grid *grid, double d_above, double d_below, size_t above)
{
    const double *w = grid->width;
    if (!w)
        return lac_harmonic_mean(d_above, d_below);
    return layered_mean(w[above], d_above, w[above + 1], d_below);
}

/* One row and the fields that it needs; `at` is its place along the outer axes. */
typedef struct row {
    const lac_grid *grid;
    const lac_medium *medium;
    row_axes axes;
    size_t at[3];
    const double *u; /* all voxels */
    double *out;
    size_t begin; /* first voxel of the row */
} row;

static bool is_variable(const row *r)
{
    return r->medium->variation == LAC_BY_VOXEL ||
           (r->medium->variation == LAC_BY_DEPTH && r->axes.depth == 0);
}

/* Does conductance along the depth differ inside of a row for the layers alone? */
static bool is_graded(const row *r, int axis)
{
    return r->grid->width && axis == r->axes.depth && (is_variable(r) || axis == 0);
}

static void add_stretch(const row *r, const stretch *s)
{
    const double *u = r->u + r->begin;
    double *out = r->out + r->begin;
    if (!is_variable(r) && !r->grid->active && !is_graded(r, 0)) {
        add_plain(s, u, out);
        return;
    }
    for (int axis = 0; axis < 3 && r->axes.length[axis] > 1; axis++) {
        if (is_graded(r, axis))
            add_graded(s, axis,
                       &(column){r->grid->share + r->begin,
                                 is_variable(r) ? r->medium->diffusivity + r->begin : NULL,
                                 r->grid->active ? r->grid->active + r->begin : NULL},
                       u, out);
        else if (is_variable(r))
            add_variable(s, axis, r->medium->diffusivity + r->begin, u, out);
        else
            add_masked(s, axis, r->grid->active + r->begin, u, out);
    }
}

/* Fills k of a stretch along one axis; what has no neighbour is multiplied by 0 differences. */
static void conduct(const row *r, int axis, stretch *s)
{
    const double *d = r->medium->diffusivity;
    const size_t layer = r->axes.depth > 0 ? r->at[r->axes.depth] : 0;
    double low = r->axes.inverse[axis], high = low;
    if (!is_variable(r)) {
        bool by_depth = r->medium->variation == LAC_BY_DEPTH, depth = axis == r->axes.depth;
        double own = d[by_depth ? layer : 0];
        bool above = by_depth && depth && s->offset[2 * axis] != 0;
        bool below = by_depth && depth && s->offset[2 * axis + 1] != 0;
        if (r->grid->width && depth && axis > 0) {
            const double *w = r->grid->width;
            low *= layer > 0
                       ? lac_depth_mean(r->grid, d[by_depth ? layer - 1 : 0], own, layer - 1) /
                             w[layer]
                       : own;
            high *=
                layer + 1 < r->grid->n[2]
                    ? lac_depth_mean(r->grid, own, d[by_depth ? layer + 1 : 0], layer) / w[layer]
                    : own;
        } else {
            low *= above ? lac_harmonic_mean(own, d[layer - 1]) : own;
            high *= below ? lac_harmonic_mean(own, d[layer + 1]) : own;
        }
    }
    s->k[2 * axis] = low;
    s->k[2 * axis + 1] = high;
}

/* What is read next from far away: the row of the coming plane, and its results. */
static void prefetch(const row *r, const stretch *s)
{
    enum { DOUBLES_PER_LINE = 8 };
    const double *u = r->u + r->begin + s->offset[5];
    const double *out = r->out + r->begin;
    size_t length = r->axes.length[0];
    if (r->begin + (size_t)s->offset[5] + 2 * length > r->grid->voxels)
        return;
    for (size_t i = length; i < 2 * length; i += DOUBLES_PER_LINE) {
        __builtin_prefetch(u + i, 0);
        __builtin_prefetch(out + i, 1);
    }
}

/* Whole rows have the same neighbours across; along the row the two ends lack one. */
static void add_row(const row *r)
{
    const size_t length = r->axes.length[0];
    stretch s = {.count = length};
    for (int axis = 0; axis < 3; axis++) {
        ptrdiff_t stride = r->axes.stride[axis];
        bool along = axis == 0 && length > 1;
        s.offset[2 * axis] = along || r->at[axis] > 0 ? -stride : 0;
        s.offset[2 * axis + 1] = along || r->at[axis] + 1 < r->axes.length[axis] ? stride : 0;
        conduct(r, axis, &s);
    }
    if (length > 2) {
        prefetch(r, &s);
        s.first = 1;
        s.count = length - 2;
        add_stretch(r, &s);
    }
    s.first = 0;
    s.count = 1;
    s.offset[0] = 0;
    add_stretch(r, &s);
    if (length == 1)
        return;
    s.first = length - 1;
    s.offset[0] = -1;
    s.offset[1] = 0;
    add_stretch(r, &s);
}

size_t lac_diffuse_rows_of(const lac_grid *grid)
{
    row_axes axes = axes_of(grid);
    return grid->voxels ? axes.length[1] * axes.length[2] : 0;
}

void lac_diffuse_rows(const lac_grid *grid, const lac_medium *medium, const double *u, double *out,
                      size_t first, size_t count)
{
    row r = {.grid = grid, .medium = medium, .axes = axes_of(grid), .u = u, .out = out};
    for (size_t index = first; index < first + count; index++) {
        r.at[1] = index % r.axes.length[1];
        r.at[2] = index / r.axes.length[1];
        r.begin = index * r.axes.length[0];
        add_row(&r);
    }
}

double lac_boundary_face_conductance(double diffusivity, double h, double permeability)
{
    double resistance = h / (2 * diffusivity);
    if (permeability > 0)
        resistance += 1 / permeability;
    return 1 / resistance;
}
