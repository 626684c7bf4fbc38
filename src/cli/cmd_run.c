/* lacuna run: a scenario from its text to its result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "cli/duration.h"
#include "cli/launch.h"
#include "cli/run_json.h"
#include "methods/methods.h"
#include "model/random.h"
#include "run/paths.h"
#include "run/result.h"

#include <stdio.h>
#include <string.h>

static lac_status load(lac_launch *launch)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = launch->arguments;
    lac_model **model = &launch->model;
    lac_diagnostics list = {0};
    lac_text path = {0};
    LAC_TRY(lac_launch_find(LAC_SCENARIOS, arguments->operand[0], &path));
    lac_scenario_origin origin = {.path = lac_text_of(&path),
                                  .override = arguments->set,
                                  .overrides = arguments->sets,
                                  .finder = lac_launch_installed,
                                  .stream = true};
    status = lac_scenario_load_from(&origin, &list, model);
    if (status == LAC_OK) {
        lac_launch_set_thread_wait(launch, *model, lac_text_of(&path));
        lac_model_seed_check(*model, &list);
        status = lac_diagnostics_status(&list, lac_text_of(&path));
    }
    lac_launch_diagnostics(&list, arguments->quiet);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(arguments, *model));
out:
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    return status;
}

static lac_status tell_before(const lac_arguments *arguments, lac_text *text)
{
    lac_text_add(text, "the rest with");
    for (size_t each = 0; each < arguments->befores; each++)
        lac_text_add(text, "%s %s=%s", each ? "," : "", arguments->before[each].name,
                     arguments->before[each].value);
    return text->failed;
}

/* The start with the values of --before, which is another model of the same files. */
static lac_status find_before(lac_launch *launch)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = launch->arguments;
    lac_diagnostics list = {0};
    lac_override *set = NULL;
    lac_model *before = NULL;
    lac_text path = {0};
    if (arguments->befores == 0)
        return LAC_OK;
    LAC_REQUIRE(strcmp(launch->model->settings.start, "rest") == 0, LAC_USAGE,
                "--before needs a run that starts from a steady state: --set run.start=rest");
    LAC_TRY(lac_launch_find(LAC_SCENARIOS, arguments->operand[0], &path));
    LAC_NEW(set, arguments->sets + arguments->befores);
    if (arguments->sets > 0)
        memcpy(set, arguments->set, arguments->sets * sizeof *set);
    memcpy(set + arguments->sets, arguments->before, arguments->befores * sizeof *set);
    const lac_scenario_origin origin = {.path = lac_text_of(&path),
                                        .override = set,
                                        .overrides = arguments->sets + arguments->befores,
                                        .finder = lac_launch_installed};
    status = lac_scenario_load_from(&origin, &list, &before);
    lac_launch_diagnostics(&list, true);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(arguments, before));
    LAC_TRY(lac_start_of_model(before, &launch->start));
    LAC_TRY(tell_before(arguments, &launch->start.told));
    launch->options.start = &launch->start;
out:
    lac_model_free(before);
    lac_diagnostics_free(&list);
    lac_text_free(&path);
    lac_free(set);
    return status;
}

/* A seed for a method that draws, where none was given. */
static lac_status find_seed(const lac_arguments *arguments, lac_model *model)
{
    lac_status status = LAC_OK;
    const lac_stepper_type *type = lac_stepper_find(model->settings.method);
    if (!type || !type->draws || model->settings.seed >= 0)
        return LAC_OK;
    LAC_TRY(lac_random_seed(&model->settings.seed));
    if (!arguments->quiet)
        fprintf(stderr, "lacuna: seed %.0f\n", model->settings.seed);
out:
    return status;
}

static void say_whole(const lac_launch *launch, const lac_result_state *look)
{
    char time[32];
    if (!launch->arguments->quiet && !launch->arguments->json)
        printf("%s: is there already, %s in %zu frames\n", launch->options.result,
               lac_duration(look->time, time, sizeof time), look->frames);
}

