/* Stiff chemistry: binding a million times faster than what follows it, Hill laws, competing
 * inhibitors. The truth is the same engine at a tolerance ten thousand times tighter, or a closed
 * form; test_cvode.c checks the same models against another program.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/networks.h"
#include "physics/scene.h"

/* The largest over variables of the root mean square difference relative to the largest value. */
static double worst_of(const scene *s, const scene *truth)
{
    double worst = 0;
    const lac_layout *layout = &s->state->layout;
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t first = lac_layout_at(layout, v),
               count = v < layout->fields ? layout->tract[0].voxels : 1;
        double sum = 0, scale = (double)count * pow(1e3 * s->model->variable[v].atol, 2);
        for (size_t i = first; i < first + count; i++) {
            sum += pow(s->state->value[i] - truth->state->value[i], 2);
            scale += pow(truth->state->value[i], 2);
        }
        worst = fmax(worst, sqrt(sum / scale));
    }
    return worst;
}

static void fast_binding_and_hill_laws_are_right_at_large_steps(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, FAST_BINDING, 1e-3);
    scene *s = scene_of(text);
    snprintf(text, sizeof text, FAST_BINDING, 1e-7);
    scene *truth = scene_of(text);
    for (double time = 0.01; time < 1e5; time *= 10) {
        march_to(s, time);
        march_to(truth, time);
        assert_true(worst_of(s, truth) < 3e-3);
    }
    lac_step_counters count = counters(s);
    print_message("# %zu steps, %zu rejected, %zu iterations\n", count.steps, count.rejected,
                  count.iterations);
    assert_true(count.steps < 300);
    scene_free(s);
    scene_free(truth);
}

/* Without diffusion: free ligand of one enzyme and two competing inhibitors at equilibrium. */
static const char *const COMPETITION =
    "lacuna: 1\n"
    "domains: {tube: {kind: well-mixed, volume: 1 uL}}\n"
    "species:\n"
    "  E: {tube: {initial: 3 nM}}\n"
    "  I: {tube: {initial: 2 nM}}\n"
    "  J: {tube: {initial: 4 nM}}\n"
    "  EI: {tube: {initial: 0 nM}}\n"
    "  EJ: {tube: {initial: 0 nM}}\n"
    "reactions:\n"
    "  one: {in: tube, equation: \"E + I <=> EI\", rate: 1 1/(nM s) * E * I,"
    " reverse: 0.5 1/s * EI}\n"
    "  two: {in: tube, equation: \"E + J <=> EJ\", rate: 1e6 1/(nM s) * E * J,"
    " reverse: 2e6 1/s * EJ}\n"
    "run: {until: 1 d, rtol: 1e-4}\n";

static void competitive_binding_without_a_grid_reaches_its_equilibrium(void **state)
{
    (void)state;
    scene *s = scene_of(COMPETITION);
    assert_int_equal(s->grid->voxels, 0);
    double unit = value_of(s, "tube_E", 0) / 3; /* molecules per um^3 in 1 nM */
    march_to(s, 1000);
    double low = 0, high = 3; /* free enzyme by bisection of its balance */
    for (int i = 0; i < 100; i++) {
        double e = (low + high) / 2;
        double bound = 2 * e / (0.5 + e) + 4 * e / (2 + e);
        *(e + bound < 3 ? &low : &high) = e;
    }
    assert_near(value_of(s, "tube_E", 0) / unit, low, 1e-8);
    double moiety =
        value_of(s, "tube_E", 0) + value_of(s, "tube_EI", 0) + value_of(s, "tube_EJ", 0);
    double turned = throughput(s, 0) / s->model->domain[0].volume;
    assert_near(moiety, 3 * unit, 1e-12 * turned);
    scene_free(s);
}

static void fourteen_coupled_species_are_right_and_cheap(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, INHIBITORS, 1e-3, 0.005);
    scene *s = scene_of(text);
    snprintf(text, sizeof text, INHIBITORS, 1e-7, 0.005);
    scene *truth = scene_of(text);
    for (double time = 1; time < 1e5; time *= 10) {
        march_to(s, time);
        march_to(truth, time);
        assert_true(worst_of(s, truth) < 3e-3);
    }
    lac_step_counters count = counters(s);
    print_message("# %zu steps, %zu rejected, %zu iterations\n", count.steps, count.rejected,
                  count.iterations);
    assert_true(count.steps < 300);
    scene_free(s);
    scene_free(truth);
}

