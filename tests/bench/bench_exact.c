/* Bench of the method `exact` against a next-subvolume method with a binary heap (Elf & Ehrenberg
 * 2004, Syst. Biol. 1:230), both on problems A and B:
 *
 *   50^3 voxels of 20 um, D = 50 um^2/s, reflecting walls, 3 molecules a voxel.
 *   A: births and deaths, half-life 1 h.   B: A + B <-> C, 0.01/s per pair in a voxel, 0.03/s.
 *
 * The baseline is written for these two problems and knows their rates as constants: one heap of
 * all voxels, a voxel in one cache line, the same generator. It is no slower than URDME 1.4, which
 * takes 0.285 and 0.97 s per simulated second for A and B on a Zen 4 core.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/random.h"
#include "loading/scenario.h"
#include "methods/methods.h"
#include "run/simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIDE = 50, VOXELS = SIDE * SIDE * SIDE, SPECIES_MOST = 3 };

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- the method `exact` --------------------------------------------------------------------- */

static const char *const TEXT[2] = {
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}}\n"
    "species: {A: {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 50 um^2/s}}}\n"
    "parameters: {d: {value: 0.693147 1/h}, c: {value: 3.75e-4 molecule/um^3}}\n"
    "reactions:\n"
    "  birth: {in: gel, equation: '-> A', rate: d * c}\n"
    "  death: {in: gel, equation: 'A ->', rate: d * A}\n"
    "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um}\n"
    "run: {until: 100 s, method: exact, seed: 1}\n",
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}}\n"
    "species:\n"
    "  A: {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 50 um^2/s}}\n"
    "  B: {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 50 um^2/s}}\n"
    "  C: {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 50 um^2/s}}\n"
    "parameters: {on: {value: 80 um^3/(molecule s)}, off: {value: 0.03 1/s}}\n"
    "reactions:\n"
    "  bind: {in: gel, equation: 'A + B <=> C', rate: on * A * B, reverse: off * C}\n"
    "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um}\n"
    "run: {until: 100 s, method: exact, seed: 1}\n"};

typedef struct cost {
    double per_second; /* CPU seconds per simulated second */
    double per_event;  /* [ns] */
} cost;

static void must(lac_status status)
{
    if (status == LAC_OK)
        return;
    fprintf(stderr, "bench_exact: %s\n", lac_failure());
    exit(1);
}

static cost run_exact(int problem, double seconds)
{
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_grid *grid = NULL;
    lac_state *state = NULL;
    void *stepper = NULL;
    must(lac_scenario_from_text("bench", TEXT[problem], ".", NULL, 0, &list, &model));
    must(lac_grid_create(model, &grid));
    lac_scene scene = {model, grid, grid->voxel_volume};
    must(lac_simulation_initial(&scene, &state));
    const lac_stepper_type *type = lac_stepper_find("exact");
    must(type->create(&scene, state, &stepper));
    while (state->time < 0.5)
        must(type->step(stepper, state, 0.5));
    size_t before = type->counters(stepper).evaluations;
    double start = cpu_seconds();
    while (state->time < 0.5 + seconds)
        must(type->step(stepper, state, 0.5 + seconds));
    double spent = cpu_seconds() - start;
    double events = (double)(type->counters(stepper).evaluations - before);
    type->free(stepper);
    lac_state_free(state);
    lac_grid_free(grid);
    lac_model_free(model);
    lac_diagnostics_free(&list);
    return (cost){spent / seconds, 1e9 * spent / events};
}

/* --- the next-subvolume method -------------------------------------------------------------- */

/* A voxel with all its numbers in one cache line. */
typedef struct subvolume {
    double next; /* [s] */
    double rate; /* [1/s] all events */
    int count[SPECIES_MOST];
    int neighbours; /* of its six */
    int place;      /* in the heap */
} subvolume;

typedef struct baseline {
    subvolume *voxel;
    int *heap; /* voxels, the earliest first */
    lac_stream stream;
    int problem, species;
    double hop; /* [1/s] through one face */
    double time;
    size_t events;
} baseline;

static const int STEP[6] = {-1, 1, -SIDE, SIDE, -SIDE *SIDE, SIDE *SIDE};

static int has_neighbour(int voxel, int face)
{
    int at[3] = {voxel % SIDE, voxel / SIDE % SIDE, voxel / (SIDE * SIDE)};
    return face & 1 ? at[face / 2] + 1 < SIDE : at[face / 2] > 0;
}

static double reacting(const baseline *b, const subvolume *v)
{
    if (b->problem == 0)
        return 0.693147 / 3600 * (3 + v->count[0]);
    return 0.01 * v->count[0] * v->count[1] + 0.03 * v->count[2];
}

static double moving(const baseline *b, const subvolume *v)
{
    int molecules = 0;
    for (int s = 0; s < b->species; s++)
        molecules += v->count[s];
    return b->hop * v->neighbours * molecules;
}

static void put(baseline *b, int place, int voxel)
{
    b->heap[place] = voxel;
    b->voxel[voxel].place = place;
}

