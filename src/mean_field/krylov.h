/* GMRES: solves (I - g J) x = b to a tolerance of the error weight, with the rates of J x.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_KRYLOV_H
#define LAC_MEAN_FIELD_KRYLOV_H

#include "mean_field/system.h"

#include <stdbool.h>

typedef struct lac_krylov lac_krylov;

/* `most` iterations a solve; `system` is borrowed. */
lac_status lac_krylov_create(const lac_system *system, size_t most, lac_krylov **krylov);
void lac_krylov_free(lac_krylov *krylov);

/* One kind of problem: the norm is sqrt(sum weight[i] v[i]^2), and the preconditioned residual
 * P^-1 (b - (I - g J) x) ends at most `tolerance` in it. system->factor(g) has been called. */
typedef struct lac_krylov_problem {
    double g;
    const double *weight; /* [length], borrowed */
    double tolerance;
} lac_krylov_problem;

/* x holds b and becomes the solution; rate[system->rates] becomes the rates of J x. `converged` is
 * false when `most` iterations did not suffice or a value was not finite; x is then void.
 * LAC_MEMORY when the basis cannot grow. */
lac_status lac_krylov_solve(lac_krylov *krylov, const lac_krylov_problem *problem, double *x,
                            double *rate, bool *converged);

/* Iterations of all solves so far. */
size_t lac_krylov_iterations(const lac_krylov *krylov);

#endif
