/* What the tests of the loader share: small models as text, and the value of an expression at a
 * given point and state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_SCENE_H
#define LAC_MODEL_SCENE_H

#include "testlib.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "model/describe.h"

#define PICOMOLAR 6.02214076e-4 /* [1/um^3] */

/* One line a section, so that what a test adds begins at line 5. */
#define SCENE                                                                                      \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 2 mL}}\n"                     \
    "tissue: {size: [100 um, 20 um, 200 um], voxel: 20 um, zones: {upper: 40 %, lower: 60 %}}\n"   \
    "run: {until: 10 d}\n"

/* Loads what must be right; the messages are shown when it is not. */
static inline lac_model *scene_load_with(const char *text, const lac_override *overrides,
                                         size_t count)
{
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_status status = lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                                 .text = text,
                                                                 .directory = ".",
                                                                 .override = overrides,
                                                                 .overrides = count},
                                          &list, &model);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return model;
}

static inline lac_model *scene_load(const char *text)
{
    return scene_load_with(text, NULL, 0);
}

/* A moment: what symbols are. Region 1 inside means `region`; variables have their number + 1. */
typedef struct scene_moment {
    const lac_model *model;
    double time, depth;
    size_t region;
} scene_moment;

static inline double scene_symbol(const void *context, lac_symbol symbol)
{
    const scene_moment *now = context;
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
        return now->model->parameter[symbol.index].value;
    case LAC_SYMBOL_VARIABLE:
        return (double)symbol.index + 1;
    case LAC_SYMBOL_TIME:
        return now->time;
    case LAC_SYMBOL_DEPTH:
        return now->depth;
    case LAC_SYMBOL_REGION:
        return symbol.index == now->region;
    case LAC_SYMBOL_INPUT: {
        double rate;
        return lac_input_value(&now->model->input[symbol.index], now->time, &rate);
    }
    default:
        return 0;
    }
}

static inline double scene_value(const scene_moment *now, const lac_expression *tree)
{
    return lac_expression_value(tree, scene_symbol, now);
}

static inline const lac_variable *scene_variable(const lac_model *model, const char *path)
{
    for (size_t variable = 0; variable < model->variables; variable++) {
        if (strcmp(model->variable[variable].path, path) == 0)
            return &model->variable[variable];
    }
    fail_msg("no variable '%s'", path);
    return NULL;
}

static inline const lac_process *scene_process(const lac_model *model, const char *id)
{
    for (size_t process = 0; process < model->processes; process++) {
        if (strcmp(model->process[process].id, id) == 0)
            return &model->process[process];
    }
    fail_msg("no process '%s'", id);
    return NULL;
}

static inline const lac_parameter *scene_parameter(const lac_model *model, const char *id)
{
    for (size_t parameter = 0; parameter < model->parameters; parameter++) {
        if (strcmp(model->parameter[parameter].id, id) == 0)
            return &model->parameter[parameter];
    }
    fail_msg("no parameter '%s'", id);
    return NULL;
}

#endif
