/* Spreads: the value of a factor at a quantile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_DISTRIBUTION_H
#define LAC_ANALYSIS_DISTRIBUTION_H

#include "plan/plan.h"

/* The quantile function of a sampled factor, truncated to [low, high] by conditioning; `unit` in
 * [0, 1]. Ends of unbounded distributions are kept finite by reading 0 and 1 as 1e-9 and 1 - 1e-9.
 * A list gives the level of the equal share in which `unit` lies. */
double lac_distribution_quantile(const lac_factor *factor, double unit);

#endif
