/* The next-subvolume method with a binary heap (Elf & Ehrenberg 2004, Syst. Biol. 1:230).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "next_subvolume.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIDE = BENCH_SIDE, VOXELS = SIDE * SIDE * SIDE, SPECIES_MOST = 3 };

double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void must(lac_status status)
{
    if (status == LAC_OK)
        return;
    fprintf(stderr, "bench: %s\n", lac_failure());
    exit(1);
}

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

bench_cost run_next_subvolume(int problem, double seconds)
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
    bench_cost result = {spent / seconds, 1e9 * spent / (double)(b.events - before)};
    lac_free(b.voxel);
    lac_free(b.heap);
    return result;
}
