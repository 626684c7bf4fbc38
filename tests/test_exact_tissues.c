/* The method `exact` on several tissues, each with its own voxels, all with the same well-mixed
 * domains; and on layers of several thicknesses.
 * Seeds are fixed; a statistical test allows 4 standard errors, a false alarm of 6e-5 for a fresh
 * seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_scene.h"
#include "moments.h"

#include "tissue/operators.h"

#define TWO                                                                                        \
    "lacuna: 1\n"                                                                                  \
    "domains: {left: {kind: tissue}, right: {kind: tissue},\n"                                     \
    "          bath: {kind: well-mixed, volume: 8000 um^3}}\n"                                     \
    "tissue:\n"                                                                                    \
    "  left: {size: [10 um, 10 um, 40 um], voxel: 10 um}\n"                                        \
    "  right: {size: [60 um, 10 um, 20 um], voxel: [20 um, 10 um, 10 um],\n"                       \
    "          zones: {upper: 10 um, lower: 10 um}}\n"

/* 120 molecules in 4000 um^3, 12 000 um^3 and a bath of 8000 um^3. */
static const char SPREAD[] =
    TWO "species: {A: {bath: {initial: 0.015 molecule/um^3},\n"
        "  left: {diffusivity: 50 um^2/s}, right: {diffusivity: 50 um^2/s}}}\n"
        "interfaces: {one: {between: [left.top, bath], exchange: all},\n"
        "             two: {between: [right.top, bath], exchange: all}}\n"
        "run: {until: 12 h, paranoid: 5000, max_events: 1e9}\n";

/* At equilibrium each molecule is anywhere with equal probability: a binomial for each part.
 * Samples that follow one another are correlated by exp(-20 s / 13 s). */
static void molecules_spread_by_volume(void **state)
{
    (void)state;
    enum { SAMPLES = 1500, ALL = 120 };
    static const double CORRELATED = 1.55;
    static const char *const path[] = {"left.A", "right.A", "bath.A"};
    static const double volume[] = {4000, 12000, 8000};
    moments of[3] = {{0, 0, 0}};
    method_scene s;
    exact_scene_make(&s, SPREAD, 5);
    method_scene_to(&s, 200);
    for (int k = 0; k < SAMPLES; k++) {
        double all = 0;
        method_scene_to(&s, s.state->time + 20);
        for (int part = 0; part < 3; part++) {
            const double n = exact_scene_total(&s, path[part]);
            sample(&of[part], n);
            all += n;
        }
        assert_true(all == ALL);
    }
    for (int part = 0; part < 3; part++) {
        const double p = volume[part] / 24000, expected = ALL * p * (1 - p);
        assert_near(mean_of(&of[part]), ALL * p, 4 * sqrt(expected * CORRELATED / SAMPLES));
        assert_near(variance_of(&of[part]), expected,
                    4 * expected * sqrt(2 * CORRELATED / SAMPLES));
    }
    method_scene_free(&s);
}

static const char LAWS[] = TWO
    "parameters: {k: {value: 3 um^3/(molecule*s)}, c: {value: 2 1/s}}\n"
    "species: {A: {left: {initial: 0.003 molecule/um^3}, right: {initial: 0.003 molecule/um^3}},\n"
    "          B: {left: {initial: 0.002 molecule/um^3}, right: {initial: 0.002 molecule/um^3}}}\n"
    "reactions:\n"
    "  bind_left: {in: left, equation: A + B ->, rate: k * A * B}\n"
    "  bind_right: {in: right, equation: A + B ->, rate: k * A * B}\n"
    "  fade_left: {in: left, equation: A ->, rate: c * A * depth / (10 um)}\n"
    "  fade_right: {in: right, equation: A ->, rate: c * A * depth / (10 um)}\n"
    "  fade_lower: {in: right, region: lower, equation: B ->, rate: c * B}\n"
    "run: {until: 1 h}\n";

/* Of a law of mass action the coefficient is apart. */
static double propensity(const method_scene *s, const char *process, size_t voxel)
{
    const lac_exact *e = s->stepper;
    double rate = NAN;
    for (size_t k = 0; k < e->reactions; k++)
        if (strcmp(s->model->process[e->reaction[k].process].id, process) == 0) {
            assert_ok(lac_exact_propensity(e, &e->reaction[k], voxel, false, &rate));
            rate *= e->reaction[k].mass_action ? e->reaction[k].k : 1;
        }
    return rate;
}

