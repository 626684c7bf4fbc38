/* Molecules that walk hop by hop: where diffusivity or layers differ, at inactive voxels, and where
 * a first-order reaction of theirs is not the same everywhere; and newborns.
 *
 * A molecule waits an exponential time for what comes next: a hop through one of six faces or one
 * of its own first-order reactions, by an alias table of its voxel. So there is no error of a step.
 * Weights are whole numbers out of 2^32. Known values: test_molecules.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/memory.h"

#include <math.h>

enum { WAYS = 8, REACTS = 6, COLUMN_BITS = 3 };

/* Fewer expected hops than this are made one by one. */
static const double FEW_HOPS = 4;

/* --- tables --------------------------------------------------------------------------------------
 */

static double at_voxel(const double *of, double everywhere, size_t voxel)
{
    return of ? of[voxel] : everywhere;
}

double lac_molecule_face_rate(const lac_molecules *m, const lac_species_track *t, size_t voxel,
                              int face)
{
    const size_t stride = m->stride[face / 2];
    if (!(m->open[voxel] >> face & 1))
        return 0;
    const size_t other = face & 1 ? voxel + stride : voxel - stride;
    const double a = at_voxel(t->is.diffusivity_at, t->is.diffusivity, voxel);
    const double b = at_voxel(t->is.diffusivity_at, t->is.diffusivity, other);
    if (a <= 0 || b <= 0)
        return 0;
    if (face / 2 < 2 || !m->lattice.width)
        return 2 * a * b / (a + b) * m->lattice.per_area[face / 2];
    const double here = m->lattice.width[voxel / stride], there = m->lattice.width[other / stride];
    return 2 * a * b / (here * b + there * a) / here * m->lattice.per_area[2];
}

static double reacting(const lac_molecules *m, const lac_species_track *t, size_t voxel)
{
    double sum = 0;
    for (size_t k = 0; k < t->of_walk; k++) {
        const lac_molecule_reaction *it = &m->reaction[t->reaction[k]];
        sum += at_voxel(it->coefficient_at, it->coefficient, voxel);
    }
    return sum;
}

/* Vose's alias of eight weights that add up to `sum`. */
static void make_columns(const double weight[WAYS], double sum, uint32_t column[WAYS])
{
    const double capacity = 0x1p29;
    double left[WAYS];
    int small[WAYS] = {0}, large[WAYS] = {0}, smalls = 0, larges = 0;
    for (int k = 0; k < WAYS; k++) {
        left[k] = floor(weight[k] / sum * 0x1p32 + 0.5);
        column[k] = (uint32_t)k;
        if (left[k] < capacity)
            small[smalls++] = k;
        else
            large[larges++] = k;
    }
    while (smalls > 0 && larges > 0) {
        const int less = small[--smalls], more = large[larges - 1];
        column[less] = (uint32_t)left[less] << COLUMN_BITS | (uint32_t)more;
        left[more] -= capacity - left[less];
        if (left[more] < capacity) {
            larges--;
            small[smalls++] = more;
        }
    }
}

static void prepare_voxel(const lac_molecules *m, lac_species_track *t, size_t voxel)
{
    double weight[WAYS] = {0}, sum = 0, hops = 0;
    for (int face = 0; face < 6; face++)
        hops += weight[face] = lac_molecule_face_rate(m, t, voxel, face);
    weight[REACTS] = reacting(m, t, voxel);
    sum = hops + weight[REACTS];
    t->rate[voxel] = sum;
    t->hops = fmax(t->hops, hops);
    if (sum > 0)
        make_columns(weight, sum, t->column + WAYS * voxel);
}

lac_status lac_molecule_prepare_walk(lac_molecules *m, size_t species)
{
    lac_status status = LAC_OK;
    lac_species_track *t = &m->track[species];
    if (!t->rate) {
        LAC_NEW(t->rate, m->voxels);
        LAC_NEW(t->column, WAYS * m->voxels);
    }
    t->hops = 0;
    for (size_t voxel = 0; voxel < m->voxels; voxel++)
        prepare_voxel(m, t, voxel);
out:
    return status;
}

