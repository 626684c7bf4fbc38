/* What the tests of the index share: a campaign whose members are run in this process.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_SCENE_H
#define LAC_INDEX_SCENE_H

#include "config.h"

#include "testlib.h"

#include "base/memory.h"
#include "index/index.h"
#include "run/simulation.h"
#include "store/store.h"

#include <sys/stat.h>
#include <unistd.h>

/* A few molecules that decay one by one. */
static const char FEW[] = "lacuna: 1\n"
                          "title: a few molecules\n"
                          "domains:\n"
                          "  pool: {kind: well-mixed, volume: 1 mL}\n"
                          "species:\n"
                          "  A: {unit: cell, pool: {initial: start, total: true, display: cell}}\n"
                          "parameters:\n"
                          "  start: {value: 60 cell, range: [1 cell, 100 cell]}\n"
                          "  k: {value: 0.1 1/h, range: [0.01 1/h, 1 1/h], label: rate of decay}\n"
                          "  twice: {value: 2 * k}\n"
                          "reactions:\n"
                          "  decay: {in: pool, equation: \"A ->\", rate: k * A}\n"
                          "observables:\n"
                          "  left: {value: pool.A, unit: cell, label: what is left}\n"
                          "  share: {value: pool.A / start}\n"
                          "run: {until: 10 h, method: exact, save: {every: 1 h}}\n";

/* A slab with a field, deterministic. */
static const char SLAB[] =
    "lacuna: 1\n"
    "title: slab\n"
    "domains:\n"
    "  slab: {kind: tissue}\n"
    "  pool: {kind: well-mixed, volume: 1 uL}\n"
    "species:\n"
    "  A:\n"
    "    unit: molecule\n"
    "    slab: {initial: 1 nM, diffusivity: 40 um^2/s, display: nM}\n"
    "    pool: {initial: 10 nM, display: nM}\n"
    "  B:\n"
    "    unit: molecule\n"
    "    slab: {initial: 2 nM, display: nM}\n"
    "parameters:\n"
    "  k: {value: 0.3 1/h, range: [0.01 1/h, 3 1/h]}\n"
    "reactions:\n"
    "  uptake: {in: slab, equation: \"A ->\", rate: k * A}\n"
    "  loss: {in: slab, equation: \"B ->\", rate: k * B}\n"
    "interfaces:\n"
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"
    "observables:\n"
    "  A_mean: mean(A)\n"
    "tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um, represents: {area: 8000 um^2}}\n"
    "run: {until: 6 h, method: mean-field, save: {every: 1 h}}\n";

typedef struct scene {
    char directory[64], scenario[96], plan_path[96], out[96];
    lac_plan *plan;
    lac_sample_table *samples;
    lac_campaign *campaign;
} scene;

static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void scene_forget(scene *at)
{
    lac_campaign_close(at->campaign);
    lac_sample_table_free(at->samples);
    lac_plan_free(at->plan);
    at->campaign = NULL;
    at->samples = NULL;
    at->plan = NULL;
}

/* Reads the plan and opens its campaign in DIRECTORY/NAME. */
static inline void scene_load(scene *at, const char *name)
{
    lac_diagnostics list = {0};
    scene_forget(at);
    lac_status status =
        lac_plan_load(at->plan_path, (lac_file_finder){0}, NULL, 0, &list, &at->plan);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    assert_ok(lac_sample_table_create(at->plan, &at->samples));
    snprintf(at->out, sizeof at->out, "%s/%s", at->directory, name);
    assert_ok(lac_campaign_open(at->out, at->samples, (lac_share){0, 1}, "host", NULL, NULL,
                                &at->campaign));
}

static inline void scene_open(scene *at, const char *scenario, const char *plan)
{
    *at = (scene){.directory = "/tmp/lacuna-index-XXXXXX"};
    assert_non_null(mkdtemp(at->directory));
    snprintf(at->scenario, sizeof at->scenario, "%s/model.yaml", at->directory);
    snprintf(at->plan_path, sizeof at->plan_path, "%s/trial.yaml", at->directory);
    write_text(at->scenario, scenario);
    write_text(at->plan_path, plan);
    scene_load(at, "out");
}

