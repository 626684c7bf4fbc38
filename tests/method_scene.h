/* A model marched in memory by one method, for tests of methods: its grid, its state, a stepper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_METHOD_SCENE_H
#define LAC_METHOD_SCENE_H

#include "model_scene.h"

#include "methods/methods.h"
#include "run/simulation.h"

typedef struct method_scene {
    lac_model *model;
    lac_grid *grid;
    lac_scene scene;
    lac_state *state;
    const lac_stepper_type *type;
    void *stepper;
} method_scene;

/* Takes the model. The status is that of the method's `create`. */
static inline lac_status method_scene_try(method_scene *s, lac_model *model, const char *method,
                                          double seed)
{
    *s = (method_scene){.model = model};
    s->model->settings.seed = seed;
    assert_ok(lac_grid_create(s->model, &s->grid));
    double weight = s->grid->voxels ? s->grid->voxel_volume / lac_model_scale(s->model) : 1;
    s->scene = (lac_scene){.model = s->model, .grid = s->grid, .weight = weight};
    assert_ok(lac_simulation_initial(&s->scene, &s->state));
    s->type = lac_stepper_find(method);
    assert_non_null(s->type);
    return s->type->create(&s->scene, s->state, &s->stepper);
}

static inline void method_scene_free(method_scene *s)
{
    if (s->stepper)
        s->type->free(s->stepper);
    lac_state_free(s->state);
    lac_grid_free(s->grid);
    lac_model_free(s->model);
}

static inline lac_status method_scene_try_to(method_scene *s, double time)
{
    lac_status status = LAC_OK;
    bool changed;
    while (s->state->time < time && status == LAC_OK) {
        if (s->type->reshape)
            status = s->type->reshape(s->stepper, s->state, &changed);
        if (status == LAC_OK)
            status = s->type->step(s->stepper, s->state, time);
    }
    return status;
}

static inline void method_scene_to(method_scene *s, double time)
{
    assert_ok(method_scene_try_to(s, time));
}

static inline void method_scene_list(method_scene *s, lac_block_list *list)
{
    *list = (lac_block_list){0};
    lac_state_blocks(s->state, list);
    s->type->blocks(s->stepper, list);
}

static inline void method_scene_copy_block(const lac_block *from, const lac_block *to)
{
    assert_int_equal(from->count, to->count);
    if (from->count > 0)
        memcpy(to->data, from->data, (from->type == LAC_BLOCK_BYTES ? 1 : 8) * from->count);
}

/* All that a checkpoint keeps, from one run into another of the same model. */
static inline void method_scene_copy(method_scene *from, method_scene *to)
{
    lac_block_list source, target;
    bool shaped = false;
    method_scene_list(from, &source);
    method_scene_list(to, &target);
    for (size_t k = 0; k < target.count; k++)
        if (strcmp(target.prefix[k], LAC_SHAPE_BLOCKS) == 0) {
            method_scene_copy_block(&source.block[k], &target.block[k]);
            shaped = true;
        }
    if (shaped)
        assert_ok(to->type->take_shape(to->stepper, to->state));
    method_scene_list(to, &target);
    assert_int_equal(source.count, target.count);
    for (size_t k = 0; k < source.count; k++)
        method_scene_copy_block(&source.block[k], &target.block[k]);
}

/* The ledger accounts for all that there is. */
static inline void method_scene_closes(const method_scene *s, double most)
{
    const lac_view view = {.model = s->model, .grid = s->grid, .weight = s->scene.weight};
    double closure;
    assert_ok(lac_ledger_closure(&view, s->state, &closure, NULL));
    assert_near(closure, 0, most);
}

/* Two runs have come to the same bits. */
static inline void method_scene_same(const method_scene *a, const method_scene *b)
{
    assert_memory_equal(a->state->value, b->state->value, a->state->layout.length * sizeof(double));
}

static inline size_t method_scene_variable(const method_scene *s, const char *path)
{
    return (size_t)(scene_variable(s->model, path) - s->model->variable);
}

#endif
