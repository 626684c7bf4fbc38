/* Trials against closed forms: power of a t test, noise, regression to the mean, dropout,
 * contextual response, coverage of bootstrap intervals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "testlib.h"

#include "analysis/power.h"
#include "analysis/trial_estimate.h"
#include "base/memory.h"
#include "base/names.h"

#include <math.h>

/* Two arms, three visits at 0, a quarter and a year; nothing switched on. */
typedef struct scene {
    lac_trial trial;
    double visit[3], size[2];
    bool injected[2];
    lac_trial_rule rule;
    lac_trial_data *data;
    lac_trial_estimate *estimate;
} scene;

static void set_scene(scene *at)
{
    *at = (scene){.visit = {0, 2191.5, 8766}, .size = {20, 64}, .injected = {true, true}};
    at->trial = (lac_trial){.visits = 3,
                            .visit = at->visit,
                            .primary = 1,
                            .injected = at->injected,
                            .patients = 1000000,
                            .confidence = 0.95,
                            .alpha = 0.05,
                            .power = 0.8,
                            .sizes = 2,
                            .size = at->size};
    at->trial.number[LAC_TRIAL_CONTEXT_HALF_LIFE].value = 1e9;
    at->trial.number[LAC_TRIAL_DROPOUT_UNHELPED].value = 1;
    at->trial.number[LAC_TRIAL_RESCUE_ABOVE].value = 1e9;
    at->trial.number[LAC_TRIAL_MCID].value = 10;
}

/* States: 50 everywhere, and less by `relief` in arm 1 after the start. */
static void report(scene *at, size_t patients, uint64_t seed, double relief, bool own)
{
    assert_int_equal(lac_trial_data_create(&at->trial, 2, patients, own, &at->data), LAC_OK);
    at->data->seed = seed;
    for (size_t arm = 0; arm < 2; arm++)
        for (size_t patient = 0; patient < patients; patient++)
            for (size_t visit = 0; visit < 3; visit++)
                at->data->state[(arm * patients + patient) * 3 + visit] =
                    50 - (arm == 1 && visit > 0 ? relief : 0);
    lac_trial_report(at->data);
}

static void estimate(scene *at)
{
    assert_int_equal(lac_trial_estimate_make(at->data, &at->estimate), LAC_OK);
}

static void strike(scene *at)
{
    lac_trial_estimate_free(at->estimate);
    lac_trial_data_free(at->data);
    at->estimate = NULL;
    at->data = NULL;
}

static void near(double found, double expected, double most, const char *what)
{
    if (!(fabs(found - expected) <= most))
        fail_msg("%s is %g, not %g within %g", what, found, expected, most);
}

static const lac_trial_cell *cell(const scene *at, size_t arm, size_t visit)
{
    return &at->estimate->cell[arm * 3 + visit];
}

/* --- power ---------------------------------------------------------------------------------------
 */

static void power_is_that_of_the_t_test(void **state)
{
    (void)state;
    /* Cohen 1988, table 2.3.5; R: power.t.test */
    static const double known[][3] = {{0.5, 64, 0.80146}, {0.2, 100, 0.29061},
                                      {0.8, 26, 0.80749}, {0.5, 10, 0.18510},
                                      {1, 5, 0.28634},    {0.1, 2000, 0.88520}};
    for (size_t each = 0; each < sizeof known / sizeof *known; each++)
        near(lac_power_t(known[each][0], known[each][1], 0.05), known[each][2], 2e-3, "a power");
    near(lac_power_t(0, 30, 0.05), 0.05, 1e-4, "the power of no effect");
    near(lac_power_t(0, 30, 0.01), 0.01, 1e-4, "the power of no effect at 1 %");
    near(lac_power_t(0.3, 99.999, 0.05), lac_power_t(0.3, 101.001, 0.05), 5e-3, "two neighbours");
    assert_true(isnan(lac_power_t(0.5, 1, 0.05)));
}

static void sample_sizes_are_those_of_the_tables(void **state)
{
    (void)state;
    near(lac_sample_size(0.5, 0.05, 0.8), 64, 0, "n for half a deviation");
    near(lac_sample_size(-0.5, 0.05, 0.8), 64, 0, "n for half a deviation down");
    near(lac_sample_size(9.4 / 22, 0.05, 0.8), 87, 0, "n for 9.4 points at SD 22");
    near(lac_sample_size(4.7 / 22, 0.05, 0.8), 345, 1, "n for 4.7 points at SD 22");
    assert_true(isinf(lac_sample_size(0, 0.05, 0.8)));
    assert_true(isinf(lac_sample_size(1e-6, 0.05, 0.8)));
}

