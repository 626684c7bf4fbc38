/* lacuna check: what was understood of a scenario or model, and what a run of it would be like.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check_decay.h"
#include "cli/check_discrete.h"
#include "cli/check_json.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "cli/places.h"
#include "cli/screen.h"
#include "cli/texts.h"
#include "cli/threads.h"
#include "library/lacuna.h"
#include "loading/scenario.h"
#include "model/describe.h"
#include "model/random.h"
#include "run/survey.h"
#include "run/trigger.h"

#include <math.h>
#include <stdio.h>

/* "12 h", or "-" for what does not apply. */
static const char *time_or_dash(double seconds, char *text, size_t bytes)
{
    if (isfinite(seconds))
        return lac_duration(seconds, text, bytes);
    snprintf(text, bytes, "-");
    return text;
}

static void print_variables(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_text_add(text, "\nScales at the initial state\n  %-28s %16s %12s %11s %11s %11s\n",
                 "variable", "mean", "per voxel", "um^2/s", "hop", "diffusion");
    for (size_t index = 0; index < model->variables; index++) {
        const lac_variable *variable = &model->variable[index];
        const lac_survey_variable *of = &survey->variable[index];
        char value[64], count[32] = "-", speed[32] = "-", hop[32], spread[32];
        snprintf(value, sizeof value, "%.4g %s", of->mean * variable->display.factor,
                 variable->display.unit);
        if (isfinite(of->per_voxel))
            snprintf(count, sizeof count, "%.4g", of->per_voxel);
        if (isfinite(of->diffusivity))
            snprintf(speed, sizeof speed, "%.4g", of->diffusivity);
        lac_text_add(text, "  %-28s %16s %12s %11s %11s %11s\n", variable->name, value, count,
                     speed, time_or_dash(of->hop, hop, sizeof hop),
                     time_or_dash(of->spread, spread, sizeof spread));
    }
    lac_text_add(
        text,
        "  (per voxel: molecules or cells; hop: mean time in a voxel; diffusion: L^2/2D over the\n"
        "  longest side)\n");
}

static void print_reactions(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_text_add(
        text, "\nReaction times at the initial state, 1/|d(rate)/du| of what a process changes\n");
    for (size_t index = 0; index < model->processes; index++) {
        char time[32];
        lac_text_add(text, "  %-36s %s\n", model->process[index].id,
                     time_or_dash(survey->reaction[index], time, sizeof time));
    }
}

static void print_invariant(const lac_model *model, const lac_survey *survey, const double *weight,
                            lac_text *text)
{
    double total = 0;
    bool first = true;
    for (size_t index = 0; index < model->variables; index++) {
        if (weight[index] == 0)
            continue;
        double size = fabs(weight[index]);
        lac_text_add(text, "%s", weight[index] < 0 ? (first ? "-" : " - ") : (first ? "" : " + "));
        if (size != 1)
            lac_text_add(text, "%g ", size);
        lac_text_add(text, "%s", model->variable[index].name);
        total += weight[index] * survey->variable[index].content;
        first = false;
    }
    lac_text_add(text, " = %.6g\n", total);
}

static void print_invariants(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_text_add(text,
                 "\nConservation laws of the reactions (amounts%s; exchange and events apart)\n",
                 model->tissue[0].represents > 0 ? " in the whole joint" : "");
    for (size_t row = 0; row < survey->invariants.count; row++) {
        lac_text_add(text, "  ");
        print_invariant(model, survey, survey->invariants.weight + row * model->variables, text);
    }
    if (survey->invariants.count == 0)
        lac_text_add(text, survey->invariants.too_large
                               ? "  not looked for: the network is too large\n"
                               : "  none\n");
}

/* What a method costs that makes every event, and how long a run may be. */
static void print_events(const lac_settings *settings, const lac_survey *survey, lac_text *text)
{
    const double rate = survey->events.rate, seconds = survey->events.seconds;
    const double all = rate * settings->until;
    char hour[32], whole[32], until[32], possible[32];
    lac_text_add(
        text,
        "\nCost\n  about %.3g events an hour at the initial propensities; %.3g MB of memory\n",
        3600 * rate, (double)survey->memory / 1e6);
    if (isfinite(seconds))
        lac_text_add(text, "  %.3g us of work an event, measured now: %s for the hour\n",
                     1e6 * seconds, lac_duration(3600 * rate * seconds, hour, sizeof hour));
    if (settings->until > 0)
        lac_text_add(text, "  %s of it: %.3g events, %s of work\n",
                     lac_duration(settings->until, until, sizeof until), all,
                     time_or_dash(all * seconds, whole, sizeof whole));
    if (all > settings->max_events)
        lac_text_add(
            text,
            "  That exceeds max_events = %.3g: the run would be refused. A run of %s is "
            "possible (until),\n  or a smaller tissue (tissue: size), or a larger max_events\n",
            settings->max_events,
            lac_duration(settings->max_events / rate, possible, sizeof possible));
}

