/* Bench of the network: 20 species and 40 Hill reactions in double precision, one thread; beside it
 * the same right-hand side written out in C. Lines: `bench NAME VALUE UNIT`, `ratio R against ...`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <time.h>

#include "base/clones.h"
#include "handmade.h"
#include "network/network.h"

enum { SPECIES = 20, REACTIONS = 40, RESIDENT = 2048, LARGE = 1000000, TIMES = 7 };

/* reaction r: substrate -> product, Hill coefficient n (1 or 2) */
/* clang-format off */
#define REACTION_LIST(X) \
    X(0, 0, 5, 1) X(1, 1, 8, 2) X(2, 2, 11, 1) X(3, 3, 14, 2) X(4, 4, 17, 1) \
    X(5, 5, 0, 2) X(6, 6, 3, 1) X(7, 7, 6, 2) X(8, 8, 9, 1) X(9, 9, 12, 2) \
    X(10, 10, 15, 1) X(11, 11, 18, 2) X(12, 12, 1, 1) X(13, 13, 4, 2) X(14, 14, 7, 1) \
    X(15, 15, 10, 2) X(16, 16, 13, 1) X(17, 17, 16, 2) X(18, 18, 19, 1) X(19, 19, 2, 2) \
    X(20, 0, 7, 2) X(21, 1, 10, 1) X(22, 2, 13, 2) X(23, 3, 16, 1) X(24, 4, 19, 2) \
    X(25, 5, 2, 1) X(26, 6, 5, 2) X(27, 7, 8, 1) X(28, 8, 11, 2) X(29, 9, 14, 1) \
    X(30, 10, 17, 2) X(31, 11, 0, 1) X(32, 12, 3, 2) X(33, 13, 6, 1) X(34, 14, 9, 2) \
    X(35, 15, 12, 1) X(36, 16, 15, 2) X(37, 17, 18, 1) X(38, 18, 1, 2) X(39, 19, 4, 1)
/* clang-format on */
/* ---- the twin ---------------------------------------------------------------------------------
 */

/* clang-format off */
#define SPECIES_LIST(X) \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) \
    X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19)
/* clang-format on */
#define HILL_1(x, half) ((x) / ((half) + (x)))
#define HILL_2(x, half) ((x) * (x) / ((half) * (half) + (x) * (x)))
#define TWIN_BEGIN(k)                                                                              \
    double x##k = value[k * stride + voxel], s##k = x##k <= 0 ? 0 : x##k, change##k = 0;
#define TWIN_REACTION(r, from, to, n)                                                              \
    double rate##r = parameter[r] * HILL_##n(s##from, parameter[REACTIONS + r]);                   \
    change##from -= rate##r;                                                                       \
    change##to += rate##r;
#define TWIN_END(k) derivative[k * stride + voxel] += change##k;

/* Straight-line code in one loop, which the compiler turns into vectors. */
LAC_CLONED static void twin(const double *value, size_t stride, const double *parameter,
                            double *derivative, size_t voxels)
{
#pragma omp simd
    for (size_t voxel = 0; voxel < voxels; voxel++) {
        SPECIES_LIST(TWIN_BEGIN)
        REACTION_LIST(TWIN_REACTION)
        SPECIES_LIST(TWIN_END)
    }
}

/* ---- the network ------------------------------------------------------------------------------
 */

#define MAKE_REACTION(r, from, to, n)                                                              \
    {                                                                                              \
        lac_process *p = handmade_process(                                                         \
            made, true, times(par(r), hill(var(from), par(REACTIONS + (r)), num(n))));             \
        handmade_change(p, from, -1, -1);                                                          \
        handmade_change(p, to, 1, 1);                                                              \
    }

static void make_network(handmade *made)
{
    handmade_begin(made, SPECIES, 0, 2 * REACTIONS);
    REACTION_LIST(MAKE_REACTION)
}

typedef struct bench {
    handmade made;
    lac_layout layout;
    lac_frame frame;
    double parameter[2 * REACTIONS], extent[REACTIONS], shift[SPECIES];
    double *value, *derivative, *twin;
    lac_network *network;
} bench;

