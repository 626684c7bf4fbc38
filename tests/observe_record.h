/* Recording a sample: all observers on one store, as a run does it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_RECORD_H
#define LAC_OBSERVE_RECORD_H

#include "observe_sample.h"

enum { OBSERVERS_MOST = 16 };

typedef struct recorder {
    lac_store *store;
    void *self[OBSERVERS_MOST];
    size_t count;
} recorder;

static inline lac_status recorder_close(recorder *made)
{
    for (size_t k = 0; k < made->count; k++)
        lac_observer_list[k]->free(made->self[k]);
    lac_status status = lac_store_close(made->store);
    *made = (recorder){0};
    return status;
}

static inline lac_status recorder_open(const sample *of, const char *path, bool resumed,
                                       recorder *made)
{
    lac_status status = LAC_OK;
    *made = (recorder){0};
    LAC_TRY(resumed ? lac_store_open(path, true, &made->store)
                    : lac_store_create(path, true, 1, &made->store));
    for (; lac_observer_list[made->count]; made->count++)
        LAC_TRY(lac_observer_list[made->count]->create(&of->view, made->store, resumed,
                                                       &made->self[made->count]));
out:
    if (status != LAC_OK)
        recorder_close(made);
    return status;
}

static inline lac_status recorder_frame(recorder *made, const sample *of, size_t frame,
                                        size_t field_frame)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < made->count; k++)
        LAC_TRY(lac_observer_list[k]->record(made->self[k], of->state, frame, field_frame));
    LAC_TRY(lac_store_flush(made->store));
out:
    return status;
}

#endif
