/* The public library as a whole: every kind of call on a model of two tissues with discrete cells,
 * by each method: with any allocation failing, and in several threads at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library_scene.h"

#include <pthread.h>

static const char text[] =
    "lacuna: 1\n"
    "domains:\n"
    "  left: {kind: tissue}\n"
    "  right: {kind: tissue}\n"
    "  pool: {kind: well-mixed, volume: 1e5 um^3}\n"
    "species:\n"
    "  A: {left: {initial: 2e-3 molecule/um^3, diffusivity: D},\n"
    "      right: {initial: 2e-3 molecule/um^3, diffusivity: D},\n"
    "      pool: {initial: 3e-3 molecule/um^3, display: nM}}\n"
    "  C: {unit: cell, left: {initial: 1e-4 cell/um^3}}\n"
    "parameters:\n"
    "  D: {value: 0.5 um^2/s, kind: assumption, source: made up for a test}\n"
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"
    "reactions:\n"
    "  loss: {in: left, equation: \"A ->\", rate: k * A}\n"
    "  death: {in: left, equation: \"C ->\", rate: k * C}\n"
    "interfaces:\n"
    "  one: {between: [left.top, pool], exchange: [A]}\n"
    "  two: {between: [right.top, pool], exchange: [A]}\n"
    "events:\n"
    "  dose: {at: 5 min, add: {pool.A: 1e-3 molecule/um^3}}\n"
    "observables:\n"
    "  A_left: mean(left.A)\n"
    "  cells: total(left.C)\n"
    "tissue:\n"
    "  left: {size: [20 um, 20 um, 60 um], voxel: 20 um, represents: {area: 400 um^2}}\n"
    "  right: {size: [40 um, 20 um, 60 um], represents: {area: 800 um^2},\n"
    "          voxel: [20 um, 20 um, {bounds: [0 um, 20 um, 60 um]}]}\n"
    "run: {until: 30 min, method: METHOD, seed: 4, save: {every: 10 min, at: [4 min]}}\n";

static const char *const methods[] = {"mean-field", "exact", "hybrid"};
enum { METHODS = 3, END = 1800 };

static void text_of(const char *method, char *whole, size_t bytes)
{
    const char *at = strstr(text, "METHOD");
    snprintf(whole, bytes, "%.*s%s%s", (int)(at - text), text, method, at + 6);
}

/* Calls that follow each other until one fails. */
#define THEN(code, call)                                                                           \
    do {                                                                                           \
        if ((code) == LACUNA_OK)                                                                   \
            (code) = (call);                                                                       \
    } while (0)

/* --- what is asked and done, in pieces */

static int ask_model(lacuna_model *model)
{
    static const char *const names[] = {"D", "k"}, *const values[] = {"0.4 um^2/s", "0.2 1/h"};
    lacuna_settings settings;
    lacuna_outline outline;
    lacuna_survey survey;
    lacuna_source source;
    lacuna_series series;
    const char *words;
    size_t index;
    int code = lacuna_model_set_all(model, 2, names, values);
    THEN(code, lacuna_model_adjust(model, "until", "29 min"));
    THEN(code, lacuna_model_text(model, &words));
    THEN(code, lacuna_model_survey(model, &survey));
    THEN(code, lacuna_model_settings(model, &settings));
    THEN(code, lacuna_model_outline(model, &outline));
    THEN(code, lacuna_model_source(model, lacuna_model_sources(model) - 1, &source));
    THEN(code, lacuna_model_find_series(model, "A_left", &index));
    THEN(code, lacuna_model_series(model, index, &series));
    THEN(code, lacuna_model_find_event(model, "dose", &index));
    THEN(code, lacuna_model_event(model, index, &words));
    THEN(code, lacuna_model_find_variable(model, "right.A", &index));
    THEN(code, lacuna_model_tissue(model, lacuna_model_tissues(model) - 1, &words));
    THEN(code, lacuna_model_can_vary(model, "k"));
    THEN(code, lacuna_model_endpoint(model, "late", "last(A_left)"));
    THEN(code, lacuna_model_endpoint_unit(model, 0, &words));
    return code;
}

