/* Power of a t test.
 *
 * A noncentral t is (Z + delta) / s, s^2 = chi^2 / nu, so that P(t < c) is the mean over s of
 * Phi(c s - delta) (Johnson, Kotz & Balakrishnan 1995, chapter 31). The mean is taken by the
 * midpoint rule over equal shares of s, whose quantiles are those of chi^2; error below 1e-5.
 * Known: effect 0.5, 64 a group, alpha 0.05: 0.8015 (Cohen 1988).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/power.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double MANY = 1e7; /* patients of a group; beyond them: infinity */

/* The quantile of s; of many degrees of freedom by Wilson & Hilferty (1931), within 1e-5 there. */
static double root_mean_square(double share, double nu)
{
    static const double MANY_DEGREES = 200;
    if (nu < MANY_DEGREES)
        return sqrt(gsl_cdf_chisq_Pinv(share, nu) / nu);
    double part = 2 / (9 * nu), root = 1 - part + sqrt(part) * gsl_cdf_ugaussian_Pinv(share);
    return sqrt(root * root * root);
}

/* Below and above the critical values, for one value of s. */
static double outside(double critical, double s, double delta)
{
    return gsl_cdf_ugaussian_Q(critical * s - delta) + gsl_cdf_ugaussian_P(-critical * s - delta);
}

double lac_power_t(double effect, double n, double alpha)
{
    enum { SHARES = 400 };
    double nu = 2 * n - 2, delta = fabs(effect) * sqrt(n / 2), sum = 0;
    if (!(n >= 2) || !(alpha > 0 && alpha < 1) || isnan(effect))
        return (double)NAN;
    double critical = gsl_cdf_tdist_Qinv(alpha / 2, nu);
    for (int share = 0; share < SHARES; share++)
        sum += outside(critical, root_mean_square((share + 0.5) / SHARES, nu), delta);
    return sum / SHARES;
}

double lac_sample_size(double effect, double alpha, double power)
{
    double low = 1, high = 2;
    if (!(fabs(effect) > 0))
        return (double)INFINITY;
    while (lac_power_t(effect, high, alpha) < power && high < MANY)
        high *= 2;
    if (high >= MANY)
        return (double)INFINITY;
    low = high / 2;
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (lac_power_t(effect, middle, alpha) < power)
            low = middle;
        else
            high = middle;
    }
    return high;
}
