/* The method `hybrid` on several tissues: cells of each are its own, and meet through well-mixed
 * domains. Seeds are fixed; for fresh ones the false alarm of each statistical test is below 1e-4
 * (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"
#include "moments.h"

#define DAY 86400.0

/* One cell in each voxel, 50 on the left and 20 on the right; only in the lower half of the right
 * do they switch. What switched cells on the left make reaches the right through the bath. */
#define JOINT(LEFT, RIGHT)                                                                         \
    "lacuna: 1\n"                                                                                  \
    "domains: {left: {kind: tissue}, right: {kind: tissue},\n"                                     \
    "          bath: {kind: well-mixed, volume: 0.1 mL}}\n"                                        \
    "species:\n"                                                                                   \
    "  off: {unit: cell, left: {initial: 125000 cell/mm^3}, right: {initial: 62500 cell/mm^3}}\n"  \
    "  on: {unit: cell, left: {initial: 0 cell/mm^3}, right: {initial: 0 cell/mm^3}}\n"            \
    "  A: {left: {initial: 0 pM, diffusivity: 50 um^2/s},\n"                                       \
    "      right: {initial: 0 pM, diffusivity: 50 um^2/s}, bath: {initial: 0 pM}}\n"               \
    "reactions:\n"                                                                                 \
    "  up_left: {in: left, equation: off -> on, rate: 0.1/d * off}\n"                              \
    "  up_right: {in: right, region: lower, equation: off -> on, rate: 0.2/d * off}\n"             \
    "  make: {in: left, equation: -> A, rate: '3 amol/(cell h) * on'}\n"                           \
    "  lose: {in: right, equation: A ->, rate: 1e-5/s * A}\n"                                      \
    "  clear: {in: bath, equation: A ->, rate: 1/d * A}\n"                                         \
    "interfaces: {one: {between: [left.top, bath], exchange: [A]},\n"                              \
    "             two: {between: [right.top, bath], exchange: [A]}}\n"                             \
    "tissue:\n"                                                                                    \
    "  left: {size: [100 um, 20 um, 200 um], voxel: 20 um" LEFT "}\n"                              \
    "  right: {size: [80 um, 20 um, 200 um], voxel: [40 um, 20 um, 20 um],\n"                      \
    "          zones: {upper: 50 %, lower: 50 %}" RIGHT "}\n"                                      \
    "run: {until: 20 d, closure_tolerance: 1e-4, save: {every: 2 d}}\n"

#define BY_PATCH                                                                                   \
    JOINT(", represents: {area: 1 cm^2, feedback: patch}",                                         \
          ", represents: {area: 0.2 cm^2, feedback: patch}")
#define BY_MEAN JOINT(", represents: {area: 1 cm^2}", ", represents: {area: 0.2 cm^2}")

/* How many cells of a field the patch has. */
static double cells(const method_scene *s, const char *path)
{
    const size_t variable = method_scene_variable(s, path);
    const lac_grid *grid = lac_grid_of_field(s->grid, s->model, variable);
    return lac_grid_sum(grid, hybrid_scene_values(s, path)) * grid->voxel_volume;
}

static void assert_binomial(const moments *of, double n, double p)
{
    const double variance = n * p * (1 - p);
    assert_near(mean_of(of), n * p, 4 * sqrt(variance / of->samples));
    assert_near(variance_of(of), variance, 4 * variance * sqrt(2 / of->samples));
}

/* Each cell switches by itself; the mean of what follows from it linearly is that of mean-field,
 * also in the other tissue. */
