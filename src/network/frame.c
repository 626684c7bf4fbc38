/* The frame: setting its time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/frame.h"

void lac_frame_at(lac_frame *frame, const lac_model *model, double time)
{
    frame->time = time;
    for (size_t input = 0; input < model->inputs; input++)
        frame->input[input] =
            lac_input_value(&model->input[input], time, &frame->input_rate[input]);
}
