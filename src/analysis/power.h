/* Power: of a comparison of two means, and how many patients it takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_POWER_H
#define LAC_ANALYSIS_POWER_H

/* The probability that a two-sided t test of two groups of n finds a difference of `effect`
 * standard deviations at the level `alpha`: that a noncentral t with 2 n - 2 degrees of freedom and
 * the noncentrality effect * sqrt(n / 2) lies outside the critical values. NaN for n < 2. */
double lac_power_t(double effect, double n, double alpha);

/* The least number of each group with which that power is reached; infinity beyond 1e7. */
double lac_sample_size(double effect, double alpha, double power);

#endif
