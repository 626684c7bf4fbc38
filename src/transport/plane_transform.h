/* Plane transforms: the planes of equal depth, taken to the eigenvectors of lateral diffusion and
 * back, in place. Axes of length 1 need no transform, so a section costs what a section should.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_PLANE_TRANSFORM_H
#define LAC_TRANSPORT_PLANE_TRANSFORM_H

#include "tissue/grid.h"
#include "transport/dct.h"

typedef struct lac_plane_transform {
    lac_axis_ends ends[2]; /* of x and y */
    size_t axes;           /* that are transformed: 0, 1 or 2 */
    lac_dct *along[2];     /* owned: the fast axis, then the slow one; NULL = none */
    size_t plane;          /* coefficients of a plane = voxels of a plane */
    size_t layers;
    size_t batch;       /* planes that are transformed together */
    double *eigenvalue; /* owned [plane], of coefficient q [1/um^2] */
    size_t lowest;      /* coefficient with the least eigenvalue */
    double forward_scale,
        backward_scale; /* its value for data 1; the sum of the data that its unit makes */
} lac_plane_transform;

lac_status lac_plane_transform_create(const lac_grid *grid, const lac_axis_ends ends[2],
                                      lac_plane_transform **transform);
void lac_plane_transform_free(lac_plane_transform *transform);

size_t lac_plane_transform_batches(const lac_plane_transform *transform);
size_t
lac_plane_transform_scratch(const lac_plane_transform *transform); /* doubles, for one thread */

/* Batch `batch` of all planes of `v`; scratch aligned to 64 bytes. */
void lac_plane_transform_forward(const lac_plane_transform *transform, size_t batch, double *v,
                                 double *scratch);
void lac_plane_transform_backward(const lac_plane_transform *transform, size_t batch, double *v,
                                  double *scratch);

#endif
