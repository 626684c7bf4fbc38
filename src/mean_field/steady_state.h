/* A steady state of a scene, found directly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_STEADY_STATE_H
#define LAC_MEAN_FIELD_STEADY_STATE_H

#include "stepper/stepper.h"

typedef struct lac_steady_state {
    size_t steps;      /* pseudo-steps that were taken */
    size_t refused;    /* and those that were not */
    size_t iterations; /* of the linear solver */
    double residual;   /* what the last step, of a year, changed, in tolerances */
} lac_steady_state;

/* Puts a state at time 0 to rest: inputs and time are held at 0, no event fires, and processes that
 * change a held variable (model->settings.held) stand still. Conserved sums stay. LAC_NUMERICS with
 * a sentence when no rest is found; the state is then void. */
lac_status lac_steady_state_find(const lac_scene *scene, lac_state *state, lac_steady_state *rest);

#endif
