/* Resuming: a run and its result as they were when a checkpoint was written, and what is different
 * when that was the end of a run which is now made longer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "run/simulation_internal.h"

#include <math.h>

static const double ROUNDING = 1e-12; /* relative: hours in the file, seconds in the state */

/* Does a time axis of the result end at the state's time? */
static lac_status ends_now(const lac_simulation *simulation, const char *axis, size_t frames,
                           bool *now)
{
    lac_status status = LAC_OK;
    double *time = NULL, state = simulation->state->time;
    size_t rank, length[8];
    *now = false;
    if (frames == 0)
        goto out;
    LAC_TRY(lac_store_read(simulation->store, axis, &time, &rank, length));
    *now = length[0] >= frames &&
           fabs(time[frames - 1] * LAC_FILE_TIME - state) <= ROUNDING * fabs(state);
out:
    lac_free(time);
    return status;
}

/* A run ends with a frame of all. When it is made longer, a frame of fields for which there was no
 * other reason is taken back; a frame of values stays, since the steps have stopped for it. */
static lac_status reconcile_final_frame(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const lac_schedule *schedule = simulation->schedule;
    double time = simulation->state->time;
    bool now;
    if (lac_schedule_saves(schedule, time, true))
        goto out;
    LAC_TRY(ends_now(simulation, LAC_AT_TIME, simulation->frames, &now));
    simulation->unplanned_final_frame = now && !lac_schedule_saves(schedule, time, false);
    if (!now || simulation->unplanned_final_frame || !lac_fields_have_own_times(simulation->model))
        goto out;
    LAC_TRY(ends_now(simulation, LAC_AT_TIME_FIELDS, simulation->field_frames, &now));
    simulation->field_frames -= now;
out:
    return status;
}

/* The stepper may have had other blocks when it was saved than it begins with. */
static lac_status fit_shape(lac_simulation *simulation, const char *path)
{
    lac_status status = LAC_OK;
    lac_block_list shape;
    if (!lac_simulation_list_shape(simulation, &shape))
        return LAC_OK;
    LAC_TRY(lac_checkpoint_pick(path, &shape));
    LAC_TRY(lac_simulation_take_shape(simulation));
out:
    return status;
}

/* The result, the state and the observers; later frames will be written again. */
static lac_status restore_result(lac_simulation *simulation, const lac_checkpoint_found *found)
{
    lac_status status = LAC_OK;
    simulation->frames = found->facts.frames;
    simulation->field_frames = found->facts.field_frames;
    LAC_TRY(lac_store_open(simulation->options.result, true, &simulation->store));
    LAC_TRY(lac_simulation_observe(simulation, true));
    LAC_TRY(fit_shape(simulation, lac_text_of(&found->path)));
    LAC_TRY(lac_checkpoint_load(lac_text_of(&found->path), &simulation->blocks));
    LAC_TRY(reconcile_final_frame(simulation));
    LAC_TRY(lac_store_truncate(simulation->store, LAC_AT_TIME, simulation->frames));
    if (lac_fields_have_own_times(simulation->model))
        LAC_TRY(
            lac_store_truncate(simulation->store, LAC_AT_TIME_FIELDS, simulation->field_frames));
out:
    return status;
}

lac_status lac_simulation_load_checkpoint(lac_simulation *simulation, const char *checkpoint)
{
    lac_status status = LAC_OK;
    lac_checkpoint_found found = {0};
    LAC_TRY(lac_checkpoint_find(checkpoint, &found));
    LAC_TRY(lac_checkpoint_agrees(simulation->model, &found.facts, lac_text_of(&found.path)));
    LAC_TRY(restore_result(simulation, &found));
    LAC_TRY(lac_checkpoint_reinstate(checkpoint, &found));
    if (found.why.length > 0)
        lac_simulation_warn(simulation, "%s; continuing from the previous checkpoint, t = %.6g s",
                            lac_text_of(&found.why), found.facts.time);
    lac_checkpoint_compare_build(simulation, &found);
out:
    lac_checkpoint_found_free(&found);
    return status;
}

bool lac_simulation_has_unplanned_final_frame(const lac_simulation *simulation)
{
    return simulation->unplanned_final_frame;
}
