/* Walls and media against solutions that are known: a finite bath, layers, a medium that changes,
 * masks and patches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/scene.h"

static const double PI = 3.14159265358979323846;

/* The n-th positive root of tan q = -a q, by bisection in ((n - 1/2) pi, n pi). */
static double root(double a, int n)
{
    double low = (n - 0.5) * PI, high = n * PI;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2, rest = sin(middle) + a * middle * cos(middle);
        if ((rest > 0) == (n % 2 == 1))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Uptake from a stirred bath of limited volume by a slab of thickness l (Crank 1975, eq. 4.37):
 * a = bath volume / (area l K). */
static double bath_uptake(double a, double scaled_time)
{
    double rest = 0;
    for (int n = 1; n < 60; n++) {
        double q = root(a, n);
        rest += 2 * a * (1 + a) / (1 + a + a * a * q * q) * exp(-q * q * scaled_time);
    }
    return 1 - rest;
}

/* K = 0.8, bath of 120 cm^2 * 0.3 mm for a patch that stands for 120 cm^2. */
static const char *const BATH =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 3600 mm^3}}\n"
    "species:\n"
    "  A: {tissue: {initial: 0 nM, diffusivity: 40 um^2/s, partition: 0.8, atol: 1e-9 nM},\n"
    "      fluid: {initial: 10 nM, atol: 1e-9 nM}}\n"
    "interfaces: {surface: {between: [tissue.top, fluid], exchange: [A]}}\n"
    "tissue: {size: [%s, 40 um, 500 um], voxel: [20 um, 20 um, 2.5 um],"
    " represents: {area: 120 cm^2}}\n"
    "run: {until: 1 d, rtol: 1e-5}\n";

static void uptake_from_a_finite_bath_follows_the_series(void **state)
{
    (void)state;
    const double a = 300.0 / (500 * 0.8);
    const char *const widths[] = {"20 um", "60 um"};
    for (size_t w = 0; w < 2; w++) {
        char text[TEXT];
        snprintf(text, sizeof text, BATH, widths[w]);
        scene *s = scene_of(text);
        double start = value_of(s, "fluid_A", 0);
        for (double time = 60; time < 20000; time *= 3) {
            march_to(s, time);
            double taken = 1 - value_of(s, "fluid_A", 0) / start, whole = 1 / (1 + a);
            assert_near(taken / whole, bath_uptake(a, 40 * time / (500.0 * 500.0)), 1e-3);
            for (size_t v = 0; v < 2; v++)
                assert_near(imbalance(s, v) / throughput(s, v), 0, 1e-7);
        }
        scene_free(s);
    }
}

static void steady_flux_through_layers_is_that_of_resistances_in_series(void **state)
{
    (void)state;
    scene *s = scene_of(
        "lacuna: 1\n"
        "domains: {tissue: {kind: tissue}}\n"
        "species: {A: {unit: 1, tissue: {diffusivity: {upper: 100 um^2/s, default: 5 um^2/s},"
        " atol: 1e-9}}}\n"
        "boundaries:\n"
        "  top: {at: tissue.top, species: A, value: 1}\n"
        "  bottom: {at: tissue.bottom, species: A, value: 0}\n"
        "tissue: {size: [40 um, 20 um, 100 um], voxel: [10 um, 20 um, 2 um],"
        " zones: {upper: 30 %, lower: 70 %}}\n"
        "run: {until: 1 d, rtol: 1e-4}\n");
    march_to(s, 86400);
    double flux = 1 / (30.0 / 100 + 70.0 / 5), worst = 0; /* per area [um/s] */
    for (size_t i = 0; i < s->grid->voxels; i++) {
        double z = s->grid->position[2][i];
        double exact = z < 30 ? 1 - flux * z / 100 : flux * (100 - z) / 5;
        worst = fmax(worst, fabs(values_of(s, "tissue_A")[i] - exact));
    }
    assert_near(worst, 0, 1e-9);
    scene_free(s);
}

/* D = D0 (2 - M) with M' = -k M uniform: a cosine mode of the grid decays by the integral of D. */
static void a_medium_that_changes_carries_by_the_integral_of_its_diffusivity(void **state)
{
    (void)state;
    scene *s = scene_of(
        "lacuna: 1\n"
        "domains: {tissue: {kind: tissue}}\n"
        "species:\n"
        "  A: {unit: 1, tissue: {initial: \"2 + cos(3.141592653589793 * depth / (200 um))\","
        " diffusivity: 20 um^2/s * (2 - M), atol: 1e-8}}\n"
        "  M: {unit: 1, tissue: {initial: 1, atol: 1e-8}}\n"
        "parameters: {k: {value: 0.004 1/s}}\n"
        "rates: {M: {in: tissue, rate: -k * M}}\n"
        "tissue: {size: [20 um, 20 um, 200 um], voxel: [20 um, 20 um, 10 um]}\n"
        "run: {until: 1 d, rtol: 1e-5}\n");
    for (double time = 50; time < 1000; time += 50) {
        march_to(s, time);
        double integral = 20 * (2 * time - (1 - exp(-0.004 * time)) / 0.004);
        double mode = pow(2 / 10.0 * sin(PI / 40), 2);
        double amplitude = (value_of(s, "tissue_A", 0) - 2) / cos(PI / 40);
        assert_near(amplitude, exp(-mode * integral), 2e-4);
        assert_near(mean_of(s, "tissue_A"), 2, 1e-11);
    }
    scene_free(s);
}

