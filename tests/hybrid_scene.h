/* Scenes for tests of the method `hybrid`: a model from text, marched in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_SCENE_H
#define LAC_HYBRID_SCENE_H

#include "method_scene.h"

/* The text with its settings: `method`, seed and accuracy. */
static inline void hybrid_scene_make(method_scene *s, const char *text, const char *method,
                                     double seed, double accuracy)
{
    char number[32];
    snprintf(number, sizeof number, "%.17g", accuracy);
    const lac_override overrides[] = {{"run.method", method}, {"run.accuracy", number}};
    assert_ok(method_scene_try(s, scene_load_with(text, overrides, 2), method, seed));
}

static inline const double *hybrid_scene_values(const method_scene *s, const char *path)
{
    return s->state->value + lac_layout_at(&s->state->layout, method_scene_variable(s, path));
}

/* What the joint holds of it. */
static inline double hybrid_scene_content(const method_scene *s, const char *path)
{
    return lac_state_content(s->state, s->model, method_scene_variable(s, path));
}

#endif
