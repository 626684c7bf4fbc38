/* Tests of triggers: when conditions fire, and how closely their edges are found. The stepper is a
 * fake that follows a known curve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "run/trigger.h"

static const double PI = 3.14159265358979323846;

/* One pool that follows curve(time); `longest` bounds a step. */
typedef struct fake {
    double (*curve)(double time, double step);
    double longest;
    size_t steps;
} fake;

static lac_status fake_step(void *self, lac_state *state, double stop)
{
    fake *about = self;
    double next = state->time + about->longest < stop ? state->time + about->longest : stop;
    state->value[0] = about->curve(next, next - state->time);
    state->time = next;
    about->steps++;
    return LAC_OK;
}

static void fake_blocks(void *self, lac_block_list *list)
{
    lac_block_add(list, "stepper", "steps", LAC_BLOCK_SIZE, 1, &((fake *)self)->steps);
}

static const lac_stepper_type fake_type = {
    .name = "fake", .step = fake_step, .blocks = fake_blocks};

/* Events whose condition is: the pool < threshold. */
enum { EVENTS_MOST = 3 };

typedef struct stage {
    lac_model model;
    lac_domain domain;
    lac_species species;
    lac_variable variable;
    lac_event event[EVENTS_MOST];
    lac_expression less[EVENTS_MOST], pool, number[EVENTS_MOST];
    lac_grid *grid;
    lac_state *state;
    fake stepper;
    lac_triggers *triggers;
    lac_snapshot *before;
} stage;

static void set_stage(stage *s, double (*curve)(double, double), const double *thresholds,
                      size_t count)
{
    *s = (stage){.stepper = {curve, 1.0, 0}};
    s->domain = (lac_domain){.id = (char *)"pool", .kind = LAC_WELL_MIXED, .volume = 1};
    s->species = (lac_species){.id = (char *)"A"};
    s->variable = (lac_variable){.name = (char *)"pool_A", .total = true, .is_signed = true};
    s->variable.atol = 1e-9;
    s->pool = (lac_expression){.op = LAC_OP_SYMBOL, .symbol = {LAC_SYMBOL_VARIABLE, 0}};
    for (size_t k = 0; k < count; k++) {
        s->number[k] = (lac_expression){.op = LAC_OP_NUMBER, .number = thresholds[k]};
        s->less[k] =
            (lac_expression){.op = LAC_OP_LESS, .args = 2, .arg = {&s->pool, &s->number[k]}};
        s->event[k] = (lac_event){.id = (char *)"edge", .when = &s->less[k]};
    }
    s->model = (lac_model){.domains = 1,
                           .domain = &s->domain,
                           .species_count = 1,
                           .species = &s->species,
                           .variables = 1,
                           .variable = &s->variable,
                           .events = count,
                           .event = s->event};
    assert_ok(lac_grid_create(&s->model, &s->grid));
    assert_ok(lac_state_create(&s->model, &s->state));
    s->state->value[0] = curve(0, 0);
}

static void raise_curtain(stage *s)
{
    lac_view view = {.model = &s->model, .grid = s->grid, .weight = 1};
    lac_block_list blocks = {0};
    assert_ok(lac_triggers_create(&view, &s->triggers));
    lac_state_blocks(s->state, &blocks);
    fake_type.blocks(&s->stepper, &blocks);
    assert_ok(lac_snapshot_create(&blocks, &s->before));
    assert_ok(lac_triggers_start(s->triggers, s->state));
}

static void strike(stage *s)
{
    lac_snapshot_free(s->before);
    lac_triggers_free(s->triggers);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
}

/* Runs to `end`; notes the time of each firing, and which event it was. */
static size_t march(stage *s, double end, double *when, size_t *which)
{
    size_t fired = 0, due[EVENTS_MOST], count;
    while (s->state->time < end) {
        lac_replay_context replay = {&fake_type, &s->stepper, s->state, s->before, s->state->time};
        bool edge;
        lac_snapshot_take(s->before);
        assert_ok(fake_type.step(&s->stepper, s->state, end));
        assert_ok(lac_triggers_peek(s->triggers, s->state, &edge));
        if (edge)
            assert_ok(lac_triggers_locate(s->triggers, &replay));
        assert_ok(lac_triggers_take(s->triggers, s->state, due, &count));
        for (size_t k = 0; k < count; k++, fired++) {
            when[fired] = s->state->time;
            which[fired] = due[k];
        }
    }
    return fired;
}

static double falling(double time, double step)
{
    (void)step;
    return 10 - time;
}

static double wave(double time, double step)
{
    (void)step;
    return cos(2 * PI * time / 8);
}

static void an_edge_is_found_to_a_millionth_of_the_step_and_from_behind(void **state)
{
    (void)state;
    stage s;
    double threshold = 10 - 4.3217, when[4];
    size_t which[4];
    set_stage(&s, falling, &threshold, 1);
    raise_curtain(&s);
    assert_int_equal(march(&s, 9, when, which), 1);
    assert_true(when[0] > 4.3217);
    assert_near(when[0], 4.3217, LAC_EDGE_MOST);
    strike(&s);
}

