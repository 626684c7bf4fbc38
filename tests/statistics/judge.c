/* Judging: from samples and expectations to p-values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(double value, double other, const char *meaning, const char *format, va_list rest)
{
    printf("  ");
    vprintf(format, rest);
    printf(" %.4g, %s %.3g\n", value, meaning, other);
}

void judge_p(check_run *run, double value, double p, const char *format, ...)
{
    run->verdicts++;
    if (!(p == p))
        p = 0;
    if (run->all) {
        va_list rest;
        va_start(rest, format);
        tell(value, p, "p", format, rest);
        va_end(rest);
    }
    if (run->broken || (run->verdicts > 1 && p >= run->smallest_p))
        return;
    run->smallest_p = p;
    run->value = value;
    va_list rest;
    va_start(rest, format);
    vsnprintf(run->statistic, sizeof run->statistic, format, rest);
    va_end(rest);
}

void judge_limit(check_run *run, double value, double limit, const char *format, ...)
{
    bool breaks = !(value <= limit);
    run->limited = true;
    if (run->all) {
        va_list rest;
        va_start(rest, format);
        tell(value, limit, "limit", format, rest);
        va_end(rest);
    }
    if ((run->broken || run->verdicts > 0) && !breaks)
        return;
    if (!run->broken || value > run->value) {
        run->value = value;
        va_list rest;
        va_start(rest, format);
        vsnprintf(run->statistic, sizeof run->statistic, format, rest);
        va_end(rest);
    }
    run->broken = run->broken || breaks;
}

void judge_z(check_run *run, double z, const char *what)
{
    judge_p(run, z, 2 * gsl_cdf_ugaussian_Q(fabs(z)), "z:%s", what);
}

void judge_counts(check_run *run, const double *observed, const double *expected, size_t bins,
                  const char *what)
{
    double sum = 0, o = 0, e = 0, left = 0;
    int freedom = -1;
    for (size_t bin = 0; bin < bins; bin++)
        left += expected[bin];
    for (size_t bin = 0; bin < bins; bin++) {
        o += observed[bin];
        e += expected[bin];
        left -= expected[bin];
        if (bin + 1 < bins && (e < 5 || left < 5))
            continue;
        sum += e > 0 ? (o - e) * (o - e) / e : o > 0 ? INFINITY : 0;
        freedom++;
        o = e = 0;
    }
    if (freedom > 0)
        judge_p(run, sum, gsl_cdf_chisq_Q(sum, freedom), "chi2(%d):%s", freedom, what);
}

void judge_law(check_run *run, const sample *s, size_t frame, size_t column, const double *p,
               size_t most, const char *what)
{
    double *observed = calloc(most + 2, sizeof *observed);
    double *expected = calloc(most + 2, sizeof *expected), sum = 0;
    if (!observed || !expected)
        abort();
    for (size_t r = 0; r < s->replicates; r++) {
        double count = round(sample_at(s, r, frame, column));
        observed[count >= 0 && count <= (double)most ? (size_t)count : most + 1] += 1;
    }
    for (size_t i = 0; i <= most; i++)
        sum += p[i];
    for (size_t i = 0; i <= most; i++)
        expected[i] = p[i] * (double)s->replicates;
    expected[most + 1] = fmax(0, 1 - sum) * (double)s->replicates;
    judge_counts(run, observed, expected, most + 2, what);
    free(observed);
    free(expected);
}

void judge_mean(check_run *run, const double *value, size_t n, double mean, double variance,
                const char *what)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += value[i] - mean;
    judge_z(run, sum / sqrt((double)n * variance), what);
}

void judge_moments(check_run *run, const sample *s, size_t frame, size_t column, double mean,
                   double variance, const char *what)
{
    double n = (double)s->replicates, first = 0, second = 0, fourth = 0;
    char name[64];
    for (size_t r = 0; r < s->replicates; r++) {
        double d = sample_at(s, r, frame, column) - mean;
        first += d / n;
        second += d * d / n;
        fourth += d * d * d * d / n;
    }
    snprintf(name, sizeof name, "mean:%s", what);
    judge_z(run, first / sqrt(variance / n), name);
    snprintf(name, sizeof name, "variance:%s", what);
    judge_z(run, (second - variance) / sqrt((fourth - second * second) / n), name);
}

void judge_covariance(check_run *run, const sample *s, size_t frame, const size_t column[2],
                      double expected, const char *what)
{
    double n = (double)s->replicates, mean[2] = {0, 0}, product = 0, square = 0;
    for (size_t r = 0; r < s->replicates; r++)
        for (int k = 0; k < 2; k++)
            mean[k] += sample_at(s, r, frame, column[k]) / n;
    for (size_t r = 0; r < s->replicates; r++) {
        double d = (sample_at(s, r, frame, column[0]) - mean[0]) *
                   (sample_at(s, r, frame, column[1]) - mean[1]);
        product += d / (n - 1);
        square += d * d / n;
    }
    judge_z(run, (product - expected) / sqrt((square - product * product) / n), what);
}

/* --- two samples */

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

