/* The step of molecules: how long may what reacts stay where it was?
 *
 * Reactions are made at the positions of both ends of a step, so molecules that react at different
 * rates in different places are depleted there within it. Of one such reaction, with rate a in a
 * voxel of n molecules of a species, k = sum of a (a / n) over sum of a is the loss that a molecule
 * feels where reactions happen, or would feel from the pairs that are neighbours. With k dt <=
 * accuracy the error is small for any diffusivity; with h dt <= 0.2 accuracy, h the rate of hops of
 * the pair, it is small for any k, since then motion is followed hop by hop. The longer of the two
 * is the bound of the reaction.
 *
 * Sources, and what happens at the same rate to each molecule everywhere or within a walk, need no
 * bound: their law is exact. What is left of the others is found by molecules_bias.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/vector.h"

#include <math.h>

static const double LOSS = 1, HOPS = 0.2, MEAN = 5;

/* --- which reactions need one --------------------------------------------------------------------
 */

bool lac_molecule_needs_bound(const lac_molecules *m, size_t r)
{
    const lac_molecule_reaction *it = &m->reaction[r];
    bool mobile = false;
    for (size_t k = 0; k < it->reactants; k++)
        mobile = mobile || m->track[it->reactant[k]].mobile;
    return mobile && !m->in_walk[r] && !(it->reactants == 1 && !it->coefficient_at);
}

static double hops_of(const lac_molecules *m, const lac_molecule_reaction *it)
{
    double hops = 0;
    for (size_t k = 0; k < it->reactants; k++)
        hops += m->track[it->reactant[k]].hops;
    return hops;
}

/* --- losses --------------------------------------------------------------------------------------
 */

/* sum of a, and sum of a * a / n for each reactant. */
typedef struct lac_loss {
    double rate, felt[LAC_MEET_MOST];
} lac_loss;

static double local_rate(const lac_molecules *m, const lac_molecule_reaction *it, size_t voxel)
{
    double product = it->coefficient_at ? it->coefficient_at[voxel] : it->coefficient;
    for (size_t k = 0; k < it->reactants; k++) {
        double n = m->track[it->reactant[k]].count[voxel];
        for (size_t before = 0; before < k; before++)
            n -= it->reactant[before] == it->reactant[k];
        product *= fmax(n, 0);
    }
    return product;
}

static void add_voxel(const lac_molecules *m, const lac_molecule_reaction *it, size_t voxel,
                      lac_loss *sum)
{
    const double a = local_rate(m, it, voxel);
    if (a == 0)
        return;
    sum->rate += a;
    for (size_t k = 0; k < it->reactants; k++)
        if (m->track[it->reactant[k]].mobile)
            sum->felt[k] += a * a / m->track[it->reactant[k]].count[voxel];
}

static double felt_loss(const lac_molecules *m, const lac_molecule_reaction *it)
{
    lac_loss sum = {0};
    double felt = 0;
    for (size_t voxel = 0; voxel < m->voxels; voxel++)
        add_voxel(m, it, voxel, &sum);
    for (size_t k = 0; k < it->reactants; k++)
        felt = fmax(felt, sum.felt[k]);
    return sum.rate > 0 ? felt / sum.rate : 0;
}

/* What one that is at a voxel would feel of a pair's other one in the voxels around. */
static void add_neighbours(const lac_molecules *m, const lac_molecule_reaction *it, size_t voxel,
                           const double *most, lac_loss *sum)
{
    for (int face = 0; face < 6; face++) {
        if (!(m->open[voxel] >> face & 1))
            continue;
        const size_t stride = m->stride[face / 2],
                     next = face & 1 ? voxel + stride : voxel - stride;
        const double a = m->track[it->reactant[0]].count[voxel];
        const double b = m->track[it->reactant[1]].count[next];
        sum->rate += a * b;
        sum->felt[0] += a * b * b * *most;
        sum->felt[1] += a * b * a * *most;
    }
}

static bool is_anywhere(const lac_molecules *m, size_t species)
{
    for (size_t v = 0; v < m->voxels; v++)
        if (m->track[species].count[v] > 0)
            return true;
    return false;
}

static double largest_coefficient(const lac_molecules *m, const lac_molecule_reaction *it)
{
    double most = it->coefficient_at ? 0 : it->coefficient;
    for (size_t v = 0; it->coefficient_at && v < m->voxels; v++)
        most = fmax(most, it->coefficient_at[v]);
    return most;
}

/* Reactants that are yet to meet react at the largest coefficient at least when they do, pairs of
 * neighbours at that of all that come; 0 where one of them is nowhere. */
static double loss_at_meeting(const lac_molecules *m, const lac_molecule_reaction *it)
{
    const double most = largest_coefficient(m, it);
    lac_loss sum = {0};
    for (size_t k = 0; k < it->reactants; k++)
        if (!is_anywhere(m, it->reactant[k]))
            return 0;
    for (size_t v = 0; it->reactants == 2 && v < m->voxels; v++)
        add_neighbours(m, it, v, &most, &sum);
    return sum.rate > 0 ? fmax(most, fmax(sum.felt[0], sum.felt[1]) / sum.rate) : most;
}

/* --- the bound -----------------------------------------------------------------------------------
 */

static void consider(lac_molecules *m, size_t r, double accuracy)
{
    const lac_molecule_reaction *it = &m->reaction[r];
    const double loss = fmax(felt_loss(m, it), loss_at_meeting(m, it));
    if (loss == 0)
        return;
    const double hops = hops_of(m, it);
    const double by_loss = LOSS * accuracy / loss, by_hops = HOPS * accuracy / hops;
    const double step = fmax(by_loss, by_hops);
    if (step >= m->report.step)
        return;
    m->report.step = step;
    m->report.reaction = r;
    m->report.ruled = by_loss > by_hops ? LAC_MOLECULES_LOSS : LAC_MOLECULES_HOPS;
}

double lac_molecule_longest(lac_molecules *m, double accuracy)
{
    m->report.step = INFINITY;
    m->report.ruled = LAC_MOLECULES_UNBOUNDED;
    m->report.reaction = m->reactions;
    for (size_t r = 0; r < m->reactions; r++)
        if (lac_molecule_needs_bound(m, r))
            consider(m, r, accuracy);
    for (size_t s = 0; s < m->species; s++) {
        const double step = MEAN * accuracy / m->track[s].hops;
        if (!m->track[s].integral || !m->track[s].mobile || step >= m->report.step)
            continue;
        m->report.step = step;
        m->report.ruled = LAC_MOLECULES_MEAN;
    }
    return m->report.step;
}
