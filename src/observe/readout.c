/* Readouts: observables and pools without a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/readout.h"

#include "base/memory.h"
#include "observe/measure.h"

#include <string.h>

struct lac_readout {
    const lac_model *model; /* borrowed */
    lac_measures *measures; /* owned */
    double *value;          /* owned [count] */
};

void lac_readout_free(lac_readout *readout)
{
    if (!readout)
        return;
    lac_measures_free(readout->measures);
    lac_free(readout->value);
    lac_free(readout);
}

lac_status lac_readout_create(const lac_view *view, lac_readout **readout)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    lac_readout *made = NULL;
    const lac_expression **trees = NULL;
    LAC_NEW(made, 1);
    made->model = model;
    LAC_NEW(made->value, lac_readout_count(made));
    LAC_NEW(trees, model->observables);
    for (size_t observable = 0; observable < model->observables; observable++)
        trees[observable] = model->observable[observable].value;
    LAC_TRY(lac_measures_create(view, trees, model->observables, &made->measures));
    *readout = made;
    made = NULL;
out:
    lac_free(trees);
    lac_readout_free(made);
    return status;
}

size_t lac_readout_count(const lac_readout *readout)
{
    const lac_model *model = readout->model;
    return model->observables + model->variables - model->fields;
}

static lac_status evaluate(lac_readout *readout, const lac_state *state, bool latch, double *value)
{
    lac_status status = LAC_OK;
    const lac_model *model = readout->model;
    LAC_TRY(lac_measures_evaluate(readout->measures, state, latch, value));
    for (size_t observable = 0; observable < model->observables; observable++)
        value[observable] *= model->observable[observable].display.factor;
    value += model->observables;
    for (size_t variable = model->fields; variable < model->variables; variable++)
        *value++ = state->value[lac_layout_at(&state->layout, variable)] *
                   model->variable[variable].display.factor;
out:
    return status;
}

lac_status lac_readout_take(lac_readout *readout, const lac_state *state)
{
    return evaluate(readout, state, true, readout->value);
}

lac_status lac_readout_look(lac_readout *readout, const lac_state *state, double *value)
{
    return evaluate(readout, state, false, value);
}

const double *lac_readout_values(const lac_readout *readout)
{
    return readout->value;
}

void lac_readout_blocks(lac_readout *readout, lac_block_list *list)
{
    lac_measures_blocks(readout->measures, "observe.observables", list);
}

size_t lac_readout_find(const lac_model *model, const char *name)
{
    for (size_t observable = 0; observable < model->observables; observable++)
        if (strcmp(model->observable[observable].id, name) == 0)
            return observable;
    for (size_t variable = model->fields; variable < model->variables; variable++)
        if (strcmp(model->variable[variable].name, name) == 0)
            return model->observables + variable - model->fields;
    return LAC_NONE;
}
