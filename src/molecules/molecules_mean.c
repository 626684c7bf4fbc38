/* The mean of molecules on a lattice: motion and reactions of a time, each by itself.
 *
 * Motion is one implicit step of the equation of diffusion, one axis after another; reactions are
 * one explicit step of the rate equations of each voxel, which uses up no reactant. Both are of
 * first order: enough where two ways through the same time are compared (molecules_bias.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/clones.h"

#include <string.h>

/* --- motion --------------------------------------------------------------------------------------
 */

/* x := (1 - time L)^-1 x along one axis, from a voxel on. */
static void relax_line(const lac_molecules *m, const lac_species_track *t, int axis, size_t first,
                       double time, double *x, double *ratio)
{
    const size_t n = m->lattice.n[axis], stride = m->stride[axis];
    for (size_t i = 0; i < n; i++) {
        const size_t v = first + i * stride;
        const double out = lac_molecule_face_rate(m, t, v, 2 * axis) +
                           lac_molecule_face_rate(m, t, v, 2 * axis + 1);
        const double from_low =
            i > 0 ? time * lac_molecule_face_rate(m, t, v - stride, 2 * axis + 1) : 0;
        const double from_high =
            i + 1 < n ? time * lac_molecule_face_rate(m, t, v + stride, 2 * axis) : 0;
        const double pivot = 1 + time * out - (i > 0 ? from_low * ratio[i - 1] : 0);
        x[v] = (x[v] + (i > 0 ? from_low * x[v - stride] : 0)) / pivot;
        ratio[i] = from_high / pivot;
    }
    for (size_t i = n - 1; i-- > 0;) {
        const size_t v = first + i * stride;
        x[v] += ratio[i] * x[v + stride];
    }
}

/* The same where hops are the same everywhere: lines that begin beside each other, with the pivots
 * of one. */
static void relax_lines(const lac_molecules *m, int axis, size_t lines, const double *pivot,
                        double hops, double *x)
{
    const size_t n = m->lattice.n[axis], stride = m->stride[axis];
    for (size_t k = 0; k < lines; k++)
        x[k] *= pivot[0];
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < lines; k++)
            x[i * stride + k] = (x[i * stride + k] + hops * x[(i - 1) * stride + k]) * pivot[i];
    for (size_t i = n - 1; i-- > 0;)
        for (size_t k = 0; k < lines; k++)
            x[i * stride + k] += hops * pivot[i] * x[(i + 1) * stride + k];
}

/* pivot := 1 / those of a line. */
static void find_pivots(size_t n, double hops, double *pivot)
{
    for (size_t i = 0; i < n; i++) {
        const double low = i > 0 ? hops * (1 - hops * pivot[i - 1]) : 0;
        pivot[i] = 1 / (1 + low + (i + 1 < n ? hops : 0));
    }
}

/* Lines are dealt to threads by the first of them in a row of the fastest axes. */
static void relax_evenly(const lac_molecules *m, const lac_species_track *t, int axis, double time,
                         double *x)
{
    const size_t stride = m->stride[axis], block = m->lattice.n[axis] * stride;
    const size_t parts = (stride + LAC_CHUNK - 1) / LAC_CHUNK, blocks = m->voxels / block;
    const double hops = time * t->hop[axis];
    double *pivot = m->bias->line;
    find_pivots(m->lattice.n[axis], hops, pivot);
    const int workers = m->chunks > 1 ? m->workers : 1;
#pragma omp parallel for schedule(static) num_threads(workers) if (workers > 1)
    for (size_t k = 0; k < blocks * parts; k++) {
        const size_t from = k % parts * LAC_CHUNK, left = stride - from;
        relax_lines(m, axis, left < LAC_CHUNK ? left : LAC_CHUNK, pivot, hops,
                    x + k / parts * block + from);
    }
}

static void relax_axis(const lac_molecules *m, const lac_species_track *t, int axis, double time,
                       double *x)
{
    const lac_molecule_bias *b = m->bias;
    const size_t n = m->lattice.n[axis], stride = m->stride[axis], lines = m->voxels / n;
    const int workers = m->chunks > 1 ? m->workers : 1;
#pragma omp parallel for schedule(static) num_threads(workers) if (workers > 1)
    for (size_t k = 0; k < lines; k++)
        relax_line(m, t, axis, k / stride * stride * n + k % stride, time, x,
                   b->line + (size_t)lac_my_worker() * b->longest);
}

