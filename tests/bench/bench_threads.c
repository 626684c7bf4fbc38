/* Bench of threads: three fields that react in a block of 50^3 voxels, an hour of model time, and a
 * section of the knee, with one thread and with two in turns, so that a neighbour on the machine
 * disturbs both; and what a parallel region costs. Prints `bench NAME VALUE UNIT`; the medians of
 * the rounds count.
 *
 * What only the main thread does is the difference of the processor times of the two threads, which
 * neighbours hardly touch. With it, T(n) = T(1) (s + (1 - s) / n) foretells n processors as fast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/waiting.h"
#include "physics/scene.h"

#include <omp.h>
#include <time.h>

enum { ROUNDS = 5, REGIONS = 20000 };

static const char *const BLOCK =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}}\n"
    "species:\n"
    "  A: {tissue: {initial: \"1 nM * exp(-((x - 500 um)^2 + (y - 500 um)^2 + (depth - 500 um)^2) /"
    " (100 um)^2)\", diffusivity: 100 um^2/s, atol: 1e-4 nM}}\n"
    "  B: {tissue: {initial: \"1 nM * exp(-((x - 300 um)^2 + (y - 500 um)^2 + (depth - 500 um)^2) /"
    " (100 um)^2)\", diffusivity: 50 um^2/s, atol: 1e-4 nM}}\n"
    "  C: {tissue: {initial: 0 nM, diffusivity: 10 um^2/s, atol: 1e-4 nM}}\n"
    "parameters: {k: {value: 1 1/(nM h)}, d: {value: 1 1/h}}\n"
    "reactions:\n"
    "  bind: {in: tissue, equation: \"A + B <=> C\", rate: k * A * B, reverse: d * C}\n"
    "  loss: {in: tissue, equation: \"A ->\", rate: d * A}\n"
    "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um}\n"
    "run: {until: 1 h}\n";

/* A section of the knee of 2.4 mm x 1 mm, into which cells are given. */
static const char *const SECTION =
    "lacuna: 1\n"
    "model: %s/models/knee_joint.yaml\n"
    "include: [%s/params/joint/severity/moderate.yaml, %s/params/joint/product/adsc.yaml]\n"
    "tissue: {size: [1 mm, 20 um, 2.4 mm], voxel: 20 um, represents: {area: 120 cm^2}}\n"
    "run: {until: 1 h}\n";

typedef struct problem {
    const char *name, *text;
    double until; /* [s] */
} problem;

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Wall time and processor time of the run, without reading the model and making the engine; and of
 * the main thread alone. */
typedef struct cost {
    double wall, cpu, main;
} cost;

static cost cost_now(void)
{
    return (cost){seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID),
                  seconds_of(CLOCK_THREAD_CPUTIME_ID)};
}

static cost march_with(const problem *p, int threads)
{
    lac_threads_set(threads);
    scene *s = scene_of(p->text);
    cost begin = cost_now();
    march_to(s, p->until);
    cost end = cost_now();
    scene_free(s);
    return (cost){end.wall - begin.wall, end.cpu - begin.cpu, end.main - begin.main};
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list)
{
    qsort(list, ROUNDS, sizeof *list, by_size);
    return list[ROUNDS / 2];
}

static void print_bench(const char *of, const char *name, double value, const char *unit)
{
    printf("bench %s-%s %.4g %s\n", of, name, value, unit);
}

static void bench_problem(const problem *p)
{
    double one[ROUNDS], two[ROUNDS], gain[ROUNDS], extra[ROUNDS], serial[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        cost alone = march_with(p, 1), both = march_with(p, 2);
        one[round] = alone.wall;
        two[round] = both.wall;
        gain[round] = alone.wall / both.wall;
        extra[round] = both.cpu / alone.cpu;
        serial[round] = (2 * both.main - both.cpu) / both.cpu;
    }
    double speedup = median(gain), share = median(serial);
    print_bench(p->name, "one-thread", median(one), "s");
    print_bench(p->name, "two-threads", median(two), "s");
    print_bench(p->name, "two-thread-speedup", speedup, "1");
    print_bench(p->name, "two-thread-efficiency", speedup / 2, "1");
    print_bench(p->name, "two-thread-cpu-ratio", median(extra), "1");
    print_bench(p->name, "serial-share", share, "1");
    print_bench(p->name, "foretold-speedup-2", 1 / (share + (1 - share) / 2), "1");
    print_bench(p->name, "foretold-speedup-16", 1 / (share + (1 - share) / 16), "1");
    print_bench(p->name, "foretold-speedup-64", 1 / (share + (1 - share) / 64), "1");
}

static void bench_section(void)
{
    const char *source = getenv("LACUNA_SOURCE");
    char text[TEXT];
    source = source ? source : "..";
    snprintf(text, sizeof text, SECTION, source, source, source);
    bench_problem(&(problem){"section", text, 600});
}

/* An empty region of two threads: waking, meeting, parting. */
static void bench_regions(void)
{
    int met = 0;
    lac_threads_set(2);
    double begin = seconds_of(CLOCK_MONOTONIC);
    for (int region = 0; region < REGIONS; region++) {
#pragma omp parallel reduction(+ : met)
        met += 1;
    }
    double each = (seconds_of(CLOCK_MONOTONIC) - begin) / REGIONS;
    printf("bench parallel-region %.4g us\n", 1e6 * each);
    printf("# %.3g threads in a region\n", (double)met / REGIONS);
}

int main(int count, char **word)
{
    (void)count;
    wait_like_a_run(word);
    bench_regions();
    bench_problem(&(problem){"block", BLOCK, 3600});
    bench_section();
    return 0;
}
