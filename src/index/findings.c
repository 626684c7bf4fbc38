/* Findings: a row for each method.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "index/findings.h"

#include "base/memory.h"

#include <math.h>

static lac_status analyse_saltelli(const lac_study *study, const lac_bootstrap *bootstrap,
                                   lac_findings *findings)
{
    lac_sobol sobol = {.first = findings->cell[0], .total = findings->cell[1]};
    lac_status status = lac_sensitivity_sobol(study->factors, study->samples,
                                              findings->outcome.value, bootstrap, &sobol);
    for (size_t factor = 0; factor < study->factors; factor++)
        findings->cell[2][factor] = (lac_confidence_interval){
            findings->cell[1][factor].value - findings->cell[0][factor].value, NAN, NAN};
    findings->used = sobol.used;
    return status;
}

static lac_status analyse_morris(const lac_study *study, const lac_bootstrap *bootstrap,
                                 lac_findings *findings)
{
    lac_status status = LAC_OK;
    lac_morris morris = {.mu_star = findings->cell[0]};
    LAC_NEW(morris.mu, study->factors);
    LAC_NEW(morris.sigma, study->factors);
    LAC_NEW(morris.effects, study->factors);
    LAC_TRY(lac_sensitivity_morris(study->factors, study->samples, study->unit,
                                   findings->outcome.value, bootstrap, &morris));
    findings->used = study->samples;
    for (size_t factor = 0; factor < study->factors; factor++) {
        findings->cell[1][factor] = (lac_confidence_interval){morris.mu[factor], NAN, NAN};
        findings->cell[2][factor] = (lac_confidence_interval){morris.sigma[factor], NAN, NAN};
        if (morris.effects[factor] < findings->used)
            findings->used = morris.effects[factor];
    }
out:
    lac_free(morris.mu);
    lac_free(morris.sigma);
    lac_free(morris.effects);
    return status;
}

static lac_status analyse_sample(const lac_study *study, const lac_bootstrap *bootstrap,
                                 lac_findings *findings)
{
    lac_ranks ranks = {.coefficient = findings->cell[0]};
    lac_status status = lac_sensitivity_ranks(study->factors, study->rows, study->unit,
                                              findings->outcome.value, bootstrap, &ranks);
    findings->used = ranks.used;
    return status;
}

static const lac_finder saltelli = {
    .columns = 3,
    .key = 1,
    .title = {"first order", "total", "interaction"},
    .word = {"first", "total", "interaction"},
    .items = "samples",
    .reading = "First order is the share of the variance of the outcome that a factor explains by "
               "itself, total\nthe share in which it has any part; their difference is its "
               "interaction with other factors.\n",
    .analyse = analyse_saltelli};
static const lac_finder morris = {
    .columns = 3,
    .key = 0,
    .title = {"mu*", "mu", "sigma"},
    .word = {"mu_star", "mu", "sigma"},
    .items = "effects of each factor",
    .reading =
        "mu* is how much the outcome changes in the mean, up or down, over the whole range of a "
        "factor;\nmu the same with its sign; sigma how much that differs from place to place: "
        "beside mu* it\ntells interactions or a curved response.\n",
    .analyse = analyse_morris};
static const lac_finder sample = {
    .columns = 1,
    .key = 0,
    .title = {"partial rank correlation"},
    .word = {"partial_rank_correlation"},
    .items = "points",
    .reading =
        "1 or -1: the outcome rises or falls with the factor whatever the others are; near 0: it "
        "does not\ndepend on it, or not in one direction. Shares of variance and interactions need "
        "a plan with\n`design: saltelli`.\n",
    .analyse = analyse_sample};

const lac_finder *lac_finder_of(lac_design_kind design)
{
    return design == LAC_DESIGN_SALTELLI ? &saltelli
           : design == LAC_DESIGN_MORRIS ? &morris
                                         : &sample;
}

/* Mean and standard deviation of all outcomes that are known, as distances from the first of them,
 * so that what never changes has a deviation of 0 exactly. */
static void describe_outcome(size_t rows, lac_findings *findings)
{
    const double *value = findings->outcome.value;
    double origin = NAN, sum = 0, squares = 0;
    size_t known = 0;
    for (size_t row = 0; row < rows; row++)
        if (!isnan(value[row])) {
            origin = known++ > 0 ? origin : value[row];
            sum += value[row] - origin;
        }
    double shift = known > 0 ? sum / (double)known : (double)NAN;
    for (size_t row = 0; row < rows; row++)
        if (!isnan(value[row]))
            squares += pow(value[row] - origin - shift, 2);
    findings->mean = origin + shift;
    findings->sd = known > 1 ? sqrt(squares / (double)(known - 1)) : (double)NAN;
}

static double size_of(lac_confidence_interval interval)
{
    return isnan(interval.value) ? -1 : fabs(interval.value);
}

/* Falling by size; what is not known comes last, equals in the order of the plan. */
static void sort_factors(size_t factors, const lac_confidence_interval *key, size_t *order)
{
    for (size_t factor = 0; factor < factors; factor++) {
        size_t place = factor;
        while (place > 0 && size_of(key[order[place - 1]]) < size_of(key[factor])) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = factor;
    }
}

lac_status lac_findings_make(const lac_study *study, size_t endpoint, size_t arm,
                             const lac_bootstrap *bootstrap, lac_findings *findings)
{
    lac_status status = LAC_OK;
    const lac_finder *how = lac_finder_of(study->design);
    for (size_t column = 0; column < how->columns; column++)
        LAC_NEW(findings->cell[column], study->factors);
    LAC_NEW(findings->order, study->factors);
    LAC_TRY(lac_study_outcome(study, endpoint, arm, &findings->outcome));
    describe_outcome(study->rows, findings);
    LAC_TRY(how->analyse(study, bootstrap, findings));
    sort_factors(study->factors, findings->cell[how->key], findings->order);
out:
    return status;
}

void lac_findings_free(lac_findings *findings)
{
    for (size_t column = 0; column < LAC_COLUMNS_MOST; column++)
        lac_free(findings->cell[column]);
    lac_free(findings->order);
    lac_outcome_free(&findings->outcome);
    *findings = (lac_findings){0};
}
