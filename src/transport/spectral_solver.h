/* The spectral diffusion solver: the factor D of the preconditioner, exact for coefficients that
 * vary only with depth. Cosine (or sine) transforms in x and y, tridiagonal in z; each exchange
 * with a pool borders the system of the plane mean and is eliminated exactly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_SPECTRAL_SOLVER_H
#define LAC_TRANSPORT_SPECTRAL_SOLVER_H

#include "transport/transport.h"

typedef struct lac_spectral_solver lac_spectral_solver;

lac_status lac_spectral_solver_create(const lac_model *model, const lac_grid *grid,
                                      const lac_layout *layout, lac_spectral_solver **solver);
void lac_spectral_solver_free(lac_spectral_solver *solver);

/* D = I - g (L_ref - k_s) with plane means of the coefficients; shift[field] = k_s >= 0. */
void lac_spectral_solver_factor(lac_spectral_solver *solver, const lac_coefficients *coefficients,
                                double g, const double *shift);

/* v := D^-1 v, for mobile fields and the pools that they exchange with; the rest is untouched. */
void lac_spectral_solver_solve(lac_spectral_solver *solver, double *v);

#endif
