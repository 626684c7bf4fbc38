/* Many runs: from the words of the command to a sample table and a crew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/many.h"

#include "base/memory.h"
#include "base/vector.h"
#include "campaign/plan_extension.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char checkpoint_every[] = "10 min";

/* Of the program and its libraries, beside what a model needs [bytes]. */
enum { PROGRAM_BYTES = 40000000, PATH_BYTES = 4096 };

/* --- begin
 * ------------------------------------------------------------------------------------------- */

static lac_status read_task(const char *text, lac_share *share)
{
    size_t task = 0, tasks = 0;
    int length = 0;
    if (sscanf(text, "%zu/%zu%n", &task, &tasks, &length) != 2 || text[length] != '\0' ||
        text[0] == '-' || strchr(text, '-'))
        return lac_fail(LAC_USAGE, "--task: '%s' is not K/N, such as 3/10", text);
    if (task < 1 || task > tasks)
        return lac_fail(LAC_USAGE, "--task: %zu of %zu: tasks count from 1 to their number", task,
                        tasks);
    *share = (lac_share){task - 1, tasks};
    return LAC_OK;
}

/* The path of this program, so that its members are of the same build. */
static lac_status find_program(const char *said, lac_text *program)
{
    char path[PATH_BYTES];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length > 0 && length < (ssize_t)sizeof path && access("/proc/self/exe", X_OK) == 0)
        lac_text_add_bytes(program, path, (size_t)length);
    else
        lac_text_add(program, "%s", said);
    return program->failed;
}

lac_status lac_many_begin(lac_many *many, const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_settings settings;
    many->words = words;
    many->share = (lac_share){0, 1};
    if (words->task)
        LAC_TRY(read_task(words->task, &many->share));
    lac_settings_default(&settings);
    if (words->checkpoint_every &&
        lac_settings_set(&settings, "checkpoint.every", words->checkpoint_every) != LAC_OK)
        LAC_TRY(lac_fail_in(LAC_USAGE, "--checkpoint-every"));
    LAC_TRY(find_program(argv[0], &many->program));
    LAC_TRY(lac_circumstances_find(argc, argv, &many->now));
out:
    return status;
}

/* --- plan and sample table
 * ------------------------------------------------------------------------------------------- */

/* The members of a plan whose directory is there have the numbers that it keeps; when the plan has
 * grown and may, as many more as are new. What does not fit is told when the directory is opened.
 */
static lac_status number_members(lac_many *many)
{
    lac_status status = LAC_OK;
    lac_plan_extension extension = {0};
    const char *directory = lac_text_of(&many->directory);
    LAC_TRY(lac_plan_extension_compare(directory, many->samples, &extension));
    if (extension.kind == LAC_EXTENSION_SAME)
        LAC_TRY(lac_plan_extension_number(directory, many->samples));
    else if (extension.kind == LAC_EXTENSION_MORE && many->words->extend)
        LAC_TRY(
            lac_plan_extension_extend(directory, &extension, lac_launch_installed, many->samples));
out:
    lac_plan_extension_free(&extension);
    return status;
}

static lac_status list_members(lac_many *many)
{
    lac_status status = LAC_OK;
    lac_text_free(&many->directory);
    if (many->words->out)
        lac_text_add(&many->directory, "%s", many->words->out);
    else
        lac_text_add(&many->directory, "results/%s", many->plan->name);
    LAC_TRY(many->directory.failed);
    LAC_TRY(lac_plan_extension_follow(lac_text_of(&many->directory), many->plan));
    LAC_TRY(lac_sample_table_create(many->plan, &many->samples));
    LAC_REQUIRE(many->share.tasks <= many->samples->members, LAC_USAGE,
                "--task: there are %zu members, too few for %zu tasks", many->samples->members,
                many->share.tasks);
    LAC_TRY(number_members(many));
out:
    return status;
}

