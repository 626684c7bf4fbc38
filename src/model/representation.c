/* Representation: decided here once, with what the hybrid method cannot do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/representation.h"

#include <math.h>
#include <string.h>

static bool method_is(const lac_model *model, const char *method)
{
    return strcmp(model->settings.method, method) == 0;
}

static lac_species_kind kind_of(const lac_model *model, size_t variable)
{
    return model->species[model->variable[variable].species].kind;
}

bool lac_model_is_discrete(const lac_model *model, size_t variable)
{
    const lac_species_kind kind = kind_of(model, variable);
    if (method_is(model, "exact"))
        return kind != LAC_STATE;
    if (!method_is(model, "hybrid"))
        return false;
    switch (model->variable[variable].asked) {
    case LAC_DISCRETE:
        return true;
    case LAC_CONTINUOUS:
        return false;
    case LAC_AUTOMATIC:
        return !model->variable[variable].automatic.is_continuous;
    default:
        return kind == LAC_CELL_COUNT && variable < model->fields;
    }
}

bool lac_model_is_event(const lac_model *model, size_t process)
{
    const lac_process *it = &model->process[process];
    for (size_t k = 0; k < it->changes; k++)
        if (lac_model_is_discrete(model, it->change[k].variable))
            return true;
    return false;
}

bool lac_model_is_automatic(const lac_model *model, size_t variable)
{
    return method_is(model, "hybrid") && model->variable[variable].asked == LAC_AUTOMATIC;
}

bool lac_model_has_automatic(const lac_model *model)
{
    for (size_t variable = 0; variable < model->variables; variable++)
        if (lac_model_is_automatic(model, variable))
            return true;
    return false;
}

bool lac_model_may_be_discrete(const lac_model *model, size_t variable)
{
    return lac_model_is_automatic(model, variable) || lac_model_is_discrete(model, variable);
}

bool lac_model_may_be_event(const lac_model *model, size_t process)
{
    const lac_process *it = &model->process[process];
    for (size_t k = 0; k < it->changes; k++)
        if (lac_model_may_be_discrete(model, it->change[k].variable))
            return true;
    return false;
}

size_t lac_model_discrete(const lac_model *model)
{
    size_t count = 0;
    for (size_t variable = 0; variable < model->variables; variable++)
        count += lac_model_is_discrete(model, variable);
    return count;
}

bool lac_model_all_discrete(const lac_model *model)
{
    size_t discrete = 0;
    for (size_t variable = 0; variable < model->variables; variable++) {
        if (lac_model_is_discrete(model, variable))
            discrete++;
        else if (kind_of(model, variable) != LAC_STATE)
            return false;
    }
    return discrete > 0;
}

static bool is_coupled(const lac_model *model)
{
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].pool != LAC_NONE)
            return true;
    return false;
}

/* The first tissue that asks for this, or NULL. */
static const lac_tissue_text *asks_for(const lac_model *model, lac_feedback feedback)
{
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        if (model->tissue[tissue].feedback == feedback)
            return &model->tissue[tissue];
    return NULL;
}

static bool represents_a_joint(const lac_model *model)
{
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        if (model->tissue[tissue].represents > 0)
            return true;
    return false;
}

/* Whatever `auto` has made of its variables: it has none in well-mixed domains then. */
bool lac_model_feels_mean(const lac_model *model)
{
    return method_is(model, "hybrid") && represents_a_joint(model) &&
           !asks_for(model, LAC_FEEDBACK_PATCH) && is_coupled(model) &&
           (lac_model_discrete(model) > 0 || lac_model_has_automatic(model)) &&
           !lac_model_all_discrete(model);
}

const char *lac_representation_word(const lac_model *model, size_t variable)
{
    if (lac_model_is_automatic(model, variable))
        return "auto";
    return lac_model_is_discrete(model, variable) ? "discrete" : "continuous";
}

/* --- what cannot be done -------------------------------------------------------------------------
 */

static void review_variable(const lac_model *model, size_t variable, lac_diagnostics *list)
{
    const lac_variable *it = &model->variable[variable];
    if (!lac_model_is_discrete(model, variable))
        return;
    if (it->is_signed)
        lac_report(list, LAC_ERROR, it->place, "'%s' is discrete, and a count cannot be negative",
                   it->path);
}

