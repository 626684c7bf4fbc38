/* The same bits: twice, with any number of threads, and across a checkpoint; refusals; memory that
 * fails.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/networks.h"
#include "physics/scene.h"

#include "base/block.h"

static const char *signalling(void)
{
    static char text[TEXT];
    snprintf(text, sizeof text, SIGNALLING, 1e-3, 0.005);
    return text;
}

static void assert_same_bits(const lac_state *a, const lac_state *b)
{
    assert_true(a->time == b->time);
    assert_memory_equal(a->value, b->value, a->layout.length * sizeof *a->value);
    assert_memory_equal(a->extent, b->extent, a->processes * sizeof *a->extent);
    assert_memory_equal(a->flux, b->flux, a->boundaries * sizeof *a->flux);
}

/* Large enough that every parallel region is entered: a whole block, or one with a hole that
 * exchanges through its wall. */
static scene *large(int threads, bool holed)
{
    char text[TEXT];
    const char *hole = ", boxes: {h: {x: [100 um, 300 um], y: [60 um, 200 um],"
                       " depth: [0 um, 150 um]}}, inactive: [h], patches: {w: {wall_of: h}}";
    const char *wall = "  wall: {between: [tissue.w, fluid], exchange: [A]}\n";
    snprintf(
        text, sizeof text,
        "lacuna: 1\n"
        "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 0.5 mm^3}}\n"
        "species:\n"
        "  A: {tissue: {initial: \"1 nM * (1 + sin(x / (30 um)))\", diffusivity: 30 um^2/s},"
        " fluid: {initial: 1 nM}}\n"
        "  B: {tissue: {initial: \"2 nM * (1 + cos(depth / (70 um)))\", diffusivity: 10 um^2/s}}\n"
        "  C: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"
        "reactions:\n"
        "  bind: {in: tissue, equation: \"A + B <=> C\", rate: 0.1 1/(nM s) * A * B,"
        " reverse: 0.01 1/s * C}\n"
        "  turn: {in: tissue, equation: \"C -> A\", rate: 0.001 1/s * C}\n"
        "interfaces:\n"
        "  surface: {between: [tissue.top, fluid], exchange: [A]}\n%s"
        "tissue: {size: [800 um, 720 um, 480 um], voxel: [20 um, 20 um, 15 um]%s}\n"
        "run: {until: 1 d}\n",
        holed ? wall : "", holed ? hole : "");
    lac_threads_set(threads);
    scene *s = scene_of(text);
    march_to(s, 20);
    return s;
}

static void assert_threads_change_no_bit(bool holed)
{
    static const int threads[] = {2, 3, 7, 3};
    scene *one = large(1, holed);
    for (size_t k = 0; k < sizeof threads / sizeof threads[0]; k++) {
        scene *more = large(threads[k], holed);
        assert_same_bits(one->state, more->state);
        scene_free(more);
    }
    lac_threads_set(1);
    scene_free(one);
}

static void any_number_of_threads_gives_identical_bits(void **state)
{
    (void)state;
    assert_threads_change_no_bit(false);
    assert_threads_change_no_bit(true);
}

static void copy_blocks(const lac_block_list *from, const lac_block_list *to)
{
    assert_int_equal(from->count, to->count);
    for (size_t i = 0; i < from->count; i++) {
        size_t size = from->block[i].type == LAC_BLOCK_BYTES ? 1 : 8;
        assert_string_equal(from->block[i].name, to->block[i].name);
        assert_int_equal(from->block[i].count, to->block[i].count);
        memcpy(to->block[i].data, from->block[i].data, size * from->block[i].count);
    }
}

static void list_blocks(scene *s, lac_block_list *list)
{
    list->count = 0;
    lac_state_blocks(s->state, list);
    s->type->blocks(s->stepper, list);
}

