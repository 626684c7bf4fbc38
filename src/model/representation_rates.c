/* Terms of rate equations that are events under the chosen method: a term may change its sign, the
 * rate of an event may not. Interval arithmetic over all that a run may meet; bounds are loose, so
 * that what they leave open is a warning.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/interval.h"
#include "model/representation.h"

#include <math.h>

static lac_interval input_interval(const lac_input *input)
{
    lac_interval all = {INFINITY, -INFINITY};
    for (size_t knot = 0; knot < input->knots; knot++) {
        all.low = fmin(all.low, input->value[knot]);
        all.high = fmax(all.high, input->value[knot]);
    }
    return all;
}

/* A parameter that events change keeps its sign. */
static lac_interval parameter_interval(const lac_parameter *parameter)
{
    const double value = parameter->value;
    if (!parameter->changes)
        return (lac_interval){value, value};
    return (lac_interval){value < 0 ? -INFINITY : 0, value > 0 ? INFINITY : 0};
}

static lac_interval leaf_interval(const void *context, const lac_expression *tree)
{
    const lac_model *model = context;
    const size_t index = tree->symbol.index;
    if (tree->op != LAC_OP_SYMBOL)
        return (lac_interval){-INFINITY, INFINITY};
    switch (tree->symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
        return parameter_interval(&model->parameter[index]);
    case LAC_SYMBOL_INPUT:
        return input_interval(&model->input[index]);
    case LAC_SYMBOL_VARIABLE:
        return (lac_interval){model->variable[index].is_signed ? -INFINITY : 0, INFINITY};
    case LAC_SYMBOL_TIME:
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH:
        return (lac_interval){0, INFINITY};
    case LAC_SYMBOL_REGION:
        return (lac_interval){0, 1};
    default:
        return (lac_interval){-INFINITY, INFINITY};
    }
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
