/* Spread: how much the values in the voxels of a region differ, and how far they are alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_SPREAD_H
#define LAC_OBSERVE_SPREAD_H

#include "language/expression.h"
#include "tissue/grid.h"

typedef struct lac_spread lac_spread;

/* Room to work in; the grid is borrowed. */
lac_status lac_spread_create(const lac_grid *grid, lac_spread **spread);
void lac_spread_free(lac_spread *spread);

/* Does a reduction need the values of all voxels at once? */
bool lac_op_needs_all(lac_op op);

/* Is a voxel active and in the region (LAC_NONE = whole tissue)? */
bool lac_takes_part(const lac_grid *grid, size_t region, size_t voxel);

/* Of value[voxel] over the region, by volume; NaN when one of them is NaN.
 *   sd           sqrt(mean((value - mean)^2))
 *   quantile     the values in order stand at the middles of their shares of the volume, straight
 *                lines between, the least and the greatest beyond (Hazen; numpy: method="hazen")
 *   correlation  sum w d d' / sum w over pairs of voxels, over sd^2; d = value - mean, w = product
 *                of volumes. Pairs: what lies `lag[0]` apart along x, y or depth (lag[1] NaN), or
 *                `lag` apart; NaN without pairs, and where all values are the same */
double lac_spread_sd(lac_spread *spread, size_t region, const double *value);
double lac_spread_quantile(lac_spread *spread, size_t region, const double *value, double share);
double lac_spread_correlation(lac_spread *spread, size_t region, const double *value,
                              const double lag[3]);

#endif
