/* A toy method: explicit Euler steps of one minute, for reactions alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "network/network.h"
#include "stepper/stepper.h"

#include <math.h>
#include <string.h>

typedef struct euler {
    const lac_scene *scene;
    lac_network *network; /* owned */
    double *slope, *rate; /* owned */
    double *input;        /* owned: inputs and their rates */
    lac_step_counters counters;
} euler;

static void release(void *self)
{
    euler *e = self;
    if (e) {
        lac_network_free(e->network);
        lac_free(e->slope);
        lac_free(e->rate);
        lac_free(e->input);
    }
    lac_free(e);
}

static lac_status create(const lac_scene *scene, const lac_state *state, void **self)
{
    lac_status status = LAC_OK;
    euler *e = NULL;
    LAC_NEW(e, 1);
    e->scene = scene;
    LAC_NEW(e->slope, state->layout.length);
    LAC_NEW(e->rate, state->processes);
    LAC_NEW(e->input, 2 * scene->model->inputs);
    LAC_TRY(lac_network_create(scene->model, &state->layout, scene->weight, &e->network));
    *self = e;
    e = NULL;
out:
    release(e);
    return status;
}

static lac_status step(void *self, lac_state *state, double stop)
{
    euler *e = self;
    const double h = fmin(60, stop - state->time);
    lac_frame frame;
    lac_scene_frame(e->scene, state, state->value, e->input, e->input + e->scene->model->inputs,
                    &frame);
    lac_frame_at(&frame, e->scene->model, state->time);
    memset(e->slope, 0, state->layout.length * sizeof *e->slope);
    memset(e->rate, 0, state->processes * sizeof *e->rate);
    lac_network_derivative(e->network, &frame, e->slope, e->rate);
    lac_add_scaled(state->value, h, e->slope, state->layout.length);
    lac_add_scaled(state->extent, h, e->rate, state->processes);
    state->time = h < 60 ? stop : state->time + h;
    e->counters.steps++;
    return LAC_OK;
}

static void restart(void *self)
{
    (void)self;
}

static void blocks(void *self, lac_block_list *list)
{
    (void)self;
    (void)list;
}

static lac_step_counters counters(const void *self)
{
    return ((const euler *)self)->counters;
}

static size_t memory(const lac_model *model, size_t voxels)
{
    return model->variables * voxels * sizeof(double);
}

const lac_stepper_type lac_toy_euler = {
    .name = "toy-euler",
    .summary = "explicit Euler",
    .reference = "Euler (1768)",
    .create = create,
    .step = step,
    .restart = restart,
    .blocks = blocks,
    .counters = counters,
    .memory = memory,
    .free = release,
};
