/* Bench of threads: three fields that react in a block of 50^3 voxels, an hour of model time with
 * one thread and with two in turns, so that a neighbour on the machine disturbs both; and what a
 * parallel region costs. Prints `bench NAME VALUE UNIT`; the medians of the rounds count.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/waiting.h"
#include "physics/scene.h"

#include <omp.h>
#include <time.h>

enum { ROUNDS = 5, REGIONS = 20000, UNTIL = 3600 };

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

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Wall time and processor time of the run, without reading the model and making the engine. */
typedef struct cost {
    double wall, cpu;
} cost;

static cost march_with(int threads)
{
    lac_threads_set(threads);
    scene *s = scene_of(BLOCK);
    cost begin = {seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
    march_to(s, UNTIL);
    cost end = {seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
    scene_free(s);
    return (cost){end.wall - begin.wall, end.cpu - begin.cpu};
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

static void print_bench(const char *name, double value, const char *unit)
{
    printf("bench %s %.4g %s\n", name, value, unit);
}

static void bench_block(void)
{
    double one[ROUNDS], two[ROUNDS], gain[ROUNDS], extra[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        cost alone = march_with(1), both = march_with(2);
        one[round] = alone.wall;
        two[round] = both.wall;
        gain[round] = alone.wall / both.wall;
        extra[round] = both.cpu / alone.cpu;
    }
    double speedup = median(gain);
    print_bench("block-one-thread", median(one), "s");
    print_bench("block-two-threads", median(two), "s");
    print_bench("block-two-thread-speedup", speedup, "1");
    print_bench("block-two-thread-efficiency", speedup / 2, "1");
    print_bench("block-two-thread-cpu-ratio", median(extra), "1");
    /* By Amdahl's law, with all that keeps two threads from twice the speed: memory too. */
    print_bench("block-serial-share", 2 / speedup - 1, "1");
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
    print_bench("parallel-region", 1e6 * each, "us");
    printf("# %.3g threads in a region\n", (double)met / REGIONS);
}

int main(int count, char **word)
{
    (void)count;
    wait_like_a_run(word);
    bench_regions();
    bench_block();
    return 0;
}
