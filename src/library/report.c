/* What a survey tells as text: a model, its scales at the initial state, and what a run costs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/report.h"

#include "base/duration.h"
#include "library/lacuna.h"
#include "library/report_decay.h"
#include "library/report_discrete.h"
#include "model/describe.h"
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

/* Steps that events bound are printed where the events are. */
static bool steps_are_foreseen(const lac_model *model, const lac_survey *survey)
{
    return survey->outlook.rate && lac_report_bound(model, survey);
}

static void print_cost(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    if (isfinite(survey->events.rate)) {
        print_events(&model->settings, survey, text);
        return;
    }
    char step[32];
    lac_text_add(
        text,
        "\nCost\n  %.4g unknown%s, about %.3g MB of memory, about %s a step on one thread%s\n",
        survey->unknowns, survey->unknowns == 1 ? "" : "s", (double)survey->memory / 1e6,
        lac_duration(lac_model_step_seconds(model), step, sizeof step),
        steps_are_foreseen(model, survey)
            ? ""
            : "; a run takes some hundred\n  steps, and some tens after each event");
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
    lac_report_decay(model, survey, true, text);
    lac_report_discrete(model, survey, true, text);
    print_cost(model, survey, text);
}

static void print_notice(const lac_model *model, lac_text *text)
{
    if (model->clinical)
        lac_text_add(text, "\n" LACUNA_NOTICE "\n");
}

void lac_report_whole(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_model_describe(model, text);
    print_invariants(model, survey, text);
    print_variables(model, survey, text);
    print_reactions(model, survey, text);
    lac_report_decay(model, survey, false, text);
    lac_report_discrete(model, survey, false, text);
    print_cost(model, survey, text);
    print_notice(model, text);
}

void lac_report_brief(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_model_brief(model, text);
    print_brief(model, survey, text);
    print_notice(model, text);
}

lac_status lac_report_warnings(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_diagnostics list = {0};
    for (size_t event = 0; event < model->events; event++)
        if (survey->held[event])
            lac_report(&list, LAC_WARNING, model->event[event].place, LAC_HELD_AT_START,
                       model->event[event].id);
    lac_text_add(text, "%s", lac_text_of(&list.text));
    lac_status status = list.text.failed ? list.text.failed : text->failed;
    lac_diagnostics_free(&list);
    return status;
}
