/* lacuna rest: the steady state of a scenario, as a part that other scenarios include.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vector.h"
#include "cli/launch.h"
#include "cli/threads.h"
#include "cli/whole_file.h"

#include <stdio.h>
#include <unistd.h>

static lac_status load(lac_launch *launch)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = launch->arguments;
    const lac_launch_text text = {arguments->set, arguments->sets, false, true, false};
    lac_text path = {0};
    status = lac_launch_open(arguments, text, &path, &launch->model);
    if (launch->model)
        lac_launch_problems(launch->model, arguments->quiet);
    LAC_TRY(status);
    LAC_TRY(lac_status_of_exit_code(lacuna_model_adjust(launch->model, "start", "rest")));
    LAC_TRY(lac_status_of_exit_code(lacuna_model_outline(launch->model, &launch->outline)));
    lac_threads_choose(arguments, launch->outline.unknowns);
out:
    lac_text_free(&path);
    return status;
}

static lac_status put_out(const lac_launch *launch, const char *text)
{
    lac_status status = LAC_OK;
    const char *out = launch->arguments->out;
    lacuna_rest rest;
    if (!out) {
        fputs(text, stdout);
        goto out;
    }
    LAC_TRY(lac_status_of_exit_code(lacuna_start_rest(launch->start, &rest)));
    LAC_TRY(lac_whole_file_write(out, text));
    if (!launch->arguments->quiet)
        printf("%s: steady state after %zu steps\n", out, rest.steps);
out:
    return status;
}

static lac_status rest(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_launch launch = {.arguments = arguments};
    const char *text;
    LAC_REQUIRE(!arguments->out || arguments->force || access(arguments->out, F_OK) != 0,
                LAC_EXISTS, "%s exists; --force overwrites it", arguments->out);
    LAC_TRY(lac_invocation_find(argc, argv, &launch.now));
    LAC_TRY(load(&launch));
    LAC_TRY(lac_status_of_exit_code(
        lacuna_start_of_model(launch.model, NULL, lac_threads(), &launch.start)));
    LAC_TRY(lac_status_of_exit_code(
        lacuna_start_text(launch.start, lac_text_of(&launch.now.command), &text)));
    LAC_TRY(put_out(&launch, text));
out:
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
