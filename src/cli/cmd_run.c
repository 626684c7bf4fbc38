/* lacuna run: a scenario from its text to its result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/duration.h"
#include "base/memory.h"
#include "base/random.h"
#include "cli/launch.h"
#include "cli/run_json.h"

#include <stdio.h>
#include <string.h>

static lac_status load(lac_launch *launch)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = launch->arguments;
    const lac_launch_text text = {arguments->set, arguments->sets, true, true, false};
    lac_text path = {0};
    status = lac_launch_open(arguments, text, &path, &launch->model);
    if (status == LAC_OK)
        status = lac_launch_set_thread_wait(launch, lac_text_of(&path));
    if (launch->model)
        lac_launch_problems(launch->model, arguments->quiet);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(arguments, launch->model));
out:
    lac_text_free(&path);
    return status;
}

/* A seed for a method that draws, where none was given. */
static lac_status find_seed(lac_launch *launch)
{
    lac_status status = LAC_OK;
    lacuna_settings settings;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_settings(launch->model, &settings)));
    if (settings.draws && launch->seed < 0) {
        LAC_TRY(lac_random_seed(&launch->seed));
        if (!launch->arguments->quiet)
            fprintf(stderr, "lacuna: seed %.0f\n", launch->seed);
    }
    launch->options.seed = launch->seed;
out:
    return status;
}

/* --- from time 0
 * ------------------------------------------------------------------------------------- */

static lac_status check_before(const lac_launch *launch)
{
    return launch->arguments->befores == 0 || launch->outline.starts_at_rest
               ? LAC_OK
               : lac_fail(LAC_USAGE, "--before needs a run that starts from a steady state: --set "
                                     "run.start=rest");
}

static lac_status tell_before(const lac_arguments *arguments, lac_text *text)
{
    lac_text_add(text, "the rest with");
    for (size_t each = 0; each < arguments->befores; each++)
        lac_text_add(text, "%s %s=%s", each ? "," : "", arguments->before[each].name,
                     arguments->before[each].value);
    return text->failed;
}

static lac_status open_before(const lac_arguments *arguments, lacuna_model **before)
{
    lac_status status = LAC_OK;
    lac_override *set = NULL;
    lac_text path = {0};
    const size_t sets = arguments->sets, all = sets + arguments->befores;
    LAC_NEW(set, all);
    if (sets > 0)
        memcpy(set, arguments->set, sets * sizeof *set);
    memcpy(set + sets, arguments->before, arguments->befores * sizeof *set);
    status =
        lac_launch_open(arguments, (lac_launch_text){set, all, false, false, false}, &path, before);
    if (*before)
        lac_launch_problems(*before, true);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(arguments, *before));
out:
    lac_text_free(&path);
    lac_free(set);
    return status;
}

/* The start with the values of --before, which is another model of the same files. */
static lac_status find_before(lac_launch *launch)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = launch->arguments;
    lacuna_model *before = NULL;
    lac_text words = {0};
    if (arguments->befores == 0)
        return LAC_OK;
    LAC_TRY(open_before(arguments, &before));
    LAC_TRY(tell_before(arguments, &words));
    LAC_TRY(lac_status_of_exit_code(lacuna_start_of_model(
        before, lac_text_of(&words), launch->options.threads, &launch->start)));
    launch->options.start = launch->start;
out:
    lacuna_model_free(before);
    lac_text_free(&words);
    return status;
}

/* The file that is in the way, and the options that change that. */
static lac_status say_way_out(const lac_launch *launch)
{
    lac_text why = {0};
    lac_text_add(&why, "%s", lacuna_error());
    lac_status status =
        lac_fail(LAC_EXISTS, "%s; %schoose another --out", lac_text_of(&why),
                 launch->options.overwrite ? "" : "--force overwrites a result, or ");
    lac_text_free(&why);
    return status;
}

static lac_status create(lac_launch *launch)
{
    lac_status status = LAC_OK;
    LAC_TRY(find_before(launch));
    status = lac_status_of_exit_code(
        lacuna_simulation_create(launch->model, &launch->options, &launch->simulation));
    if (status == LAC_EXISTS)
        status = say_way_out(launch);
out:
    return status;
}

/* --- from what is there
 * ------------------------------------------------------------------------------ */

static void say_whole(const lac_launch *launch, const lacuna_result *there)
{
    char time[32];
    if (!launch->arguments->quiet && !launch->arguments->json)
        printf("%s: is there already, %s in %zu frames\n", launch->options.result,
               lac_duration(there->time, time, sizeof time), there->frames);
}

