/* Partial rank correlation: of the correlation matrix C of the ranks of all factors and the
 * outcome, with P = C^-1, the coefficient of factor i is -P_iy / sqrt(P_ii P_yy) (Kendall &
 * Stuart). Equal values share the mean of their ranks. A bootstrap draws rows with the ranks that
 * they have in the whole sample.
 *
 * tests/test_sensitivity.c checks it against the closed form for two factors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/sensitivity.h"

#include "analysis/bootstrap.h"
#include "base/memory.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

/* Of a variance of 1, what rounding may leave. */
static const double NOTHING = 1e-12;

typedef struct ranked {
    size_t factors, used;
    double *rank;   /* owned [factors + 1][used], minus its mean; the last is the outcome's */
    double *matrix; /* owned [2][factors + 1][factors + 1]: correlations, and scratch */
} ranked;

/* Ranks of value[count] minus their mean (count + 1) / 2. */
static void rank_values(const double *value, size_t count, size_t *order, double *rank)
{
    gsl_sort_index(order, value, 1, count);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && value[order[next]] == value[order[first]];)
            next++;
        for (size_t equal = first; equal < next; equal++)
            rank[order[equal]] = ((double)first + (double)next - (double)count) / 2;
    }
}

/* Sums of products over the chosen rows, made a correlation matrix; its mean is taken out, since
 * the ranks of a resample need not be balanced. */
static void correlate(const ranked *data, const size_t *chosen)
{
    size_t size = data->factors + 1, used = data->used;
    double *matrix = data->matrix;
    for (size_t row = 0; row < size; row++)
        for (size_t column = 0; column <= row; column++) {
            const double *a = data->rank + row * used, *b = data->rank + column * used;
            double sum_a = 0, sum_b = 0, products = 0;
            for (size_t item = 0; item < used; item++) {
                sum_a += a[chosen[item]];
                sum_b += b[chosen[item]];
                products += a[chosen[item]] * b[chosen[item]];
            }
            matrix[row * size + column] = products - sum_a * sum_b / (double)used;
        }
    for (size_t row = 0; row < size; row++)
        for (size_t column = 0; column < row; column++) {
            double scale = sqrt(matrix[row * size + row] * matrix[column * size + column]);
            matrix[row * size + column] = scale > 0 ? matrix[row * size + column] / scale : 0;
            matrix[column * size + row] = matrix[row * size + column];
        }
    for (size_t row = 0; row < size; row++)
        matrix[row * size + row] = matrix[row * size + row] > 0; /* 0: it never changes */
}

/* Takes the linear share of variable `pivot` out of all others: the Schur complement of a positive
 * definite matrix. A variable of which nothing is left explains nothing more. */
static void take_out(size_t size, size_t pivot, double *matrix)
{
    double left = matrix[pivot * size + pivot];
    if (left < NOTHING)
        return;
    for (size_t row = 0; row < size; row++) {
        if (row == pivot)
            continue;
        double share = matrix[row * size + pivot] / left;
        for (size_t column = 0; column < size; column++)
            matrix[row * size + column] -= share * matrix[pivot * size + column];
    }
}

/* What is left of factor and outcome without all other factors, correlated. NaN when the factor is
 * a combination of others or nothing changes, 0 when the others explain all of the outcome. */
static double partial_correlation(const ranked *data, size_t factor)
{
    size_t size = data->factors + 1, last = data->factors;
    double *left = data->matrix + size * size;
    memcpy(left, data->matrix, size * size * sizeof *left);
    for (size_t other = 0; other < data->factors; other++)
        if (other != factor)
            take_out(size, other, left);
    double of_factor = left[factor * size + factor], of_outcome = left[last * size + last];
    if (of_factor < NOTHING || data->matrix[last * size + last] == 0)
        return NAN;
    if (of_outcome < NOTHING)
        return 0;
    double correlation = left[factor * size + last] / sqrt(of_factor * of_outcome);
    return fmax(-1, fmin(1, correlation));
}

static void partial_correlations(const void *context, const size_t *chosen, double *values)
{
    const ranked *data = context;
    correlate(data, chosen);
    for (size_t factor = 0; factor < data->factors; factor++)
        values[factor] = partial_correlation(data, factor);
}

/* Ranks of the rows that are known. */
static lac_status rank_rows(size_t rows, const double *unit, const double *outcome, ranked *data)
{
    lac_status status = LAC_OK;
    double *column = NULL;
    size_t *order = NULL, size = data->factors + 1;
    LAC_NEW(column, rows);
    LAC_NEW(order, rows);
    LAC_NEW(data->rank, size * rows);
    LAC_NEW(data->matrix, 2 * size * size);
    for (size_t row = 0; row < rows; row++)
        data->used += isnan(outcome[row]) ? 0 : 1;
    for (size_t variable = 0; variable < size; variable++) {
        size_t at = 0;
        for (size_t row = 0; row < rows; row++)
            if (!isnan(outcome[row]))
                column[at++] =
                    variable < data->factors ? unit[row * data->factors + variable] : outcome[row];
        rank_values(column, data->used, order, data->rank + variable * data->used);
    }
out:
    lac_free(column);
    lac_free(order);
    return status;
}

lac_status lac_sensitivity_ranks(size_t factors, size_t rows, const double *unit,
                                 const double *outcome, const lac_bootstrap *bootstrap,
                                 lac_ranks *ranks)
{
    lac_status status = LAC_OK;
    ranked data = {.factors = factors};
    LAC_TRY(rank_rows(rows, unit, outcome, &data));
    ranks->used = data.used;
    for (size_t factor = 0; factor < factors; factor++)
        ranks->coefficient[factor] = (lac_confidence_interval){NAN, NAN, NAN};
    if (data.used >= factors + 3) {
        lac_resampled all = {partial_correlations, &data, data.used, factors};
        LAC_TRY(lac_bootstrap_estimate(&all, bootstrap, ranks->coefficient));
    }
out:
    lac_free(data.rank);
    lac_free(data.matrix);
    return status;
}