static void cells_of_both_switch_and_reach_each_other(void **state)
{
    (void)state;
    enum { RUNS = 150 };
    const double time = 5 * DAY;
    moments left = {0, 0, 0}, right = {0, 0, 0}, made = {0, 0, 0};
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(&s, BY_PATCH, "hybrid", 100 + run, 0.3);
        method_scene_to(&s, time);
        sample(&left, nearbyint(cells(&s, "left.on")));
        sample(&right, nearbyint(cells(&s, "right.on")));
        assert_near(cells(&s, "left.on") + cells(&s, "left.off"), 50, 1e-6);
        assert_near(cells(&s, "right.on") + cells(&s, "right.off"), 20, 1e-6);
        sample(&made, hybrid_scene_content(&s, "right.A"));
        method_scene_free(&s);
    }
    assert_binomial(&left, 50, 1 - exp(-0.5));
    assert_binomial(&right, 10, 1 - exp(-1));
    method_scene mean;
    hybrid_scene_make(&mean, BY_PATCH, "mean-field", 1, 0.3);
    method_scene_to(&mean, time);
    const double expected = hybrid_scene_content(&mean, "right.A");
    assert_true(expected > 0);
    assert_near(mean_of(&made), expected, 4 * sqrt(variance_of(&made) / RUNS));
    method_scene_free(&mean);
}

static void the_ledger_closes_and_the_bath_is_that_of_mean_field(void **state)
{
    (void)state;
    method_scene a, b;
    hybrid_scene_make(&a, BY_MEAN, "hybrid", 3, 0.1);
    hybrid_scene_make(&b, BY_MEAN, "mean-field", 3, 0.1);
    for (int frame = 1; frame <= 3; frame++) {
        method_scene_to(&a, frame * 2 * DAY);
        method_scene_to(&b, frame * 2 * DAY);
        const double *bath = hybrid_scene_values(&a, "bath.A");
        assert_true(*bath > 0 && *bath == *hybrid_scene_values(&b, "bath.A"));
    }
    method_scene_closes(&a, 1e-4);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* With `feedback: patch` what the patch does is what the joint does: nothing is booked as added. */
static void with_the_patch_itself_all_closes(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, BY_PATCH, "hybrid", 8, 0.1);
    method_scene_to(&s, 6 * DAY);
    method_scene_closes(&s, 1e-6);
    const size_t up = 0; /* up_left: one event of the patch is as many as it has patches */
    assert_near(s.state->extent[up], cells(&s, "left.on") * 1e8 / (100 * 20), 1e-3);
    method_scene_free(&s);
}

static void a_run_goes_on_from_a_checkpoint_to_the_same_numbers(void **state)
{
    (void)state;
    method_scene whole, half, rest;
    hybrid_scene_make(&whole, BY_MEAN, "hybrid", 9, 0.1);
    hybrid_scene_make(&half, BY_MEAN, "hybrid", 9, 0.1);
    hybrid_scene_make(&rest, BY_MEAN, "hybrid", 9, 0.1);
    method_scene_to(&half, 2 * DAY);
    method_scene_to(&whole, 2 * DAY);
    assert_ok(rest.type->adopt(rest.stepper, rest.state));
    method_scene_copy(&half, &rest);
    method_scene_to(&rest, 4 * DAY);
    method_scene_to(&whole, 4 * DAY);
    assert_true(cells(&whole, "left.on") > 0);
    method_scene_same(&whole, &rest);
    method_scene_free(&whole);
    method_scene_free(&half);
    method_scene_free(&rest);
}

/* The voxel is one of the right tissue. */
static void a_negative_rate_names_the_voxel_of_its_tissue(void **state)
{
    (void)state;
    method_scene s;
    lac_status status = method_scene_try(
        &s,
        scene_load(
            "lacuna: 1\n"
            "domains: {left: {kind: tissue}, right: {kind: tissue}}\n"
            "species:\n"
            "  off: {unit: cell, left: {initial: 125000 cell/mm^3},\n"
            "        right: {initial: 125000 cell/mm^3}}\n"
            "  A: {left: {initial: 1 pM}, right: {initial: 1 pM}}\n"
            "reactions:\n"
            "  die: {in: right, equation: off ->, rate: '0.1/d * (85 um - depth) / (1 um) * off'}\n"
            "  lose: {in: left, equation: A ->, rate: 1/d * A}\n"
            "tissue:\n"
            "  left: {size: [20 um, 20 um, 60 um], voxel: 20 um}\n"
            "  right: {size: [20 um, 20 um, 100 um], voxel: 20 um}\n"
            "run: {until: 3 d, method: hybrid}\n"),
        "hybrid", 1);
    if (status == LAC_OK)
        status = method_scene_try_to(&s, DAY);
    assert_int_equal(status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "'die'");
    assert_text_has(lac_failure(), "in voxel (x, y, z) = (0, 0, 4)");
    method_scene_free(&s);
}

