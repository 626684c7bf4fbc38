/* Uses what test_additions.py has added: an operation, a boundary, a method and an observer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/lacuna.h"

#include "base/memory.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>

static const char *const decay = "lacuna: 1\n"
                                 "title: decay\n"
                                 "domains: {pool: {kind: well-mixed, volume: 1 mL}}\n"
                                 "species: {A: {unit: molecule, pool: {initial: 1 nM}}}\n"
                                 "parameters:\n"
                                 "  k: {value: 0.1 1/h, kind: assumption, source: a toy}\n"
                                 "reactions:\n"
                                 "  decay: {in: pool, equation: 'A ->', rate: twice(k) * A}\n"
                                 "observables: {left: {value: A, unit: nM}}\n"
                                 "run: {until: 1 h, method: toy-euler, save: {every: 30 min}}\n";

static const char *const drain =
    "lacuna: 1\n"
    "title: a slab that is drained\n"
    "domains: {slab: {kind: tissue}}\n"
    "species: {A: {unit: molecule, slab: {initial: 10 nM}}}\n"
    "boundaries: {drain: {at: slab.top, species: A, outflux: 1 nM um/s}}\n"
    "observables: {mean_A: {value: mean(A), unit: nM}}\n"
    "tissue: {size: [20 um, 20 um, 100 um], voxel: 20 um}\n"
    "run: {until: 100 s}\n";

static int failures;

static void expect(const char *what, double value, double wanted, double tolerance)
{
    printf("%s: %.9g, expected %.9g\n", what, value, wanted);
    if (!(fabs(value - wanted) <= tolerance * fabs(wanted)))
        failures++;
}

/* The value of a series at the end of a run. */
static double at_the_end(const char *text, const char *method, const char *name, const char *file)
{
    lacuna_model *model = NULL;
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    double value = NAN;
    int code = lacuna_model_read("toy.yaml", text, ".", &model);
    if (code == LACUNA_OK && method)
        code = lacuna_model_set(model, "run.method", method);
    options.seed = 1;
    options.result = file;
    options.overwrite = 1;
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, &options, &simulation);
    if (code == LACUNA_OK)
        code = lacuna_simulation_finish(simulation);
    if (code == LACUNA_OK)
        code = lacuna_simulation_value(simulation, name, &value);
    if (code != LACUNA_OK)
        fprintf(stderr, "%s%s\n", lacuna_error(), lacuna_model_problem_text(model));
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
    return value;
}

static void expect_record(const char *file)
{
    lac_store *store = NULL;
    double *values = NULL;
    size_t dimensions, length[8];
    if (lac_store_open(file, false, &store) == LAC_OK &&
        lac_store_read(store, "/toy_largest", &values, &dimensions, length) == LAC_OK &&
        dimensions == 1 && length[0] == 3)
        expect("what the observer wrote for half an hour, against the start", values[1] / values[0],
               pow(1 - 0.2 / 60, 30), 1e-12);
    else
        failures++;
    lac_free(values);
    lac_store_close(store);
}

int main(void)
{
    expect("60 steps of Euler with twice(k)", at_the_end(decay, NULL, "left", "toy.nc"),
           pow(1 - 0.2 / 60, 60), 1e-12);
    expect_record("toy.nc");
    expect("twice(k) by mean-field", at_the_end(decay, "mean-field", "left", NULL), exp(-0.2),
           1e-4);
    expect("1 nM um/s from 100 um for 100 s", at_the_end(drain, NULL, "mean_A", NULL), 9, 1e-6);
    expect("the same by events", at_the_end(drain, "exact", "mean_A", NULL), 9, 0.02);
    return failures > 0;
}
