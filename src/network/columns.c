/* Block elimination from the last voxel of each column to the first, then of the pools:
 *
 *   below_z x_(z+1) + block_z x_z + above_z x_(z-1) + feed_z p = r_z
 *   pools p + sum over z of take_z x_z = s
 *
 * Neighbours are linked field by field, so above and below are diagonal. A block takes in what is
 * left of the voxel after it, block_z -= below_z block_(z+1)^-1 above_(z+1), and is inverted by
 * Gauss and Jordan's method with partial pivoting; between voxels there is none (Golub & Van Loan,
 * Matrix Computations, 2013, section 4.5.1). Rounding is left to one refinement of who solves
 * (mean_field/krylov.c). tests/test_columns.c compares with a dense elimination. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/columns.h"

#include "base/clones.h"
#include "base/memory.h"
#include "network/dense.h"

#include <math.h>
#include <string.h>

enum { LANES = 8 };

/* A diagonal entry at least this part of the largest in its column is pivot without exchange. */
static const double GOOD_PIVOT = 0.1;

/* --- making ---------------------------------------------------------------------------------- */

static size_t rows_of(const lac_tract *tract)
{
    return (tract->fields + LANES - 1) / LANES * LANES;
}

size_t lac_columns_bytes(const lac_layout *layout, const size_t *bordered)
{
    size_t doubles = layout->pools * layout->pools;
    for (size_t t = 0; t < layout->tracts; t++) {
        const lac_tract *tract = &layout->tract[t];
        doubles += rows_of(tract) *
                   (tract->voxels * (tract->fields + 3) + 2 * bordered[t] * layout->pools);
    }
    return doubles * sizeof(double);
}

static lac_status make_column(const lac_layout *layout, lac_column *column)
{
    lac_status status = LAC_OK;
    const size_t voxels = column->tract->voxels, rows = rows_of(column->tract);
    column->rows = rows;
    column->plane = 1;
    LAC_NEW(column->block, voxels * column->tract->fields * rows);
    LAC_NEW(column->above, voxels * rows);
    LAC_NEW(column->below, voxels * rows);
    LAC_NEW(column->feed, column->bordered * layout->pools * rows);
    LAC_NEW(column->take, column->bordered * layout->pools * rows);
    LAC_NEW(column->right, voxels * rows);
out:
    return status;
}

lac_status lac_columns_create(const lac_layout *layout, const size_t *bordered,
                              lac_columns **columns)
{
    lac_status status = LAC_OK;
    lac_columns *c = NULL;
    size_t widest = layout->pools;
    LAC_NEW(c, 1);
    c->layout = *layout;
    LAC_NEW(c->column, layout->tracts);
    for (size_t t = 0; t < layout->tracts; t++) {
        lac_column *column = &c->column[t];
        column->tract = &c->layout.tract[t];
        column->bordered = bordered[t];
        LAC_TRY(make_column(layout, column));
        widest = column->rows > widest ? column->rows : widest;
    }
    LAC_NEW(c->pools, layout->pools * layout->pools);
    LAC_NEW(c->pivot, widest);
    LAC_NEW(c->room, widest);
    *columns = c;
    c = NULL;
out:
    lac_columns_free(c);
    return status;
}

void lac_columns_free(lac_columns *columns)
{
    if (!columns)
        return;
    for (size_t t = 0; columns->column && t < columns->layout.tracts; t++) {
        lac_free(columns->column[t].block);
        lac_free(columns->column[t].above);
        lac_free(columns->column[t].below);
        lac_free(columns->column[t].feed);
        lac_free(columns->column[t].take);
        lac_free(columns->column[t].right);
    }
    lac_free(columns->column);
    lac_free(columns->pools);
    lac_free(columns->pivot);
    lac_free(columns->room);
    lac_free(columns);
}

void lac_columns_clear(lac_columns *columns)
{
    const size_t pools = columns->layout.pools;
    memset(columns->pools, 0, pools * pools * sizeof(double));
    for (size_t p = 0; p < pools; p++)
        columns->pools[p * (pools + 1)] = 1;
    for (size_t t = 0; t < columns->layout.tracts; t++) {
        lac_column *c = &columns->column[t];
        const size_t voxels = c->tract->voxels, fields = c->tract->fields;
        memset(c->block, 0, voxels * fields * c->rows * sizeof(double));
        memset(c->above, 0, voxels * c->rows * sizeof(double));
        memset(c->below, 0, voxels * c->rows * sizeof(double));
        memset(c->feed, 0, c->bordered * pools * c->rows * sizeof(double));
        memset(c->take, 0, c->bordered * pools * c->rows * sizeof(double));
        for (size_t z = 0; z < voxels; z++)
            for (size_t f = 0; f < fields; f++)
                c->block[(z * fields + f) * c->rows + f] = 1;
    }
}

/* --- kernels, on padded columns -------------------------------------------------------------- */

