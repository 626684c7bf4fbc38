/* Operators in space: diffusion with no-flux outer faces on lines of any axis, and boundary faces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_OPERATORS_H
#define LAC_TISSUE_OPERATORS_H

#include "tissue/grid.h"

/* How the diffusivity of one field varies in space. */
typedef enum lac_variation { LAC_UNIFORM, LAC_BY_DEPTH, LAC_BY_VOXEL } lac_variation;

typedef struct lac_medium {
    lac_variation variation;
    const double *diffusivity; /* [um^2/s] [1], [n[2]] or [voxels]; by voxel: 0 in inactive ones */
} lac_medium;

/* out += div(D grad u) without flux over outer faces; the D of a face is the harmonic mean of its
 * two voxels. By rows, the unit of work of a thread: rows are the runs of voxels that are
 * neighbours in memory and on the grid. Rows first .. first + count - 1; the bits do not depend on
 * the split. */
size_t lac_diffuse_rows_of(const lac_grid *grid);
void lac_diffuse_rows(const lac_grid *grid, const lac_medium *medium, const double *u, double *out,
                      size_t first, size_t count);

/* The diffusivity of the face between two voxels; 0 when either is. */
double lac_harmonic_mean(double a, double b);

/* What conducts between the layers `above` and `above + 1` with these diffusivities, to be
 * multiplied by 1 / h[2]^2: the harmonic mean, weighted by the thickness of layers. */
double lac_depth_mean(const lac_grid *grid, double d_above, double d_below, size_t above);

/* Conductance of a boundary face [um/s]: 1 / (h / (2 D) + 1 / permeability), permeability <= 0 =
 * none. */
double lac_boundary_face_conductance(double diffusivity, double h, double permeability);

#endif
