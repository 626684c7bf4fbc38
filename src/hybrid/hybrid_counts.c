/* Whole numbers: made from a state, drawn thresholds, and how a step's events get into the state.
 *
 * A fractional number x becomes floor(x) or floor(x) + 1, the latter with probability x - floor(x):
 * the expected content is kept, and what rounding adds is booked in the ledger as added, so that
 * nothing is lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>

static const double MOST = 9007199254740992.0; /* 2^53: beyond it counts are not exact */

/* Nearer to a whole number than this part is whole: the rounding of units and volumes. */
static const double WHOLE = 1e-9;

/* --- thresholds ----------------------------------------------------------------------------------
 */

double lac_hybrid_threshold(const lac_hybrid *h, size_t which, size_t site, double fired)
{
    uint32_t word[LAC_PHILOX_WORDS];
    uint64_t address = (uint64_t)h->process[which].process << 40 | (uint64_t)site;
    lac_philox_blocks(h->key, address, (uint64_t)fired, 1, word);
    uint64_t bits = word[0] | (uint64_t)word[1] << 32;
    return -log((double)((bits >> 11) + 1) * 0x1p-53);
}

/* --- from a state --------------------------------------------------------------------------------
 */

static double rounded(lac_stream *stream, double x)
{
    double whole = nearbyint(x);
    if (fabs(x - whole) <= WHOLE * fmax(fabs(x), 1))
        return whole;
    double low = floor(x);
    return low + (lac_stream_unit(stream) < x - low ? 1 : 0);
}

/* Of the joint for one count: a voxel stands for as many as the joint has patches. */
static double weight_of(const lac_hybrid *h, size_t variable)
{
    return variable < h->layout.fields ? lac_hybrid_patches(h, lac_hybrid_grid_of(h, variable)) : 1;
}

static lac_status settle_one(lac_hybrid *h, lac_state *state, size_t d, size_t i)
{
    lac_status status = LAC_OK;
    const size_t variable = h->variable[d];
    const char *name = h->scene.model->variable[variable].path;
    const size_t site = h->begin[variable] + i;
    const double per_count = lac_hybrid_per_count(h, d, site);
    double *count = &h->count[h->count_at[d] + i];
    double *value = &state->value[lac_hybrid_at(h, variable, site)];
    const double wanted = *value / per_count;
    if (*count * per_count == *value)
        return LAC_OK;
    char voxel[LAC_VOXEL_WORDS], place[256];
    LAC_REQUIRE(wanted > -WHOLE, LAC_NUMERICS,
                "at t = %.6g s: %s is discrete and would be negative: %g of it%s%s", state->time,
                name, wanted, lac_hybrid_site_words(h, site, voxel),
                lac_place_words(h->scene.model->variable[variable].place, place, sizeof place));
    LAC_REQUIRE(wanted <= MOST, LAC_LIMIT,
                "%s: %.4g in one place is more than can be counted exactly (2^53)", name, wanted);
    *count = fmax(rounded(&h->rounding, wanted), 0);
    state->added[variable] += (*count - wanted) * weight_of(h, variable);
    *value = *count * per_count;
out:
    return status;
}

lac_status lac_hybrid_initialise_counts(lac_hybrid *h, lac_state *state)
{
    lac_status status = LAC_OK;
    for (size_t d = 0; d < h->discrete; d++)
        for (size_t i = 0; i < h->count_at[d + 1] - h->count_at[d]; i++)
            LAC_TRY(settle_one(h, state, d, i));
    h->initialised = 1;
out:
    return status;
}

/* --- into a state --------------------------------------------------------------------------------
 */

/* Every place without events has used up what was integrated; those with events are reset. */
static void use_up(lac_hybrid *h)
{
    const lac_pass *pass = &h->pass[1];
    for (size_t place = 0; place < h->places; place++)
        h->left[place] -= fmax(h->integral[place] + h->used[place], 0);
    for (size_t v = 0; v < pass->visits; v++)
        for (size_t k = 0; k < h->switches; k++) {
            const lac_discrete_process *it = &h->process[k];
            const size_t site = pass->visit[v].site;
            if (lac_hybrid_happens_at(it, site))
                h->left[it->first + site - it->begin] = pass->left[v * h->switches + k];
        }
    for (size_t j = 0; j < pass->jumps; j++) {
        const lac_discrete_process *it = &h->process[pass->jump[j].which];
        h->fired[it->first + pass->jump[j].site - it->begin] += 1;
    }
}

static void write_numbers(lac_hybrid *h, lac_state *state)
{
    const lac_pass *pass = &h->pass[1];
    for (size_t v = 0; v < pass->visits; v++)
        for (size_t d = 0; d < h->discrete; d++) {
            const size_t site = pass->visit[v].site, variable = h->variable[d];
            if (!lac_hybrid_is_at(h, variable, site))
                continue;
            double number = pass->number[v * h->discrete + d];
            h->count[h->count_at[d] + site - h->begin[variable]] = number;
            state->value[lac_hybrid_at(h, variable, site)] =
                number * lac_hybrid_per_count(h, d, site);
        }
    for (size_t j = 0; j < pass->jumps; j++) {
        const lac_discrete_process *it = &h->process[pass->jump[j].which];
        state->extent[it->process] += it->in_tissue ? lac_hybrid_patches(h, it->grid) : 1;
    }
}

/* Adds what the events do. What a source that has just stopped would leave slightly below zero is
 * within the error of the step; it is raised to zero, and the ledger holds it as added. */
static void add_variable(lac_hybrid *h, lac_state *state, size_t variable)
{
    const lac_model *model = h->scene.model;
    const size_t at = lac_layout_at(&h->layout, variable);
    const size_t places = lac_layout_size(&h->layout, variable);
    const bool is_signed = model->variable[variable].is_signed;
    const double floor = -lac_mean_field_floor(h->engine, variable);
    double raised = 0;
    for (size_t i = at; i < at + places; i++) {
        state->value[i] += h->added[i];
        if (is_signed || state->value[i] >= floor)
            continue;
        raised -= state->value[i] * h->size[h->begin[variable] + i - at];
        state->value[i] = 0;
    }
    if (raised == 0)
        return;
    state->added[variable] +=
        raised * (variable < model->fields ? lac_hybrid_grid_of(h, variable)->weight
                                           : lac_model_pool_volume(model, variable));
}

void lac_hybrid_accept(void *self, lac_state *state, const lac_attempt *attempt)
{
    lac_hybrid *h = self;
    const lac_model *model = h->scene.model;
    (void)attempt;
    if (h->pass[1].jumps > 0) {
        write_numbers(h, state);
        for (size_t variable = 0; variable < model->variables; variable++)
            if (h->own_variable[variable])
                add_variable(h, state, variable);
        for (size_t process = 0; process < model->processes; process++)
            state->extent[process] += h->ledger[process];
        for (size_t boundary = 0; boundary < model->boundaries; boundary++)
            state->flux[boundary] += h->ledger[model->processes + boundary];
    }
    use_up(h);
    lac_hybrid_count_bound(h);
}
