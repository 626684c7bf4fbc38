/* The matrix of columns: its solve against a dense elimination of the same numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "network/columns.h"
#include "network/dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POOLS = 3 };

/* Evenly spread over -0.5 .. 0.5, the same in every run. */
static double noise(size_t k)
{
    double x = sin((double)k * 12.9898 + 4) * 43758.5453;
    return x - floor(x) - 0.5;
}

/* Some numbers everywhere; `diagonal` is added to what the unit matrix has. */
static void fill(lac_columns *columns, double diagonal)
{
    size_t seed = 0;
    lac_columns_clear(columns);
    for (size_t t = 0; t < columns->layout.tracts; t++) {
        lac_column *c = &columns->column[t];
        const size_t fields = c->tract->fields, voxels = c->tract->voxels;
        for (size_t z = 0; z < voxels; z++)
            for (size_t f = 0; f < fields; f++) {
                for (size_t row = 0; row < fields; row++)
                    c->block[(z * fields + f) * c->rows + row] +=
                        noise(seed++) + (row == f ? diagonal : 0);
                c->above[z * c->rows + f] = z > 0 ? noise(seed++) : 0;
                c->below[z * c->rows + f] = z + 1 < voxels ? noise(seed++) : 0;
                for (size_t p = 0; z < c->bordered && p < POOLS; p++) {
                    c->feed[(z * POOLS + p) * c->rows + f] = noise(seed++);
                    c->take[(z * POOLS + p) * c->rows + f] = noise(seed++);
                }
            }
    }
    for (size_t k = 0; k < POOLS * POOLS; k++)
        columns->pools[k] += noise(seed++);
}

static size_t place(const lac_columns *columns, const lac_column *c, size_t z, size_t f)
{
    return lac_layout_at(&columns->layout, c->tract->first + f) + z;
}

/* The same by rows and columns of the vector of all unknowns; the padding is a unit matrix. */
static void make_dense(const lac_columns *columns, double *a, size_t n)
{
    const size_t pool = columns->layout.pools_at;
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++)
        a[i * n + i] = 1;
    for (size_t t = 0; t < columns->layout.tracts; t++) {
        const lac_column *c = &columns->column[t];
        const size_t fields = c->tract->fields;
        for (size_t z = 0; z < c->tract->voxels; z++)
            for (size_t f = 0; f < fields; f++) {
                size_t at = place(columns, c, z, f);
                for (size_t row = 0; row < fields; row++)
                    a[place(columns, c, z, row) * n + at] =
                        c->block[(z * fields + f) * c->rows + row];
                if (z > 0)
                    a[at * n + at - 1] = c->above[z * c->rows + f];
                if (z + 1 < c->tract->voxels)
                    a[at * n + at + 1] = c->below[z * c->rows + f];
                for (size_t p = 0; z < c->bordered && p < POOLS; p++) {
                    a[at * n + pool + p] = c->feed[(z * POOLS + p) * c->rows + f];
                    a[(pool + p) * n + at] = c->take[(z * POOLS + p) * c->rows + f];
                }
            }
    }
    for (size_t p = 0; p < POOLS; p++)
        memcpy(a + (pool + p) * n + pool, columns->pools + p * POOLS, POOLS * sizeof *a);
}

static double largest_difference(const lac_tract_size *size, size_t tracts, const size_t *bordered,
                                 double diagonal)
{
    lac_layout layout = lac_layout_of_tracts(size, tracts, POOLS);
    lac_columns *columns = NULL;
    size_t n = layout.length;
    double *a = calloc(n * n, sizeof *a), *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y);
    size_t *pivot = calloc(n, sizeof *pivot);
    double worst = 0;
    assert_ok(lac_columns_create(&layout, bordered, &columns));
    fill(columns, diagonal);
    make_dense(columns, a, n);
    assert_true(lac_columns_factor(columns));
    assert_int_equal(lac_dense_factor(a, pivot, n), n);
    for (size_t v = 0; v < layout.fields + POOLS; v++)
        for (size_t k = 0; k < lac_layout_size(&layout, v); k++)
            x[lac_layout_at(&layout, v) + k] = y[lac_layout_at(&layout, v) + k] = noise(7 * v + k);
    lac_columns_solve(columns, x);
    lac_dense_solve(a, pivot, n, y);
    for (size_t k = 0; k < n; k++)
        worst = fmax(worst, fabs(x[k] - y[k]) / (1 + fabs(y[k])));
    lac_columns_free(columns);
    free(a);
    free(x);
    free(y);
    free(pivot);
    return worst;
}

static void two_columns_with_pools_at_some_voxels_are_solved_to_rounding(void **state)
{
    (void)state;
    const lac_tract_size size[] = {{5, 7}, {11, 4}};
    const size_t ends[] = {1, 0}, some[] = {3, 4}, all[] = {7, 4}, none[] = {0, 0};
    assert_true(largest_difference(size, 2, ends, 3) < 1e-13);
    assert_true(largest_difference(size, 2, some, 3) < 1e-13);
    assert_true(largest_difference(size, 2, all, 3) < 1e-13);
    assert_true(largest_difference(size, 2, none, 3) < 1e-13);
    assert_true(largest_difference(&(lac_tract_size){1, 1}, 1, ends, 3) < 1e-13);
}

/* Diagonals near zero: only with exchanges of rows. */
static void blocks_that_need_pivots_are_solved(void **state)
{
    (void)state;
    const lac_tract_size size[] = {{9, 6}};
    const size_t all[] = {6};
    assert_true(largest_difference(size, 1, all, -1) < 1e-9);
}

static void a_singular_block_is_told_with_its_field(void **state)
{
    (void)state;
    lac_layout layout = lac_layout_of(3, 4, POOLS);
    const size_t bordered[] = {1};
    lac_columns *columns = NULL;
    assert_ok(lac_columns_create(&layout, bordered, &columns));
    lac_columns_clear(columns);
    columns->column[0].block[(2 * 3 + 1) * columns->column[0].rows + 1] = 0;
    assert_false(lac_columns_factor(columns));
    assert_int_equal(columns->failed, 1);
    lac_columns_clear(columns);
    columns->pools[2 * POOLS + 2] = 0;
    assert_false(lac_columns_factor(columns));
    assert_int_equal(columns->failed, 3 + 2);
    lac_columns_free(columns);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    const lac_tract_size size[] = {{5, 7}, {11, 4}};
    const size_t bordered[] = {1, 4};
    lac_layout layout = lac_layout_of_tracts(size, 2, POOLS);
    const size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    for (size_t n = 1; status != LAC_OK; n++) {
        lac_columns *columns = NULL;
        lac_memory_fail_at(n);
        status = lac_columns_create(&layout, bordered, &columns);
        lac_memory_fail_at(0);
        assert_true(status == LAC_MEMORY || (status == LAC_OK && n > 15));
        lac_columns_free(columns);
        assert_int_equal(lac_memory_alive(), alive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_columns_with_pools_at_some_voxels_are_solved_to_rounding),
        cmocka_unit_test(blocks_that_need_pivots_are_solved),
        cmocka_unit_test(a_singular_block_is_told_with_its_field),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
