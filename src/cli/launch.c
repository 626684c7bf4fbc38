/* Launching a run, from its origin to its last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/launch.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/vector.h"
#include "cli/places.h"
#include "cli/signals.h"
#include "cli/thread_wait.h"
#include "cli/threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

lac_status lac_launch_begin(lac_launch *launch, const lac_arguments *arguments, int argc,
                            char *const *argv)
{
    launch->arguments = arguments;
    launch->argv = argv;
    launch->seed = -1;
    lac_signals_install();
    lac_meter_start(&launch->meter, arguments->progress, arguments->quiet, arguments->wall);
    if (arguments->quiet)
        lac_meter_watch(&launch->meter);
    return lac_invocation_find(argc, argv, &launch->now);
}

/* --- the model -----------------------------------------------------------------------------------
 */

lac_status lac_launch_open(const lac_arguments *arguments, lac_launch_text text, lac_text *path,
                           lacuna_model **model)
{
    lac_status status = LAC_OK;
    lacuna_set *set = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    LAC_TRY(lac_places_find(LAC_SCENARIOS, arguments->operand[0], path));
    LAC_NEW(set, text.sets);
    for (size_t each = 0; each < text.sets; each++)
        set[each] = (lacuna_set){text.set[each].name, text.set[each].value};
    opening.data = lac_places_data();
    opening.set = set;
    opening.sets = text.sets;
    opening.stream = text.stream;
    opening.for_run = text.for_run;
    opening.review = text.review;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_open(lac_text_of(path), &opening, model)));
out:
    lac_free(set);
    return status;
}

void lac_launch_problems(const lacuna_model *model, bool quiet)
{
    lacuna_problem problem;
    bool wrong = false;
    for (size_t each = 0; each < lacuna_model_problems(model); each++)
        if (lacuna_model_problem(model, each, &problem) == LACUNA_OK && !problem.is_warning)
            wrong = true;
    if (wrong || !quiet)
        fputs(lacuna_model_problem_text(model), stderr);
}

static lac_status adjust(lacuna_model *model, const char *option, const char *setting,
                         const char *value)
{
    if (!value || lacuna_model_adjust(model, setting, value) == LACUNA_OK)
        return LAC_OK;
    return lac_fail_in(LAC_USAGE, "%s", option);
}

lac_status lac_launch_settings(const lac_arguments *arguments, lacuna_model *model)
{
    lac_status status = LAC_OK;
    lacuna_outline outline;
    LAC_TRY(adjust(model, "--until", "until", arguments->until));
    LAC_TRY(adjust(model, "--checkpoint-every", "checkpoint.every", arguments->checkpoint_every));
    LAC_TRY(adjust(model, "--from", "from", arguments->from));
    LAC_TRY(adjust(model, "--from-time", "from_time", arguments->from_time));
    LAC_TRY(lac_status_of_exit_code(lacuna_model_outline(model, &outline)));
    LAC_REQUIRE(!arguments->from_time || *outline.from, LAC_USAGE, "--from-time needs --from");
out:
    return status;
}

/* --- before it runs ------------------------------------------------------------------------------
 */

lac_status lac_launch_set_thread_wait(lac_launch *launch, const char *text)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_outline(launch->model, &launch->outline)));
    lac_threads_choose(launch->arguments, launch->outline.unknowns);
    if (lac_threads() > 1)
        lac_thread_wait_begin_again(launch->argv, text);
out:
    return status;
}

/* The directories of a path below the last one that is called params; "" when there are none. */
static const char *below_params(const char *path, size_t *bytes)
{
    static const char name[] = "params/";
    const char *below = NULL;
    for (const char *at = strstr(path, name); at; at = strstr(at + 1, name))
        if (at == path || at[-1] == '/')
            below = at + sizeof name - 1;
    const char *end = below ? strrchr(below, '/') : NULL;
    *bytes = end ? (size_t)(end + 1 - below) : 0;
    return below ? below : path;
}

lac_status lac_launch_result(lac_launch *launch)
{
    size_t bytes;
    const char *directories = below_params(launch->arguments->operand[0], &bytes);
    if (launch->arguments->out)
        lac_text_add(&launch->result, "%s", launch->arguments->out);
    else
        lac_text_add(&launch->result, "results/%.*s%s.nc", (int)bytes, directories,
                     launch->outline.scenario);
    return launch->result.failed;
}

/* Of a run that is large enough for its preparation to take a while. */
static void say_preparation(lac_launch *launch)
{
    static const double LARGE = 10000;
    char phase[160];
    if (launch->outline.unknowns < LARGE)
        return;
    snprintf(phase, sizeof phase,
             "%.4g unknowns, %d thread%s: grid, memory, initial condition, then to the first step",
             launch->outline.unknowns, lac_threads(), lac_threads() == 1 ? "" : "s");
    lac_meter_say(&launch->meter, phase);
}

/* On a line of its own. */
static void warn(void *context, const char *sentence)
{
    lac_launch *launch = context;
    lac_meter_end(&launch->meter);
    fprintf(stderr, "lacuna: warning: %s\n", sentence);
}