/* What --set said, and --until. */
static lac_status list_sets(const lac_words *words, lac_override **set, size_t *sets)
{
    lac_status status = LAC_OK;
    LAC_NEW(*set, words->sets + 1);
    if (words->sets > 0)
        memcpy(*set, words->set, words->sets * sizeof **set);
    *sets = words->sets;
    if (words->until)
        (*set)[(*sets)++] = (lac_override){"run.until", words->until};
out:
    return status;
}

static lac_status load(lac_many *many, bool scenario)
{
    lac_status status = LAC_OK;
    const lac_words *words = many->words;
    lac_override *set = NULL;
    size_t sets;
    lac_diagnostics list = {0};
    lac_text path = {0};
    LAC_TRY(list_sets(words, &set, &sets));
    LAC_TRY(lac_launch_find(scenario ? LAC_SCENARIOS : LAC_PLANS, words->operand[0], &path));
    lac_scenario_origin origin = {.path = lac_text_of(&path),
                                  .override = set,
                                  .overrides = sets,
                                  .finder = lac_launch_installed};
    status = scenario
                 ? lac_plan_of_scenario(&origin, words->replicates, &list, &many->plan)
                 : lac_plan_load(origin.path, lac_launch_installed, set, sets, &list, &many->plan);
    lac_launch_diagnostics(&list, words->quiet);
    LAC_TRY(status);
    LAC_TRY(list_members(many));
out:
    lac_free(set);
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    return status;
}

lac_status lac_many_load_plan(lac_many *many)
{
    return load(many, false);
}

lac_status lac_many_load_scenario(lac_many *many)
{
    if (many->words->replicates == 0)
        return lac_fail(LAC_USAGE, "say how many with --replicates=N");
    return load(many, true);
}

/* --- crew and options
 * ------------------------------------------------------------------------------------------- */

/* For this process, in the mean. */
static size_t members_of_share(const lac_many *many)
{
    size_t members = many->samples->members, tasks = many->share.tasks;
    size_t ranks = many->ranks > 0 ? many->ranks : 1;
    return ((members - many->share.task + tasks - 1) / tasks + ranks - 1) / ranks;
}

lac_status lac_many_choose(lac_many *many, size_t processors)
{
    const lac_model *model = many->plan->model;
    size_t bytes = lac_simulation_memory(model);
    size_t neighbours = many->neighbours > 0 ? many->neighbours : 1;
    if (!getenv("OMP_NUM_THREADS")) /* which says what a job was given of a node */
        lac_threads_set(0);
    many->processors = processors > 0 ? processors : (size_t)lac_threads();
    many->member_bytes = bytes < SIZE_MAX - PROGRAM_BYTES ? bytes + PROGRAM_BYTES : bytes;
    many->process_layout = (lac_process_layout){many->words->workers, many->words->threads};
    return lac_process_layout_choose(&many->process_layout, members_of_share(many),
                                     many->processors, (size_t)lac_launch_useful_threads(model),
                                     many->member_bytes,
                                     lac_simulation_memory_limit() / 10 * 9 / neighbours);
}

void lac_many_free(lac_many *many)
{
    lac_sample_table_free(many->samples);
    lac_plan_free(many->plan);
    lac_text_free(&many->directory);
    lac_text_free(&many->program);
    lac_circumstances_free(&many->now);
}

lac_sweep_options lac_many_options(const lac_many *many)
{
    const char *every = many->words->checkpoint_every;
    if (!every && many->plan->keep_checkpoints)
        every = checkpoint_every;
    return (lac_sweep_options){.program = lac_text_of(&many->program),
                               .process_layout = many->process_layout,
                               .share = many->share,
                               .checkpoint_every = every,
                               .wall = many->words->wall};
}

lac_status lac_many_command(const lac_many *many, size_t member, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_sweep_options options = lac_many_options(many);
    char **words = NULL;
    LAC_TRY(
        lac_sweep_words(lac_text_of(&many->directory), many->samples, member, &options, &words));
    for (char **word = words; *word; word++) {
        if (word > words)
            lac_text_add(text, " ");
        lac_quote_word(*word, text);
    }
    status = text->failed;
out:
    lac_sweep_words_free(words);
    return status;
}
