/* Observers: what a result holds is what the state was, and the ledger shows what is missing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "observe/balance.h"
#include "observe_record.h"
#include "testlib.h"

#include <unistd.h>

#define EVERY (6 * 3600.0)                      /* [s] */
#define PICOMOLAR (1e-12 * LAC_AVOGADRO / 1e15) /* [um^-3] */

static sample every, rare;
static char directory[64], path[128];

static int set_up(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/lacuna-test-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/result.nc", directory);
    if (sample_load(SAMPLE_EVERY_FRAME, &every) != LAC_OK ||
        sample_load(SAMPLE_RARE_FIELDS, &rare) != LAC_OK) {
        fprintf(stderr, "%s\n", lac_failure());
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    sample_free(&every);
    sample_free(&rare);
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

static size_t process(const char *name)
{
    for (size_t index = 0; index < every.model->processes; index++)
        if (strcmp(every.model->process[index].id, name) == 0)
            return index;
    fail_msg("no process %s", name);
    return 0;
}

static void clear_sums(lac_state *state)
{
    memset(state->extent, 0, state->processes * sizeof *state->extent);
    memset(state->flux, 0, state->boundaries * sizeof *state->flux);
    for (size_t variable = 0; variable < every.model->variables; variable++) {
        state->added[variable] = 0;
        state->initial[variable] = lac_state_content(state, every.model, variable);
    }
}

static void every_term_of_the_ledger_comes_from_its_own_sums(void **state)
{
    (void)state;
    lac_balance balance[4];
    sample_at(&every, 0);
    clear_sums(every.state);
    every.state->extent[process("uptake")] = 3;
    every.state->extent[process("clearance")] = 2;
    every.state->extent[process("release")] = 5;
    every.state->flux[0] = -4;
    every.state->added[SAMPLE_FLUID_N] = 7;
    lac_balances_of(&every.view, every.state, balance);
    assert_near(balance[SAMPLE_A].made, 0, 0);
    assert_near(balance[SAMPLE_A].lost, 3, 0);
    assert_near(balance[SAMPLE_A].moved_in, 0, 0);
    assert_near(balance[SAMPLE_A].moved_out, 4, 0);
    assert_near(balance[SAMPLE_FLUID_A].made, 10, 0);
    assert_near(balance[SAMPLE_FLUID_A].lost, 2, 0);
    assert_near(balance[SAMPLE_FLUID_A].moved_in, 4, 0);
    assert_near(balance[SAMPLE_FLUID_N].made, 0, 0); /* a catalyst */
    assert_near(balance[SAMPLE_FLUID_N].added, 7, 0);
    assert_near(lac_balance_closure(&balance[SAMPLE_FLUID_A]), -12, 1e-3);
}

/* The state at a later time, with sums that tell how it came about. */
static void march(double time)
{
    const lac_model *model = every.model;
    double content[4], initial[4];
    sample_at(&every, 0);
    clear_sums(every.state);
    memcpy(initial, every.state->initial, sizeof initial);
    sample_at(&every, time);
    for (size_t variable = 0; variable < 4; variable++)
        content[variable] = lac_state_content(every.state, model, variable);
    every.state->flux[0] = 0.25 * initial[SAMPLE_A];
    every.state->extent[process("uptake")] =
        initial[SAMPLE_A] + every.state->flux[0] - content[SAMPLE_A];
    every.state->extent[process("release")] = 0.125 * initial[SAMPLE_FLUID_A];
    every.state->extent[process("clearance")] =
        1.25 * initial[SAMPLE_FLUID_A] - every.state->flux[0] - content[SAMPLE_FLUID_A];
    for (size_t index = 0; index < model->processes; index++)
        if (model->process[index].from_rate_equation && model->process[index].change[0].factor < 0)
            every.state->extent[index] = initial[SAMPLE_S] - content[SAMPLE_S];
}

static void the_ledger_closes_and_a_planted_leak_shows(void **state)
{
    (void)state;
    double worst = -1;
    size_t variable = 0;
    march(90000);
    assert_ok(lac_ledger_closure(&every.view, every.state, &worst, &variable));
    assert_true(worst < 1e-12);
    lac_balance balance[4];
    lac_balances_of(&every.view, every.state, balance);
    double *s = every.state->value + lac_layout_at(&every.state->layout, SAMPLE_S);
    double leak = 0.01 * balance[SAMPLE_S].content;
    s[every.grid->voxels - 1] -= leak / every.view.weight;
    assert_ok(lac_ledger_closure(&every.view, every.state, &worst, &variable));
    assert_int_equal(variable, SAMPLE_S);
    double throughput = 0.99 * balance[SAMPLE_S].content + balance[SAMPLE_S].initial +
                        balance[SAMPLE_S].lost + balance[SAMPLE_S].made;
    assert_near(worst, leak / throughput, 1e-9);
}

static void a_closure_that_is_no_number_is_the_worst(void **state)
{
    (void)state;
    double worst = 0;
    size_t variable = 0;
    march(90000);
    every.state->extent[process("uptake")] = (double)NAN;
    assert_ok(lac_ledger_closure(&every.view, every.state, &worst, &variable));
    assert_true(isnan(worst));
    assert_int_equal(variable, SAMPLE_A);
}

static void less_than_the_tolerance_counts_as_nothing(void **state)
{
    (void)state;
    double worst = 0;
    sample_at(&every, 0);
    memset(every.state->value, 0, every.state->layout.length * sizeof(double));
    clear_sums(every.state);
    double *a = every.state->value + lac_layout_at(&every.state->layout, SAMPLE_A);
    a[every.grid->voxels - 1] = 1e-9 * PICOMOLAR; /* from nowhere, but far below atol */
    assert_ok(lac_ledger_closure(&every.view, every.state, &worst, NULL));
    assert_true(worst > 0 && worst < 1e-5);
}

static void write_frames(sample *of, recorder *to, size_t first, size_t end)
{
    bool is_rare = of == &rare;
    for (size_t frame = first; frame < end; frame++) {
        sample_at(of, (double)frame * EVERY);
        size_t field_frame = !is_rare ? frame : frame % 4 == 0 ? frame / 4 : LAC_NONE;
        assert_ok(recorder_frame(to, of, frame, field_frame));
    }
}

static void write_result(sample *of, size_t frames)
{
    recorder to;
    memset(of->state->extent, 0, of->state->processes * sizeof(double));
    memset(of->state->flux, 0, of->state->boundaries * sizeof(double));
    assert_ok(recorder_open(of, path, false, &to));
    write_frames(of, &to, 0, frames);
    assert_ok(recorder_close(&to));
}

/* The one open array of a test. */
static double *array;
static size_t rank, length[8];

static const double *values_of(lac_store *store, const char *name)
{
    lac_free(array);
    array = NULL;
    assert_ok(lac_store_read(store, name, &array, &rank, length));
    return array;
}

static void read_done(lac_store *store)
{
    lac_free(array);
    array = NULL;
    assert_ok(lac_store_close(store));
}

static void fields_come_in_their_units_and_inactive_voxels_are_missing(void **state)
{
    (void)state;
    lac_store *store = NULL;
    const lac_grid *grid = every.grid;
    write_result(&every, 5);
    assert_ok(lac_store_open(path, false, &store));
    assert_false(lac_store_has(store, "/time_fields"));
    const double *a = values_of(store, "/tissue_A");
    assert_int_equal(rank, 4);
    assert_int_equal(length[0], 5);
    assert_int_equal(length[1] * length[2] * length[3], grid->voxels);
    for (size_t frame = 0; frame < 5; frame++) {
        for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
            double shown = a[frame * grid->voxels + voxel];
            double is = sample_a(grid, voxel, (double)frame * EVERY) / PICOMOLAR;
            if (grid->active[voxel] == 0)
                assert_true(isnan(shown));
            else
                assert_near(shown, is, 1e-6 * is);
        }
    }
    const double *z = values_of(store, "/z");
    assert_int_equal(length[0], grid->n[2]);
    assert_near(z[0], 10, 1e-12);
    assert_near(z[119], 2390, 1e-9);
    read_done(store);
}

static void pools_observables_parameters_and_time_are_series(void **state)
{
    (void)state;
    lac_store *store = NULL;
    write_result(&every, 6);
    assert_ok(lac_store_open(path, false, &store));
    assert_near(values_of(store, "/time")[5], 30, 1e-12);
    assert_near(values_of(store, "/fluid_A")[2], 6e-3 * exp(-2 * EVERY / 1e5) / PICOMOLAR, 1e-9);
    assert_near(values_of(store, "/fluid_N")[5], 1000, 0);
    assert_near(values_of(store, "/cells")[3], 1000, 0);
    double mean = 0;
    for (size_t voxel = 0; voxel < every.grid->voxels; voxel++)
        if (every.grid->active[voxel] != 0)
            mean += sample_a(every.grid, voxel, EVERY) / (double)every.grid->active_voxels;
    assert_near(values_of(store, "/A_mean")[1], mean / PICOMOLAR, 1e-12 * mean / PICOMOLAR);
    const double *half = values_of(store, "/parameters/half");
    assert_int_equal(length[0], 6);
    assert_near(half[3], 0.5, 0);
    assert_near(half[4], 0.25, 0);
    assert_false(lac_store_has(store, "/parameters/k"));
    read_done(store);
}

static void rare_fields_have_times_of_their_own(void **state)
{
    (void)state;
    lac_store *store = NULL;
    write_result(&rare, 9);
    assert_ok(lac_store_open(path, false, &store));
    const double *times = values_of(store, "/time_fields");
    assert_int_equal(length[0], 3);
    assert_near(times[2], 48, 1e-12);
    values_of(store, "/tissue_S");
    assert_int_equal(length[0], 3);
    values_of(store, "/time");
    assert_int_equal(length[0], 9);
    read_done(store);
}

static void the_ledger_in_the_file_is_the_ledger(void **state)
{
    (void)state;
    lac_store *store = NULL;
    recorder to;
    lac_balance balance[4];
    march(90000);
    lac_balances_of(&every.view, every.state, balance);
    assert_ok(recorder_open(&every, path, false, &to));
    assert_ok(recorder_frame(&to, &every, 0, 0));
    assert_ok(recorder_close(&to));
    assert_ok(lac_store_open(path, false, &store));
    double scale = balance[SAMPLE_A].content;
    assert_near(values_of(store, "/ledger/content")[SAMPLE_A], balance[SAMPLE_A].content, 0);
    assert_near(values_of(store, "/ledger/moved_in")[SAMPLE_A], balance[SAMPLE_A].moved_in, 0);
    assert_near(values_of(store, "/ledger/moved_out")[SAMPLE_FLUID_A], balance[SAMPLE_A].moved_in,
                0);
    assert_near(values_of(store, "/ledger/closure")[SAMPLE_A], 0, 1e-12 * scale);
    /* A state's terms are volume means. */
    double mean = 0;
    for (size_t voxel = 0; voxel < every.grid->voxels; voxel++)
        if (every.grid->active[voxel] != 0)
            mean += sample_s(every.grid, voxel, 90000) / (double)every.grid->active_voxels;
    assert_near(values_of(store, "/ledger/content")[SAMPLE_S], mean, 1e-12);
    assert_near(values_of(store, "/ledger/lost")[SAMPLE_S],
                values_of(store, "/ledger/initial")[SAMPLE_S] - mean, 1e-12);
    assert_near(values_of(store, "/ledger/extent")[process("release")],
                every.state->extent[process("release")], 0);
    assert_near(values_of(store, "/ledger/flux")[0], every.state->flux[0], 0);
    assert_true(values_of(store, "/ledger/worst_closure")[0] < 1e-12);
    char *names = NULL;
    assert_ok(lac_store_read_text(store, "/ledger/variable", NULL, &names));
    assert_string_equal(names, "tissue_A\ntissue_S\nfluid_A\nfluid_N");
    lac_free(names);
    read_done(store);
}

static void expect_text(lac_store *store, const char *name, const char *attribute, const char *part)
{
    char *text = NULL;
    assert_ok(lac_store_read_text(store, name, attribute, &text));
    assert_text_has(text, part);
    lac_free(text);
}

static void provenance_holds_what_is_needed_to_run_again(void **state)
{
    (void)state;
    lac_store *store = NULL;
    char *text = NULL;
    lac_model *again = NULL;
    lac_diagnostics list = {0};
    write_result(&every, 1);
    assert_ok(lac_store_open(path, false, &store));
    expect_text(store, "/", "Conventions", "CF-1.10");
    expect_text(store, "/", "title", "a sample of everything \xc2\xb5");
    expect_text(store, "/", "notice", "research use only, not medical advice");
    expect_text(store, "/provenance", "command_line", "lacuna run sample.yaml");
    expect_text(store, "/provenance", "host", "a-host");
    expect_text(store, "/provenance", "created", "2026-01-02T03:04:05Z");
    expect_text(store, "/provenance", "version", PACKAGE_VERSION);
    expect_text(store, "/provenance", "hdf5_version", lac_store_library());
    expect_text(store, "/provenance", "setting_method", "mean-field");
    expect_text(store, "/provenance/source", NULL, "sample.yaml");
    expect_text(store, "/provenance/source_text", NULL, sample_text);
    expect_text(store, "/tissue_A", "units", "pmol L-1");
    expect_text(store, "/tissue_A", "unit_label", "pM");
    expect_text(store, "/tissue_A", "long_name", "substance A in a tissue");
    assert_ok(lac_store_read_text(store, "/provenance/model", NULL, &text));
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "stored", .text = text, .directory = "."}, &list, &again);
    if (status != LAC_OK)
        fail_msg("the stored model does not load: %s\n%s", lac_text_of(&list.text), text);
    assert_int_equal(again->variables, every.model->variables);
    assert_int_equal(again->processes, every.model->processes);
    lac_model_free(again);
    lac_diagnostics_free(&list);
    lac_free(text);
    read_done(store);
}

