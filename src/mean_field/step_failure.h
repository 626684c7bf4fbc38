/* Step failures: why an attempt at a step was rejected, and the message when a run gives up.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_STEP_FAILURE_H
#define LAC_MEAN_FIELD_STEP_FAILURE_H

#include "mean_field/equations.h"
#include "mean_field/error_norm.h"
#include "mean_field/rosenbrock.h"

typedef enum lac_reason {
    LAC_ACCEPTED,
    LAC_ERROR_TEST,      /* the error of the step is too large */
    LAC_BELOW_ZERO,      /* a value would fall below zero */
    LAC_UNSOLVED,        /* the linear solver did not converge */
    LAC_SINGULAR,        /* the preconditioner has no inverse */
    LAC_UNDEFINED,       /* a law or coefficient is not defined at a stage */
    LAC_TOO_MANY_EVENTS, /* of what is discrete, beside its number */
    LAC_PAST_THRESHOLD,  /* from which on something is to be discrete */
    LAC_NOT_FINITE       /* a law is infinite or no number at a stage, or the new state is */
} lac_reason;

/* Under what the counters count it. */
lac_refusal lac_refusal_of(lac_reason reason);

/* All that the sentences speak of; borrowed. */
typedef struct lac_step_failure {
    const lac_scene *scene;
    const lac_state *state; /* at the start of the step */
    lac_equations *equations;
    lac_norm *norm;
    const lac_rosenbrock *rosenbrock; /* after the attempt */
    lac_step_counters counters;
    lac_reason reason;
} lac_step_failure;

/* LAC_NUMERICS with a sentence when a law is not finite at the very start of the step, so that no
 * shorter step helps; LAC_OK when shorter ones may. For LAC_SINGULAR and
 * LAC_NOT_FINITE.
 */
lac_status lac_step_failure_at_start(const lac_step_failure *failure);

/* LAC_NUMERICS: a step would have to be shorter than the shortest that is allowed. */
lac_status lac_step_failure_report(const lac_step_failure *failure);

#endif
