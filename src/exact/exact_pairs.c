/* Pairs: reactions of two molecules as events of one of them that meets the other.
 *
 * A reaction A + B of propensity k n_A n_B can be drawn by voxel, as any other: then every hop of
 * either changes two weights. Or it is one of the things that a molecule of A does, at the rate k
 * n_B <= k M, M the most partners that there are in any voxel: then a hop changes nothing, and what
 * is drawn with fewer partners than M comes to nothing with probability 1 - n_B / M (thinning:
 * Lewis & Shedler 1979). M is raised as soon as a voxel has more. Both have the law of the master
 * equation; the second is taken where what it wastes is less than what hops would cost, by the
 * counts, which are looked at again after some events per voxel. For 2 A the partners are n_A - 1.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include <math.h>

/* Draws that come to nothing for each hop that need not follow weights. */
static const double WORTH = 1;

/* A bound that is passed is raised by this part more, so that growth does not raise it each time.
 */
static const double ROOM = 1.0 / 16;

/* Events between reviews: many for each voxel that a review looks at. */
static const double REVIEW_EVENTS = 65536, REVIEW_PER_VOXEL = 8;

bool lac_exact_can_pair(const lac_reaction *reaction)
{
    int order = 0;
    if (!reaction->mass_action || !reaction->self_limiting)
        return false;
    for (size_t k = 0; k < reaction->factors; k++)
        order += reaction->factor[k].power;
    return order == 2;
}

static bool is_paired(const lac_exact *e, size_t reaction)
{
    return e->pair[reaction].driver != LAC_PAIR_NONE;
}

/* The factor that is met: the other one, or the driver's own. */
static const lac_mass_factor *partner_of(const lac_reaction *reaction, size_t driver)
{
    bool own = reaction->factors == 1 || reaction->factor[1].variable == driver;
    return &reaction->factor[own ? 0 : 1];
}

/* Partners that one molecule has in a voxel of so many. */
static double met(const lac_mass_factor *partner, double count)
{
    return partner->power == 2 && partner->falling ? fmax(count - 1, 0) : count;
}

double lac_exact_partners(const lac_exact *e, size_t reaction, size_t voxel)
{
    const lac_mass_factor *partner =
        partner_of(&e->reaction[reaction], (size_t)e->pair[reaction].driver);
    return met(partner, e->motion[partner->variable].count[voxel]);
}

/* --- choice */

typedef struct occupancy {
    double sum, most;
} occupancy;

static occupancy occupancy_of(const lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    occupancy found = {0, 0};
    for (size_t voxel = 0; voxel < motion->ground->voxels; voxel++) {
        found.sum += motion->count[voxel];
        found.most = fmax(found.most, motion->count[voxel]);
    }
    return found;
}

static bool can_drive(const lac_exact *e, size_t field)
{
    const lac_motion *motion = &e->motion[field];
    return motion->channel != LAC_NONE && motion->even && !motion->time_varying;
}

/* The better driver of a reaction, or none. */
static lac_pair choose(const lac_exact *e, const lac_reaction *reaction)
{
    lac_pair best = {LAC_PAIR_NONE, 0};
    double least = INFINITY, hops = 0;
    occupancy of[2];
    for (size_t k = 0; k < reaction->factors; k++) {
        const size_t field = reaction->factor[k].variable;
        of[k] = occupancy_of(e, field);
        if (can_drive(e, field))
            hops += of[k].sum * e->motion[field].alone;
    }
    for (size_t k = 0; k < reaction->factors; k++) {
        const size_t driver = reaction->factor[k].variable, other = reaction->factors - 1 - k;
        const double most = met(partner_of(reaction, driver), of[other].most);
        const double drawn = reaction->k * most * of[k].sum;
        if (!can_drive(e, driver) || drawn >= least || drawn > WORTH * hops)
            continue;
        least = drawn;
        best = (lac_pair){(double)driver, most};
    }
    return best;
}

lac_status lac_exact_review_pairs(lac_exact *e)
{
    lac_status status = LAC_OK;
    bool paired_before;
    for (size_t k = 0; k < e->reactions; k++) {
        if (!e->reaction[k].of_pairs)
            continue;
        paired_before = is_paired(e, k);
        e->pair[k] = choose(e, &e->reaction[k]);
        if (is_paired(e, k) != paired_before)
            LAC_TRY(lac_exact_bound_reaction(e, k));
    }
    e->clock.reviewed = e->clock.events;
    lac_exact_apply_pairs(e);
out:
    return status;
}

double lac_exact_next_review(const lac_exact *e)
{
    const double every = REVIEW_EVENTS + REVIEW_PER_VOXEL * (double)e->sites;
    return e->any_pairs ? e->clock.reviewed + every : INFINITY;
}

/* --- what follows from it */

static bool is_followed(const lac_exact *e, size_t variable)
{
    if (e->seen[variable])
        return true;
    for (size_t k = e->reactions_of.first[variable]; k < e->reactions_of.first[variable + 1]; k++)
        if (!is_paired(e, e->reactions_of.item[k]))
            return true;
    return false;
}

static void apply_one(lac_exact *e, size_t reaction)
{
    const size_t driver = (size_t)e->pair[reaction].driver;
    const lac_mass_factor *partner = partner_of(&e->reaction[reaction], driver);
    lac_motion *of_driver = &e->motion[driver], *of_partner = &e->motion[partner->variable];
    const double most = e->pair[reaction].most;
    of_driver->pair[of_driver->pairs++] = reaction;
    e->hop_rate_unit[driver] += e->reaction[reaction].k * most;
    of_partner->met = fmin(of_partner->met, most + (met(partner, 1) == 0 ? 1 : 0));
}

/* Hops of which fields change no rate and have no dependents. */
static void find_plain(lac_exact *e)
{
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_motion *motion = &e->motion[field];
        motion->plain = can_drive(e, field) && !motion->by_voxel && !e->looked_at[field];
    }
}

void lac_exact_apply_pairs(lac_exact *e)
{
    if (!e->any_pairs) {
        find_plain(e);
        return;
    }
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_motion *motion = &e->motion[field];
        motion->pairs = 0;
        motion->met = INFINITY;
        if (can_drive(e, field))
            e->hop_rate_unit[field] = motion->alone;
    }
    for (size_t k = 0; k < e->reactions; k++)
        if (is_paired(e, k))
            apply_one(e, k);
    for (size_t field = 0; field < e->layout.fields; field++)
        if (can_drive(e, field))
            lac_exact_update(e, e->motion[field].channel);
    for (size_t v = 0; v < e->scene.model->variables; v++)
        e->looked_at[v] = is_followed(e, v);
    find_plain(e);
}

void lac_exact_raise_pairs(lac_exact *e, size_t field, double count)
{
    for (size_t k = 0; k < e->reactions; k++) {
        if (!is_paired(e, k))
            continue;
        const lac_mass_factor *partner = partner_of(&e->reaction[k], (size_t)e->pair[k].driver);
        if (partner->variable == field && met(partner, count) > e->pair[k].most)
            e->pair[k].most = floor(met(partner, count) * (1 + ROOM));
    }
    lac_exact_apply_pairs(e);
}