static int ask_simulation(lacuna_simulation *simulation)
{
    lacuna_counters counters;
    lacuna_values values;
    lacuna_curves curves;
    lacuna_grid grid;
    const double *numbers;
    size_t count;
    int code = lacuna_simulation_counters(simulation, &counters);
    THEN(code, lacuna_simulation_variable(simulation, 0, &values));
    THEN(code, lacuna_simulation_series(simulation, &numbers, &count));
    THEN(code, lacuna_simulation_curves(simulation, &curves));
    THEN(code, lacuna_simulation_grid_of(simulation, 1, &grid));
    THEN(code, lacuna_simulation_layers_of(simulation, 1, &numbers, &count));
    return code;
}

static int change(lacuna_simulation *simulation)
{
    double value;
    int code = lacuna_simulation_record(simulation, 1);
    THEN(code, lacuna_simulation_advance_to(simulation, 200));
    THEN(code, lacuna_simulation_add(simulation, "pool.A", "2 nM", NULL));
    THEN(code, lacuna_simulation_fire(simulation, "dose"));
    THEN(code, lacuna_simulation_set(simulation, "k", "0.1 1/h"));
    THEN(code, lacuna_simulation_set_number(simulation, "D", 0.6));
    THEN(code, lacuna_simulation_parameter(simulation, "D", &value));
    THEN(code, lacuna_simulation_advance_to(simulation, 700));
    return code;
}

static int branch(lacuna_simulation *one, lacuna_simulation **two, lacuna_checkpoint **kept)
{
    const lacuna_set set = {"k", "0.4 1/h"};
    int code = lacuna_simulation_save(one, kept);
    THEN(code, lacuna_simulation_copy(one, two));
    THEN(code, lacuna_simulation_reseed(*two, 9, 0));
    THEN(code, lacuna_simulation_advance_to(*two, 900));
    THEN(code, lacuna_simulation_restore(*two, *kept));
    THEN(code, lacuna_simulation_vary_texts(one, &set, 1));
    THEN(code, lacuna_simulation_reset(one, 5, 1));
    return code;
}

/* All of it; end[0..2] := the endpoint, and two series of a copy, when it goes well. */
static int everything(const lacuna_model *model, double *end)
{
    lacuna_simulation *one = NULL, *two = NULL;
    lacuna_checkpoint *kept = NULL;
    const double *late;
    int code = lacuna_simulation_create(model, NULL, &one);
    THEN(code, change(one));
    THEN(code, ask_simulation(one));
    THEN(code, branch(one, &two, &kept));
    THEN(code, lacuna_simulation_finish(one));
    THEN(code, lacuna_simulation_finish(two));
    THEN(code, lacuna_simulation_endpoints(one, &late, NULL));
    if (code == LACUNA_OK)
        end[0] = *late;
    THEN(code, lacuna_simulation_value(two, "A_left", &end[1]));
    THEN(code, lacuna_simulation_value(two, "cells", &end[2]));
    lacuna_simulation_free(one);
    lacuna_simulation_free(two);
    lacuna_checkpoint_free(kept);
    return code;
}

/* --- small questions */

static void versions_codes_and_quantities_are_told(void **state)
{
    (void)state;
    double value = 7;
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", LACUNA_VERSION_MAJOR, LACUNA_VERSION_MINOR,
             LACUNA_VERSION_PATCH);
    assert_int_equal(lacuna_version(), LACUNA_VERSION);
    assert_string_equal(lacuna_version_text(), version);
    assert_string_not_equal(lacuna_code_word(LACUNA_MEMORY), lacuna_code_word(LACUNA_OK));
    assert_fine(lacuna_convert("2 d", "h", &value));
    assert_near(value, 48, 1e-12);
    assert_refused(lacuna_convert("2 d", "nM", &value), LACUNA_INPUT, "nM");
    assert_refused(lacuna_convert("soon", "h", &value), LACUNA_INPUT, "soon");
    assert_refused(lacuna_convert(NULL, "h", &value), LACUNA_MISUSE, "NULL");
}

