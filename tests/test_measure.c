/* Measures: reductions agree with plain loops, whatever the number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "observe/measure.h"
#include "observe/reduction.h"
#include "observe_sample.h"
#include "testlib.h"

#include <stdbool.h>

enum { MOST = 32 };

static sample loaded;
static lac_measures *measures;
static double value[MOST];

static lac_status compile(lac_measures **made)
{
    const lac_expression *trees[MOST];
    for (size_t index = 0; index < loaded.model->observables; index++)
        trees[index] = loaded.model->observable[index].value;
    return lac_measures_create(&loaded.view, trees, loaded.model->observables, made);
}

static int set_up(void **state)
{
    (void)state;
    if (sample_load(SAMPLE_EVERY_FRAME, &loaded) != LAC_OK || compile(&measures) != LAC_OK) {
        fprintf(stderr, "%s\n", lac_failure());
        return -1;
    }
    sample_at(&loaded, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lac_measures_free(measures);
    sample_free(&loaded);
    return 0;
}

static double of(const char *name)
{
    for (size_t index = 0; index < loaded.model->observables; index++)
        if (strcmp(loaded.model->observable[index].id, name) == 0)
            return value[index];
    fail_msg("no observable %s", name);
    return 0;
}

static bool is_active(size_t voxel)
{
    return !loaded.grid->active || loaded.grid->active[voxel] != 0;
}

static const double *region(const char *name)
{
    for (size_t index = 0; index < loaded.model->regions; index++)
        if (strcmp(loaded.model->region[index].id, name) == 0)
            return loaded.grid->region[index];
    fail_msg("no region %s", name);
    return NULL;
}

static void reductions_agree_with_plain_loops(void **state)
{
    (void)state;
    const lac_grid *grid = loaded.grid;
    const double *deep = region("deep");
    double sum = 0, in_deep = 0, least = INFINITY, most = -INFINITY;
    size_t voxels = 0, deep_voxels = 0, above = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double a = sample_a(grid, voxel, 1000);
        if (!is_active(voxel))
            continue;
        voxels++;
        sum += a;
        most = fmax(most, a);
        above += a > 12e-12 * LAC_AVOGADRO / 1e15;
        if (deep[voxel] != 0) {
            deep_voxels++;
            in_deep += a;
            least = fmin(least, a);
        }
    }
    assert_true(voxels < grid->voxels && above > 0 && above < voxels && deep_voxels > 0);
    sample_at(&loaded, 1000);
    assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
    assert_near(of("A_mean"), sum / (double)voxels, 1e-15);
    assert_near(of("A_deep"), in_deep / (double)deep_voxels, 1e-15);
    assert_near(of("A_total"), sum * loaded.view.weight, 1e-12 * sum * loaded.view.weight);
    assert_near(of("A_least"), least, 0);
    assert_near(of("A_most"), most, 0);
    assert_near(of("A_above"), (double)above / (double)voxels, 1e-15);
    double squares = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (is_active(voxel))
            squares += pow(sample_a(grid, voxel, 1000) - sum / (double)voxels, 2);
    assert_near(of("A_sd"), sqrt(squares / (double)voxels), 1e-12 * of("A_mean"));
    assert_true(of("A_low") > of("A_least") && of("A_low") < of("A_deep"));
    assert_true(of("A_alike") > -1 && of("A_alike") < 1);
    assert_near(of("cells"), 1000, 0);
    double pool = loaded.state->value[lac_layout_at(&loaded.state->layout, SAMPLE_FLUID_A)];
    assert_near(of("ratio"), 2 * sum / (double)voxels / pool, 1e-12);
}

static void the_total_speaks_of_the_whole_joint(void **state)
{
    (void)state;
    sample_at(&loaded, 0);
    assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
    double tissue = 4e8 * 2400 * (double)loaded.grid->active_voxels / (double)loaded.grid->voxels;
    assert_near(of("A_total") / of("A_mean"), tissue, 1e-9 * tissue);
}

static void a_point_reads_the_voxel_that_holds_it(void **state)
{
    (void)state;
    const double point[] = {45, 10, 1150};
    size_t voxel = lac_grid_at(loaded.grid, point);
    sample_at(&loaded, 500);
    assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
    assert_near(of("A_there"), sample_a(loaded.grid, voxel, 500), 0);
    assert_true(isnan(of("A_in_hole")));
}

static void first_remembers_only_what_it_was_told_to(void **state)
{
    (void)state;
    lac_measures *fresh = NULL;
    assert_ok(compile(&fresh));
    sample_at(&loaded, 3600);
    assert_ok(lac_measures_evaluate(fresh, loaded.state, true, value));
    assert_true(isnan(of("S_half"))); /* mean(S) is still above a half */
    sample_at(&loaded, 84000);
    assert_ok(lac_measures_evaluate(fresh, loaded.state, false, value));
    assert_near(of("S_half"), 84000, 0);
    sample_at(&loaded, 84600);
    assert_ok(lac_measures_evaluate(fresh, loaded.state, true, value));
    assert_near(of("S_half"), 84600, 0);
    sample_at(&loaded, 90000); /* the parameter has changed: the condition holds no more */
    assert_ok(lac_measures_evaluate(fresh, loaded.state, true, value));
    assert_near(of("S_half"), 84600, 0);
    lac_measures_free(fresh);
}

