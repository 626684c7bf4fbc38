/* Endpoints: one number of a curve, or of the part of it within a window: the frames inside, and at
 * both ends what lies on the line between two frames.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/endpoint.h"

#include <math.h>

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

/* A curve from `first` on, with a point before and behind it where a window cuts between frames. */
typedef struct part {
    const double *time, *value;
    size_t frames;
    double before[2], behind[2]; /* time [h] and value */
    size_t has_before, has_behind;
} part;

static size_t points(const part *of)
{
    return of->has_before + of->frames + of->has_behind;
}

static double time_of(const part *of, size_t point)
{
    if (point < of->has_before)
        return of->before[0];
    point -= of->has_before;
    return point < of->frames ? of->time[point] : of->behind[0];
}

static double value_of(const part *of, size_t point)
{
    if (point < of->has_before)
        return of->before[1];
    point -= of->has_before;
    return point < of->frames ? of->value[point] : of->behind[1];
}

static part whole(const double *time, const double *value, size_t frames)
{
    return (part){.time = time, .value = value, .frames = frames};
}

static part cut(const lac_endpoint *endpoint, const double *time, const double *value,
                size_t frames)
{
    double from = endpoint->window[0], to = endpoint->window[1];
    size_t first = 0, end = 0;
    while (first < frames && time[first] < from - slack(from))
        first++;
    for (end = first; end < frames && time[end] <= to + slack(to);)
        end++;
    part made = whole(time + first, value + first, end - first);
    bool on_first = end > first && fabs(time[first] - from) <= slack(from);
    bool on_last = end > first && fabs(time[end - 1] - to) <= slack(to);
    made.before[0] = from;
    made.before[1] = value_at(time, value, frames, from);
    made.has_before = !on_first && !isnan(made.before[1]);
    made.behind[0] = to;
    made.behind[1] = value_at(time, value, frames, to);
    made.has_behind = !on_last && !isnan(made.behind[1]);
    return made;
}

/* The integral by the trapezoidal rule over the intervals at both ends of which the value is known,
 * and how long these are. */
static double area(const part *of, double *span)
{
    double sum = 0;
    *span = 0;
    for (size_t point = 1; point < points(of); point++) {
        double step = time_of(of, point) - time_of(of, point - 1);
        double both = value_of(of, point) + value_of(of, point - 1);
        if (isnan(both))
            continue;
        sum += step * both / 2;
        *span += step;
    }
    return sum;
}

static double mean(const part *of)
{
    double span, sum = area(of, &span);
    return span > 0 ? sum / span : points(of) == 1 ? value_of(of, 0) : NAN;
}

static double integral(const part *of)
{
    double span, sum = area(of, &span);
    return span > 0 ? sum : NAN;
}

/* The first point with the least or greatest value that is known; the number of points when there
 * is none. */
static size_t extreme(const part *of, bool most)
{
    size_t found = points(of);
    for (size_t point = 0; point < points(of); point++) {
        double value = value_of(of, point);
        if (isnan(value))
            continue;
        if (found == points(of) ||
            (most ? value > value_of(of, found) : value < value_of(of, found)))
            found = point;
    }
    return found;
}

static double take(const lac_endpoint *endpoint, const part *of)
{
    size_t count = points(of), point;
    bool most =
        endpoint->reduction == LAC_REDUCE_MOST || endpoint->reduction == LAC_REDUCE_TIME_OF_MOST;
    if (count == 0)
        return NAN;
    switch (endpoint->reduction) {
    case LAC_REDUCE_LAST:
        return value_of(of, count - 1);
    case LAC_REDUCE_LEAST:
    case LAC_REDUCE_MOST:
        point = extreme(of, most);
        return point < count ? value_of(of, point) : NAN;
    case LAC_REDUCE_TIME_OF_LEAST:
    case LAC_REDUCE_TIME_OF_MOST:
        point = extreme(of, most);
        return point < count ? time_of(of, point) : NAN;
    case LAC_REDUCE_MEAN:
        return mean(of);
    case LAC_REDUCE_AUC:
        return integral(of);
    case LAC_REDUCE_AT:
        break;
    }
    return NAN;
}

double lac_endpoint_value(const lac_endpoint *endpoint, const double *time, const double *value,
                          size_t frames)
{
    if (frames == 0)
        return NAN;
    if (endpoint->reduction == LAC_REDUCE_AT) {
        double found = value_at(time, value, frames, endpoint->at);
        return endpoint->change ? found - value[0] : found;
    }
    part of = endpoint->windowed ? cut(endpoint, time, value, frames) : whole(time, value, frames);
    double found = take(endpoint, &of);
    if (!endpoint->change)
        return found;
    double span = 1;
    if (endpoint->reduction == LAC_REDUCE_AUC)
        area(&of, &span);
    return found - span * value[0];
}

double lac_endpoint_join(const lac_endpoint *endpoint, double first, double second)
{
    if (endpoint->join == LAC_JOIN_RATIO)
        return second != 0 ? first / second : NAN;
    return first - second;
}
