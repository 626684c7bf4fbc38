/* Means and covariances of a net whose reactions are all of order 0 or 1, for which the first two
 * moments close exactly: m' = A m + b, C' = A C + C A^T + sum over reactions of S S^T rate(m)
 * (van Kampen, Stochastic Processes in Physics and Chemistry, VIII.6). Solved by the eighth-order
 * Runge-Kutta method of GSL at 1e-11.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_MOMENTS_H
#define LAC_STATISTICS_MOMENTS_H

#include "statistics/net.h"

typedef struct moments {
    int species;
    bool with_covariance;
    double *value; /* owned: means [species], then, if asked for, covariances [species * species] */
} moments;

/* The net's start: known counts, without variance. */
moments *moments_create(const net *n, bool with_covariance);
void moments_free(moments *m);
void moments_advance(moments *m, const net *n, double span);
double moments_mean(const moments *m, int species);
double moments_covariance(const moments *m, int i, int j);
/* Every species is now where the net starts, without variance. */
void moments_restart(moments *m, const double *count);

#endif
