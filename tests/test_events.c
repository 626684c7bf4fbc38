/* Tests of events: what they do to variables and parameters, and what they book.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "run/events.h"

#define NANOMOLAR (1e-9 * 6.02214076e23 * 1e-15) /* [1/um^3] */

/* A slab with the given events, at its initial state. */
typedef struct stage {
    lac_model *model;
    lac_grid *grid;
    lac_scene scene;
    lac_state *state;
    lac_events *events;
} stage;

static void set_stage(stage *s, const char *events)
{
    lac_text text = {0};
    lac_text_add(&text, "%sevents:\n%s", SLAB, events);
    *s = (stage){.model = model_from(lac_text_of(&text))};
    lac_text_free(&text);
    assert_ok(lac_grid_create(s->model, &s->grid));
    double weight = s->grid->voxel_volume / lac_model_scale(s->model);
    s->scene = (lac_scene){.model = s->model, .grid = s->grid, .weight = weight};
    assert_ok(lac_simulation_initial(&s->scene, &s->state));
    assert_ok(lac_events_create(&s->scene, &s->events));
}

static void strike(stage *s)
{
    lac_events_free(s->events);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
    lac_model_free(s->model);
}

static const double *field(const stage *s)
{
    return s->state->value + lac_layout_at(&s->state->layout, 0);
}

static double pool(const stage *s)
{
    return s->state->value[lac_layout_at(&s->state->layout, 1)];
}

static double content(const stage *s, size_t variable)
{
    return lac_state_content(s->state, s->model, variable);
}

/* Content now = content at the start + what was booked. */
static void books_balance(const stage *s)
{
    for (size_t v = 0; v < s->model->variables; v++)
        assert_near(content(s, v), s->state->initial[v] + s->state->added[v],
                    1e-12 * content(s, v));
}

static void initial_values_fill_fields_and_pools(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  e: {at: 0 h, into: pool, add: {A: 1 nM}}\n");
    for (size_t voxel = 0; voxel < 30; voxel++)
        assert_near(field(&s)[voxel], NANOMOLAR, 1e-12 * NANOMOLAR);
    assert_near(pool(&s), 10 * NANOMOLAR, 1e-12 * NANOMOLAR);
    assert_true(s.state->time == 0);
    books_balance(&s);
    strike(&s);
}

static void a_concentration_is_added_to_a_pool(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  e: {at: 0 h, into: pool, add: {A: 3 nM}}\n");
    assert_ok(lac_events_fire(s.events, 0, s.state));
    assert_near(pool(&s), 13 * NANOMOLAR, 1e-10 * NANOMOLAR);
    assert_near(s.state->added[1], 3 * NANOMOLAR * 1e9, 1e-2);
    books_balance(&s);
    strike(&s);
}

static void an_amount_is_of_the_whole_joint(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  p: {at: 0 h, into: pool, add: {A: 1e6 molecule}}\n"
                  "  t: {at: 0 h, into: slab, add: {A: 6e5 molecule}}\n");
    double before_pool = pool(&s), before = field(&s)[7];
    assert_ok(lac_events_fire(s.events, 0, s.state));
    assert_near(pool(&s) - before_pool, 1e6 / 1e9, 1e-12); /* 1 uL = 1e9 um^3 */
    assert_ok(lac_events_fire(s.events, 1, s.state));
    assert_near(s.state->added[1], 1e6, 1e-3);
    assert_near(s.state->added[0], 6e5, 1e-3);
    /* the joint has 10 times the patch's 240 000 um^3 */
    assert_near(field(&s)[7] - before, 6e5 / 2.4e6, 1e-9);
    books_balance(&s);
    strike(&s);
}

static void an_amount_fills_its_region_only(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  t: {at: 0 h, into: slab, region: upper, add: {A: 4.8e5 molecule}}\n");
    assert_ok(lac_events_fire(s.events, 0, s.state));
    for (size_t voxel = 0; voxel < 30; voxel++) /* 20 % of 15 layers of 2 voxels */
        assert_near(field(&s)[voxel], NANOMOLAR + (voxel < 6 ? 1.0 : 0), 1e-9);
    assert_near(s.state->added[0], 4.8e5, 1e-3);
    books_balance(&s);
    strike(&s);
}

