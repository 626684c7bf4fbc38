/* Random starts: does a run of a model draw its initial values?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/random.h"

#include <string.h>

const char *const lac_counting_word[] = {"", "poisson", "multinomial"};
const char *const lac_covariance_word[] = {"gaussian", "exponential"};

static const char NEEDS[] =
    "needs a seed: set run.seed to a whole number; the same seed gives the same values";

bool lac_tree_is_random(const lac_expression *tree, size_t field)
{
    bool is = tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_RANDOM &&
              (field == LAC_NONE || tree->symbol.index == field);
    for (size_t arg = 0; arg < tree->args && !is; arg++)
        is = lac_tree_is_random(tree->arg[arg], field);
    return is;
}

size_t lac_model_random_start(const lac_model *model)
{
    const char *from = model->settings.from;
    if (*from && strcmp(from, "none") != 0) /* the state of another run takes their place */
        return LAC_NONE;
    for (size_t variable = 0; variable < model->variables; variable++) {
        const lac_variable *it = &model->variable[variable];
        if (it->counting != LAC_NOT_DRAWN ||
            (it->initial && lac_tree_is_random(it->initial, LAC_NONE)))
            return variable;
    }
    return LAC_NONE;
}

/* Where it is written: the field, or else the initial value. */
static lac_place place_of(const lac_model *model, const lac_variable *variable)
{
    for (size_t field = 0; field < model->randoms; field++)
        if (variable->initial && lac_tree_is_random(variable->initial, field))
            return model->random[field].place;
    return variable->initial ? variable->initial->place : variable->place;
}

void lac_model_seed_check(const lac_model *model, lac_diagnostics *list)
{
    size_t which = lac_model_random_start(model);
    if (which == LAC_NONE || model->settings.seed >= 0)
        return;
    const lac_variable *it = &model->variable[which];
    lac_report(list, LAC_ERROR, place_of(model, it), "the random initial value of %s %s", it->path,
               NEEDS);
}

lac_status lac_model_require_seed(const lac_model *model)
{
    lac_status status = LAC_OK;
    size_t which = lac_model_random_start(model);
    LAC_REQUIRE(which == LAC_NONE || model->settings.seed >= 0, LAC_INPUT,
                "the random initial value of %s %s", model->variable[which].path, NEEDS);
out:
    return status;
}
