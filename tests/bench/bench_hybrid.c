/* Bench of the method `hybrid` with discrete molecules that diffuse, against the next-subvolume
 * method on the problems A and B of next_subvolume.h, beside a bath that is continuous; both in
 * turn, medians of three. And the same A on 100^3 voxels with one thread and with two in turn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "next_subvolume.h"

#include "base/vector.h"
#include "loading/scenario.h"
#include "methods/methods.h"
#include "run/simulation.h"
#include "waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMES = 3 };

#define HEAD                                                                                       \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"                     \
    "species:\n"                                                                                   \
    "  M: {unit: molecule, bath: {initial: 1 pM}}\n"
#define MOVING                                                                                     \
    ": {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 50 um^2/s, "            \
    "representation: discrete}}\n"
#define TAIL(SIDE)                                                                                 \
    "  fade: {in: bath, equation: 'M ->', rate: 1e-5/s * M}\n"                                     \
    "tissue: {size: [" SIDE "], voxel: 20 um}\n"                                                   \
    "run: {until: 1 h, method: hybrid, seed: 1}\n"
#define PROBLEM_A(SIDE)                                                                            \
    HEAD "  A" MOVING                                                                              \
         "parameters: {d: {value: 0.693147 1/h}, c: {value: 3.75e-4 molecule/um^3}}\n"             \
         "reactions:\n"                                                                            \
         "  birth: {in: gel, equation: '-> A', rate: d * c}\n"                                     \
         "  death: {in: gel, equation: 'A ->', rate: d * A}\n" TAIL(SIDE)
#define SMALL "1 mm, 1 mm, 1 mm"

static const char *const TEXT[2] = {
    PROBLEM_A(SMALL), HEAD
    "  A" MOVING "  B" MOVING "  C" MOVING
    "parameters: {on: {value: 80 um^3/(molecule s)}, off: {value: 0.03 1/s}}\n"
    "reactions:\n"
    "  bind: {in: gel, equation: 'A + B <=> C', rate: on * A * B, reverse: off * C}\n" TAIL(SMALL)};

typedef struct cost {
    double cpu, wall; /* seconds per simulated second */
} cost;

static double wall_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* With a stop every so often, after the first that is not measured. */
static cost run_hybrid(const char *text, double every, int stops)
{
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_grid *grid = NULL;
    lac_state *state = NULL;
    void *stepper = NULL;
    cost begin = {0};
    must(lac_scenario_load(&(lac_scenario_origin){.path = "bench", .text = text, .directory = "."},
                           &list, &model));
    must(lac_grid_create(model, &grid));
    lac_scene scene = {.model = model, .grid = grid, .weight = grid->voxel_volume};
    must(lac_simulation_initial(&scene, &state));
    const lac_stepper_type *type = lac_stepper_find("hybrid");
    must(type->create(&scene, state, &stepper));
    for (int stop = 0; stop <= stops; stop++) {
        if (stop == 1)
            begin = (cost){cpu_seconds(), wall_seconds()};
        while (state->time < every * (stop + 1))
            must(type->step(stepper, state, every * (stop + 1)));
    }
    const double seconds = every * stops;
    cost of = {(cpu_seconds() - begin.cpu) / seconds, (wall_seconds() - begin.wall) / seconds};
    type->free(stepper);
    lac_state_free(state);
    lac_grid_free(grid);
    lac_model_free(model);
    lac_diagnostics_free(&list);
    return of;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list)
{
    qsort(list, TIMES, sizeof *list, by_value);
    return list[TIMES / 2];
}

static void compare(int problem, const char *name, double every, int stops)
{
    double ours[TIMES], plain[TIMES];
    for (int k = 0; k < TIMES; k++) {
        ours[k] = run_hybrid(TEXT[problem], every, stops).cpu;
        plain[k] = run_next_subvolume(problem, 0.5).per_second;
    }
    const double of = median(ours);
    printf("bench hybrid_%s %.4g s/s\n", name, of);
    printf("ratio %.3g against next-subvolume\n", median(plain) / of);
}

static void compare_threads(void)
{
    double cpu[2][TIMES], wall[2][TIMES];
    for (int k = 0; k < TIMES; k++)
        for (int two = 0; two < 2; two++) {
            lac_threads_set(two + 1);
            const cost of = run_hybrid(PROBLEM_A("2 mm, 2 mm, 2 mm"), 5, 2);
            cpu[two][k] = of.cpu;
            wall[two][k] = of.wall;
        }
    printf("bench hybrid_A_100 %.4g s/s\n", median(cpu[0]));
    printf("bench hybrid_A_100_two_threads %.4g s/s\n", median(cpu[1]));
    printf("ratio %.3g in wall time, one thread against two\n", median(wall[0]) / median(wall[1]));
}

int main(int count, char **argument)
{
    (void)count;
    wait_like_a_run(argument);
    lac_threads_set(1);
    compare(0, "A_stops_1s", 1, 20);
    compare(0, "A_stops_10s", 10, 6);
    compare(0, "A_stops_60s", 60, 3);
    compare(1, "B_stops_5s", 5, 2);
    compare_threads();
    return 0;
}