static inline void scene_close(scene *at)
{
    char command[128];
    scene_forget(at);
    snprintf(command, sizeof command, "rm -rf '%s'", at->directory);
    assert_int_equal(system(command), 0);
    assert_int_equal(lac_memory_alive(), 0);
}

static inline const char *scene_member(const scene *at, size_t member)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/members/%06zu.nc", at->out, member);
    return path;
}

/* The settings of a member, as the words of its command say them. */
typedef struct said {
    lac_override set[32];
    char text[32][96];
    size_t count;
} said;

static inline void say(said *words, const char *name, const char *value)
{
    char *text = words->text[words->count];
    snprintf(text, sizeof words->text[0], "%s", name);
    char *rest = text + strlen(text) + 1;
    snprintf(rest, sizeof words->text[0] - strlen(text) - 1, "%s", value);
    words->set[words->count++] = (lac_override){text, rest};
}

static inline void say_member(const scene *at, size_t member, said *words)
{
    const lac_plan *plan = at->plan;
    double seed, replicate;
    char number[32];
    for (size_t set = 0; set < plan->sets; set++)
        say(words, plan->set[set].name, plan->set[set].value);
    for (size_t factor = 0; factor < plan->factors; factor++) {
        lac_text text = {0};
        lac_sample_table_setting(at->samples, lac_sample_table_point(at->samples, member), factor,
                                 &text);
        char *equals = strchr(text.bytes, '=');
        *equals = '\0';
        say(words, text.bytes, equals + 1);
        lac_text_free(&text);
    }
    lac_sample_table_streams(at->samples, member, &seed, &replicate);
    snprintf(number, sizeof number, "%.0f", seed);
    say(words, "run.seed", number);
    snprintf(number, sizeof number, "%.0f", replicate);
    say(words, "run.replicate", number);
    say(words, "run.save.fields", plan->fields);
}

/* Runs a member's scenario; `more` comes after the plan's own settings (NULL = none). */
static inline void scene_run_with(const scene *at, size_t member, const lac_override *more)
{
    said words = {.count = 0};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_simulation *simulation = NULL;
    char path[160];
    snprintf(path, sizeof path, "%s", scene_member(at, member));
    lac_run_options options = {.result = path,
                               .force = true,
                               .command = "lacuna run",
                               .host = "host",
                               .created = "2026-01-01T00:00:00Z"};
    say_member(at, member, &words);
    if (more) {
        for (size_t each = 0; each < words.count; each++)
            if (strcmp(words.set[each].name, more->name) == 0)
                words.set[each--] = words.set[--words.count];
        words.set[words.count++] = *more;
    }
    lac_status status = lac_scenario_load(&(lac_scenario_origin){.path = at->plan->scenario,
                                                                 .override = words.set,
                                                                 .overrides = words.count},
                                          &list, &model);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_ok(lac_simulation_run(simulation));
    lac_simulation_free(simulation);
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static inline void scene_note(const scene *at, size_t member, lac_member_status member_status,
                              const char *sentence)
{
    lac_attempt_record note = {.member = member,
                               .status = member_status,
                               .attempts = 1,
                               .wall = 2,
                               .cpu = 1.5,
                               .memory = 1e7,
                               .host = "host",
                               .ended = "2026-01-01T00:00:02Z"};
    snprintf(note.sentence, sizeof note.sentence, "%s", sentence);
    assert_ok(lac_campaign_write(at->campaign, &note));
}

static inline void scene_run(const scene *at, size_t member)
{
    scene_run_with(at, member, NULL);
    scene_note(at, member, LAC_DONE, "");
}

static inline void scene_run_all(const scene *at)
{
    for (size_t member = 0; member < at->samples->members; member++)
        scene_run(at, member);
}

static inline const char *scene_index(const scene *at)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/index.nc", at->out);
    return path;
}

static inline size_t scene_build(const scene *at)
{
    size_t done = 0;
    lac_index_origin origin = {"lacuna merge", "host", "2026-01-02T00:00:00Z", NULL};
    assert_ok(lac_index_build(at->campaign, at->samples, &origin, &done));
    return done;
}

