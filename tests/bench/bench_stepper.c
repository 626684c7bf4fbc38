/* Bench of the mean-field engine: error against wall time beside the peers' method, cost per
 * unknown, threads. Prints `bench NAME VALUE UNIT` and `ratio R against BASELINE`.
 *
 * The point-source problem: N^3 voxels of 20 um, D = 6000 um^2/min, loss 0.01/min, one secreting
 * voxel whose source doubles half-way through 4000 minutes. Its semi-discrete solution is known in
 * closed form, so that errors are those of the run in time: the largest relative L2 error of the
 * field over nine outputs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/lod.h"
#include "bench/waiting.h"
#include "physics/scene.h"

#include <time.h>

static const double H = 20, D = 100, LOSS = 0.01 / 60, SOURCE = 1; /* um, um^2/s, 1/s, 1/s */
static const double MINUTE = 60, GOAL = 1e-3;
static const double LONGEST_BASELINE = 120; /* [s] that one run of the baseline may take */
static const double OUTPUT[] = {1, 10, 100, 1000, 2000, 2001, 2010, 2100, 4000}; /* [min] */

enum { OUTPUTS = sizeof OUTPUT / sizeof OUTPUT[0] };

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

/* --- the truth ------------------------------------------------------------------------------- */

/* cosine[mode * n + voxel], normalised, and the rate of each mode along one axis. */
typedef struct exact_solution {
    size_t n;
    double *cosine, *rate;
    double *field[OUTPUTS];
} exact_solution;

/* Rotates the axes of an n^3 array while multiplying the first by `cosine`: three calls transform
 * all three. */
static void along_axis(const exact_solution *t, const double *in, double *out)
{
    size_t n = t->n, plane = n * n;
#pragma omp parallel for schedule(static)
    for (size_t row = 0; row < plane; row++)
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t mode = 0; mode < n; mode++)
                sum += t->cosine[mode * n + i] * in[row * n + mode];
            out[i * plane + row] = sum;
        }
}

/* Amplitude of a mode of total rate `rate` at a time: the source doubles at half time. */
static double amplitude(double rate, double time)
{
    double half = 2000 * MINUTE, gain = -expm1(-rate * fmin(time, half)) / rate;
    if (time <= half)
        return gain;
    return gain * exp(-rate * (time - half)) - 2 * expm1(-rate * (time - half)) / rate;
}

static void fill_truth(exact_solution *t, size_t output, double *work)
{
    size_t n = t->n, c = n / 2;
    double *field = t->field[output];
    for (size_t z = 0; z < n; z++)
        for (size_t y = 0; y < n; y++)
            for (size_t x = 0; x < n; x++) {
                double start = t->cosine[x * n + c] * t->cosine[y * n + c] * t->cosine[z * n + c];
                double rate = LOSS + t->rate[x] + t->rate[y] + t->rate[z];
                field[x + n * (y + n * z)] =
                    SOURCE * start * amplitude(rate, OUTPUT[output] * MINUTE);
            }
    along_axis(t, field, work);
    along_axis(t, work, field);
    along_axis(t, field, work);
    memcpy(field, work, n * n * n * sizeof *field);
}

static exact_solution truth_of(size_t n)
{
    exact_solution t = {.n = n};
    double *work = lac_alloc(n * n * n, sizeof *work), pi = acos(-1);
    t.cosine = lac_alloc(n * n, sizeof *t.cosine);
    t.rate = lac_alloc(n, sizeof *t.rate);
    for (size_t k = 0; k < n; k++) {
        t.rate[k] = D * pow(2 / H * sin(pi * (double)k / (2.0 * (double)n)), 2);
        for (size_t i = 0; i < n; i++)
            t.cosine[k * n + i] = sqrt((k ? 2.0 : 1.0) / (double)n) *
                                  cos(pi * (double)k * ((double)i + 0.5) / (double)n);
    }
    for (size_t output = 0; output < OUTPUTS; output++) {
        t.field[output] = lac_alloc(n * n * n, sizeof(double));
        fill_truth(&t, output, work);
    }
    lac_free(work);
    return t;
}

static void truth_free(exact_solution *t)
{
    for (size_t output = 0; output < OUTPUTS; output++)
        lac_free(t->field[output]);
    lac_free(t->cosine);
    lac_free(t->rate);
}

static double error_of(const exact_solution *t, size_t output, const double *u)
{
    double sum = 0, scale = 0;
    for (size_t i = 0; i < t->n * t->n * t->n; i++) {
        double exact = t->field[output][i];
        sum += (u[i] - exact) * (u[i] - exact);
        scale += exact * exact;
    }
    return sqrt(sum / scale);
}

/* --- the two methods ------------------------------------------------------------------------- */