static void steps_go_on_as_before_when_nothing_fires(void **state)
{
    (void)state;
    stage s;
    double threshold = -100, when[4];
    size_t which[4];
    set_stage(&s, falling, &threshold, 1);
    raise_curtain(&s);
    assert_int_equal(march(&s, 9, when, which), 0);
    assert_int_equal(s.stepper.steps, 9);
    strike(&s);
}

static void what_holds_at_the_start_fires_only_after_it_was_false(void **state)
{
    (void)state;
    stage s;
    double threshold = 2, when[4]; /* the wave is always below 2 */
    size_t which[4];
    set_stage(&s, wave, &threshold, 1);
    raise_curtain(&s);
    assert_int_equal(march(&s, 20, when, which), 0);
    strike(&s);
    threshold = 0.5; /* of the wave: holds from 8/6 to 40/6 */
    set_stage(&s, wave, &threshold, 1);
    s.state->value[0] = 0; /* and at the start, but not after the first step */
    raise_curtain(&s);
    assert_int_equal(march(&s, 8, when, which), 1);
    assert_near(when[0], 8.0 / 6, 2e-6);
    strike(&s);
}

static void every_crossing_fires_unless_it_is_once(void **state)
{
    (void)state;
    stage s;
    double thresholds[2] = {0, 0.5}, when[16];
    size_t which[16];
    set_stage(&s, wave, thresholds, 2);
    s.event[1].once = true;
    raise_curtain(&s);
    assert_int_equal(march(&s, 24, when, which), 4);
    const double expected[] = {8.0 / 6, 2, 10, 18};
    const size_t event[] = {1, 0, 0, 0};
    for (size_t k = 0; k < 4; k++) {
        assert_near(when[k], expected[k], 2e-6);
        assert_int_equal(which[k], event[k]);
    }
    strike(&s);
}

static void two_edges_in_one_step_fire_in_order_of_time(void **state)
{
    (void)state;
    stage s;
    double thresholds[3] = {10 - 0.7, 10 - 0.2, 10 - 0.2}, when[4];
    size_t which[4];
    set_stage(&s, falling, thresholds, 3);
    raise_curtain(&s);
    assert_int_equal(march(&s, 2, when, which), 3);
    assert_int_equal(which[0], 1);
    assert_int_equal(which[1], 2);
    assert_int_equal(which[2], 0);
    assert_near(when[0], 0.2, 1e-6);
    assert_true(when[0] == when[1]);
    assert_near(when[2], 0.7, 1e-6);
    strike(&s);
}

/* A long step dips below 0, short ones do not. */
static double false_dip(double time, double step)
{
    (void)time;
    return step > 0.6 ? -1 : 1;
}

static void an_edge_that_shorter_steps_do_not_show_does_not_fire(void **state)
{
    (void)state;
    stage s;
    double threshold = 0, when[4];
    size_t which[4];
    set_stage(&s, false_dip, &threshold, 1);
    raise_curtain(&s);
    lac_replay_context replay = {&fake_type, &s.stepper, s.state, s.before, 0};
    bool edge;
    lac_snapshot_take(s.before);
    assert_ok(fake_type.step(&s.stepper, s.state, 1));
    assert_ok(lac_triggers_peek(s.triggers, s.state, &edge));
    assert_true(edge);
    assert_ok(lac_triggers_locate(s.triggers, &replay));
    assert_ok(lac_triggers_peek(s.triggers, s.state, &edge));
    assert_false(edge);
    assert_near(s.state->time, 1, 1e-12);
    assert_int_equal(march(&s, 1, when, which), 0);
    strike(&s);
}

static void the_search_gives_the_same_bits_again(void **state)
{
    (void)state;
    double first[16], second[16], threshold = 0.3;
    size_t which[16];
    for (int run = 0; run < 2; run++) {
        stage s;
        set_stage(&s, wave, &threshold, 1);
        raise_curtain(&s);
        assert_int_equal(march(&s, 24, run ? second : first, which), 3);
        strike(&s);
    }
    assert_memory_equal(first, second, 3 * sizeof(double));
}

static double undefined_later(double time, double step)
{
    (void)step;
    return time > 2 ? (double)NAN : 1;
}

static void a_condition_that_is_no_number_does_not_hold(void **state)
{
    (void)state;
    stage s;
    double threshold = 0, when[4];
    size_t which[4];
    set_stage(&s, undefined_later, &threshold, 1);
    raise_curtain(&s);
    assert_int_equal(march(&s, 5, when, which), 0);
    strike(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_is_found_to_a_millionth_of_the_step_and_from_behind),
        cmocka_unit_test(steps_go_on_as_before_when_nothing_fires),
        cmocka_unit_test(what_holds_at_the_start_fires_only_after_it_was_false),
        cmocka_unit_test(every_crossing_fires_unless_it_is_once),
        cmocka_unit_test(two_edges_in_one_step_fire_in_order_of_time),
        cmocka_unit_test(an_edge_that_shorter_steps_do_not_show_does_not_fire),
        cmocka_unit_test(the_search_gives_the_same_bits_again),
        cmocka_unit_test(a_condition_that_is_no_number_does_not_hold),
    };
    return cmocka_run_group_tests_name("trigger", tests, NULL, NULL);
}