LAC_INLINE void subtract(double *restrict to, double factor, const double *from, size_t rows)
{
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        to[i] -= factor * from[i];
}

static void exchange(double *a, double *b, size_t count, size_t step)
{
    for (size_t i = 0; a != b && i < count; i++) {
        double kept = a[i * step];
        a[i * step] = b[i * step];
        b[i * step] = kept;
    }
}

static size_t choose_pivot(const double *column, size_t k, size_t n)
{
    size_t best = k;
    for (size_t i = k + 1; i < n; i++)
        best = fabs(column[i]) > fabs(column[best]) ? i : best;
    return fabs(column[k]) >= GOOD_PIVOT * fabs(column[best]) ? k : best;
}

/* One step of Gauss and Jordan's method. */
LAC_CLONED static void sweep(double *a, size_t n, size_t rows, size_t k)
{
    double *column = a + k * rows;
    const double inverse = 1 / column[k];
    for (size_t c = 0; c < n; c++) {
        double *other = a + c * rows;
        if (c == k || other[k] == 0)
            continue;
        double factor = other[k] * inverse;
        subtract(other, factor, column, rows);
        other[k] = factor;
    }
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        column[i] *= -inverse;
    column[k] = inverse;
}

/* a := a^-1; the first column without a pivot, or n. */
static size_t invert(double *a, size_t n, size_t rows, size_t *pivot)
{
    for (size_t k = 0; k < n; k++) {
        size_t best = pivot[k] = choose_pivot(a + k * rows, k, n);
        double value = fabs(a[k * rows + best]);
        if (!(value > 0) || isinf(value))
            return k;
        exchange(a + k, a + best, n, rows);
        sweep(a, n, rows, k);
    }
    for (size_t k = n; k-- > 0;)
        exchange(a + k * rows, a + pivot[k] * rows, n, 1);
    return n;
}

/* to -= a from. */
LAC_CLONED static void subtract_product(double *restrict to, const double *a, const double *from,
                                        size_t n, size_t rows)
{
    for (size_t c = 0; c < n; c++)
        if (from[c] != 0)
            subtract(to, from[c], a + c * rows, rows);
}

LAC_CLONED static double dot(const double *a, const double *b, size_t rows)
{
    double part[LANES] = {0};
    for (size_t i = 0; i < rows; i += LANES)
#pragma omp simd
        for (size_t k = 0; k < LANES; k++)
            part[k] += a[i + k] * b[i + k];
    return ((part[0] + part[1]) + (part[2] + part[3])) +
           ((part[4] + part[5]) + (part[6] + part[7]));
}

/* --- factors --------------------------------------------------------------------------------- */

static double *block_of(const lac_column *c, size_t z)
{
    return c->block + z * c->tract->fields * c->rows;
}

static double *border_of(const lac_columns *columns, const lac_column *c, double *border, size_t z)
{
    return border + z * columns->layout.pools * c->rows;
}

/* block_z -= below_z block_(z+1)^-1 above_(z+1). */
LAC_CLONED static void take_in_block(const lac_column *c, size_t z)
{
    const size_t rows = c->rows;
    const double *below = c->below + z * rows, *above = c->above + (z + 1) * rows;
    const double *from = block_of(c, z + 1);
    double *to = block_of(c, z);
    for (size_t f = 0; f < c->tract->fields; f++) {
        double *restrict into = to + f * rows;
        const double factor = above[f];
#pragma omp simd
        for (size_t i = 0; i < rows; i++)
            into[i] -= factor * below[i] * from[f * rows + i];
    }
}

/* The same for what pools bring and take: feed and take of the voxel after are multiplied by its
 * inverse already. */
static void take_in_borders(const lac_columns *columns, const lac_column *c, size_t z)
{
    const size_t count = columns->layout.pools * c->rows;
    const double *below = c->below + z * c->rows, *above = c->above + (z + 1) * c->rows;
    const double *feed = border_of(columns, c, c->feed, z + 1);
    const double *take = border_of(columns, c, c->take, z + 1);
    double *to_feed = border_of(columns, c, c->feed, z);
    double *to_take = border_of(columns, c, c->take, z);
    for (size_t k = 0; k < count; k++) {
        to_feed[k] -= below[k % c->rows] * feed[k];
        to_take[k] -= above[k % c->rows] * take[k];
    }
}

static bool is_zero(const double *a, size_t count)
{
    size_t k = 0;
    while (k < count && a[k] == 0)
        k++;
    return k == count;
}

/* a := a^T b, by dots with the columns of b. */
static void times_transposed(double *a, const double *b, const lac_column *c, double *room)
{
    memcpy(room, a, c->rows * sizeof *a);
    for (size_t f = 0; f < c->tract->fields; f++)
        a[f] = dot(room, b + f * c->rows, c->rows);
}

