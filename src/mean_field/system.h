/* A system of equations y' = F(t, y) as the integrators see it: calls, with the rates of a ledger.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_SYSTEM_H
#define LAC_MEAN_FIELD_SYSTEM_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Every `rate` is of [rates]: quantities q(t, y) that the ledger integrates beside y, such that
 * F = S q for a constant matrix S; it is overwritten, and so is every `out`. A rate may be NULL
 * when it is not wanted. */
typedef struct lac_system {
    void *self; /* borrowed by every call */
    size_t length;
    size_t rates;
    /* F(t, u). LAC_NUMERICS: not defined there. */
    lac_status (*derivative)(void *self, double time, const double *u, double *out, double *rate);
    /* Keeps J, dF/du at (t, u) or something near it, for the calls below. */
    lac_status (*linearise)(void *self, double time, const double *u);
    /* dF/dt at (t, u); NULL = the system is autonomous. */
    lac_status (*time_derivative)(void *self, double time, const double *u, double *out,
                                  double *rate);
    /* out = J v. */
    void (*times)(void *self, const double *v, double *out, double *rate);
    /* Prepares the preconditioner P, an approximation of I - g J, then v := P^-1 v. */
    lac_status (*factor)(void *self, double g);
    void (*solve)(void *self, double *v);
    bool exact; /* P = I - g J but for rounding */
} lac_system;

#endif