void lac_molecule_move_mean(const lac_molecules *m, double time, double *mean)
{
    for (size_t s = 0; s < m->species; s++)
        for (int axis = 0; axis < 3; axis++)
            if (m->track[s].walks && m->lattice.n[axis] > 1)
                relax_axis(m, &m->track[s], axis, time, mean + s * m->voxels);
            else if (m->track[s].mobile && m->lattice.n[axis] > 1)
                relax_evenly(m, &m->track[s], axis, time, mean + s * m->voxels);
}

/* --- reactions -----------------------------------------------------------------------------------
 */

/* rate := that of a reaction in a chunk, used := by how much of its reactants it uses up, by time.
 */
LAC_CLONED static void rates_of_pair(size_t voxels, double coefficient, const double *restrict at,
                                     const double *restrict a, const double *restrict b,
                                     double *restrict rate, double *restrict used)
{
    for (size_t i = 0; i < voxels; i++) {
        const double c = at ? at[i] : coefficient;
        rate[i] = c * a[i] * b[i];
        used[i] = c * (a[i] + b[i]);
    }
}

/* The rate; without its reactant `but`, if any. */
double lac_molecule_rate_without(const lac_molecules *m, const lac_molecule_reaction *it,
                                 const double *mean, size_t voxel, size_t but)
{
    double product = it->coefficient_at ? it->coefficient_at[voxel] : it->coefficient;
    for (size_t k = 0; k < it->reactants; k++)
        if (k != but)
            product *= mean[it->reactant[k] * m->voxels + voxel];
    return product;
}

static void rates_of(const lac_molecules *m, const lac_molecule_reaction *it, const double *mean,
                     size_t first, size_t voxels, double *rate, double *used)
{
    const double *at = it->coefficient_at ? it->coefficient_at + first : NULL;
    if (it->reactants == 2) {
        rates_of_pair(voxels, it->coefficient, at, mean + it->reactant[0] * m->voxels + first,
                      mean + it->reactant[1] * m->voxels + first, rate, used);
        return;
    }
    for (size_t i = 0; i < voxels; i++) {
        rate[i] = lac_molecule_rate_without(m, it, mean, first + i, it->reactants);
        used[i] = 0;
        for (size_t k = 0; k < it->reactants; k++)
            used[i] += lac_molecule_rate_without(m, it, mean, first + i, k);
    }
}

/* change += what it makes of a species in a time that uses up no reactant. */
LAC_CLONED static void add_changes(size_t voxels, double amount, double time,
                                   const double *restrict rate, const double *restrict used,
                                   double *restrict change)
{
    for (size_t i = 0; i < voxels; i++)
        change[i] += amount * time * rate[i] / (1 + time * used[i]);
}

static void react_chunk(const lac_molecules *m, size_t chunk, double time, double *mean,
                        double *change)
{
    const size_t first = chunk * LAC_CHUNK;
    const size_t voxels = m->voxels - first < LAC_CHUNK ? m->voxels - first : LAC_CHUNK;
    double rate[LAC_CHUNK], used[LAC_CHUNK];
    memset(change, 0, m->species * LAC_CHUNK * sizeof *change);
    for (size_t r = 0; r < m->reactions; r++) {
        const lac_molecule_reaction *it = &m->reaction[r];
        rates_of(m, it, mean, first, voxels, rate, used);
        for (size_t k = 0; k < it->changes; k++)
            add_changes(voxels, it->change[k].amount, time, rate, used,
                        change + it->change[k].species * LAC_CHUNK);
    }
    for (size_t s = 0; s < m->species; s++)
        for (size_t i = 0; i < voxels; i++)
            mean[s * m->voxels + first + i] += change[s * LAC_CHUNK + i];
}

/* What a worker needs: changes of a chunk, or a matrix and a vector. */
size_t lac_molecule_scratch(const lac_molecules *m)
{
    return m->species * (LAC_CHUNK + m->species);
}

void lac_molecule_react_mean(const lac_molecules *m, double time, double *mean)
{
    const size_t room = lac_molecule_scratch(m);
    const int workers = m->chunks > 1 ? m->workers : 1;
#pragma omp parallel for schedule(static) num_threads(workers) if (workers > 1)
    for (size_t chunk = 0; chunk < m->chunks; chunk++)
        react_chunk(m, chunk, time, mean, m->bias->scratch + (size_t)lac_my_worker() * room);
}
