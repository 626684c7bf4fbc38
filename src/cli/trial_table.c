/* The table of a trial.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trial_table.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>

#define DAY 24.0 /* [h] */

/* --- people --------------------------------------------------------------------------------------
 */

static void tell_people(const lac_trial_result *result, lac_text *text)
{
    const lac_trial *trial = result->plan->trial;
    const size_t *refused = result->estimate->refused;
    size_t all = 0;
    for (size_t each = 0; each < LAC_TRIAL_RULED + trial->rules; each++)
        all += refused[each];
    lac_text_add(text, "  %-14s %zu of %zu taken in%s", "patients", refused[LAC_TRIAL_IN], all,
                 result->plan->own_rows ? " (other patients in every arm)"
                                        : " (the same ones in every arm)");
    for (size_t rule = 0; rule < trial->rules; rule++)
        lac_text_add(text, ", %zu refused by %s", refused[LAC_TRIAL_RULED + rule],
                     trial->rule[rule].name);
    if (refused[LAC_TRIAL_SURPLUS] > 0)
        lac_text_add(text, ", %zu more than were needed", refused[LAC_TRIAL_SURPLUS]);
    if (refused[LAC_TRIAL_NOT_COMPUTED] > 0)
        lac_text_add(text, ", %zu not computed", refused[LAC_TRIAL_NOT_COMPUTED]);
    lac_text_add(text, "\n");
}

static const char *interval(const lac_confidence_interval *of, double factor, char text[40])
{
    if (isnan(of->low))
        snprintf(text, 40, "%.1f", factor * of->value);
    else
        snprintf(text, 40, "%.1f (%.1f to %.1f)", factor * of->value, factor * of->low,
                 factor * of->high);
    return text;
}

static void add_row(const lac_trial_result *result, size_t number, lac_text *text)
{
    const lac_trial *trial = result->plan->trial;
    const lac_trial_arm *arm = &result->estimate->arm[number];
    const lac_trial_cell *cell = &result->estimate->cell[number * trial->visits + trial->primary];
    const lac_confidence_interval *of = cell->of;
    bool control = number == trial->control;
    char change[40], against[40], responders[40], size[24];
    if (isfinite(arm->size))
        snprintf(size, sizeof size, "%.0f", arm->size);
    else
        snprintf(size, sizeof size, "%s", control ? "" : "none");
    lac_text_add(text, "  %-18s %5zu  %-24s %-24s %7s %-22s %6.0f %8s\n", result->plan->arm[number],
                 cell->seen, interval(&of[LAC_TRIAL_CHANGE], 1, change),
                 control ? "" : interval(&of[LAC_TRIAL_CHANGE_AGAINST], 1, against), "",
                 interval(&of[LAC_TRIAL_RESPONDERS], 100, responders),
                 100 * of[LAC_TRIAL_OMERACT].value, size);
}

void lac_trial_table(const lac_trial_result *result, const char *path, lac_text *text)
{
    const lac_plan *plan = result->plan;
    const lac_trial *trial = plan->trial;
    lac_text_add(text, "%s\n  %-14s %s\n", path, "title", plan->title ? plan->title : plan->name);
    tell_people(result, text);
    lac_text_add(text, "  %-14s %s after %g days; less is better; intervals of %g %%\n", "outcome",
                 trial->outcome, trial->visit[trial->primary] / DAY, 100 * trial->confidence);
    lac_text_add(text, "  %-18s %5s  %-24s minus %-18.18s %7s %-22s %6s %8s\n", "arm", "seen",
                 "change", plan->arm[trial->control], "", "% respond by MCID", "OMERACT",
                 "n needed");
    for (size_t arm = 0; arm < plan->arms; arm++)
        add_row(result, arm, text);
    lac_text_add(text, "  n needed: patients an arm for %g %% power at alpha = %g (t test)\n",
                 100 * trial->power, trial->alpha);
}

/* --- JSON
 * -----------------------------------------------------------------------------------------------
 */

static void write_interval(lac_json *json, const char *name, const lac_confidence_interval *of)
{
    lac_json_object(json, name);
    lac_json_number(json, "value", of->value);
    lac_json_number(json, "low", of->low);
    lac_json_number(json, "high", of->high);
    lac_json_end(json);
}

static void write_cell(lac_json *json, const lac_trial *trial, size_t visit,
                       const lac_trial_cell *cell)
{
    lac_json_object(json, NULL);
    lac_json_number(json, "day", trial->visit[visit] / DAY);
    lac_json_count(json, "seen", cell->seen);
    lac_json_number(json, "change_sd", cell->sd);
    for (size_t quantity = 0; quantity < LAC_TRIAL_QUANTITIES; quantity++)
        write_interval(json, lac_trial_quantity_word[quantity], &cell->of[quantity]);
    lac_json_end(json);
}

static void write_arm(lac_json *json, const lac_trial_result *result, size_t number)
{
    const lac_trial *trial = result->plan->trial;
    const lac_trial_arm *arm = &result->estimate->arm[number];
    lac_json_object(json, NULL);
    lac_json_words(json, "arm", result->plan->arm[number]);
    lac_json_count(json, "taken_in", arm->taken_in);
    lac_json_count(json, "left", arm->left);
    lac_json_count(json, "rescued", arm->rescued);
    lac_json_number(json, "response_time_h", arm->response_time);
    lac_json_number(json, "effect", arm->effect);
    lac_json_number(json, "sample_size", arm->size);
    lac_json_array(json, "visits");
    for (size_t visit = 0; visit < trial->visits; visit++)
        write_cell(json, trial, visit, &result->estimate->cell[number * trial->visits + visit]);
    lac_json_end(json);
    lac_json_end(json);
}

void lac_trial_json(const lac_trial_result *result, const char *path, lac_text *text)
{
    const lac_plan *plan = result->plan;
    const lac_trial *trial = plan->trial;
    lac_json json = {.text = text};
    lac_json_object(&json, NULL);
    lac_json_words(&json, "index", path);
    lac_json_words(&json, "outcome", trial->outcome);
    lac_json_words(&json, "control", plan->arm[trial->control]);
    lac_json_words(&json, "allocation", plan->own_rows ? "parallel" : "paired");
    lac_json_number(&json, "primary_day", trial->visit[trial->primary] / DAY);
    lac_json_array(&json, "arms");
    for (size_t arm = 0; arm < plan->arms; arm++)
        write_arm(&json, result, arm);
    lac_json_end(&json);
    lac_json_end(&json);
}
