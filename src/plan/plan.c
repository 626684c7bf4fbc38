/* Plan: reads a plan and its scenario, in the order in which what is read needs what was read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* access */
#include "plan/plan_internal.h"
#include "plan/trial.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const design_words[] = {
#define DESIGN_WORD(id, word, summary) word,
    LAC_DESIGN_LIST(DESIGN_WORD)
#undef DESIGN_WORD
};
static const char *const design_summaries[] = {
#define DESIGN_SUMMARY(id, word, summary) summary,
    LAC_DESIGN_LIST(DESIGN_SUMMARY)
#undef DESIGN_SUMMARY
};

const char *lac_design_word(lac_design_kind kind)
{
    return design_words[kind];
}

const char *lac_design_summary(lac_design_kind kind)
{
    return design_summaries[kind];
}

/* --- owning --------------------------------------------------------------------------------------
 */

static void free_factor(lac_factor *factor)
{
    lac_free(factor->name);
    lac_free(factor->label);
    lac_free(factor->unit);
    lac_free(factor->cf_unit);
    lac_free(factor->level);
    for (size_t level = 0; factor->word && level < factor->levels; level++)
        lac_free(factor->word[level]);
    lac_free(factor->word);
}

void lac_plan_free(lac_plan *plan)
{
    if (!plan)
        return;
    for (size_t factor = 0; plan->factor && factor < plan->factors; factor++)
        free_factor(&plan->factor[factor]);
    for (size_t set = 0; plan->set && set < plan->sets; set++) {
        lac_free((char *)plan->set[set].name);
        lac_free((char *)plan->set[set].value);
    }
    lac_endpoints_free(plan->endpoint, plan->endpoints);
    for (size_t serie = 0; plan->serie && serie < plan->series; serie++)
        lac_free(plan->serie[serie]);
    for (size_t arm = 0; plan->arm && arm < plan->arms; arm++)
        lac_free(plan->arm[arm]);
    lac_free(plan->arm);
    lac_free(plan->rank);
    lac_free(plan->copula);
    lac_trial_free(plan->trial);
    lac_free(plan->factor);
    lac_free(plan->set);
    lac_free(plan->serie);
    lac_free(plan->fields);
    lac_free(plan->title);
    lac_free(plan->name);
    lac_free(plan->scenario);
    lac_model_free(plan->model);
    lac_source_free(&plan->text);
    lac_source_free(&plan->said);
    lac_source_free(&plan->asked);
    lac_source_free(&plan->table);
    lac_free(plan);
}

/* --- heading -------------------------------------------------------------------------------------
 */

enum { MOST_POINTS = 1000000, MOST_LEVELS = 1000 };
static const double MOST_SEED = 9007199254740991.0;

static void read_count(lac_plan_reader *reader, const char *key, double least, double most,
                       double *count)
{
    const lac_yaml *node = lac_yaml_get(reader->root, key);
    if (node)
        lac_plan_count(&reader->loader, node, key, least, most, count);
}

static size_t read_choice(lac_plan_reader *reader, const char *key, const char *const *words,
                          size_t count)
{
    const lac_yaml *node = lac_yaml_get(reader->root, key);
    size_t choice = node ? lac_load_choice(&reader->loader, node, words, count, key) : 0;
    return choice == LAC_NONE ? 0 : choice;
}

/* `points:` belongs to sampled designs, and they need it; `levels:` to Morris. */
static void read_size(lac_plan_reader *reader)
{
    lac_plan *plan = reader->plan;
    const lac_yaml *points = lac_yaml_get(reader->root, "points");
    const lac_yaml *levels = lac_yaml_get(reader->root, "levels");
    const lac_yaml *design = lac_yaml_get(reader->root, "design");
    bool morris = plan->design == LAC_DESIGN_MORRIS;
    double samples = 1, grid_levels = 4, start = 0;
    if (points && plan->design == LAC_DESIGN_GRID)
        lac_report(reader->loader.list, LAC_ERROR, points->place,
                   "a grid has the points that its lists make; points: is for sampled designs, "
                   "such as design: latin-hypercube");
    else if (!points && plan->design != LAC_DESIGN_GRID && plan->design != LAC_DESIGN_TABLE)
        lac_report(reader->loader.list, LAC_ERROR, design->place, "a %s design needs points: %s",
                   design_words[plan->design],
                   morris ? "the number of trajectories" : "how many points are sampled");
    read_count(reader, "points", morris || plan->design == LAC_DESIGN_SALTELLI ? 2 : 1, MOST_POINTS,
               &samples);
    if (levels && !morris)
        lac_report(reader->loader.list, LAC_ERROR, levels->place, "levels: is for design: morris");
    const lac_yaml *first = lac_yaml_get(reader->root, "first");
    if (first && plan->design != LAC_DESIGN_SOBOL)
        lac_report(reader->loader.list, LAC_ERROR, first->place,
                   "first: is for design: sobol: where in the sequence it begins");
    read_count(reader, "first", 1, MOST_POINTS, &start);
    read_count(reader, "levels", 2, MOST_LEVELS, &grid_levels);
    if (fmod(grid_levels, 2) != 0)
        lac_report(reader->loader.list, LAC_ERROR, levels->place,
                   "levels must be even, so that the steps of a morris design reach every level as "
                   "often");
    plan->samples = (size_t)samples;
    plan->first = (size_t)start;
    plan->grid_levels = (size_t)grid_levels;
}