/* feed := block^-1 feed, pools -= take feed, take := take block^-1; the block is inverted. */
static void eliminate_borders(lac_columns *columns, const lac_column *c, size_t z, double *room)
{
    const size_t pools = columns->layout.pools, rows = c->rows;
    double *feed = border_of(columns, c, c->feed, z), *take = border_of(columns, c, c->take, z);
    const double *block = block_of(c, z);
    for (size_t q = 0; q < pools; q++) {
        double *from = feed + q * rows;
        if (is_zero(from, rows))
            continue;
        memset(room, 0, rows * sizeof *room);
        subtract_product(room, block, from, c->tract->fields, rows);
        for (size_t i = 0; i < rows; i++)
            from[i] = -room[i];
        for (size_t p = 0; p < pools; p++)
            columns->pools[p * pools + q] -= dot(take + p * rows, from, rows);
    }
    for (size_t p = 0; p < pools; p++)
        if (!is_zero(take + p * rows, rows))
            times_transposed(take + p * rows, block, c, room);
}

static bool factor_column(lac_columns *columns, const lac_column *c)
{
    const lac_tract *tract = c->tract;
    for (size_t z = tract->voxels; z-- > 0;) {
        if (z + 1 < tract->voxels)
            take_in_block(c, z);
        if (z + 1 < c->bordered)
            take_in_borders(columns, c, z);
        size_t bad = invert(block_of(c, z), tract->fields, c->rows, columns->pivot);
        columns->failed = tract->first + bad;
        if (bad < tract->fields)
            return false;
        if (z < c->bordered)
            eliminate_borders(columns, c, z, columns->room);
    }
    return true;
}

bool lac_columns_factor(lac_columns *columns)
{
    const size_t pools = columns->layout.pools;
    for (size_t t = 0; t < columns->layout.tracts; t++)
        if (!factor_column(columns, &columns->column[t]))
            return false;
    size_t bad = lac_dense_factor(columns->pools, columns->pivot, pools);
    columns->failed = columns->layout.fields + bad;
    return bad == pools;
}

/* --- solving --------------------------------------------------------------------------------- */

static void gather(const lac_column *c, const double *v, double *right)
{
    for (size_t f = 0; f < c->rows; f++)
        for (size_t z = 0; z < c->tract->voxels; z++)
            right[z * c->rows + f] =
                f < c->tract->fields ? v[c->tract->at + f * c->tract->stride + z] : 0;
}

static void scatter(const lac_column *c, const double *right, double *v)
{
    for (size_t f = 0; f < c->tract->fields; f++)
        for (size_t z = 0; z < c->tract->voxels; z++)
            v[c->tract->at + f * c->tract->stride + z] = right[z * c->rows + f];
}

/* right := -block^-1 of what the voxels after leave of it; pools -= take right. */
static void forward(const lac_columns *columns, const lac_column *c, double *right, double *room,
                    double *pools)
{
    const size_t rows = c->rows;
    for (size_t z = c->tract->voxels; z-- > 0;) {
        double *x = right + z * rows;
        const double *below = c->below + z * rows;
        for (size_t i = 0; z + 1 < c->tract->voxels && i < rows; i++)
            x[i] += below[i] * x[rows + i];
        for (size_t p = 0; z < c->bordered && p < columns->layout.pools; p++)
            pools[p] -= dot(border_of(columns, c, c->take, z) + p * rows, x, rows);
        memcpy(room, x, rows * sizeof *x);
        memset(x, 0, rows * sizeof *x);
        subtract_product(x, block_of(c, z), room, c->tract->fields, rows);
    }
}

/* right := -right - feed pools - block^-1 above of the voxel before. */
static void backward(const lac_columns *columns, const lac_column *c, double *right, double *room,
                     const double *pools)
{
    const size_t rows = c->rows;
    for (size_t z = 0; z < c->tract->voxels; z++) {
        double *x = right + z * rows;
        const double *above = c->above + z * rows;
        for (size_t i = 0; i < rows; i++) {
            x[i] = -x[i];
            room[i] = z > 0 ? above[i] * right[(z - 1) * rows + i] : 0;
        }
        if (z < c->bordered)
            subtract_product(x, border_of(columns, c, c->feed, z), pools, columns->layout.pools,
                             rows);
        subtract_product(x, block_of(c, z), room, c->tract->fields, rows);
    }
}

void lac_columns_solve(lac_columns *columns, double *v)
{
    double *room = columns->room, *pools = v + columns->layout.pools_at;
    for (size_t t = 0; t < columns->layout.tracts; t++) {
        gather(&columns->column[t], v, columns->column[t].right);
        forward(columns, &columns->column[t], columns->column[t].right, room, pools);
    }
    lac_dense_solve(columns->pools, columns->pivot, columns->layout.pools, pools);
    for (size_t t = 0; t < columns->layout.tracts; t++) {
        backward(columns, &columns->column[t], columns->column[t].right, room, pools);
        scatter(&columns->column[t], columns->column[t].right, v);
    }
}
