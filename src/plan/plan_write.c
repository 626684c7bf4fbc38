/* Plan writing: a plan as it was understood, as text, and its fingerprint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan_internal.h"

#include "model/write.h"

#include <math.h>
#include <string.h>

/* Within the declared range, but for how its ends were rounded? */
static bool is_inside(const lac_factor *factor)
{
    static const double ROUNDING = 1e-9;
    for (size_t level = 0; !factor->word && level < factor->levels; level++)
        if (factor->level[level] < factor->range[0] - ROUNDING * fabs(factor->range[0]) ||
            factor->level[level] > factor->range[1] + ROUNDING * fabs(factor->range[1]))
            return false;
    return true;
}

static void write_levels(const lac_factor *factor, const char *with, lac_text *text)
{
    bool inside = is_inside(factor);
    lac_text_add(text, inside && !with ? "[" : "{values: [");
    for (size_t level = 0; level < factor->levels; level++) {
        lac_text_add(text, "%s", level ? ", " : "");
        lac_factor_write(factor, factor->level[level], text);
    }
    lac_text_add(text, "]%s", inside ? "" : ", outside: allowed");
    if (with)
        lac_text_add(text, ", with: %s", with);
    lac_text_add(text, "%s", inside && !with ? "" : "}");
}

static void write_values(const lac_factor *factor, lac_text *text)
{
    for (size_t level = 0; level < factor->levels; level++) {
        lac_text_add(text, level ? ", " : "[");
        lac_factor_write(factor, factor->level[level], text);
    }
    lac_text_add(text, "]");
}

static void write_pair(const lac_factor *factor, double first, double second, lac_text *text)
{
    lac_text_add(text, "[");
    lac_factor_write(factor, first, text);
    lac_text_add(text, ", ");
    lac_factor_write(factor, second, text);
    lac_text_add(text, "]");
}

static void write_spread(const lac_factor *factor, const char *with, lac_text *text)
{
    switch (factor->kind) {
    case LAC_DISTRIBUTION_TABLE:
        lac_text_add(text, "{table: ");
        write_values(factor, text);
        lac_text_add(text, is_inside(factor) ? "}" : ", outside: allowed}");
        return;
    case LAC_DISTRIBUTION_LIST:
        write_levels(factor, with, text);
        return;
    case LAC_DISTRIBUTION_UNIFORM:
    case LAC_DISTRIBUTION_LOGUNIFORM:
        lac_text_add(text,
                     "{%s: ", factor->kind == LAC_DISTRIBUTION_UNIFORM ? "uniform" : "loguniform");
        write_pair(factor, factor->a, factor->b, text);
        break;
    case LAC_DISTRIBUTION_NORMAL:
        lac_text_add(text, "{normal: {mean: ");
        lac_factor_write(factor, factor->a, text);
        lac_text_add(text, ", sd: ");
        lac_factor_write(factor, factor->b, text);
        lac_text_add(text, "}");
        break;
    case LAC_DISTRIBUTION_LOGNORMAL:
        lac_text_add(text, "{lognormal: {median: ");
        lac_factor_write(factor, factor->a, text);
        lac_text_add(text, ", gsd: %.12g}", exp(factor->b));
        break;
    case LAC_DISTRIBUTION_TRIANGULAR:
        lac_text_add(text, "{triangular: [");
        lac_factor_write(factor, factor->a, text);
        lac_text_add(text, ", ");
        lac_factor_write(factor, factor->c, text);
        lac_text_add(text, ", ");
        lac_factor_write(factor, factor->b, text);
        lac_text_add(text, "]");
        break;
    }
    if (isfinite(factor->low) && isfinite(factor->high)) {
        lac_text_add(text, ", truncate: ");
        write_pair(factor, factor->low, factor->high, text);
    }
    lac_text_add(text, "}");
}

static void write_design(const lac_plan *plan, lac_text *text)
{
    lac_text_add(text, "design: %s\n", lac_design_word(plan->design));
    if (plan->design != LAC_DESIGN_GRID)
        lac_text_add(text, "points: %zu\n", plan->samples);
    if (plan->first > 0)
        lac_text_add(text, "first: %zu\n", plan->first);
    if (plan->design == LAC_DESIGN_MORRIS)
        lac_text_add(text, "levels: %zu\n", plan->grid_levels);
    lac_text_add(text, "replicates: %zu\nseed: %.0f\nstreams: %s\n", plan->replicates, plan->seed,
                 plan->common_streams ? "common" : "independent");
}

