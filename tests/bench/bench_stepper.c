/* Bench of the mean-field engine: error against wall time beside the peers' method, cost per
 * unknown, threads. Prints `bench NAME VALUE UNIT` and `ratio R against BASELINE`.
 *
 * Errors of the point source are the largest relative L2 error of the field over nine outputs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/lod.h"
#include "bench/point_source.h"
#include "bench/signalling.h"
#include "bench/waiting.h"

#include <time.h>

static const double MINUTE = 60, GOAL = 1e-3;
static const double LONGEST_BASELINE = 120; /* [s] that one run of the baseline may take */

typedef struct exact_solution {
    size_t n;
    double *field; /* owned [POINT_SOURCE_TIMES][n^3] */
} exact_solution;

static double now(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_bench(const char *name, double value, const char *unit)
{
    printf("bench %s %.4g %s\n", name, value, unit);
}

/* --- the two methods ------------------------------------------------------------------------- */

typedef struct outcome {
    double error, seconds;
    size_t steps;
} outcome;

static double error_of(const exact_solution *t, size_t output, const double *u)
{
    size_t voxels = t->n * t->n * t->n;
    const double *exact = t->field + output * voxels;
    double sum = 0, scale = 0;
    for (size_t i = 0; i < voxels; i++) {
        sum += (u[i] - exact[i]) * (u[i] - exact[i]);
        scale += exact[i] * exact[i];
    }
    return sqrt(sum / scale);
}

static outcome run_engine(const exact_solution *t, double rtol)
{
    outcome o = {0, 0, 0};
    scene *s = point_source_scene(t->n, rtol);
    for (size_t output = 0; output < POINT_SOURCE_TIMES; output++) {
        double start = now();
        march_to(s, point_source_time[output]);
        o.seconds += now() - start;
        o.error = fmax(o.error, error_of(t, output, s->state->value));
    }
    o.steps = counters(s).steps;
    scene_free(s);
    return o;
}

static outcome run_lod(const exact_solution *t, double step)
{
    outcome o = {0, 0, 0};
    size_t n = t->n, centre = n / 2 + n * (n / 2 + n * (n / 2));
    lod_problem problem = {{n, n, n}, 1, POINT_SOURCE_H, POINT_SOURCE_D, POINT_SOURCE_LOSS, step};
    lod *solver = lod_create(&problem);
    double *u = lac_alloc(n * n * n, sizeof *u);
    for (size_t output = 0; output < POINT_SOURCE_TIMES; output++) {
        double start = now();
        for (; ((double)o.steps + 0.5) * step < point_source_time[output]; o.steps++) {
            bool late = ((double)o.steps + 0.5) * step > 2000 * MINUTE;
            lod_step(solver, u, centre, late ? 2 * POINT_SOURCE_MADE : POINT_SOURCE_MADE);
        }
        o.seconds += now() - start;
        o.error = fmax(o.error, error_of(t, output, u));
    }
    lac_free(u);
    lod_free(solver);
    return o;
}

static void print_outcome(const char *who, size_t n, const outcome *o)
{
    double unknowns = (double)(n * n * n) * (double)o->steps;
    printf(
        "# point-source %zu^3 %s: error %.2e in %zu steps, %.3g s, %.3g ns per unknown and step\n",
        n, who, o->error, o->steps, o->seconds, 1e9 * o->seconds / unknowns);
}

/* The engine at the first tolerance that reaches the goal. */
static outcome engine_to_goal(const exact_solution *t)
{
    outcome best = {INFINITY, 0, 0};
    for (double rtol = 1e-2; best.error > GOAL && rtol > 1e-5; rtol /= 2) {
        best = run_engine(t, rtol);
        print_outcome("mean-field", t->n, &best);
    }
    return best;
}

/* The baseline with its step shortened until it reaches the goal or its budget of time is used.
 * First order: it aims a little below the goal, at a whole number of steps a minute. */
static outcome lod_to_goal(const exact_solution *t, double budget)
{
    double steps_a_minute = 1;
    outcome last = run_lod(t, MINUTE);
    print_outcome("lod-backward-euler", t->n, &last);
    while (last.error > GOAL) {
        double affordable = 0.9 * budget / last.seconds;
        double shrink = fmin(affordable, fmax(1.2, 1.1 * last.error / GOAL));
        if (shrink < 1.5)
            break;
        /* At most ten times at once: coarse steps are not yet in the regime of first order. */
        steps_a_minute = ceil(steps_a_minute * fmin(10, shrink));
        last = run_lod(t, MINUTE / steps_a_minute);
        print_outcome("lod-backward-euler", t->n, &last);
    }
    return last;
}

static void bench_point_source(size_t n)
{
    char name[64];
    exact_solution t = {n, point_source_truth(n)};
    outcome engine = engine_to_goal(&t);
    snprintf(name, sizeof name, "point-source-%zu-seconds", n);
    print_bench(name, engine.seconds, "s");
    snprintf(name, sizeof name, "point-source-%zu-error", n);
    print_bench(name, engine.error, "1");
    scene *s = point_source_scene(n, 1e-3);
    double bytes = (double)s->type->memory(s->model, s->grid->voxels);
    print_bench("rodas4-memory", bytes / (double)s->grid->voxels, "B/unknown");
    scene_free(s);
    outcome peers = lod_to_goal(&t, fmin(100 * engine.seconds, LONGEST_BASELINE));
    if (peers.error <= GOAL)
        printf("ratio %.4g against lod-backward-euler (%zu^3, error %.1e)\n",
               peers.seconds / engine.seconds, n, GOAL);
    else
        printf("ratio > %.4g against lod-backward-euler (%zu^3): not reached, error %.2e\n",
               peers.seconds / engine.seconds, n, peers.error);
    lac_free(t.field);
}

/* --- cost per unknown and threads ------------------------------------------------------------ */

static void bench_bandwidth(void)
{
    size_t length = (size_t)1 << 24;
    double *a = lac_alloc(length, sizeof *a), *b = lac_alloc(length, sizeof *b), best = INFINITY;
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = now();
#pragma omp parallel for simd schedule(static)
        for (size_t i = 0; i < length; i++)
            a[i] = 0.5 * b[i] + 1;
        best = fmin(best, now() - start);
    }
    print_bench("read-write-bound", 1e9 * best / (double)length, "ns/unknown");
    lac_free(a);
    lac_free(b);
}