static lac_status read_heading(lac_plan_reader *reader)
{
    static const char *const streams[] = {"independent", "common"}, *const rows[] = {"shared",
                                                                                     "own"};
    static const char *const keys[] = {
        "lacuna_plan", "title",      "notes", "scenario",    "set",   "design", "points",
        "levels",      "replicates", "seed",  "streams",     "vary",  "keep",   "endpoints",
        "first",       "table",      "arms",  "correlation", "trial", "rows"};
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    double replicates = 1;
    lac_yaml_only(reader->root, keys, sizeof keys / sizeof *keys, "a plan", reader->loader.list);
    LAC_TRY(lac_load_copy(&reader->loader, reader->root, "title", &plan->title));
    lac_load_word(&reader->loader, reader->root, "notes");
    plan->design = (lac_design_kind)read_choice(reader, "design", design_words, LAC_DESIGNS);
    plan->common_streams = read_choice(reader, "streams", streams, 2) == 1;
    plan->own_rows = read_choice(reader, "rows", rows, 2) == 1;
    read_size(reader);
    read_count(reader, "replicates", 1, MOST_POINTS, &replicates);
    read_count(reader, "seed", 0, MOST_SEED, &plan->seed);
    plan->replicates = (size_t)replicates;
out:
    return status;
}

/* --- scenario ------------------------------------------------------------------------------------
 */

/* Beside the plan; from here, as a plan that a directory keeps says it; or where `find` finds it.
 */
static lac_status locate(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    char *directory = NULL, *beside = NULL;
    const lac_yaml *node = lac_yaml_get(reader->root, "scenario");
    if (!node || !lac_is_scalar(&reader->loader, node, node->place, "scenario")) {
        if (!node)
            lac_report(reader->loader.list, LAC_ERROR, reader->root->place,
                       "a plan needs a scenario: scenario: FILE.yaml");
        goto out;
    }
    LAC_OWN(directory, lac_path_directory(plan->text.path));
    LAC_OWN(beside, lac_path_join(directory, node->scalar));
    if (access(beside, F_OK) == 0) {
        plan->scenario = beside;
        beside = NULL;
    } else if (access(node->scalar, F_OK) == 0) {
        LAC_OWN(plan->scenario, lac_copy_text(node->scalar));
    } else if (reader->finder.find) {
        plan->scenario = reader->finder.find(reader->finder.context, node->scalar);
    }
    if (!plan->scenario)
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "there is no scenario %s, neither beside the plan, nor here, nor installed",
                   beside);
out:
    lac_free(directory);
    lac_free(beside);
    return status;
}

/* Loads it with a list of its own: messages on the plan must not stop the scenario. */
static lac_status load_scenario(lac_plan_reader *reader)
{
    lac_diagnostics found = {0}, *list = reader->loader.list;
    lac_plan *plan = reader->plan;
    lac_scenario_origin origin = {.path = plan->scenario,
                                  .override = plan->set,
                                  .overrides = plan->sets,
                                  .place = reader->place,
                                  .finder = reader->finder};
    lac_status status = lac_scenario_load(&origin, &found, &plan->model);
    lac_text_add_bytes(&list->text, lac_text_of(&found.text), found.text.length);
    list->errors += found.errors;
    list->reported += found.reported;
    list->warnings += found.warnings;
    lac_diagnostics_free(&found);
    if (status == LAC_NO_INPUT && reader->root)
        lac_report(list, LAC_ERROR, lac_yaml_get(reader->root, "scenario")->place,
                   "cannot read: %s", lac_failure());
    return status == LAC_INPUT || (status == LAC_NO_INPUT && reader->root) ? LAC_OK : status;
}

/* --- a plan --------------------------------------------------------------------------------------
 */

enum { LONGEST_TEXT = 16 << 20 };