static void print_cost(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    if (isfinite(survey->events.rate)) {
        print_events(&model->settings, survey, text);
        return;
    }
    /* Measured on a section of 50 x 120 voxels with 13 fields, one thread. */
    static const double SECONDS_PER_UNKNOWN_AND_STEP = 6e-7;
    char step[32];
    lac_text_add(
        text,
        "\nCost\n  %.4g unknowns, about %.3g MB of memory, about %s a step on one thread; a "
        "run takes some hundred\n  steps, and some tens after each event\n",
        survey->unknowns, (double)survey->memory / 1e6,
        lac_duration(survey->unknowns * SECONDS_PER_UNKNOWN_AND_STEP, step, sizeof step));
}

/* The process that is fastest, or slowest, at the initial state; LAC_NONE when none has a time. */
static size_t extreme_reaction(const lac_model *model, const lac_survey *survey, bool slowest)
{
    size_t found = LAC_NONE;
    for (size_t index = 0; index < model->processes; index++) {
        double time = survey->reaction[index];
        if (isfinite(time) && (found == LAC_NONE || (time > survey->reaction[found]) == slowest))
            found = index;
    }
    return found;
}

static void print_brief(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    char time[32];
    for (int slowest = 0; slowest < 2; slowest++) {
        size_t process = extreme_reaction(model, survey, slowest);
        if (process != LAC_NONE)
            lac_text_add(text, "  %-13s %s (%s)\n", slowest ? "slowest" : "fastest",
                         lac_duration(survey->reaction[process], time, sizeof time),
                         model->process[process].id);
    }
    lac_text_add(text, "  %-13s %zu\n", "conserved", survey->invariants.count);
    lac_check_decay(model, survey, true, text);
    lac_check_discrete(model, survey, true, text);
    print_cost(model, survey, text);
}

static lac_status describe(const lac_arguments *arguments, const lac_model *model,
                           const lac_survey *survey)
{
    lac_text whole = {0}, brief = {0}, *text = &whole;
    lac_model_describe(model, text);
    print_invariants(model, survey, text);
    print_variables(model, survey, text);
    print_reactions(model, survey, text);
    lac_check_decay(model, survey, false, text);
    lac_check_discrete(model, survey, false, text);
    print_cost(model, survey, text);
    lac_model_brief(model, &brief);
    print_brief(model, survey, &brief);
    if (model->clinical) {
        lac_text_add(&whole, "\n" LACUNA_NOTICE "\n");
        lac_text_add(&brief, "\n" LACUNA_NOTICE "\n");
    }
    lac_status status = lac_screen_print(arguments, &whole, &brief);
    lac_text_free(&whole);
    lac_text_free(&brief);
    return status;
}

static lac_status print_json(const char *file, const lac_model *model, const lac_survey *survey)
{
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_check_json(file, model, survey, &json);
    lac_status status = text.failed;
    if (status == LAC_OK)
        fputs(lac_text_of(&text), stdout);
    lac_text_free(&text);
    return status;
}

/* Warnings for which the initial state must be known. */
static void say_held(const lac_model *model, const lac_survey *survey, bool quiet)
{
    lac_diagnostics list = {0};
    for (size_t event = 0; event < model->events; event++)
        if (survey->held[event])
            lac_report(&list, LAC_WARNING, model->event[event].place, LAC_HELD_AT_START,
                       model->event[event].id);
    lac_texts_diagnostics(&list, quiet);
    lac_diagnostics_free(&list);
}

static lac_status check(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_model *model = NULL;
    lac_survey *survey = NULL;
    lac_diagnostics list = {0};
    lac_text path = {0};
    (void)argc;
    (void)argv;
    LAC_TRY(lac_screen_check(arguments));
    LAC_TRY(lac_places_find(LAC_SCENARIOS, arguments->operand[0], &path));
    lac_scenario_origin origin = {.path = lac_text_of(&path),
                                  .override = arguments->set,
                                  .overrides = arguments->sets,
                                  .finder = lac_texts_installed,
                                  .stream = true};
    status = lac_scenario_load(&origin, &list, &model);
    if (status == LAC_OK) {
        lac_model_review(model, &list);
        lac_model_seed_check(model, &list);
        status = lac_diagnostics_status(&list, lac_text_of(&path));
    }
    lac_texts_diagnostics(&list, arguments->quiet);
    LAC_TRY(status);
    lac_threads_choose(arguments, lac_model_unknowns(model));
    if (arguments->quiet && !arguments->json)
        goto out;
    LAC_TRY(lac_survey_create(model, &survey));
    say_held(model, survey, arguments->quiet);
    LAC_TRY(arguments->json ? print_json(lac_text_of(&path), model, survey)
                            : describe(arguments, model, survey));
out:
    lac_survey_free(survey);
    lac_text_free(&path);
    lac_diagnostics_free(&list);
    lac_model_free(model);
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