static double lod_cost(size_t n, size_t fields)
{
    lod_problem problem = {{n, n, n},         fields, POINT_SOURCE_H, POINT_SOURCE_D,
                           POINT_SOURCE_LOSS, 60};
    lod *solver = lod_create(&problem);
    double *u = lac_alloc(n * n * n * fields, sizeof *u), best = INFINITY;
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = now();
        lod_step(solver, u, 0, 1);
        best = fmin(best, now() - start);
    }
    lac_free(u);
    lod_free(solver);
    return 1e9 * best / (double)(n * n * n * fields);
}

/* Seconds a step once steps are long, and what a step holds. */
static double engine_cost(size_t n)
{
    scene *s = point_source_scene(n, 1e-3);
    march_to(s, 600);
    size_t before = counters(s).steps, iterations = counters(s).iterations;
    double start = now();
    march_to(s, 60000);
    double steps = (double)(counters(s).steps - before);
    double cost = 1e9 * (now() - start) / steps / (double)s->grid->voxels;
    printf("# %.2f iterations of the linear solver a stage\n",
           (double)(counters(s).iterations - iterations) / steps / 6);
    scene_free(s);
    return cost;
}

static void bench_threads(size_t n)
{
    char name[64];
    double one = 0;
    for (int threads = 1; threads <= 2; threads++) {
        lac_threads_set(threads);
        double cost = engine_cost(n);
        one = threads == 1 ? cost : one;
        snprintf(name, sizeof name, "rodas4-step-%zu-%d-threads", n, threads);
        print_bench(name, cost, "ns/unknown/step");
        if (threads == 2)
            print_bench("rodas4-two-thread-efficiency", one / cost / 2, "1");
        snprintf(name, sizeof name, "lod-step-100x10-%d-threads", threads);
        print_bench(name, lod_cost(100, 10), "ns/unknown/step");
    }
}

/* --- half a year of signalling --------------------------------------------------------------- */

static void bench_half_a_year(void)
{
    scene *s = signalling_scene(50, 120, 1e-3), *truth = signalling_scene(50, 120, 1e-6);
    double seconds = 0, worst = 0;
    for (size_t i = 0; i < SIGNALLING_TIMES; i++) {
        double start = now();
        march_to(s, signalling_time[i]);
        seconds += now() - start;
        march_to(truth, signalling_time[i]);
        worst = fmax(worst, worst_species(s, s->state->value, truth->state->value));
    }
    lac_step_counters count = counters(s);
    printf("# half a year: %zu steps, %zu rejected, %.2f iterations a stage\n", count.steps,
           count.rejected, (double)count.iterations / (double)count.evaluations);
    print_bench("half-a-year-error", worst, "1");
    print_bench("half-a-year", 1e6 * seconds / (double)(s->grid->voxels * s->model->variables),
                "us/unknown");
    scene_free(s);
    scene_free(truth);
}

int main(int count, char **word)
{
    bool whole = count > 1 && strcmp(word[1], "--all") == 0;
    wait_like_a_run(word);
    lac_threads_set(2);
    bench_bandwidth();
    bench_half_a_year();
    bench_point_source(25);
    if (whole)
        bench_point_source(100);
    bench_threads(whole ? 100 : 50);
    return 0;
}
