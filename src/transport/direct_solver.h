/* The direct diffusion solve: the factor D of the preconditioner, exact for any diffusivity, holes
 * and boundary faces, by factors within a band; with the pools, their exchange and their own
 * reactions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_DIRECT_SOLVER_H
#define LAC_TRANSPORT_DIRECT_SOLVER_H

#include "transport/transport.h"

#include <stdbool.h>

typedef struct lac_direct_solver lac_direct_solver;

/* Is the spectral solver (spectral_solver.h) inexact for the holes and boundary faces of this
 * tissue, and a band narrow enough to pay? */
bool lac_direct_solver_pays(const lac_model *model);
/* Bytes that it takes at most; 0 where it does not pay. */
size_t lac_direct_solver_memory(const lac_model *model);

lac_status lac_direct_solver_create(const lac_model *model, const lac_grid *grid,
                                    const lac_layout *layout, lac_direct_solver **direct);
void lac_direct_solver_free(lac_direct_solver *direct);

/* What a factor is made of: g and k_s >= 0 of every field as in spectral_solver.h, and I - g J of
 * the pools by rows, without exchange. */
typedef struct lac_direct_solver_terms {
    double g;
    const double *shift;
    const double *pools; /* [pools][pools] */
} lac_direct_solver_terms;

/* LAC_NUMERICS where pools and exchange together are singular. */
lac_status lac_direct_solver_factor(lac_direct_solver *direct, const lac_coefficients *coefficients,
                                    const lac_direct_solver_terms *terms);

/* v := D^-1 v for mobile fields, in inactive voxels untouched. Pools are left with what the
 * exchange has made of their part of v: their own reactions are still to be solved for. */
void lac_direct_solver_solve(lac_direct_solver *direct, double *v);

#endif
