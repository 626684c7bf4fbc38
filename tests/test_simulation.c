/* Tests of whole runs in one process: what is written, what a checkpoint keeps, and how runs fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "base/memory.h"
#include "base/vector.h"
#include "store/checkpoint_file.h"
#include "store/store.h"

#include <sys/stat.h>

#define SLAB_EVENTS                                                                                \
    SLAB "events:\n"                                                                               \
         "  dose: {at: 3 h, every: 5 h, until: 20 h, into: pool, add: {A: 3 nM}}\n"                \
         "  slow: {when: mean(slab.A) > 2 nM, scale: {k: 0.5}}\n"

/* Says when to leave: after so many steps of this process; 0 = never. */
typedef struct boss {
    size_t steps, leave_after;
    double closure;
} boss;

static lac_request be_boss(void *context, const lac_progress *progress)
{
    boss *b = context;
    b->closure = progress->closure;
    return ++b->steps == b->leave_after ? LAC_STOP : LAC_CONTINUE;
}

/* The end of a run: a copy of the state, to compare bit by bit. */
typedef struct ending {
    lac_status status;
    lac_state *state;
    size_t steps;
} ending;

static void free_ending(ending *end)
{
    lac_state_free(end->state);
}

static ending finish(lac_simulation *simulation, lac_status status)
{
    ending end = {.status = status};
    if (status == LAC_OK)
        end.status = lac_simulation_run(simulation);
    if (simulation) {
        assert_ok(lac_state_copy(lac_simulation_state(simulation), &end.state));
        end.steps = lac_simulation_counters(simulation).steps;
    }
    lac_simulation_free(simulation);
    return end;
}

static ending run_to(lac_model *model, const char *name, boss *b)
{
    lac_simulation *simulation = NULL;
    lac_run_options options = {
        .result = in_scratch(name), .force = true, .progress = be_boss, .context = b};
    lac_status status = lac_simulation_create(model, &options, &simulation);
    return finish(simulation, status);
}

/* As the program does: the model comes from the checkpoint. */
static ending resume_from(const char *checkpoint, const char *name, boss *b)
{
    lac_checkpoint_facts facts;
    char *text = NULL;
    lac_simulation *simulation = NULL;
    assert_ok(lac_checkpoint_peek(in_scratch(checkpoint), &facts, &text));
    lac_model *model = model_from(text);
    lac_run_options options = {.result = in_scratch(name),
                               .checkpoint = in_scratch(checkpoint),
                               .progress = be_boss,
                               .context = b};
    lac_status status = lac_simulation_resume(model, options.checkpoint, &options, &simulation);
    ending end = finish(simulation, status);
    lac_model_free(model);
    lac_free(text);
    return end;
}

static void same_bits(const ending *a, const ending *b)
{
    const lac_state *x = a->state, *y = b->state;
    assert_true(x->time == y->time);
    assert_int_equal(a->steps, b->steps);
    assert_memory_equal(x->value, y->value, x->layout.length * sizeof(double));
    assert_memory_equal(x->parameter, y->parameter, x->parameters * sizeof(double));
    assert_memory_equal(x->extent, y->extent, x->processes * sizeof(double));
    assert_memory_equal(x->flux, y->flux, x->boundaries * sizeof(double));
    size_t variables = x->layout.fields + x->layout.pools;
    assert_memory_equal(x->added, y->added, variables * sizeof(double));
}

static size_t records(const char *name, const char *path)
{
    lac_store *store = NULL;
    size_t count = 0;
    assert_ok(lac_store_open(in_scratch(name), false, &store));
    assert_ok(lac_store_length(store, path, &count));
    assert_ok(lac_store_close(store));
    return count;
}

static bool is_there(const char *name)
{
    struct stat info;
    return stat(in_scratch(name), &info) == 0;
}

