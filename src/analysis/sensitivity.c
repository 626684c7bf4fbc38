/* Sensitivity: elementary effects and Sobol indices, and how far chance may have moved them.
 *
 * Elementary effect of factor i in a step that changes it alone (Morris, Technometrics 33, 161,
 * 1991): (f(x') - f(x)) / (x'_i - x_i), x in the unit cube, so an effect is what the outcome would
 * change by over the whole range of the factor. mu* = mean of |effect| (Campolongo, Cariboni &
 * Saltelli, Environ. Model. Softw. 22, 1509, 2007).
 *
 * Sobol indices of a Saltelli design with samples A, B and A_B^i (A with column i of B), from
 * Saltelli et al., Comput. Phys. Commun. 181, 259 (2010), Table 2:
 *     S_i  = sum_j f(B)_j (f(A_B^i)_j - f(A)_j) / (N V)               (b)
 *     S_Ti = sum_j (f(A)_j - f(A_B^i)_j)^2 / (2 N V)                  (f), Jansen (1999)
 * V is the variance of A and B together. f is taken minus its mean, which leaves the expectation of
 * (b) as it is and makes its scatter much smaller when the mean is large. Estimates may so lie
 * below 0 or above 1 by their error.
 *
 * Intervals: percentile bootstrap over whole trajectories or samples (Archer, Saltelli & Sobol
 * 1997). The points of a Sobol sequence fill the cube more evenly than independent ones, for which
 * the bootstrap is made: its intervals are then wider than needed, not narrower.
 *
 * tests/test_sensitivity.c checks them against the closed forms of Ishigami's and Sobol's
 * functions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/sensitivity.h"

#include "analysis/bootstrap.h"
#include "base/memory.h"

#include <math.h>
#include <stdbool.h>

/* Morris */

typedef struct effects {
    size_t factors, trajectories;
    double *effect; /* owned [trajectories][factors]; NaN = unknown */
} effects;

/* Which factor the step to `row` changes; LAC_INPUT unless it is exactly one. */
static lac_status find_changed(size_t factors, const double *unit, size_t row, size_t *changed)
{
    const double *before = unit + (row - 1) * factors, *after = unit + row * factors;
    size_t changes = 0;
    for (size_t factor = 0; factor < factors; factor++)
        if (before[factor] != after[factor]) {
            *changed = factor;
            changes++;
        }
    if (changes != 1)
        return lac_fail(LAC_INPUT, "no Morris design: row %zu changes %zu factors, not one", row,
                        changes);
    return LAC_OK;
}

/* effect[trajectory][factor] of all steps. */
static lac_status find_effects(const double *unit, const double *outcome, effects *found)
{
    lac_status status = LAC_OK;
    size_t factors = found->factors, cells = found->trajectories * factors;
    for (size_t cell = 0; cell < cells; cell++)
        found->effect[cell] = NAN;
    for (size_t trajectory = 0; trajectory < found->trajectories; trajectory++)
        for (size_t step = 1; step <= factors; step++) {
            size_t row = trajectory * (factors + 1) + step, factor = 0;
            LAC_TRY(find_changed(factors, unit, row, &factor));
            double way = unit[row * factors + factor] - unit[(row - 1) * factors + factor];
            found->effect[trajectory * factors + factor] = (outcome[row] - outcome[row - 1]) / way;
        }
out:
    return status;
}

static void mean_effects(const void *data, const size_t *chosen, double *values)
{
    const effects *found = data;
    for (size_t factor = 0; factor < found->factors; factor++) {
        double sum = 0;
        size_t known = 0;
        for (size_t item = 0; item < found->trajectories; item++) {
            double effect = found->effect[chosen[item] * found->factors + factor];
            if (isnan(effect))
                continue;
            sum += fabs(effect);
            known++;
        }
        values[factor] = known > 0 ? sum / (double)known : NAN;
    }
}

/* Number, mean and standard deviation (n - 1) of the known effects of a factor. */
static void describe_effects(const effects *found, size_t factor, lac_morris *morris)
{
    double sum = 0, squares = 0;
    size_t known = 0;
    for (size_t trajectory = 0; trajectory < found->trajectories; trajectory++) {
        double effect = found->effect[trajectory * found->factors + factor];
        if (!isnan(effect)) {
            sum += effect;
            known++;
        }
    }
    double mean = known > 0 ? sum / (double)known : NAN;
    for (size_t trajectory = 0; trajectory < found->trajectories; trajectory++) {
        double away = found->effect[trajectory * found->factors + factor] - mean;
        if (!isnan(away))
            squares += away * away;
    }
    morris->effects[factor] = known;
    morris->mu[factor] = mean;
    morris->sigma[factor] = known > 1 ? sqrt(squares / (double)(known - 1)) : NAN;
}

