/* Molecules on a lattice: making, steps, and what a checkpoint keeps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/memory.h"
#include "base/vector.h"

#include <math.h>
#include <string.h>

/* A bound is recomputed after this many steps. */
enum { STEPS_BETWEEN = 16 };

/* --- making --------------------------------------------------------------------------------------
 */

static void drop_all_kernels(lac_species_track *t)
{
    for (int level = -1; level < LAC_LEVELS; level++) {
        lac_motion_of_time *of = level < 0 ? &t->rest : &t->ladder[level];
        for (size_t k = 0; k < of->kernels; k++)
            lac_kernel_free(of->kernel[k]);
        of->kernels = 0;
    }
}

static void free_track(lac_species_track *t)
{
    drop_all_kernels(t);
    lac_free(t->reaction);
    lac_free(t->rate);
    lac_free(t->column);
    lac_free(t->count);
    lac_free(t->integral);
}

static void free_worker(lac_molecule_worker *w, size_t species)
{
    for (size_t s = 0; w->brood && s < species; s++)
        lac_free(w->brood[s].fresh);
    lac_free(w->events);
    lac_free(w->number);
    lac_free(w->brood);
    lac_free(w->newborn);
    lac_free(w->landing);
    lac_free(w->arrived);
}

void lac_molecules_free(lac_molecules *m)
{
    if (!m)
        return;
    for (size_t s = 0; m->track && s < m->species; s++)
        free_track(&m->track[s]);
    for (int k = 0; m->worker && k < m->workers; k++)
        free_worker(&m->worker[k], m->species);
    lac_molecule_free_bias(m);
    lac_molecule_free_wells(m);
    lac_free(m->track);
    lac_free(m->worker);
    lac_free(m->reaction);
    lac_free(m->given);
    lac_free(m->in_walk);
    lac_free(m->open);
    lac_free(m->events);
    lac_free(m);
}

static bool is_active(const lac_molecules *m, size_t voxel)
{
    return !m->lattice.active || m->lattice.active[voxel];
}

static lac_status find_open_faces(lac_molecules *m)
{
    lac_status status = LAC_OK;
    const size_t *n = m->lattice.n;
    LAC_NEW(m->open, m->voxels);
    for (size_t voxel = 0; voxel < m->voxels; voxel++) {
        const size_t at[3] = {voxel % n[0], voxel / n[0] % n[1], voxel / (n[0] * n[1])};
        for (int a = 0; a < 3; a++) {
            const size_t stride = m->stride[a];
            bool low = at[a] > 0 && is_active(m, voxel) && is_active(m, voxel - stride);
            bool high = at[a] + 1 < n[a] && is_active(m, voxel) && is_active(m, voxel + stride);
            m->open[voxel] |= (unsigned char)(low << (2 * a) | high << (2 * a + 1));
        }
    }
out:
    return status;
}

static lac_status make_tracks(lac_molecules *m, const lac_molecule_species *of)
{
    lac_status status = LAC_OK;
    LAC_NEW(m->track, m->species);
    for (size_t s = 0; s < m->species; s++) {
        m->track[s].is = of[s];
        m->track[s].given = of[s].diffusivity_at;
        LAC_NEW(m->track[s].count, m->voxels);
        LAC_NEW(m->track[s].reaction, m->reactions);
    }
out:
    return status;
}

static lac_status make_workers(lac_molecules *m)
{
    lac_status status = LAC_OK;
    m->workers = lac_threads();
    LAC_NEW(m->worker, (size_t)m->workers);
    for (int k = 0; k < m->workers; k++) {
        lac_molecule_worker *w = &m->worker[k];
        lac_stream_open(&w->stream, m->key, 0);
        LAC_NEW(w->events, m->reactions);
        LAC_NEW(w->number, m->species);
        LAC_NEW(w->brood, m->species);
        LAC_NEW(w->arrived, m->voxels);
    }
out:
    return status;
}

lac_status lac_molecules_create(const lac_lattice *lattice, size_t species,
                                const lac_molecule_species *of, size_t reactions,
                                const lac_molecule_reaction *reaction, lac_random_key key,
                                lac_molecules **molecules)
{
    lac_status status = LAC_OK;
    lac_molecules *m = NULL;
    LAC_NEW(m, 1);
    m->lattice = *lattice;
    m->species = species;
    m->reactions = reactions;
    m->key = key;
    m->voxels = lattice->n[0] * lattice->n[1] * lattice->n[2];
    m->chunks = (m->voxels + LAC_CHUNK - 1) / LAC_CHUNK;
    LAC_REQUIRE(m->voxels < INT32_MAX, LAC_LIMIT, "%zu voxels are too many for whole numbers",
                m->voxels);
    LAC_REQUIRE(species <= LAC_SPECIES_MOST / 4, LAC_LIMIT, "%zu discrete species are too many",
                species);
    for (size_t a = 0, stride = 1; a < 3; stride *= lattice->n[a++])
        m->stride[a] = stride;
    LAC_NEW(m->reaction, reactions);
    LAC_NEW(m->in_walk, reactions);
    LAC_NEW(m->events, reactions);
    LAC_NEW(m->given, reactions);
    for (size_t r = 0; r < reactions; r++) {
        m->reaction[r] = reaction[r];
        m->given[r] = reaction[r].coefficient_at;
    }
    LAC_TRY(find_open_faces(m));
    LAC_TRY(make_tracks(m, of));
    LAC_TRY(make_workers(m));
    LAC_TRY(lac_molecule_make_bias(m));
    LAC_TRY(lac_molecules_changed(m));
    *molecules = m;
    m = NULL;
out:
    lac_molecules_free(m);
    return status;
}

