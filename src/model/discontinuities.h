/* Discontinuities: the times at which a law or an input jumps or bends, where no step may pass.
 *
 * Knots of inputs are such times, and those at which a comparison of time, inputs and parameters
 * turns over. They are found one at a time, for the values that the parameters have now: interval
 * arithmetic (Moore 1966) rules out spans of time in which a comparison cannot turn over; the rest
 * is halved down to a microsecond and, where the comparison differs at the ends, to the last bit.
 * Spans are those of one binary tree over [0, 2^40 s], so that a time does not depend on where the
 * search began. Checked by tests/test_discontinuities.c. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef LAC_MODEL_DISCONTINUITIES_H
#define LAC_MODEL_DISCONTINUITIES_H

#include "model/model.h"

/* [s] What happens before it, happens at the start of a run. */
#define LAC_SOONEST 1e-12

typedef struct lac_discontinuities lac_discontinuities;

/* A jump, or only a bend (a knot of a continuous input). */
typedef struct lac_discontinuity {
    double time; /* [s]; infinity = none */
    bool jump;
} lac_discontinuity;

/* `model` is borrowed. */
lac_status lac_discontinuities_create(const lac_model *model, lac_discontinuities **fresh);
void lac_discontinuities_free(lac_discontinuities *discontinuities);

/* The first after `time` [s] and at or before the horizon of the search (2^40 s), for these values
 * of the parameters; NULL = those at the start of a run. */
lac_discontinuity lac_discontinuities_next(lac_discontinuities *discontinuities,
                                           const double *parameter, double time);
/* Does something jump at this very time? */
bool lac_discontinuities_jump(lac_discontinuities *discontinuities, const double *parameter,
                              double time);

/* Can the times of condition `index` of the model be found? Looks at the first few, until `end`. */
bool lac_discontinuities_found(lac_discontinuities *discontinuities, size_t index, double end);

#endif
