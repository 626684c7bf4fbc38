/* The public library as a function: parameters in, curves and endpoints out, again and again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "library_scene.h"

#include <stdbool.h>

static const char text[] =
    "lacuna: 1\n"
    "title: drug\n"
    "domains:\n"
    "  slab: {kind: tissue}\n"
    "  pool: {kind: well-mixed, volume: V}\n"
    "species:\n"
    "  A: {molar_mass: 500 Da, slab: {initial: A_half, diffusivity: D, atol: 1e-5 nM},\n"
    "      pool: {initial: P0, display: nM}}\n"
    "parameters:\n"
    "  V: {value: 1e5 um^3, kind: assumption, source: made up for a test}\n"
    "  D: {value: 40 um^2/s, range: [1 um^2/s, 90 um^2/s], kind: prior, source: made up}\n"
    "  A0: {value: 20 pM, kind: assumption, source: made up for a test}\n"
    "  A_half: {value: A0 / 2, kind: computed, source: made up for a test}\n"
    "  P0: {value: 3e-3 molecule/um^3, kind: assumption, source: made up for a test}\n"
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"
    "reactions:\n"
    "  loss: {in: slab, equation: \"A ->\", rate: k * A}\n"
    "interfaces:\n"
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"
    "events:\n"
    "  dose: {at: 5 min, add: {pool.A: 1e-3 molecule/um^3}}\n"
    "observables:\n"
    "  A_mean: {value: mean(A), unit: nM}\n"
    "tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um}\n"
    "run: {until: 30 min, method: METHOD, seed: 4, save: {every: 3 min}START}\n";

static void write_text(const char *method, const char *start, char *whole, size_t bytes)
{
    const char *at = strstr(text, "METHOD"), *behind = strstr(text, "START");
    snprintf(whole, bytes, "%.*s%s%.*s%s%s", (int)(at - text), text, method, (int)(behind - at - 6),
             at + 6, start, behind + 5);
}

static lacuna_model *model_with(const char *method, const char *start)
{
    char whole[sizeof text + 64];
    lacuna_model *model = NULL;
    write_text(method, start, whole, sizeof whole);
    if (lacuna_model_read("drug.yaml", whole, NULL, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    return model;
}

static size_t index_of(const lacuna_model *model, const char *name)
{
    size_t index = 0;
    assert_fine(lacuna_model_find_parameter(model, name, &index));
    return index;
}

static double last(lacuna_simulation *simulation)
{
    double value = NAN;
    assert_fine(lacuna_simulation_finish(simulation));
    assert_fine(lacuna_simulation_value(simulation, "A_mean", &value));
    return value;
}

enum { VARIED = 3 };
static const char *const varied[VARIED] = {"A0", "D", "k"};
static const double values[2][VARIED] = {{29.37, 17.3, 0.123}, {7.6, 61.7, 1.9}};

static void vary(const lacuna_model *model, lacuna_simulation *simulation, const double *to)
{
    size_t index[VARIED];
    for (int k = 0; k < VARIED; k++)
        index[k] = index_of(model, varied[k]);
    assert_fine(lacuna_simulation_vary(simulation, VARIED, index, to));
}

/* --- other values */

static double last_of_new(const char *method, const char *start, const double *to)
{
    lacuna_model *model = model_with(method, start);
    for (int k = 0; k < VARIED; k++)
        assert_fine(lacuna_model_set_number(model, varied[k], to[k]));
    lacuna_simulation *simulation = simulation_of(model);
    double value = last(simulation);
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
    return value;
}

