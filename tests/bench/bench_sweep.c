/* Bench of a sweep: 48 members, each the whole knee in a column for two years, by one worker and by
 * two, in turns, with the index. How much of two processors is used: their ratio, 2 at best.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ftw.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 2 };

extern char **environ;
static char directory[] = "/tmp/lacuna-bench-XXXXXX";

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec; /* [s] */
}

/* [s] of processor time of all that was run until now. */
static double spent(void)
{
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    return (double)use.ru_utime.tv_sec + 1e-6 * (double)use.ru_utime.tv_usec +
           (double)use.ru_stime.tv_sec + 1e-6 * (double)use.ru_stime.tv_usec;
}

static void write_plan(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror("bench_sweep");
        exit(1);
    }
    fprintf(file, "lacuna_plan: 1\n"
                  "scenario: " LAC_BENCH_SOURCE "/params/joint/column/moderate_adsc_50M.yaml\n"
                  "vary: {MSC_injected: {from: 2e6 cell, to: 1e8 cell, steps: 48, scale: log}}\n");
    fclose(file);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

/* [s] of one sweep. */
static double sweep(char *plan, char *workers)
{
    char out[64];
    snprintf(out, sizeof out, "%s/out", directory);
    char *words[] = {"./lacuna", "sweep",     plan, "--out",   out, "--workers",
                     workers,    "--threads", "1",  "--quiet", NULL};
    pid_t child;
    int how = 1;
    double began = now();
    if (posix_spawn(&child, words[0], NULL, NULL, words, environ) != 0 ||
        waitpid(child, &how, 0) != child || how != 0) {
        fprintf(stderr, "bench_sweep: %s fails; it is looked for in the current directory\n",
                words[0]);
        exit(1);
    }
    double took = now() - began;
    nftw(out, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return took;
}

int main(void)
{
    char plan[64];
    double best[2] = {INFINITY, INFINITY}, processor = 0;
    if (!mkdtemp(directory))
        return 1;
    snprintf(plan, sizeof plan, "%s/doses.yaml", directory);
    write_plan(plan);
    for (int turn = 0; turn < TURNS; turn++)
        for (int each = 0; each < 2; each++) {
            double before = spent();
            double took = sweep(plan, each == 0 ? "1" : "2");
            if (took < best[each]) {
                best[each] = took;
                processor = spent() - before;
            }
        }
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("bench sweep_48_columns_1_worker %.3f s\n", best[0]);
    printf("bench sweep_48_columns_2_workers %.3f s\n", best[1]);
    printf("bench sweep_48_columns_processor_time %.3f s\n", processor);
    printf("ratio %.3f against one worker (2 at best)\n", best[0] / best[1]);
    return 0;
}