static void a_decay_ends_where_the_exponential_does(void **state)
{
    (void)state;
    lac_model *model = model_from(DECAY);
    boss b = {0};
    ending end = run_to(model, "decay.nc", &b);
    assert_int_equal(end.status, LAC_OK);
    const double *value = end.state->value;
    assert_near(value[0] / (value[0] + value[1]), exp(-1.0), 1e-3);
    assert_int_equal(records("decay.nc", "/time"), 11);
    assert_true(b.closure < 1e-9);
    free_ending(&end);
    lac_model_free(model);
}

static void frames_lie_at_their_times_with_events_included(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0};
    ending end = run_to(model, "slab.nc", &b);
    lac_store *store = NULL;
    double *time = NULL, *fields = NULL, *pool = NULL;
    size_t rank, length[8];
    assert_int_equal(end.status, LAC_OK);
    assert_ok(lac_store_open(in_scratch("slab.nc"), false, &store));
    assert_ok(lac_store_read(store, "/time", &time, &rank, length));
    assert_int_equal(length[0], 13);
    for (size_t k = 0; k < 13; k++)
        assert_near(time[k], 2.0 * (double)k, 1e-12);
    assert_ok(lac_store_read(store, "/time_fields", &fields, &rank, length));
    assert_int_equal(length[0], 5);
    for (size_t k = 0; k < 5; k++)
        assert_near(fields[k], 6.0 * (double)k, 1e-12);
    /* The dose of 8 h is in the frame of 8 h. */
    assert_ok(lac_store_read(store, "/pool_A", &pool, &rank, length));
    assert_true(pool[4] > pool[3] + 2);
    assert_ok(lac_store_close(store));
    lac_free(time);
    lac_free(fields);
    lac_free(pool);
    free_ending(&end);
    lac_model_free(model);
}

static void a_checkpoint_never_changes_a_step(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0}, c = {0};
    ending plain = run_to(model, "plain.nc", &b);
    model->settings.checkpoint_every = 1e-9; /* after every step */
    ending saved = run_to(model, "saved.nc", &c);
    assert_int_equal(plain.status, LAC_OK);
    assert_int_equal(saved.status, LAC_OK);
    assert_true(is_there("saved.ckpt"));
    assert_false(is_there("plain.ckpt"));
    same_bits(&plain, &saved);
    free_ending(&plain);
    free_ending(&saved);
    lac_model_free(model);
}

static void a_run_that_is_left_and_resumed_anywhere_ends_with_the_same_bits(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0};
    ending straight = run_to(model, "straight.nc", &b);
    assert_int_equal(straight.status, LAC_OK);
    size_t stride = b.steps / 12 + 1;
    for (size_t leave = 1; leave < b.steps; leave += stride) {
        boss first = {.leave_after = leave}, second = {.leave_after = 3}, third = {0};
        ending left = run_to(model, "parts.nc", &first);
        assert_int_equal(left.status, LAC_INTERRUPTED);
        assert_text_has(lac_failure(), "parts.ckpt");
        ending more = resume_from("parts.ckpt", "parts.nc", &second);
        if (more.status == LAC_INTERRUPTED) {
            free_ending(&more);
            more = resume_from("parts.ckpt", "parts.nc", &third);
        }
        assert_int_equal(more.status, LAC_OK);
        same_bits(&straight, &more);
        assert_int_equal(records("parts.nc", "/time"), 13);
        assert_int_equal(records("parts.nc", "/time_fields"), 5);
        free_ending(&left);
        free_ending(&more);
    }
    free_ending(&straight);
    lac_model_free(model);
}

static void frames_behind_the_checkpoint_are_written_again(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0}, c = {.leave_after = 9}, d = {0}, e = {0};
    ending straight = run_to(model, "whole.nc", &b);
    ending left = run_to(model, "early.nc", &c);
    assert_int_equal(left.status, LAC_INTERRUPTED);
    assert_int_equal(rename(in_scratch("early.ckpt"), in_scratch("kept.ckpt")), 0);
    /* The result of the whole run has all frames; it is cut back and continued. */
    ending again = resume_from("kept.ckpt", "whole.nc", &d);
    assert_int_equal(again.status, LAC_OK);
    same_bits(&straight, &again);
    assert_int_equal(records("whole.nc", "/time"), 13);
    ending missing = resume_from("kept.ckpt", "nowhere.nc", &e);
    assert_int_equal(missing.status, LAC_NO_INPUT);
    free_ending(&straight);
    free_ending(&left);
    free_ending(&again);
    lac_model_free(model);
}