static void write_endpoint(const lac_plan *plan, const lac_endpoint *endpoint, lac_text *text)
{
    if (endpoint->join != LAC_JOIN_NONE) {
        lac_text_add(text, "  %s: {%s: [%s, %s]}\n", endpoint->name,
                     endpoint->join == LAC_JOIN_RATIO ? "ratio" : "difference",
                     plan->endpoint[endpoint->part[0]].name,
                     plan->endpoint[endpoint->part[1]].name);
        return;
    }
    lac_text_add(text, "  %s: {of: %s, ", endpoint->name, endpoint->series);
    if (endpoint->reduction == LAC_REDUCE_AT)
        lac_text_add(text, "at: %.12g h", endpoint->at);
    else
        lac_text_add(text, "take: %s", lac_endpoint_reduction_words[endpoint->reduction]);
    if (endpoint->windowed)
        lac_text_add(text, ", window: [%.12g h, %.12g h]", endpoint->window[0],
                     endpoint->window[1]);
    lac_text_add(text, "%s}\n", endpoint->change ? ", change: yes" : "");
}

static void write_outcomes(const lac_plan *plan, lac_text *text)
{
    lac_text_add(text, "keep:\n  fields: [%s]\n  series: [", plan->fields);
    for (size_t serie = 0; serie < plan->series; serie++)
        lac_text_add(text, "%s%s", serie ? ", " : "", plan->serie[serie]);
    lac_text_add(text, "]\n  checkpoints: %s\nendpoints:\n", plan->keep_checkpoints ? "yes" : "no");
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++)
        write_endpoint(plan, &plan->endpoint[endpoint], text);
}

/* All but the heading and the scenario. */
static void write_core(const lac_plan *plan, lac_text *text)
{
    write_design(plan, text);
    lac_plan_write_arms(plan, text);
    lac_text_add(text, "vary:%s\n", plan->factors > plan->arm_factors ? "" : " {}");
    for (size_t factor = plan->arm_factors; factor < plan->factors; factor++) {
        lac_text_add(text, "  %s: ", plan->factor[factor].name);
        size_t with = plan->factor[factor].with;
        bool paired = factor < plan->lists && with != factor;
        write_spread(&plan->factor[factor], paired ? plan->factor[with].name : NULL, text);
        lac_text_add(text, "\n");
    }
    lac_plan_write_correlation(plan, text);
    if (plan->own_rows)
        lac_text_add(text, "rows: own\n");
    write_outcomes(plan, text);
}

/* Visits of a trial are saved times of its members, whatever the scenario and `set` say. */
static void write_sets(const lac_plan *plan, lac_text *text)
{
    static const char at[] = "run.save.at";
    bool own = plan->trial;
    lac_text_add(text, "set:%s\n", plan->sets || own ? "" : " {}");
    for (size_t set = 0; set < plan->sets; set++) {
        if (own && strcmp(plan->set[set].name, at) == 0)
            continue;
        lac_text_add(text, "  %s: ", plan->set[set].name);
        lac_write_quoted(plan->set[set].value, text);
        lac_text_add(text, "\n");
    }
    if (own) {
        lac_text_add(text, "  %s: ", at);
        lac_write_quoted(plan->model->settings.save_at, text);
        lac_text_add(text, "\n");
    }
}

void lac_plan_write(const lac_plan *plan, lac_text *text)
{
    lac_text_add(text, "lacuna_plan: 1\n");
    if (plan->title) {
        lac_text_add(text, "title: ");
        lac_write_quoted(plan->title, text);
        lac_text_add(text, "\n");
    }
    lac_text_add(text, "scenario: ");
    lac_write_quoted(plan->scenario, text);
    lac_text_add(text, "\n");
    write_sets(plan, text);
    write_core(plan, text);
}

/* Titles, how often checkpoints are written and where the scenario stands decide nothing. */
void lac_plan_write_model(const lac_plan *plan, lac_text *text)
{
    if (!plan->model)
        return;
    lac_model model = *plan->model;
    model.title = "";
    model.notes = NULL;
    model.settings.checkpoint_every = 0;
    model.settings.seed = -1;
    strcpy(model.settings.save_fields, "none");
    model.settings.replicate = 0;
    lac_model_write(&model, text);
}

lac_status lac_plan_seal(lac_plan *plan)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_plan_write_model(plan, &text);
    write_core(plan, &text);
    LAC_TRY(text.failed);
    lac_fingerprint(lac_text_of(&text), plan->fingerprint);
out:
    lac_text_free(&text);
    return status;
}
