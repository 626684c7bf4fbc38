/* Bench of output: what a step costs in scenarios with their own frames and with checkpoints,
 * against the same runs that save the first frame and the last. Stopping for a frame makes steps of
 * its own; so that only the writing is compared, the other run takes no step longer than the
 * interval between frames. And the price of a checkpoint.
 *
 *   column: 24 voxels, two years, frames daily; it is over before a checkpoint is due.
 *   section: 6000 voxels, eight days, frames daily, fields every four days, a checkpoint a minute.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/vector.h"
#include "loading/scenario.h"
#include "run/simulation_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double DAY = 86400; /* [s] */

typedef struct run_case {
    const char *name, *scenario;
    double until;        /* [s] */
    double fields_every; /* [s] */
    double checkpoint;   /* [s] of wall clock */
    int times;           /* odd: the median is taken */
} run_case;

static char directory[] = "/tmp/lacuna-bench-XXXXXX";

static void must(lac_status status)
{
    if (status == LAC_OK)
        return;
    fprintf(stderr, "bench_output: %s\n", lac_failure());
    exit(1);
}

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static lac_model *load(const run_case *c)
{
    char path[1024];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    snprintf(path, sizeof path, LAC_BENCH_SOURCE "/%s", c->scenario);
    must(lac_scenario_load(&(lac_scenario_origin){.path = path}, &list, &model));
    lac_diagnostics_free(&list);
    model->settings.until = c->until;
    return model;
}

typedef struct cost {
    double wall, cpu; /* [s] of a step */
    double save;      /* [s] of wall clock for a checkpoint */
    size_t steps;
} cost;

static cost march(const run_case *c, bool writes)
{
    char result[64];
    lac_model *model = load(c);
    lac_settings *settings = &model->settings;
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = result, .force = true};
    snprintf(result, sizeof result, "%s/run.nc", directory);
    settings->save_every = writes ? DAY : c->until;
    settings->save_fields_every = writes ? c->fields_every : 0;
    settings->checkpoint_every = writes ? c->checkpoint : 0;
    settings->longest_step = DAY;
    must(lac_simulation_create(model, &options, &simulation));
    double wall = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    must(lac_simulation_run(simulation));
    wall = seconds_of(CLOCK_MONOTONIC) - wall;
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    double steps = (double)lac_simulation_counters(simulation).steps;
    lac_simulation_free(simulation);
    lac_model_free(model);
    return (cost){.wall = wall / steps, .cpu = cpu / steps, .steps = (size_t)steps};
}

/* Of a run that has just begun. */
static double checkpoint(const run_case *c)
{
    char result[64];
    lac_model *model = load(c);
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = result, .force = true};
    snprintf(result, sizeof result, "%s/saved.nc", directory);
    must(lac_simulation_create(model, &options, &simulation));
    must(lac_simulation_save(simulation));
    double start = seconds_of(CLOCK_MONOTONIC);
    must(lac_simulation_save(simulation));
    double spent = seconds_of(CLOCK_MONOTONIC) - start;
    lac_simulation_free(simulation);
    lac_model_free(model);
    return spent;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { TIMES_MOST = 15 };

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

/* Interleaved medians. */
static void compare(const run_case *c)
{
    double wall[2][TIMES_MOST], cpu[2][TIMES_MOST], save[TIMES_MOST];
    size_t steps[2];
    for (int k = 0; k < c->times; k++) {
        for (int writes = 0; writes < 2; writes++) {
            cost spent = march(c, writes);
            wall[writes][k] = spent.wall;
            cpu[writes][k] = spent.cpu;
            steps[writes] = spent.steps;
        }
        save[k] = checkpoint(c);
    }
    static const char *const what[] = {"no_output", "output"};
    double all[2], work[2];
    for (int writes = 0; writes < 2; writes++) {
        all[writes] = median(wall[writes], c->times);
        work[writes] = median(cpu[writes], c->times);
        printf("bench %s_%s %.4g ms (%.4g of CPU) a step of %zu\n", what[writes], c->name,
               1e3 * all[writes], 1e3 * work[writes], steps[writes]);
    }
    printf("bench checkpoint_%s %.3g ms\n", c->name, 1e3 * median(save, c->times));
    printf("ratio %.3f against two frames only, %.3f of CPU\n", all[1] / all[0], work[1] / work[0]);
}

int main(void)
{
    const run_case cases[] = {
        {"column", "params/joint/column/even_adsc_50M.yaml", 730 * DAY, 365 * DAY, 0, 7},
        {"section", "params/joint/moderate_adsc_50M.yaml", 8 * DAY, 4 * DAY, 60, 3},
    };
    char command[64];
    if (!mkdtemp(directory))
        return 1;
    lac_threads_set(1);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        compare(&cases[k]);
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command) == 0 ? 0 : 1;
}
