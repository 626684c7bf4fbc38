/* A toy observer: the largest number in the state, over time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

#include <math.h>

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    static const lac_display plain = {.factor = 1};
    lac_curve *curve = NULL;
    (void)view;
    LAC_NEW(curve, 1);
    LAC_TRY(lac_curve_open(store, resumed, "/toy_largest", &plain, "largest number", curve));
    *self = curve;
    curve = NULL;
out:
    lac_free(curve);
    return status;
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    double largest = 0;
    (void)field_frame;
    for (size_t at = 0; at < state->layout.length; at++)
        largest = fmax(largest, state->value[at]);
    return lac_curve_put(self, frame, largest);
}

const lac_observer_type lac_observe_toy_largest = {
    .name = "toy-largest",
    .summary = "the largest number in the state",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = lac_free,
};
