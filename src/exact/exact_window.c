/* Windows: the numbers of time for which bounds hold: how long they are, and between what inputs
 * and pools move meanwhile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include <math.h>

/* Pools seen from the tissue may move by this part of themselves, and by a few. */
static const double POOL_PART = 0.05, POOL_FEW = 3;

static void bound_pool(lac_exact *e, size_t pool)
{
    const size_t variable = e->layout.fields + pool;
    const double count = e->count[lac_layout_at(&e->layout, variable)];
    const double per_count = e->per_count[variable];
    e->pool[pool] = (lac_interval){per_count * fmax(0, count * (1 - POOL_PART) - POOL_FEW),
                                   per_count * (count * (1 + POOL_PART) + POOL_FEW)};
}

/* Balance rejected draws against the cost of recomputing bounds. */
static void choose_length(lac_exact *e)
{
    lac_clock *clock = &e->clock;
    double cost = 1 + (double)e->sites, rate = e->tree[1];
    double until = fmax(e->scene.model->settings.until, 1);
    if (clock->window == 0)
        clock->window = rate > 0 ? fmin(10 * cost / rate, until) : until;
    else if (clock->rejected > cost)
        clock->window /= 2;
    else if (clock->rejected < cost / 4)
        clock->window = fmin(2 * clock->window, until);
    clock->rejected = 0;
}

void lac_exact_new_window(lac_exact *e)
{
    const double time = e->context.time;
    if (!e->time_varying) {
        e->clock.window_end = INFINITY;
        return;
    }
    choose_length(e);
    double next = lac_discontinuities_next(e->discontinuities, e->context.parameter, time).time;
    double end = fmin(time + e->clock.window, next);
    if (e->states)
        end = fmin(end, time + lac_exact_states_bound(e, end - time));
    e->clock.window_start = time;
    e->clock.window_end = end;
    e->context.times = (lac_interval){time, end};
    for (size_t input = 0; input < e->scene.model->inputs; input++)
        e->inputs[input] = lac_interval_of_input(&e->scene.model->input[input], e->context.times);
    for (size_t pool = 0; pool < e->layout.pools; pool++)
        bound_pool(e, pool);
}

/* Of a pool's count: rates through boundary faces follow, and bounds that it has left are
 * recomputed. */
lac_status lac_exact_pool_changed(lac_exact *e, size_t variable)
{
    lac_status status = LAC_OK;
    const size_t pool = variable - e->layout.fields;
    const double value = e->count[lac_layout_at(&e->layout, variable)] * e->per_count[variable];
    for (size_t boundary = 0; boundary < e->scene.model->boundaries; boundary++)
        if (e->scene.model->boundary[boundary].pool == variable)
            lac_exact_update(e, e->boundary_channel[boundary].channel);
    if (!e->pool_seen[pool] || (value >= e->pool[pool].low && value <= e->pool[pool].high))
        return LAC_OK;
    if (e->states)
        LAC_TRY(lac_exact_states_advance_all(e));
    bound_pool(e, pool);
    LAC_TRY(lac_exact_bound_time_varying(e));
out:
    return status;
}
