/* What symmetric steps leave in the mean, estimated from the numbers of now.
 *
 * At times the mean of the next step is found twice from the same numbers: reactions of half of it
 * before and after its motion, as it will be made, and the same for its two halves. Four thirds of
 * the difference are what the step leaves (Richardson). Here reactions go in quarters of the step
 * and motion in halves (molecules_mean.c): both are the same in the two, so that the errors of
 * their own cancel. What one step leaves is carried on by the linearised mean equations.
 *
 * Covered: pairs that react while they move. Not covered: what windows of the method hybrid leave
 * between molecules and what is continuous. Tests: test_molecule_pairs.c and `make verify`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/memory.h"
#include "base/vector.h"

#include <math.h>
#include <string.h>

/* The mean of a step is found at steps 0, 1, 4, 16, ... and then after so many, by accuracy; what
 * has been left is carried on each time, and after so many. */
static const double BETWEEN_PROBES = 12.8, BETWEEN = 3.2;

/* Steps made; when the next is probed; [s] and steps since the error was carried on. */
enum { MADE, NEXT, SINCE, MANY };

/* --- what a step leaves --------------------------------------------------------------------------
 */

static void show_numbers(const lac_molecules *m, double *mean)
{
    for (size_t s = 0; s < m->species; s++)
        for (size_t v = 0; v < m->voxels; v++)
            mean[s * m->voxels + v] = m->track[s].count[v];
}

static void make_step(const lac_molecules *m, double step, double *mean)
{
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_move_mean(m, step / 2, mean);
    lac_molecule_move_mean(m, step / 2, mean);
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_react_mean(m, step / 4, mean);
}

static void make_halves(const lac_molecules *m, double step, double *mean)
{
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_move_mean(m, step / 2, mean);
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_react_mean(m, step / 4, mean);
    lac_molecule_move_mean(m, step / 2, mean);
    lac_molecule_react_mean(m, step / 4, mean);
}

/* two := what the step leaves, by time. */
static void probe(lac_molecules *m, double step)
{
    lac_molecule_bias *b = m->bias;
    show_numbers(m, b->whole);
    lac_copy(b->two, b->whole, b->values);
    make_step(m, step, b->whole);
    make_halves(m, step, b->two);
    for (size_t i = 0; i < b->values; i++)
        b->two[i] = (b->whole[i] - b->two[i]) * 4 / 3 / step;
}

/* --- carried on ----------------------------------------------------------------------------------
 */

