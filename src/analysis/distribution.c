/* Spreads: quantile functions, truncated by conditioning: for u in [0, 1] the value is
 * F^-1(F(low) + u (F(high) - F(low))), F the distribution function without truncation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/distribution.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* 0 and 1 of a distribution without end there. */
static const double NEARLY_NONE = 1e-9;

static double fmid(double low, double x, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* F^-1 of the triangular distribution: roots of its two parabolas. */
static double triangular(const lac_factor *factor, double p)
{
    double a = factor->a, b = factor->b, c = factor->c;
    double up = (c - a) / (b - a);
    return p < up ? a + sqrt(p * (b - a) * (c - a)) : b - sqrt((1 - p) * (b - a) * (b - c));
}

static double quantile(const lac_factor *factor, double p)
{
    double a = factor->a, b = factor->b;
    switch (factor->kind) {
    case LAC_DISTRIBUTION_UNIFORM:
        return a + p * (b - a);
    case LAC_DISTRIBUTION_LOGUNIFORM:
        return a * exp(p * log(b / a));
    case LAC_DISTRIBUTION_NORMAL:
        return a + gsl_cdf_gaussian_Pinv(p, b);
    case LAC_DISTRIBUTION_LOGNORMAL:
        return a * exp(gsl_cdf_gaussian_Pinv(p, b));
    case LAC_DISTRIBUTION_TRIANGULAR:
        return triangular(factor, p);
    case LAC_DISTRIBUTION_TABLE:
    case LAC_DISTRIBUTION_LIST:
        break;
    }
    return 0;
}

static bool has_no_end(lac_distribution_kind kind)
{
    return kind == LAC_DISTRIBUTION_NORMAL || kind == LAC_DISTRIBUTION_LOGNORMAL;
}

/* Ends of a bounded distribution are exact. */
static double within(const lac_factor *factor, double value)
{
    if (!has_no_end(factor->kind))
        value = fmid(factor->a, value, factor->b);
    return fmid(factor->low, value, factor->high);
}

double lac_distribution_quantile(const lac_factor *factor, double unit)
{
    if (factor->kind == LAC_DISTRIBUTION_LIST) {
        size_t level = (size_t)(unit * (double)factor->levels);
        return factor->level[level < factor->levels ? level : factor->levels - 1];
    }
    double below = isfinite(factor->low) ? lac_factor_below(factor, factor->low) : 0;
    double upto = isfinite(factor->high) ? lac_factor_below(factor, factor->high) : 1;
    double p = below + unit * (upto - below);
    if (has_no_end(factor->kind) && !isfinite(factor->low))
        p = fmax(p, NEARLY_NONE);
    if (has_no_end(factor->kind) && !isfinite(factor->high))
        p = fmin(p, 1 - NEARLY_NONE);
    return within(factor, quantile(factor, p));
}
