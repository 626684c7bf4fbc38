/* Curves: all series of a simulation at its frames.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"

#include <string.h>

void lac_record_free(lac_record *record)
{
    lac_free(record->time);
    lac_free(record->value);
    lac_free(record->scratch);
}

/* Room for more frames; the scratch is made by who needs it. */
static lac_status make_room(lac_record *record, size_t capacity)
{
    lac_status status = LAC_OK;
    double *time = NULL, *value = NULL;
    if (capacity <= record->capacity)
        return LAC_OK;
    LAC_NEW(time, capacity);
    LAC_NEW(value, capacity * record->series);
    if (record->frames > 0) {
        memcpy(time, record->time, record->frames * sizeof *time);
        memcpy(value, record->value, record->frames * record->series * sizeof *value);
    }
    lac_record_free(record);
    record->time = time;
    record->value = value;
    record->scratch = NULL;
    record->capacity = capacity;
    time = value = NULL;
out:
    lac_free(time);
    lac_free(value);
    return status;
}

lac_status lac_record_frame(void *context, const lac_simulation *run, bool fields)
{
    lac_status status = LAC_OK;
    lac_record *record = &((lacuna_simulation *)context)->record;
    size_t series;
    const double *value = lac_simulation_values(run, &series);
    (void)fields;
    if (!record->on)
        return LAC_OK;
    if (record->frames == record->capacity)
        LAC_TRY(make_room(record, record->capacity ? 2 * record->capacity : 128));
    record->time[record->frames] = lac_simulation_state(run)->time;
    if (series > 0)
        memcpy(record->value + record->frames * series, value, series * sizeof *value);
    record->frames++;
out:
    return status;
}

lac_status lac_record_copy(const lac_record *from, lac_record *to)
{
    lac_status status = LAC_OK;
    to->on = from->on;
    to->frames = 0;
    LAC_TRY(make_room(to, from->frames));
    if (from->frames > 0) {
        memcpy(to->time, from->time, from->frames * sizeof *to->time);
        memcpy(to->value, from->value, from->frames * from->series * sizeof *to->value);
    }
    to->frames = from->frames;
out:
    return status;
}

int lacuna_simulation_record(lacuna_simulation *simulation, int on)
{
    int threads;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_simulation_need_series(simulation));
    simulation->record.on = on != 0;
    simulation->record.frames = 0;
out:
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_simulation_curves(const lacuna_simulation *simulation, lacuna_curves *curves)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(curves, "curves to fill"));
    LAC_TRY(lac_simulation_need_series(simulation));
    const lac_record *record = &simulation->record;
    *curves = (lacuna_curves){record->frames, record->series, record->time, record->value};
out:
    return lac_handle_tell(&simulation->handle, status);
}
