/* The method `mean-field`: the deterministic limit, everything continuous.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_MEAN_FIELD_H
#define LAC_MEAN_FIELD_MEAN_FIELD_H

#include "mean_field/rosenbrock.h"
#include "mean_field/step_failure.h"
#include "network/network.h"
#include "stepper/stepper.h"

extern const lac_stepper_type lac_mean_field;

/* --- for a method that lets this one advance a part of the model, and does the rest -------------
 */

/* Hooks of the method around this one within a step. */
typedef struct lac_step_hooks {
    void *self;
    double tolerances; /* so many the error of the part may be */
    size_t iterations; /* of the linear solver, for its own systems: times max_iterations */
    double (*longest)(void *self); /* [s] the longest step that it wants now */
    /* A step of the part has passed its error test; `state` is as at its start. The method around
     * may use the system and the solver, but not the vectors of the step. A reason of its own
     * against the step has it tried again, shorter by *factor. */
    lac_status (*complete)(void *self, const lac_state *state, const lac_attempt *attempt,
                           lac_reason *reason, double *factor);
    /* The part's values and ledger are in `state`, whose time is still that of the start. */
    void (*accept)(void *self, lac_state *state, const lac_attempt *attempt);
} lac_step_hooks;

/* What makes a step no longer than it is: the error test, the step hooks, run.longest_step, or the
 * next output, event or discontinuity. */
typedef enum lac_limit {
    LAC_LIMIT_ERROR,
    LAC_LIMIT_HOOKS,
    LAC_LIMIT_LONGEST,
    LAC_LIMIT_STOP
} lac_limit;

/* The functions of lac_mean_field take it too. All borrowed. */
lac_status lac_mean_field_create_part(const lac_scene *scene, const lac_state *state,
                                      const lac_part *part, const lac_step_hooks *hooks,
                                      void **self);
const lac_system *lac_mean_field_system(const void *self);
lac_rosenbrock *lac_mean_field_rosenbrock(void *self);
/* Of the last step that was tried. */
lac_limit lac_mean_field_limit(const void *self);
/* Its system looks at this state's parameters (borrowed), as it does in a step. */
void lac_mean_field_bind_state(void *self, const lac_state *state);
/* How far below zero a variable may be. */
double lac_mean_field_floor(const void *self, size_t variable);

/* Bytes that the network of a model keeps. */
size_t lac_mean_field_network_bytes(const lac_model *model, const lac_layout *layout);

#endif
