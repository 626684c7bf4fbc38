/* Tests of the schedule: what is due when.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "run/schedule.h"

#include <string.h>

enum { DAY = 86400 };

static lac_model lasting(double until, double every)
{
    lac_model model = {0};
    model.settings.until = until;
    model.settings.save_every = every;
    return model;
}

static lac_event timed(double at, double every, double until)
{
    return (lac_event){.id = (char *)"dose", .at = at, .every = every, .until = until};
}

static void frames_are_at_exact_multiples_however_many(void **state)
{
    (void)state;
    lac_model model = lasting(1e5 * 0.1, 0.1);
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (size_t k = 0; k < 100000; k++) {
        double next = lac_schedule_next(schedule);
        if (next != (double)k * 0.1)
            fail_msg("stop %zu is %.17g", k, next);
        lac_schedule_take(schedule, next, &due);
        assert_true(due.frame && due.fields);
    }
    assert_true(lac_schedule_next(schedule) == model.settings.until);
    lac_schedule_free(schedule);
}

static void the_end_is_a_frame_of_fields_even_between_multiples(void **state)
{
    (void)state;
    lac_model model = lasting(25, 10);
    model.settings.save_fields_every = 20;
    model.tissue[0].present = true;
    const double stops[] = {0, 10, 20, 25};
    const bool fields[] = {true, false, true, true};
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (size_t k = 0; k < 4; k++) {
        assert_true(lac_schedule_next(schedule) == stops[k]);
        lac_schedule_take(schedule, stops[k], &due);
        assert_true(due.frame);
        assert_int_equal(due.fields, fields[k]);
    }
    assert_true(lac_schedule_next(schedule) == 25);
    lac_schedule_free(schedule);
}

static void further_times_of_frames_stand_among_the_multiples(void **state)
{
    (void)state;
    lac_model model = lasting(3600 * 5.5, 3600);
    strcpy(model.settings.save_at, "2.5 h 90 min 3h 2.5h 9 h");
    const double stops[] = {0, 1, 1.5, 2, 2.5, 3, 4, 5, 5.5};
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
        assert_true(lac_schedule_next(schedule) == 3600 * stops[k]);
        lac_schedule_take(schedule, 3600 * stops[k], &due);
        assert_true(due.frame && due.fields);
    }
    assert_true(lac_schedule_saves(schedule, 5400, true));
    assert_true(lac_schedule_saves(schedule, 7 * 3600, false));
    assert_false(lac_schedule_saves(schedule, 5401, false));
    lac_schedule_free(schedule);
}

static void nothing_is_due_between_stops(void **state)
{
    (void)state;
    lac_model model = lasting(100, 10);
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    lac_schedule_take(schedule, 0, &due);
    lac_schedule_take(schedule, 9.99, &due);
    assert_false(due.frame || due.fields || due.events > 0);
    assert_true(lac_schedule_next(schedule) == 10);
    lac_schedule_free(schedule);
}

static void without_an_interval_only_start_and_end_are_saved(void **state)
{
    (void)state;
    lac_model model = lasting(100, 0);
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    lac_schedule_take(schedule, 0, &due);
    assert_true(due.frame);
    assert_true(lac_schedule_next(schedule) == 100);
    lac_schedule_free(schedule);
}

static void repeated_events_fire_to_their_last_time_inclusive(void **state)
{
    (void)state;
    lac_event event = timed(1 * DAY, 7 * DAY, 22 * DAY);
    lac_model model = lasting(60 * DAY, 0);
    model.event = &event;
    model.events = 1;
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    lac_schedule_take(schedule, 0, &due);
    assert_int_equal(due.events, 0);
    for (int k = 0; k < 4; k++) {
        double next = lac_schedule_next(schedule);
        assert_true(next == (1 + 7 * k) * DAY);
        lac_schedule_take(schedule, next, &due);
        assert_int_equal(due.events, 1);
        assert_int_equal(due.event[0], 0);
        assert_false(due.frame);
    }
    assert_true(lac_schedule_next(schedule) == 60 * DAY);
    lac_schedule_free(schedule);
}

static void times_that_differ_by_rounding_are_one_stop(void **state)
{
    (void)state;
    lac_event events[2] = {timed(0.3, 0, 0), timed(0.3, 0, 0)}; /* 3 * 0.1 is not 0.3 */
    lac_model model = lasting(1, 0.1);
    model.event = events;
    model.events = 2;
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (int k = 0; k < 3; k++)
        lac_schedule_take(schedule, lac_schedule_next(schedule), &due);
    assert_true(lac_schedule_next(schedule) == 0.3);
    lac_schedule_take(schedule, 0.3, &due);
    assert_true(due.frame);
    assert_int_equal(due.events, 2);
    assert_int_equal(due.event[0], 0);
    assert_int_equal(due.event[1], 1);
    assert_near(lac_schedule_next(schedule), 0.4, 1e-15);
    lac_schedule_free(schedule);
}

static void the_end_is_when_its_frame_is_due_to_the_last_bit(void **state)
{
    (void)state;
    lac_model model = lasting(2.1, 0.7);
    const double frame = 3 * 0.7;
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_true(frame != 2.1);
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (int k = 0; k < 3; k++) {
        assert_false(lac_schedule_over(schedule, lac_schedule_next(schedule)));
        lac_schedule_take(schedule, lac_schedule_next(schedule), &due);
    }
    assert_true(lac_schedule_next(schedule) == frame);
    assert_true(lac_schedule_over(schedule, frame));
    lac_schedule_free(schedule);
}