/* --- reports -------------------------------------------------------------------------------------
 */

static void noise_alone_gives_no_change_and_its_spread(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.trial.number[LAC_TRIAL_NOISE_SD].value = 8;
    report(&at, 20000, 5, 0, false);
    estimate(&at);
    near(cell(&at, 0, 1)->of[LAC_TRIAL_CHANGE].value, 0, 0.25, "a change without any");
    near(cell(&at, 0, 1)->sd, 8 * sqrt(2), 0.2, "the spread of a change");
    assert_int_equal(cell(&at, 0, 1)->seen, 20000);
    assert_true(isnan(cell(&at, 0, 1)->of[LAC_TRIAL_CHANGE].low)); /* no resamples were asked for */
    strike(&at);
}

/* Who reports at least c at the first visit falls back by the share of noise in the spread:
 * E = s^2 / (s^2 + p^2) * sqrt(s^2 + p^2) * phi(z) / Q(z), z = (c - 50) / sqrt(s^2 + p^2). */
static void inclusion_brings_regression_to_the_mean(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.rule =
        (lac_trial_rule){.name = (char *)"painful", .endpoint = LAC_NONE, .least = 55, .most = 100};
    at.trial.rules = 1;
    at.trial.rule = &at.rule;
    at.trial.number[LAC_TRIAL_NOISE_SD].value = 6;
    at.trial.number[LAC_TRIAL_PATIENT_SD].value = 8;
    report(&at, 40000, 9, 0, false);
    estimate(&at);
    double z = 0.5, density = exp(-z * z / 2) / sqrt(2 * acos(-1)), above = erfc(z / sqrt(2)) / 2;
    near((double)at.estimate->arm[0].taken_in / 40000, above, 0.01, "the share that is taken in");
    near(cell(&at, 0, 1)->of[LAC_TRIAL_CHANGE].value, -36.0 / 10 * density / above, 0.2,
         "the fall without treatment");
    assert_int_equal(at.estimate->refused[LAC_TRIAL_IN] + at.estimate->refused[LAC_TRIAL_RULED],
                     40000);
    strike(&at);
}

/* Nobody has been treated: two of the four who pass are wanted. One of these fails, and the next
 * who passes takes that place. */
static void screening_wants_who_passes_and_replaces_who_fails(void **state)
{
    (void)state;
    enum { PATIENTS = 5, VISITS = 3 };
    scene at;
    bool wanted[PATIENTS] = {false};
    set_scene(&at);
    at.rule =
        (lac_trial_rule){.name = (char *)"painful", .endpoint = LAC_NONE, .least = 40, .most = 100};
    at.trial.rules = 1;
    at.trial.rule = &at.rule;
    at.trial.patients = 2;
    report(&at, PATIENTS, 3, 0, false);
    for (size_t visit = 0; visit < VISITS; visit++) {
        at.data->state[1 * VISITS + visit] = 30;
        for (size_t patient = 0; patient < PATIENTS; patient++)
            at.data->state[(PATIENTS + patient) * VISITS + visit] = NAN;
    }
    lac_trial_report(at.data);
    assert_int_equal(at.data->verdict[1], LAC_TRIAL_RULED);
    assert_int_equal(at.data->verdict[PATIENTS + 1], LAC_TRIAL_RULED);
    assert_int_equal(at.data->verdict[0], LAC_TRIAL_NOT_COMPUTED);
    assert_int_equal(lac_trial_screen(at.data, wanted), 2);
    assert_true(wanted[0] && !wanted[1] && wanted[2] && !wanted[3] && !wanted[4]);
    for (size_t visit = 0; visit < VISITS; visit++)
        at.data->state[PATIENTS * VISITS + visit] = 50;
    lac_trial_report(at.data);
    assert_int_equal(at.data->verdict[0], LAC_TRIAL_IN);
    assert_int_equal(lac_trial_screen(at.data, wanted), 1);
    assert_true(wanted[3] && !wanted[4]);
    strike(&at);
}

