/* Endpoints: one number of a curve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/endpoint.h"

#include <math.h>

static double mean(const double *time, const double *value, size_t frames)
{
    double area = 0, span = 0;
    for (size_t frame = 1; frame < frames; frame++) {
        double step = time[frame] - time[frame - 1], sum = value[frame] + value[frame - 1];
        if (isnan(sum))
            continue;
        area += step * sum / 2;
        span += step;
    }
    return span > 0 ? area / span : frames == 1 ? value[0] : NAN;
}

/* Times of frames and of endpoints are rounded each in their own way: within this they are one. */
static double slack(double at)
{
    return 1e-9 * (1 + fabs(at)); /* [h] */
}

static double value_at(const double *time, const double *value, size_t frames, double at)
{
    double slip = slack(at);
    for (size_t frame = 0; frame < frames; frame++) {
        if (fabs(time[frame] - at) <= slip)
            return value[frame];
        if (time[frame] > at)
            return frame == 0 ? NAN
                              : value[frame - 1] + (value[frame] - value[frame - 1]) *
                                                       (at - time[frame - 1]) /
                                                       (time[frame] - time[frame - 1]);
    }
    return NAN;
}

static double extreme(const double *value, size_t frames, bool most)
{
    double found = NAN;
    for (size_t frame = 0; frame < frames; frame++)
        found = most ? fmax(found, value[frame]) : fmin(found, value[frame]);
    return found; /* fmax and fmin pass over NaN */
}

double lac_endpoint_value(const lac_endpoint *endpoint, const double *time, const double *value,
                          size_t frames)
{
    double found = NAN;
    if (frames == 0)
        return found;
    switch (endpoint->take) {
    case LAC_TAKE_LAST:
        found = value[frames - 1];
        break;
    case LAC_TAKE_LEAST:
    case LAC_TAKE_MOST:
        found = extreme(value, frames, endpoint->take == LAC_TAKE_MOST);
        break;
    case LAC_TAKE_MEAN:
        found = mean(time, value, frames);
        break;
    case LAC_TAKE_AT:
        found = value_at(time, value, frames, endpoint->at);
        break;
    }
    return endpoint->change ? found - value[0] : found;
}
