/* Tests of discontinuities: times at which laws jump, found for the values that parameters have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/discontinuities.h"
#include "model_scene.h"

#include <math.h>

#define LATER 40000 /* [s] behind the knots of the input */
#define PI 3.14159265358979323846
#define LAW(rate)                                                                                  \
    "lacuna: 1\ndomains: {well: {kind: well-mixed, volume: 1 mL}}\n"                               \
    "species: {A: {well: {initial: 0 nM}}}\nrun: {until: 100 d}\n"                                 \
    "inputs: {load: {shape: linear, knots: [[0 h, 0], [10 h, 20]]}}\n"                             \
    "parameters: {start: 5 d, lag: 2 h, due: start + lag}\n"                                       \
    "quantities: {phase: 't - due'}\n"                                                             \
    "events: {e: {at: 1 d, set: {start: 7 d}}}\n"                                                  \
    "reactions: {r: {in: well, equation: -> A, rate: '" rate "'}}\n"

typedef struct look {
    lac_model *model;
    lac_discontinuities *all;
} look;

static look begin(const char *text)
{
    look l = {.model = scene_load(text)};
    assert_ok(lac_discontinuities_create(l.model, &l.all));
    return l;
}

static void end(look *l)
{
    lac_discontinuities_free(l->all);
    lac_model_free(l->model);
}

static double next(look *l, const double *parameter, double time)
{
    return lac_discontinuities_next(l->all, parameter, time).time;
}

static void times_follow_what_parameters_are_now(void **state)
{
    (void)state;
    look l = begin(LAW("if(t >= due and phase < 1 h, 1 nM/h, 0)"));
    double now[3];
    assert_true(l.model->parameters == 3);
    for (size_t k = 0; k < 3; k++)
        now[k] = l.model->parameter[k].value;
    assert_near(next(&l, now, LATER), 5 * 86400 + 7200, 1e-9);
    assert_near(next(&l, now, 5 * 86400 + 7201), 5 * 86400 + 10800, 1e-9);
    now[0] = 7 * 86400;
    assert_near(next(&l, now, LATER), 7 * 86400 + 7200, 1e-9);
    assert_near(next(&l, now, 7 * 86400 + 7201), 7 * 86400 + 10800, 1e-9);
    assert_true(isinf(next(&l, now, 7 * 86400 + 10801)));
    end(&l);
}

static void a_square_wave_turns_where_the_sine_does(void **state)
{
    (void)state;
    look l = begin(LAW("if(sin(2 * 3.14159265358979 * t / 24 h) > 0.99, 1 nM/h, 0)"));
    double up = asin(0.99) / (2 * PI) * 86400, time = 40000;
    assert_near(next(&l, NULL, 0), up, 1e-6);
    for (int day = 1; day < 30; day++) {
        time = next(&l, NULL, time);
        assert_near(time, day * 86400 + up, 1e-6);
        time = next(&l, NULL, time);
        assert_near(time, day * 86400 + 43200 - up, 1e-6);
    }
    end(&l);
}

static void a_short_window_of_a_square_is_found(void **state)
{
    (void)state;
    look l = begin(LAW("if((t - start)^2 < 0.01 s^2, 1 nM/h, 0)"));
    assert_near(next(&l, NULL, LATER), 5 * 86400 - 0.1, 1e-9);
    assert_near(next(&l, NULL, 5 * 86400), 5 * 86400 + 0.1, 1e-9);
    end(&l);
}

static void an_input_that_passes_a_threshold_is_found(void **state)
{
    (void)state;
    look l = begin(LAW("if(load > 5 and load < 5.001, 1 nM/h, 0)"));
    assert_near(next(&l, NULL, 0), 2.5 * 3600, 1e-8);
    assert_near(next(&l, NULL, 2.50001 * 3600), 2.5005 * 3600, 1e-8);
    assert_true(lac_discontinuities_jump(l.all, NULL, next(&l, NULL, 0)));
    assert_false(lac_discontinuities_jump(l.all, NULL, 10 * 3600)); /* a knot is a kink */
    end(&l);
}

static void a_time_does_not_depend_on_where_the_search_begins(void **state)
{
    (void)state;
    look l = begin(LAW("if(sin(t / 1 h) * exp(-t / 90 d) > 0.3, 1 nM/h, 0)"));
    double time = 50 * 86400, found = next(&l, NULL, time);
    for (int k = 0; k < 20; k++) {
        time -= 86400.0 / 7;
        double far = time;
        for (double seen = next(&l, NULL, time); seen <= found; seen = next(&l, NULL, seen))
            far = seen;
        assert_true(far == found);
    }
    end(&l);
}

static void check_says(const char *text, const char *sentence)
{
    lac_diagnostics list = {0};
    lac_model *model = scene_load(text);
    lac_model_review(model, &list);
    bool said = strstr(lac_text_of(&list.text), "cannot be found beforehand") != NULL;
    assert_int_equal(said, sentence != NULL);
    if (sentence)
        assert_non_null(strstr(lac_text_of(&list.text), sentence));
    lac_diagnostics_free(&list);
    lac_model_free(model);
}

static void check_names_a_law_whose_times_are_not_known(void **state)
{
    (void)state;
    check_says(LAW("if(sin(t / 1 h) > 0.99, 1 nM/h, 0)"), NULL);
    check_says(LAW("if(A > 3 nM, 1 nM/h, 0)"), NULL);
    check_says(LAW("if(t > A / (1 nM/h), 1 nM/h, 0)"), "a condition of 'r'");
    check_says(LAW("if(t - t > 0 h, 1 nM/h, 0)"), "run.longest_step");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_follow_what_parameters_are_now),
        cmocka_unit_test(a_square_wave_turns_where_the_sine_does),
        cmocka_unit_test(a_short_window_of_a_square_is_found),
        cmocka_unit_test(an_input_that_passes_a_threshold_is_found),
        cmocka_unit_test(a_time_does_not_depend_on_where_the_search_begins),
        cmocka_unit_test(check_names_a_law_whose_times_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
