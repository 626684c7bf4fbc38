/* The balance of a variable: what there is, and what the run has summed about it, each from its own
 * sums and none as a remainder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_BALANCE_H
#define LAC_OBSERVE_BALANCE_H

#include "observe/observer.h"

/* All for the whole joint [molecules, cells, or um^3 * value for states]. */
typedef struct lac_balance {
    double content;  /* now */
    double initial;  /* at the start */
    double made;     /* by processes that raise it: stoichiometry * extent */
    double lost;     /* by processes that lower it */
    double moved_in; /* over boundaries, net of each boundary */
    double moved_out;
    double added; /* by events */
} lac_balance;

/* balance[variable] of every variable. */
void lac_balances_of(const lac_view *view, const lac_state *state, lac_balance *balance);

/* content - initial - (made - lost + moved_in - moved_out + added): 0 but for errors. */
double lac_balance_closure(const lac_balance *balance);

/* |closure| / throughput. Throughput is the sum of the sizes of all other terms, and at least what
 * the variable's domain holds at the absolute tolerance: less than that counts as nothing. */
double lac_balance_relative(const lac_view *view, const lac_balance *balance, size_t variable);

/* What the joint holds of a variable per unit of its density: volume [um^3]; 1 for totals. */
double lac_balance_volume(const lac_view *view, size_t variable);

#endif
