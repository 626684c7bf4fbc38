/* The frame through which laws look at a scene.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stepper/stepper.h"

#include <math.h>

const char *const lac_refusal_name[LAC_REFUSALS] = {
#define LAC_REFUSAL_NAME(id, name, words) name,
    LAC_REFUSAL_LIST(LAC_REFUSAL_NAME)
#undef LAC_REFUSAL_NAME
};

const char *const lac_refusal_words[LAC_REFUSALS] = {
#define LAC_REFUSAL_WORDS(id, name, words) words,
    LAC_REFUSAL_LIST(LAC_REFUSAL_WORDS)
#undef LAC_REFUSAL_WORDS
};

lac_random_key lac_scene_key(const lac_scene *scene, lac_purpose purpose)
{
    const lac_settings *settings = &scene->model->settings;
    return lac_random_key_in(lac_random_key_of((uint64_t)fmax(settings->seed, 0),
                                               (uint64_t)settings->replicate, purpose),
                             scene->epoch);
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
    for (; scene->grid->next && grid; grid = grid->next)
        frame->ground[grid->tissue] =
            (lac_ground){.position = {grid->position[0], grid->position[1], grid->position[2]},
                         .region = (const double *const *)grid->region,
                         .active = grid->active};
    lac_frame_at(frame, scene->model, state->time);
}