static void a_checkpoint_keeps_what_first_remembers(void **state)
{
    (void)state;
    lac_measures *old = NULL, *fresh = NULL;
    lac_block_list from = {0}, to = {0};
    assert_ok(compile(&old));
    assert_ok(compile(&fresh));
    sample_at(&loaded, 84600);
    assert_ok(lac_measures_evaluate(old, loaded.state, true, value));
    lac_measures_blocks(old, "observe", &from);
    lac_measures_blocks(fresh, "observe", &to);
    assert_int_equal(from.count, 1);
    assert_int_equal(from.block[0].count, to.block[0].count);
    memcpy(to.block[0].data, from.block[0].data, from.block[0].count * sizeof(double));
    sample_at(&loaded, 90000);
    assert_ok(lac_measures_evaluate(fresh, loaded.state, true, value));
    assert_near(of("S_half"), 84600, 0);
    lac_measures_free(old);
    lac_measures_free(fresh);
}

static void a_value_that_is_no_number_shows(void **state)
{
    (void)state;
    sample_at(&loaded, 0);
    double *a = loaded.state->value + lac_layout_at(&loaded.state->layout, SAMPLE_A);
    a[loaded.grid->voxels - 3] = (double)NAN;
    assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
    assert_true(isnan(of("A_mean")));
}

static void one_thread_and_four_give_identical_bits(void **state)
{
    (void)state;
    double alone[MOST];
    size_t count = loaded.model->observables;
    sample_at(&loaded, 777);
    lac_threads_set(1);
    assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
    memcpy(alone, value, sizeof alone);
    lac_threads_set(4);
    assert_true(lac_blocks(loaded.grid->voxels) > 2);
    for (int repeat = 0; repeat < 20; repeat++) {
        assert_ok(lac_measures_evaluate(measures, loaded.state, false, value));
        assert_memory_equal(alone, value, count * sizeof *value);
    }
    lac_threads_set(0);
}

static void equal_reductions_are_done_once(void **state)
{
    (void)state;
    lac_reductions list = {.model = loaded.model};
    size_t means = 0;
    for (size_t index = 0; index < loaded.model->observables; index++) {
        lac_expression *copy = NULL;
        assert_ok(lac_expression_copy(loaded.model->observable[index].value, &copy));
        assert_ok(lac_reductions_extract(&list, copy));
        lac_expression_free(copy);
    }
    for (size_t index = 0; index < list.count; index++)
        means += list.item[index].op == LAC_OP_MEAN;
    assert_int_equal(means, 3); /* of A, of A in a region, of S */
    lac_reductions_free(&list);
}

static void every_failing_allocation_comes_out_without_leak(void **state)
{
    (void)state;
    size_t alive = lac_memory_alive();
    sample_at(&loaded, 0);
    for (size_t n = 1;; n++) {
        lac_measures *fresh = NULL;
        lac_memory_fail_at(n);
        lac_status status = compile(&fresh);
        if (status == LAC_OK)
            status = lac_measures_evaluate(fresh, loaded.state, true, value);
        bool reached = lac_memory_requests() >= n;
        lac_memory_fail_at(0);
        lac_measures_free(fresh);
        assert_int_equal(lac_memory_alive(), alive);
        assert_int_equal(status, reached ? LAC_MEMORY : LAC_OK);
        if (!reached)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reductions_agree_with_plain_loops),
        cmocka_unit_test(the_total_speaks_of_the_whole_joint),
        cmocka_unit_test(a_point_reads_the_voxel_that_holds_it),
        cmocka_unit_test(first_remembers_only_what_it_was_told_to),
        cmocka_unit_test(a_checkpoint_keeps_what_first_remembers),
        cmocka_unit_test(a_value_that_is_no_number_shows),
        cmocka_unit_test(one_thread_and_four_give_identical_bits),
        cmocka_unit_test(equal_reductions_are_done_once),
        cmocka_unit_test(every_failing_allocation_comes_out_without_leak),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
