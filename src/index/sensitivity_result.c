/* Sensitivity results: a row for each method.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "index/sensitivity_result.h"

#include "base/memory.h"

#include <math.h>

static lac_status analyse_saltelli(const lac_index_reader *reader, const lac_bootstrap *bootstrap,
                                   lac_sensitivity_result *result)
{
    lac_sobol sobol = {.first = result->cell[0], .total = result->cell[1]};
    lac_status status = lac_sensitivity_sobol(reader->factors, reader->samples,
                                              result->outcome.value, bootstrap, &sobol);
    for (size_t factor = 0; factor < reader->factors; factor++)
        result->cell[2][factor] = (lac_confidence_interval){
            result->cell[1][factor].value - result->cell[0][factor].value, NAN, NAN};
    result->used = sobol.used;
    return status;
}

static lac_status analyse_morris(const lac_index_reader *reader, const lac_bootstrap *bootstrap,
                                 lac_sensitivity_result *result)
{
    lac_status status = LAC_OK;
    lac_morris morris = {.mu_star = result->cell[0]};
    LAC_NEW(morris.mu, reader->factors);
    LAC_NEW(morris.sigma, reader->factors);
    LAC_NEW(morris.effects, reader->factors);
    LAC_TRY(lac_sensitivity_morris(reader->factors, reader->samples, reader->unit,
                                   result->outcome.value, bootstrap, &morris));
    result->used = reader->samples;
    for (size_t factor = 0; factor < reader->factors; factor++) {
        result->cell[1][factor] = (lac_confidence_interval){morris.mu[factor], NAN, NAN};
        result->cell[2][factor] = (lac_confidence_interval){morris.sigma[factor], NAN, NAN};
        if (morris.effects[factor] < result->used)
            result->used = morris.effects[factor];
    }
out:
    lac_free(morris.mu);
    lac_free(morris.sigma);
    lac_free(morris.effects);
    return status;
}

static lac_status analyse_sample(const lac_index_reader *reader, const lac_bootstrap *bootstrap,
                                 lac_sensitivity_result *result)
{
    lac_ranks ranks = {.coefficient = result->cell[0]};
    lac_status status = lac_sensitivity_ranks(reader->factors, reader->rows, reader->unit,
                                              result->outcome.value, bootstrap, &ranks);
    result->used = ranks.used;
    return status;
}

static const lac_sensitivity_method saltelli = {
    .columns = 3,
    .key = 1,
    .title = {"first order", "total", "interaction"},
    .word = {"first", "total", "interaction"},
    .items = "samples",
    .reading = "First order is the share of the variance of the outcome that a factor explains by "
               "itself, total\nthe share in which it has any part; their difference is its "
               "interaction with other factors.\n",
    .analyse = analyse_saltelli};
static const lac_sensitivity_method morris = {
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
static const lac_sensitivity_method sample = {
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

const lac_sensitivity_method *lac_sensitivity_method_of(lac_design_kind design)
{
    return design == LAC_DESIGN_SALTELLI ? &saltelli
           : design == LAC_DESIGN_MORRIS ? &morris
                                         : &sample;
}

/* Mean and standard deviation of all outcomes that are known, as distances from the first of them,
 * so that what never changes has a deviation of 0 exactly. */
static void describe_outcome(size_t rows, lac_sensitivity_result *result)
{
    const double *value = result->outcome.value;
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
    result->mean = origin + shift;
    result->sd = known > 1 ? sqrt(squares / (double)(known - 1)) : (double)NAN;
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

lac_status lac_sensitivity_result_make(const lac_index_reader *reader, size_t endpoint, size_t arm,
                                       const lac_bootstrap *bootstrap,
                                       lac_sensitivity_result *result)
{
    lac_status status = LAC_OK;
    const lac_sensitivity_method *how = lac_sensitivity_method_of(reader->design);
    for (size_t column = 0; column < how->columns; column++)
        LAC_NEW(result->cell[column], reader->factors);
    LAC_NEW(result->order, reader->factors);
    LAC_TRY(lac_index_reader_outcome(reader, endpoint, arm, &result->outcome));
    describe_outcome(reader->rows, result);
    LAC_TRY(how->analyse(reader, bootstrap, result));
    sort_factors(reader->factors, result->cell[how->key], result->order);
out:
    return status;
}

void lac_sensitivity_result_free(lac_sensitivity_result *result)
{
    for (size_t column = 0; column < LAC_COLUMNS_MOST; column++)
        lac_free(result->cell[column]);
    lac_free(result->order);
    lac_outcome_free(&result->outcome);
    *result = (lac_sensitivity_result){0};
}
