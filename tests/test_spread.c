/* Spread: standard deviation, quantiles and correlation at a distance against closed forms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "observe/spread.h"
#include "testlib.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* A grid of n voxels with sides that differ; `extra` goes into the tissue. */
static const char *const text = "lacuna: 1\n"
                                "domains: {gel: {kind: tissue}}\n"
                                "species: {A: {unit: 1, gel: {initial: 1}}}\n"
                                "tissue:\n"
                                "  size: [%d um, %d um, %d um]\n"
                                "  voxel: [20 um, 10 um, 40 um]\n"
                                "%s"
                                "run: {until: 1 d}\n";

typedef struct bed {
    lac_model *model;
    lac_grid *grid;
    lac_spread *spread;
    double *value;
} bed;

static void make(bed *made, int nx, int ny, int nz, const char *extra)
{
    char whole[1024];
    lac_diagnostics list = {0};
    snprintf(whole, sizeof whole, text, 20 * nx, 10 * ny, 40 * nz, extra);
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "bed.yaml", .text = whole, .directory = "."}, &list,
        &made->model);
    if (status != LAC_OK)
        fail_msg("%s", lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    assert_ok(lac_grid_create(made->model, &made->grid));
    assert_ok(lac_spread_create(made->grid, &made->spread));
    made->value = lac_alloc(made->grid->voxels, sizeof *made->value);
    assert_non_null(made->value);
}

static void drop(bed *made)
{
    lac_free(made->value);
    lac_spread_free(made->spread);
    lac_grid_free(made->grid);
    lac_model_free(made->model);
}

static void the_sd_of_equal_steps_is_that_of_a_discrete_uniform(void **state)
{
    (void)state;
    bed it;
    make(&it, 6, 1, 7, "");
    for (size_t voxel = 0; voxel < 42; voxel++)
        it.value[voxel] = 1e9 + (double)voxel; /* a large mean costs no digits */
    assert_near(lac_spread_sd(it.spread, LAC_NONE, it.value), sqrt((42.0 * 42 - 1) / 12), 1e-9);
    for (size_t voxel = 0; voxel < 42; voxel++)
        it.value[voxel] = 3;
    assert_near(lac_spread_sd(it.spread, LAC_NONE, it.value), 0, 0);
    drop(&it);
}

static void only_active_voxels_of_the_region_count(void **state)
{
    (void)state;
    bed it;
    make(&it, 4, 1, 4,
         "  boxes: {hole: {x: [0 um, 20 um]}, left: {x: [0 um, 60 um]}}\n"
         "  inactive: [hole]\n");
    size_t left = LAC_NONE;
    for (size_t region = 0; region < it.model->regions; region++)
        if (strcmp(it.model->region[region].id, "left") == 0)
            left = region;
    assert_int_not_equal(left, LAC_NONE);
    for (size_t voxel = 0; voxel < 16; voxel++)
        it.value[voxel] = voxel % 4 == 0 ? (double)NAN : (double)(voxel % 4);
    assert_near(lac_spread_sd(it.spread, left, it.value), 0.5, 1e-15);
    assert_near(lac_spread_sd(it.spread, LAC_NONE, it.value), sqrt(2.0 / 3), 1e-15);
    assert_near(lac_spread_quantile(it.spread, left, it.value, 0.5), 1.5, 1e-15);
    assert_near(lac_spread_correlation(it.spread, left, it.value, (double[]){20, 0, 0}), -1, 1e-14);
    assert_near(lac_spread_correlation(it.spread, left, it.value, (double[]){0, 0, 40}), 1, 1e-14);
    it.value[1] = (double)NAN;
    assert_true(isnan(lac_spread_sd(it.spread, left, it.value)));
    assert_true(isnan(lac_spread_quantile(it.spread, left, it.value, 0.5)));
    assert_true(isnan(lac_spread_correlation(it.spread, left, it.value, (double[]){20, 0, 0})));
    drop(&it);
}

