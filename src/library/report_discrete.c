/* Representations and the bound of a step, as `lacuna check` tells them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/report_discrete.h"

#include "base/duration.h"
#include "model/representation.h"

#include <math.h>
#include <stdio.h>

static const double DAY = 86400; /* [s] */

static double save_every(const lac_settings *settings)
{
    return settings->save_every > 0 ? settings->save_every : settings->until / 100;
}

const char *lac_report_bound(const lac_model *model, const lac_survey *survey)
{
    const double every = save_every(&model->settings), step = survey->outlook.step;
    if (!survey->outlook.rate || survey->outlook.whole)
        return NULL;
    if (every > 0 && every <= step)
        return "outputs";
    return isfinite(step) ? survey->outlook.bound : "error test";
}

/* The patch and the joint are two things only where the tissue stands for a larger one. */
static const char *where(const lac_model *model, bool in_tissue)
{
    if (model->tissue[0].represents > 0)
        return in_tissue ? "in the patch" : "in the joint";
    return in_tissue ? "in the tissue" : "in its pool";
}

enum { ROWS_OF_SCREEN = 8 };

/* Of a variable that is discrete at times. */
static void print_thresholds(const lac_model *model, size_t variable, lac_text *text)
{
    const lac_automatic *it = &model->variable[variable].automatic;
    const char *by = it->by_mean ? " in the mean voxel" : " in the emptiest voxel";
    if (lac_model_is_automatic(model, variable))
        lac_text_add(text, ": discrete below %.10g, continuous from %.10g on%s", it->below,
                     it->above, variable < model->fields ? by : "");
}

/* In brief: the first discrete ones, as a screen has room. */
static void print_representations(const lac_model *model, const lac_survey *survey, bool brief,
                                  lac_text *text)
{
    size_t rows = 0;
    lac_text_add(text, "\nRepresentation (method hybrid)\n");
    for (size_t v = 0; v < model->variables; v++) {
        const bool discrete = lac_model_is_discrete(model, v);
        if (brief && (!discrete || ++rows > ROWS_OF_SCREEN))
            continue;
        lac_text_add(text, "  %-36s %s", model->variable[v].name,
                     lac_representation_word(model, v));
        print_thresholds(model, v, text);
        if (discrete)
            lac_text_add(text, ", about %.4g %s",
                         survey->variable[v].content *
                             (v < model->fields ? lac_model_scale(model) : 1),
                         where(model, v < model->fields));
        lac_text_add(text, "\n");
    }
    if (brief)
        lac_text_add(text, "  %zu of %zu variables are discrete%s\n", lac_model_discrete(model),
                     model->variables, lac_model_has_automatic(model) ? " at times" : "");
}

static void print_rates(const lac_model *model, const lac_survey *survey, bool brief,
                        lac_text *text)
{
    size_t rows = 0;
    lac_text_add(text, "\nEvents of discrete processes at the initial state\n");
    for (size_t p = 0; p < model->processes; p++)
        if (!isnan(survey->outlook.rate[p]) && (!brief || ++rows <= ROWS_OF_SCREEN))
            lac_text_add(text, "  %-36s %.4g a day %s\n", model->process[p].id,
                         survey->outlook.rate[p] * DAY, where(model, p < model->tissue_processes));
}

/* A step of the continuous part has six stages; its events add up to twelve solves (two passes with
 * the sites' own responses, and the estimate of the bias), where there are any. */
static void print_cost(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    const double step = fmin(survey->outlook.step, save_every(&model->settings));
    double events = 0;
    for (size_t p = 0; p < model->processes; p++)
        if (!isnan(survey->outlook.rate[p]))
            events += survey->outlook.rate[p];
    lac_text_add(text,
                 "  That is %.3g steps and %.3g events in all, were it always as at the start; a "
                 "step with events costs 2 to 3 of mean-field.\n",
                 ceil(model->settings.until / step), events * model->settings.until);
}

void lac_report_discrete(const lac_model *model, const lac_survey *survey, bool brief,
                         lac_text *text)
{
    static const double TIGHT = 1e-2;
    const char *bound = lac_report_bound(model, survey);
    char step[32], every[32];
    if (!survey->outlook.rate)
        return;
    print_representations(model, survey, brief, text);
    if (!bound) {
        lac_text_add(text, "  %s runs as with the method %s.\n",
                     lac_model_has_automatic(model) ? "At the initial state the whole model"
                                                    : "The whole model",
                     survey->outlook.whole);
        return;
    }
    print_rates(model, survey, brief, text);
    if (isfinite(survey->outlook.step))
        lac_text_add(text, "  With accuracy %g a step lasts %s at most; outputs are every %s.\n",
                     model->settings.accuracy,
                     lac_duration(survey->outlook.step, step, sizeof step),
                     lac_duration(save_every(&model->settings), every, sizeof every));
    lac_text_add(text, "  Expected to bound the step: %s.\n", bound);
    print_cost(model, survey, text);
    if (!survey->outlook.windows && survey->outlook.step < TIGHT * save_every(&model->settings))
        lac_text_add(
            text, "  That is short: few cells or fast switching; a larger tissue or `exact` may be "
                  "cheaper.\n");
}
