/* Observers: what reads the state and never changes it. One file and one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_OBSERVER_H
#define LAC_OBSERVE_OBSERVER_H

#include "base/block.h"
#include "network/frame.h"
#include "store/store.h"
#include "tissue/grid.h"
#include "tissue/state.h"

/* What every observer may look at; all borrowed. */
typedef struct lac_view {
    const lac_model *model;
    const lac_grid *grid;
    double weight; /* [um^3] volume of the joint that one voxel stands for */
} lac_view;

typedef struct lac_observer_type {
    const char *name;
    const char *summary;
    /* Creates its variables in a new file, or finds them again when `resumed`. */
    lac_status (*create)(const lac_view *view, lac_store *store, bool resumed, void **self);
    /* Writes record `frame` of `state`; `field_frame` is LAC_NONE when fields are not due. */
    lac_status (*record)(void *self, const lac_state *state, size_t frame, size_t field_frame);
    void (*blocks)(void *self, lac_block_list *list);
    void (*free)(void *self);
} lac_observer_type;

extern const lac_observer_type *const lac_observer_list[]; /* NULL-terminated */

#endif
