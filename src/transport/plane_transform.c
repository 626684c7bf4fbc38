/* Plane transforms: transform along the slow axis, transpose, transform along the fast axis;
 * coefficients of a plane are kept transposed, since the solve in depth does not mind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/plane_transform.h"

#include "base/clones.h"
#include "base/memory.h"

#include <string.h>

enum { LINES_PER_BATCH = 16, TILE = 8 };

/* --- creation ------------------------------------------------------------------------------- */

/* Axes of more than one voxel, fast one first. */
static size_t long_axes(const lac_grid *grid, int axis[2])
{
    size_t axes = 0;
    for (int k = 0; k < 2; k++)
        if (grid->n[k] > 1)
            axis[axes++] = k;
    return axes;
}

/* Planes that give about LINES_PER_BATCH lines, evenly split. */
static size_t batch_of(size_t axes, size_t layers)
{
    if (axes == 2)
        return 1;
    size_t batches = (layers + LINES_PER_BATCH - 1) / LINES_PER_BATCH;
    return (layers + batches - 1) / batches;
}

/* Eigenvalue and factors of an axis of one voxel: nothing to transform, but Dirichlet ends act. */
static double eigenvalue_of_one(lac_axis_ends ends)
{
    return ends == LAC_ENDS_NEUMANN ? 0 : ends == LAC_ENDS_DIRICHLET ? 4 : 2;
}

static void fill_eigenvalues(lac_plane_transform *transform, const lac_grid *grid,
                             const int axis[2])
{
    double base = 0, inverse[2] = {0};
    for (int k = 0; k < 2; k++)
        if (grid->n[k] == 1)
            base += eigenvalue_of_one(transform->ends[k]) / (grid->h[k] * grid->h[k]);
    for (size_t k = 0; k < transform->axes; k++)
        inverse[k] = 1 / (grid->h[axis[k]] * grid->h[axis[k]]);
    size_t slow = transform->axes == 2 ? transform->along[1]->n : 1;
    for (size_t q = 0; q < transform->plane; q++) {
        transform->eigenvalue[q] = base;
        if (transform->axes > 0)
            transform->eigenvalue[q] += inverse[0] * transform->along[0]->eigenvalue[q / slow];
        if (transform->axes > 1)
            transform->eigenvalue[q] += inverse[1] * transform->along[1]->eigenvalue[q % slow];
    }
    transform->forward_scale = transform->backward_scale = 1;
    for (size_t k = 0; k < transform->axes; k++) {
        transform->forward_scale *= transform->along[k]->forward_scale;
        transform->backward_scale *= transform->along[k]->backward_scale;
        transform->lowest = transform->lowest + transform->along[k]->lowest * (k == 0 ? slow : 1);
    }
}

lac_status lac_plane_transform_create(const lac_grid *grid, const lac_axis_ends ends[2],
                                      lac_plane_transform **result)
{
    lac_status status = LAC_OK;
    lac_plane_transform *transform = NULL;
    int axis[2] = {0, 0};
    LAC_NEW(transform, 1);
    memcpy(transform->ends, ends, sizeof transform->ends);
    transform->axes = long_axes(grid, axis);
    transform->plane = grid->n[0] * grid->n[1];
    transform->layers = grid->n[2];
    transform->batch = batch_of(transform->axes, transform->layers);
    LAC_NEW(transform->eigenvalue, transform->plane);
    if (transform->axes == 2)
        LAC_TRY(lac_dct_create(ends[axis[1]], grid->n[axis[1]], grid->n[axis[0]],
                               &transform->along[1]));
    if (transform->axes > 0)
        LAC_TRY(lac_dct_create(ends[axis[0]], grid->n[axis[0]],
                               transform->axes == 2 ? grid->n[axis[1]] : transform->batch,
                               &transform->along[0]));
    fill_eigenvalues(transform, grid, axis);
    *result = transform;
    transform = NULL;
out:
    lac_plane_transform_free(transform);
    return status;
}

void lac_plane_transform_free(lac_plane_transform *transform)
{
    if (!transform)
        return;
    lac_dct_free(transform->along[0]);
    lac_dct_free(transform->along[1]);
    lac_free(transform->eigenvalue);
    lac_free(transform);
}

size_t lac_plane_transform_batches(const lac_plane_transform *transform)
{
    return transform->axes ? (transform->layers + transform->batch - 1) / transform->batch : 0;
}

static size_t matrix_size(const lac_plane_transform *transform)
{
    size_t size = 0;
    for (size_t k = 0; k < transform->axes; k++) {
        size_t other = lac_dct_size(transform->along[k]);
        size = other > size ? other : size;
    }
    return size;
}

size_t lac_plane_transform_scratch(const lac_plane_transform *transform)
{
    return 2 * matrix_size(transform);
}

/* --- moving data ---------------------------------------------------------------------------- */

/* Rows of data with a stride; a matrix of the transform places row j at row[j], times sign[j]. */
typedef struct table {
    double *data;
    size_t stride, rows, columns;
} table;

LAC_CLONED static void scale_row(double factor, size_t count, const double *restrict from,
                                 double *restrict to)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = factor * from[i];
}

/* The pair of an odd last column must not disturb it. */
static void clear_padding(const lac_dct *dct, size_t used, double *matrix)
{
    for (size_t row = 0; row < dct->n; row++)
        for (size_t column = used; column < (dct->columns + 1) / 2 * 2; column++)
            matrix[row * dct->width + column] = 0;
}