lac_status lac_sensitivity_morris(size_t factors, size_t trajectories, const double *unit,
                                  const double *outcome, const lac_bootstrap *bootstrap,
                                  lac_morris *morris)
{
    lac_status status = LAC_OK;
    effects found = {factors, trajectories, NULL};
    LAC_NEW(found.effect, factors * trajectories);
    LAC_TRY(find_effects(unit, outcome, &found));
    for (size_t factor = 0; factor < factors; factor++)
        describe_effects(&found, factor, morris);
    lac_resampled all = {mean_effects, &found, trajectories, factors};
    LAC_TRY(lac_bootstrap_estimate(&all, bootstrap, morris->mu_star));
out:
    lac_free(found.effect);
    return status;
}

/* Sobol */

typedef struct blocks {
    size_t factors, used;
    double *outcome; /* owned [factors + 2][used], minus the mean of A and B */
} blocks;

static bool is_whole(size_t factors, size_t samples, const double *outcome, size_t item)
{
    for (size_t block = 0; block < factors + 2; block++)
        if (isnan(outcome[block * samples + item]))
            return false;
    return true;
}

/* Keeps the samples of which every run is known. */
static void keep_whole(size_t samples, const double *outcome, blocks *kept)
{
    kept->used = 0;
    for (size_t item = 0; item < samples; item++)
        kept->used += is_whole(kept->factors, samples, outcome, item);
    size_t at = 0;
    for (size_t item = 0; item < samples; item++) {
        if (!is_whole(kept->factors, samples, outcome, item))
            continue;
        for (size_t block = 0; block < kept->factors + 2; block++)
            kept->outcome[block * kept->used + at] = outcome[block * samples + item];
        at++;
    }
}

/* Mean and variance of A and B (the first two blocks) over the chosen samples. Sums are of the
 * distance to one value, so that a constant has variance 0 exactly. */
static void moments(const blocks *kept, const size_t *chosen, double *mean, double *variance)
{
    size_t used = kept->used;
    double origin = kept->outcome[0], sum = 0, squares = 0;
    for (size_t block = 0; block < 2; block++)
        for (size_t item = 0; item < used; item++)
            sum += kept->outcome[block * used + chosen[item]] - origin;
    double shift = sum / (2 * (double)used);
    for (size_t block = 0; block < 2; block++)
        for (size_t item = 0; item < used; item++) {
            double away = kept->outcome[block * used + chosen[item]] - origin - shift;
            squares += away * away;
        }
    *mean = origin + shift;
    *variance = squares / (2 * (double)used);
}

/* values[2][factors]: first order, total. */
static void indices(const void *data, const size_t *chosen, double *values)
{
    const blocks *kept = data;
    size_t used = kept->used, factors = kept->factors;
    double mean, variance;
    moments(kept, chosen, &mean, &variance);
    const double *restrict a = kept->outcome, *restrict b = a + used;
    for (size_t factor = 0; factor < factors; factor++) {
        const double *restrict mixed = a + (factor + 2) * used;
        double first = 0, total = 0;
        for (size_t item = 0; item < used; item++) {
            size_t at = chosen[item];
            double change = mixed[at] - a[at];
            first += (b[at] - mean) * change;
            total += change * change;
        }
        double scale = variance > 0 ? 1 / ((double)used * variance) : NAN;
        values[factor] = first * scale;
        values[factors + factor] = total * scale / 2;
    }
}

static void know_nothing(size_t count, lac_confidence_interval *interval)
{
    for (size_t k = 0; k < count; k++)
        interval[k] = (lac_confidence_interval){NAN, NAN, NAN};
}

lac_status lac_sensitivity_sobol(size_t factors, size_t samples, const double *outcome,
                                 const lac_bootstrap *bootstrap, lac_sobol *sobol)
{
    lac_status status = LAC_OK;
    blocks kept = {factors, 0, NULL};
    lac_confidence_interval *both = NULL;
    size_t *chosen = NULL;
    LAC_NEW(kept.outcome, (factors + 2) * samples);
    LAC_NEW(both, 2 * factors);
    LAC_NEW(chosen, samples);
    keep_whole(samples, outcome, &kept);
    sobol->used = kept.used;
    sobol->mean = sobol->variance = NAN;
    know_nothing(2 * factors, both);
    if (kept.used > 0) {
        for (size_t item = 0; item < kept.used; item++)
            chosen[item] = item;
        moments(&kept, chosen, &sobol->mean, &sobol->variance);
        lac_resampled all = {indices, &kept, kept.used, 2 * factors};
        LAC_TRY(lac_bootstrap_estimate(&all, bootstrap, both));
    }
    for (size_t factor = 0; factor < factors; factor++) {
        sobol->first[factor] = both[factor];
        sobol->total[factor] = both[factors + factor];
    }
out:
    lac_free(kept.outcome);
    lac_free(both);
    lac_free(chosen);
    return status;
}