static void counts_ends_and_seeds_are_told(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    char whole[sizeof text + 32];
    text_of("exact", whole, sizeof whole);
    assert_fine(lacuna_model_read("two.yaml", whole, NULL, &model));
    assert_int_equal(lacuna_model_events(model), 1);
    assert_int_equal(lacuna_model_series_count(model), 3); /* two observables, and the pool */
    lacuna_simulation *simulation = simulation_of(model);
    assert_near(lacuna_simulation_end(simulation), END, 1e-12);
    assert_true(lacuna_simulation_seed(simulation) == 4);
    assert_fine(lacuna_simulation_reset(simulation, 11, 0));
    assert_true(lacuna_simulation_seed(simulation) == 11);
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

/* --- without memory */

static int whole_program(const char *whole)
{
    lacuna_model *model = NULL;
    lacuna_start *start = NULL;
    lacuna_rest rest;
    double end[3];
    int code = lacuna_model_read("two.yaml", whole, NULL, &model);
    THEN(code, ask_model(model));
    THEN(code, lacuna_start_of_model(model, "the beginning", 1, &start));
    THEN(code, lacuna_start_rest(start, &rest));
    THEN(code, everything(model, end));
    lacuna_start_free(start);
    lacuna_model_free(model);
    return code;
}

static void any_allocation_may_fail_by(const char *method)
{
    char whole[sizeof text + 32];
    text_of(method, whole, sizeof whole);
    any_allocation_of(whole_program, whole);
}

static void any_allocation_may_fail_in_the_mean_field(void **state)
{
    (void)state;
    any_allocation_may_fail_by("mean-field");
}

static void any_allocation_may_fail_where_all_is_events(void **state)
{
    (void)state;
    any_allocation_may_fail_by("exact");
}

static void any_allocation_may_fail_in_both_together(void **state)
{
    (void)state;
    any_allocation_may_fail_by("hybrid");
}

/* --- several at once */

enum { THREADS = 6, TURNS = 3 };

typedef struct job {
    const char *method;
    const lacuna_model *shared;
    double end[3], own[3];
    int code;
} job;

/* Once with the model that other threads use too, and once with one of its own. */
static void *work(void *context)
{
    job *it = context;
    char whole[sizeof text + 32];
    text_of(it->method, whole, sizeof whole);
    for (int turn = 0; turn < TURNS && it->code == LACUNA_OK; turn++) {
        lacuna_model *model = NULL;
        THEN(it->code, everything(it->shared, it->end));
        THEN(it->code, lacuna_model_read("two.yaml", whole, NULL, &model));
        THEN(it->code, ask_model(model));
        THEN(it->code, everything(model, it->own));
        lacuna_model_free(model);
    }
    return NULL;
}

static void all_calls_in_six_threads_are_as_if_alone(void **state)
{
    (void)state;
    lacuna_model *model[METHODS] = {NULL};
    pthread_t thread[THREADS];
    job jobs[THREADS], alone;
    char whole[sizeof text + 32];
    for (int k = 0; k < METHODS; k++) {
        text_of(methods[k], whole, sizeof whole);
        assert_fine(lacuna_model_read("two.yaml", whole, NULL, &model[k]));
        assert_fine(ask_model(model[k]));
    }
    for (int k = 0; k < THREADS; k++) {
        jobs[k] = (job){.method = methods[k % METHODS], .shared = model[k % METHODS]};
        assert_int_equal(pthread_create(&thread[k], NULL, work, &jobs[k]), 0);
    }
    for (int k = 0; k < THREADS; k++)
        assert_int_equal(pthread_join(thread[k], NULL), 0);
    for (int k = 0; k < THREADS; k++) {
        assert_fine(jobs[k].code);
        alone = (job){.method = methods[k % METHODS]};
        assert_fine(everything(model[k % METHODS], alone.end));
        assert_memory_equal(jobs[k].end, alone.end, sizeof alone.end);
        assert_memory_equal(jobs[k].own, alone.end, sizeof alone.end);
    }
    for (int k = 0; k < METHODS; k++)
        assert_fine(lacuna_model_free(model[k]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_codes_and_quantities_are_told),
        cmocka_unit_test(counts_ends_and_seeds_are_told),
        cmocka_unit_test(any_allocation_may_fail_in_the_mean_field),
        cmocka_unit_test(any_allocation_may_fail_where_all_is_events),
        cmocka_unit_test(any_allocation_may_fail_in_both_together),
        cmocka_unit_test(all_calls_in_six_threads_are_as_if_alone),
    };
    return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
