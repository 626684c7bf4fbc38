/* The clock: the time of every frame, the last that is written of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

typedef struct clock {
    lac_store *store; /* borrowed */
    lac_store_series *time,
        *fields; /* borrowed; fields: NULL when they have no times of their own */
} clock;

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    clock *made = NULL;
    (void)resumed;
    LAC_NEW(made, 1);
    made->store = store;
    LAC_TRY(lac_store_find(store, LAC_AT_TIME, &made->time));
    if (lac_fields_have_own_times(view->model))
        LAC_TRY(lac_store_find(store, LAC_AT_TIME_FIELDS, &made->fields));
    *self = made;
    made = NULL;
out:
    lac_free(made);
    return status;
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    const clock *about = self;
    double hours = state->time / LAC_FILE_TIME;
    if (about->fields && field_frame != LAC_NONE)
        LAC_TRY(lac_store_put(about->fields, field_frame, &hours));
    LAC_TRY(lac_store_put(about->time, frame, &hours));
out:
    return status;
}

const lac_observer_type lac_observe_clock = {
    .name = "clock",
    .summary = "the time of every frame [h], written last",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = lac_free,
};