/* What restarting would throw away, and what to do instead. */
static lac_status refuse_restart(const lac_launch *launch, const lacuna_result *there,
                                 const char *why)
{
    const char *path = launch->options.result;
    if (there->kind == LACUNA_RESULT_DAMAGED)
        return lac_fail(LAC_EXISTS,
                        "%s cannot be read: %s; restarting from t = 0 would discard it. Use "
                        "--force, or another --out",
                        path, why);
    if (*why)
        return lac_fail(LAC_EXISTS,
                        "cannot continue %s: %s; restarting from t = 0 would discard %zu frame%s. "
                        "Use --force to restart",
                        path, why, there->frames, there->frames == 1 ? "" : "s");
    return lac_fail(LAC_EXISTS,
                    "%s has no checkpoint; restarting from t = 0 would discard %zu frame%s. Use "
                    "--force, or --checkpoint-every next time",
                    path, there->frames, there->frames == 1 ? "" : "s");
}

/* Frames are discarded by --force only, with a message. */
static lac_status restart(lac_launch *launch, const lacuna_result *there, const char *why)
{
    bool holds = there->frames > 0 || there->kind == LACUNA_RESULT_DAMAGED;
    if (holds && !launch->options.overwrite)
        return refuse_restart(launch, there, why);
    fprintf(stderr, "lacuna: restarting %s from t = 0%s%s\n", launch->options.result,
            *why ? ": " : "", why);
    launch->options.overwrite = 1;
    return create(launch);
}

static lac_status go_on(lac_launch *launch, const lacuna_result *there)
{
    lac_status status = LAC_OK;
    lac_text why = {0};
    status = lac_status_of_exit_code(
        lacuna_simulation_resume(launch->model, NULL, &launch->options, &launch->simulation));
    if (status == LAC_INPUT || status == LAC_NO_INPUT) {
        lac_text_add(&why, "%s", lacuna_error());
        LAC_TRY(why.failed);
        status = restart(launch, there, lac_text_of(&why));
    }
out:
    lac_text_free(&why);
    return status;
}

/* Takes up what is there; without a simulation afterwards there is nothing to do. */
static lac_status start(lac_launch *launch, const lacuna_result *there)
{
    switch (there->kind) {
    case LACUNA_RESULT_WHOLE:
        say_whole(launch, there);
        return LAC_OK;
    case LACUNA_RESULT_RESUMABLE:
        return go_on(launch, there);
    case LACUNA_RESULT_UNFINISHED:
    case LACUNA_RESULT_DAMAGED:
    case LACUNA_RESULT_BLANK:
        return restart(launch, there, there->why);
    case LACUNA_RESULT_OTHER:
    case LACUNA_RESULT_FOREIGN:
        if (!launch->options.overwrite)
            return lac_fail(LAC_EXISTS, "cannot continue %s: %s; %s", launch->options.result,
                            there->why,
                            there->kind == LACUNA_RESULT_OTHER ? "--force overwrites it"
                                                               : "choose another --out");
        break;
    case LACUNA_RESULT_NONE:
        break;
    }
    return create(launch);
}

static lac_status look_at_result(lac_launch *launch, lacuna_result *there)
{
    lac_status status = LAC_OK;
    const char *how = launch->arguments->resume;
    *there = (lacuna_result){.kind = LACUNA_RESULT_NONE, .why = ""};
    if (!how || strcmp(how, "auto") != 0)
        return LAC_OK;
    LAC_TRY(
        lac_status_of_exit_code(lacuna_model_result(launch->model, launch->options.result, there)));
    launch->seed = there->seed;
out:
    return status;
}

static lac_status run(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_launch launch = {0};
    lacuna_result there;
    LAC_TRY(lac_launch_begin(&launch, arguments, argc, argv));
    LAC_TRY(load(&launch));
    LAC_TRY(lac_launch_result(&launch));
    LAC_TRY(lac_launch_prepare(&launch));
    LAC_TRY(look_at_result(&launch, &there));
    LAC_TRY(find_seed(&launch));
    if (launch.outline.is_clinical && !arguments->quiet)
        fprintf(stderr, "lacuna: " LACUNA_NOTICE "\n");
    LAC_TRY(check_before(&launch));
    LAC_TRY(start(&launch, &there));
    if (launch.simulation)
        LAC_TRY(lac_launch_run(&launch));
out:
    if (arguments->json && launch.options.result)
        status = lac_run_json_print(&launch, status);
    lac_launch_free(&launch);
    return status;
}

const lac_command lac_command_run = {
    .name = "run",
    .operands = "SCENARIO",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_RUN,
    .summary = "Runs a scenario and writes its result",
    .details =
        "A scenario, model or include that is not found is searched among the installed ones, in\n"
        "" PKGDATADIR " or where LACUNA_DATADIR points.\n"
        "The result is results/SCENARIO.nc in the current directory (results/column/SCENARIO.nc for\n"
        "params/column/SCENARIO.yaml), its checkpoint is beside it\n"
        "with the suffix .ckpt. SIGTERM, SIGINT and SIGUSR2 write a checkpoint and exit with\n"
        "code 75; SIGUSR1 prints a status line.\n",
    .run = run};
