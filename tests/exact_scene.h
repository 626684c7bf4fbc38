/* Scenes for tests of the method `exact`: a model from text, its grid, its state, and a stepper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_SCENE_H
#define LAC_EXACT_SCENE_H

#include "model_scene.h"

#include "exact/exact_internal.h"
#include "methods/methods.h"
#include "run/simulation.h"

typedef struct exact_scene {
    lac_model *model;
    lac_grid *grid;
    lac_scene scene;
    lac_state *state;
    const lac_stepper_type *type;
    void *stepper;
} exact_scene;

static inline lac_status exact_scene_try(exact_scene *s, const char *text, double seed,
                                         const char *method)
{
    *s = (exact_scene){.model = scene_load(text)};
    s->model->settings.seed = seed;
    assert_ok(lac_grid_create(s->model, &s->grid));
    double weight = s->grid->voxels ? s->grid->voxel_volume / lac_model_scale(s->model) : 1;
    s->scene = (lac_scene){s->model, s->grid, weight};
    assert_ok(lac_simulation_initial(&s->scene, &s->state));
    s->type = lac_stepper_find(method);
    assert_non_null(s->type);
    return s->type->create(&s->scene, s->state, &s->stepper);
}

static inline void exact_scene_make(exact_scene *s, const char *text, double seed)
{
    assert_ok(exact_scene_try(s, text, seed, "exact"));
}

static inline void exact_scene_free(exact_scene *s)
{
    if (s->stepper)
        s->type->free(s->stepper);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
    lac_model_free(s->model);
}

static inline lac_status exact_scene_try_to(exact_scene *s, double time)
{
    lac_status status = LAC_OK;
    while (s->state->time < time && status == LAC_OK)
        status = s->type->step(s->stepper, s->state, time);
    return status;
}

static inline void exact_scene_to(exact_scene *s, double time)
{
    assert_ok(exact_scene_try_to(s, time));
}

static inline size_t exact_scene_variable(const exact_scene *s, const char *path)
{
    for (size_t v = 0; v < s->model->variables; v++)
        if (strcmp(s->model->variable[v].path, path) == 0)
            return v;
    fail_msg("no variable %s", path);
    return 0;
}

/* Molecules of the patch in a voxel (pools: any). */
static inline double exact_scene_count(const exact_scene *s, const char *path, size_t voxel)
{
    size_t v = exact_scene_variable(s, path);
    const lac_exact *e = s->stepper;
    size_t at = lac_layout_at(&s->state->layout, v) + (v < s->model->fields ? voxel : 0);
    return nearbyint(s->state->value[at] / e->per_count[v]);
}

static inline double exact_scene_total(const exact_scene *s, const char *path)
{
    size_t v = exact_scene_variable(s, path);
    double sum = 0;
    for (size_t voxel = 0; voxel < (v < s->model->fields ? s->grid->voxels : 1); voxel++)
        sum += exact_scene_count(s, path, voxel);
    return sum;
}

#endif
