/* Reactions of a time, voxel by voxel: exact events (Gillespie 1977) among the molecules that are
 * there now. A vectorised screen, one word a voxel, finds the few voxels with any.
 *
 * What an event makes is newborn: it moves for what is left of the step. Where it is made: at a
 * reactant that is newborn itself, or else at the voxel plus what its reactants have moved until
 * then, with diffusivity 1 / sum(1 / D) for reactants that stay together (its own for one). So a
 * chain of first-order reactions has the right displacement in steps of any length.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/clones.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* --- the screen ----------------------------------------------------------------------------------
 */

/* rate += coefficient * count (if any), over a chunk. */
LAC_CLONED static void add_first_order(double *restrict rate, size_t voxels, double coefficient,
                                       const double *restrict at, const int32_t *restrict a)
{
    if (at && a)
        for (size_t i = 0; i < voxels; i++)
            rate[i] += at[i] * a[i];
    else if (at)
        for (size_t i = 0; i < voxels; i++)
            rate[i] += at[i];
    else if (a)
        for (size_t i = 0; i < voxels; i++)
            rate[i] += coefficient * a[i];
    else
        for (size_t i = 0; i < voxels; i++)
            rate[i] += coefficient;
}

LAC_CLONED static void add_second_order(double *restrict rate, size_t voxels, double coefficient,
                                        const double *restrict at, const int32_t *a,
                                        const int32_t *b, double less)
{
    if (at)
        for (size_t i = 0; i < voxels; i++)
            rate[i] += at[i] * a[i] * ((double)b[i] - less);
    else
        for (size_t i = 0; i < voxels; i++)
            rate[i] += coefficient * a[i] * ((double)b[i] - less);
}

double lac_molecule_propensity(const lac_molecule_reaction *it, const int64_t *number, size_t voxel)
{
    double product = it->coefficient_at ? it->coefficient_at[voxel] : it->coefficient;
    for (size_t k = 0; k < it->reactants; k++) {
        int64_t n = number[it->reactant[k]];
        for (size_t before = 0; before < k; before++)
            n -= it->reactant[before] == it->reactant[k];
        product *= n > 0 ? (double)n : 0;
    }
    return product;
}

static void show_numbers(const lac_molecules *m, lac_molecule_worker *w, size_t voxel)
{
    for (size_t s = 0; s < m->species; s++)
        w->number[s] = m->track[s].count[voxel];
}

static void add_reaction(lac_molecules *m, lac_molecule_worker *w, const lac_molecule_reaction *it,
                         size_t first, size_t voxels)
{
    const double *at = it->coefficient_at ? it->coefficient_at + first : NULL;
    const int32_t *a = it->reactants > 0 ? m->track[it->reactant[0]].count + first : NULL;
    if (it->reactants < 2)
        add_first_order(w->rate, voxels, it->coefficient, at, a);
    else if (it->reactants == 2)
        add_second_order(w->rate, voxels, it->coefficient, at, a,
                         m->track[it->reactant[1]].count + first,
                         it->reactant[0] == it->reactant[1]);
    else
        for (size_t i = 0; i < voxels; i++) {
            show_numbers(m, w, first + i);
            w->rate[i] += lac_molecule_propensity(it, w->number, first + i);
        }
}

/* No event where the word is above rate * step * 2^32, for 1 - exp(-x) <= x. The mask keeps what
 * is to be looked at. */
LAC_CLONED static void screen(const double *restrict rate, const uint32_t *restrict word,
                              size_t voxels, double step, unsigned char *restrict look)
{
    for (size_t i = 0; i < voxels; i++)
        look[i] = (double)word[i] <= rate[i] * step * 0x1p32;
}

/* --- one event -----------------------------------------------------------------------------------
 */

/* Takes a molecule of the species, any with the same probability; if it was newborn, *from is what
 * it was. */
static void take(lac_molecule_worker *w, size_t species, lac_fresh *from)
{
    const int64_t n = w->number[species]--;
    lac_brood *brood = &w->brood[species];
    if (brood->count == 0)
        return;
    const size_t which = (size_t)(lac_stream_unit(&w->stream) * (double)n);
    if (which >= brood->count)
        return;
    *from = brood->fresh[which];
    brood->fresh[which] = brood->fresh[--brood->count];
}

/* Where an event at `now` is: its reactants have moved since they were at a known place. */
static size_t place_of(const lac_molecules *m, lac_molecule_worker *w,
                       const lac_molecule_reaction *it, const lac_fresh *from, double now)
{
    size_t slowest = 0;
    double resist = 0, least = INFINITY;
    for (size_t k = 0; k < it->reactants; k++) {
        const double hops = m->track[it->reactant[k]].hops;
        resist += 1 / hops; /* infinite for what does not move */
        if (hops < least) {
            least = hops;
            slowest = it->reactant[k];
        }
    }
    if (it->reactants == 0 || !isfinite(resist))
        return from->place;
    return lac_molecule_displace(m, &w->stream, slowest, from->place,
                                 (now - from->born) / (resist * least));
}

static lac_status make(lac_molecule_worker *w, size_t species, size_t place, double now)
{
    lac_status status = LAC_OK;
    lac_brood *brood = &w->brood[species];
    LAC_GROW(brood->fresh, brood->count, brood->room);
    brood->fresh[brood->count++] = (lac_fresh){place, now};
    w->number[species]++;
out:
    return status;
}

/* In symmetric steps what mobile reactants make moves with all others, as if it were made now: too
 * long where it is made after now, too short where before. */