/* Of this thread: other work on the machine shows less. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void run_twin(bench *b)
{
    twin(b->value, b->layout.tract[0].stride, b->parameter, b->twin, b->layout.tract[0].voxels);
}

static void run_rates(bench *b)
{
    lac_network_derivative(b->network, &b->frame, b->derivative, NULL);
}

static void run_extents(bench *b)
{
    lac_network_derivative(b->network, &b->frame, b->derivative, b->extent);
}

static void run_linearise(bench *b)
{
    lac_network_linearise(b->network, &b->frame);
}

static void run_times(bench *b)
{
    lac_network_times(b->network, b->value, b->derivative, NULL);
}

static void run_factor(bench *b)
{
    if (lac_network_factor(b->network, 0.1, b->shift) != LAC_OK)
        abort();
}

static void run_solve(bench *b)
{
    lac_network_factor_solve(b->network, b->derivative);
}

static const struct row {
    const char *name;
    void (*run)(bench *b);
} rows[] = {
    {"twin", run_twin},           {"rates", run_rates}, {"rates+extents", run_extents},
    {"linearise", run_linearise}, {"times", run_times}, {"factor", run_factor},
    {"factor-solve", run_solve},
};
enum { ROWS = sizeof rows / sizeof *rows };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Interleaved medians, so that noise of the machine meets all rows alike. */
static void measure(bench *b, size_t repeat, double median[ROWS])
{
    double taken[ROWS][TIMES];
    for (size_t k = 0; k < TIMES; k++)
        for (size_t row = 0; row < ROWS; row++) {
            double start = seconds();
            for (size_t again = 0; again < repeat; again++)
                rows[row].run(b);
            taken[row][k] =
                (seconds() - start) / (double)(repeat * b->layout.tract[0].voxels) * 1e9;
        }
    for (size_t row = 0; row < ROWS; row++) {
        qsort(taken[row], TIMES, sizeof(double), by_size);
        median[row] = taken[row][TIMES / 2];
    }
}

static int bench_begin(bench *b, size_t voxels)
{
    uint64_t seed = 1;
    unsigned char mobile[SPECIES];
    memset(mobile, 1, sizeof mobile);
    memset(b, 0, sizeof *b);
    make_network(&b->made);
    b->layout = lac_layout_of(SPECIES, voxels, 0);
    for (size_t k = 0; k < 2 * REACTIONS; k++)
        b->parameter[k] = some(&seed, 0.5, 2);
    b->value = lac_alloc(b->layout.length, sizeof(double));
    b->derivative = lac_alloc(b->layout.length, sizeof(double));
    b->twin = lac_alloc(b->layout.length, sizeof(double));
    b->frame = (lac_frame){.layout = &b->layout, .value = b->value, .parameter = b->parameter};
    if (!b->value || !b->derivative || !b->twin)
        return 0;
    for (size_t k = 0; k < b->layout.length; k++)
        b->value[k] = some(&seed, 0, 2);
    return lac_network_create(&b->made.model, &b->layout, 1, &b->network) == LAC_OK &&
           lac_network_factor_prepare(b->network, mobile) == LAC_OK;
}

static void bench_end(bench *b)
{
    lac_network_free(b->network);
    lac_free(b->value);
    lac_free(b->derivative);
    lac_free(b->twin);
    handmade_end(&b->made);
}

static void agree(bench *b)
{
    run_rates(b);
    run_twin(b);
    for (size_t k = 0; k < b->layout.length; k++)
        if (!(fabs(b->derivative[k] - b->twin[k]) <= 1e-12 * (1 + fabs(b->twin[k])))) {
            fprintf(stderr, "network and twin differ: %.17g, %.17g\n", b->derivative[k],
                    b->twin[k]);
            exit(1);
        }
}

static int run_size(const char *label, size_t voxels, size_t repeat)
{
    static bench b;
    double median[ROWS];
    int fits = bench_begin(&b, voxels);
    if (fits) {
        agree(&b);
        measure(&b, repeat, median);
        lac_network_facts facts = lac_network_about(b.network);
        for (size_t row = 0; row < ROWS; row++)
            printf("bench network/%s/%s %.2f ns/voxel\n", label, rows[row].name, median[row]);
        printf("ratio %.2f against native C (rates, %s)\n", median[1] / median[0], label);
        printf("bench network/%s/memory %.1f B/unknown\n", label,
               (double)facts.bytes / (double)(voxels * SPECIES));
        if (voxels == RESIDENT)
            printf("bench network/instructions %zu count\nbench network/gradient-entries %zu "
                   "count\nbench network/factor-entries %zu count\n",
                   facts.instructions, facts.gradient_entries, facts.factor_entries);
    } else {
        printf("# %s: not enough memory, left out\n", label);
    }
    bench_end(&b);
    return fits;
}

int main(void)
{
    lac_threads_set(1);
    run_size("resident", RESIDENT, 200);
    run_size("1e6", LARGE, 1);
    return 0;
}
