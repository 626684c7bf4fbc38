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
    s->scene = (lac_scene){s->model, s->grid, weight};
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
    while (s->state->time < time && status == LAC_OK)
        status = s->type->step(s->stepper, s->state, time);
    return status;
}

static inline void method_scene_to(method_scene *s, double time)
{
    assert_ok(method_scene_try_to(s, time));
}

/* All that a checkpoint keeps, from one run into another of the same model. */
static inline void method_scene_copy(method_scene *from, method_scene *to)
{
    lac_block_list source = {0}, target = {0};
    lac_state_blocks(from->state, &source);
    from->type->blocks(from->stepper, &source);
    lac_state_blocks(to->state, &target);
    to->type->blocks(to->stepper, &target);
    assert_int_equal(source.count, target.count);
    for (size_t k = 0; k < source.count; k++) {
        size_t size = source.block[k].type == LAC_BLOCK_BYTES ? 1 : 8;
        assert_int_equal(source.block[k].count, target.block[k].count);
        memcpy(target.block[k].data, source.block[k].data, size * source.block[k].count);
    }
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
