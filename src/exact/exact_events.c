/* Events: a channel is drawn by its rate, a site from its sampler, and what is drawn happens or,
 * where the bound was above the true rate, comes to nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

/* A true rate may be above its bound by rounding only. */
static const double ROUNDING = 1e-9;

lac_status lac_exact_check_bound(const lac_exact *e, double rate, double bound, const char *name,
                                 size_t site)
{
    if (rate <= bound * (1 + ROUNDING) || e->states)
        return LAC_OK;
    lac_exact_refuse(e, "rate", name, rate, site);
    return lac_fail_in(LAC_INTERNAL, "above its bound %g", bound);
}

/* Is an event of this reaction, drawn by its bound, kept? States may be behind: they are reached
 * first. */
static lac_status keep_reaction(lac_exact *e, size_t index, size_t voxel, double bound, bool *keep)
{
    lac_status status = LAC_OK;
    const lac_reaction *reaction = &e->reaction[index];
    double rate;
    if (e->states && reaction->time_varying)
        LAC_TRY(lac_exact_states_advance_for(e, reaction, voxel));
    LAC_TRY(lac_exact_propensity(e, reaction, voxel, false, &rate));
    LAC_TRY(lac_exact_check_bound(e, rate, bound, e->scene.model->process[reaction->process].id,
                                  lac_exact_site_of(e, reaction, voxel)));
    *keep = lac_stream_unit(&e->stream) * bound < rate;
out:
    return status;
}

static lac_status reaction_in_voxel(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    const lac_reaction *reaction = &e->reaction[c->index];
    size_t voxel = lac_cr_sampler_draw(&c->sampler, &e->stream);
    bool keep = true;
    if (!reaction->mass_action || reaction->loose_bound || e->unit[channel] != 1)
        LAC_TRY(
            keep_reaction(e, c->index, voxel, e->unit[channel] * c->sampler.weight[voxel], &keep));
    if (keep)
        return lac_exact_react(e, c->index, (lac_molecule_ref){LAC_NONE, LAC_NONE, voxel});
    e->clock.rejected++;
out:
    return status;
}

static lac_status reaction_among_pools(lac_exact *e, size_t channel)
{
    lac_status status = LAC_OK;
    const lac_channel *c = &e->channel[channel];
    bool keep = true;
    if (e->reaction[c->index].time_varying)
        LAC_TRY(keep_reaction(e, c->index, 0, e->unit[channel], &keep));
    if (keep)
        return lac_exact_react(e, c->index, (lac_molecule_ref){LAC_NONE, LAC_NONE, 0});
    e->clock.rejected++;
out:
    return status;
}

lac_status lac_exact_event(lac_exact *e)
{
    double left = lac_stream_unit(&e->stream) * e->tree[1];
    size_t node = 1;
    while (node < e->leaves) {
        node *= 2;
        /* A branch without rate is never taken, whatever rounding says. */
        if (left >= e->tree[node] && e->tree[node + 1] > 0) {
            left -= e->tree[node];
            node++;
        }
    }
    const size_t channel = node - e->leaves;
    e->clock.events++;
    switch (e->channel[channel].kind) {
    case LAC_CHANNEL_OF_MOLECULES:
        return lac_exact_molecule_event(e, channel);
    case LAC_CHANNEL_OF_VOXELS:
        return reaction_in_voxel(e, channel);
    case LAC_CHANNEL_OF_POOLS:
        return reaction_among_pools(e, channel);
    case LAC_CHANNEL_OF_BOUNDARY:
        return lac_exact_boundary_event(e, channel);
    }
    return LAC_OK;
}
