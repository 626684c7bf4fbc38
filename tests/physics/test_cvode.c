/* The engine against SUNDIALS CVODE (BDF, rtol 1e-10) on the same semi-discrete systems: the
 * right-hand side is ours, everything else is not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"
#include "physics/networks.h"
#include "physics/oracle.h"

static double worst_of(const scene *s, const oracle *o)
{
    const lac_layout *layout = &s->state->layout;
    const double *truth = N_VGetArrayPointer(o->y);
    double worst = 0;
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t first = lac_layout_at(layout, v),
               count = v < layout->fields ? layout->tract[0].voxels : 1;
        double sum = 0, scale = (double)count * pow(1e3 * s->model->variable[v].atol, 2);
        for (size_t i = first; i < first + count; i++) {
            sum += pow(s->state->value[i] - truth[i], 2);
            scale += truth[i] * truth[i];
        }
        worst = fmax(worst, sqrt(sum / scale));
    }
    return worst;
}

/* Runs both to each time and compares. */
static double against_oracle(const char *text, const double *times, size_t count)
{
    scene *s = scene_of(text);
    oracle o;
    double worst = 0;
    oracle_start(&o, s, 1e-10, 1e-4);
    for (size_t i = 0; i < count; i++) {
        march_to(s, times[i]);
        oracle_to(&o, s, times[i]);
        worst = fmax(worst, worst_of(s, &o));
    }
    print_message("# worst %.1e in %zu steps, %zu iterations\n", worst, counters(s).steps,
                  counters(s).iterations);
    oracle_stop(&o);
    scene_free(s);
    return worst;
}

static const double TIMES[] = {1, 10, 100, 1000, 10000, 100000};

static void fast_binding_agrees_with_cvode(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, FAST_BINDING, 1e-3);
    assert_true(against_oracle(text, TIMES, 6) < 3e-3);
    snprintf(text, sizeof text, FAST_BINDING, 1e-6);
    assert_true(against_oracle(text, TIMES, 6) < 5e-5);
}

static void fourteen_coupled_species_agree_with_cvode(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, INHIBITORS, 1e-3, 0.005);
    assert_true(against_oracle(text, TIMES, 5) < 3e-3);
    snprintf(text, sizeof text, INHIBITORS, 1e-6, 0.005);
    assert_true(against_oracle(text, TIMES, 5) < 5e-5);
}

static void cells_that_signal_through_a_moving_medium_agree_with_cvode(void **state)
{
    (void)state;
    char text[TEXT];
    const double times[] = {60, 1800, 18000, 18600, 32400, 36000, 86400};
    snprintf(text, sizeof text, SIGNALLING, 1e-3, 0.005);
    assert_true(against_oracle(text, times, 7) < 3e-3);
    snprintf(text, sizeof text, SIGNALLING, 1e-6, 0.005);
    assert_true(against_oracle(text, times, 7) < 5e-5);
}

/* A membrane and a finite fluid, and a wall value that swings: Robin exchange. */
static void a_membrane_and_a_swinging_wall_agree_with_cvode(void **state)
{
    (void)state;
    const char *const text =
        "lacuna: 1\n"
        "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 0.001 mm^3}}\n"
        "species:\n"
        "  A: {tissue: {initial: 1 nM, diffusivity: {upper: 40 um^2/s, default: 8 um^2/s},"
        " partition: 0.5, atol: 1e-6 nM}, fluid: {initial: 7 nM, atol: 1e-6 nM}}\n"
        "parameters: {k: {value: 1e-3 1/s}}\n"
        "reactions: {clearance: {in: fluid, equation: \"A ->\", rate: k * A}}\n"
        "interfaces: {top: {between: [tissue.top, fluid], exchange: [A],"
        " permeability: 0.1 um/s}}\n"
        "boundaries: {bottom: {at: tissue.bottom, species: A, value: 2 nM * (1 + sin(k * t))}}\n"
        "tissue: {size: [40 um, 20 um, 200 um], voxel: [20 um, 20 um, 5 um],"
        " zones: {upper: 50 %, lower: 50 %}}\n"
        "run: {until: 1 d, rtol: 1e-5}\n";
    assert_true(against_oracle(text, TIMES, 5) < 5e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fast_binding_agrees_with_cvode),
        cmocka_unit_test(fourteen_coupled_species_agree_with_cvode),
        cmocka_unit_test(cells_that_signal_through_a_moving_medium_agree_with_cvode),
        cmocka_unit_test(a_membrane_and_a_swinging_wall_agree_with_cvode),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
