/* Bench of the method `exact` against the next-subvolume method, on the problems A and B of
 * next_subvolume.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "next_subvolume.h"

#include "base/memory.h"
#include "base/random.h"
#include "loading/scenario.h"
#include "methods/methods.h"
#include "run/simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

static bench_cost run_exact(int problem, double seconds)
{
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_grid *grid = NULL;
    lac_state *state = NULL;
    void *stepper = NULL;
    must(lac_scenario_load(
        &(lac_scenario_origin){.path = "bench", .text = TEXT[problem], .directory = "."}, &list,
        &model));
    must(lac_grid_create(model, &grid));
    lac_scene scene = {.model = model, .grid = grid, .weight = grid->voxel_volume};
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
    return (bench_cost){spent / seconds, 1e9 * spent / events};
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
        bench_cost ours = run_exact(problem, 1), theirs = run_next_subvolume(problem, 0.5);
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
