/* Bench of the index: making it from many small members, and looking through them again.
 * Usage: bench_index [MEMBERS] (default 2000; a member's file takes about 60 kB in TMPDIR).
 * Prints `bench NAME VALUE UNIT`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "index/index.h"
#include "run/simulation.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char SCENARIO[] = "lacuna: 1\n"
                               "title: a few molecules\n"
                               "domains:\n"
                               "  pool: {kind: well-mixed, volume: 1 mL}\n"
                               "species:\n"
                               "  A: {unit: cell, pool: {initial: 60 cell, total: true}}\n"
                               "parameters:\n"
                               "  k: {value: 0.1 1/h}\n"
                               "reactions:\n"
                               "  decay: {in: pool, equation: \"A ->\", rate: k * A}\n"
                               "observables:\n"
                               "  left: pool.A\n"
                               "  share: {value: pool.A / 60 cell}\n"
                               "run: {until: 100 h, method: exact, save: {every: 1 h}}\n";

typedef struct bench {
    char directory[64], out[96];
    lac_plan *plan;
    lac_sample_table *samples;
    lac_campaign *campaign;
} bench;

static double now(void)
{
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec; /* [s] */
}

static void must(lac_status status)
{
    if (status == LAC_OK)
        return;
    fprintf(stderr, "bench_index: %s\n", lac_failure());
    exit(1);
}

static void write_text(const char *directory, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        exit(1);
}

static void prepare(bench *work, size_t members)
{
    char plan[256], path[128];
    lac_diagnostics list = {0};
    const char *temporary = getenv("TMPDIR");
    snprintf(work->directory, sizeof work->directory, "%.40s/lacuna-bench-XXXXXX",
             temporary ? temporary : "/tmp");
    if (!mkdtemp(work->directory))
        exit(1);
    snprintf(work->out, sizeof work->out, "%s/out", work->directory);
    snprintf(plan, sizeof plan,
             "lacuna_plan: 1\nscenario: model.yaml\nreplicates: %zu\nvary: {k: [0.1 1/h]}\n",
             members);
    write_text(work->directory, "model.yaml", SCENARIO);
    write_text(work->directory, "plan.yaml", plan);
    snprintf(path, sizeof path, "%s/plan.yaml", work->directory);
    must(lac_plan_load(path, (lac_file_finder){0}, NULL, 0, &list, &work->plan));
    lac_diagnostics_free(&list);
    must(lac_sample_table_create(work->plan, &work->samples));
    must(lac_campaign_open(work->out, work->samples, (lac_share){0, 1}, "host", NULL, NULL,
                           &work->campaign));
}

/* Runs the first member; the others are copies of it that say another stream. */
static void run_first(const bench *work, const char *path)
{
    const lac_override set[] = {{"k", "0.1 1/h"}, {"run.seed", "1"}, {"run.save.fields", "none"}};
    lac_run_options options = {.result = path, .command = "", .host = "", .created = "today"};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_simulation *simulation = NULL;
    must(lac_scenario_load(
        &(lac_scenario_origin){.path = work->plan->scenario, .override = set, .overrides = 3},
        &list, &model));
    must(lac_simulation_create(model, &options, &simulation));
    must(lac_simulation_run(simulation));
    lac_simulation_free(simulation);
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static void note_done(const bench *work, size_t member)
{
    lac_attempt_record note = {.member = member, .status = LAC_DONE, .attempts = 1, .wall = 1};
    must(lac_campaign_write(work->campaign, &note));
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 20];
    FILE *source = fopen(from, "rb"), *target = fopen(to, "wb");
    size_t count = source ? fread(bytes, 1, sizeof bytes, source) : 0;
    if (!target || count == 0 || count == sizeof bytes ||
        fwrite(bytes, 1, count, target) != count || fclose(target) != 0)
        exit(1);
    fclose(source);
}

static void make_members(const bench *work)
{
    lac_text first = {0}, path = {0};
    lac_campaign_path(work->campaign, 0, "nc", &first);
    run_first(work, first.bytes);
    note_done(work, 0);
    for (size_t member = 1; member < work->samples->members; member++) {
        lac_store *store = NULL;
        lac_text_free(&path);
        lac_campaign_path(work->campaign, member, "nc", &path);
        copy_file(first.bytes, path.bytes);
        must(lac_store_open(path.bytes, true, &store));
        must(lac_store_number_attribute(store, "/provenance", "setting_replicate", (double)member));
        must(lac_store_close(store));
        note_done(work, member);
    }
    lac_text_free(&first);
    lac_text_free(&path);
}

/* [ms] for each member. */
static double build(const bench *work, size_t *done)
{
    double start = now();
    must(lac_index_build(work->campaign, work->samples, NULL, done));
    return 1e3 * (now() - start) / (double)work->samples->members;
}

static void print_problem(void *context, const lac_index_problem *problem)
{
    (void)context;
    printf("%s\n", problem->sentence);
}

static double verify(const bench *work, size_t *bad)
{
    double start = now();
    must(lac_index_problems(work->out, true, print_problem, NULL, NULL, bad));
    return 1e3 * (now() - start) / (double)work->samples->members;
}

static void clean(bench *work)
{
    char command[128];
    lac_campaign_close(work->campaign);
    lac_sample_table_free(work->samples);
    lac_plan_free(work->plan);
    snprintf(command, sizeof command, "rm -rf '%s'", work->directory);
    if (system(command) != 0)
        exit(1);
}

int main(int argc, char **argv)
{
    bench work = {.plan = NULL};
    size_t members = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000, done = 0, bad = 0;
    if (members < 2)
        return 2;
    prepare(&work, members);
    make_members(&work);
    printf("bench index_of_%zu_members %.3f ms/member\n", members, build(&work, &done));
    printf("bench verify_%zu_members %.3f ms/member\n", members, verify(&work, &bad));
    clean(&work);
    if (done != members || bad != 0)
        fprintf(stderr, "bench_index: %zu members are done, %zu are bad\n", done, bad);
    return done == members && bad == 0 ? 0 : 1;
}