/* A column of 1 x 1 x 40 voxels cut from a block by a mask behaves as a column that stands alone.
 */
static const char *const COLUMN =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 1e-4 mm^3}}\n"
    "species:\n"
    "  A: {tissue: {initial: 1 nM, diffusivity: 30 um^2/s, atol: 1e-9 nM},"
    " fluid: {initial: 0 nM, atol: 1e-9 nM}}\n"
    "parameters: {k: {value: 1e-3 1/s}}\n"
    "reactions: {loss: {in: tissue, equation: \"A ->\", rate: k * A}}\n"
    "interfaces: {way: {between: [tissue.%s, fluid], exchange: [A], permeability: 0.5 um/s}}\n"
    "tissue: %s\n"
    "run: {until: 1 d, rtol: 1e-6, linear_tolerance: 1e-4}\n";

static scene *column(const char *face, const char *tissue, double time)
{
    char text[TEXT];
    snprintf(text, sizeof text, COLUMN, face, tissue);
    scene *s = scene_of(text);
    march_to(s, time);
    return s;
}

static void a_column_cut_by_a_mask_behaves_as_a_column_alone(void **state)
{
    (void)state;
    for (double time = 10; time < 2000; time *= 6) {
        scene *alone =
            column("top", "{size: [10 um, 20 um, 200 um], voxel: [10 um, 20 um, 5 um]}", time);
        scene *cut = column("hole",
                            "{size: [30 um, 60 um, 200 um], voxel: [10 um, 20 um, 5 um],"
                            " boxes: {left: {x: [0 um, 10 um]}, right: {x: [20 um, 30 um]},"
                            " front: {y: [0 um, 20 um]}, back: {y: [40 um, 60 um]}},"
                            " inactive: [left, right, front, back],"
                            " patches: {hole: {face: top, x: [10 um, 20 um], y: [20 um, 40 um]}}}",
                            time);
        assert_near(value_of(cut, "fluid_A", 0) / value_of(alone, "fluid_A", 0), 1, 1e-5);
        for (size_t z = 0; z < 40; z++) {
            assert_near(value_of(cut, "tissue_A", 4 + 9 * z) / value_of(alone, "tissue_A", z), 1,
                        1e-5);
            assert_true(value_of(cut, "tissue_A", 3 + 9 * z) == 0);
        }
        scene_free(alone);
        scene_free(cut);
    }
}

/* A patch on part of the top and the walls of a hole: what leaves the tissue is in the fluid. */
static void patches_and_walls_of_a_hole_exchange_what_leaves(void **state)
{
    (void)state;
    scene *s =
        scene_of("lacuna: 1\n"
                 "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 2e-3 mm^3}}\n"
                 "species:\n"
                 "  A: {tissue: {initial: 1 nM, diffusivity: 30 um^2/s, atol: 1e-7 nM},"
                 " fluid: {initial: 0 nM, atol: 1e-7 nM}}\n"
                 "interfaces:\n"
                 "  part: {between: [tissue.part, fluid], exchange: [A]}\n"
                 "  wall: {between: [tissue.wall, fluid], exchange: [A], permeability: 0.2 um/s}\n"
                 "tissue: {size: [100 um, 80 um, 120 um], voxel: [10 um, 20 um, 15 um],"
                 " boxes: {hole: {x: [30 um, 60 um], y: [20 um, 60 um], depth: [30 um, 90 um]}},"
                 " inactive: [hole],"
                 " patches: {part: {face: top, x: [50 um, 100 um]}, wall: {wall_of: hole}}}\n"
                 "run: {until: 1 d, rtol: 1e-4}\n");
    double whole = lac_state_content(s->state, s->model, 0);
    march_to(s, 100);
    double part = -s->state->flux[0], wall = -s->state->flux[1];
    double fluid = lac_state_content(s->state, s->model, 1);
    double tissue = lac_state_content(s->state, s->model, 0);
    assert_true(part > 0 && wall > 0);
    assert_near(tissue + fluid, whole, 1e-12 * whole);
    assert_near(part + wall, fluid, 1e-5 * whole);
    march_to(s, 1e6);
    double even = whole / (s->view.weight * (double)s->grid->active_voxels + 2e6);
    assert_near(value_of(s, "fluid_A", 0) / even, 1, 1e-7);
    for (size_t i = 0; i < s->grid->voxels; i++)
        if (s->grid->active[i] != 0)
            assert_near(value_of(s, "tissue_A", i) / even, 1, 1e-6);
    scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uptake_from_a_finite_bath_follows_the_series),
        cmocka_unit_test(steady_flux_through_layers_is_that_of_resistances_in_series),
        cmocka_unit_test(a_medium_that_changes_carries_by_the_integral_of_its_diffusivity),
        cmocka_unit_test(a_column_cut_by_a_mask_behaves_as_a_column_alone),
        cmocka_unit_test(patches_and_walls_of_a_hole_exchange_what_leaves),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