static void times_of_frames_are_known_without_the_end(void **state)
{
    (void)state;
    lac_model model = lasting(25, 10);
    model.settings.save_fields_every = 4;
    model.tissue[0].present = true;
    lac_schedule *schedule = NULL;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    assert_true(lac_schedule_saves(schedule, 10, false));
    assert_false(lac_schedule_saves(schedule, 10, true));
    assert_true(lac_schedule_saves(schedule, 8, true));
    assert_true(lac_schedule_saves(schedule, 8, false));
    assert_false(lac_schedule_saves(schedule, 25, false));
    assert_true(lac_schedule_saves(schedule, 20, true));
    lac_schedule_free(schedule);
}

static void discontinuities_are_stops_at_which_nothing_is_due(void **state)
{
    (void)state;
    double times[] = {0, 5, 7.5, 200}, values[] = {1, 2, 3, 4};
    lac_input input = {.shape = LAC_STEPS, .knots = 4, .time = times, .value = values};
    lac_model model = lasting(100, 50);
    model.inputs = 1;
    model.input = &input;
    const double stops[] = {0, 5, 7.5, 50, 100};
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    for (size_t k = 0; k < 5; k++) {
        assert_true(lac_schedule_next(schedule) == stops[k]);
        lac_schedule_take(schedule, stops[k], &due);
        assert_int_equal(due.frame, k != 1 && k != 2);
    }
    lac_schedule_free(schedule);
}

static void state_events_have_no_times(void **state)
{
    (void)state;
    lac_expression when = {.op = LAC_OP_NUMBER};
    lac_event event = {.id = (char *)"rescue", .when = &when};
    lac_model model = lasting(10, 0);
    model.event = &event;
    model.events = 1;
    lac_schedule *schedule = NULL;
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &schedule));
    lac_schedule_take(schedule, 0, &due);
    assert_int_equal(due.events, 0);
    assert_true(lac_schedule_next(schedule) == 10);
    lac_schedule_free(schedule);
}

static void positions_can_be_kept_and_restored(void **state)
{
    (void)state;
    lac_event event = timed(3, 3, 99);
    lac_model model = lasting(100, 10);
    model.event = &event;
    model.events = 1;
    lac_schedule *first = NULL, *second = NULL;
    lac_block_list a = {0}, b = {0};
    lac_due due;
    assert_ok(lac_schedule_create(&model, NULL, &first));
    assert_ok(lac_schedule_create(&model, NULL, &second));
    lac_schedule_blocks(first, &a);
    lac_schedule_blocks(second, &b);
    for (int k = 0; k < 12; k++)
        lac_schedule_take(first, lac_schedule_next(first), &due);
    assert_int_equal(a.count, b.count);
    for (size_t k = 0; k < a.count; k++)
        memcpy(b.block[k].data, a.block[k].data, a.block[k].count * sizeof(size_t));
    while (lac_schedule_next(first) < 100) {
        assert_true(lac_schedule_next(first) == lac_schedule_next(second));
        lac_schedule_take(second, lac_schedule_next(second), &due);
        lac_schedule_take(first, lac_schedule_next(first), &due);
    }
    lac_schedule_free(first);
    lac_schedule_free(second);
}

static void refuses(lac_model *model, lac_status code, const char *part)
{
    lac_schedule *schedule = NULL;
    assert_int_equal(lac_schedule_create(model, NULL, &schedule), code);
    assert_text_has(lac_failure(), part);
    assert_null(schedule);
}

static void past_events_and_absurd_counts_are_refused(void **state)
{
    (void)state;
    lac_event event = timed(-1, 0, 0);
    lac_model model = lasting(10, 1);
    model.event = &event;
    model.events = 1;
    refuses(&model, LAC_INPUT, "dose is in the past");
    event = timed(0, 1e-9, 10);
    refuses(&model, LAC_LIMIT, "dose every 1e-09 s");
    model.events = 0;
    model.settings.save_every = 1e-7;
    refuses(&model, LAC_LIMIT, "1e+08 times");
    model.settings.save_every = 1;
    model.settings.until = INFINITY;
    refuses(&model, LAC_INPUT, "finite time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_at_exact_multiples_however_many),
        cmocka_unit_test(the_end_is_a_frame_of_fields_even_between_multiples),
        cmocka_unit_test(further_times_of_frames_stand_among_the_multiples),
        cmocka_unit_test(nothing_is_due_between_stops),
        cmocka_unit_test(without_an_interval_only_start_and_end_are_saved),
        cmocka_unit_test(repeated_events_fire_to_their_last_time_inclusive),
        cmocka_unit_test(times_that_differ_by_rounding_are_one_stop),
        cmocka_unit_test(the_end_is_when_its_frame_is_due_to_the_last_bit),
        cmocka_unit_test(times_of_frames_are_known_without_the_end),
        cmocka_unit_test(discontinuities_are_stops_at_which_nothing_is_due),
        cmocka_unit_test(state_events_have_no_times),
        cmocka_unit_test(positions_can_be_kept_and_restored),
        cmocka_unit_test(past_events_and_absurd_counts_are_refused),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
