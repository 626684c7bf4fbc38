/* Error against tolerance: a scenario marched through the times that it saves, and compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_PHYSICS_TOLERANCE_H
#define LAC_TESTS_PHYSICS_TOLERANCE_H

#include "physics/scene.h"

enum { TIMES_MOST = 64 };

typedef struct row {
    double error, tolerances, seconds;
    lac_step_counters count;
} row;

/* A scenario with other settings. */
static inline scene *scene_with(const char *path, const char *integrator, double rtol, bool truth)
{
    char tolerance[32];
    snprintf(tolerance, sizeof tolerance, "%g", rtol);
    const lac_override set[] = {{"run.integrator", integrator},
                                {"run.rtol", tolerance},
                                {"run.linear_tolerance", truth ? "1e-4" : "0.005"},
                                {"run.atol_scale", truth ? "1e-3" : "1"},
                                {"run.max_iterations", truth ? "200" : "30"}};
    return scene_from(path, set, 5);
}

static inline double time_of(const scene *s, size_t k)
{
    return s->model->settings.save_every * (double)(k + 1);
}

static inline size_t times_of(const scene *s)
{
    size_t times = (size_t)(s->model->settings.until / s->model->settings.save_every + 0.5);
    return times < TIMES_MOST ? times : TIMES_MOST;
}

/* The largest over variables of the largest difference, in tolerances and in parts of the largest
 * value. */
static inline void compare(const scene *s, const double *values, const double *truth, double rtol,
                           row *it)
{
    const lac_layout *layout = &s->state->layout;
    for (size_t v = 0; v < s->model->variables; v++) {
        size_t first = lac_layout_at(layout, v),
               count = v < layout->fields ? layout->tract[0].voxels : 1;
        double most = 0, scale = 0, atol = s->model->variable[v].atol;
        for (size_t k = 0; k < times_of(s); k++)
            for (size_t i = first; i < first + count; i++) {
                most = fmax(most,
                            fabs(values[k * layout->length + i] - truth[k * layout->length + i]));
                scale = fmax(scale, fabs(truth[k * layout->length + i]));
            }
        it->tolerances = fmax(it->tolerances, most / (atol + rtol * scale));
        it->error = fmax(it->error, most / fmax(scale, 1e3 * atol));
    }
}

/* Runs through all times; false when the run gives up. */
static inline bool march(scene *s, double *values)
{
    size_t length = s->state->layout.length;
    for (size_t k = 0; k < times_of(s); k++) {
        while (s->state->time < time_of(s, k))
            if (s->type->step(s->stepper, s->state, time_of(s, k)) != LAC_OK)
                return false;
        memcpy(values + k * length, s->state->value, length * sizeof *values);
    }
    return true;
}

#endif
