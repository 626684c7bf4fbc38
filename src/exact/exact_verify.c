/* Verification: every sum, bound and group of the method `exact` recomputed and compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include <math.h>

static const double ROUNDING = 1e-9;

static lac_status verify_counts(const lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < e->layout.length; k++)
        LAC_REQUIRE(e->count[k] >= 0 && e->count[k] == floor(e->count[k]), LAC_INTERNAL,
                    "count %zu is %g", k, e->count[k]);
out:
    return status;
}

/* What stands in the sampler is at least the true rate, and the very count for plain mass action.
 */
static lac_status verify_reaction(const lac_exact *e, const lac_reaction *reaction, size_t voxel)
{
    lac_status status = LAC_OK;
    const size_t c = reaction->channel;
    double rate, bound = e->unit[c];
    if (reaction->in_tissue)
        bound *= e->channel[c].sampler.weight[voxel];
    LAC_TRY(lac_exact_propensity(e, reaction, voxel, false, &rate));
    bool exact = reaction->mass_action && !reaction->loose_bound &&
                 (!reaction->in_tissue || e->unit[c] == 1);
    LAC_REQUIRE(exact ? rate == bound : rate <= bound * (1 + ROUNDING), LAC_INTERNAL,
                "%s in voxel %zu: propensity %.17g, stored as %.17g",
                e->scene.model->process[reaction->process].id, voxel, rate, bound);
out:
    return status;
}

static lac_status verify_pair(const lac_exact *e, size_t reaction)
{
    lac_status status = LAC_OK;
    for (size_t voxel = 0; voxel < e->reaction[reaction].ground->voxels; voxel++)
        LAC_REQUIRE(lac_exact_partners(e, reaction, voxel) <= e->pair[reaction].most, LAC_INTERNAL,
                    "%s in voxel %zu: %g partners, bounded by %g",
                    e->scene.model->process[e->reaction[reaction].process].id, voxel,
                    lac_exact_partners(e, reaction, voxel), e->pair[reaction].most);
out:
    return status;
}

static lac_status verify_reactions(const lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < e->reactions; k++) {
        const lac_reaction *reaction = &e->reaction[k];
        if (reaction->channel == LAC_NONE || (e->states && reaction->time_varying))
            continue; /* states are behind until their voxel is reached */
        size_t sites = reaction->in_tissue ? reaction->ground->voxels : 1;
        if (e->pair[k].driver != LAC_PAIR_NONE) {
            LAC_TRY(verify_pair(e, k));
            continue;
        }
        for (size_t voxel = 0; voxel < sites; voxel++)
            LAC_TRY(verify_reaction(e, reaction, voxel));
    }
out:
    return status;
}

static lac_status verify_molecules(const lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t field = 0; field < e->layout.fields; field++) {
        const lac_motion *motion = &e->motion[field];
        if (motion->channel == LAC_NONE)
            continue;
        if (lac_molecule_list_used(&motion->list)) {
            LAC_REQUIRE(lac_molecule_list_verify(&motion->list, motion->ground->voxels,
                                                 motion->count, (uint32_t *)(void *)e->scratch),
                        LAC_INTERNAL, "the molecule list of %s does not agree with its counts",
                        e->scene.model->variable[field].name);
            continue;
        }
        for (size_t voxel = 0; voxel < motion->ground->voxels; voxel++) {
            double count = motion->count[voxel];
            double wanted = motion->even ? count : count * motion->hop_weight[voxel];
            double kept =
                e->unit[motion->channel] * e->channel[motion->channel].sampler.weight[voxel];
            LAC_REQUIRE(e->unit[motion->channel] == 1 ? kept == wanted : kept >= wanted,
                        LAC_INTERNAL, "molecules of %s in voxel %zu: %g, stored as %g",
                        e->scene.model->variable[field].name, voxel, wanted, kept);
        }
    }
out:
    return status;
}

static lac_status verify_boundary_faces(const lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t b = 0; b < e->scene.model->boundaries; b++) {
        const size_t c = e->boundary_channel[b].channel;
        for (size_t face = 0; !e->states && face < e->channel[c].sampler.sites; face++) {
            double rate, bound = e->unit[c] * e->channel[c].sampler.weight[face];
            LAC_TRY(lac_exact_entering(e, b, face, false, &rate));
            LAC_REQUIRE(fabs(rate) <= bound * (1 + ROUNDING), LAC_INTERNAL,
                        "face %zu of boundary %zu: propensity %.17g, stored as %.17g", face, b,
                        rate, bound);
        }
    }
out:
    return status;
}

static lac_status verify_sums(const lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t c = 0; c < e->channels; c++) {
        const lac_channel *channel = &e->channel[c];
        bool without = channel->kind == LAC_CHANNEL_OF_POOLS ||
                       (channel->kind == LAC_CHANNEL_OF_MOLECULES &&
                        lac_molecule_list_used(&e->motion[channel->index].list));
        LAC_REQUIRE(without || lac_cr_sampler_verify(&channel->sampler), LAC_INTERNAL,
                    "the sampler of channel %zu does not agree with its weights", c);
        LAC_REQUIRE(e->tree[e->leaves + c] == lac_exact_channel_propensity(e, c), LAC_INTERNAL,
                    "the propensity of channel %zu is %.17g, stored as %.17g", c,
                    lac_exact_channel_propensity(e, c), e->tree[e->leaves + c]);
    }
    for (size_t node = 1; node < e->leaves; node++)
        LAC_REQUIRE(e->tree[node] == e->tree[2 * node] + e->tree[2 * node + 1], LAC_INTERNAL,
                    "node %zu of the propensity tree is not the sum of its two children", node);
out:
    return status;
}

lac_status lac_exact_verify(const lac_exact *e)
{
    lac_status status = LAC_OK;
    LAC_TRY(verify_counts(e));
    LAC_TRY(verify_reactions(e));
    LAC_TRY(verify_molecules(e));
    LAC_TRY(verify_boundary_faces(e));
    LAC_TRY(verify_sums(e));
out:
    return status == LAC_OK ? LAC_OK : lac_fail_in(status, "event %.0f", e->clock.events);
}