typedef struct outcome {
    double error, seconds;
    size_t steps;
} outcome;

static scene *point_source(size_t n, double rtol)
{
    char text[TEXT];
    size_t low = n / 2 * 20, side = n * 20;
    snprintf(text, sizeof text,
             "lacuna: 1\n"
             "domains: {tissue: {kind: tissue}}\n"
             "species: {A: {unit: 1, tissue: {diffusivity: 6000 um^2/min, atol: 1e-9}}}\n"
             "parameters: {loss: {value: 0.01 1/min}, q: {value: 1 1/s}}\n"
             "inputs: {level: {shape: steps, knots: [[0 min, 1], [2000 min, 2]]}}\n"
             "reactions:\n"
             "  secretion: {in: tissue, region: cell, equation: \"-> A\", rate: q * level}\n"
             "  loss_of_A: {in: tissue, equation: \"A ->\", rate: loss * A}\n"
             "tissue: {size: [%zu um, %zu um, %zu um], voxel: 20 um, boxes: {cell: {"
             "x: [%zu um, %zu um], y: [%zu um, %zu um], depth: [%zu um, %zu um]}}}\n"
             "run: {until: 4000 min, rtol: %g}\n",
             side, side, side, low, low + 20, low, low + 20, low, low + 20, rtol);
    return scene_of(text);
}

