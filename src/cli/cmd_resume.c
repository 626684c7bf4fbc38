/* lacuna resume: a run that goes on from its checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/launch.h"
#include "cli/run_json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the result is now: as said, where it was, or beside the checkpoint. */
static lac_status find_result(const lac_arguments *arguments, const char *stored, lac_text *result)
{
    const char *checkpoint = arguments->operand[0], *slash = strrchr(checkpoint, '/');
    const char *name = strrchr(stored, '/');
    if (arguments->out) {
        lac_text_add(result, "%s", arguments->out);
    } else if (access(stored, F_OK) == 0 || !slash) {
        lac_text_add(result, "%s", stored);
    } else {
        lac_text_add_bytes(result, checkpoint, (size_t)(slash - checkpoint) + 1);
        lac_text_add(result, "%s", name ? name + 1 : stored);
    }
    return result->failed;
}

static lac_status load(lac_launch *launch, const char **stored)
{
    lac_status status = LAC_OK;
    const char *checkpoint = launch->arguments->operand[0];
    status =
        lac_status_of_exit_code(lacuna_model_of_checkpoint(checkpoint, &launch->model, stored));
    if (status == LAC_OK)
        status = lac_launch_set_thread_wait(launch, checkpoint);
    if (launch->model)
        lac_launch_problems(launch->model, true);
    LAC_TRY(status);
    LAC_TRY(lac_launch_settings(launch->arguments, launch->model));
out:
    return status;
}

static lac_status resume(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *checkpoint = arguments->operand[0], *stored = NULL;
    lac_launch launch = {0};
    LAC_TRY(lac_launch_begin(&launch, arguments, argc, argv));
    LAC_TRY(load(&launch, &stored));
    LAC_TRY(find_result(arguments, stored, &launch.result));
    LAC_TRY(lac_launch_prepare(&launch));
    launch.options.checkpoint = checkpoint;
    LAC_TRY(lac_status_of_exit_code(
        lacuna_simulation_resume(launch.model, checkpoint, &launch.options, &launch.simulation)));
    LAC_TRY(lac_launch_run(&launch));
out:
    if (arguments->json && launch.options.result)
        status = lac_run_json_print(&launch, status);
    lac_launch_free(&launch);
    return status;
}

const lac_command lac_command_resume = {
    .name = "resume",
    .operands = "CHECKPOINT",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_RESUME,
    .summary = "Continues a run from a checkpoint",
    .details = "The result is the same, bit for bit, as if the run had never been "
               "interrupted.\n",
    .run = resume};