/* The tree of the text, if it is a plan. */
static lac_status parse(lac_plan_reader *reader, const char *path)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    lac_diagnostics *list = reader->loader.list;
    LAC_TRY(lac_text_read(path, LONGEST_TEXT, &plan->text.bytes, &plan->text.length));
    LAC_OWN(plan->text.path, lac_copy_text(path));
    LAC_TRY(lac_source_make_index(&plan->text));
    LAC_OWN(plan->name, lac_path_name(path));
    LAC_TRY(lac_yaml_parse(&plan->text, list, &reader->root));
    if (!reader->root ||
        !lac_is_mapping(&reader->loader, reader->root, reader->root->place, "a plan"))
        goto out;
    const lac_yaml *version = lac_yaml_get(reader->root, "lacuna_plan");
    const lac_yaml *model = lac_yaml_get(reader->root, "lacuna");
    if (!version)
        lac_report(list, LAC_ERROR, model ? model->place : reader->root->place,
                   model ? "this is a scenario or a model, not a plan: lacuna run and lacuna "
                           "ensemble take it"
                         : "a plan must say its version of the language: lacuna_plan: 1");
    else if (lac_is_scalar(&reader->loader, version, version->place, "lacuna_plan") &&
             strcmp(version->scalar, "1") != 0)
        lac_report(list, LAC_ERROR, version->place,
                   "unknown version '%.20s' of the language of plans; this program reads "
                   "lacuna_plan: 1",
                   version->scalar);
out:
    return status;
}

static lac_status read_plan(lac_plan_reader *reader, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    LAC_TRY(read_heading(reader));
    LAC_TRY(locate(reader));
    LAC_TRY(lac_plan_sets(reader, overrides, count));
    if (!reader->plan->scenario)
        goto out;
    LAC_TRY(load_scenario(reader));
    if (!reader->plan->model)
        goto out;
    LAC_TRY(lac_plan_table(reader));
    LAC_TRY(lac_plan_factors(reader));
    LAC_TRY(lac_plan_correlation(reader));
    LAC_TRY(lac_plan_trial(reader));
    LAC_TRY(lac_plan_outcomes(reader));
    if (reader->loader.list->errors == 0)
        LAC_TRY(lac_plan_ends(reader));
out:
    return status;
}

/* Takes what the reader has; hands the plan over when all is well. */
static lac_status finish(lac_plan_reader *reader, lac_status status, const char *path,
                         lac_plan **plan)
{
    LAC_TRY(status);
    LAC_TRY(reader->loader.fatal);
    LAC_TRY(lac_diagnostics_status(reader->loader.list, path));
    LAC_TRY(lac_plan_seal(reader->plan));
    *plan = reader->plan;
    reader->plan = NULL;
out:
    lac_plan_free(reader->plan);
    lac_free(reader->place);
    lac_yaml_free(reader->root);
    lac_yaml_free(reader->table);
    return status;
}

lac_status lac_plan_load(const char *path, lac_file_finder finder, const lac_override *overrides,
                         size_t count, lac_diagnostics *list, lac_plan **plan)
{
    lac_status status = LAC_OK;
    lac_plan_reader reader = {.loader = {.list = list}, .finder = finder};
    *plan = NULL;
    LAC_NEW(reader.plan, 1);
    reader.plan->seed = 1;
    reader.plan->finder = finder;
    LAC_TRY(parse(&reader, path));
    if (list->errors == 0)
        LAC_TRY(read_plan(&reader, overrides, count));
out:
    return finish(&reader, status, path, plan);
}

lac_status lac_plan_of_scenario(const lac_scenario_origin *origin, size_t replicates,
                                lac_diagnostics *list, lac_plan **plan)
{
    lac_status status = LAC_OK;
    lac_plan_reader reader = {.loader = {.list = list}, .finder = origin->finder};
    *plan = NULL;
    LAC_NEW(reader.plan, 1);
    reader.plan->seed = NAN;
    reader.plan->finder = origin->finder;
    reader.plan->samples = 1;
    reader.plan->grid_levels = 4;
    reader.plan->replicates = replicates;
    LAC_REQUIRE(replicates >= 1 && replicates <= MOST_POINTS, LAC_INPUT,
                "an ensemble has from 1 to %d replicates, not %zu", MOST_POINTS, replicates);
    LAC_OWN(reader.plan->name, lac_path_name(origin->path));
    LAC_OWN(reader.plan->scenario, lac_copy_text(origin->path));
    LAC_TRY(lac_plan_sets(&reader, origin->override, origin->overrides));
    LAC_TRY(load_scenario(&reader));
    if (!reader.plan->model)
        goto out;
    if (isnan(reader.plan->seed))
        reader.plan->seed =
            reader.plan->model->settings.seed >= 0 ? reader.plan->model->settings.seed : 1;
    LAC_TRY(lac_plan_outcomes(&reader));
out:
    return finish(&reader, status, origin->path, plan);
}

lac_status lac_plan_resize(lac_plan *plan, size_t points)
{
    if (plan->design == LAC_DESIGN_GRID || plan->design == LAC_DESIGN_TABLE)
        return lac_fail(LAC_USAGE, "--patients: the plan is a %s, whose points are listed",
                        design_words[plan->design]);
    plan->samples = points;
    return lac_plan_seal(plan);
}