static void the_contextual_response_comes_goes_and_spares_who_was_not_injected(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.injected[1] = false;
    at.trial.number[LAC_TRIAL_CONTEXT_MEAN].value = 12;
    at.trial.number[LAC_TRIAL_CONTEXT_SD].value = 3;
    at.trial.number[LAC_TRIAL_CONTEXT_ONSET].value = 2191.5;
    at.trial.number[LAC_TRIAL_CONTEXT_HALF_LIFE].value = 8766;
    report(&at, 20000, 3, 0, false);
    estimate(&at);
    near(cell(&at, 0, 1)->of[LAC_TRIAL_CHANGE].value, -12 * (1 - exp(-1)) * exp2(-0.25), 0.1,
         "the response after a quarter");
    near(cell(&at, 0, 2)->of[LAC_TRIAL_CHANGE].value, -12 * (1 - exp(-4)) * exp2(-1), 0.1,
         "the response after a year");
    near(cell(&at, 1, 2)->of[LAC_TRIAL_CHANGE].value, 0, 1e-9, "that of who was not injected");
    near(cell(&at, 0, 2)->of[LAC_TRIAL_BIOLOGY].value, 0, 1e-9, "what the model computes");
    strike(&at);
}

static void patients_leave_at_their_rate_and_the_unhelped_more_often(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.trial.number[LAC_TRIAL_DROPOUT].value = 0.2;
    report(&at, 20000, 4, 0, false);
    estimate(&at);
    near((double)at.estimate->arm[0].left / 20000, 0.2, 0.01, "the share that left in a year");
    near((double)cell(&at, 0, 1)->seen / 20000, pow(0.8, 0.25), 0.01,
         "who is seen after a quarter");
    strike(&at);
    at.trial.number[LAC_TRIAL_DROPOUT_UNHELPED].value = 2;
    report(&at, 20000, 4, 20, false); /* arm 1 is helped at the first visit, arm 0 is not */
    estimate(&at);
    near((double)at.estimate->arm[0].left / 20000, 1 - pow(0.8, 0.25 + 2 * 0.75), 0.01, "unhelped");
    near((double)at.estimate->arm[1].left / 20000, 0.2, 0.01, "helped");
    strike(&at);
}

static void rescue_relieves_and_ends_a_response(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.trial.number[LAC_TRIAL_RESCUE_ABOVE].value = 45;
    at.trial.number[LAC_TRIAL_RESCUE_RELIEF].value = 30;
    report(&at, 10, 1, 20, false);
    near(at.data->report[1], 50, 0, "before rescue");
    near(at.data->report[2], 20, 0, "after it");
    assert_false(lac_trial_responds(at.data, 0, 0, 2)); /* the tablets did it */
    near(at.data->report[31], 30, 0, "who needs none");
    assert_true(lac_trial_responds(at.data, 1, 0, 1));
    strike(&at);
}

static void omeract_responders_are_those_of_the_definition(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    report(&at, 1, 1, 0, false);
    /* before, after: pain, function, global */
    static const struct {
        double pain[2], function[2], global[2];
        bool responds;
    } table[] = {
        {{60, 30}, {60, 60}, {60, 60}, true},  /* half and 20 points of pain */
        {{60, 31}, {60, 60}, {60, 60}, false}, /* not quite half */
        {{60, 60}, {60, 30}, {60, 60}, true},  /* the same of function */
        {{60, 60}, {60, 60}, {60, 30}, false}, /* the global report alone is not enough */
        {{60, 48}, {60, 48}, {60, 60}, true},  /* two of three by a fifth and 10 points */
        {{60, 48}, {60, 60}, {60, 48}, true},  {{60, 48}, {60, 60}, {60, 60}, false},
        {{40, 31}, {40, 31}, {40, 31}, false}, /* a fifth, but not 10 points */
        {{90, 78}, {90, 78}, {90, 78}, false}, /* 10 points, but not a fifth */
        {{30, 14}, {30, 30}, {30, 30}, false}, /* half, but not 20 points */
    };
    for (size_t each = 0; each < sizeof table / sizeof *table; each++) {
        for (size_t visit = 0; visit < 2; visit++) {
            at.data->report[visit] = table[each].pain[visit];
            at.data->function[visit] = table[each].function[visit];
            at.data->global[visit] = table[each].global[visit];
        }
        if (lac_trial_responds_omeract(at.data, 0, 0, 1) != table[each].responds)
            fail_msg("row %zu", each);
    }
    strike(&at);
}