/* Of the mean, squared. */
static double square_error(const double *x, size_t n)
{
    double mean = mean_of(x, n), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum / ((double)n - 1) / (double)n;
}

static void judge_relative(check_run *run, double bias, double error, const char *what)
{
    static const double MOST = 0.01, ERROR_MOST = 0.0033;
    char name[64];
    snprintf(name, sizeof name, "s.e. of %s", what);
    if (!run->quick)
        judge_limit(run, error, ERROR_MOST, "%s", name);
    judge_limit(run, fabs(bias), run->quick ? fmax(MOST, 4.5 * error) : MOST, "bias of %s", what);
}

void judge_bias(check_run *run, const double *found, size_t n, const double *expected, size_t m,
                const char *what)
{
    double mean = mean_of(expected, m);
    judge_relative(run, mean_of(found, n) / mean - 1,
                   sqrt(square_error(found, n) + square_error(expected, m)) / mean, what);
}

void judge_bias_of(check_run *run, const double *found, size_t n, double expected, const char *what)
{
    judge_relative(run, mean_of(found, n) / expected - 1, sqrt(square_error(found, n)) / expected,
                   what);
}

/* Products of deviations; their mean is (n - 1) / n of the covariance. */
static double *products(const double *const x[2], size_t n)
{
    double *out = malloc(n * sizeof *out), mean[2] = {mean_of(x[0], n), mean_of(x[1], n)};
    if (!out)
        abort();
    for (size_t i = 0; i < n; i++)
        out[i] = (x[0][i] - mean[0]) * (x[1][i] - mean[1]) * (double)n / ((double)n - 1);
    return out;
}

void judge_covariances(check_run *run, const double *const found[2], size_t n,
                       const double *const expected[2], size_t m, const char *what)
{
    double *a = products(found, n), *b = products(expected, m);
    judge_z(run, (mean_of(a, n) - mean_of(b, m)) / sqrt(square_error(a, n) + square_error(b, m)),
            what);
    free(a);
    free(b);
}

void judge_paired_covariance(check_run *run, const double *with, const double *const value[2],
                             size_t n, const char *what)
{
    double *a = products((const double *[]){with, value[0]}, n);
    double *b = products((const double *[]){with, value[1]}, n), expected = mean_of(b, n);
    for (size_t i = 0; i < n; i++)
        a[i] -= b[i];
    judge_relative(run, mean_of(a, n) / expected, sqrt(square_error(a, n)) / fabs(expected), what);
    free(a);
    free(b);
}

/* In units of the resolution, which is the limit. */
void judge_stated(check_run *run, const stated_bias *it, const char *accuracy)
{
    static const double TOLERANCE = 0.01, LEAST = 1.0 / 6; /* of the content, of `accuracy` */
    const double resolution = TOLERANCE * it->content + LEAST * atof(accuracy);
    const double found = fabs(it->found), stated = fabs(it->stated), slack = 4 * it->error;
    const double opposite = it->found * it->stated < 0 ? fmin(found - slack, stated) : 0;
    judge_limit(run, it->error / fmax(found / 4, resolution), 1, "s.e. of the bias, accuracy %s",
                accuracy);
    judge_limit(run, (found - slack - 3 * stated) / resolution, 1,
                "found beyond 3 x stated, accuracy %s", accuracy);
    judge_limit(run, (stated - 3 * (found + slack)) / resolution, 1,
                "stated beyond 3 x found, accuracy %s", accuracy);
    judge_limit(run, opposite / resolution, 1, "opposite sign, accuracy %s", accuracy);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Q(l) = 2 sum (-1)^(k-1) exp(-2 k^2 l^2), l = D (sqrt n + 0.12 + 0.11 / sqrt n) (Stephens 1970).
 */
static double kolmogorov(double distance, double n)
{
    double l = distance * (sqrt(n) + 0.12 + 0.11 / sqrt(n)), sum = 0;
    for (int k = 1; k <= 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * l * l);
    return l < 0.2 ? 1 : fmin(1, fmax(0, sum));
}

void judge_uniform(check_run *run, double *u, size_t n, const char *what)
{
    double distance = 0;
    qsort(u, n, sizeof *u, ascending);
    for (size_t i = 0; i < n; i++) {
        double below = u[i] - (double)i / (double)n, above = (double)(i + 1) / (double)n - u[i];
        distance = fmax(distance, fmax(below, above));
    }
    judge_p(run, distance, kolmogorov(distance, (double)n), "D:%s", what);
}