static void sift(baseline *b, int voxel)
{
    const double next = b->voxel[voxel].next;
    int place = b->voxel[voxel].place;
    while (place > 0 && b->voxel[b->heap[(place - 1) / 2]].next > next) {
        put(b, place, b->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (;;) {
        int child = 2 * place + 1;
        if (child >= VOXELS)
            break;
        if (child + 1 < VOXELS && b->voxel[b->heap[child + 1]].next < b->voxel[b->heap[child]].next)
            child++;
        if (b->voxel[b->heap[child]].next >= next)
            break;
        put(b, place, b->heap[child]);
        place = child;
    }
    put(b, place, voxel);
}

/* The voxel that acted draws anew; another one's time is stretched by its change of rate. */
static void reschedule(baseline *b, int index, int acted)
{
    subvolume *v = &b->voxel[index];
    double rate = reacting(b, v) + moving(b, v);
    if (acted || v->rate == 0 || rate == 0)
        v->next = rate > 0 ? b->time + lac_stream_exponential(&b->stream) / rate : INFINITY;
    else
        v->next = b->time + (v->next - b->time) * v->rate / rate;
    v->rate = rate;
    sift(b, index);
}

static void react(baseline *b, subvolume *v, double at)
{
    if (b->problem == 0) {
        v->count[0] += at < 0.693147 / 3600 * 3 ? 1 : -1;
        return;
    }
    int change = at < 0.01 * v->count[0] * v->count[1] ? -1 : 1;
    v->count[0] += change;
    v->count[1] += change;
    v->count[2] -= change;
}

static int hop(baseline *b, int index, double at)
{
    subvolume *v = &b->voxel[index];
    int molecule = (int)(at / (b->hop * v->neighbours)), species = 0;
    int wanted = (int)(lac_stream_unit(&b->stream) * v->neighbours), face = 0;
    while (species + 1 < b->species && molecule >= v->count[species])
        molecule -= v->count[species++];
    for (;; face++)
        if (has_neighbour(index, face) && wanted-- == 0)
            break;
    v->count[species]--;
    b->voxel[index + STEP[face]].count[species]++;
    return index + STEP[face];
}

static void baseline_event(baseline *b)
{
    int index = b->heap[0], other = -1;
    subvolume *v = &b->voxel[index];
    b->time = v->next;
    double at = lac_stream_unit(&b->stream) * v->rate, here = reacting(b, v);
    if (at < here)
        react(b, v, at);
    else
        other = hop(b, index, fmin(at - here, moving(b, v) * (1 - 1e-15)));
    reschedule(b, index, 1);
    if (other >= 0)
        reschedule(b, other, 0);
    b->events++;
}

static void baseline_start(baseline *b, int problem)
{
    *b = (baseline){.problem = problem, .species = problem ? 3 : 1, .hop = 50.0 / 400};
    b->voxel = lac_alloc(VOXELS, sizeof *b->voxel);
    b->heap = lac_alloc(VOXELS, sizeof *b->heap);
    if (!b->voxel || !b->heap)
        must(LAC_MEMORY);
    lac_stream_open(&b->stream, lac_random_key_of(1, 0, LAC_FOR_TESTS), 0);
    for (int index = 0; index < VOXELS; index++) {
        subvolume *v = &b->voxel[index];
        for (int s = 0; s < b->species; s++)
            v->count[s] = 3;
        for (int face = 0; face < 6; face++)
            v->neighbours += has_neighbour(index, face);
        v->next = INFINITY;
        put(b, index, index);
    }
    for (int index = 0; index < VOXELS; index++)
        reschedule(b, index, 1);
}

static cost run_baseline(int problem, double seconds)
{
    baseline b;
    baseline_start(&b, problem);
    while (b.time < 0.5)
        baseline_event(&b);
    size_t before = b.events;
    double start = cpu_seconds();
    while (b.time < 0.5 + seconds)
        baseline_event(&b);
    double spent = cpu_seconds() - start;
    cost result = {spent / seconds, 1e9 * spent / (double)(b.events - before)};
    lac_free(b.voxel);
    lac_free(b.heap);
    return result;
}

/* --- report --------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Interleaved medians of five. */
static void compare(int problem)
{
    enum { TIMES = 5 };
    double exact[TIMES], exact_event[TIMES], plain[TIMES], plain_event[TIMES];
    const char name = problem ? 'B' : 'A';
    for (int k = 0; k < TIMES; k++) {
        cost ours = run_exact(problem, 1), theirs = run_baseline(problem, 0.5);
        exact[k] = ours.per_second;
        exact_event[k] = ours.per_event;
        plain[k] = theirs.per_second;
        plain_event[k] = theirs.per_event;
    }
    qsort(exact, TIMES, sizeof *exact, by_value);
    qsort(exact_event, TIMES, sizeof *exact, by_value);
    qsort(plain, TIMES, sizeof *exact, by_value);
    qsort(plain_event, TIMES, sizeof *exact, by_value);
    printf("bench exact_%c %.4g s/s\n", name, exact[TIMES / 2]);
    printf("bench exact_%c_event %.4g ns\n", name, exact_event[TIMES / 2]);
    printf("bench next_subvolume_%c %.4g s/s\n", name, plain[TIMES / 2]);
    printf("bench next_subvolume_%c_event %.4g ns\n", name, plain_event[TIMES / 2]);
    printf("ratio %.3g against next-subvolume\n", plain[TIMES / 2] / exact[TIMES / 2]);
}

static void measure_words(void)
{
    enum { WORDS = 100000000 };
    lac_stream stream;
    uint32_t sum = 0;
    lac_stream_open(&stream, lac_random_key_of(1, 0, LAC_FOR_TESTS), 0);
    double start = cpu_seconds();
    for (int k = 0; k < WORDS; k++)
        sum ^= lac_stream_word(&stream);
    printf("bench philox_word %.3g ns\n", 1e9 * (cpu_seconds() - start) / WORDS + (sum == 0));
}

int main(void)
{
    measure_words();
    compare(0);
    compare(1);
    return 0;
}