/* Voxels of 1000 um^3 with 3 A and 2 B, and of 2000 um^3 with 6 and 4. */
static void propensities_are_those_of_the_own_voxels(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s, LAWS, 1);
    assert_ok(s.type->adopt(s.stepper, s.state));
    for (size_t voxel = 0; voxel < 4; voxel++) {
        assert_near(propensity(&s, "bind_left", voxel), 3.0 * 3 * 2 / 1000, 1e-12);
        assert_near(propensity(&s, "fade_left", voxel), 2 * 3 * ((double)voxel + 0.5), 1e-12);
    }
    for (size_t voxel = 0; voxel < 6; voxel++) {
        assert_near(propensity(&s, "bind_right", voxel), 3.0 * 6 * 4 / 2000, 1e-12);
        assert_near(propensity(&s, "fade_right", voxel), 2 * 6 * (voxel < 3 ? 0.5 : 1.5), 1e-12);
        assert_near(propensity(&s, "fade_lower", voxel), voxel < 3 ? 0 : 2 * 4, 1e-12);
    }
    assert_ok(lac_exact_verify(s.stepper));
    method_scene_free(&s);
}

/* s' = rate (1 - G) in every voxel, at a rate of its own, while molecules hop past. */
static void states_of_both_follow_their_laws(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        TWO
        "parameters: {c: {value: 0.1 1/s}}\n"
        "species: {A: {left: {initial: 0.003 molecule/um^3, diffusivity: 5 um^2/s},\n"
        "              right: {initial: 0.003 molecule/um^3, diffusivity: 5 um^2/s}},\n"
        "          G: {unit: 1, left: {initial: 0}, right: {initial: 0}, bath: {initial: 0}}}\n"
        "reactions:\n"
        "  left_up: {in: left, equation: '-> G', rate: c * (1 - G)}\n"
        "  right_up: {in: right, region: lower, equation: '-> G', rate: c * depth / (10 um) * (1 - G)}\n"
        "  bath_up: {in: bath, equation: '-> G', rate: 3 * c * (1 - G)}\n"
        "  fade: {in: right, equation: A ->, rate: c * G * A}\n"
        "run: {until: 1 h, rtol: 1e-6}\n",
        3);
    method_scene_to(&s, 7);
    const lac_layout *layout = &s.state->layout;
    const double *left =
        s.state->value + lac_layout_at(layout, method_scene_variable(&s, "left.G"));
    const double *right =
        s.state->value + lac_layout_at(layout, method_scene_variable(&s, "right.G"));
    const double *bath =
        s.state->value + lac_layout_at(layout, method_scene_variable(&s, "bath.G"));
    for (size_t voxel = 0; voxel < 4; voxel++)
        assert_near(left[voxel], 1 - exp(-0.7), 1e-5);
    for (size_t voxel = 0; voxel < 6; voxel++)
        assert_near(right[voxel], voxel < 3 ? 0 : 1 - exp(-1.5 * 0.7), 1e-5);
    assert_near(*bath, 1 - exp(-2.1), 1e-5);
    method_scene_free(&s);
}

static const char PAIRS[] =
    "species: {A: {right: {initial: 0.01 molecule/um^3, diffusivity: 20 um^2/s}},\n"
    "          B: {right: {initial: 0}}}\n"
    "parameters: {k: {value: 4 um^3/(molecule*s)}}\n"
    "reactions: {meet: {in: right, equation: '2 A -> B', rate: k * A^2}}\n"
    "run: {until: 1 h}\n";

static void pairs_made(const char *text, double first_seed, moments *made)
{
    enum { RUNS = 400 };
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        exact_scene_make(&s, text, first_seed + run);
        method_scene_to(&s, 10);
        sample(made, exact_scene_total(&s, "right.B"));
        method_scene_free(&s);
    }
}

