/* What a quiet run says that makes no progress, and how often a run writes checkpoints by itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/progress.h"
#include "cli/watch.h"
#include "run/simulation_internal.h"
#include "testlib.h"

#include <math.h>

static void has(const lacuna_counters *then, const lacuna_counters *now, const char *part)
{
    lac_text sentence = {0};
    lac_watch_diagnose(then, now, 60, &sentence);
    assert_text_has(lac_text_of(&sentence), part);
    lac_text_free(&sentence);
}

static void a_run_that_moves_says_nothing(void **state)
{
    (void)state;
    lac_text sentence = {0};
    lacuna_counters then = {.time = 0, .end = 1e6}, now = {.time = 1e3, .end = 1e6};
    lac_watch_diagnose(&then, &now, 60, &sentence);
    then.time = now.time = 1e6; /* at its end */
    lac_watch_diagnose(&then, &now, 60, &sentence);
    assert_int_equal(sentence.length, 0);
}

static void a_run_that_does_not_move_says_where_and_why(void **state)
{
    (void)state;
    lacuna_counters then = {.time = 7200, .end = 1e6}, now = then;
    has(&(lacuna_counters){0}, &(lacuna_counters){0}, "the first step has not ended");
    has(&then, &now, "no progress for 60 s: at t = 2 h 00 min, no step has ended since");
    now.time += 1e-6;
    now.steps = 1000;
    now.last_step = 1e-9;
    has(&then, &now, "hardly any progress for 60 s: at t = 2 h 00 min, 1000 steps were taken");
    has(&then, &now, "the rest would take");
    now.rejected = 3000;
    has(&then, &now, "1000 steps were taken and 3000 rejected since");
}

/* A sweep has a meter too, and no steps: its meter must not say that the first has not ended. */
static void only_a_run_is_watched(void **state)
{
    (void)state;
    lac_meter meter;
    lac_meter_start(&meter, NULL, true, 0);
    assert_null(meter.watch);
    lac_meter_watch(&meter);
    assert_non_null(meter.watch);
    lac_meter_stop(&meter);
    assert_null(meter.watch);
}

static void checkpoints_cost_less_than_one_percent(void **state)
{
    (void)state;
    assert_true(lac_checkpoint_interval(600, 100, false) == 600); /* as said */
    assert_true(isinf(lac_checkpoint_interval(0, 1, false)));
    for (double cost = 1e-3; cost < 100; cost *= 10) {
        double interval = lac_checkpoint_interval(-1, cost, false);
        assert_true(cost < 0.01 * interval);
        assert_true(interval <= fmax(30, 150 * cost));
    }
    assert_true(lac_checkpoint_interval(-1, 0, true) == 5); /* small runs are over by then */
}

/* Every step costs 10 ms of wall clock. */
static void march(lac_meter *meter, lacuna_counters *progress, int steps, double length)
{
    for (int step = 0; step < steps; step++) {
        progress->time += length;
        progress->last_step = length;
        lac_meter_learn(meter, progress, meter->learned + 0.01);
    }
}

static void the_time_left_follows_the_cost_of_the_last_steps(void **state)
{
    (void)state;
    lac_meter meter = {.kind = LAC_METER_NONE};
    lacuna_counters progress = {.end = 1e6};
    assert_true(isnan(lac_meter_left(&meter, 0, 1e6)));
    march(&meter, &progress, 100, 1); /* small at the start: linear in time, 10 000 s are left */
    for (double length = 2; length < 1000; length *= 2) {
        march(&meter, &progress, 1, length);
        assert_true(length < 4 || isnan(lac_meter_left(&meter, progress.time, 1e6)));
    }
    march(&meter, &progress, 100, 1000);
    double left = 0.01 * (1e6 - progress.time) / 1000;
    assert_true(fabs(lac_meter_left(&meter, progress.time, 1e6) - left) < 0.03 * left);
    march(&meter, &progress, 100, 10); /* after an event it becomes longer again */
    left = 0.01 * (1e6 - progress.time) / 10;
    assert_true(fabs(lac_meter_left(&meter, progress.time, 1e6) - left) < 0.5 * left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_moves_says_nothing),
        cmocka_unit_test(a_run_that_does_not_move_says_where_and_why),
        cmocka_unit_test(only_a_run_is_watched),
        cmocka_unit_test(the_time_left_follows_the_cost_of_the_last_steps),
        cmocka_unit_test(checkpoints_cost_less_than_one_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
