/* The engine against SUNDIALS CVODE (BDF, rtol 1e-10) on the same semi-discrete systems: the
 * right-hand side is ours, everything else is not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"
#include "model/discontinuities.h"
#include "physics/networks.h"
#include "physics/scene.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_spgmr.h>

typedef struct oracle {
    SUNContext context;
    N_Vector y, weight;
    SUNLinearSolver solver;
    void *cvode;
    lac_equations *equations;
    const lac_system *system;
    double g;
} oracle;

static int right_side(double time, N_Vector y, N_Vector out, void *user)
{
    const oracle *o = user;
    return o->system->derivative(o->system->self, time, N_VGetArrayPointer(y),
                                 N_VGetArrayPointer(out), NULL) == LAC_OK
               ? 0
               : 1;
}

static int times_vector(N_Vector v, N_Vector out, double time, N_Vector y, N_Vector f, void *user,
                        N_Vector work)
{
    const oracle *o = user;
    (void)time, (void)y, (void)f, (void)work;
    o->system->times(o->system->self, N_VGetArrayPointer(v), N_VGetArrayPointer(out), NULL);
    return 0;
}

static int times_setup(double time, N_Vector y, N_Vector f, void *user)
{
    const oracle *o = user;
    (void)f;
    return o->system->linearise(o->system->self, time, N_VGetArrayPointer(y)) == LAC_OK ? 0 : 1;
}

static int prepare(double time, N_Vector y, N_Vector f, int known, int *current, double g,
                   void *user)
{
    const oracle *o = user;
    (void)f, (void)known;
    *current = 1;
    if (o->system->linearise(o->system->self, time, N_VGetArrayPointer(y)) != LAC_OK)
        return 1;
    return o->system->factor(o->system->self, g) == LAC_OK ? 0 : 1;
}

static int precondition(double time, N_Vector y, N_Vector f, N_Vector r, N_Vector z, double g,
                        double delta, int left, void *user)
{
    const oracle *o = user;
    (void)time, (void)y, (void)f, (void)g, (void)delta, (void)left;
    N_VScale(1, r, z);
    o->system->solve(o->system->self, N_VGetArrayPointer(z));
    return 0;
}

static void oracle_start(oracle *o, const scene *s, double rtol)
{
    const lac_layout *layout = &s->state->layout;
    memset(o, 0, sizeof *o);
    assert_ok(lac_equations_create(&s->view, layout, &o->equations));
    lac_equations_look_at(o->equations, s->state);
    o->system = lac_equations_system(o->equations);
    assert_int_equal(SUNContext_Create(NULL, &o->context), 0);
    o->y = N_VNew_Serial((sunindextype)layout->length, o->context);
    o->weight = N_VNew_Serial((sunindextype)layout->length, o->context);
    memcpy(N_VGetArrayPointer(o->y), s->state->value, layout->length * sizeof(double));
    N_VConst(1, o->weight);
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t count = v < layout->fields ? layout->voxels : 1;
        for (size_t i = 0; i < count; i++)
            N_VGetArrayPointer(o->weight)[lac_layout_at(layout, v) + i] =
                1e-4 * s->model->variable[v].atol;
    }
    o->cvode = CVodeCreate(CV_BDF, o->context);
    assert_int_equal(CVodeInit(o->cvode, right_side, 0, o->y), 0);
    assert_int_equal(CVodeSVtolerances(o->cvode, rtol, o->weight), 0);
    assert_int_equal(CVodeSetUserData(o->cvode, o), 0);
    assert_int_equal(CVodeSetMaxNumSteps(o->cvode, 1000000), 0);
    o->solver = SUNLinSol_SPGMR(o->y, SUN_PREC_LEFT, 40, o->context);
    assert_int_equal(CVodeSetLinearSolver(o->cvode, o->solver, NULL), 0);
    assert_int_equal(CVodeSetJacTimes(o->cvode, times_setup, times_vector), 0);
    assert_int_equal(CVodeSetPreconditioner(o->cvode, prepare, precondition), 0);
}

/* Jumps of inputs are stops, after which the oracle starts anew. */
static void oracle_to(oracle *o, const scene *s, double time)
{
    double now = 0;
    assert_int_equal(CVodeGetCurrentTime(o->cvode, &now), 0);
    assert_int_equal(CVodeSetStopTime(o->cvode, time), 0);
    assert_true(CVode(o->cvode, time, o->y, &now, CV_NORMAL) >= 0);
    lac_discontinuities *all = NULL;
    assert_ok(lac_discontinuities_create(s->model, &all));
    if (lac_discontinuities_jump(all, NULL, time))
        assert_int_equal(CVodeReInit(o->cvode, time, o->y), 0);
    lac_discontinuities_free(all);
}

static void oracle_stop(oracle *o)
{
    CVodeFree(&o->cvode);
    SUNLinSolFree(o->solver);
    N_VDestroy(o->y);
    N_VDestroy(o->weight);
    lac_equations_free(o->equations);
    SUNContext_Free(&o->context);
}

static double worst_of(const scene *s, const oracle *o)
{
    const lac_layout *layout = &s->state->layout;
    const double *truth = N_VGetArrayPointer(o->y);
    double worst = 0;
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t first = lac_layout_at(layout, v), count = v < layout->fields ? layout->voxels : 1;
        double sum = 0, scale = (double)count * pow(1e3 * s->model->variable[v].atol, 2);
        for (size_t i = first; i < first + count; i++) {
            sum += pow(s->state->value[i] - truth[i], 2);
            scale += truth[i] * truth[i];
        }
        worst = fmax(worst, sqrt(sum / scale));
    }
    return worst;
}

/* Marches both to each time and compares. */
static double against_oracle(const char *text, const double *times, size_t count)
{
    scene *s = scene_of(text);
    oracle o;
    double worst = 0;
    oracle_start(&o, s, 1e-10);
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