/* x := A^-1 x by elimination with pivots, A [n][n] in rows. */
static void eliminate(double *a, double *x, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            best = fabs(a[i * n + k]) > fabs(a[best * n + k]) ? i : best;
        for (size_t j = k; j < n && best != k; j++) {
            const double keep = a[k * n + j];
            a[k * n + j] = a[best * n + j];
            a[best * n + j] = keep;
        }
        const double keep = x[k];
        x[k] = x[best];
        x[best] = keep;
        for (size_t i = k + 1; i < n && a[k * n + k] != 0; i++) {
            const double factor = a[i * n + k] / a[k * n + k];
            for (size_t j = k; j < n; j++)
                a[i * n + j] -= factor * a[k * n + j];
            x[i] -= factor * x[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            x[k] -= a[k * n + j] * x[j];
        x[k] = a[k * n + k] != 0 ? x[k] / a[k * n + k] : 0;
    }
}

/* error := (1 - time J)^-1 error, J of the reactions at the numbers of now. */
static void follow_voxel(const lac_molecules *m, size_t voxel, double time, double *scratch,
                         double *error)
{
    const size_t n = m->species;
    double *a = scratch, *x = scratch + n * n;
    memset(a, 0, n * n * sizeof *a);
    for (size_t s = 0; s < n; s++) {
        a[s * n + s] = 1;
        x[s] = error[s * m->voxels + voxel];
    }
    for (size_t r = 0; r < m->reactions; r++) {
        const lac_molecule_reaction *it = &m->reaction[r];
        for (size_t k = 0; k < it->reactants; k++) {
            const double slope = time * lac_molecule_rate_without(m, it, m->bias->whole, voxel, k);
            for (size_t c = 0; c < it->changes; c++)
                a[it->change[c].species * n + it->reactant[k]] -= slope * it->change[c].amount;
        }
    }
    eliminate(a, x, n);
    for (size_t s = 0; s < n; s++)
        error[s * m->voxels + voxel] = x[s];
}

static void carry_on(const lac_molecules *m, double time, double *error)
{
    const lac_molecule_bias *b = m->bias;
    const size_t room = lac_molecule_scratch(m);
    const int workers = m->chunks > 1 ? m->workers : 1;
    show_numbers(m, b->whole);
    lac_add_scaled(error, time / 2, b->rate, b->values);
#pragma omp parallel for schedule(static) num_threads(workers) if (workers > 1)
    for (size_t voxel = 0; voxel < m->voxels; voxel++)
        follow_voxel(m, voxel, time, b->scratch + (size_t)lac_my_worker() * room, error);
    lac_molecule_move_mean(m, time, error);
    lac_add_scaled(error, time / 2, b->rate, b->values);
}

static void note(lac_molecule_bias *b)
{
    b->clock[SINCE] = b->clock[MANY] = 0;
}

void lac_molecule_look_at_bias(lac_molecules *m, double step, double accuracy)
{
    lac_molecule_bias *b = m->bias;
    if (!b)
        return;
    const bool probes = b->clock[MADE] >= b->clock[NEXT];
    if (probes) {
        probe(m, step); /* two := the new rate */
        for (size_t i = 0; i < b->values; i++)
            b->rate[i] = b->clock[SINCE] > 0 ? (b->rate[i] + b->two[i]) / 2 : b->rate[i];
    }
    if (b->clock[SINCE] > 0 && (probes || b->clock[MANY] >= fmax(BETWEEN / accuracy, 1))) {
        carry_on(m, b->clock[SINCE], b->error);
        note(b);
    }
    if (probes) {
        lac_copy(b->rate, b->two, b->values);
        b->clock[NEXT] =
            b->clock[MADE] + fmin(fmax(3 * b->clock[MADE], 1), ceil(BETWEEN_PROBES / accuracy));
    }
    b->clock[SINCE] += step;
    b->clock[MANY] += 1;
    b->clock[MADE] += 1;
}

const double *lac_molecules_bias(lac_molecules *m)
{
    lac_molecule_bias *b = m->bias;
    if (!b)
        return NULL;
    lac_copy(b->two, b->error, b->values);
    carry_on(m, b->clock[SINCE], b->two);
    return b->two;
}

/* --- making --------------------------------------------------------------------------------------
 */

static bool any_meet(const lac_molecules *m)
{
    for (size_t r = 0; r < m->reactions; r++)
        if (m->reaction[r].reactants > 1)
            return true;
    return false;
}

lac_status lac_molecule_make_bias(lac_molecules *m)
{
    lac_status status = LAC_OK;
    lac_molecule_bias *b;
    if (!any_meet(m))
        return LAC_OK;
    LAC_NEW(b, 1);
    m->bias = b;
    b->values = m->species * m->voxels;
    for (int a = 0; a < 3; a++)
        b->longest = m->lattice.n[a] > b->longest ? m->lattice.n[a] : b->longest;
    LAC_NEW(b->whole, b->values);
    LAC_NEW(b->two, b->values);
    LAC_NEW(b->rate, b->values);
    LAC_NEW(b->error, b->values);
    LAC_NEW(b->line, (size_t)m->workers * b->longest);
    LAC_NEW(b->scratch, (size_t)m->workers * lac_molecule_scratch(m));
out:
    return status;
}

void lac_molecule_free_bias(lac_molecules *m)
{
    lac_molecule_bias *b = m->bias;
    if (!b)
        return;
    lac_free(b->whole);
    lac_free(b->two);
    lac_free(b->rate);
    lac_free(b->error);
    lac_free(b->line);
    lac_free(b->scratch);
    lac_free(b);
}

void lac_molecule_bias_blocks(lac_molecules *m, const char *owner, lac_block_list *list)
{
    lac_molecule_bias *b = m->bias;
    if (!b)
        return;
    lac_block_add(list, owner, "left_by_steps", LAC_BLOCK_DOUBLE, b->values, b->rate);
    lac_block_add(list, owner, "left", LAC_BLOCK_DOUBLE, b->values, b->error);
    lac_block_add(list, owner, "left_clock", LAC_BLOCK_DOUBLE, 4, b->clock);
}