static void another_model_does_not_resume_a_checkpoint(void **state)
{
    (void)state;
    lac_model *model = model_from(DECAY);
    boss b = {.leave_after = 5};
    ending left = run_to(model, "mine.nc", &b);
    assert_int_equal(left.status, LAC_INTERRUPTED);
    model->parameter[0].value *= 2;
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = in_scratch("mine.nc")};
    assert_int_equal(lac_simulation_resume(model, in_scratch("mine.ckpt"), &options, &simulation),
                     LAC_INPUT);
    assert_text_has(lac_failure(), "not the one");
    free_ending(&left);
    lac_model_free(model);
}

static void one_thread_and_three_give_identical_bits(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0}, c = {0};
    ending one = run_to(model, "one.nc", &b);
    lac_threads_set(3);
    ending three = run_to(model, "three.nc", &c);
    lac_threads_set(1);
    assert_int_equal(one.status, LAC_OK);
    same_bits(&one, &three);
    free_ending(&one);
    free_ending(&three);
    lac_model_free(model);
}

static void an_existing_result_is_not_overwritten(void **state)
{
    (void)state;
    lac_model *model = model_from(DECAY);
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = in_scratch("mine.txt")};
    FILE *file = fopen(options.result, "w");
    fputs("precious", file);
    fclose(file);
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_EXISTS);
    options.result = scratch;
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_FILE);
    options.result = in_scratch("mine.txt/x.nc");
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_FILE);
    char word[16] = "";
    file = fopen(in_scratch("mine.txt"), "r");
    assert_non_null(fgets(word, sizeof word, file));
    fclose(file);
    assert_string_equal(word, "precious");
    lac_model_free(model);
}

static void what_makes_no_sense_is_refused_before_a_file_is_made(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB);
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = in_scratch("refused.nc")};
    lac_settings kept = model->settings;
    model->settings.until = 0;
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_INPUT);
    assert_text_has(lac_failure(), "the end of the run");
    model->settings = kept;
    model->settings.save_every = 1e-9;
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_LIMIT);
    model->settings = kept;
    model->tissue[0].voxels[0] = model->tissue[0].voxels[1] = model->tissue[0].voxels[2] = 1000000;
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_LIMIT);
    assert_text_has(lac_failure(), "GiB");
    assert_false(is_there("refused.nc"));
    assert_null(simulation);
    lac_model_free(model);
}

static void a_law_that_becomes_undefined_stops_with_all_frames_until_then(void **state)
{
    (void)state;
    static const char decay[] = DECAY, law[] = "rate: k * A}";
    const char *at = strstr(decay, law);
    lac_text changed = {0};
    lac_text_add_bytes(&changed, decay, (size_t)(at - decay));
    lac_text_add(&changed, "rate: k * A * sqrt(3.5 - t / 1 h)}%s", at + strlen(law));
    lac_model *model = model_from(lac_text_of(&changed));
    boss b = {0};
    ending end = run_to(model, "undefined.nc", &b);
    assert_int_equal(end.status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "pool");
    assert_int_equal(records("undefined.nc", "/time"), 4);
    free_ending(&end);
    lac_model_free(model);
    lac_text_free(&changed);
}

static void a_ledger_that_does_not_close_stops_the_run(void **state)
{
    (void)state;
    lac_model *model = model_from(SLAB_EVENTS);
    boss b = {0};
    model->settings.closure_tolerance = 0;
    ending end = run_to(model, "leak.nc", &b);
    assert_int_equal(end.status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "ledger");
    assert_true(records("leak.nc", "/time") > 1);
    free_ending(&end);
    lac_model_free(model);
}

