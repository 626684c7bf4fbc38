/* Scenes for tests of the method `exact`: a model from text, and counts of its molecules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_SCENE_H
#define LAC_EXACT_SCENE_H

#include "method_scene.h"

#include "exact/exact_internal.h"

static inline void exact_scene_make(method_scene *s, const char *text, double seed)
{
    assert_ok(method_scene_try(s, scene_load(text), "exact", seed));
}

/* Molecules of the patch in a voxel (pools: any). */
static inline double exact_scene_count(const method_scene *s, const char *path, size_t voxel)
{
    size_t v = method_scene_variable(s, path);
    const lac_exact *e = s->stepper;
    size_t at = lac_layout_at(&s->state->layout, v) + (v < s->model->fields ? voxel : 0);
    return nearbyint(s->state->value[at] / lac_exact_per_count(e, v, voxel));
}

static inline double exact_scene_total(const method_scene *s, const char *path)
{
    size_t v = method_scene_variable(s, path);
    double sum = 0;
    for (size_t voxel = 0; voxel < lac_layout_size(&s->state->layout, v); voxel++)
        sum += exact_scene_count(s, path, voxel);
    return sum;
}

#endif
