/* Terms of rate equations that are events under the chosen method: a term may change its sign, the
 * rate of an event may not. Interval arithmetic over all that a run may meet; bounds are loose, so
 * that what they leave open is a warning.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/interval.h"
#include "model/representation.h"

#include <math.h>

/* A parameter that events change keeps its sign: what it is changed to is not known here. */
static lac_interval leaf_interval(const void *model, const lac_expression *tree)
{
    const bool is_parameter =
        tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_PARAMETER;
    if (!is_parameter)
        return lac_interval_of_symbol(model, tree);
    const lac_parameter *of = &((const lac_model *)model)->parameter[tree->symbol.index];
    if (!of->changes)
        return (lac_interval){of->value, of->value};
    return (lac_interval){of->value < 0 ? -INFINITY : 0, of->value > 0 ? INFINITY : 0};
}

static void review_term(const lac_model *model, const lac_process *process, lac_diagnostics *list)
{
    const lac_interval all = lac_expression_interval(process->rate, leaf_interval, model);
    if (all.high <= 0 && all.low < 0)
        lac_report(list, LAC_ERROR, process->place,
                   "the rate of '%s' is negative, and the method %s makes events of it; write a "
                   "term that is not, added or subtracted",
                   process->id, model->settings.method);
    else if (all.low < 0)
        lac_report(list, LAC_WARNING, process->place,
                   "the rate of '%s' may be negative, and the method %s makes events of it: a run "
                   "stops where it is; write what it adds and what it takes as two terms",
                   process->id, model->settings.method);
}

void lac_review_terms(const lac_model *model, lac_diagnostics *list)
{
    for (size_t p = 0; p < model->processes; p++)
        if (model->process[p].from_rate_equation && lac_model_is_event(model, p))
            review_term(model, &model->process[p], list);
}
