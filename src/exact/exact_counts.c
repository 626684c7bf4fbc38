/* Whole numbers from a state, and back.
 *
 * A fractional number x of molecules becomes floor(x) or floor(x) + 1, the latter with probability
 * x - floor(x), voxel by voxel and independently: the expected content is kept. What rounding adds
 * is booked in the ledger as added.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include <math.h>

static const double MOST = 9007199254740992.0; /* 2^53: beyond it counts are not exact */

/* Nearer to a whole number than this part is whole: the rounding of units and volumes. */
static const double WHOLE = 1e-9;

static double rounded(lac_stream *stream, double x)
{
    double whole = nearbyint(x);
    if (fabs(x - whole) <= WHOLE * fmax(fabs(x), 1))
        return whole;
    double low = floor(x);
    return low + (lac_stream_unit(stream) < x - low ? 1 : 0);
}

static lac_status round_one(lac_exact *e, lac_state *state, size_t variable, size_t at,
                            size_t voxel)
{
    lac_status status = LAC_OK;
    const double per_count = lac_exact_per_count(e, variable, voxel);
    const double wanted = state->value[at] / per_count;
    LAC_REQUIRE(wanted > -WHOLE, LAC_NUMERICS, "%s is negative: %g of it in voxel %zu",
                e->scene.model->variable[variable].name, wanted, voxel);
    LAC_REQUIRE(wanted <= MOST, LAC_LIMIT,
                "%s: %.4g in one place is more than can be counted exactly (2^53)",
                e->scene.model->variable[variable].name, wanted);
    if (e->count[at] * per_count == state->value[at])
        return LAC_OK;
    e->count[at] = fmax(rounded(&e->rounding, wanted), 0);
    state->added[variable] += (e->count[at] - wanted) / e->scale;
    state->value[at] = e->count[at] * per_count;
out:
    return status;
}

lac_status lac_exact_round(lac_exact *e, lac_state *state)
{
    lac_status status = LAC_OK;
    for (size_t variable = 0; variable < e->scene.model->variables; variable++) {
        size_t at = lac_layout_at(&e->layout, variable);
        size_t places = lac_layout_size(&e->layout, variable);
        if (e->per_count[variable] == 0)
            continue;
        for (size_t place = 0; place < places; place++)
            LAC_TRY(round_one(e, state, variable, at + place, place));
    }
out:
    return status;
}

static void write_values(const lac_exact *e, lac_state *state)
{
    for (size_t variable = 0; variable < e->scene.model->variables; variable++) {
        const size_t at = lac_layout_at(&e->layout, variable);
        const size_t places = lac_layout_size(&e->layout, variable);
        if (e->per_count[variable] == 0)
            continue;
        for (size_t k = 0; k < places; k++)
            state->value[at + k] = e->count[at + k] * lac_exact_per_count(e, variable, k);
    }
}

void lac_exact_write(lac_exact *e, lac_state *state)
{
    write_values(e, state);
    for (size_t k = 0; k < e->reactions; k++) {
        state->extent[e->reaction[k].process] += e->reaction[k].events / e->scale;
        e->reaction[k].events = 0;
    }
    for (size_t b = 0; b < e->scene.model->boundaries; b++) {
        state->flux[b] += e->boundary_channel[b].events / e->scale;
        e->boundary_channel[b].events = 0;
    }
}
