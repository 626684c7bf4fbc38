/* Bench of a sweep: 48 members, each the whole knee in a column for two years, by one worker, by
 * two, and by two sweeps of one worker and half of the members each, side by side, in turns, with
 * the index. How much of two processors is used: the ratio of the first two, 2 at best. The third
 * is what the machine gives to processes that know nothing of each other: what it falls short of 2,
 * no sweep can mend.
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
                  "scenario: " LAC_BENCH_SOURCE "/params/joint/column/even_adsc_50M.yaml\n"
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

/* Begins the sweep of a share of the members into the directory `out`. */
static pid_t begin(char *plan, char *out, char *workers, char *share)
{
    char *words[] = {"./lacuna",  "sweep", plan,      "--out",  out,   "--workers", workers,
                     "--threads", "1",     "--quiet", "--task", share, NULL};
    pid_t child;
    if (posix_spawn(&child, words[0], NULL, NULL, words, environ) != 0) {
        fprintf(stderr, "bench_sweep: no %s in the current directory\n", words[0]);
        exit(1);
    }
    return child;
}

static void end(pid_t child, const char *out)
{
    int how = 1;
    if (waitpid(child, &how, 0) != child || how != 0) {
        fprintf(stderr, "bench_sweep: a sweep fails\n");
        exit(1);
    }
    nftw(out, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

typedef enum { ONE_WORKER, TWO_WORKERS, TWO_SWEEPS, MANNERS } manner;

/* [s] of all members in that manner. */
static double sweep(char *plan, manner how)
{
    char out[2][64];
    pid_t child[2];
    int count = how == TWO_SWEEPS ? 2 : 1;
    double began = now();
    for (int i = 0; i < count; i++) {
        snprintf(out[i], sizeof out[i], "%s/out-%d", directory, i);
        child[i] = begin(plan, out[i], how == TWO_WORKERS ? "2" : "1",
                         count == 1 ? "1/1" : (i == 0 ? "1/2" : "2/2"));
    }
    for (int i = 0; i < count; i++)
        end(child[i], out[i]);
    return now() - began;
}

int main(void)
{
    char plan[64];
    double best[MANNERS] = {INFINITY, INFINITY, INFINITY}, processor[MANNERS] = {0};
    if (!mkdtemp(directory))
        return 1;
    snprintf(plan, sizeof plan, "%s/doses.yaml", directory);
    write_plan(plan);
    for (int turn = 0; turn < TURNS; turn++)
        for (manner how = 0; how < MANNERS; how++) {
            double before = spent();
            double took = sweep(plan, how);
            if (took < best[how]) {
                best[how] = took;
                processor[how] = spent() - before;
            }
        }
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    static const char *const name[MANNERS] = {"1_worker", "2_workers", "2_sweeps"};
    for (manner how = 0; how < MANNERS; how++)
        printf("bench sweep_48_columns_%s %.3f s, processor time %.3f s\n", name[how], best[how],
               processor[how]);
    printf("ratio %.3f against one worker (2 at best)\n", best[ONE_WORKER] / best[TWO_WORKERS]);
    printf("ratio %.3f of two sweeps side by side (what the machine gives)\n",
           best[ONE_WORKER] / best[TWO_SWEEPS]);
    return 0;
}
