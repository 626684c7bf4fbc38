/* Many small members in memory: an SIR model, replicates of 100 days with 101 frames each, by one
 * simulation that begins again. Prints how many a second one processor makes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/memory.h"
#include "loading/scenario.h"
#include "run/simulation.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char sir[] =
    "lacuna: 1\n"
    "title: SIR epidemic\n"
    "domains:\n"
    "  town: {kind: well-mixed, volume: 1 L}\n"
    "species:\n"
    "  S: {unit: cell, town: {initial: 48 cell, total: true}}\n"
    "  I: {unit: cell, town: {initial: 2 cell, total: true}}\n"
    "  R: {unit: cell, town: {total: true}}\n"
    "parameters:\n"
    "  beta: {value: 0.6 1/d, kind: assumption, source: textbook}\n"
    "  gamma: {value: 0.3 1/d, kind: assumption, source: textbook}\n"
    "  N: {value: 50 cell, kind: assumption, source: textbook}\n"
    "reactions:\n"
    "  infection: {in: town, equation: S + I -> 2 I, rate: beta * S * I / N}\n"
    "  recovery: {in: town, equation: I -> R, rate: gamma * I}\n"
    "observables: {infected: town.I, removed: town.R}\n"
    "run: {until: 100 d, method: exact, seed: 1, save: {every: 1 d}}\n";

typedef struct sums {
    double last, frames;
} sums;

static lac_status take(void *context, const lac_simulation *simulation, bool fields)
{
    sums *of = context;
    size_t count;
    of->last = lac_simulation_values(simulation, &count)[1];
    of->frames++;
    (void)fields;
    return LAC_OK;
}

static lac_status march(lac_model *model, size_t replicates, double *mean)
{
    lac_status status = LAC_OK;
    lac_simulation *simulation = NULL;
    sums of = {0, 0};
    const lac_run_options options = {.frame = take, .context = &of};
    double total = 0;
    model->settings.replicate = 0;
    LAC_TRY(lac_simulation_create(model, &options, &simulation));
    for (size_t replicate = 0; replicate < replicates; replicate++) {
        model->settings.replicate = (double)replicate;
        LAC_TRY(lac_simulation_reset(simulation));
        LAC_TRY(lac_simulation_run(simulation));
        total += of.last;
    }
    *mean = total / (double)replicates;
out:
    lac_simulation_free(simulation);
    return status;
}

int main(int argc, char **argv)
{
    size_t replicates = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000;
    lac_model *model = NULL;
    lac_diagnostics list = {0};
    double mean = 0;
    omp_set_num_threads(1);
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "sir", .text = sir, .directory = "."}, &list, &model);
    double began = lac_clock_seconds();
    if (status == LAC_OK)
        status = march(model, replicates, &mean);
    double took = lac_clock_seconds() - began;
    if (status != LAC_OK)
        fprintf(stderr, "%s\n", lac_failure());
    else
        printf("bench members.in-memory %.0f 1/s (removed %.3f)\n", (double)replicates / took,
               mean);
    lac_model_free(model);
    lac_diagnostics_free(&list);
    return status == LAC_OK ? 0 : 1;
}
