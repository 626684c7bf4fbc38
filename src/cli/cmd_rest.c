/* lacuna rest: the steady state of a scenario, as a part that other scenarios include.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "campaign/atomic_create.h"
#include "cli/launch.h"
#include "run/state_text.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static lac_status load(const lac_arguments *arguments, lac_model **model)
{
    lac_status status = LAC_OK;
    lac_diagnostics list = {0};
    lac_text path = {0};
    LAC_TRY(lac_launch_find(LAC_SCENARIOS, arguments->operand[0], &path));
    const lac_scenario_origin origin = {.path = lac_text_of(&path),
                                        .override = arguments->set,
                                        .overrides = arguments->sets,
                                        .finder = lac_launch_installed,
                                        .stream = true};
    status = lac_scenario_load_from(&origin, &list, model);
    lac_launch_diagnostics(&list, arguments->quiet);
    LAC_TRY(status);
    strcpy((*model)->settings.start, "rest");
out:
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    return status;
}

static void put_head(const lac_launch *launch, lac_text *text)
{
    const lac_start *start = &launch->start;
    const lac_model *model = launch->model;
    lac_text_add(text, "# %s: steady state, made by\n#   %s\n", model->scenario,
                 lac_text_of(&launch->now.command));
    lac_text_add(text, "# %zu steps; a further year changes it by %.2g tolerances. Held: %s.\n",
                 start->rest.steps, start->rest.residual, model->settings.held);
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *of = &model->tissue[tissue];
        lac_text_add(text,
                     "# %s: %zu x %zu x %zu voxels; profiles are straight between their "
                     "centres, so that another grid begins near rest only.\n",
                     model->domain[of->domain].id, of->voxels[0], of->voxels[1], of->voxels[2]);
    }
    if (model->clinical)
        lac_text_add(text, "# " LAC_NOTICE "\n");
    lac_text_add(text, "lacuna: 1\n");
}

static lac_status put_out(const lac_launch *launch, const char *text)
{
    lac_status status = LAC_OK;
    const char *out = launch->arguments->out;
    lac_text temporary = {0};
    if (!out) {
        fputs(text, stdout);
        goto out;
    }
    lac_store_temporary(out, &temporary);
    LAC_TRY(temporary.failed);
    LAC_TRY(lac_atomic_replace(out, temporary.bytes, text));
    if (!launch->arguments->quiet)
        printf("%s: steady state after %zu steps\n", out, launch->start.rest.steps);
out:
    lac_text_free(&temporary);
    return status;
}

static lac_status rest(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_launch launch = {.arguments = arguments};
    lac_text text = {0};
    LAC_REQUIRE(!arguments->out || arguments->force || access(arguments->out, F_OK) != 0,
                LAC_EXISTS, "%s exists; --force overwrites it", arguments->out);
    LAC_TRY(lac_invocation_find(argc, argv, &launch.now));
    LAC_TRY(load(arguments, &launch.model));
    lac_launch_threads(arguments, launch.model);
    LAC_TRY(lac_start_of_model(launch.model, &launch.start));
    put_head(&launch, &text);
    LAC_TRY(lac_state_text(launch.model, launch.start.value, &text));
    LAC_TRY(put_out(&launch, lac_text_of(&text)));
out:
    lac_text_free(&text);
    lac_launch_free(&launch);
    return status;
}

const lac_command lac_command_rest = {
    .name = "rest",
    .operands = "SCENARIO",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_REST,
    .summary = "Finds the steady state of a scenario and writes it as initial values",
    .details =
        "The state is that of run: {start: rest}: inputs are those of time 0, no event fires, and\n"
        "species of held: stand still (--set run.held=SPECIES). It is printed, or written to\n"
        "--out, as a part that scenarios include: numbers, and profiles over depth.\n",
    .run = rest};
