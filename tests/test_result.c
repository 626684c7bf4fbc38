/* Results that are there already: what can be told of them, and what a run may do with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "base/memory.h"
#include "run/result.h"
#include "store/store.h"

#define HOURS 3600.0

/* Runs a model into scratch/NAME. */
static void run_into(const char *name, const char *text)
{
    lac_model *model = model_from(text);
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = in_scratch(name), .force = true};
    if (model->settings.seed < 0)
        model->settings.seed = 7;
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_ok(lac_simulation_run(simulation));
    lac_simulation_free(simulation);
    lac_model_free(model);
}

/* What is told of scratch/NAME for DECAY with another end [h]. */
static lac_result_kind examine(const char *name, double until, lac_result_state *look)
{
    lac_model *model = model_from(DECAY);
    model->settings.until = until * HOURS;
    assert_ok(lac_result_examine(in_scratch(name), model, look));
    lac_model_free(model);
    return look->kind;
}

static void a_result_is_whole_up_to_its_end(void **state)
{
    (void)state;
    lac_result_state look;
    assert_int_equal(examine("none.nc", 10, &look), LAC_RESULT_NONE);
    run_into("whole.nc", DECAY);
    assert_int_equal(examine("whole.nc", 10, &look), LAC_RESULT_WHOLE);
    assert_int_equal(look.frames, 11);
    assert_near(look.time, 10 * HOURS, 1e-6);
    assert_int_equal(examine("whole.nc", 4, &look), LAC_RESULT_WHOLE);
    assert_int_equal(examine("whole.nc", 10.01, &look), LAC_RESULT_UNFINISHED);
    assert_int_equal(look.why.length, 0);
}

static void a_result_that_lacks_frames_is_unfinished(void **state)
{
    (void)state;
    lac_store *store = NULL;
    lac_result_state look;
    run_into("short.nc", DECAY);
    assert_ok(lac_store_open(in_scratch("short.nc"), true, &store));
    assert_ok(lac_store_truncate(store, "/time", 5));
    assert_ok(lac_store_close(store));
    assert_int_equal(examine("short.nc", 10, &look), LAC_RESULT_UNFINISHED);
    assert_int_equal(look.frames, 5);
    assert_int_equal(examine("short.nc", 4, &look), LAC_RESULT_WHOLE);
}

static void a_result_whose_ledger_does_not_close_is_not_whole(void **state)
{
    (void)state;
    lac_store *store = NULL;
    lac_store_series *closure = NULL;
    lac_result_state look;
    run_into("leak.nc", DECAY);
    assert_ok(lac_store_open(in_scratch("leak.nc"), true, &store));
    assert_ok(lac_store_find(store, "/ledger/closure_relative", &closure));
    assert_ok(lac_store_put(closure, 10, (double[]){0, 0.1}));
    assert_ok(lac_store_close(store));
    assert_int_equal(examine("leak.nc", 10, &look), LAC_RESULT_UNFINISHED);
    assert_text_has(lac_text_of(&look.why), "ledger");
    lac_text_free(&look.why);
}

static void another_model_is_told_by_the_line_that_differs(void **state)
{
    (void)state;
    lac_result_state look;
    run_into("other.nc", SLAB);
    assert_int_equal(examine("other.nc", 10, &look), LAC_RESULT_OTHER);
    assert_text_has(lac_text_of(&look.why), "it has 'title: \"slab\"', not 'title: \"decay\"'");
    lac_text_free(&look.why);
}

static void a_file_that_is_no_result_is_another(void **state)
{
    (void)state;
    lac_result_state look;
    lac_store *store = NULL;
    FILE *file = fopen(in_scratch("letter.nc"), "w");
    fputs("a letter, longer than a signature", file);
    fclose(file);
    assert_int_equal(examine("letter.nc", 10, &look), LAC_RESULT_OTHER);
    assert_true(look.why.length > 0);
    lac_text_free(&look.why);
    assert_ok(lac_store_create(in_scratch("data.nc"), true, 0, &store));
    assert_ok(lac_store_close(store));
    assert_int_equal(examine("data.nc", 10, &look), LAC_RESULT_OTHER);
    assert_text_has(lac_text_of(&look.why), "not a result");
    lac_text_free(&look.why);
}

static void what_a_kill_leaves_before_the_first_frame_is_blank(void **state)
{
    (void)state;
    lac_result_state look;
    static const char nothing[4096];
    FILE *file = fopen(in_scratch("blank.nc"), "w");
    assert_int_equal(examine("blank.nc", 10, &look), LAC_RESULT_BLANK);
    lac_text_free(&look.why);
    fwrite(nothing, 1, sizeof nothing, file);
    fclose(file);
    assert_int_equal(examine("blank.nc", 10, &look), LAC_RESULT_BLANK);
    lac_text_free(&look.why);
}

static void a_seed_that_is_not_given_is_that_of_the_result(void **state)
{
    (void)state;
    lac_result_state look;
    run_into("seeded.nc", DECAY);
    lac_model *model = model_from(DECAY), *other = model_from(SLAB);
    assert_true(model->settings.seed < 0 && other->settings.seed < 0);
    assert_ok(lac_result_examine(in_scratch("seeded.nc"), model, &look));
    assert_int_equal(look.kind, LAC_RESULT_WHOLE);
    assert_near(model->settings.seed, 7, 0);
    model->settings.seed = 8;
    assert_ok(lac_result_examine(in_scratch("seeded.nc"), model, &look));
    assert_int_equal(look.kind, LAC_RESULT_OTHER);
    assert_near(model->settings.seed, 8, 0);
    lac_text_free(&look.why);
    assert_ok(lac_result_examine(in_scratch("seeded.nc"), other, &look));
    assert_int_equal(look.kind, LAC_RESULT_OTHER);
    assert_true(other->settings.seed < 0);
    lac_text_free(&look.why);
    lac_model_free(model);
    lac_model_free(other);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    run_into("memory.nc", DECAY);
    lac_model *model = model_from(DECAY);
    lac_result_state look;
    lac_status status;
    size_t alive = lac_memory_alive(), n = 0;
    do {
        lac_memory_fail_at(++n);
        status = lac_result_examine(in_scratch("memory.nc"), model, &look);
        lac_memory_fail_at(0);
        lac_text_free(&look.why);
        assert_true(status == LAC_OK || status == LAC_MEMORY);
        assert_int_equal(lac_memory_alive(), alive);
    } while (status == LAC_MEMORY);
    assert_int_equal(look.kind, LAC_RESULT_WHOLE);
    assert_true(n > 50);
    lac_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_is_whole_up_to_its_end),
        cmocka_unit_test(a_result_that_lacks_frames_is_unfinished),
        cmocka_unit_test(a_result_whose_ledger_does_not_close_is_not_whole),
        cmocka_unit_test(another_model_is_told_by_the_line_that_differs),
        cmocka_unit_test(a_file_that_is_no_result_is_another),
        cmocka_unit_test(what_a_kill_leaves_before_the_first_frame_is_blank),
        cmocka_unit_test(a_seed_that_is_not_given_is_that_of_the_result),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
