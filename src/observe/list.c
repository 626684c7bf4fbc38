/* The list of observers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/observers.h"

#define ROW(name) &lac_observe_##name,
const lac_observer_type *const lac_observer_list[] = {LAC_OBSERVER_LIST(ROW) NULL};

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
