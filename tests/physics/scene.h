/* What the physics tests share: a scene made from a model's text, and a march to a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_PHYSICS_SCENE_H
#define LAC_TESTS_PHYSICS_SCENE_H

#include "testlib.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "methods/methods.h"
#include "network/program.h"

/* Room for a model's text that a test puts together. */
enum { TEXT = 8192 };

typedef struct scene {
    lac_model *model;
    lac_grid *grid;
    lac_state *state;
    lac_scene view;
    const lac_stepper_type *type;
    void *stepper;
} scene;

static inline void scene_free(scene *s)
{
    if (!s)
        return;
    if (s->stepper)
        s->type->free(s->stepper);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
    lac_model_free(s->model);
    free(s);
}

/* Initial values, with inactive voxels left at 0. */
static inline void scene_start(scene *s)
{
    const lac_layout *layout = &s->state->layout;
    size_t inputs = s->model->inputs, voxels = layout->tract[0].voxels;
    double *input = lac_alloc(inputs, sizeof *input), *rate = lac_alloc(inputs, sizeof *rate);
    double *field = lac_alloc(voxels, sizeof *field);
    lac_frame frame;
    lac_scene_frame(&s->view, s->state, s->state->value, input, rate, &frame);
    for (size_t v = 0; v < s->model->variables; v++) {
        const lac_expression *initial = s->model->variable[v].initial;
        double *value = s->state->value + lac_layout_at(layout, v);
        if (v >= layout->fields) {
            assert_ok(lac_evaluate_scalar(s->model, initial, &frame, value));
            continue;
        }
        field[voxels - 1] = NAN; /* stays when the expression is the same everywhere */
        assert_ok(lac_evaluate_field(s->model, initial, &frame, field));
        bool even = isnan(field[voxels - 1]);
        for (size_t voxel = 0; voxel < voxels; voxel++)
            value[voxel] =
                s->grid->active && s->grid->active[voxel] == 0 ? 0 : field[even ? 0 : voxel];
    }
    for (size_t v = 0; v < s->model->variables; v++)
        s->state->initial[v] = lac_state_content(s->state, s->model, v);
    lac_free(input);
    lac_free(rate);
    lac_free(field);
}

/* Makes the rest of a scene that has its model. */
static inline scene *scene_finish(scene *s)
{
    assert_ok(lac_grid_create(s->model, &s->grid));
    assert_ok(lac_state_create(s->model, &s->state));
    double scale = lac_model_scale(s->model);
    double weight = s->grid->voxels > 0 ? s->grid->voxel_volume / scale : 1;
    s->view = (lac_scene){.model = s->model, .grid = s->grid, .weight = weight};
    scene_start(s);
    s->type = lac_stepper_find("mean-field");
    assert_non_null(s->type);
    assert_ok(s->type->create(&s->view, s->state, &s->stepper));
    return s;
}

static inline scene *scene_of(const char *text)
{
    lac_diagnostics list;
    memset(&list, 0, sizeof list);
    scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    if (lac_scenario_load(
            &(lac_scenario_origin){.path = "test.yaml", .text = text, .directory = "."}, &list,
            &s->model) != LAC_OK)
        fail_msg("%s", lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return scene_finish(s);
}

/* The same from a file, with other settings or parameters. */
static inline scene *scene_from(const char *path, const lac_override *set, size_t sets)
{
    lac_diagnostics list;
    memset(&list, 0, sizeof list);
    scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    if (lac_scenario_load(&(lac_scenario_origin){.path = path, .override = set, .overrides = sets},
                          &list, &s->model) != LAC_OK)
        fail_msg("%s", lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return scene_finish(s);
}

static inline void march_to(scene *s, double time)
{
    while (s->state->time < time)
        assert_ok(s->type->step(s->stepper, s->state, time));
}

static inline lac_step_counters counters(const scene *s)
{
    return s->type->counters(s->stepper);
}

/* The values of the variable with this name in the result file: "tissue_A". */
static inline double *values_of(const scene *s, const char *name)
{
    for (size_t v = 0; v < s->model->variables; v++)
        if (strcmp(s->model->variable[v].name, name) == 0)
            return s->state->value + lac_layout_at(&s->state->layout, v);
    fail_msg("no variable %s", name);
    return NULL;
}

static inline double value_of(const scene *s, const char *name, size_t voxel)
{
    return values_of(s, name)[voxel];
}

static inline double mean_of(const scene *s, const char *name)
{
    return lac_sum(values_of(s, name), s->grid->voxels) / (double)s->grid->active_voxels;
}

/* What the ledger leaves unexplained of one variable, in its content's unit. */
static inline double imbalance(const scene *s, size_t variable)
{
    const lac_model *model = s->model;
    const lac_state *state = s->state;
    const lac_domain *domain = &model->domain[model->variable[variable].domain];
    bool density = variable >= model->fields && !model->variable[variable].total;
    double unit = density ? domain->volume : 1; /* factors of pools hold 1/volume */
    double sum = lac_state_content(state, model, variable) - state->initial[variable] -
                 state->added[variable];
    for (size_t p = 0; p < model->processes; p++)
        for (size_t c = 0; c < model->process[p].changes; c++)
            if (model->process[p].change[c].variable == variable)
                sum -= model->process[p].change[c].factor * unit * state->extent[p];
    for (size_t b = 0; b < model->boundaries; b++) {
        if (model->boundary[b].variable == variable)
            sum -= state->flux[b];
        if (model->boundary[b].pool == variable)
            sum += state->flux[b];
    }
    return sum;
}

/* All that has gone through a variable: its start, and every extent and flux without sign. */
static inline double throughput(const scene *s, size_t variable)
{
    const lac_model *model = s->model;
    const lac_domain *domain = &model->domain[model->variable[variable].domain];
    bool density = variable >= model->fields && !model->variable[variable].total;
    double unit = density ? domain->volume : 1;
    double sum = fabs(s->state->initial[variable]) + fabs(s->state->added[variable]);
    for (size_t p = 0; p < model->processes; p++)
        for (size_t c = 0; c < model->process[p].changes; c++)
            if (model->process[p].change[c].variable == variable)
                sum += fabs(model->process[p].change[c].factor * unit * s->state->extent[p]);
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].variable == variable || model->boundary[b].pool == variable)
            sum += fabs(s->state->flux[b]);
    return sum;
}

#endif