/* What is beside a tissue and not coupled to it changes no moment of it. */
static void a_tissue_beside_another_is_as_alone(void **state)
{
    (void)state;
    char beside[1600], alone[1600];
    moments of[2] = {{0, 0, 0}};
    snprintf(beside, sizeof beside, "%s%s", TWO, PAIRS);
    snprintf(alone, sizeof alone, "%s%s",
             "lacuna: 1\ndomains: {right: {kind: tissue}}\n"
             "tissue: {size: [60 um, 10 um, 20 um], voxel: [20 um, 10 um, 10 um]}\n",
             PAIRS);
    pairs_made(beside, 1000, &of[0]);
    pairs_made(alone, 5000, &of[1]);
    const double variance = variance_of(&of[1]), samples = of[1].samples;
    assert_near(mean_of(&of[0]), mean_of(&of[1]), 4 * sqrt(2 * variance / samples));
    assert_near(variance_of(&of[0]), variance, 4 * variance * sqrt(4 / samples));
}

static void a_run_goes_on_from_a_checkpoint_to_the_same_numbers(void **state)
{
    (void)state;
    method_scene whole, half, rest;
    exact_scene_make(&whole, SPREAD, 9);
    exact_scene_make(&half, SPREAD, 9);
    exact_scene_make(&rest, SPREAD, 77);
    method_scene_to(&whole, 30);
    method_scene_to(&half, 12);
    method_scene_copy(&half, &rest);
    method_scene_to(&rest, 30);
    method_scene_same(&whole, &rest);
    method_scene_free(&whole);
    method_scene_free(&half);
    method_scene_free(&rest);
}

static void patches_of_unlike_parts_are_refused(void **state)
{
    (void)state;
    method_scene s;
    lac_status status = method_scene_try(
        &s,
        scene_load(
            "lacuna: 1\n"
            "domains: {left: {kind: tissue}, right: {kind: tissue},\n"
            "          bath: {kind: well-mixed, volume: 1 mL}}\n"
            "tissue:\n"
            "  left: {size: [10 um, 10 um, 40 um], voxel: 10 um, represents: {area: 1 mm^2}}\n"
            "  right: {size: [10 um, 10 um, 40 um], voxel: 10 um, represents: {area: 2 mm^2}}\n"
            "species: {A: {left: {initial: 1 pM}, right: {initial: 1 pM}}}\n"
            "run: {until: 1 h}\n"),
        "exact", 1);
    assert_int_equal(status, LAC_INPUT);
    assert_text_has(lac_failure(), "left is 0.0001 of it, right 5e-05");
    method_scene_free(&s);
}

/* --- layers that differ ---------------------------------------------------------------------- */

#define LAYERS                                                                                     \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 5000 um^3}}\n"                \
    "tissue: {size: [20 um, 10 um, 75 um],\n"                                                      \
    "  voxel: [10 um, 10 um, {bounds: [0 um, 5 um, 15 um, 35 um, 75 um]}]}\n"

static const double BOUND[] = {0, 5, 15, 35, 75};

static double layer_of(const method_scene *s, const char *path, size_t layer)
{
    return exact_scene_count(s, path, 2 * layer) + exact_scene_count(s, path, 2 * layer + 1);
}

static const char SINK[] = LAYERS
    "species: {A: {bath: {initial: 0.2 molecule/um^3},\n"
    "  gel: {initial: 0.01 molecule/um^3, diffusivity: 20 um^2/s * (1 + depth / (75 um))}}}\n"
    "interfaces: {top: {between: [gel.top, bath], exchange: all, permeability: 5 um/s}}\n"
    "reactions: {lose: {in: gel, equation: A ->, rate: 0.1/s * A}}\n"
    "run: {until: 1 h, rtol: 1e-7, paranoid: 500}\n";

/* Of a linear network, on the way: the mean is that of the symmetric finite volumes of mean-field.
 */
static void the_mean_on_layers_that_differ_is_mean_field(void **state)
{
    (void)state;
    enum { RUNS = 120 };
    moments of[5];
    memset(of, 0, sizeof of);
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        exact_scene_make(&s, SINK, 200 + run);
        method_scene_to(&s, 12);
        for (size_t layer = 0; layer < 4; layer++)
            sample(&of[layer], layer_of(&s, "gel.A", layer));
        sample(&of[4], exact_scene_total(&s, "bath.A"));
        method_scene_free(&s);
    }
    method_scene mean;
    assert_ok(method_scene_try(&mean, scene_load(SINK), "mean-field", 1));
    method_scene_to(&mean, 12);
    const double *a = mean.state->value +
                      lac_layout_at(&mean.state->layout, method_scene_variable(&mean, "gel.A"));
    for (size_t layer = 0; layer < 4; layer++) {
        const double expected = a[2 * layer] * 200 * (BOUND[layer + 1] - BOUND[layer]);
        assert_near(mean_of(&of[layer]), expected, 4 * sqrt(variance_of(&of[layer]) / RUNS));
    }
    const double bath =
        *(mean.state->value +
          lac_layout_at(&mean.state->layout, method_scene_variable(&mean, "bath.A")));
    assert_near(mean_of(&of[4]), 5000 * bath, 4 * sqrt(variance_of(&of[4]) / RUNS));
    method_scene_free(&mean);
}

