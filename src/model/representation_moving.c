/* Discrete variables that diffuse: which they are, and what cannot be done with them.
 *
 * They are advanced within the steps of what is continuous, by exact kernels and walks: so a
 * process that changes them has a propensity c * product of n (n - 1) ..., whatever else is in c;
 * and what only looks at them sees their mean over a step, which is the mean of the law only where
 * it is linear in them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/degree.h"
#include "model/representation.h"

#include <math.h>
#include <string.h>

enum { MEET_MOST = 4, CHANGES_MOST = 8 };

bool lac_model_is_moving(const lac_model *model, size_t variable)
{
    return variable < model->fields && model->variable[variable].diffusivity &&
           strcmp(model->settings.method, "hybrid") == 0 && lac_model_is_discrete(model, variable);
}

bool lac_model_is_of_moving(const lac_model *model, size_t process)
{
    const lac_process *it = &model->process[process];
    for (size_t k = 0; k < it->changes; k++)
        if (lac_model_is_moving(model, it->change[k].variable))
            return true;
    return false;
}

static double met(const lac_process *process, size_t variable)
{
    for (size_t k = 0; k < process->reactants; k++)
        if (process->reactant[k] == variable)
            return process->reactant_count[k];
    return 0;
}

/* --- processes that change them ------------------------------------------------------------------
 */

/* Its power in the law is how many of it meet, and it is not taken from where there is none. */
static void review_power(const lac_model *model, const lac_process *process, size_t variable,
                         lac_diagnostics *list)
{
    const char *path = model->variable[variable].path;
    const int degree = lac_degree_in(process->rate, variable);
    const double meet = met(process, variable);
    if (degree == LAC_NO_DEGREE || (degree > 0 && degree != meet) || (degree == 0 && meet > 0))
        lac_report(list, LAC_ERROR, process->place,
                   "the rate of '%s' is no multiple of '%s' to the power of how many of it meet "
                   "(%g): '%s' is discrete and diffuses, and the method hybrid makes events of "
                   "such laws only; write representation: continuous, or use the method exact",
                   process->id, path, meet, path);
}

static void review_partner(const lac_model *model, const lac_process *process, size_t variable,
                           lac_diagnostics *list)
{
    if (lac_model_is_moving(model, variable) ||
        (variable < model->fields && !lac_model_is_discrete(model, variable)))
        return;
    lac_report(list, LAC_ERROR, process->place,
               "'%s' changes '%s' and what is discrete and diffuses: the method hybrid has no such "
               "events %s; write representation: continuous, or use the method exact",
               process->id, model->variable[variable].path,
               variable < model->fields ? "of discrete variables that stay where they are"
                                        : "between tissue and well-mixed domains");
}

static void review_process(const lac_model *model, const lac_process *process,
                           lac_diagnostics *list)
{
    double meet = 0;
    for (size_t v = 0; v < model->fields; v++)
        if (lac_model_is_moving(model, v)) {
            review_power(model, process, v, list);
            meet += met(process, v);
        }
    for (size_t k = 0; k < process->changes; k++)
        review_partner(model, process, process->change[k].variable, list);
    if (meet > MEET_MOST || process->changes > CHANGES_MOST)
        lac_report(list, LAC_ERROR, process->place,
                   "'%s' has too many reactants or products for events of molecules that diffuse: "
                   "at most %d meet, and %d change",
                   process->id, MEET_MOST, CHANGES_MOST);
}

/* --- what looks at them --------------------------------------------------------------------------
 */

static const char *first_seen(const lac_model *model, const lac_expression *tree)
{
    for (size_t v = 0; v < model->fields; v++)
        if (lac_model_is_moving(model, v) && lac_degree_in(tree, v) != 0)
            return model->variable[v].path;
    return "";
}

static void review_law(const lac_model *model, const lac_process *process, lac_diagnostics *list)
{
    if (lac_degree_in_moving(model, process->rate) < 2)
        return;
    lac_report(list, LAC_ERROR, process->place,
               "the rate of '%s' is not linear in '%s', which is discrete and diffuses: the mean "
               "over a step is not what the law makes of the mean; write representation: "
               "continuous, or use the method exact",
               process->id, first_seen(model, process->rate));
}

static void review_tree(const lac_model *model, const lac_expression *tree, lac_place place,
                        const char *what, lac_diagnostics *list)
{
    if (tree && lac_degree_in_moving(model, tree) > 0)
        lac_report(list, LAC_ERROR, place,
                   "%s looks at '%s', which is discrete and diffuses: the method hybrid cannot; "
                   "write representation: continuous, or use the method exact",
                   what, first_seen(model, tree));
}

void lac_review_moving(const lac_model *model, lac_diagnostics *list)
{
    for (size_t p = 0; p < model->processes; p++)
        if (lac_model_is_of_moving(model, p))
            review_process(model, &model->process[p], list);
        else
            review_law(model, &model->process[p], list);
    for (size_t v = 0; v < model->variables; v++)
        review_tree(model, model->variable[v].diffusivity, model->variable[v].place,
                    "a diffusivity", list);
    for (size_t b = 0; b < model->boundaries; b++) {
        const lac_boundary *it = &model->boundary[b];
        review_tree(model, it->value, it->place, "a boundary", list);
        review_tree(model, it->partition, it->place, "a partition", list);
        review_tree(model, it->permeability, it->place, "a permeability", list);
    }
}
