/* The frame: setting its time and its tissue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/frame.h"

void lac_frame_at(lac_frame *frame, const lac_model *model, double time)
{
    frame->time = time;
    for (size_t input = 0; input < model->inputs; input++)
        frame->input[input] =
            lac_input_value(&model->input[input], time, &frame->input_rate[input]);
}

void lac_frame_enter(lac_frame *frame, size_t tissue)
{
    const lac_ground *ground = &frame->ground[tissue];
    if (frame->layout->tracts < 2)
        return;
    frame->tissue = tissue;
    for (int axis = 0; axis < 3; axis++)
        frame->position[axis] = ground->position[axis];
    frame->region = ground->region;
    frame->active = ground->active;
}

const lac_tract *lac_frame_tract(const lac_frame *frame)
{
    return &frame->layout->tract[frame->tissue];
}