/* What leaves a voxel for its neighbour is what the operator of mean-field moves there. */
static void hops_between_layers_are_those_of_the_operator(void **state)
{
    (void)state;
    enum { VOXELS = 8 };
    static const double seven = 7;
    static const lac_medium medium = {LAC_UNIFORM, &seven};
    method_scene s;
    exact_scene_make(
        &s, LAYERS "species: {A: {gel: {initial: 0, diffusivity: 7 um^2/s}}}\nrun: {until: 1 h}\n",
        1);
    const lac_exact_ground *ground = ((const lac_exact *)s.stepper)->ground;
    for (size_t from = 0; from < VOXELS; from++)
        for (int face = 0; face < 6; face++) {
            double u[VOXELS] = {0}, moved[VOXELS] = {0};
            if (!(ground->open[from] >> face & 1))
                continue;
            const size_t to = from + (size_t)ground->way[face];
            u[from] = 1;
            lac_diffuse_rows(s.grid, &medium, u, moved, 0, lac_diffuse_rows_of(s.grid));
            assert_near(lac_exact_face(ground, from, face, 7, 7) * lac_grid_volume(s.grid, from),
                        moved[to] * lac_grid_volume(s.grid, to), 1e-9);
        }
    method_scene_free(&s);
}

static void propensities_have_the_volume_of_their_layer(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     LAYERS "parameters: {k: {value: 3 um^3/(molecule*s)}, c: {value: 2 1/s}}\n"
                            "species: {A: {gel: {initial: 0.02 molecule/um^3}},\n"
                            "          B: {gel: {initial: 0.01 molecule/um^3}}}\n"
                            "reactions:\n"
                            "  bind: {in: gel, equation: A + B ->, rate: k * A * B}\n"
                            "  pair: {in: gel, equation: 2 A ->, rate: k * A^2}\n"
                            "  make: {in: gel, equation: -> A, rate: '0.5 [molecule/(um^3*s)]'}\n"
                            "  lose: {in: gel, equation: A ->, rate: c * A}\n"
                            "run: {until: 1 h}\n",
                     1);
    assert_ok(s.type->adopt(s.stepper, s.state));
    for (size_t voxel = 0; voxel < 8; voxel++) {
        const double volume = 100 * (BOUND[voxel / 2 + 1] - BOUND[voxel / 2]);
        const double a = 0.02 * volume, b = 0.01 * volume;
        assert_near(propensity(&s, "bind", voxel), 3 * a * b / volume, 1e-9);
        assert_near(propensity(&s, "pair", voxel), 3 * a * (a - 1) / volume, 1e-9);
        assert_near(propensity(&s, "make", voxel), 0.5 * volume, 1e-9);
        assert_near(propensity(&s, "lose", voxel), 2 * a, 1e-9);
        const double *value = s.state->value + lac_layout_at(&s.state->layout, 0);
        assert_near(value[voxel], a / volume, 1e-12);
    }
    assert_ok(lac_exact_verify(s.stepper));
    method_scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(molecules_spread_by_volume),
        cmocka_unit_test(propensities_are_those_of_the_own_voxels),
        cmocka_unit_test(states_of_both_follow_their_laws),
        cmocka_unit_test(a_tissue_beside_another_is_as_alone),
        cmocka_unit_test(a_run_goes_on_from_a_checkpoint_to_the_same_numbers),
        cmocka_unit_test(patches_of_unlike_parts_are_refused),
        cmocka_unit_test(the_mean_on_layers_that_differ_is_mean_field),
        cmocka_unit_test(hops_between_layers_are_those_of_the_operator),
        cmocka_unit_test(propensities_have_the_volume_of_their_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