/* --- what follows from coefficients --------------------------------------------------------------
 */

/* One molecule reacts, and is itself used up or not. */
static bool is_of_one(const lac_molecule_reaction *it)
{
    if (it->reactants != 1)
        return false;
    for (size_t k = 0; k < it->changes; k++)
        if (it->change[k].amount < (it->change[k].species == it->reactant[0] ? -1 : 0))
            return false;
    return true;
}

/* What is given by voxel and the same everywhere counts as one number. */
static void simplify(const lac_molecules *m, const double *given, const double **at, double *number)
{
    *at = given;
    for (size_t v = 0; v < m->voxels && given; v++)
        if (given[v] != given[0])
            return;
    if (given)
        *number = given[0];
    *at = NULL;
}

static void simplify_all(lac_molecules *m)
{
    for (size_t s = 0; s < m->species; s++)
        simplify(m, m->track[s].given, &m->track[s].is.diffusivity_at, &m->track[s].is.diffusivity);
    for (size_t r = 0; r < m->reactions; r++)
        simplify(m, m->given[r], &m->reaction[r].coefficient_at, &m->reaction[r].coefficient);
}

/* A species walks where its motion or loss is not the same everywhere, and where layers differ. */
static void choose_walkers(lac_molecules *m)
{
    for (size_t s = 0; s < m->species; s++) {
        lac_species_track *t = &m->track[s];
        t->mobile = t->is.diffusivity_at || t->is.diffusivity > 0;
        t->walks = t->mobile && (t->is.diffusivity_at || m->lattice.active || m->lattice.width ||
                                 lac_molecule_has_well(m, s));
        t->of_walk = 0;
    }
    for (size_t r = 0; r < m->reactions; r++) {
        const lac_molecule_reaction *it = &m->reaction[r];
        lac_species_track *t = it->reactants ? &m->track[it->reactant[0]] : NULL;
        if (is_of_one(it) && t->mobile && it->coefficient_at)
            t->walks = true;
    }
    for (size_t r = 0; r < m->reactions; r++) {
        const lac_molecule_reaction *it = &m->reaction[r];
        lac_species_track *t = it->reactants ? &m->track[it->reactant[0]] : NULL;
        m->in_walk[r] = is_of_one(it) && t->walks;
        if (m->in_walk[r])
            t->reaction[t->of_walk++] = r;
    }
}

static void set_hops(lac_molecules *m, lac_species_track *t)
{
    const double before = t->hops;
    t->hops = 0;
    for (int a = 0; a < 3; a++) {
        t->hop[a] = m->lattice.n[a] > 1 ? t->is.diffusivity * m->lattice.per_area[a] : 0;
        t->hops += 2 * t->hop[a];
    }
    if (t->hops != before)
        drop_all_kernels(t);
    t->mobile = t->mobile && t->hops > 0;
}

lac_status lac_molecules_changed(lac_molecules *m)
{
    lac_status status = LAC_OK;
    simplify_all(m);
    lac_molecule_prepare_wells(m);
    choose_walkers(m);
    for (size_t s = 0; s < m->species; s++)
        if (m->track[s].walks)
            LAC_TRY(lac_molecule_prepare_walk(m, s));
        else
            set_hops(m, &m->track[s]);
    m->symmetric = false;
    for (size_t r = 0; r < m->reactions; r++)
        m->symmetric = m->symmetric || lac_molecule_needs_bound(m, r);
out:
    return status;
}

/* --- steps ---------------------------------------------------------------------------------------
 */

static lac_status react_all(lac_molecules *m, const lac_reaction_time *time)
{
    const int workers = m->chunks > 1 ? m->workers : 1;
    lac_status status = LAC_OK;
#pragma omp parallel for schedule(dynamic) num_threads(workers) if (workers > 1)
    for (size_t chunk = 0; chunk < m->chunks; chunk++) {
        lac_molecule_worker *w = &m->worker[lac_my_worker()];
        if (w->status == LAC_OK)
            w->status = lac_molecule_react(m, w, chunk, time);
    }
    for (int k = 0; k < m->workers; k++)
        LAC_REQUIRE(m->worker[k].status == LAC_OK, m->worker[k].status,
                    "no memory for the reactions of a step");
out:
    return status;
}