static outcome run_engine(const exact_solution *t, double rtol)
{
    outcome o = {0, 0, 0};
    scene *s = point_source(t->n, rtol);
    for (size_t output = 0; output < OUTPUTS; output++) {
        double start = now();
        march_to(s, OUTPUT[output] * MINUTE);
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
    lod_problem problem = {{n, n, n}, 1, H, D, LOSS, step};
    lod *solver = lod_create(&problem);
    double *u = lac_alloc(n * n * n, sizeof *u);
    for (size_t output = 0; output < OUTPUTS; output++) {
        double start = now();
        for (; ((double)o.steps + 0.5) * step < OUTPUT[output] * MINUTE; o.steps++) {
            bool late = ((double)o.steps + 0.5) * step > 2000 * MINUTE;
            lod_step(solver, u, centre, late ? 2 * SOURCE : SOURCE);
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
    exact_solution t = truth_of(n);
    outcome engine = engine_to_goal(&t);
    snprintf(name, sizeof name, "point-source-%zu-seconds", n);
    print_bench(name, engine.seconds, "s");
    snprintf(name, sizeof name, "point-source-%zu-error", n);
    print_bench(name, engine.error, "1");
    scene *s = point_source(n, 1e-3);
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
    truth_free(&t);
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
    lod_problem problem = {{n, n, n}, fields, H, D, LOSS, 60};
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
    scene *s = point_source(n, 1e-3);
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

/* Twelve species in a section of 50 x 120 voxels: scattered cells with two states make signals that
 * diffuse, bind, are sensed and wear a matrix down; a pulse of one signal from day 1 to day 3. */
static const char *const HALF_A_YEAR =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}}\n"
    "species:\n"
    "  A: {tissue: {initial: 1 pM, diffusivity: 40 um^2/s, atol: 1e-6 pM}}\n"
    "  B: {tissue: {initial: 0 pM, diffusivity: 60 um^2/s, atol: 1e-6 pM}}\n"
    "  C: {tissue: {initial: 0 pM, diffusivity: 300 um^2/s, atol: 1e-6 pM}}\n"
    "  P: {tissue: {initial: 10 pM, diffusivity: 20 um^2/s, atol: 1e-6 pM}}\n"
    "  E: {tissue: {initial: 0 pM, diffusivity: 25 um^2/s, atol: 1e-6 pM}}\n"
    "  I: {tissue: {initial: 100 pM, diffusivity: 30 um^2/s, atol: 1e-5 pM}}\n"
    "  X: {tissue: {initial: 0 pM, diffusivity: 15 um^2/s, atol: 1e-6 pM}}\n"
    "  R: {tissue: {initial: 0 pM, diffusivity: 35 um^2/s, atol: 1e-6 pM}}\n"
    "  quiet: {unit: cell, tissue: {initial: \"if(sin(x / (7 um)) * cos(depth / (9 um)) + "
    "0.3 * sin(x * depth / (900 um^2)) > 0.7, 5e-5 cell/um^3, 0 cell/um^3)\","
    " atol: 1e-11 cell/um^3}}\n"
    "  roused: {unit: cell, tissue: {initial: 0 cell/um^3, atol: 1e-11 cell/um^3}}\n"
    "  M: {unit: 1, tissue: {initial: 1, atol: 1e-6}}\n"
    "  N: {unit: 1, tissue: {initial: 1, atol: 1e-6}}\n"
    "parameters:\n"
    "  q: {value: 40 molecule/(h cell)}\n"
    "  K: {value: 20 pM}\n"
    "  on: {value: 4e-3 1/(pM h)}\n"
    "  daily: {value: 1 1/d}\n"
    "  u: {value: 0.3 1/h}\n"
    "inputs: {pulse: {shape: steps, knots: [[0 d, 0], [1 d, 1], [3 d, 0]]}}\n"
    "quantities:\n"
    "  drive: {in: tissue, is: \"1 - (1 - hill(A, K, 1)) * (1 - hill(B, 3 * K, 2))\"}\n"
    "  rest: {in: tissue, is: 1 / (1 + C / (50 pM)) / (1 + R / K)}\n"
    "reactions:\n"
    "  A_made: {in: tissue, equation: \"roused -> roused + A\", rate: q * roused * rest}\n"
    "  B_made: {in: tissue, equation: \"roused -> roused + B\","
    " rate: 0.6 * q * roused * drive * rest}\n"
    "  C_made: {in: tissue, equation: \"-> C\", rate: 30 * q * drive * (quiet + roused)}\n"
    "  P_made: {in: tissue, equation: \"-> P\", rate: 20 * q * drive * roused + q * quiet}\n"
    "  I_made: {in: tissue, equation: \"-> I\", rate: 10 * q * (quiet + 0.3 * roused)}\n"
    "  R_made: {in: tissue, equation: \"-> R\","
    " rate: 5 * q * drive * quiet + 0.2 pM/h * pulse * 10}\n"
    "  A_lost: {in: tissue, equation: \"A ->\", rate: u * A}\n"
    "  B_lost: {in: tissue, equation: \"B ->\", rate: 2 * u * B}\n"
    "  C_lost: {in: tissue, equation: \"C ->\", rate: 4 * u * C}\n"
    "  P_lost: {in: tissue, equation: \"P ->\", rate: 0.1 * u * P}\n"
    "  I_lost: {in: tissue, equation: \"I ->\", rate: 0.1 * u * I}\n"
    "  X_lost: {in: tissue, equation: \"X ->\", rate: 0.2 * u * X}\n"
    "  R_lost: {in: tissue, equation: \"R ->\", rate: u * R}\n"
    "  activation: {in: tissue, equation: \"P -> E\", rate: \"0.05 * u * (1 + hill(E, K, 1)) * P\"}\n"
    "  binding: {in: tissue, equation: \"E + I <=> X\", rate: on * E * I, reverse: 0.01 * u * X}\n"
    "  rousing: {in: tissue, equation: \"quiet -> roused\", rate: 0.5 * daily * drive * quiet}\n"
    "  calming: {in: tissue, equation: \"roused -> quiet\", rate: 0.1 * daily * (2 - drive) * roused}\n"
    "rates:\n"
    "  M: {in: tissue, rate: 0.02 * daily * (1 - M) - 0.2 * daily * E / (K + E) * M}\n"
    "  N: {in: tissue, rate: 0.002 * daily * (1 - N) - 0.05 * daily * E / (K + E) * N * (1 - M)}\n"
    "tissue: {size: [1 mm, 20 um, 2.4 mm], voxel: 20 um}\n"
    "run: {until: 180 d, rtol: %g, linear_tolerance: %g}\n";

static double worst_species(const scene *s, const scene *truth)
{
    double worst = 0;
    for (size_t v = 0; v < s->model->variables; v++) {
        double sum = 0, scale = (double)s->grid->voxels * pow(1e3 * s->model->variable[v].atol, 2);
        const double *u = s->state->value + lac_layout_at(&s->state->layout, v);
        const double *exact = truth->state->value + lac_layout_at(&s->state->layout, v);
        for (size_t i = 0; i < s->grid->voxels; i++) {
            sum += (u[i] - exact[i]) * (u[i] - exact[i]);
            scale += exact[i] * exact[i];
        }
        worst = fmax(worst, sqrt(sum / scale));
    }
    return worst;
}

static void bench_half_a_year(void)
{
    static const double days[] = {0.5, 1.01, 2, 3.01, 4, 10, 30, 90, 180};
    char text[2 * TEXT];
    snprintf(text, sizeof text, HALF_A_YEAR, 1e-3, 0.005);
    scene *s = scene_of(text);
    snprintf(text, sizeof text, HALF_A_YEAR, 1e-6, 0.005);
    scene *truth = scene_of(text);
    double seconds = 0, worst = 0;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        double start = now();
        march_to(s, days[i] * 86400);
        seconds += now() - start;
        march_to(truth, days[i] * 86400);
        worst = fmax(worst, worst_species(s, truth));
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
