/* lacuna run: a scenario from its text to its result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "cli/launch.h"
#include "cli/progress.h"
#include "cli/signals.h"

#include <stdio.h>

static lac_status name_result(const lac_words *words, const lac_model *model, lac_text *result)
{
    if (words->out)
        lac_text_add(result, "%s", words->out);
    else
        lac_text_add(result, "results/%s.nc", model->scenario);
    return result->failed;
}

static lac_status load(const lac_words *words, lac_model **model)
{
    lac_status status = LAC_OK;
    lac_diagnostics list = {0};
    lac_text path = {0};
    LAC_TRY(lac_launch_find(words->operand[0], &path));
    status = lac_scenario_load(lac_text_of(&path), words->set, words->sets, &list, model);
    lac_launch_diagnostics(&list, words->quiet);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(words, *model));
out:
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    return status;
}

/* A seed for a method that draws, where none was given. */
static lac_status find_seed(const lac_words *words, lac_model *model)
{
    lac_status status = LAC_OK;
    const lac_stepper_type *type = lac_stepper_find(model->settings.method);
    if (!type || !type->draws || model->settings.seed >= 0)
        return LAC_OK;
    LAC_TRY(lac_random_seed(&model->settings.seed));
    if (!words->quiet)
        fprintf(stderr, "lacuna: seed %.0f\n", model->settings.seed);
out:
    return status;
}

static lac_status run(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_model *model = NULL;
    lac_simulation *simulation = NULL;
    lac_circumstances now = {0};
    lac_text result = {0};
    lac_meter meter;
    lac_signals_install();
    lac_meter_start(&meter, words->progress, words->quiet);
    LAC_TRY(load(words, &model));
    LAC_TRY(find_seed(words, model));
    lac_launch_threads(words, model);
    LAC_TRY(name_result(words, model, &result));
    LAC_TRY(lac_circumstances_find(argc, argv, &now));
    lac_run_options options = {.result = lac_text_of(&result),
                               .force = words->force,
                               .command = lac_text_of(&now.command),
                               .host = now.host,
                               .created = now.created,
                               .progress = lac_meter_call,
                               .context = &meter};
    if (model->clinical && !words->quiet)
        fprintf(stderr, "lacuna: " LAC_NOTICE "\n");
    LAC_TRY(lac_simulation_create(model, &options, &simulation));
    LAC_TRY(lac_launch_march(simulation, words, &meter, options.result));
out:
    lac_simulation_free(simulation);
    lac_model_free(model);
    lac_circumstances_free(&now);
    lac_text_free(&result);
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
        "A scenario that is not here is looked for among the installed ones, in " PKGDATADIR ".\n"
        "The result is results/SCENARIO.nc in the current directory, its checkpoint is beside it\n"
        "with the suffix .ckpt. SIGTERM, SIGINT and SIGUSR2 write a checkpoint and leave with exit\n"
        "code 75; SIGUSR1 prints the state.\n",
    .run = run};