/* --- layers that differ ---------------------------------------------------------------------- */

/* 1, 2, 4 and 8 cells in each voxel of a layer, and twice as many depots that release A. */
static const char LAYERS[] =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1e5 um^3}}\n"
    "tissue: {size: [20 um, 10 um, 75 um],\n"
    "  voxel: [10 um, 10 um, {bounds: [0 um, 5 um, 15 um, 35 um, 75 um]}]}\n"
    "species:\n"
    "  off: {unit: cell, gel: {initial: 2e6 cell/mm^3}}\n"
    "  on: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"
    "  depot: {gel: {initial: 4e-3 molecule/um^3, representation: discrete}}\n"
    "  A: {gel: {initial: 0 pM, diffusivity: 30 um^2/s}, bath: {initial: 0 pM}}\n"
    "reactions:\n"
    "  up: {in: gel, equation: off -> on, rate: 0.1/s * off}\n"
    "  make: {in: gel, equation: -> A, rate: '0.2 [molecule/(cell*s)] * on * (1 + depth / (75 um))'}\n"
    "  release: {in: gel, equation: depot -> A, rate: 0.05/s * depot}\n"
    "interfaces: {top: {between: [gel.top, bath], exchange: [A], permeability: 2 um/s}}\n"
    "run: {until: 1 h, rtol: 1e-6, closure_tolerance: 1e-4}\n";

static double in_layer(const method_scene *s, const char *path, size_t layer)
{
    const double *value = hybrid_scene_values(s, path);
    return value[2 * layer] * lac_grid_volume(s->grid, 2 * layer) +
           value[2 * layer + 1] * lac_grid_volume(s->grid, 2 * layer + 1);
}

static void layers_that_differ_have_the_means_of_mean_field(void **state)
{
    (void)state;
    enum { RUNS = 200 };
    const double time = 8;
    moments on[4], depot[4], a[4];
    memset(on, 0, sizeof on);
    memset(depot, 0, sizeof depot);
    memset(a, 0, sizeof a);
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(&s, LAYERS, "hybrid", 300 + run, 0.1);
        method_scene_to(&s, time);
        for (size_t layer = 0; layer < 4; layer++) {
            const double cells_on = in_layer(&s, "gel.on", layer);
            assert_near(cells_on, nearbyint(cells_on), 1e-9);
            assert_near(cells_on + in_layer(&s, "gel.off", layer), 2 << layer, 1e-9);
            sample(&on[layer], nearbyint(cells_on));
            sample(&depot[layer], nearbyint(in_layer(&s, "gel.depot", layer)));
            sample(&a[layer], in_layer(&s, "gel.A", layer));
        }
        method_scene_closes(&s, 1e-6);
        method_scene_free(&s);
    }
    method_scene mean;
    hybrid_scene_make(&mean, LAYERS, "mean-field", 1, 0.1);
    method_scene_to(&mean, time);
    for (size_t layer = 0; layer < 4; layer++) {
        assert_binomial(&on[layer], 2 << layer, 1 - exp(-0.8));
        assert_binomial(&depot[layer], 4 << layer, exp(-0.4));
        const double expected = in_layer(&mean, "gel.A", layer);
        assert_near(mean_of(&a[layer]), expected,
                    4 * sqrt(variance_of(&a[layer]) / RUNS) + 2e-3 * expected);
    }
    method_scene_free(&mean);
}

