/* A step of the hybrid method, within the step of its continuous part.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <string.h>

/* A step may be longer than its bound by this factor before it is made again. */
static const double TOO_LONG = 1.1;

/* What events leave below zero may be this many relative tolerances of the level before. */
static const double TOLERANCES = 10;

static bool falls_below(const lac_hybrid *h, size_t variable)
{
    const double *value = lac_rosenbrock_value(lac_mean_field_rosenbrock(h->engine));
    const size_t at = lac_layout_at(&h->layout, variable);
    const size_t places = lac_layout_size(&h->layout, variable);
    const double rtol = h->scene.model->settings.rtol;
    const double floor = lac_mean_field_floor(h->engine, variable);
    if (h->scene.model->variable[variable].is_signed)
        return false;
    for (size_t i = at; i < at + places; i++) {
        double before = fmax(fabs(value[i]), fabs(h->attempt->y[i]));
        if (value[i] + h->added[i] < -floor - TOLERANCES * rtol * before)
            return true;
    }
    return false;
}

static bool any_below(const lac_hybrid *h)
{
    for (size_t variable = 0; variable < h->scene.model->variables; variable++)
        if (h->own_variable[variable] && falls_below(h, variable))
            return true;
    return false;
}

/* Both passes; *reason tells whether the step stands. */
static lac_status make_events(lac_hybrid *h, lac_reason *reason)
{
    lac_status status = LAC_OK;
    memset(h->used, 0, h->places * sizeof *h->used);
    h->pass[1].jumps = h->pass[1].visits = 0;
    LAC_TRY(lac_hybrid_sample(h, 0));
    if (h->pass[0].jumps == 0)
        return LAC_OK;
    if (h->pass[0].jumps < LAC_JUMPS_MOST)
        LAC_TRY(lac_hybrid_respond(h, 0, reason));
    if (*reason == LAC_ACCEPTED && h->pass[0].jumps < LAC_JUMPS_MOST) {
        LAC_TRY(lac_hybrid_sample(h, 1));
        LAC_TRY(lac_hybrid_respond(h, 1, reason));
    }
    if (h->pass[0].jumps >= LAC_JUMPS_MOST || h->pass[1].jumps >= LAC_JUMPS_MOST)
        *reason = LAC_TOO_MANY_EVENTS;
    else if (*reason == LAC_ACCEPTED && any_below(h))
        *reason = LAC_BELOW_ZERO;
out:
    return status;
}

lac_status lac_hybrid_complete(void *self, const lac_state *state, const lac_attempt *attempt,
                               lac_reason *reason, double *factor)
{
    lac_status status = LAC_OK;
    lac_hybrid *h = self;
    h->state = state;
    h->attempt = attempt;
    h->taken = attempt->step;
    lac_hybrid_take_integrals(h, lac_rosenbrock_integral(lac_mean_field_rosenbrock(h->engine)));
    double tightest;
    const double excess = lac_hybrid_excess(h, &tightest);
    if (!h->shortened)
        h->ruling = h->tightest;
    h->bound = excess > 0 ? attempt->step / excess : INFINITY;
    h->tightest = tightest;
    *reason = LAC_ACCEPTED;
    *factor = 0.5;
    if (lac_hybrid_passes(h, attempt, factor)) {
        *reason = LAC_PAST_THRESHOLD;
        return LAC_OK;
    }
    if (excess > TOO_LONG) {
        h->shortened = true;
        h->ruling = tightest;
        *reason = LAC_TOO_MANY_EVENTS;
        *factor = fmax(0.9 / excess, 0.05);
        return LAC_OK;
    }
    LAC_TRY(make_events(h, reason));
    if (*reason == LAC_ACCEPTED)
        LAC_TRY(lac_hybrid_estimate(h, reason));
out:
    return status;
}
