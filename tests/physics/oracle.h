/* SUNDIALS CVODE (BDF) on the semi-discrete system of a scene: the right-hand side, its Jacobian's
 * products and the preconditioner are ours, everything else is not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_PHYSICS_ORACLE_H
#define LAC_TESTS_PHYSICS_ORACLE_H

#include "mean_field/equations.h"
#include "model/discontinuities.h"
#include "physics/scene.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <time.h>

typedef struct oracle {
    SUNContext context;
    N_Vector y, weight;
    SUNLinearSolver solver;
    void *cvode;
    lac_equations *equations;
    const lac_system *system;
    double deadline; /* [s] of processor time at which F gives up; 0 = none */
} oracle;

static inline double oracle_clock(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static inline int right_side(double time, N_Vector y, N_Vector out, void *user)
{
    const oracle *o = user;
    if (o->deadline > 0 && oracle_clock() > o->deadline)
        return -1;
    return o->system->derivative(o->system->self, time, N_VGetArrayPointer(y),
                                 N_VGetArrayPointer(out), NULL) == LAC_OK
               ? 0
               : 1;
}

static inline int times_vector(N_Vector v, N_Vector out, double time, N_Vector y, N_Vector f,
                               void *user, N_Vector work)
{
    const oracle *o = user;
    (void)time, (void)y, (void)f, (void)work;
    o->system->times(o->system->self, N_VGetArrayPointer(v), N_VGetArrayPointer(out), NULL);
    return 0;
}

static inline int times_setup(double time, N_Vector y, N_Vector f, void *user)
{
    const oracle *o = user;
    (void)f;
    return o->system->linearise(o->system->self, time, N_VGetArrayPointer(y)) == LAC_OK ? 0 : 1;
}

static inline int prepare(double time, N_Vector y, N_Vector f, int known, int *current, double g,
                          void *user)
{
    const oracle *o = user;
    (void)f, (void)known;
    *current = 1;
    if (o->system->linearise(o->system->self, time, N_VGetArrayPointer(y)) != LAC_OK)
        return 1;
    return o->system->factor(o->system->self, g) == LAC_OK ? 0 : 1;
}

static inline int precondition(double time, N_Vector y, N_Vector f, N_Vector r, N_Vector z,
                               double g, double delta, int left, void *user)
{
    const oracle *o = user;
    (void)time, (void)y, (void)f, (void)g, (void)delta, (void)left;
    N_VScale(1, r, z);
    o->system->solve(o->system->self, N_VGetArrayPointer(z));
    return 0;
}

/* The equations, the start and the absolute tolerances of a solver; `atol_share`: of those of each
 * variable. */
static inline void oracle_prepare(oracle *o, const scene *s, double atol_share)
{
    const lac_layout *layout = &s->state->layout;
    memset(o, 0, sizeof *o);
    assert_ok(lac_equations_create(&s->view, layout, &o->equations));
    lac_equations_bind_state(o->equations, s->state);
    o->system = lac_equations_system(o->equations);
    assert_int_equal(SUNContext_Create(NULL, &o->context), 0);
    o->y = N_VNew_Serial((sunindextype)layout->length, o->context);
    o->weight = N_VNew_Serial((sunindextype)layout->length, o->context);
    memcpy(N_VGetArrayPointer(o->y), s->state->value, layout->length * sizeof(double));
    N_VConst(1, o->weight);
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t count = v < layout->fields ? layout->tract[0].voxels : 1;
        for (size_t i = 0; i < count; i++)
            N_VGetArrayPointer(o->weight)[lac_layout_at(layout, v) + i] =
                atol_share * s->model->variable[v].atol;
    }
    /* F has the coefficients of transport from there on. */
    assert_ok(o->system->linearise(o->system->self, 0, s->state->value));
}

/* CVODE; not `ours`: products by differences of F, and no preconditioner. */
static inline void oracle_make_cvode(oracle *o, double rtol, bool ours)
{
    o->cvode = CVodeCreate(CV_BDF, o->context);
    assert_int_equal(CVodeInit(o->cvode, right_side, 0, o->y), 0);
    assert_int_equal(CVodeSVtolerances(o->cvode, rtol, o->weight), 0);
    assert_int_equal(CVodeSetUserData(o->cvode, o), 0);
    assert_int_equal(CVodeSetMaxNumSteps(o->cvode, 1000000), 0);
    o->solver = SUNLinSol_SPGMR(o->y, ours ? SUN_PREC_LEFT : SUN_PREC_NONE, 40, o->context);
    assert_int_equal(CVodeSetLinearSolver(o->cvode, o->solver, NULL), 0);
    if (!ours)
        return;
    assert_int_equal(CVodeSetJacTimes(o->cvode, times_setup, times_vector), 0);
    assert_int_equal(CVodeSetPreconditioner(o->cvode, prepare, precondition), 0);
}

static inline void oracle_start(oracle *o, const scene *s, double rtol, double atol_share)
{
    oracle_prepare(o, s, atol_share);
    oracle_make_cvode(o, rtol, true);
}

/* False when it gave up. Jumps of inputs are stops, after which the oracle starts anew. */
static inline bool oracle_reaches(oracle *o, const scene *s, double time)
{
    double now = 0;
    assert_int_equal(CVodeSetStopTime(o->cvode, time), 0);
    if (CVode(o->cvode, time, o->y, &now, CV_NORMAL) < 0)
        return false;
    lac_discontinuities *all = NULL;
    assert_ok(lac_discontinuities_create(s->model, &all));
    if (lac_discontinuities_jump(all, NULL, time))
        assert_int_equal(CVodeReInit(o->cvode, time, o->y), 0);
    lac_discontinuities_free(all);
    return true;
}

static inline void oracle_to(oracle *o, const scene *s, double time)
{
    assert_true(oracle_reaches(o, s, time));
}

static inline void oracle_stop(oracle *o)
{
    if (o->cvode)
        CVodeFree(&o->cvode);
    if (o->solver)
        SUNLinSolFree(o->solver);
    N_VDestroy(o->y);
    N_VDestroy(o->weight);
    lac_equations_free(o->equations);
    SUNContext_Free(&o->context);
}

#endif
