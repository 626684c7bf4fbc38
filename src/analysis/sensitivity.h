/* Sensitivity: which factors a number of the runs depends on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_SENSITIVITY_H
#define LAC_ANALYSIS_SENSITIVITY_H

#include "analysis/bootstrap.h"

/* Elementary effects (Morris 1991; Campolongo, Cariboni & Saltelli 2007): of `trajectories`
 * trajectories of `factors` + 1 points each. unit[rows][factors] as lac_design_fill gave it,
 * outcome[rows] with NaN for runs that are missing (their steps are left out, and counted).
 * Results per factor: mean of |effect|, mean, standard deviation. */
typedef struct lac_morris {
    lac_confidence_interval *mu_star; /* [factors], the caller's, as the next */
    double *mu, *sigma;
    size_t *effects; /* that were known */
} lac_morris;
lac_status lac_sensitivity_morris(size_t factors, size_t trajectories, const double *unit,
                                  const double *outcome, const lac_bootstrap *bootstrap,
                                  lac_morris *morris);

/* First-order and total indices of a Saltelli design (Saltelli et al. 2010, Table 2: (b) for first
 * order, (f) = Jansen 1999 for total). outcome[(factors + 2) * samples]; a sample with a missing
 * run is left out as a whole. */
typedef struct lac_sobol {
    lac_confidence_interval *first, *total; /* [factors], the caller's */
    double mean, variance;
    size_t used; /* samples */
} lac_sobol;
lac_status lac_sensitivity_sobol(size_t factors, size_t samples, const double *outcome,
                                 const lac_bootstrap *bootstrap, lac_sobol *sobol);

/* Partial rank correlation coefficients (Iman & Helton 1985; Marino et al., J. Theor. Biol. 254,
 * 178, 2008) of any sample of points, between -1 and 1: how well the outcome rises or falls with a
 * factor when the linear share of all others is taken from both, in ranks. Meant for outcomes that
 * are monotonic in each factor. unit[rows][factors]; a row with a missing run (NaN) is left out;
 * NaN unless factors + 3 rows are left and the ranks of the factors are independent of one another.
 */
typedef struct lac_ranks {
    lac_confidence_interval *coefficient; /* [factors], the caller's */
    size_t used;                          /* rows */
} lac_ranks;
lac_status lac_sensitivity_ranks(size_t factors, size_t rows, const double *unit,
                                 const double *outcome, const lac_bootstrap *bootstrap,
                                 lac_ranks *ranks);

#endif