static void set_and_scale_book_the_difference(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  a: {at: 0 h, in: slab, region: lower, scale: {A: 0.5}}\n"
                  "  b: {at: 0 h, in: slab, set: {A: 2 nM}}\n"
                  "  c: {at: 0 h, in: pool, set: {A: 1 nM}}\n");
    assert_ok(lac_events_fire(s.events, 0, s.state));
    assert_near(field(&s)[5], NANOMOLAR, 1e-12);
    assert_near(field(&s)[6], 0.5 * NANOMOLAR, 1e-12);
    assert_near(s.state->added[0], -0.5 * NANOMOLAR * 0.8 * 2.4e6, 1e-6);
    assert_ok(lac_events_fire(s.events, 1, s.state));
    assert_near(field(&s)[29], 2 * NANOMOLAR, 1e-12);
    assert_near(s.state->added[0], NANOMOLAR * 2.4e6, 1e-6);
    assert_ok(lac_events_fire(s.events, 2, s.state));
    assert_near(s.state->added[1], -9 * NANOMOLAR * 1e9, 1e-3);
    books_balance(&s);
    strike(&s);
}

static void parameters_are_set_scaled_and_added_to(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  a: {at: 0 h, set: {k: 0.2 1/h}}\n"
                  "  b: {at: 0 h, scale: {k: 3}}\n"
                  "  c: {at: 0 h, add: {k: 0.1 1/h}}\n");
    size_t k = 0;
    while (strcmp(s.model->parameter[k].id, "k") != 0)
        k++;
    const double expected[] = {0.2, 0.6, 0.7};
    for (size_t event = 0; event < 3; event++) {
        assert_ok(lac_events_fire(s.events, event, s.state));
        assert_near(s.state->parameter[k] * 3600, expected[event], 1e-12);
    }
    assert_near(s.model->parameter[k].value * 3600, 0.3, 1e-12);
    strike(&s);
}

static void actions_of_one_event_see_the_state_before_it(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  swap: {at: 0 h, set: {k: 2 * k, D: D * k * 1 h}}\n");
    double k = 0, d = 0;
    assert_ok(lac_events_fire(s.events, 0, s.state));
    for (size_t p = 0; p < s.model->parameters; p++) {
        if (strcmp(s.model->parameter[p].id, "k") == 0)
            k = s.state->parameter[p];
        if (strcmp(s.model->parameter[p].id, "D") == 0)
            d = s.state->parameter[p];
    }
    assert_near(k * 3600, 0.6, 1e-12);
    assert_near(d, 12, 1e-9);
    strike(&s);
}

static void values_may_be_means_and_may_differ_by_depth(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  a: {at: 0 h, into: pool, add: {A: 2 * mean(slab.A)}}\n"
                  "  b: {at: 0 h, in: slab, set: {A: 1 nM * depth / 10 um}}\n");
    assert_ok(lac_events_fire(s.events, 0, s.state));
    assert_near(pool(&s), 12 * NANOMOLAR, 1e-10);
    assert_ok(lac_events_fire(s.events, 1, s.state));
    for (size_t layer = 0; layer < 15; layer++)
        assert_near(field(&s)[2 * layer], (double)(2 * layer + 1) * NANOMOLAR, 1e-10);
    books_balance(&s);
    strike(&s);
}

static void a_value_below_zero_or_not_finite_stops_the_run(void **state)
{
    (void)state;
    stage s;
    set_stage(&s, "  low: {at: 0 h, into: pool, add: {A: -20 nM}}\n"
                  "  odd: {at: 0 h, set: {k: k / (pool.A - pool.A) * 1 nM}}\n");
    assert_int_equal(lac_events_fire(s.events, 1, s.state), LAC_NUMERICS);
    assert_text_has(lac_failure(), "odd");
    assert_int_equal(lac_events_fire(s.events, 0, s.state), LAC_NUMERICS);
    assert_text_has(lac_failure(), "event low (test:");
    strike(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initial_values_fill_fields_and_pools),
        cmocka_unit_test(a_concentration_is_added_to_a_pool),
        cmocka_unit_test(an_amount_is_of_the_whole_joint),
        cmocka_unit_test(an_amount_fills_its_region_only),
        cmocka_unit_test(set_and_scale_book_the_difference),
        cmocka_unit_test(parameters_are_set_scaled_and_added_to),
        cmocka_unit_test(actions_of_one_event_see_the_state_before_it),
        cmocka_unit_test(values_may_be_means_and_may_differ_by_depth),
        cmocka_unit_test(a_value_below_zero_or_not_finite_stops_the_run),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
