/* Endpoints: one number of a curve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_ENDPOINT_H
#define LAC_ANALYSIS_ENDPOINT_H

#include "plan/plan.h"

/* Of `value` over increasing `time` [h]. LAST: of the last frame. LEAST, MOST: of the frames whose
 * value is known (not NaN); TIME_OF_LEAST, TIME_OF_MOST: when that is first [h]. AUC: the integral
 * over time [h]. MEAN: in time, by the trapezoidal rule, over the intervals at both ends
 * of which the value is known; a single frame is its own mean. AT: linear between frames, NaN
 * outside of them. `change` takes the value of the first frame off. A window counts as a
 * curve of its own, with the values at its ends. NaN when there is no such number. */
double lac_endpoint_value(const lac_endpoint *endpoint, const double *time, const double *value,
                          size_t frames);

/* Of two others, for an endpoint that joins them. NaN for a ratio to 0. */
double lac_endpoint_join(const lac_endpoint *endpoint, double first, double second);

#endif