/* A law with 1/(1 - x) runs into its pole: the run stops in the open. */
static void a_pole_stops_the_run_with_time_species_and_voxel(void **state)
{
    (void)state;
    scene *s = scene_of("lacuna: 1\n"
                        "domains: {tissue: {kind: tissue}}\n"
                        "species: {A: {unit: 1, tissue: {initial: 0.5, atol: 1e-6}}}\n"
                        "parameters: {k: {value: 1 1/s}}\n"
                        "rates: {A: {in: tissue, rate: \"if(depth < 20 um, k, 0 * k) * A^2\"}}\n"
                        "tissue: {size: [40 um, 20 um, 40 um], voxel: 20 um}\n"
                        "run: {until: 1 d}\n");
    lac_status status = LAC_OK;
    while (s->state->time < 10 && status == LAC_OK)
        status = s->type->step(s->stepper, s->state, 10);
    assert_int_equal(status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "tissue_A in voxel (x, y, z) = (0, 0, 0)");
    assert_text_has(lac_failure(), "t = 1.9999");
    assert_true(s->state->time < 2);
    assert_ok(lac_state_check(s->state, s->model, 1));
    assert_near(value_of(s, "tissue_A", 2), 0.5, 1e-12);
    scene_free(s);
}

/* --- sinks and fronts faster than anything else ------------------------------------------------
 */

/* A voxel that takes up at any rate, between a wall with a value and an end without flux. */
static const char *const SINK =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}}\n"
    "species: {A: {gel: {initial: 0, diffusivity: 20 um^2/s}}}\n"
    "reactions: {uptake: {in: gel, region: cell, equation: \"A ->\", rate: %g 1/s * A}}\n"
    "boundaries: {source: {at: gel.top, species: A, value: 1 molecule/um^3}}\n"
    "tissue: {size: [10 um, 10 um, 70 um], voxel: 10 um,"
    " boxes: {cell: {depth: [30 um, 40 um]}}}\n"
    "run: {until: 200 s, rtol: %g, linear_tolerance: %g}\n";

/* Runs two models to ten times and compares them there. */
static double error_on_the_way(scene *s, scene *truth, double until)
{
    double worst = 0;
    for (int k = 1; k <= 10; k++) {
        march_to(s, until * k / 10);
        march_to(truth, until * k / 10);
        worst = fmax(worst, worst_of(s, truth));
    }
    return worst;
}

static void a_sink_of_any_strength_costs_the_same(void **state)
{
    (void)state;
    static const double strength[] = {1e2, 1e4, 1e6, 1e8, 1e10};
    for (size_t i = 0; i < 5; i++) {
        char text[TEXT];
        snprintf(text, sizeof text, SINK, strength[i], 1e-3, 0.005);
        scene *s = scene_of(text);
        snprintf(text, sizeof text, SINK, strength[i], 1e-8, 1e-6);
        scene *truth = scene_of(text);
        double error = error_on_the_way(s, truth, 200);
        print_message("# sink %g/s: %zu steps, %zu rejected, error %.1e\n", strength[i],
                      counters(s).steps, counters(s).rejected, error);
        assert_true(counters(s).steps + counters(s).rejected <= 40);
        assert_true(error < 1e-3);
        scene_free(s);
        scene_free(truth);
    }
}

/* A ligand that enters a tissue full of receptors and binds at once: a front goes in. */
static const char *const FRONT =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1e6 um^3}}\n"
    "species:\n"
    "  R: {gel: {initial: 1 molecule/um^3}}\n"
    "  I: {gel: {initial: 0, diffusivity: 5 um^2/s}, bath: {initial: 1 molecule/um^3}}\n"
    "  RI: {gel: {initial: 0}}\n"
    "reactions:\n"
    "  binding: {in: gel, equation: R + I <=> RI, rate: 1000 um^3/molecule/s * R * I,"
    " reverse: 2/s * RI}\n"
    "interfaces: {surface: {between: [gel.top, bath], exchange: all}}\n"
    "tissue: {size: [10 um, 10 um, 60 um], voxel: [10 um, 10 um, 5 um],"
    " represents: {area: 1 mm^2}}\n"
    "run: {until: 300 s, rtol: %g, linear_tolerance: %g}\n";

static void a_sharp_front_of_binding_is_cheap(void **state)
{
    (void)state;
    static const double linear[] = {0.005, 1e-4};
    char text[TEXT];
    for (size_t i = 0; i < 2; i++) {
        snprintf(text, sizeof text, FRONT, 1e-3, linear[i]);
        scene *s = scene_of(text);
        snprintf(text, sizeof text, FRONT, 1e-7, 1e-5);
        scene *truth = scene_of(text);
        double error = error_on_the_way(s, truth, 300);
        print_message("# front: %zu steps, %zu rejected, error %.1e\n", counters(s).steps,
                      counters(s).rejected, error);
        assert_true(counters(s).steps + counters(s).rejected <= 120);
        assert_true(error < 2e-3);
        scene_free(s);
        scene_free(truth);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fast_binding_and_hill_laws_are_right_at_large_steps),
        cmocka_unit_test(competitive_binding_without_a_grid_reaches_its_equilibrium),
        cmocka_unit_test(fourteen_coupled_species_are_right_and_cheap),
        cmocka_unit_test(a_sink_of_any_strength_costs_the_same),
        cmocka_unit_test(a_sharp_front_of_binding_is_cheap),
        cmocka_unit_test(a_pole_stops_the_run_with_time_species_and_voxel),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
