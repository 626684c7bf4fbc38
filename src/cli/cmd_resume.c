/* lacuna resume: a run that goes on from its checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "cli/launch.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "store/checkpoint_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the result is now: as said, where it was, or beside the checkpoint. */
static lac_status find_result(const lac_words *words, const char *stored, lac_text *result)
{
    const char *checkpoint = words->operand[0], *slash = strrchr(checkpoint, '/');
    const char *name = strrchr(stored, '/');
    if (words->out) {
        lac_text_add(result, "%s", words->out);
    } else if (access(stored, F_OK) == 0 || !slash) {
        lac_text_add(result, "%s", stored);
    } else {
        lac_text_add_bytes(result, checkpoint, (size_t)(slash - checkpoint) + 1);
        lac_text_add(result, "%s", name ? name + 1 : stored);
    }
    return result->failed;
}

static lac_status load(const lac_words *words, const char *text, lac_model **model)
{
    lac_status status = LAC_OK;
    lac_diagnostics list = {0};
    status = lac_scenario_from_text(words->operand[0], text, ".", NULL, 0, &list, model);
    lac_launch_diagnostics(&list, true);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(words, *model));
out:
    lac_diagnostics_free(&list);
    return status;
}

static lac_status resume(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *checkpoint = words->operand[0];
    lac_checkpoint_facts facts;
    char *text = NULL;
    lac_model *model = NULL;
    lac_simulation *simulation = NULL;
    lac_circumstances now = {0};
    lac_text result = {0};
    lac_meter meter;
    lac_signals_install();
    lac_meter_start(&meter, words->progress, words->quiet);
    LAC_TRY(lac_checkpoint_peek(checkpoint, &facts, &text));
    LAC_TRY(load(words, text, &model));
    lac_launch_threads(words, model);
    LAC_TRY(find_result(words, facts.result, &result));
    LAC_TRY(lac_circumstances_find(argc, argv, &now));
    lac_run_options options = {.result = lac_text_of(&result),
                               .checkpoint = checkpoint,
                               .command = lac_text_of(&now.command),
                               .host = now.host,
                               .created = now.created,
                               .progress = lac_meter_call,
                               .context = &meter};
    LAC_TRY(lac_simulation_resume(model, checkpoint, &options, &simulation));
    LAC_TRY(lac_launch_march(simulation, words, &meter, options.result));
out:
    lac_simulation_free(simulation);
    lac_model_free(model);
    lac_free(text);
    lac_circumstances_free(&now);
    lac_text_free(&result);
    return status;
}

const lac_command lac_command_resume = {
    .name = "resume",
    .operands = "CHECKPOINT",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_RESUME,
    .summary = "Goes on from a checkpoint",
    .details = "The result ends as if the run had never been interrupted: the same numbers, bit "
               "for bit.\n",
    .run = resume};
