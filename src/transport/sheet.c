/* Sheets: transform along the slow axis, transpose, transform along the fast axis; coefficients of
 * a plane are kept transposed, since the solve in depth does not mind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/sheet.h"

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

/* Eigenvalue and factors of an axis of one voxel: nothing to transform, but held ends act. */
static double eigenvalue_of_one(lac_ends ends)
{
    return ends == LAC_ENDS_FREE ? 0 : ends == LAC_ENDS_HELD ? 4 : 2;
}

static void fill_eigenvalues(lac_sheet *sheet, const lac_grid *grid, const int axis[2])
{
    double base = 0, inverse[2] = {0};
    for (int k = 0; k < 2; k++)
        if (grid->n[k] == 1)
            base += eigenvalue_of_one(sheet->ends[k]) / (grid->h[k] * grid->h[k]);
    for (size_t k = 0; k < sheet->axes; k++)
        inverse[k] = 1 / (grid->h[axis[k]] * grid->h[axis[k]]);
    size_t slow = sheet->axes == 2 ? sheet->along[1]->n : 1;
    for (size_t q = 0; q < sheet->plane; q++) {
        sheet->eigenvalue[q] = base;
        if (sheet->axes > 0)
            sheet->eigenvalue[q] += inverse[0] * sheet->along[0]->eigenvalue[q / slow];
        if (sheet->axes > 1)
            sheet->eigenvalue[q] += inverse[1] * sheet->along[1]->eigenvalue[q % slow];
    }
    sheet->feed = sheet->read = 1;
    for (size_t k = 0; k < sheet->axes; k++) {
        sheet->feed *= sheet->along[k]->feed;
        sheet->read *= sheet->along[k]->read;
        sheet->lowest = sheet->lowest + sheet->along[k]->lowest * (k == 0 ? slow : 1);
    }
}

lac_status lac_sheet_create(const lac_grid *grid, const lac_ends ends[2], lac_sheet **result)
{
    lac_status status = LAC_OK;
    lac_sheet *sheet = NULL;
    int axis[2] = {0, 0};
    LAC_NEW(sheet, 1);
    memcpy(sheet->ends, ends, sizeof sheet->ends);
    sheet->axes = long_axes(grid, axis);
    sheet->plane = grid->n[0] * grid->n[1];
    sheet->layers = grid->n[2];
    sheet->batch = batch_of(sheet->axes, sheet->layers);
    LAC_NEW(sheet->eigenvalue, sheet->plane);
    if (sheet->axes == 2)
        LAC_TRY(lac_spectral_create(ends[axis[1]], grid->n[axis[1]], grid->n[axis[0]],
                                    &sheet->along[1]));
    if (sheet->axes > 0)
        LAC_TRY(lac_spectral_create(ends[axis[0]], grid->n[axis[0]],
                                    sheet->axes == 2 ? grid->n[axis[1]] : sheet->batch,
                                    &sheet->along[0]));
    fill_eigenvalues(sheet, grid, axis);
    *result = sheet;
    sheet = NULL;
out:
    lac_sheet_free(sheet);
    return status;
}

void lac_sheet_free(lac_sheet *sheet)
{
    if (!sheet)
        return;
    lac_spectral_free(sheet->along[0]);
    lac_spectral_free(sheet->along[1]);
    lac_free(sheet->eigenvalue);
    lac_free(sheet);
}

size_t lac_sheet_batches(const lac_sheet *sheet)
{
    return sheet->axes ? (sheet->layers + sheet->batch - 1) / sheet->batch : 0;
}

static size_t matrix_size(const lac_sheet *sheet)
{
    size_t size = 0;
    for (size_t k = 0; k < sheet->axes; k++) {
        size_t other = lac_spectral_size(sheet->along[k]);
        size = other > size ? other : size;
    }
    return size;
}

size_t lac_sheet_scratch(const lac_sheet *sheet)
{
    return 2 * matrix_size(sheet);
}

/* --- moving data ---------------------------------------------------------------------------- */

/* Rows of data with a stride; a spectral matrix places row j at row[j], times sign[j]. */
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
static void clear_padding(const lac_spectral *spectral, size_t used, double *matrix)
{
    for (size_t row = 0; row < spectral->n; row++)
        for (size_t column = used; column < (spectral->columns + 1) / 2 * 2; column++)
            matrix[row * spectral->width + column] = 0;
}

static void place_rows(const lac_spectral *spectral, table from, double *matrix)
{
    for (size_t j = 0; j < from.rows; j++)
        scale_row(spectral->sign[j], from.columns, from.data + j * from.stride,
                  matrix + spectral->row[j] * spectral->width);
    clear_padding(spectral, from.columns, matrix);
}

static void take_rows(const lac_spectral *spectral, const double *matrix, table to)
{
    for (size_t j = 0; j < to.rows; j++)
        scale_row(spectral->sign[j], to.columns, matrix + spectral->row[j] * spectral->width,
                  to.data + j * to.stride);
}