static void quantiles_are_those_of_hazen(void **state)
{
    (void)state;
    bed it;
    make(&it, 10, 1, 1, "");
    for (size_t voxel = 0; voxel < 10; voxel++) /* 1 to 10, mixed */
        it.value[voxel] = 1 + (double)(voxel * 7 % 10);
    const double share[] = {0, 0.03, 0.05, 0.25, 0.5, 0.77, 0.95, 1};
    for (size_t k = 0; k < sizeof share / sizeof *share; k++) {
        double expected = fmin(10, fmax(1, 10 * share[k] + 0.5));
        assert_near(lac_spread_quantile(it.spread, LAC_NONE, it.value, share[k]), expected, 1e-14);
    }
    drop(&it);
}

static void values_that_alternate_are_anticorrelated_along_one_axis(void **state)
{
    (void)state;
    bed it;
    const double no = (double)NAN;
    make(&it, 6, 8, 5, "");
    for (size_t voxel = 0; voxel < it.grid->voxels; voxel++)
        it.value[voxel] = voxel % 2 ? 1 : -1;
    const double pairs[] = {5 * 8 * 5, 6 * 4 * 5,
                            6 * 8 * 4}; /* 40 um: 2 in x, 4 in y, 1 in depth */
    const double at_40 = (4 * 8 * 5 + pairs[1] + pairs[2]) / (4 * 8 * 5 + pairs[1] + pairs[2]);
    const double y20 = 6 * 6 * 5,
                 z20 = 6 * 8 * 4; /* 20 um: 1 in x, 2 in y; half a voxel of depth */
    assert_near(lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){20, no, no}),
                (-pairs[0] + y20 + z20) / (pairs[0] + y20 + z20), 1e-14);
    assert_near(lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){40, no, no}),
                at_40, 1e-14);
    assert_near(lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){0, no, no}), 1,
                1e-14);
    assert_near(lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){60, -10, 40}), -1,
                1e-14);
    assert_true(
        isnan(lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){400, no, no})));
    drop(&it);
}

/* Of cos(pi m (i + 1/2) / n), whose mean is 0 and whose variance 1/2, at a lag of l voxels:
 * 2 / (n - l) sum cos cos = cos(pi m l / n) + sum cos(pi m (2 i + 1 + l) / n) / (n - l), and that
 * sum is -sin(pi m l / n) cos(pi m) / sin(pi m / n). */
static void a_cosine_has_the_correlation_of_its_closed_form(void **state)
{
    (void)state;
    bed it;
    const int n = 50, m = 3;
    make(&it, n, 2, 3, "");
    for (size_t voxel = 0; voxel < it.grid->voxels; voxel++)
        it.value[voxel] = 5 + cos(pi * m * ((double)(voxel % (size_t)n) + 0.5) / n);
    for (int l = 1; l < n; l += 6) {
        double sum = 0;
        for (int i = 0; i < n - l; i++)
            sum += cos(pi * m * (2 * i + 1 + l) / n);
        double closed = -sin(pi * m * l / n) / sin(pi * m / n);
        assert_near(sum, closed, 1e-12);
        assert_near(
            lac_spread_correlation(it.spread, LAC_NONE, it.value, (double[]){20.0 * l, 0, 0}),
            cos(pi * m * l / n) + closed / (n - l), 1e-12);
    }
    drop(&it);
}

static void what_is_the_same_everywhere_has_no_correlation(void **state)
{
    (void)state;
    bed it;
    make(&it, 5, 1, 5, "");
    for (size_t voxel = 0; voxel < it.grid->voxels; voxel++)
        it.value[voxel] = 2;
    assert_true(isnan(lac_spread_correlation(it.spread, LAC_NONE, it.value,
                                             (double[]){20, (double)NAN, (double)NAN})));
    drop(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sd_of_equal_steps_is_that_of_a_discrete_uniform),
        cmocka_unit_test(only_active_voxels_of_the_region_count),
        cmocka_unit_test(quantiles_are_those_of_hazen),
        cmocka_unit_test(values_that_alternate_are_anticorrelated_along_one_axis),
        cmocka_unit_test(a_cosine_has_the_correlation_of_its_closed_form),
        cmocka_unit_test(what_is_the_same_everywhere_has_no_correlation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
