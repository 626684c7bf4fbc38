/* Steppers: the list, and the frame through which laws look at a scene.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stepper/stepper.h"

#include "stepper/exact.h"
#include "stepper/mean_field.h"

#include <string.h>

const lac_stepper_type *const lac_stepper_list[] = {&lac_mean_field, &lac_exact_method, NULL};

const lac_stepper_type *lac_stepper_find(const char *name)
{
    for (size_t i = 0; lac_stepper_list[i]; i++)
        if (strcmp(lac_stepper_list[i]->name, name) == 0)
            return lac_stepper_list[i];
    return NULL;
}

void lac_scene_frame(const lac_scene *scene, const lac_state *state, const double *value,
                     double *input, double *input_rate, lac_frame *frame)
{
    const lac_grid *grid = scene->grid;
    *frame = (lac_frame){.layout = &state->layout,
                         .value = value,
                         .parameter = state->parameter,
                         .position = {grid->position[0], grid->position[1], grid->position[2]},
                         .region = (const double *const *)grid->region,
                         .active = grid->active,
                         .input = input,
                         .input_rate = input_rate};
    lac_frame_at(frame, scene->model, state->time);
}