static void twins_begin_alike_and_differ_by_noise_later(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.trial.number[LAC_TRIAL_NOISE_SD].value = 5;
    report(&at, 50, 2, 0, false);
    for (size_t patient = 0; patient < 50; patient++) {
        assert_true(at.data->report[patient * 3] == at.data->report[(50 + patient) * 3]);
        assert_true(at.data->report[patient * 3 + 1] != at.data->report[(50 + patient) * 3 + 1]);
    }
    strike(&at);
    report(&at, 50, 2, 0, true); /* no twins: no two begin alike */
    for (size_t patient = 0; patient < 50; patient++)
        assert_true(at.data->report[patient * 3] != at.data->report[(50 + patient) * 3]);
    strike(&at);
}

/* --- intervals -----------------------------------------------------------------------------------
 */

/* 400 trials of 60 patients an arm: intervals of 95 % hold the truth in 95 % of them, within chance
 * (sd 1.1 %) and what a bootstrap of 60 lacks. */
static void bootstrap_intervals_cover_the_truth(void **state)
{
    (void)state;
    enum { TRIALS = 400 };
    for (int own = 0; own < 2; own++) {
        int change = 0, against = 0;
        for (uint64_t seed = 1; seed <= TRIALS; seed++) {
            scene at;
            set_scene(&at);
            at.trial.resamples = 300;
            at.trial.visits = 2;
            at.trial.number[LAC_TRIAL_NOISE_SD].value = 8;
            assert_int_equal(lac_trial_data_create(&at.trial, 2, 60, own, &at.data), LAC_OK);
            at.data->seed = seed;
            for (size_t person = 0; person < 120; person++) {
                at.data->state[person * 2] = 50;
                at.data->state[person * 2 + 1] = person < 60 ? 50 : 44;
            }
            lac_trial_report(at.data);
            estimate(&at);
            const lac_confidence_interval *of = at.estimate->cell[3].of; /* arm 1, visit 1 */
            change += of[LAC_TRIAL_CHANGE].low <= -6 && of[LAC_TRIAL_CHANGE].high >= -6;
            against +=
                of[LAC_TRIAL_CHANGE_AGAINST].low <= -6 && of[LAC_TRIAL_CHANGE_AGAINST].high >= -6;
            strike(&at);
        }
        print_message("%s: %g and %g covered\n", own ? "parallel" : "paired",
                      (double)change / TRIALS, (double)against / TRIALS);
        near((double)change / TRIALS, 0.95, 0.04, "the coverage of a change");
        near((double)against / TRIALS, 0.95, 0.04, "the coverage of a difference");
    }
}

static void failing_allocations_come_out_as_such(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    at.trial.resamples = 5;
    report(&at, 4, 1, 0, false);
    size_t alive = lac_memory_alive(), n = 0;
    lac_status status;
    do {
        lac_memory_fail_at(++n);
        status = lac_trial_estimate_make(at.data, &at.estimate);
        lac_memory_fail_at(0);
        assert_true(status == LAC_OK || status == LAC_MEMORY);
        if (status != LAC_OK)
            assert_int_equal(lac_memory_alive(), alive);
    } while (status != LAC_OK);
    assert_true(n > 8);
    strike(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_is_that_of_the_t_test),
        cmocka_unit_test(sample_sizes_are_those_of_the_tables),
        cmocka_unit_test(noise_alone_gives_no_change_and_its_spread),
        cmocka_unit_test(inclusion_brings_regression_to_the_mean),
        cmocka_unit_test(screening_wants_who_passes_and_replaces_who_fails),
        cmocka_unit_test(the_contextual_response_comes_goes_and_spares_who_was_not_injected),
        cmocka_unit_test(patients_leave_at_their_rate_and_the_unhelped_more_often),
        cmocka_unit_test(rescue_relieves_and_ends_a_response),
        cmocka_unit_test(omeract_responders_are_those_of_the_definition),
        cmocka_unit_test(twins_begin_alike_and_differ_by_noise_later),
        cmocka_unit_test(bootstrap_intervals_cover_the_truth),
        cmocka_unit_test(failing_allocations_come_out_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
