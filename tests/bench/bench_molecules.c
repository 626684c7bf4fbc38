/* Bench of the room molecules against the next-subvolume method, on the problems A and B of
 * next_subvolume.h; both in turn, medians of five. The law is the same for A, and for B to the bias
 * that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "next_subvolume.h"

#include "base/vector.h"
#include "molecules/molecules.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIDE = BENCH_SIDE, VOXELS = SIDE * SIDE * SIDE, TIMES = 5 };

static const double LOST = 0.693147 / 3600; /* [1/s] */

static lac_molecules *make(int problem)
{
    const lac_lattice box = {{SIDE, SIDE, SIDE}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    const lac_molecule_species species[3] = {{50, NULL}, {50, NULL}, {50, NULL}};
    const lac_molecule_reaction a[2] = {
        {.changes = 1, .change = {{0, 1}}, .coefficient = 3 * LOST},
        {.reactants = 1, .changes = 1, .change = {{0, -1}}, .coefficient = LOST}};
    const lac_molecule_reaction b[2] = {{.reactants = 2,
                                         .reactant = {0, 1},
                                         .changes = 3,
                                         .change = {{0, -1}, {1, -1}, {2, 1}},
                                         .coefficient = 0.01},
                                        {.reactants = 1,
                                         .reactant = {2},
                                         .changes = 3,
                                         .change = {{0, 1}, {1, 1}, {2, -1}},
                                         .coefficient = 0.03}};
    const size_t kinds = problem ? 3 : 1;
    lac_molecules *m;
    must(lac_molecules_create(&box, kinds, species, 2, problem ? b : a,
                              lac_random_key_of(1, 0, LAC_FOR_TESTS), &m));
    for (size_t s = 0; s < kinds; s++)
        for (size_t v = 0; v < VOXELS; v++)
            lac_molecules_count(m, s)[v] = 3;
    must(lac_molecules_advance(m, problem ? 0.5 : 5, 0.1));
    return m;
}

/* What is stated of the first species, of its number; 0 where none meet. */
static double bias_of(lac_molecules *m)
{
    const double *excess = lac_molecules_bias(m);
    double sum = 0, all = 0;
    for (size_t v = 0; excess && v < VOXELS; v++) {
        sum += excess[v];
        all += lac_molecules_count(m, 0)[v];
    }
    return all > 0 ? sum / all : 0;
}

/* In steps of at most `step`. */
static double run_molecules(int problem, double seconds, double step, double *bias)
{
    lac_molecules *m = make(problem);
    const double start = cpu_seconds();
    for (double time = 0; time < seconds; time += step)
        must(lac_molecules_advance(m, step, 0.1));
    const double spent = cpu_seconds() - start;
    *bias = bias_of(m);
    lac_molecules_free(m);
    return spent / seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void compare(int problem, const char *name, double seconds, double step)
{
    double ours[TIMES], plain[TIMES], bias;
    for (int k = 0; k < TIMES; k++) {
        ours[k] = run_molecules(problem, seconds, step, &bias);
        plain[k] = run_next_subvolume(problem, 0.5).per_second;
    }
    qsort(ours, TIMES, sizeof *ours, by_value);
    qsort(plain, TIMES, sizeof *plain, by_value);
    printf("bench molecules_%s %.4g s/s\n", name, ours[TIMES / 2]);
    printf("bench molecules_%s_bias %.2g \n", name, bias);
    printf("ratio %.3g against next-subvolume\n", plain[TIMES / 2] / ours[TIMES / 2]);
}

int main(void)
{
    lac_threads_set(1);
    compare(0, "A_step_1s", 40, 1);
    compare(0, "A_step_5s", 200, 5);
    compare(1, "B", 64, 64);
    return 0;
}