static void a_resumed_file_equals_one_written_in_one_go(void **state)
{
    (void)state;
    static const char *const names[] = {"/time", "/time_fields", "/tissue_A", "/A_mean",
                                        "/ledger/content"};
    double *whole[5];
    size_t records[5];
    lac_store *store = NULL;
    recorder to;
    write_result(&rare, 12);
    assert_ok(lac_store_open(path, false, &store));
    for (size_t k = 0; k < 5; k++) {
        assert_ok(lac_store_read(store, names[k], &whole[k], &rank, length));
        records[k] = length[0];
    }
    assert_ok(lac_store_close(store));
    write_result(&rare, 9); /* the checkpoint was at frame 6, fields 2 */
    assert_ok(recorder_open(&rare, path, true, &to));
    assert_ok(lac_store_truncate(to.store, "/time", 6));
    assert_ok(lac_store_truncate(to.store, "/time_fields", 2));
    write_frames(&rare, &to, 6, 12);
    assert_ok(recorder_close(&to));
    assert_ok(lac_store_open(path, false, &store));
    for (size_t k = 0; k < 5; k++) {
        const double *now = values_of(store, names[k]);
        size_t count = 1;
        for (size_t axis = 0; axis < rank; axis++)
            count *= length[axis];
        assert_int_equal(length[0], records[k]);
        assert_memory_equal(now, whole[k], count * sizeof *now);
        lac_free(whole[k]);
    }
    expect_text(store, "/provenance", "resumptions", "2026-01-02T03:04:05Z: lacuna run");
    read_done(store);
}