static int look(void *context, double time)
{
    lac_launch *launch = context;
    lacuna_counters counters;
    (void)time;
    int code = lacuna_simulation_counters(launch->simulation, &counters);
    return code == LACUNA_OK ? lac_meter_call(&launch->meter, &counters) : code;
}

lac_status lac_launch_prepare(lac_launch *launch)
{
    lac_status status = LAC_OK;
    lacuna_settings settings;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_outline(launch->model, &launch->outline)));
    LAC_TRY(lac_status_of_exit_code(lacuna_model_settings(launch->model, &settings)));
    launch->seed = settings.seed;
    say_preparation(launch);
    launch->options = (lacuna_options)LACUNA_OPTIONS_INIT;
    launch->options.threads = lac_threads();
    launch->options.result = lac_text_of(&launch->result);
    launch->options.overwrite = launch->arguments->force;
    launch->options.command = lac_text_of(&launch->now.command);
    launch->options.host = launch->now.host;
    launch->options.created = launch->now.created;
    launch->options.note = launch->arguments->note;
    launch->options.unread = 1;
    launch->options.progress = look;
    launch->options.warning = warn;
    launch->options.context = launch;
out:
    return status;
}

/* --- the run -------------------------------------------------------------------------------------
 */

static void print_end(const lac_launch *launch, const lacuna_counters *counters)
{
    char time[32], wall[32];
    printf("%s: %s in %zu steps (%zu rejected), %s\n", launch->options.result,
           lac_duration(lacuna_simulation_time(launch->simulation), time, sizeof time),
           counters->steps, counters->rejected,
           lac_duration(lac_meter_elapsed(&launch->meter), wall, sizeof wall));
}

static void say_odd_end(const lac_launch *launch)
{
    char time[32];
    fprintf(stderr,
            "lacuna: %s ended at %s, for which a longer run has no frame: that frame stays, and "
            "the steps from there are not those of a straight run\n",
            launch->options.result,
            lac_duration(lacuna_simulation_time(launch->simulation), time, sizeof time));
}

static void say_end(const lac_launch *launch, lac_status ended)
{
    lacuna_counters counters;
    if (lacuna_simulation_counters(launch->simulation, &counters) != LACUNA_OK)
        return;
    if (ended == LAC_OK && !launch->arguments->quiet && !launch->arguments->json)
        print_end(launch, &counters);
    else if (ended != LAC_OK && ended != LAC_INTERRUPTED && ended != LAC_BUDGET &&
             counters.frames > 0)
        fprintf(stderr, "lacuna: %s holds all that was saved until then\n", launch->options.result);
}

lac_status lac_launch_checkpoint(const lac_launch *launch, lac_text *path)
{
    enum { MORE = 16 };
    lac_status status = LAC_OK;
    const lacuna_options *options = &launch->options;
    const size_t bytes = strlen(options->result) + MORE;
    char *beside = NULL;
    LAC_NEW(beside, bytes);
    LAC_TRY(lac_status_of_exit_code(lacuna_checkpoint_beside(options->result, beside, bytes)));
    lac_text_add(path, "%s", options->checkpoint ? options->checkpoint : beside);
    status = path->failed;
out:
    lac_free(beside);
    return status;
}

/* Why it was stopped, and how it goes on. */
static lac_status say_stop(const lac_launch *launch, lac_status ended)
{
    lac_status status = LAC_OK;
    lac_text checkpoint = {0};
    LAC_TRY(lac_launch_checkpoint(launch, &checkpoint));
    status =
        lac_fail(ended, "%s at t = %.6g s; continue with: lacuna resume %s",
                 ended == LAC_BUDGET ? "the wall-clock limit is reached" : "stopped by a signal",
                 lacuna_simulation_time(launch->simulation), lac_text_of(&checkpoint));
out:
    lac_text_free(&checkpoint);
    return status;
}

lac_status lac_launch_run(lac_launch *launch)
{
    lac_status status = LAC_OK;
    lacuna_counters counters;
    const char *origin = lacuna_simulation_origin(launch->simulation);
    if (*origin && !launch->arguments->quiet)
        fprintf(stderr, "lacuna: starts from %s\n", origin);
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_counters(launch->simulation, &counters)));
    if (counters.has_odd_frame)
        say_odd_end(launch);
    lac_meter_begin_steps(&launch->meter);
    status = lac_status_of_exit_code(lacuna_simulation_finish(launch->simulation));
    lac_meter_end(&launch->meter);
    if (status == LAC_INTERRUPTED || status == LAC_BUDGET)
        status = say_stop(launch, status);
    say_end(launch, status);
out:
    return status;
}

void lac_launch_free(lac_launch *launch)
{
    lac_meter_stop(&launch->meter);
    lacuna_simulation_free(launch->simulation);
    lacuna_start_free(launch->start);
    lacuna_model_free(launch->model);
    lac_text_free(&launch->result);
    lac_invocation_free(&launch->now);
}