/* --- uniform hops --------------------------------------------------------------------------------
 */

static size_t through(const lac_molecules *m, size_t voxel, int face)
{
    const size_t stride = m->stride[face / 2];
    if (!(m->open[voxel] >> face & 1))
        return voxel;
    return face & 1 ? voxel + stride : voxel - stride;
}

static size_t hop_evenly(const lac_molecules *m, lac_stream *stream, const lac_species_track *t,
                         size_t voxel, double time)
{
    for (;;) {
        time -= lac_stream_exponential(stream) / t->hops;
        if (time < 0)
            return voxel;
        double left = lac_stream_unit(stream) * t->hops / 2;
        int axis = 0;
        while (axis < 2 && left >= t->hop[axis])
            left -= t->hop[axis++];
        voxel = through(m, voxel, 2 * axis + (left * 2 >= t->hop[axis]));
    }
}

static size_t draw_kernels(const lac_molecules *m, lac_stream *stream, const lac_motion_of_time *of,
                           size_t voxel)
{
    const size_t *n = m->lattice.n;
    for (size_t k = 0; k < of->kernels; k++) {
        const lac_kernel *kernel = of->kernel[k];
        if (lac_stream_word(stream) >> 16 < kernel->stays)
            continue;
        const size_t at[3] = {voxel % n[0], voxel / n[0] % n[1], voxel / (n[0] * n[1])};
        const lac_displacement d = lac_kernel_draw(kernel, lac_stream_word(stream));
        voxel = 0;
        for (int a = 0; a < 3; a++)
            voxel += (size_t)kernel->fold[a][(long)at[a] + kernel->reach[a] + d.by[a]];
    }
    return voxel;
}

/* The dyadic ladder: a time is a sum of steps of powers of two, for which there are kernels, and of
 * a rest in which few hops are expected. */
static size_t climb(const lac_molecules *m, lac_stream *stream, const lac_species_track *t,
                    size_t voxel, double time)
{
    while (time * t->hops > FEW_HOPS) {
        const int level = ilogb(time) + LAC_LEVEL_OF_1S;
        if (level < t->lowest || level >= LAC_LEVELS || t->ladder[level].kernels == 0)
            break;
        voxel = draw_kernels(m, stream, &t->ladder[level], voxel);
        time -= t->ladder[level].time;
    }
    return hop_evenly(m, stream, t, voxel, time);
}

/* --- walks ---------------------------------------------------------------------------------------
 */

static int next_way(const lac_species_track *t, lac_stream *stream, size_t voxel)
{
    const uint32_t word = lac_stream_word(stream), column = word >> (32 - COLUMN_BITS);
    const uint32_t entry = t->column[WAYS * voxel + column];
    return (word & (UINT32_MAX >> COLUMN_BITS)) < entry >> COLUMN_BITS ? (int)column
                                                                       : (int)(entry & (WAYS - 1));
}

/* Until the time is over or it reacts, at *time left. */
static bool walk(const lac_molecules *m, lac_stream *stream, const lac_species_track *t,
                 size_t *voxel, double *time)
{
    for (;;) {
        const double rate = t->rate[*voxel];
        if (rate == 0)
            return false;
        const double left = *time - lac_stream_exponential(stream) / rate;
        if (left < 0)
            return false;
        *time = left;
        const int way = next_way(t, stream, *voxel);
        if (way >= REACTS)
            return true;
        *voxel = through(m, *voxel, way);
    }
}

size_t lac_molecule_displace(const lac_molecules *m, lac_stream *stream, size_t species,
                             size_t voxel, double time)
{
    const lac_species_track *t = &m->track[species];
    if (!t->mobile || time <= 0)
        return voxel;
    if (!t->walks)
        return climb(m, stream, t, voxel, time);
    while (walk(m, stream, t, &voxel, &time))
        continue;
    return voxel;
}

/* --- reactions of a walk -------------------------------------------------------------------------
 */

