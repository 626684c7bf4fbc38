/* Bench of checksums: what a run of the knee section costs with and without those of its result.
 * Interleaved, by CPU time; and what a byte of a field costs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "loading/scenario.h"
#include "run/simulation_internal.h"
#include "store/checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double DAY = 86400; /* [s] */

enum { TIMES = 5, BUFFER = 1 << 24 };

static char result[] = "/tmp/lacuna-bench-XXXXXX";

static void must(lac_status status)
{
    if (status == LAC_OK)
        return;
    fprintf(stderr, "bench_checksum: %s\n", lac_failure());
    exit(1);
}

static double cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* [s] of CPU of a run: eight days of the section, all frames daily. */
static double march(bool sums)
{
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_simulation *simulation = NULL;
    lac_run_options options = {.result = result, .force = true};
    must(lac_scenario_load(
        &(lac_scenario_origin){.path = LAC_BENCH_SOURCE "/params/joint/moderate_adsc_50M.yaml"},
        &list, &model));
    lac_settings *settings = &model->settings;
    settings->until = 8 * DAY;
    settings->save_every = DAY;
    settings->save_fields_every = 0;
    settings->checkpoint_every = 0;
    settings->compression += sums ? 0 : LAC_STORE_NO_SUMS;
    must(lac_simulation_create(model, &options, &simulation));
    double begin = cpu();
    must(lac_simulation_run(simulation));
    double spent = cpu() - begin;
    lac_simulation_free(simulation);
    lac_model_free(model);
    lac_diagnostics_free(&list);
    return spent;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double bytes_per_second(void)
{
    char *bytes = calloc(BUFFER, 1);
    uint64_t sum = 0;
    if (!bytes)
        return 0;
    double begin = cpu();
    for (int k = 0; k < 8; k++)
        sum = lac_checksum(sum, bytes, BUFFER);
    double spent = cpu() - begin;
    free(bytes);
    return sum ? 8.0 * BUFFER / spent : 0;
}

int main(void)
{
    double spent[2][TIMES], ratio[TIMES];
    int file = mkstemp(result);
    if (file < 0)
        return 1;
    close(file);
    for (int k = 0; k < TIMES; k++) {
        for (int sums = 0; sums < 2; sums++)
            spent[sums][k] = march(sums);
        ratio[k] = spent[1][k] / spent[0][k];
    }
    unlink(result);
    for (int sums = 0; sums < 2; sums++)
        qsort(spent[sums], TIMES, sizeof(double), by_value);
    qsort(ratio, TIMES, sizeof(double), by_value);
    printf("bench checksum_none %.4g s of CPU\n", spent[0][TIMES / 2]);
    printf("bench checksum %.4g s of CPU\n", spent[1][TIMES / 2]);
    printf("bench checksum_speed %.3g GB/s\n", 1e-9 * bytes_per_second());
    printf("ratio %.4f with checksums (pairs from %.4f to %.4f)\n", ratio[TIMES / 2], ratio[0],
           ratio[TIMES - 1]);
    return 0;
}