static void every_failing_allocation_comes_out_without_leak(void **state)
{
    (void)state;
    size_t alive = lac_memory_alive();
    sample_at(&rare, 0);
    for (size_t n = 1;; n++) {
        recorder to = {0};
        lac_memory_fail_at(n);
        lac_status status = recorder_open(&rare, path, false, &to);
        if (status == LAC_OK)
            status = recorder_frame(&to, &rare, 0, 0);
        bool reached = lac_memory_requests() >= n;
        lac_memory_fail_at(0);
        recorder_close(&to);
        assert_int_equal(lac_memory_alive(), alive);
        assert_int_equal(status, reached ? LAC_MEMORY : LAC_OK);
        if (!reached)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_term_of_the_ledger_comes_from_its_own_sums),
        cmocka_unit_test(the_ledger_closes_and_a_planted_leak_shows),
        cmocka_unit_test(a_closure_that_is_no_number_is_the_worst),
        cmocka_unit_test(less_than_the_tolerance_counts_as_nothing),
        cmocka_unit_test(fields_come_in_their_units_and_inactive_voxels_are_missing),
        cmocka_unit_test(pools_observables_parameters_and_time_are_series),
        cmocka_unit_test(rare_fields_have_times_of_their_own),
        cmocka_unit_test(the_ledger_in_the_file_is_the_ledger),
        cmocka_unit_test(provenance_holds_what_is_needed_to_run_again),
        cmocka_unit_test(a_resumed_file_equals_one_written_in_one_go),
        cmocka_unit_test(every_failing_allocation_comes_out_without_leak),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
