/* Boundary faces: where laws of a boundary are taken, so that boundaries are of second order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_BOUNDARY_FACE_H
#define LAC_TISSUE_BOUNDARY_FACE_H

#include "tissue/grid.h"

/* How far behind the boundary face a coefficient is taken, as a share of the voxel's side:
 * partitions, permeabilities and given values at the boundary face itself, the diffusivity of the
 * half voxel between the boundary face and the voxel's centre in the middle of it. */
#define LAC_AT_THE_FACE 0.0
#define LAC_IN_THE_HALF_VOXEL 0.25

/* The point that lies `share` of the voxel's side behind the middle of a boundary face [um]. */
void lac_boundary_face_point(const lac_grid *grid, const lac_boundary_face *face, double share,
                             double point[3]);

/* The share that stands for the same point where the next voxel inward is of another size: what
 * lies between the two centres is what the extrapolation measures in. */
double lac_boundary_face_reach(const lac_grid *grid, const lac_boundary_face *face, double share);

/* A coefficient at that point, from the values of its law with the state of the voxel behind the
 * boundary face and with that of the next one inward: linear, but between half and twice the first.
 */
double lac_boundary_face_extrapolate(double first, double second, double share);

/* How it changes while the two values change at given rates. */
double lac_boundary_face_extrapolate_rate(const double value[2], const double rate[2],
                                          double share);

#endif
