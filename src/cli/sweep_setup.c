/* Many runs: from the words of the command to a sample table and a process layout.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sweep_setup.h"

#include "base/memory.h"
#include "base/vector.h"
#include "campaign/plan_extension.h"
#include "cli/texts.h"
#include "cli/threads.h"
#include "run/simulation.h"

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

lac_status lac_sweep_setup_begin(lac_sweep_setup *setup, const lac_arguments *arguments, int argc,
                                 char *const *argv)
{
    lac_status status = LAC_OK;
    lac_settings settings;
    setup->arguments = arguments;
    setup->share = (lac_share){0, 1};
    if (arguments->task)
        LAC_TRY(read_task(arguments->task, &setup->share));
    lac_settings_default(&settings);
    if (arguments->checkpoint_every &&
        lac_settings_set(&settings, "checkpoint.every", arguments->checkpoint_every) != LAC_OK)
        LAC_TRY(lac_fail_in(LAC_USAGE, "--checkpoint-every"));
    LAC_TRY(find_program(argv[0], &setup->program));
    LAC_TRY(lac_invocation_find(argc, argv, &setup->now));
out:
    return status;
}

/* --- plan and sample table
 * ------------------------------------------------------------------------------------------- */

/* The members of a plan whose directory is there have the numbers that it keeps; when the plan has
 * grown and may, as many more as are new. What does not fit is reported when the directory is
 * opened.
 */
static lac_status number_members(lac_sweep_setup *setup)
{
    lac_status status = LAC_OK;
    lac_plan_extension extension = {0};
    const char *directory = lac_text_of(&setup->directory);
    LAC_TRY(lac_plan_extension_compare(directory, setup->samples, &extension));
    if (extension.kind == LAC_EXTENSION_SAME)
        LAC_TRY(lac_plan_extension_number(directory, setup->samples));
    else if (extension.kind == LAC_EXTENSION_MORE && setup->arguments->extend)
        LAC_TRY(
            lac_plan_extension_extend(directory, &extension, lac_texts_installed, setup->samples));
out:
    lac_plan_extension_free(&extension);
    return status;
}

static lac_status list_members(lac_sweep_setup *setup)
{
    lac_status status = LAC_OK;
    lac_text_free(&setup->directory);
    if (setup->arguments->out)
        lac_text_add(&setup->directory, "%s", setup->arguments->out);
    else
        lac_text_add(&setup->directory, "results/%s", setup->plan->name);
    LAC_TRY(setup->directory.failed);
    LAC_TRY(lac_plan_extension_follow(lac_text_of(&setup->directory), setup->plan));
    LAC_TRY(lac_sample_table_create(setup->plan, &setup->samples));
    LAC_REQUIRE(setup->share.tasks <= setup->samples->members, LAC_USAGE,
                "--task: there are %zu members, too few for %zu tasks", setup->samples->members,
                setup->share.tasks);
    LAC_TRY(number_members(setup));
out:
    return status;
}

/* What --set said, and --until. */
static lac_status list_sets(const lac_arguments *arguments, lac_override **set, size_t *sets)
{
    lac_status status = LAC_OK;
    LAC_NEW(*set, arguments->sets + 1);
    if (arguments->sets > 0)
        memcpy(*set, arguments->set, arguments->sets * sizeof **set);
    *sets = arguments->sets;
    if (arguments->until)
        (*set)[(*sets)++] = (lac_override){"run.until", arguments->until};
out:
    return status;
}

static lac_status load(lac_sweep_setup *setup, bool scenario)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = setup->arguments;
    lac_override *set = NULL;
    size_t sets;
    lac_diagnostics list = {0};
    lac_text path = {0};
    LAC_TRY(list_sets(arguments, &set, &sets));
    LAC_TRY(lac_places_find(scenario ? LAC_SCENARIOS : LAC_PLANS, arguments->operand[0], &path));
    lac_scenario_origin origin = {.path = lac_text_of(&path),
                                  .override = set,
                                  .overrides = sets,
                                  .finder = lac_texts_installed};
    status = scenario
                 ? lac_plan_of_scenario(&origin, arguments->replicates, &list, &setup->plan)
                 : lac_plan_load(origin.path, lac_texts_installed, set, sets, &list, &setup->plan);
    lac_texts_diagnostics(&list, arguments->quiet);
    LAC_TRY(status);
    if (arguments->patients > 0)
        LAC_TRY(lac_plan_resize(setup->plan, arguments->patients));
    LAC_TRY(list_members(setup));
out:
    lac_free(set);
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    return status;
}

lac_status lac_sweep_setup_load_plan(lac_sweep_setup *setup)
{
    return load(setup, false);
}

lac_status lac_sweep_setup_load_scenario(lac_sweep_setup *setup)
{
    if (setup->arguments->replicates == 0)
        return lac_fail(LAC_USAGE, "--replicates=N is required");
    return load(setup, true);
}

/* --- process layout and options
 * ------------------------------------------------------------------------------------------- */

/* For this process, in the mean. */
static size_t members_of_share(const lac_sweep_setup *setup)
{
    size_t members = setup->samples->members, tasks = setup->share.tasks;
    size_t ranks = setup->ranks > 0 ? setup->ranks : 1;
    return ((members - setup->share.task + tasks - 1) / tasks + ranks - 1) / ranks;
}

lac_status lac_sweep_setup_choose(lac_sweep_setup *setup, size_t processors)
{
    const lac_model *model = setup->plan->model;
    size_t bytes = lac_simulation_memory(model);
    size_t neighbours = setup->neighbours > 0 ? setup->neighbours : 1;
    if (!getenv("OMP_NUM_THREADS")) /* which says what a job was given of a node */
        lac_threads_set(0);
    setup->processors = processors > 0 ? processors : (size_t)lac_threads();
    setup->member_bytes = bytes < SIZE_MAX - PROGRAM_BYTES ? bytes + PROGRAM_BYTES : bytes;
    setup->process_layout =
        (lac_process_layout){setup->arguments->workers, setup->arguments->threads};
    return lac_process_layout_choose(
        &setup->process_layout, members_of_share(setup), setup->processors,
        (size_t)lac_threads_useful(lac_model_unknowns(model)), setup->member_bytes,
        lac_simulation_memory_limit() / 10 * 9 / neighbours);
}

void lac_sweep_setup_free(lac_sweep_setup *setup)
{
    lac_sample_table_free(setup->samples);
    lac_plan_free(setup->plan);
    lac_text_free(&setup->directory);
    lac_text_free(&setup->program);
    lac_invocation_free(&setup->now);
}

lac_sweep_options lac_sweep_setup_options(const lac_sweep_setup *setup)
{
    const char *every = setup->arguments->checkpoint_every;
    if (!every && setup->plan->keep_checkpoints)
        every = checkpoint_every;
    return (lac_sweep_options){.program = lac_text_of(&setup->program),
                               .process_layout = setup->process_layout,
                               .share = setup->share,
                               .checkpoint_every = every,
                               .wall = setup->arguments->wall,
                               .skip = setup->skip};
}

lac_status lac_sweep_setup_command(const lac_sweep_setup *setup, size_t member, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_sweep_options options = lac_sweep_setup_options(setup);
    char **command = NULL;
    LAC_TRY(lac_sweep_words(lac_text_of(&setup->directory), setup->samples, member, &options,
                            &command));
    for (char **word = command; *word; word++) {
        if (word > command)
            lac_text_add(text, " ");
        lac_quote_word(*word, text);
    }
    status = text->failed;
out:
    lac_sweep_words_free(command);
    return status;
}