static void check_method(const char *method, const char *start)
{
    lacuna_model *model = model_with(method, start);
    lacuna_simulation *simulation = simulation_of(model);
    double original = last(simulation);
    for (int turn = 0; turn < 2; turn++) {
        vary(model, simulation, values[turn]);
        assert_fine(lacuna_simulation_reset(simulation, -1, -1));
        double value = last(simulation);
        assert_true(value == last_of_new(method, start, values[turn]));
        assert_true(value != original);
        assert_fine(lacuna_simulation_reset(simulation, -1, -1));
        assert_true(value == last(simulation));
    }
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void other_values_give_the_bits_of_a_model_that_has_them(void **state)
{
    (void)state;
    check_method("mean-field", "");
    check_method("exact", "");
    check_method("hybrid", "");
    check_method("mean-field", ", start: rest");
}

static void values_are_those_of_texts_to_the_last_bit(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model);
    double one[VARIED] = {0.1, 0.3, 0.7}, number;
    for (int turn = 0; turn < 50; turn++) {
        for (int k = 0; k < VARIED; k++) {
            one[k] *= 1.0371;
            assert_fine(lacuna_model_set_number(model, varied[k], one[k]));
        }
        lacuna_simulation *other = simulation_of(model);
        vary(model, simulation, one);
        assert_fine(lacuna_simulation_reset(simulation, -1, -1));
        for (int k = 0; k < VARIED; k++) {
            double there;
            assert_fine(lacuna_simulation_parameter(simulation, varied[k], &number));
            assert_fine(lacuna_simulation_parameter(other, varied[k], &there));
            assert_true(number == there);
        }
        assert_fine(lacuna_simulation_free(other));
    }
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void copies_keep_other_values(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model), *copy = NULL;
    vary(model, simulation, values[0]);
    assert_fine(lacuna_simulation_reset(simulation, -1, -1));
    assert_fine(lacuna_simulation_advance_to(simulation, 500));
    assert_fine(lacuna_simulation_copy(simulation, &copy));
    double value = last(simulation);
    assert_true(value == last(copy));
    assert_fine(lacuna_simulation_reset(copy, -1, -1));
    assert_fine(lacuna_simulation_advance_to(copy, 500));
    assert_true(value == last(copy));
    assert_fine(lacuna_simulation_free(copy));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void check_parting(const char *method, bool parts)
{
    lacuna_model *model = model_with(method, "");
    lacuna_simulation *simulation = simulation_of(model), *copy[3] = {NULL};
    double now, end[3];
    assert_fine(lacuna_simulation_advance_to(simulation, 500));
    assert_fine(lacuna_simulation_value(simulation, "A_mean", &now));
    for (int k = 0; k < 3; k++) {
        double there;
        assert_fine(lacuna_simulation_copy(simulation, &copy[k]));
        assert_fine(lacuna_simulation_reseed(copy[k], 9, k / 2));
        assert_fine(lacuna_simulation_value(copy[k], "A_mean", &there));
        assert_true(there == now && lacuna_simulation_time(copy[k]) == 500);
        end[k] = last(copy[k]);
        assert_fine(lacuna_simulation_free(copy[k]));
    }
    double own = last(simulation);
    assert_true(end[0] == end[1]);
    assert_true(parts == (end[0] != end[2]) && parts == (end[0] != own));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void copies_with_other_seeds_part_from_then_on(void **state)
{
    (void)state;
    check_parting("exact", true);
    check_parting("mean-field", false);
}

/* The last value of a new simulation of a model that has texts, which begins with `start`. */
static double last_with(const char *start_at, const lacuna_start *start, const lacuna_set *set,
                        size_t sets)
{
    lacuna_model *model = model_with("mean-field", start_at);
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.start = start;
    for (size_t k = 0; k < sets; k++)
        assert_fine(lacuna_model_set(model, set[k].name, set[k].value));
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    double value = last(simulation);
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
    return value;
}

/* Other units than those of the model; and a start that was given is not looked for again. */
static void texts_give_the_bits_of_a_model_that_has_them(void **state)
{
    (void)state;
    static const lacuna_set set[] = {{"A0", "0.0137 nM"}, {"D", "2.21e-7 cm^2/s"}, {"k", "0.7/d"}};
    static const char *const starts[] = {"", ", start: rest"};
    for (int turn = 0; turn < 2; turn++) {
        lacuna_model *model = model_with("mean-field", starts[turn]);
        lacuna_start *start = NULL;
        lacuna_simulation *simulation = NULL;
        lacuna_options options = LACUNA_OPTIONS_INIT;
        if (turn == 1)
            assert_fine(lacuna_start_of_model(model, NULL, 1, &start));
        options.start = start;
        assert_fine(lacuna_simulation_create(model, &options, &simulation));
        assert_fine(lacuna_simulation_vary_texts(simulation, set, 3));
        assert_fine(lacuna_simulation_reset(simulation, -1, -1));
        assert_true(last(simulation) == last_with(starts[turn], start, set, 3));
        assert_fine(lacuna_simulation_free(simulation));
        assert_fine(lacuna_start_free(start));
        assert_fine(lacuna_model_free(model));
    }
}

static void what_can_be_varied_is_told(void **state)
{
    (void)state;
    static const lacuna_set unit = {"k", "3 nM"};
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model);
    assert_fine(lacuna_model_can_vary(model, "A0"));
    assert_refused(lacuna_model_can_vary(model, "V"), LACUNA_INPUT, "'V'");
    assert_refused(lacuna_model_can_vary(model, "A_half"), LACUNA_INPUT, "follows");
    assert_refused(lacuna_model_can_vary(model, "P0"), LACUNA_INPUT, "atol");
    assert_refused(lacuna_model_can_vary(model, "K"), LACUNA_INPUT, "K");
    assert_refused(lacuna_simulation_vary_texts(simulation, &unit, 1), LACUNA_INPUT, "3 nM");
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void values_that_cannot_be_are_refused(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model);
    double number = 1, nan = NAN, negative = -3;
    size_t fixed = index_of(model, "V"), derived = index_of(model, "A_half"),
           A0 = index_of(model, "A0"), P0 = index_of(model, "P0"), none = 99;
    double before = last(simulation);
    assert_refused(lacuna_simulation_vary(simulation, 1, &fixed, &number), LACUNA_INPUT, "'V'");
    assert_refused(lacuna_simulation_vary(simulation, 1, &derived, &number), LACUNA_INPUT,
                   "follows");
    assert_refused(lacuna_simulation_vary(simulation, 1, &P0, &number), LACUNA_INPUT, "atol");
    assert_refused(lacuna_simulation_vary(simulation, 1, &A0, &nan), LACUNA_INPUT, "'A0'");
    assert_refused(lacuna_simulation_vary(simulation, 1, &none, &number), LACUNA_MISUSE, "99");
    assert_refused(lacuna_simulation_vary(simulation, 1, NULL, &number), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_simulation_reset(simulation, -1, -1));
    assert_true(before == last(simulation));
    /* A start below zero fails the reset; other values heal it. */
    assert_fine(lacuna_simulation_vary(simulation, 1, &A0, &negative));
    assert_int_equal(lacuna_simulation_reset(simulation, -1, -1), LACUNA_NUMERICS);
    assert_int_equal(lacuna_simulation_advance_to(simulation, 60), LACUNA_MISUSE);
    number = 20;
    assert_fine(lacuna_simulation_vary(simulation, 1, &A0, &number));
    assert_fine(lacuna_simulation_reset(simulation, -1, -1));
    assert_true(before == last(simulation));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

/* --- curves and endpoints */

static void curves_have_a_row_for_every_frame(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model);
    lacuna_curves curves;
    const double *now;
    assert_fine(lacuna_simulation_record(simulation, 1));
    assert_fine(lacuna_simulation_finish(simulation));
    assert_fine(lacuna_simulation_curves(simulation, &curves));
    assert_int_equal(curves.frames, 11);
    assert_int_equal(curves.series, 2);
    assert_fine(lacuna_simulation_series(simulation, &now, NULL));
    for (size_t frame = 0; frame < 11; frame++)
        assert_near(curves.time[frame], 180.0 * (double)frame, 1e-9);
    for (size_t series = 0; series < 2; series++)
        assert_true(curves.value[20 + series] == now[series]);
    assert_near(curves.value[0], 0.01, 1e-14);
    assert_fine(lacuna_simulation_reset(simulation, -1, -1));
    assert_fine(lacuna_simulation_curves(simulation, &curves));
    assert_int_equal(curves.frames, 0);
    assert_fine(lacuna_simulation_record(simulation, 0));
    assert_fine(lacuna_simulation_finish(simulation));
    assert_fine(lacuna_simulation_curves(simulation, &curves));
    assert_int_equal(curves.frames, 0);
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void endpoints_are_numbers_of_the_curves(void **state)
{
    (void)state;
    static const char *const word[][3] = {{"end", "last(A_mean)", "nM"},
                                          {"early", "at(pool_A, 6 min)", "nM"},
                                          {"peak", "max( pool_A )", "nM"},
                                          {"when", "time_of_most(pool_A, 9 min, 21 min)", "h"},
                                          {"area", "{of: A_mean, take: auc}", "nM h"},
                                          {"gain", "{difference: [peak, early]}", "nM"},
                                          {"share", "{ratio: [peak, early]}", ""}};
    enum { ENDPOINTS = sizeof word / sizeof *word };
    lacuna_model *model = model_with("mean-field", "");
    lacuna_curves curves;
    const double *end;
    const char *unit;
    size_t count;
    for (size_t k = 0; k < ENDPOINTS; k++) {
        assert_fine(lacuna_model_endpoint(model, word[k][0], word[k][1]));
        assert_fine(lacuna_model_endpoint_unit(model, k, &unit));
        assert_string_equal(unit, word[k][2]);
    }
    assert_int_equal(lacuna_model_endpoints(model), ENDPOINTS);
    lacuna_simulation *simulation = simulation_of(model), *copy = NULL;
    assert_fine(lacuna_simulation_advance_to(simulation, 700));
    assert_fine(lacuna_simulation_copy(simulation, &copy));
    assert_fine(lacuna_simulation_finish(copy));
    assert_fine(lacuna_simulation_curves(copy, &curves));
    assert_fine(lacuna_simulation_endpoints(copy, &end, &count));
    assert_int_equal(count, ENDPOINTS);
    double peak = 0, area = 0;
    for (size_t frame = 0; frame < curves.frames; frame++) {
        peak = fmax(peak, curves.value[2 * frame + 1]);
        if (frame > 0)
            area += 0.05 * (curves.value[2 * frame] + curves.value[2 * frame - 2]) / 2;
    }
    assert_true(end[0] == curves.value[2 * curves.frames - 2]);
    assert_true(end[1] == curves.value[2 * 2 + 1]);
    assert_true(end[2] == peak);
    assert_near(end[3], 0.15, 1e-12);
    assert_near(end[4], area, 1e-12);
    assert_true(end[5] == peak - end[1]);
    assert_true(end[6] == peak / end[1]);
    assert_fine(lacuna_simulation_free(copy));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

static void endpoints_that_cannot_be_are_refused(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field", "");
    lacuna_simulation *simulation = simulation_of(model);
    const double *end;
    assert_refused(lacuna_model_endpoint(model, "x1", "last(A_maen)"), LACUNA_INPUT, "A_mean");
    assert_refused(lacuna_model_endpoint(model, "x1", "lasst(A_mean)"), LACUNA_INPUT, "'last'");
    assert_refused(lacuna_model_endpoint(model, "x1", "at(A_mean)"), LACUNA_INPUT, "a time");
    assert_refused(lacuna_model_endpoint(model, "x1", "at(A_mean, 2 d)"), LACUNA_INPUT,
                   "not within the run");
    assert_refused(lacuna_model_endpoint(model, "x1", "most(A_mean, 1 min)"), LACUNA_INPUT,
                   "window");
    assert_refused(lacuna_model_endpoint(model, "x1", "most(A_mean, 9 min, 1 min)"), LACUNA_INPUT,
                   "window ends");
    assert_refused(lacuna_model_endpoint(model, "x1", "last()"), LACUNA_INPUT, "takes a series");
    assert_refused(lacuna_model_endpoint(model, "1x", "last(A_mean)"), LACUNA_INPUT,
                   "letters, digits");
    assert_refused(lacuna_model_endpoint(model, "x1", "{of: [}"), LACUNA_INPUT, "x1");
    assert_refused(lacuna_model_endpoint(model, "x1", "last(A_mean)\nx2: last(A_mean)"),
                   LACUNA_INPUT, "endpoint");
    assert_int_equal(lacuna_model_endpoints(model), 0);
    assert_fine(lacuna_model_endpoint(model, "x1", "A_mean"));
    assert_refused(lacuna_model_endpoint(model, "x1", "pool_A"), LACUNA_INPUT, "already");
    assert_refused(lacuna_simulation_endpoints(simulation, &end, NULL), LACUNA_MISUSE,
                   "no endpoints");
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

/* --- about a model */

static void settings_are_told(void **state)
{
    (void)state;
    lacuna_model *model = model_with("exact", "");
    lacuna_settings settings;
    assert_fine(lacuna_model_settings(model, &settings));
    assert_string_equal(settings.method, "exact");
    assert_true(settings.draws);
    assert_true(settings.seed == 4 && settings.replicate == 0);
    assert_near(settings.until, 1800, 1e-9);
    assert_near(settings.save_every, 180, 1e-9);
    assert_fine(lacuna_model_set(model, "run.method", "mean-field"));
    assert_fine(lacuna_model_settings(model, &settings));
    assert_false(settings.draws);
    assert_refused(lacuna_model_settings(model, NULL), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_model_free(model));
}

static void the_text_of_a_model_is_the_model(void **state)
{
    (void)state;
    static const char *const methods[] = {"mean-field", "exact"};
    for (int k = 0; k < 2; k++) {
        lacuna_model *model = model_with(methods[k], ""), *again = NULL;
        const char *whole = NULL;
        assert_fine(lacuna_model_set(model, "A0", "12.3 pM"));
        assert_fine(lacuna_model_text(model, &whole));
        assert_fine(lacuna_model_read("again.yaml", whole, NULL, &again));
        assert_fine(lacuna_model_set(model, "D", "20 um^2/s"));
        assert_fine(lacuna_model_set(again, "D", "20 um^2/s"));
        lacuna_simulation *one = simulation_of(model), *two = simulation_of(again);
        assert_true(last(one) == last(two));
        assert_fine(lacuna_simulation_free(one));
        assert_fine(lacuna_simulation_free(two));
        assert_fine(lacuna_model_free(model));
        assert_fine(lacuna_model_free(again));
    }
}

/* --- without memory */

static int whole_program(const char *whole)
{
    lacuna_model *model = NULL;
    lacuna_simulation *one = NULL, *two = NULL;
    const double *end;
    const char *words;
    size_t k = 5;
    double value = 0.2;
    int code = lacuna_model_read("drug.yaml", whole, NULL, &model);
    if (!code)
        code = lacuna_model_text(model, &words);
    if (!code)
        code = lacuna_model_endpoint(model, "peak", "most(pool_A, 3 min, 9 min)");
    if (!code)
        code = lacuna_model_endpoint(model, "share", "{ratio: [peak, peak]}");
    if (!code)
        code = lacuna_simulation_create(model, NULL, &one);
    if (!code)
        code = lacuna_simulation_vary(one, 1, &k, &value);
    if (!code)
        code = lacuna_simulation_reset(one, 1, 1);
    if (!code)
        code = lacuna_simulation_advance_to(one, 400);
    if (!code)
        code = lacuna_simulation_copy(one, &two);
    if (!code)
        code = lacuna_simulation_endpoints(two, &end, NULL);
    lacuna_simulation_free(one);
    lacuna_simulation_free(two);
    lacuna_model_free(model);
    return code;
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    char whole[sizeof text + 64];
    write_text("mean-field", "", whole, sizeof whole);
    any_allocation_of(whole_program, whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_values_give_the_bits_of_a_model_that_has_them),
        cmocka_unit_test(values_are_those_of_texts_to_the_last_bit),
        cmocka_unit_test(texts_give_the_bits_of_a_model_that_has_them),
        cmocka_unit_test(what_can_be_varied_is_told),
        cmocka_unit_test(copies_keep_other_values),
        cmocka_unit_test(copies_with_other_seeds_part_from_then_on),
        cmocka_unit_test(values_that_cannot_be_are_refused),
        cmocka_unit_test(curves_have_a_row_for_every_frame),
        cmocka_unit_test(endpoints_are_numbers_of_the_curves),
        cmocka_unit_test(endpoints_that_cannot_be_are_refused),
        cmocka_unit_test(settings_are_told),
        cmocka_unit_test(the_text_of_a_model_is_the_model),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
