/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/sundials_peer.h"

#ifdef WITH_CVODE
#include "physics/oracle.h"
#ifdef WITH_ARKODE
#include <arkode/arkode_arkstep.h>
#endif

enum { STEPS_MOST = 100000000 };

static const sundials_peer PEERS[] = {
    {"CVODE-BDF-with-our-preconditioner", false, false, SUNDIALS_OURS},
    {"CVODE-BDF", false, false, SUNDIALS_NONE},
#ifdef WITH_ARKODE
    {"ARKODE-DIRK-with-our-preconditioner", true, false, SUNDIALS_OURS},
    {"ARKODE-DIRK", true, false, SUNDIALS_NONE},
    {"ARKODE-ERK", true, true, SUNDIALS_NONE},
#endif
};

const sundials_peer *sundials_peers(size_t *count)
{
    *count = sizeof PEERS / sizeof PEERS[0];
    return PEERS;
}

#ifdef WITH_ARKODE
static void *make_arkode(oracle *o, const sundials_peer *peer, double rtol)
{
    bool implicit = !peer->is_explicit;
    void *arkode = ARKStepCreate(implicit ? NULL : right_side, implicit ? right_side : NULL, 0,
                                 o->y, o->context);
    assert_non_null(arkode);
    assert_int_equal(ARKStepSVtolerances(arkode, rtol, o->weight), 0);
    assert_int_equal(ARKStepSetUserData(arkode, o), 0);
    assert_int_equal(ARKStepSetMaxNumSteps(arkode, STEPS_MOST), 0);
    if (!implicit)
        return arkode;
    bool ours = peer->help == SUNDIALS_OURS;
    o->solver = SUNLinSol_SPGMR(o->y, ours ? SUN_PREC_LEFT : SUN_PREC_NONE, 40, o->context);
    assert_int_equal(ARKStepSetLinearSolver(arkode, o->solver, NULL), 0);
    if (!ours)
        return arkode;
    assert_int_equal(ARKStepSetJacTimes(arkode, times_setup, times_vector), 0);
    assert_int_equal(ARKStepSetPreconditioner(arkode, prepare, precondition), 0);
    return arkode;
}

static bool arkode_reaches(void *arkode, oracle *o, double time, bool jump)
{
    double now = 0;
    assert_int_equal(ARKStepSetStopTime(arkode, time), 0);
    if (ARKStepEvolve(arkode, time, o->y, &now, ARK_NORMAL) < 0)
        return false;
    if (jump)
        assert_int_equal(ARKStepReset(arkode, time, o->y), 0);
    return true;
}

static void count_arkode(void *arkode, sundials_run *run)
{
    long steps = 0, left = 0, right = 0;
    ARKStepGetNumSteps(arkode, &steps);
    ARKStepGetNumRhsEvals(arkode, &left, &right);
    run->steps = (size_t)steps;
    run->evaluations = (size_t)(left + right);
}
#endif

static void count_cvode(const oracle *o, sundials_run *run)
{
    long steps = 0, evaluations = 0, products = 0;
    CVodeGetNumSteps(o->cvode, &steps);
    CVodeGetNumRhsEvals(o->cvode, &evaluations);
    CVodeGetNumLinRhsEvals(o->cvode, &products);
    run->steps = (size_t)steps;
    run->evaluations = (size_t)(evaluations + products);
}

/* To every time of the run, and to every jump of an input before it. */
static bool reach_all(oracle *o, void *arkode, const scene *s, sundials_run *run)
{
    lac_discontinuities *all = NULL;
    bool good = true;
    assert_ok(lac_discontinuities_create(s->model, &all));
    for (size_t k = 0; k < run->times && good; k++) {
        for (double now = k ? run->time[k - 1] : 0; now < run->time[k] && good;) {
            now = fmin(run->time[k], lac_discontinuities_next(all, NULL, now).time);
            if (!arkode)
                good = oracle_reaches(o, s, now);
#ifdef WITH_ARKODE
            else
                good = arkode_reaches(arkode, o, now, lac_discontinuities_jump(all, NULL, now));
#endif
        }
        memcpy(run->value + k * s->state->layout.length, N_VGetArrayPointer(o->y),
               s->state->layout.length * sizeof(double));
    }
    lac_discontinuities_free(all);
    return good;
}

bool sundials_march(const sundials_peer *peer, scene *s, sundials_run *run)
{
    oracle o;
    void *arkode = NULL;
    double begin = oracle_clock();
    oracle_prepare(&o, s, run->rtol / 1e-2);
    o.deadline = begin + run->budget;
#ifdef WITH_ARKODE
    if (peer->arkode)
        arkode = make_arkode(&o, peer, run->rtol);
#endif
    if (!peer->arkode)
        oracle_make_cvode(&o, run->rtol, peer->help == SUNDIALS_OURS);
    bool good = reach_all(&o, arkode, s, run);
    run->seconds = oracle_clock() - begin;
    if (!peer->arkode)
        count_cvode(&o, run);
#ifdef WITH_ARKODE
    if (arkode) {
        count_arkode(arkode, run);
        ARKStepFree(&arkode);
    }
#endif
    oracle_stop(&o);
    return good;
}

#else
const sundials_peer *sundials_peers(size_t *count)
{
    *count = 0;
    return NULL;
}

bool sundials_march(const sundials_peer *peer, scene *s, sundials_run *run)
{
    (void)peer, (void)s, (void)run;
    return false;
}
#endif
