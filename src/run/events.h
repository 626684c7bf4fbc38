/* Events: what happens to the state when one fires: variables and parameters are added to, set or
 * scaled, in a region or everywhere. The values of all actions of one event are those just before
 * it; what enters or leaves is booked in the ledger as `added`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_EVENTS_H
#define LAC_RUN_EVENTS_H

#include "observe/measure.h"
#include "stepper/stepper.h"

typedef struct lac_events lac_events;

/* `scene` is borrowed and outlives the events. LAC_INPUT for a value that cannot be evaluated where
 * it is to go. */
lac_status lac_events_create(const lac_scene *scene, lac_events **events);
void lac_events_free(lac_events *events);

/* What acts on variables of the state from now on acts on a companion of it too, with the same
 * values (borrowed; NULL = there is none). */
void lac_events_accompany(lac_events *events, lac_state *companion);

/* Fires one event of the model: it acts now, or is put on the event queue when it has a delay; one
 * with `over` begins to run. LAC_NUMERICS, with the event's name, when a value is not finite or
 * makes a variable negative that may not be; the state is then of no further use. */
lac_status lac_events_fire(lac_events *events, size_t event, lac_state *state);

/* One action that is in no event, with its value [internal]; LAC_NUMERICS as above. */
lac_status lac_events_apply(const lac_events *events, const lac_action *action, double value,
                            lac_state *state);

/* The next time [s] of the event queue, infinity when it is empty. */
double lac_events_next(const lac_events *events);
/* Does what the event queue has for `state->time` or before; *count of them. */
lac_status lac_events_due(lac_events *events, lac_state *state, size_t *count);
/* The event queue. */
void lac_events_blocks(lac_events *events, lac_block_list *list);

/* Over which voxels a value is taken: those of a tissue. `columns` are the regions with random
 * fields behind them, or NULL: the regions of its grid. */
typedef struct lac_fill_ground {
    size_t tissue;
    const double *const *columns;
} lac_fill_ground;

/* The value of `tree` in every voxel, for initial values and actions: out[voxels]. */
lac_status lac_fill_field(const lac_scene *scene, const lac_state *state,
                          const lac_expression *tree, const lac_fill_ground *ground, double *out);
/* The value of `tree` that is the same everywhere. */
lac_status lac_fill_scalar(const lac_scene *scene, const lac_state *state,
                           const lac_expression *tree, double *out);

/* Does the value of `tree` differ from voxel to voxel? What stands inside a reduction does not. */
bool lac_tree_varies(const lac_model *model, const lac_expression *tree);

#endif