static void events_that_trigger_one_another_without_end_are_an_error(void **state)
{
    (void)state;
    lac_model *model = model_from(DECAY "events:\n"
                                        "  start: {at: 1 h, set: {k: 0.2 1/h}}\n"
                                        "  up: {when: k > 0.15 1/h, set: {k: 0.1 1/h}}\n"
                                        "  down: {when: k < 0.15 1/h, set: {k: 0.2 1/h}}\n");
    boss b = {0};
    ending end = run_to(model, "endless.nc", &b);
    assert_int_equal(end.status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "endlessly");
    free_ending(&end);
    lac_model_free(model);
}

static void the_nth_allocation_may_fail_for_every_n(void **state)
{
    (void)state;
    lac_model *model = model_from(DECAY "events:\n  dose: {at: 2 h, into: pool, add: {A: 1 nM}}\n"
                                        "  low: {when: pool.A < 0.5 nM, scale: {k: 0.5}}\n");
    model->settings.until = 3 * 3600;
    model->settings.checkpoint_every = 3600; /* only at the end */
    size_t alive = lac_memory_alive(), n = 0, requests, failures = 0;
    do {
        lac_simulation *simulation = NULL;
        lac_run_options options = {.result = in_scratch("fails.nc"), .force = true};
        lac_memory_fail_at(++n);
        lac_status status = lac_simulation_create(model, &options, &simulation);
        if (status == LAC_OK)
            status = lac_simulation_run(simulation);
        else
            assert_null(simulation);
        requests = lac_memory_requests();
        failures += status == LAC_MEMORY;
        lac_memory_fail_at(0);
        /* The estimate of memory does without what it cannot have; nothing else does. */
        if (status != LAC_MEMORY && status != LAC_OK)
            fail_msg("allocation %zu: %s: %s", n, lac_status_word(status), lac_failure());
        lac_simulation_free(simulation);
        if (lac_memory_alive() != alive)
            fail_msg("allocation %zu left %zu alive", n, lac_memory_alive() - alive);
    } while (requests >= n);
    assert_true(failures > 300 && failures > n / 2);
    lac_model_free(model);
}

static void what_reductions_of_all_voxels_work_in_is_in_the_forecast(void **state)
{
    (void)state;
    char text[] = SLAB;
    lac_model *plain = model_from(text);
    memcpy(strstr(text, "mean(A)"), "sd(A)  ", strlen("mean(A)"));
    lac_model *whole = model_from(text);
    const size_t *n = plain->tissue[0].voxels;
    assert_int_equal(lac_simulation_memory(whole) - lac_simulation_memory(plain),
                     sizeof(double) * (5 + 1) * n[0] * n[1] * n[2]);
    lac_model_free(plain);
    lac_model_free(whole);
}

int main(void)
{
    lac_threads_set(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decay_ends_where_the_exponential_does),
        cmocka_unit_test(frames_lie_at_their_times_with_events_included),
        cmocka_unit_test(a_checkpoint_never_changes_a_step),
        cmocka_unit_test(a_run_that_is_left_and_resumed_anywhere_ends_with_the_same_bits),
        cmocka_unit_test(frames_behind_the_checkpoint_are_written_again),
        cmocka_unit_test(another_model_does_not_resume_a_checkpoint),
        cmocka_unit_test(one_thread_and_three_give_identical_bits),
        cmocka_unit_test(an_existing_result_is_not_overwritten),
        cmocka_unit_test(what_makes_no_sense_is_refused_before_a_file_is_made),
        cmocka_unit_test(a_law_that_becomes_undefined_stops_with_all_frames_until_then),
        cmocka_unit_test(a_ledger_that_does_not_close_stops_the_run),
        cmocka_unit_test(events_that_trigger_one_another_without_end_are_an_error),
        cmocka_unit_test(what_reductions_of_all_voxels_work_in_is_in_the_forecast),
        cmocka_unit_test(the_nth_allocation_may_fail_for_every_n),
    };
    return cmocka_run_group_tests_name("simulation", tests, make_scratch, remove_scratch);
}