/* A whole variable of a file; `length` may be NULL. To be freed with lac_free. */
static inline double *read_all(const char *file, const char *path, size_t length[8])
{
    lac_store *store = NULL;
    double *values = NULL;
    size_t rank, own[8];
    assert_ok(lac_store_open(file, false, &store));
    assert_ok(lac_store_read(store, path, &values, &rank, length ? length : own));
    assert_ok(lac_store_close(store));
    return values;
}

static inline double read_one(const char *file, const char *path, size_t at)
{
    double *values = read_all(file, path, NULL), value = values[at];
    lac_free(values);
    return value;
}

/* Row `at` of a text variable; valid until the next call. */
static inline const char *read_word(const char *file, const char *path, size_t at)
{
    static char word[512];
    lac_store *store = NULL;
    char **rows = NULL;
    size_t count = 0;
    assert_ok(lac_store_open(file, false, &store));
    assert_ok(lac_store_read_rows(store, path, &rows, &count));
    assert_true(at < count);
    snprintf(word, sizeof word, "%s", rows[at]);
    lac_store_free_list(rows, count);
    assert_ok(lac_store_close(store));
    return word;
}

/* --- plans, and what is in their members --- */

static const char GRID[] = "lacuna_plan: 1\n"
                           "title: two by two\n"
                           "scenario: model.yaml\n"
                           "replicates: 3\n"
                           "seed: 11\n"
                           "vary:\n"
                           "  k: [0.1 1/h, 0.5 1/h]\n"
                           "  start: [20 cell, 60 cell]\n"
                           "keep: {series: [left, pool_A]}\n"
                           "endpoints:\n"
                           "  at_5: {of: left, at: 5.5 h}\n"
                           "  fell: {of: share, take: least, change: yes}\n";

static const char FIELDS[] = "lacuna_plan: 1\n"
                             "scenario: model.yaml\n"
                             "design: latin-hypercube\n"
                             "points: 3\n"
                             "vary:\n"
                             "  k: {uniform: [0.1 1/h, 1 1/h]}\n"
                             "keep: {fields: all}\n";

enum { FRAMES = 7, VOXELS = 2 * 1 * 5, FIELD = FRAMES * VOXELS };

static inline size_t bytes_of(const char *path, char **bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    *bytes = malloc((size_t)size);
    assert_int_equal(fread(*bytes, 1, (size_t)size, file), size);
    fclose(file);
    return (size_t)size;
}

/* What the members' files hold of a field, NaN for `missing`. */
static inline void assert_shows_members(const scene *at, const char *file, const char *name,
                                        size_t missing)
{
    char path[64];
    size_t length[8];
    snprintf(path, sizeof path, "/fields/%s", name);
    double *shown = read_all(file, path, length);
    assert_int_equal(length[0], 3);
    assert_int_equal(length[1], FRAMES);
    snprintf(path, sizeof path, "/%s", name);
    for (size_t member = 0; member < 3; member++) {
        if (member == missing) {
            for (size_t value = 0; value < FIELD; value++)
                assert_true(isnan(shown[member * FIELD + value]));
            continue;
        }
        double *own = read_all(scene_member(at, member), path, NULL);
        assert_memory_equal(own, shown + member * FIELD, FIELD * sizeof *own);
        lac_free(own);
    }
    lac_free(shown);
}

static inline void scene_add_problem(void *context, const lac_index_problem *problem)
{
    lac_text *report = context;
    if (problem->member != LAC_NONE)
        lac_text_add(report, "member %zu: %s: ", problem->member, problem->status);
    lac_text_add(report, "%s\n", problem->sentence);
}

/* What has been lost of an index and its members, a line each; LAC_MEMORY where the text is not
 * whole. */
static inline lac_status scene_problems(const char *directory, lac_text *report, size_t *bad)
{
    lac_status status = lac_index_problems(directory, true, scene_add_problem, report, NULL, bad);
    return status == LAC_OK ? report->failed : status;
}

#endif