static bool moves_with_others(const lac_molecules *m, const lac_molecule_reaction *it)
{
    bool mobile = false;
    for (size_t k = 0; k < it->reactants; k++)
        mobile = mobile || m->track[it->reactant[k]].mobile;
    return m->symmetric && mobile;
}

static lac_status make_all(lac_molecules *m, lac_molecule_worker *w,
                           const lac_molecule_reaction *it, const lac_fresh *from, double now)
{
    lac_status status = LAC_OK;
    const bool with_others = moves_with_others(m, it);
    const size_t place = with_others ? from->place : place_of(m, w, it, from, now);
    for (size_t k = 0; k < it->changes; k++)
        for (int made = 0; made < it->change[k].amount; made++)
            if (with_others)
                w->number[it->change[k].species]++;
            else
                LAC_TRY(make(w, it->change[k].species, place, now));
out:
    return status;
}

static lac_status happen(lac_molecules *m, lac_molecule_worker *w, size_t index, size_t voxel,
                         double now)
{
    const lac_molecule_reaction *it = &m->reaction[index];
    lac_fresh from = {voxel, 0};
    bool makes = false;
    w->events[index] += 1;
    if (it->events_at)
        it->events_at[voxel] += 1;
    for (size_t k = 0; k < it->changes; k++) {
        for (int gone = 0; gone > it->change[k].amount; gone--)
            take(w, it->change[k].species, &from);
        makes = makes || it->change[k].amount > 0;
    }
    return makes ? make_all(m, w, it, &from, now) : LAC_OK;
}

/* --- one voxel -----------------------------------------------------------------------------------
 */

static double total_rate(const lac_molecules *m, const lac_molecule_worker *w, size_t voxel)
{
    double sum = 0;
    for (size_t r = 0; r < m->reactions; r++)
        if (!m->in_walk[r])
            sum += lac_molecule_propensity(&m->reaction[r], w->number, voxel);
    return sum;
}

static size_t choose(const lac_molecules *m, const lac_molecule_worker *w, size_t voxel,
                     double left)
{
    size_t last = 0;
    for (size_t r = 0; r < m->reactions; r++) {
        if (m->in_walk[r])
            continue;
        const double rate = lac_molecule_propensity(&m->reaction[r], w->number, voxel);
        if (rate == 0)
            continue;
        last = r;
        left -= rate;
        if (left < 0)
            break;
    }
    return last;
}

/* Newborns leave the count of the voxel and move on their own. */
static lac_status leave_voxel(lac_molecules *m, lac_molecule_worker *w, size_t voxel,
                              const lac_reaction_time *time)
{
    lac_status status = LAC_OK;
    for (size_t s = 0; s < m->species; s++) {
        lac_brood *brood = &w->brood[s];
        m->track[s].count[voxel] = (int32_t)(w->number[s] - (int64_t)brood->count);
        for (; brood->count > 0; brood->count--) {
            const lac_fresh *fresh = &brood->fresh[brood->count - 1];
            LAC_GROW(w->newborn, w->newborns, w->newborn_room);
            w->newborn[w->newborns++] =
                (lac_newborn){s, fresh->place, time->before + time->move - fresh->born};
        }
    }
    LAC_TRY(lac_molecule_land(m, w));
out:
    return status;
}

/* The first event by the screen's word, made longer; the others by fresh draws. */
static lac_status react_voxel(lac_molecules *m, lac_molecule_worker *w, size_t voxel, double rate,
                              uint32_t word, const lac_reaction_time *time)
{
    lac_status status = LAC_OK;
    const double step = time->before + time->after;
    const double u = ((double)word + lac_stream_unit(&w->stream)) * 0x1p-32;
    double now = rate > 0 ? -log1p(-u) / rate : INFINITY;
    if (!(now < step))
        return LAC_OK;
    show_numbers(m, w, voxel);
    while (now < step) {
        rate = total_rate(m, w, voxel);
        LAC_TRY(happen(m, w, choose(m, w, voxel, lac_stream_unit(&w->stream) * rate), voxel, now));
        rate = total_rate(m, w, voxel);
        now += rate > 0 ? lac_stream_exponential(&w->stream) / rate : INFINITY;
    }
    LAC_TRY(leave_voxel(m, w, voxel, time));
out:
    return status;
}

lac_status lac_molecule_react(lac_molecules *m, lac_molecule_worker *w, size_t chunk,
                              const lac_reaction_time *time)
{
    lac_status status = LAC_OK;
    const size_t first = chunk * LAC_CHUNK;
    const size_t voxels = m->voxels - first < LAC_CHUNK ? m->voxels - first : LAC_CHUNK;
    uint32_t word[LAC_CHUNK];
    unsigned char look[LAC_CHUNK];
    bool any = false;
    memset(w->rate, 0, sizeof w->rate);
    for (size_t r = 0; r < m->reactions; r++)
        if (!m->in_walk[r]) {
            add_reaction(m, w, &m->reaction[r], first, voxels);
            any = true;
        }
    if (!any)
        return LAC_OK;
    lac_philox_blocks(m->key,
                      lac_molecule_address(m, time->last ? LAC_SCREENING_LAST : LAC_SCREENING, 0),
                      (uint64_t)first / LAC_PHILOX_WORDS, LAC_CHUNK / LAC_PHILOX_WORDS, word);
    screen(w->rate, word, voxels, time->before + time->after, look);
    lac_molecule_draws(m, time->last ? LAC_REACTING_LAST : LAC_REACTING, 0, chunk, &w->stream);
    for (size_t i = 0; i < voxels; i++)
        if (look[i])
            LAC_TRY(react_voxel(m, w, first + i, w->rate[i], word[i], time));
out:
    return status;
}
