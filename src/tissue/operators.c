/* Diffusion in finite volumes: what a voxel gains through its two faces along one axis, added row
 * by row with the same kernel for every axis.
 *
 *   du_i/dt = sum over axes of [k_- (u_{i-s} - u_i) + k_+ (u_{i+s} - u_i)] / h^2
 *
 * with k the harmonic mean of D in the two voxels of a face: exact for the series of two half
 * voxels (Patankar 1980, Numerical Heat Transfer and Fluid Flow, eq. 4.9). Second order in h where
 * D is smooth. What leaves a voxel through a face enters its neighbour with the same bits, so sums
 * are conserved to rounding. A face that is missing is the voxel itself as its own neighbour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/operators.h"

#include "base/vector.h"

#include <float.h>

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

/* A stretch of a row: where its neighbours along one axis are, and how they conduct. */
typedef struct stretch {
    ptrdiff_t low, high;  /* offsets of the neighbours; 0 = none */
    double k_low, k_high; /* D / h^2 of the faces, or 1 / h^2 with D by voxel [1/s] */
    size_t first, count;
} stretch;

static void add_plain(const stretch *s, const double *u, double *restrict out)
{
    const double k_low = s->k_low, k_high = s->k_high;
    const double *low = u + s->low, *high = u + s->high;
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += k_low * (low[i] - u[i]) + k_high * (high[i] - u[i]);
}

static void add_masked(const stretch *s, const double *active, const double *u,
                       double *restrict out)
{
    const double k_low = s->k_low, k_high = s->k_high;
    const double *low = u + s->low, *high = u + s->high;
    const double *on_low = active + s->low, *on_high = active + s->high;
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += active[i] *
                  (k_low * on_low[i] * (low[i] - u[i]) + k_high * on_high[i] * (high[i] - u[i]));
}

/* The smallest number keeps 0 / 0 away and changes no other bit. */
static void add_variable(const stretch *s, const double *d, const double *u, double *restrict out)
{
    const double k_low = 2 * s->k_low, k_high = 2 * s->k_high;
    const double *low = u + s->low, *high = u + s->high;
    const double *d_low = d + s->low, *d_high = d + s->high;
#pragma omp simd
    for (size_t i = s->first; i < s->first + s->count; i++)
        out[i] += k_low * (d[i] * d_low[i] / (d[i] + d_low[i] + DBL_MIN)) * (low[i] - u[i]) +
                  k_high * (d[i] * d_high[i] / (d[i] + d_high[i] + DBL_MIN)) * (high[i] - u[i]);
}

static double harmonic(double a, double b)
{
    return 2 * (a * b / (a + b + DBL_MIN));
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

static int is_variable(const row *r)
{
    return r->medium->variation == LAC_BY_VOXEL ||
           (r->medium->variation == LAC_BY_DEPTH && r->axes.depth == 0);
}

static void add_stretch(const row *r, stretch s)
{
    const double *u = r->u + r->begin;
    double *out = r->out + r->begin;
    if (is_variable(r))
        add_variable(&s, r->medium->diffusivity + r->begin, u, out);
    else if (r->grid->active)
        add_masked(&s, r->grid->active + r->begin, u, out);
    else
        add_plain(&s, u, out);
}

/* Fills k of a stretch along one axis. */
static void conduct(const row *r, int axis, stretch *s)
{
    const double *d = r->medium->diffusivity;
    double k = r->axes.inverse[axis];
    size_t layer = r->axes.depth > 0 ? r->at[r->axes.depth] : 0;
    s->k_low = s->k_high = k;
    if (is_variable(r))
        return;
    if (r->medium->variation == LAC_UNIFORM) {
        s->k_low = s->k_high = k * d[0];
    } else if (axis == r->axes.depth) {
        s->k_low = s->low ? k * harmonic(d[layer], d[layer - 1]) : 0;
        s->k_high = s->high ? k * harmonic(d[layer], d[layer + 1]) : 0;
    } else {
        s->k_low = s->k_high = k * d[layer];
    }
}

/* Across the row: whole rows have the same neighbours. */
static void add_across(const row *r, int axis)
{
    ptrdiff_t stride = r->axes.stride[axis];
    stretch s = {.low = r->at[axis] > 0 ? -stride : 0,
                 .high = r->at[axis] + 1 < r->axes.length[axis] ? stride : 0,
                 .count = r->axes.length[0]};
    conduct(r, axis, &s);
    add_stretch(r, s);
}

/* Along the row: the two ends lack a neighbour. */
static void add_along(const row *r)
{
    size_t length = r->axes.length[0];
    stretch s = {.low = -1, .high = 1, .first = 1, .count = length - 2};
    conduct(r, 0, &s);
    if (length > 2)
        add_stretch(r, s);
    s.first = 0;
    s.count = 1;
    s.low = 0;
    add_stretch(r, s);
    s.first = length - 1;
    s.low = -1;
    s.high = 0;
    add_stretch(r, s);
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
        if (r.axes.length[0] > 1)
            add_along(&r);
        if (r.axes.length[1] > 1)
            add_across(&r, 1);
        if (r.axes.length[2] > 1)
            add_across(&r, 2);
    }
}

enum { VOXELS_PER_TASK = 4096 };

static void diffuse(const lac_grid *grid, const lac_medium *medium, const double *u, double *out)
{
    size_t rows = lac_diffuse_rows_of(grid);
    size_t per_task = rows * VOXELS_PER_TASK / (grid->voxels + 1) + 1;
    size_t tasks = (rows + per_task - 1) / per_task;
#pragma omp parallel for schedule(static) if (tasks > 3)
    for (size_t task = 0; task < tasks; task++) {
        size_t first = task * per_task;
        size_t left = rows - first;
        lac_diffuse_rows(grid, medium, u, out, first, left < per_task ? left : per_task);
    }
}

void lac_diffuse_constant(const lac_grid *grid, double diffusivity, const double *u, double *out)
{
    diffuse(grid, &(lac_medium){LAC_UNIFORM, &diffusivity}, u, out);
}

void lac_diffuse_variable(const lac_grid *grid, const double *diffusivity, const double *u,
                          double *out)
{
    diffuse(grid, &(lac_medium){LAC_BY_VOXEL, diffusivity}, u, out);
}

double lac_wall_conductance(double diffusivity, double h, double permeability)
{
    double resistance = h / (2 * diffusivity);
    if (permeability > 0)
        resistance += 1 / permeability;
    return 1 / resistance;
}