static size_t which_reaction(const lac_molecules *m, const lac_species_track *t, lac_stream *stream,
                             size_t voxel)
{
    double left = lac_stream_unit(stream) * reacting(m, t, voxel);
    size_t k = 0;
    for (; k + 1 < t->of_walk; k++) {
        const lac_molecule_reaction *it = &m->reaction[t->reaction[k]];
        left -= at_voxel(it->coefficient_at, it->coefficient, voxel);
        if (left < 0)
            break;
    }
    return t->reaction[k];
}

/* What the reaction makes goes to the newborns; true when the molecule itself goes on. */
static lac_status react_on_the_way(lac_molecules *m, lac_molecule_worker *w, lac_newborn *who,
                                   bool *goes_on)
{
    lac_status status = LAC_OK;
    const lac_species_track *t = &m->track[who->species];
    const size_t index = which_reaction(m, t, &w->stream, who->voxel);
    const lac_molecule_reaction *it = &m->reaction[index];
    w->events[index] += 1;
    if (it->events_at) {
#pragma omp atomic
        it->events_at[who->voxel] += 1; /* whole numbers: in any order */
    }
    if (m->well_of && m->well_of[index] > 0) {
        *goes_on = lac_molecule_stay(m, w, m->well_of[index] - 1, who);
        return LAC_OK;
    }
    *goes_on = true;
    for (size_t k = 0; k < it->changes; k++) {
        const bool own = it->change[k].species == who->species;
        *goes_on = *goes_on && !(own && it->change[k].amount < 0);
        for (int made = 0; made < it->change[k].amount; made++) {
            LAC_GROW(w->newborn, w->newborns, w->newborn_room);
            w->newborn[w->newborns++] = (lac_newborn){it->change[k].species, who->voxel, who->left};
        }
    }
out:
    return status;
}

/* A molecule until the end of the step: where it is then, or *lives = false. */
static lac_status finish(lac_molecules *m, lac_molecule_worker *w, lac_newborn *who, bool *lives)
{
    lac_status status = LAC_OK;
    const lac_species_track *t = &m->track[who->species];
    *lives = true;
    if (!t->mobile)
        return LAC_OK;
    if (!t->walks) {
        who->voxel = climb(m, &w->stream, t, who->voxel, who->left);
        return LAC_OK;
    }
    while (*lives && walk(m, &w->stream, t, &who->voxel, &who->left))
        LAC_TRY(react_on_the_way(m, w, who, lives));
out:
    return status;
}

lac_status lac_molecule_land(lac_molecules *m, lac_molecule_worker *w)
{
    lac_status status = LAC_OK;
    while (w->newborns > 0) {
        lac_newborn who = w->newborn[--w->newborns];
        bool lives;
        LAC_TRY(finish(m, w, &who, &lives));
        if (!lives)
            continue;
        LAC_GROW(w->landing, w->landings, w->landing_room);
        w->landing[w->landings++] = (lac_landing){(uint32_t)who.species, (uint32_t)who.voxel};
    }
out:
    return status;
}

lac_status lac_molecule_walk_chunk(lac_molecules *m, lac_molecule_worker *w, size_t species,
                                   size_t chunk, double step)
{
    lac_status status = LAC_OK;
    const lac_species_track *t = &m->track[species];
    const size_t first = chunk * LAC_CHUNK;
    const size_t end = first + LAC_CHUNK < m->voxels ? first + LAC_CHUNK : m->voxels;
    bool opened = false;
    for (size_t voxel = first; voxel < end; voxel++) {
        if (t->count[voxel] == 0)
            continue;
        if (!opened)
            lac_molecule_draws(m, LAC_MOVING, species, chunk, &w->stream);
        opened = true;
        for (int32_t k = 0; k < t->count[voxel]; k++) {
            lac_newborn who = {species, voxel, step};
            bool lives;
            LAC_TRY(finish(m, w, &who, &lives));
            if (lives)
                w->arrived[who.voxel]++;
            if (w->newborns > 0)
                LAC_TRY(lac_molecule_land(m, w));
        }
    }
out:
    return status;
}
