/* Copula: points of the unit cube made to depend on one another, each coordinate still uniform.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_COPULA_H
#define LAC_ANALYSIS_COPULA_H

#include <stddef.h>

/* The Gaussian copula (Nelsen 2006, 2.10): u -> Phi(L Phi^-1(u)), with the lower triangle
 * `factor`[count][count] of the correlations of normal scores. A point stays inside the cube. */
void lac_copula_apply(size_t count, const double *factor, double *unit);

#endif
