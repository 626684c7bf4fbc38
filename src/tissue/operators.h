/* Operators in space: diffusion with no-flux outer faces on lines of any axis, and walls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_OPERATORS_H
#define LAC_TISSUE_OPERATORS_H

#include "tissue/grid.h"

/* out += div(D grad u), D constant. Active mask honoured when grid->active. */
void lac_diffuse_constant(const lac_grid *grid, double diffusivity, const double *u, double *out);

/* out += div(D grad u) with D per voxel (0 in inactive voxels); the D of a face is the harmonic
 * mean of its two voxels. */
void lac_diffuse_variable(const lac_grid *grid, const double *diffusivity, const double *u,
                          double *out);

/* Conductance of a wall [um/s]: 1 / (h / (2 D) + 1 / permeability), permeability <= 0 = none. */
double lac_wall_conductance(double diffusivity, double h, double permeability);

#endif