static void take_events(lac_molecules *m)
{
    for (int k = 0; k < m->workers; k++)
        for (size_t r = 0; r < m->reactions; r++) {
            m->events[r] += m->worker[k].events[r];
            m->worker[k].events[r] = 0;
        }
}

static void add_integrals(lac_molecules *m, double time)
{
    for (size_t s = 0; s < m->species; s++)
        if (m->track[s].integral)
            for (size_t v = 0; v < m->voxels; v++)
                m->track[s].integral[v] += time * m->track[s].count[v];
}

/* Motion over a step, with the reactions at its start: those of all of it where they leave no
 * error, else of half of it and of half of the step before. Integrals have both sides of reactions.
 */
static lac_status take_step(lac_molecules *m, double before, double step)
{
    lac_status status = LAC_OK;
    const double half = step / 2;
    const lac_reaction_time symmetric = {before, half, step, false};
    const lac_reaction_time whole = {0, step, step, false};
    LAC_REQUIRE(m->number < 0x1p48, LAC_LIMIT, "2^48 steps are made: no draws are left");
    LAC_TRY(lac_molecule_ladders(m, step));
    add_integrals(m, m->symmetric && before > 0 ? (before + half) / 2 : half);
    LAC_TRY(react_all(m, m->symmetric ? &symmetric : &whole));
    if (m->symmetric && before > 0)
        add_integrals(m, (before + half) / 2);
    LAC_TRY(lac_molecule_move_all(m, step));
    if (!m->symmetric)
        add_integrals(m, half);
    take_events(m);
    m->number += 1;
    m->report.steps += 1;
out:
    return status;
}

/* The half step of reactions that is left. */
static lac_status close_time(lac_molecules *m, double before)
{
    lac_status status = LAC_OK;
    const lac_reaction_time time = {.before = before, .last = true};
    LAC_TRY(react_all(m, &time));
    lac_molecule_land_all(m);
    add_integrals(m, before);
    take_events(m);
    m->number += 1;
out:
    return status;
}

/* The largest power of two seconds that is not above the bound. */
static double power_below(double bound)
{
    return ldexp(
        1, (int)fmax(fmin(floor(log2(bound)), LAC_LEVELS - 1 - LAC_LEVEL_OF_1S), -LAC_LEVEL_OF_1S));
}

lac_status lac_molecules_advance(lac_molecules *m, double time, double accuracy)
{
    lac_status status = LAC_OK;
    double left = time, step = time, before = 0;
    lac_molecule_bound ruled = LAC_MOLECULES_UNBOUNDED;
    for (size_t k = 0; left > 0; k++) {
        if (k % STEPS_BETWEEN == 0) {
            double bound = lac_molecule_longest(m, accuracy);
            step = bound < left ? power_below(bound) : left;
            ruled = bound < left ? m->report.ruled : LAC_MOLECULES_UNBOUNDED;
        }
        const double now = left < step * (1 + 1e-9) ? left : step;
        lac_molecule_look_at_bias(m, now, accuracy);
        m->report.by[now < step ? LAC_MOLECULES_UNBOUNDED : ruled] += 1;
        LAC_TRY(take_step(m, before, now));
        before = now / 2;
        left = now == left ? 0 : left - now;
    }
    if (m->symmetric && time > 0)
        LAC_TRY(close_time(m, before));
out:
    return status;
}

/* --- what others see -----------------------------------------------------------------------------
 */

int32_t *lac_molecules_count(lac_molecules *m, size_t species)
{
    return m->track[species].count;
}

lac_status lac_molecules_watch(lac_molecules *m, size_t species, double **integral)
{
    lac_status status = LAC_OK;
    if (!m->track[species].integral)
        LAC_NEW(m->track[species].integral, m->voxels);
    *integral = m->track[species].integral;
out:
    return status;
}

const double *lac_molecules_events(const lac_molecules *m)
{
    return m->events;
}

lac_molecule_report lac_molecules_report(const lac_molecules *m)
{
    return m->report;
}

void lac_molecules_blocks(lac_molecules *m, const char *owner, lac_block_list *list)
{
    lac_block_add(list, owner, "number", LAC_BLOCK_DOUBLE, 1, &m->number);
    lac_block_add(list, owner, "events", LAC_BLOCK_DOUBLE, m->reactions, m->events);
    lac_molecule_bias_blocks(m, owner, list);
    lac_block_add(list, owner, "report", LAC_BLOCK_BYTES, sizeof m->report, &m->report);
}
