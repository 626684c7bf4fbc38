/* The mean-field companion of a patch that stands for a joint: whom its pools feel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_HYBRID_COMPANION_H
#define LAC_HYBRID_HYBRID_COMPANION_H

#include "mean_field/mean_field.h"

typedef struct lac_companion lac_companion;

/* Begins at this state, which is copied. `scene` is borrowed. */
lac_status lac_companion_create(const lac_scene *scene, const lac_state *state,
                                lac_companion **companion);
void lac_companion_free(lac_companion *companion);
void lac_companion_blocks(lac_companion *companion, lac_block_list *list);

/* [s] How far it is. */
double lac_companion_time(const lac_companion *companion);
/* Makes it be ahead of `time`: one step, never past `stop`, unless it is there already. */
lac_status lac_companion_lead(lac_companion *companion, double time, double stop);
/* Brings it back to `time`, which lies in its last step. */
lac_status lac_companion_return(lac_companion *companion, double time);
/* Its state, for what happens from outside; then it is to be restarted. */
lac_state *lac_companion_state(lac_companion *companion);
void lac_companion_restart(lac_companion *companion);

/* The first or second derivative of a pool in the last step, for lac_part. */
double lac_companion_drive(const void *companion, size_t variable, double time, int derivative);
/* A pool at a time of the last step. */
double lac_companion_value(const lac_companion *companion, size_t variable, double time);
/* The pools of `state` := the companion's at its time, with their ledger when both are at one time.
 */
void lac_companion_show(const lac_companion *companion, lac_state *state);

#endif
