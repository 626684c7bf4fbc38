/* Endpoints: one number of a curve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_ENDPOINT_H
#define LAC_ANALYSIS_ENDPOINT_H

#include "plan/plan.h"

/* Of `value` over increasing `time` [h]. LAST: of the last frame. LEAST, MOST: of the frames whose
 * value is known (not NaN). MEAN: in time, by the trapezoidal rule, over the intervals at both ends
 * of which the value is known; a single frame is its own mean. AT: linear between frames, NaN
 * outside of them. `change` takes the value of the first frame off. NaN when there is no such
 * number. */
double lac_endpoint_value(const lac_endpoint *endpoint, const double *time, const double *value,
                          size_t frames);

#endif