/* What restarting would throw away, and what to do instead. */
static lac_status refuse_restart(const lac_launch *launch, const lac_result_state *look,
                                 const char *why)
{
    const char *path = launch->options.result;
    if (look->kind == LAC_RESULT_DAMAGED)
        return lac_fail(LAC_EXISTS,
                        "%s cannot be read: %s; restarting from t = 0 would discard it. Use "
                        "--force, or another --out",
                        path, why);
    if (*why)
        return lac_fail(LAC_EXISTS,
                        "cannot continue %s: %s; restarting from t = 0 would discard %zu frame%s. "
                        "Use --force to restart",
                        path, why, look->frames, look->frames == 1 ? "" : "s");
    return lac_fail(LAC_EXISTS,
                    "%s has no checkpoint; restarting from t = 0 would discard %zu frame%s. Use "
                    "--force, or --checkpoint-every next time",
                    path, look->frames, look->frames == 1 ? "" : "s");
}

/* Frames are discarded by --force only, with a message. */
static lac_status restart(lac_launch *launch, const lac_result_state *look, const char *why)
{
    bool holds = look->frames > 0 || look->kind == LAC_RESULT_DAMAGED;
    if (holds && !launch->options.force)
        return refuse_restart(launch, look, why);
    fprintf(stderr, "lacuna: restarting %s from t = 0%s%s\n", launch->options.result,
            *why ? ": " : "", why);
    launch->options.force = true;
    return lac_simulation_create(launch->model, &launch->options, &launch->simulation);
}

static lac_status go_on(lac_launch *launch, const lac_result_state *look)
{
    lac_status status = LAC_OK;
    char *checkpoint = NULL;
    lac_text why = {0};
    LAC_OWN(checkpoint, lac_checkpoint_beside(launch->options.result));
    status =
        lac_simulation_resume(launch->model, checkpoint, &launch->options, &launch->simulation);
    if (status == LAC_INPUT || status == LAC_NO_INPUT) {
        lac_text_add(&why, "%s", lac_failure());
        LAC_TRY(why.failed);
        status = restart(launch, look, lac_text_of(&why));
    }
out:
    lac_text_free(&why);
    lac_free(checkpoint);
    return status;
}

/* Takes up what is there; without a simulation afterwards there is nothing to do. */
static lac_status start(lac_launch *launch, const lac_result_state *look)
{
    const char *why = lac_text_of(&look->why);
    switch (look->kind) {
    case LAC_RESULT_WHOLE:
        say_whole(launch, look);
        return LAC_OK;
    case LAC_RESULT_RESUMABLE:
        return go_on(launch, look);
    case LAC_RESULT_UNFINISHED:
    case LAC_RESULT_DAMAGED:
    case LAC_RESULT_BLANK:
        return restart(launch, look, why);
    case LAC_RESULT_OTHER:
        if (!launch->options.force)
            return lac_fail(LAC_EXISTS, "cannot continue %s: %s; %s", launch->options.result, why,
                            lac_file_kind_of(launch->options.result) == LAC_FILE_RESULT
                                ? "--force overwrites it"
                                : "choose another --out");
        break;
    case LAC_RESULT_NONE:
        break;
    }
    return lac_simulation_create(launch->model, &launch->options, &launch->simulation);
}

static lac_status run(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_launch launch = {0};
    lac_result_state look = {.kind = LAC_RESULT_NONE};
    LAC_TRY(lac_launch_begin(&launch, arguments, argc, argv));
    LAC_TRY(load(&launch));
    LAC_TRY(lac_launch_result(arguments, launch.model, &launch.result));
    lac_launch_prepare(&launch);
    if (arguments->resume && strcmp(arguments->resume, "auto") == 0) {
        LAC_TRY(lac_result_repair(launch.options.result));
        LAC_TRY(lac_result_examine(launch.options.result, launch.model, &look));
    }
    LAC_TRY(find_seed(arguments, launch.model));
    if (launch.model->clinical && !arguments->quiet)
        fprintf(stderr, "lacuna: " LAC_NOTICE "\n");
    LAC_TRY(find_before(&launch));
    LAC_TRY(start(&launch, &look));
    if (launch.simulation)
        LAC_TRY(lac_launch_run(&launch));
out:
    if (arguments->json && launch.options.result)
        status = lac_run_json_print(&launch, status);
    lac_text_free(&look.why);
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