static void place_rows(const lac_dct *dct, table from, double *matrix)
{
    for (size_t j = 0; j < from.rows; j++)
        scale_row(dct->sign[j], from.columns, from.data + j * from.stride,
                  matrix + dct->row[j] * dct->width);
    clear_padding(dct, from.columns, matrix);
}

static void take_rows(const lac_dct *dct, const double *matrix, table to)
{
    for (size_t j = 0; j < to.rows; j++)
        scale_row(dct->sign[j], to.columns, matrix + dct->row[j] * dct->width,
                  to.data + j * to.stride);
}

/* Row j of the matrix becomes column j of the table, and the reverse, in tiles. */
static void place_columns(const lac_dct *dct, table from, double *matrix)
{
    for (size_t tile = 0; tile < from.columns; tile += TILE) {
        size_t end = tile + TILE < from.columns ? tile + TILE : from.columns;
        for (size_t row = 0; row < from.rows; row++)
            for (size_t j = tile; j < end; j++)
                matrix[dct->row[j] * dct->width + row] =
                    dct->sign[j] * from.data[row * from.stride + j];
    }
    clear_padding(dct, from.rows, matrix);
}

static void take_columns(const lac_dct *dct, const double *matrix, table to)
{
    for (size_t tile = 0; tile < to.columns; tile += TILE) {
        size_t end = tile + TILE < to.columns ? tile + TILE : to.columns;
        for (size_t row = 0; row < to.rows; row++)
            for (size_t j = tile; j < end; j++)
                to.data[row * to.stride + j] =
                    dct->sign[j] * matrix[dct->row[j] * dct->width + row];
    }
}

/* Coefficients, in order, between a matrix and a table; `transposed` as above. */
static void store_rows(const lac_dct *dct, const double *matrix, table to)
{
    for (size_t k = 0; k < to.rows; k++)
        memcpy(to.data + k * to.stride, matrix + k * dct->width, to.columns * sizeof *to.data);
}

static void load_rows(const lac_dct *dct, table from, double *matrix)
{
    for (size_t k = 0; k < from.rows; k++)
        memcpy(matrix + k * dct->width, from.data + k * from.stride, from.columns * sizeof *matrix);
    clear_padding(dct, from.columns, matrix);
}

static void store_columns(const lac_dct *dct, const double *matrix, table to)
{
    for (size_t row = 0; row < to.rows; row++)
        for (size_t k = 0; k < to.columns; k++)
            to.data[row * to.stride + k] = matrix[k * dct->width + row];
}

static void load_columns(const lac_dct *dct, table from, double *matrix)
{
    for (size_t row = 0; row < from.rows; row++)
        for (size_t k = 0; k < from.columns; k++)
            matrix[k * dct->width + row] = from.data[row * from.stride + k];
    clear_padding(dct, from.rows, matrix);
}

/* --- the transforms ------------------------------------------------------------------------- */

static void lines_forward(const lac_plane_transform *transform, table lines, double *a, double *b)
{
    place_columns(transform->along[0], lines, a);
    lac_dct_forward(transform->along[0], a, b);
    store_columns(transform->along[0], a, lines);
}

static void lines_backward(const lac_plane_transform *transform, table lines, double *a, double *b)
{
    load_columns(transform->along[0], lines, a);
    lac_dct_backward(transform->along[0], a, b);
    take_columns(transform->along[0], a, lines);
}

static void plane_forward(const lac_plane_transform *transform, double *plane, double *a, double *b)
{
    const lac_dct *fast = transform->along[0], *slow = transform->along[1];
    place_rows(slow, (table){plane, fast->n, slow->n, fast->n}, a);
    lac_dct_forward(slow, a, b);
    place_columns(fast, (table){a, slow->width, slow->n, fast->n}, b);
    lac_dct_forward(fast, b, a);
    store_rows(fast, b, (table){plane, slow->n, fast->n, slow->n});
}

static void plane_backward(const lac_plane_transform *transform, double *plane, double *a,
                           double *b)
{
    const lac_dct *fast = transform->along[0], *slow = transform->along[1];
    load_rows(fast, (table){plane, slow->n, fast->n, slow->n}, b);
    lac_dct_backward(fast, b, a);
    take_columns(fast, b, (table){a, slow->width, slow->n, fast->n});
    clear_padding(slow, fast->n, a);
    lac_dct_backward(slow, a, b);
    take_rows(slow, a, (table){plane, fast->n, slow->n, fast->n});
}

static table lines_of(const lac_plane_transform *transform, size_t batch, double *v)
{
    size_t first = batch * transform->batch;
    size_t left = transform->layers - first;
    return (table){v + first * transform->plane, transform->plane,
                   left < transform->batch ? left : transform->batch, transform->plane};
}

void lac_plane_transform_forward(const lac_plane_transform *transform, size_t batch, double *v,
                                 double *scratch)
{
    double *other = scratch + matrix_size(transform);
    if (transform->axes == 2)
        plane_forward(transform, v + batch * transform->plane, scratch, other);
    else
        lines_forward(transform, lines_of(transform, batch, v), scratch, other);
}

void lac_plane_transform_backward(const lac_plane_transform *transform, size_t batch, double *v,
                                  double *scratch)
{
    double *other = scratch + matrix_size(transform);
    if (transform->axes == 2)
        plane_backward(transform, v + batch * transform->plane, scratch, other);
    else
        lines_backward(transform, lines_of(transform, batch, v), scratch, other);
}
