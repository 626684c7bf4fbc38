/* Scenes for tests of the method `hybrid`: a model from text, marched in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_SCENE_H
#define LAC_HYBRID_SCENE_H

#include "model_scene.h"

#include "methods/methods.h"
#include "observe/balance.h"
#include "run/simulation.h"

typedef struct hybrid_scene {
    lac_model *model;
    lac_grid *grid;
    lac_scene scene;
    lac_state *state;
    const lac_stepper_type *type;
    void *stepper;
} hybrid_scene;

/* The text with its settings: `method`, seed and accuracy. */
static inline void hybrid_scene_make(hybrid_scene *s, const char *text, const char *method,
                                     double seed, double accuracy)
{
    char number[32];
    snprintf(number, sizeof number, "%.17g", accuracy);
    const lac_override overrides[] = {{"run.method", method}, {"run.accuracy", number}};
    *s = (hybrid_scene){.model = scene_load_with(text, overrides, 2)};
    s->model->settings.seed = seed;
    assert_ok(lac_grid_create(s->model, &s->grid));
    double weight = s->grid->voxels ? s->grid->voxel_volume / lac_model_scale(s->model) : 1;
    s->scene = (lac_scene){s->model, s->grid, weight};
    assert_ok(lac_simulation_initial(&s->scene, &s->state));
    s->type = lac_stepper_find(method);
    assert_non_null(s->type);
    assert_ok(s->type->create(&s->scene, s->state, &s->stepper));
}

static inline void hybrid_scene_free(hybrid_scene *s)
{
    if (s->stepper)
        s->type->free(s->stepper);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
    lac_model_free(s->model);
}

static inline lac_status hybrid_scene_try_to(hybrid_scene *s, double time)
{
    lac_status status = LAC_OK;
    while (s->state->time < time && status == LAC_OK)
        status = s->type->step(s->stepper, s->state, time);
    return status;
}

static inline void hybrid_scene_to(hybrid_scene *s, double time)
{
    assert_ok(hybrid_scene_try_to(s, time));
}

static inline size_t hybrid_scene_variable(const hybrid_scene *s, const char *path)
{
    for (size_t v = 0; v < s->model->variables; v++)
        if (strcmp(s->model->variable[v].path, path) == 0)
            return v;
    fail_msg("no variable %s", path);
    return 0;
}

static inline const double *hybrid_scene_values(const hybrid_scene *s, const char *path)
{
    return s->state->value + lac_layout_at(&s->state->layout, hybrid_scene_variable(s, path));
}

/* What the joint holds of it. */
static inline double hybrid_scene_content(const hybrid_scene *s, const char *path)
{
    return lac_state_content(s->state, s->model, s->scene.weight, hybrid_scene_variable(s, path));
}

#endif
