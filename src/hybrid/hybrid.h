/* The method `hybrid`: discrete variables change by events, continuous ones by rates, in one step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_HYBRID_H
#define LAC_HYBRID_HYBRID_H

#include "stepper/stepper.h"

extern const lac_stepper_type lac_hybrid_method;

/* What is to be expected of the discrete processes at this state. */
typedef struct lac_hybrid_outlook {
    double *rate; /* owned [processes]: events of the patch [1/s]; of the joint where well-mixed;
                     NaN for continuous ones */
    double step;  /* [s] the longest step that its events allow; infinite without */
    bool windows; /* molecules that diffuse allow shorter ones only, `step` [s] */
    char *bound;  /* owned: which bound that is, in words; NULL without */
    const char *whole; /* the method that takes the whole model at this state, or NULL */
} lac_hybrid_outlook;
lac_status lac_hybrid_look_ahead(const lac_scene *scene, const lac_state *state,
                                 lac_hybrid_outlook *outlook);
void lac_hybrid_outlook_free(lac_hybrid_outlook *outlook);

#endif
