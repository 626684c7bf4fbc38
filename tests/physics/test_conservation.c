/* What is conserved, however loosely the linear systems are solved, and a ledger that closes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/network.h"
#include "physics/networks.h"
#include "physics/scene.h"

/* The amount that an invariant weighs, and the sum of its parts without sign. */
static double weighed(const scene *s, const double *weight, double *size)
{
    double sum = 0;
    *size = 0;
    for (size_t v = 0; v < s->model->variables; v++) {
        double content = lac_state_content(s->state, s->model, v);
        sum += weight[v] * content;
        *size += fabs(weight[v] * content);
    }
    return sum;
}

/* Every invariant of the network whose members also pass to the fluid together. */
static void closed_moieties_are_kept_to_rounding_with_loose_linear_solves(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, INHIBITORS, 1e-3, 0.5);
    scene *s = scene_of(text);
    size_t fluid = s->model->fields, free_one = 4; /* I1 is in both */
    double before[64], size;
    lac_invariants invariants;
    assert_ok(lac_network_invariants(s->model, &invariants));
    /* E1..E4, I1 and I2, each with its complexes. */
    assert_int_equal(invariants.count, 6);
    for (size_t k = 0; k < invariants.count; k++) {
        double *w = invariants.weight + k * s->model->variables;
        w[fluid] = w[free_one];
        before[k] = weighed(s, w, &size);
    }
    for (double time = 1; time < 1e5; time *= 10) {
        march_to(s, time);
        for (size_t k = 0; k < invariants.count; k++) {
            double now = weighed(s, invariants.weight + k * s->model->variables, &size);
            assert_near(now, before[k], 1e-12 * size);
        }
    }
    lac_invariants_free(&invariants);
    scene_free(s);
}

/* With sources, losses, a moving medium and an input that jumps. */
static double worst_closure(const char *model, double linear_tolerance, double until)
{
    char text[TEXT];
    snprintf(text, sizeof text, model, 1e-3, linear_tolerance);
    scene *s = scene_of(text);
    double worst = 0;
    march_to(s, until);
    for (size_t v = 0; v < s->model->variables; v++)
        worst = fmax(worst, fabs(imbalance(s, v)) / throughput(s, v));
    scene_free(s);
    return worst;
}

static void closure_is_bounded_by_the_linear_tolerance_and_falls_to_rounding(void **state)
{
    (void)state;
    double loose = worst_closure(SIGNALLING, 0.05, 36000);
    double tight = worst_closure(SIGNALLING, 1e-13, 36000);
    print_message("# closure %.1e at 0.05, %.1e at 1e-13\n", loose, tight);
    assert_true(loose < 1e-3);
    assert_true(tight < 1e-12);
    assert_true(worst_closure(INHIBITORS, 1e-12, 100) < 1e-12);
}

static void a_planted_leak_shows_in_the_closure(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, SIGNALLING, 1e-3, 1e-8);
    scene *s = scene_of(text);
    march_to(s, 3600);
    double sound = fabs(imbalance(s, 1)) / throughput(s, 1);
    for (size_t i = 0; i < s->grid->voxels; i++)
        values_of(s, "tissue_P")[i] *= 1 - 1e-6;
    double leaking = fabs(imbalance(s, 1)) / throughput(s, 1);
    assert_true(sound < 1e-8 && leaking > 1e-7);
    scene_free(s);
}

/* What the ledger says of a process is the integral of that process's own rate. */
static void an_extent_is_the_integral_of_its_own_rate(void **state)
{
    (void)state;
    scene *s =
        scene_of("lacuna: 1\n"
                 "domains: {tissue: {kind: tissue}}\n"
                 "species: {A: {unit: 1, tissue: {initial: 1, atol: 1e-9}}}\n"
                 "parameters: {k: {value: 0.3 1/s}, m: {value: 0.1 1/s}}\n"
                 "rates: {A: {in: tissue, rate: m - k * A}}\n"
                 "tissue: {size: [20 um, 20 um, 60 um], voxel: 20 um, represents: {area: 1 cm^2}}\n"
                 "run: {until: 1 d, rtol: 1e-7}\n");
    march_to(s, 5);
    double joint = 60.0 * 1e8; /* [um^3] */
    double lost = 0.3 * (5.0 / 3 + (1 - 1.0 / 3) * (1 - exp(-1.5)) / 0.3);
    double first = s->state->extent[0] / joint, second = s->state->extent[1] / joint;
    assert_near(fmin(first, second), 0.5, 1e-9);
    assert_near(fmax(first, second), lost, 1e-6);
    scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_moieties_are_kept_to_rounding_with_loose_linear_solves),
        cmocka_unit_test(closure_is_bounded_by_the_linear_tolerance_and_falls_to_rounding),
        cmocka_unit_test(a_planted_leak_shows_in_the_closure),
        cmocka_unit_test(an_extent_is_the_integral_of_its_own_rate),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