/* Two cells in a voxel of the second layer: their propensity is k n (n - 1) over its own volume. */
static void pairs_meet_in_the_volume_of_their_layer(void **state)
{
    (void)state;
    enum { RUNS = 300 };
    moments left = {0, 0, 0};
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(
            &s,
            "lacuna: 1\n"
            "domains: {gel: {kind: tissue}}\n"
            "tissue: {size: [20 um, 10 um, 75 um],\n"
            "  voxel: [10 um, 10 um, {bounds: [0 um, 5 um, 15 um, 35 um, 75 um]}]}\n"
            "species: {C: {unit: cell, gel: {initial: 2e6 cell/mm^3}},\n"
            "          A: {gel: {initial: 1 pM, diffusivity: 1 um^2/s}}}\n"
            "reactions: {meet: {in: gel, equation: 2 C ->, rate: '50 [um^3/(cell*s)] * C^2'}}\n"
            "run: {until: 1 h}\n",
            "hybrid", 900 + run, 0.1);
        method_scene_to(&s, 10);
        sample(&left, nearbyint(in_layer(&s, "gel.C", 1)) / 4);
        method_scene_free(&s);
    }
    const double p = exp(-50.0 * 2 / 1000 * 10);
    assert_near(mean_of(&left), p, 4 * sqrt(p * (1 - p) / (2 * RUNS)));
}

/* Two cells in each voxel above, four in each below, that set each other off by what they make:
 * long steps leave the same for each, for all feel the same. */
static const char CROWD[] =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}}\n"
    "species:\n"
    "  off: {unit: cell, gel: {initial: 500000 cell/mm^3}}\n"
    "  on: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"
    "  A: {gel: {initial: 0 pM, diffusivity: 50 um^2/s}}\n"
    "reactions:\n"
    "  up: {in: gel, equation: off -> on, rate: '0.05/d * (0.1 + 3 * hill(A, 320 nM, 2)) * off'}\n"
    "  down: {in: gel, equation: on -> off, rate: 0.05/d * on}\n"
    "  make: {in: gel, equation: -> A, rate: '3 amol/(cell h) * (off + 10 * on)'}\n"
    "  lose: {in: gel, equation: A ->, rate: 0.005/s * A}\n"
    "tissue: {size: [400 um, 20 um, 30 um], voxel: [20 um, 20 um, {bounds: [0 um, 10 um, 30 um]}],\n"
    "  boxes: {high: {depth: [0 um, 10 um]}, deep: {depth: [10 um, 30 um]}}}\n"
    "run: {until: 10 d}\n";

static void what_long_steps_leave_is_stated_by_volume(void **state)
{
    (void)state;
    enum { RUNS = 20 };
    double high = 0, deep = 0;
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(&s, CROWD, "hybrid", 400 + run, 1);
        method_scene_to(&s, 10 * 86400);
        const lac_account *account = s.type->account(s.stepper);
        size_t row = 0;
        while (account->variable[row] != method_scene_variable(&s, "gel.on"))
            row++;
        high += account->bias[row + 1];
        deep += account->bias[row + 2];
        method_scene_free(&s);
    }
    assert_true(high < 0);
    assert_near(2 * high / deep, 1, 0.5); /* 2 where volumes are forgotten */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_both_switch_and_reach_each_other),
        cmocka_unit_test(the_ledger_closes_and_the_bath_is_that_of_mean_field),
        cmocka_unit_test(with_the_patch_itself_all_closes),
        cmocka_unit_test(a_run_goes_on_from_a_checkpoint_to_the_same_numbers),
        cmocka_unit_test(a_negative_rate_names_the_voxel_of_its_tissue),
        cmocka_unit_test(layers_that_differ_have_the_means_of_mean_field),
        cmocka_unit_test(what_long_steps_leave_is_stated_by_volume),
        cmocka_unit_test(pairs_meet_in_the_volume_of_their_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
