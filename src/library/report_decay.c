/* What a check says about the grid against decay lengths.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/report_decay.h"

#include <math.h>
#include <stdio.h>

static const char *const axes[] = {"x", "y", "depth"};

static bool is_coarse(const lac_survey_decay *decay)
{
    return isfinite(decay->coarse[0]);
}

static double sides(const lac_survey_decay *decay)
{
    return decay->length / decay->side;
}

static void add_row(const char *name, const lac_survey_decay *decay, lac_text *text)
{
    char where[64] = "-";
    if (is_coarse(decay))
        snprintf(where, sizeof where, "%.4g to %.4g um", decay->coarse[0], decay->coarse[1]);
    lac_text_add(text, "  %-28s %11.4g %11.4g %6s %11.4g %9.2g  %s\n", name, decay->length,
                 decay->side, axes[decay->axis], decay->depth, sides(decay), where);
}

static void print_table(const lac_model *model, const lac_survey *survey, lac_text *text)
{
    lac_text_add(text,
                 "\nGrid against decay lengths sqrt(D / k) at the initial state, where it is "
                 "coarsest\n  %-28s %11s %11s %6s %11s %9s  %s\n",
                 "variable", "length [um]", "side [um]", "along", "depth [um]", "sides",
                 "too coarse at depths");
    for (size_t field = 0; field < model->fields; field++)
        if (isfinite(survey->variable[field].decay.length))
            add_row(model->variable[field].name, &survey->variable[field].decay, text);
    lac_text_add(
        text, "  (k: what is lost for each unit of the species. Two sides in a length make it 1 %% "
              "too long,\n  one side 4 %%; fewer than two are too coarse where it varies)\n");
}

static void print_line(const lac_model *model, const lac_survey *survey, size_t worst,
                       lac_text *text)
{
    const lac_survey_decay *decay = &survey->variable[worst].decay;
    size_t coarse = 0, all = 0;
    for (size_t field = 0; field < model->fields; field++) {
        all += isfinite(survey->variable[field].decay.length) ? 1 : 0;
        coarse += is_coarse(&survey->variable[field].decay) ? 1 : 0;
    }
    lac_text_add(text,
                 "  %-13s %zu of %zu species decay within two voxels; least %s: %.3g um, voxels of "
                 "%.3g um along %s at depth %.3g um\n",
                 "grid", coarse, all, model->variable[worst].name, decay->length, decay->side,
                 axes[decay->axis], decay->depth);
}

void lac_report_decay(const lac_model *model, const lac_survey *survey, bool brief, lac_text *text)
{
    size_t worst = LAC_NONE;
    for (size_t field = 0; field < model->fields; field++) {
        const lac_survey_decay *decay = &survey->variable[field].decay;
        if (isfinite(decay->length) &&
            (worst == LAC_NONE || sides(decay) < sides(&survey->variable[worst].decay)))
            worst = field;
    }
    if (worst == LAC_NONE)
        return;
    if (brief)
        print_line(model, survey, worst, text);
    else
        print_table(model, survey, text);
}

void lac_report_decay_json(const lac_survey_decay *decay, lac_json *json)
{
    if (!isfinite(decay->length)) {
        lac_json_null(json, "decay");
        return;
    }
    lac_json_object(json, "decay");
    lac_json_number(json, "length_um", decay->length);
    lac_json_number(json, "side_um", decay->side);
    lac_json_words(json, "along", axes[decay->axis]);
    lac_json_number(json, "depth_um", decay->depth);
    if (is_coarse(decay))
        lac_json_numbers(json, "too_coarse_um", decay->coarse, 2);
    else
        lac_json_null(json, "too_coarse_um");
    lac_json_end(json);
}
