/* lacuna check: what was understood of a scenario or model, and what a run of it would be like.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/launch.h"
#include "cli/screen.h"
#include "cli/threads.h"

#include <stdio.h>

static lac_status print_screen(const lac_arguments *arguments, const lacuna_survey *survey)
{
    lac_text whole = {0}, brief = {0};
    lac_text_add(&whole, "%s", survey->whole);
    lac_text_add(&brief, "%s", survey->brief);
    lac_status status = lac_screen_print(arguments, &whole, &brief);
    lac_text_free(&whole);
    lac_text_free(&brief);
    return status;
}

static lac_status print(const lac_arguments *arguments, lacuna_model *model)
{
    lac_status status = LAC_OK;
    lacuna_outline outline;
    lacuna_survey survey;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_outline(model, &outline)));
    lac_threads_choose(arguments, outline.unknowns);
    if (arguments->quiet && !arguments->json)
        return LAC_OK;
    LAC_TRY(lac_status_of_exit_code(lacuna_model_survey(model, &survey)));
    if (!arguments->quiet)
        fputs(survey.warnings, stderr);
    if (arguments->json)
        fputs(survey.json, stdout);
    else
        LAC_TRY(print_screen(arguments, &survey));
out:
    return status;
}

static lac_status check(const lac_arguments *arguments, int argc, char *const *argv)
{
    const lac_launch_text text = {.set = arguments->set,
                                  .sets = arguments->sets,
                                  .stream = true,
                                  .for_run = true,
                                  .review = true};
    lac_status status = LAC_OK;
    lacuna_model *model = NULL;
    lac_text path = {0};
    (void)argc;
    (void)argv;
    LAC_TRY(lac_screen_check(arguments));
    status = lac_launch_open(arguments, text, &path, &model);
    if (model)
        lac_launch_problems(model, arguments->quiet);
    LAC_TRY(status);
    LAC_TRY(print(arguments, model));
out:
    lac_text_free(&path);
    lacuna_model_free(model);
    return status;
}

const lac_command lac_command_check = {
    .name = "check",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_CHECK,
    .summary = "Checks a scenario or model and prints what it says",
    .details =
        "Species, parameters with their sources, rates with their units, conservation laws,\n"
        "molecules per voxel, time scales, memory and cost go to the standard output, errors\n"
        "and warnings with their places to the standard error.\n",
    .run = check};
