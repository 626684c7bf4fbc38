/* The cost of a member: estimates that are right to a factor of a few, or what members took that
 * have ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_COST_H
#define LAC_CLI_COST_H

#include "cli/sweep_setup.h"

typedef struct lac_cost {
    double seconds;  /* on one processor; NaN = unknown */
    double disk;     /* [bytes] without compression */
    size_t measured; /* members whose mean `seconds` is; 0 = an estimate */
} lac_cost;

lac_status lac_cost_of(const lac_sweep_setup *setup, lac_cost *cost);

#endif
