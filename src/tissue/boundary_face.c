/* Boundary faces: a law is evaluated at the boundary face, not at the centre of the voxel behind
 * it; what it reads of the state, which is known at centres only, is extrapolated from the first
 * two voxels.
 *
 * With f(0) = 1.5 f_1 - 0.5 f_2 the coefficient is wrong by O(h^2), with f_1 by O(h), and so is the
 * flux. The limits keep a coefficient positive, and of the size of what stands in the tissue, where
 * the state jumps between the two voxels. tests/physics/test_walls_order.c shows the order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/boundary_face.h"

#include <math.h>

void lac_boundary_face_point(const lac_grid *grid, const lac_boundary_face *face, double share,
                             double point[3])
{
    for (int axis = 0; axis < 3; axis++)
        point[axis] = grid->position[axis][face->voxel];
    double outward = (0.5 - share) * lac_grid_side(grid, face->axis, face->voxel);
    point[face->axis] += face->side ? outward : -outward;
}

double lac_boundary_face_reach(const lac_grid *grid, const lac_boundary_face *face, double share)
{
    if (face->axis != 2 || !grid->width)
        return share;
    double own = lac_grid_side(grid, 2, face->voxel), next = lac_grid_side(grid, 2, face->inward);
    return 0.5 - (0.5 - share) * own / (0.5 * (own + next));
}

double lac_boundary_face_extrapolate(double first, double second, double share)
{
    double value = first + (0.5 - share) * (first - second);
    double least = fmin(first / 2, 2 * first), most = fmax(first / 2, 2 * first);
    return fmin(fmax(value, least), most);
}

double lac_boundary_face_extrapolate_rate(const double value[2], const double rate[2], double share)
{
    double taken = lac_boundary_face_extrapolate(value[0], value[1], share);
    if (taken == value[0] / 2 || taken == 2 * value[0])
        return rate[0] * (taken == 2 * value[0] ? 2 : 0.5);
    return rate[0] + (0.5 - share) * (rate[0] - rate[1]);
}
