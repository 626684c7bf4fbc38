/* The list of observers, in the order in which they are created and record.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/observers.h"

const lac_observer_type *const lac_observer_list[] = {
    &lac_observe_axes,        &lac_observe_provenance,
    &lac_observe_fields,      &lac_observe_pools,
    &lac_observe_observables, &lac_observe_bands,
    &lac_observe_parameters,  &lac_observe_ledger,
    &lac_observe_clock,       NULL,
};

void lac_observe_no_blocks(void *self, lac_block_list *list)
{
    (void)self;
    (void)list;
}

lac_status lac_observe_no_record(void *self, const lac_state *state, size_t frame,
                                 size_t field_frame)
{
    (void)self;
    (void)state;
    (void)frame;
    (void)field_frame;
    return LAC_OK;
}