/* Row j of the matrix becomes column j of the table, and the reverse, in tiles. */
static void place_columns(const lac_spectral *spectral, table from, double *matrix)
{
    for (size_t tile = 0; tile < from.columns; tile += TILE) {
        size_t end = tile + TILE < from.columns ? tile + TILE : from.columns;
        for (size_t row = 0; row < from.rows; row++)
            for (size_t j = tile; j < end; j++)
                matrix[spectral->row[j] * spectral->width + row] =
                    spectral->sign[j] * from.data[row * from.stride + j];
    }
    clear_padding(spectral, from.rows, matrix);
}

static void take_columns(const lac_spectral *spectral, const double *matrix, table to)
{
    for (size_t tile = 0; tile < to.columns; tile += TILE) {
        size_t end = tile + TILE < to.columns ? tile + TILE : to.columns;
        for (size_t row = 0; row < to.rows; row++)
            for (size_t j = tile; j < end; j++)
                to.data[row * to.stride + j] =
                    spectral->sign[j] * matrix[spectral->row[j] * spectral->width + row];
    }
}

/* Coefficients, in order, between a matrix and a table; `transposed` as above. */
static void store_rows(const lac_spectral *spectral, const double *matrix, table to)
{
    for (size_t k = 0; k < to.rows; k++)
        memcpy(to.data + k * to.stride, matrix + k * spectral->width, to.columns * sizeof *to.data);
}

static void load_rows(const lac_spectral *spectral, table from, double *matrix)
{
    for (size_t k = 0; k < from.rows; k++)
        memcpy(matrix + k * spectral->width, from.data + k * from.stride,
               from.columns * sizeof *matrix);
    clear_padding(spectral, from.columns, matrix);
}

static void store_columns(const lac_spectral *spectral, const double *matrix, table to)
{
    for (size_t row = 0; row < to.rows; row++)
        for (size_t k = 0; k < to.columns; k++)
            to.data[row * to.stride + k] = matrix[k * spectral->width + row];
}

static void load_columns(const lac_spectral *spectral, table from, double *matrix)
{
    for (size_t row = 0; row < from.rows; row++)
        for (size_t k = 0; k < from.columns; k++)
            matrix[k * spectral->width + row] = from.data[row * from.stride + k];
    clear_padding(spectral, from.rows, matrix);
}

/* --- the transforms ------------------------------------------------------------------------- */

static void lines_forward(const lac_sheet *sheet, table lines, double *a, double *b)
{
    place_columns(sheet->along[0], lines, a);
    lac_spectral_forward(sheet->along[0], a, b);
    store_columns(sheet->along[0], a, lines);
}

static void lines_backward(const lac_sheet *sheet, table lines, double *a, double *b)
{
    load_columns(sheet->along[0], lines, a);
    lac_spectral_backward(sheet->along[0], a, b);
    take_columns(sheet->along[0], a, lines);
}

static void plane_forward(const lac_sheet *sheet, double *plane, double *a, double *b)
{
    const lac_spectral *fast = sheet->along[0], *slow = sheet->along[1];
    place_rows(slow, (table){plane, fast->n, slow->n, fast->n}, a);
    lac_spectral_forward(slow, a, b);
    place_columns(fast, (table){a, slow->width, slow->n, fast->n}, b);
    lac_spectral_forward(fast, b, a);
    store_rows(fast, b, (table){plane, slow->n, fast->n, slow->n});
}

static void plane_backward(const lac_sheet *sheet, double *plane, double *a, double *b)
{
    const lac_spectral *fast = sheet->along[0], *slow = sheet->along[1];
    load_rows(fast, (table){plane, slow->n, fast->n, slow->n}, b);
    lac_spectral_backward(fast, b, a);
    take_columns(fast, b, (table){a, slow->width, slow->n, fast->n});
    clear_padding(slow, fast->n, a);
    lac_spectral_backward(slow, a, b);
    take_rows(slow, a, (table){plane, fast->n, slow->n, fast->n});
}

static table lines_of(const lac_sheet *sheet, size_t batch, double *v)
{
    size_t first = batch * sheet->batch;
    size_t left = sheet->layers - first;
    return (table){v + first * sheet->plane, sheet->plane,
                   left < sheet->batch ? left : sheet->batch, sheet->plane};
}

void lac_sheet_forward(const lac_sheet *sheet, size_t batch, double *v, double *scratch)
{
    double *other = scratch + matrix_size(sheet);
    if (sheet->axes == 2)
        plane_forward(sheet, v + batch * sheet->plane, scratch, other);
    else
        lines_forward(sheet, lines_of(sheet, batch, v), scratch, other);
}

void lac_sheet_backward(const lac_sheet *sheet, size_t batch, double *v, double *scratch)
{
    double *other = scratch + matrix_size(sheet);
    if (sheet->axes == 2)
        plane_backward(sheet, v + batch * sheet->plane, scratch, other);
    else
        lines_backward(sheet, lines_of(sheet, batch, v), scratch, other);
}
