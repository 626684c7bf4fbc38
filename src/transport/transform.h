/* The diffusion solve: the factor D of the preconditioner, exact for coefficients that vary only
 * with depth. Cosine (or sine) transforms in x and y, tridiagonal in z; each exchange with a pool
 * borders the system of the plane mean and is eliminated exactly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_TRANSFORM_H
#define LAC_TRANSPORT_TRANSFORM_H

#include "transport/transport.h"

typedef struct lac_transform lac_transform;

lac_status lac_transform_create(const lac_model *model, const lac_grid *grid,
                                const lac_layout *layout, lac_transform **transform);
void lac_transform_free(lac_transform *transform);

/* D = I - g (L_ref - k_s) with plane means of the coefficients; shift[field] = k_s >= 0. */
void lac_transform_factor(lac_transform *transform, const lac_coefficients *coefficients, double g,
                          const double *shift);

/* v := D^-1 v, for mobile fields and the pools that they exchange with; the rest is untouched. */
void lac_transform_solve(lac_transform *transform, double *v);

#endif