/* A run that is restored goes on as the run that was not; and the checkpoint changed nothing. */
static void a_restored_run_gives_the_bits_of_the_straight_run(void **state)
{
    (void)state;
    static lac_block_list saved, restored;
    scene *straight = scene_of(signalling()), *other = scene_of(signalling());
    for (int step = 0; step < 25; step++)
        assert_ok(straight->type->step(straight->stepper, straight->state, 36000));
    list_blocks(straight, &saved);
    list_blocks(other, &restored);
    copy_blocks(&saved, &restored);
    march_to(straight, 36000);
    march_to(other, 36000);
    assert_same_bits(straight->state, other->state);
    assert_int_equal(counters(straight).steps, counters(other).steps);
    assert_int_equal(counters(straight).iterations, counters(other).iterations);
    scene_free(straight);
    scene_free(other);
}

static void steps_end_at_stops_and_go_on_as_if_there_were_none(void **state)
{
    (void)state;
    scene *s = scene_of(signalling());
    march_to(s, 15000);
    double long_step = counters(s).last_step;
    double stop = s->state->time + long_step / 50;
    march_to(s, stop);
    assert_true(s->state->time == stop);
    assert_true(counters(s).last_step < long_step / 20);
    assert_ok(s->type->step(s->stepper, s->state, 1e9));
    assert_true(counters(s).last_step > long_step / 5);
    s->type->restart(s->stepper);
    assert_ok(s->type->step(s->stepper, s->state, 1e9));
    assert_near(counters(s).last_step, s->model->settings.first_step, 1e-12);
    scene_free(s);
}

/* An undershoot is refused, not clipped: A is used up at a constant rate that stops at 0. */
static void nothing_falls_below_zero_by_more_than_its_tolerance(void **state)
{
    (void)state;
    scene *s = scene_of("lacuna: 1\n"
                        "domains: {tissue: {kind: tissue}}\n"
                        "species: {A: {unit: 1, tissue: {initial: 1, atol: 1e-6}}}\n"
                        "parameters: {k: {value: 1 1/s}, tiny: {value: 1e-4}}\n"
                        "rates: {A: {in: tissue, rate: -k * A / (A + tiny)}}\n"
                        "tissue: {size: [20 um, 20 um, 20 um], voxel: 20 um}\n"
                        "run: {until: 1 d, rtol: 1e-2}\n");
    while (s->state->time < 5) {
        assert_ok(s->type->step(s->stepper, s->state, 5));
        assert_true(value_of(s, "tissue_A", 0) >= -1e-6);
    }
    assert_near(value_of(s, "tissue_A", 0), 0, 1e-6);
    scene_free(s);
}

static void every_failing_allocation_of_the_engine_is_reported(void **state)
{
    (void)state;
    scene *s = scene_of(signalling());
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n += 1 + n / 16) {
        void *stepper = NULL;
        lac_memory_fail_at(n);
        lac_status status = s->type->create(&s->view, s->state, &stepper);
        lac_memory_fail_at(0);
        if (status == LAC_OK)
            s->type->free(stepper);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK) {
            assert_true(n > 50);
            break;
        }
        assert_int_equal(status, LAC_MEMORY);
    }
    scene_free(s);
}

static void memory_is_told_beforehand_and_is_some_dozen_vectors(void **state)
{
    (void)state;
    scene *s = scene_of(signalling());
    size_t few = s->type->memory(s->model, 1000), many = s->type->memory(s->model, 2000);
    double unknown = (double)(many - few) / 1000 / (double)s->model->fields; /* [B] */
    assert_true(unknown > 80 && unknown < 300);
    scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_identical_bits),
        cmocka_unit_test(a_restored_run_gives_the_bits_of_the_straight_run),
        cmocka_unit_test(steps_end_at_stops_and_go_on_as_if_there_were_none),
        cmocka_unit_test(nothing_falls_below_zero_by_more_than_its_tolerance),
        cmocka_unit_test(every_failing_allocation_of_the_engine_is_reported),
        cmocka_unit_test(memory_is_told_beforehand_and_is_some_dozen_vectors),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
