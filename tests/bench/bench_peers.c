/* Processor time to an error of 1e-3 on two problems, beside the solvers of SUNDIALS that the build
 * found; scripts/bench-peers runs it, adds programs of others, and makes a table.
 *
 *   bench_peers [--quick] [--budget SECONDS]       rows: peer PROBLEM SOLVER LEVEL ERROR SECONDS
 *                                                  STEPS EVALUATIONS
 *   bench_peers [--quick] --truth PROBLEM FILE     the values that are compared with
 *   bench_peers [--quick] --error PROBLEM TRUTH FILE
 *
 * Files are raw doubles in the order of outputs, variables, voxels (x first). The error is the
 * largest over outputs and variables of the relative L2 difference. A level is a tolerance of
 * 10^-(2 + LEVEL/2); each solver begins at 0 and goes on until its error is below 1e-3, its budget
 * is used up, or levels end. One thread. --quick: small grids.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/point_source.h"
#include "bench/signalling.h"
#include "bench/sundials_peer.h"

#include <time.h>

enum { LEVELS = 13 };

static const double GOAL = 1e-3;
static const double BUDGET = 20; /* [s] that one run may take */

typedef struct problem {
    const char *name;
    size_t side[2];     /* of the grid, for the bench and for --quick */
    const double *time; /* [times] */
    size_t times;
    bool quick;
    double budget;     /* [s] */
    lac_layout layout; /* of a state */
    double *truth;     /* owned [times][layout.length] */
} problem;

static problem PROBLEM[] = {
    {.name = "point_source",
     .side = {25, 9},
     .time = point_source_time,
     .times = POINT_SOURCE_TIMES},
    {.name = "signalling", .side = {50, 6}, .time = signalling_time, .times = SIGNALLING_TIMES}};

enum { PROBLEMS = sizeof PROBLEM / sizeof PROBLEM[0] };

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static double level_rtol(size_t level)
{
    return pow(10, -2 - 0.5 * (double)level);
}

static scene *make(const problem *p, double rtol)
{
    size_t side = p->side[p->quick];
    if (p == &PROBLEM[0])
        return point_source_scene(side, rtol);
    return signalling_scene(side, p->quick ? 10 : 120, rtol);
}

static void march_ours(const problem *p, scene *s, double *value)
{
    for (size_t k = 0; k < p->times; k++) {
        march_to(s, p->time[k]);
        memcpy(value + k * p->layout.length, s->state->value, p->layout.length * sizeof *value);
    }
}

static double *room_for(const problem *p)
{
    return lac_alloc(p->times * p->layout.length, sizeof(double));
}

/* Values as they stand in files, [times][variables][voxels], to states, or the other way. */
static void repack(const problem *p, bool to_states, double *dense, double *states)
{
    size_t voxels = p->layout.tract[0].voxels;
    for (size_t k = 0; k < p->times; k++)
        for (size_t v = 0; v < p->layout.fields; v++) {
            double *here = states + k * p->layout.length + lac_layout_at(&p->layout, v);
            double *there = dense + (k * p->layout.fields + v) * voxels;
            memcpy(to_states ? here : there, to_states ? there : here, voxels * sizeof *here);
        }
}

static size_t dense_size(const problem *p)
{
    return p->times * p->layout.fields * p->layout.tract[0].voxels;
}

static void find_truth(problem *p)
{
    scene *s = make(p, 1e-6);
    p->layout = s->state->layout;
    p->truth = room_for(p);
    if (p == &PROBLEM[0]) {
        double *dense = point_source_truth(p->side[p->quick]);
        repack(p, true, dense, p->truth);
        lac_free(dense);
    } else {
        march_ours(p, s, p->truth);
    }
    scene_free(s);
}

static double distance(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += b ? (a[i] - b[i]) * (a[i] - b[i]) : a[i] * a[i];
    return sqrt(sum);
}

static double error_of(const problem *p, const double *value)
{
    double worst = 0;
    scene *s = make(p, 1e-3);
    size_t voxels = p->layout.tract[0].voxels;
    for (size_t v = 0; v < p->layout.fields; v++) {
        double most = 0, scale = 1e3 * s->model->variable[v].atol * sqrt((double)voxels);
        for (size_t k = 0; k < p->times; k++) {
            size_t at = k * p->layout.length + lac_layout_at(&p->layout, v);
            most = fmax(most, distance(value + at, p->truth + at, voxels));
            scale = fmax(scale, distance(p->truth + at, NULL, voxels));
        }
        worst = fmax(worst, most / scale);
    }
    scene_free(s);
    return worst;
}