static void review_change(const lac_model *model, const lac_process *process,
                          const lac_change *change, lac_diagnostics *list)
{
    const lac_variable *it = &model->variable[change->variable];
    if (kind_of(model, change->variable) == LAC_STATE)
        lac_report(list, LAC_ERROR, process->place,
                   "'%s' changes '%s', a state without dimension, and what is discrete as well: an "
                   "event has no amount of a state; write two processes",
                   process->id, it->path);
    else if (lac_model_is_discrete(model, change->variable) &&
             change->stoichiometry != floor(change->stoichiometry))
        lac_report(list, LAC_ERROR, process->place,
                   "'%s' changes '%s' by %g: '%s' is discrete, and an event changes it by a whole "
                   "number",
                   process->id, it->path, change->stoichiometry, it->path);
}

/* A domain whose molecules are counted has them pass into one tissue. */
static void review_well(const lac_model *model, const lac_boundary *boundary, lac_diagnostics *list)
{
    const size_t tissue = lac_model_tissue_of(model, boundary->variable);
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].pool == boundary->pool &&
            lac_model_tissue_of(model, model->boundary[b].variable) != tissue)
            lac_report(list, LAC_ERROR, boundary->place,
                       "'%s' is discrete and passes into more than one tissue: write "
                       "representation: continuous, or use the method exact",
                       model->variable[boundary->pool].path);
}

/* Molecules that are counted on both sides pass one by one, where one is one on both sides. */
static void review_boundary(const lac_model *model, const lac_boundary *boundary,
                            lac_diagnostics *list)
{
    const size_t side[2] = {boundary->variable, boundary->pool};
    const bool pool = side[1] != LAC_NONE && lac_model_is_discrete(model, side[1]);
    if (pool && lac_model_is_moving(model, side[0])) {
        if (fabs(lac_model_scale(model) - 1) > 1e-9)
            lac_report(list, LAC_ERROR, boundary->place,
                       "'%s' is discrete and the tissue represents a larger one: a molecule that "
                       "passes there is many here; write representation: continuous",
                       model->variable[side[1]].path);
        review_well(model, boundary, list);
        return;
    }
    for (int k = 0; k < 2; k++)
        if (side[k] != LAC_NONE && lac_model_is_discrete(model, side[k]) &&
            !lac_model_is_moving(model, side[k]))
            lac_report(list, LAC_ERROR, boundary->place,
                       "'%s' is discrete and passes a boundary beyond which it is not: the method "
                       "hybrid has no events there; write discrete on both sides, or continuous, "
                       "or use the method exact",
                       model->variable[side[k]].path);
}

/* A pool that is discrete has a chance of its own, which a companion without chance cannot have. */
static void review_feedback(const lac_model *model, lac_diagnostics *list)
{
    const lac_tissue_text *tissue = asks_for(model, LAC_FEEDBACK_MEAN);
    if (tissue && asks_for(model, LAC_FEEDBACK_PATCH))
        lac_report(list, LAC_ERROR, tissue->feedback_place,
                   "another tissue asks for feedback: patch, and well-mixed domains feel either "
                   "all patches or the mean of all");
    if (tissue && (method_is(model, "exact") ||
                   (method_is(model, "hybrid") && lac_model_all_discrete(model))))
        lac_report(list, LAC_ERROR, tissue->feedback_place,
                   "every molecule and cell is discrete: the patch has no mean-field companion; "
                   "write feedback: patch");
    for (size_t v = model->fields; lac_model_feels_mean(model) && v < model->variables; v++)
        if (lac_model_is_discrete(model, v))
            lac_report(list, LAC_ERROR, model->variable[v].place,
                       "'%s' is discrete, but well-mixed domains feel the mean-field companion of "
                       "the patch; write represents: {area: ..., feedback: patch}, or "
                       "representation: continuous",
                       model->variable[v].path);
}

void lac_review_representation(const lac_model *model, lac_diagnostics *list)
{
    review_feedback(model, list);
    lac_review_terms(model, list);
    if (!method_is(model, "hybrid") || lac_model_all_discrete(model))
        return;
    for (size_t variable = 0; variable < model->variables; variable++)
        review_variable(model, variable, list);
    for (size_t p = 0; p < model->processes; p++)
        for (size_t k = 0; lac_model_is_event(model, p) && k < model->process[p].changes; k++)
            review_change(model, &model->process[p], &model->process[p].change[k], list);
    for (size_t b = 0; b < model->boundaries; b++)
        review_boundary(model, &model->boundary[b], list);
    lac_review_moving(model, list);
}
