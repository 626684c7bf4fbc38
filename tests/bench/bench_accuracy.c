/* Error against tolerance, and against work: eight problems, every integrator at its default
 * settings, beside CVODE where it is installed. The truth is the engine at a tolerance a hundred
 * times tighter than any of them; the row `oracle` tells how far CVODE at 1e-11 is from it.
 *
 *   bench_accuracy [-a] [PROBLEM.yaml ...]
 *
 * One row a run: problem, method, rtol, error (the largest over variables, saved times and voxels,
 * in parts of the variable's largest value), error in tolerances (atol + rtol times that value),
 * steps, refused, evaluations, linear iterations, seconds. scripts/work-error draws it. Only rtol
 * 1e-2 to 1e-4; all, for minutes of which ros2 at 1e-8 takes most, with -a or where the environment
 * has BENCH=all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "physics/tolerance.h"
#ifdef WITH_CVODE
#include "physics/oracle.h"
#endif

#include <stdlib.h>

static const double TOLERANCES[] = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8};
enum { TOLERANCE_COUNT = 7, SHORT_COUNT = 3 };

static const char *const PROBLEMS[] = {"brusselator",  "robertson", "point_source", "switching",
                                       "schnakenberg", "front",     "moving",       "knee"};

#ifdef WITH_CVODE
static void march_oracle(const char *path, double rtol, double atol_share, double *values,
                         lac_step_counters *count)
{
    scene *s = scene_with(path, "auto", 1e-3, false);
    oracle o;
    long steps, failed, evaluations, iterations;
    lac_discontinuities *all = NULL;
    assert_ok(lac_discontinuities_create(s->model, &all));
    oracle_start(&o, s, rtol, atol_share);
    size_t length = s->state->layout.length;
    for (size_t k = 0; k < times_of(s); k++) {
        for (double stop = 0; stop < time_of(s, k);) {
            double now = 0;
            CVodeGetCurrentTime(o.cvode, &now);
            stop = fmin(time_of(s, k), lac_discontinuities_next(all, NULL, now).time);
            oracle_to(&o, s, stop);
        }
        memcpy(values + k * length, N_VGetArrayPointer(o.y), length * sizeof *values);
    }
    CVodeGetNumSteps(o.cvode, &steps);
    CVodeGetNumErrTestFails(o.cvode, &failed);
    CVodeGetNumRhsEvals(o.cvode, &evaluations);
    CVodeGetNumLinIters(o.cvode, &iterations);
    *count = (lac_step_counters){.steps = (size_t)steps,
                                 .rejected = (size_t)failed,
                                 .evaluations = (size_t)evaluations,
                                 .iterations = (size_t)iterations};
    oracle_stop(&o);
    lac_discontinuities_free(all);
    scene_free(s);
}
#endif

static void print_row(const char *problem, const char *method, double rtol, const row *it)
{
    printf("%-14s %-9s %g %10.3e %8.2f %7zu %6zu %8zu %8zu %9.4f\n", problem, method, rtol,
           it->error, it->tolerances, it->count.steps, it->count.rejected, it->count.evaluations,
           it->count.iterations, it->seconds);
    fflush(stdout);
}

static void run_one(const char *path, const char *problem, const char *method, double rtol,
                    const double *truth, double *values)
{
    row it = {0};
    double begin = lac_clock_seconds();
    scene *s = scene_with(path, strcmp(method, "cvode") == 0 ? "auto" : method, rtol, false);
    bool whole = true;
#ifdef WITH_CVODE
    if (strcmp(method, "cvode") == 0)
        march_oracle(path, rtol, 1, values, &it.count);
    else
#endif
        whole = march(s, values);
    if (strcmp(method, "cvode") != 0)
        it.count = counters(s);
    it.seconds = lac_clock_seconds() - begin;
    if (whole)
        compare(s, values, truth, rtol, &it);
    else
        it.error = it.tolerances = NAN;
    print_row(problem, method, rtol, &it);
    scene_free(s);
}

/* Would rodas4 lose its order on this problem? */
static bool is_moving(const char *path)
{
    scene *s = scene_with(path, "rodas4", 1e-3, false);
    bool moving = s->type->remark(s->stepper) != NULL;
    scene_free(s);
    return moving;
}

static void run_problem(const char *path, const char *problem, size_t tolerances)
{
    scene *s = scene_with(path, "auto", 1e-3, false);
    size_t room = s->state->layout.length * times_of(s);
    double *truth = calloc(room, sizeof *truth), *values = calloc(room, sizeof *values);
    static const char *const methods[] = {"auto", "rodas4", "ros34pw2", "ros2", "cvode"};
    size_t count = 4;
    scene *reference = scene_with(path, is_moving(path) ? "ros34pw2" : "rodas4",
                                  TOLERANCES[tolerances - 1] / 100, true);
    if (!march(reference, truth))
        printf("# %s: no reference: %s\n", problem, lac_failure());
    scene_free(reference);
#ifdef WITH_CVODE
    count = 5;
    row beside = {0};
    march_oracle(path, 1e-11, 1e-3, values, &beside.count);
    compare(s, values, truth, 1e-8, &beside);
    print_row(problem, "oracle", 1e-11, &beside);
#endif
    for (size_t m = 0; m < count; m++)
        for (size_t t = 0; t < tolerances; t++)
            run_one(path, problem, methods[m], TOLERANCES[t], truth, values);
    free(truth);
    free(values);
    scene_free(s);
}

int main(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "-a") == 0 ? 2 : 1;
    const char *bench = getenv("BENCH");
    bool all = first == 2 || (bench && strcmp(bench, "all") == 0);
    size_t tolerances = all ? TOLERANCE_COUNT : SHORT_COUNT;
    const char *source = getenv("LACUNA_SOURCE");
    lac_threads_set(1);
    printf(
        "# problem, method, rtol, error, in tolerances, steps, refused, evaluations, iterations, "
        "seconds\n");
    for (int k = first; k < argc; k++)
        run_problem(argv[k], argv[k], tolerances);
    for (size_t p = 0; first >= argc && p < sizeof PROBLEMS / sizeof *PROBLEMS; p++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/tests/physics/accuracy/%s.yaml", source ? source : "..",
                 PROBLEMS[p]);
        run_problem(path, PROBLEMS[p], tolerances);
    }
    return 0;
}