/* --- races ----------------------------------------------------------------------------------- */

static void print_row(const problem *p, const char *solver, size_t level, double error,
                      const sundials_run *run)
{
    printf("peer %s %s %zu %.2e %.4g %zu %zu\n", p->name, solver, level, error, run->seconds,
           run->steps, run->evaluations);
    fflush(stdout);
}

/* One run of a solver, NULL = the engine; returns its error, infinite when it did not come to the
 * end. */
static double run_level(const problem *p, const sundials_peer *peer, size_t level,
                        sundials_run *run)
{
    scene *s = make(p, level_rtol(level));
    bool good = true;
    run->rtol = level_rtol(level);
    double begin = processor_seconds();
    if (peer) {
        good = sundials_march(peer, s, run);
    } else {
        march_ours(p, s, run->value);
        run->seconds = processor_seconds() - begin;
        run->steps = counters(s).steps;
        run->evaluations = counters(s).evaluations;
    }
    scene_free(s);
    double error = good ? error_of(p, run->value) : INFINITY;
    print_row(p, peer ? peer->name : "Lacuna", level, error, run);
    return error;
}

static void race(const problem *p, const sundials_peer *peer)
{
    sundials_run run = {
        .time = p->time, .times = p->times, .budget = p->budget, .value = room_for(p)};
    double error = INFINITY;
    for (size_t level = 0; level < LEVELS && error > GOAL && run.seconds < p->budget; level++)
        error = run_level(p, peer, level, &run);
    lac_free(run.value);
}

static void bench(problem *p)
{
    size_t count = 0;
    const sundials_peer *peer = sundials_peers(&count);
    find_truth(p);
    race(p, NULL);
    for (size_t k = 0; k < count; k++)
        race(p, &peer[k]);
    lac_free(p->truth);
}

/* --- files for programs of others ------------------------------------------------------------ */

static void write_truth(problem *p, const char *path)
{
    find_truth(p);
    size_t count = dense_size(p);
    double *dense = lac_alloc(count, sizeof *dense);
    repack(p, false, dense, p->truth);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(dense, sizeof *dense, count, file), count);
    assert_int_equal(fclose(file), 0);
    lac_free(dense);
    lac_free(p->truth);
}

static double *read_values(const problem *p, const char *path)
{
    size_t count = dense_size(p);
    double *dense = lac_alloc(count, sizeof *dense), *value = room_for(p);
    FILE *file = fopen(path, "rb");
    if (!file || fread(dense, sizeof *dense, count, file) != count)
        fail_msg("%s has fewer than %zu doubles", path, count);
    fclose(file);
    repack(p, true, dense, value);
    lac_free(dense);
    return value;
}

static void tell_error(problem *p, const char *truth, const char *path)
{
    scene *s = make(p, 1e-3);
    p->layout = s->state->layout;
    scene_free(s);
    p->truth = read_values(p, truth);
    double *value = read_values(p, path);
    printf("%.6e\n", error_of(p, value));
    lac_free(value);
    lac_free(p->truth);
}

static problem *find(const char *name)
{
    for (size_t k = 0; k < PROBLEMS; k++)
        if (strcmp(PROBLEM[k].name, name) == 0)
            return &PROBLEM[k];
    fail_msg("no problem %s", name);
    return NULL;
}

int main(int count, char **word)
{
    double budget = BUDGET;
    int first = 1;
    bool quick = count > first && strcmp(word[first], "--quick") == 0;
    first += quick;
    if (count > first + 1 && strcmp(word[first], "--budget") == 0) {
        budget = strtod(word[first + 1], NULL);
        first += 2;
    }
    for (size_t k = 0; k < PROBLEMS; k++) {
        PROBLEM[k].quick = quick;
        PROBLEM[k].budget = budget;
    }
    lac_threads_set(1);
    if (count > first + 2 && strcmp(word[first], "--truth") == 0)
        write_truth(find(word[first + 1]), word[first + 2]);
    else if (count > first + 3 && strcmp(word[first], "--error") == 0)
        tell_error(find(word[first + 1]), word[first + 2], word[first + 3]);
    else
        for (size_t k = 0; k < PROBLEMS; k++)
            bench(&PROBLEM[k]);
    return 0;
}
