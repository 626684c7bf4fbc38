/* Random fields on a grid: standard normal or uniform values with a covariance between voxels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_RANDOM_FIELD_H
#define LAC_TISSUE_RANDOM_FIELD_H

#include "base/random.h"
#include "tissue/grid.h"

/* The values in the centres of all voxels: out[voxels]. The key is that of LAC_FOR_FIELDS; the
 * field's name is the address, so that other fields change nothing. Same bits for any number of
 * threads. LAC_LIMIT for an axis of more than LAC_FIELD_AXIS voxels with a correlation. */
enum { LAC_FIELD_AXIS = 4096 };
lac_status lac_random_field_draw(const lac_grid *grid, const lac_random_field *field,
                                 lac_random_key key, double *out);

/* Whole numbers for a field of densities: value[voxel] becomes count / volume, the key being that
 * of LAC_FOR_COUNTS and the address that of the variable. Poisson: each voxel by itself.
 * Multinomial: the whole number next to the total, spread over the voxels by conditional binomials.
 * LAC_LIMIT beyond 2^31 in one place, LAC_NUMERICS for a negative density. */
lac_status lac_random_counts(const lac_grid *grid, lac_counting counting, lac_random_key key,
                             uint64_t address, double *value);

/* The same for one place that holds *value. */
lac_status lac_random_count(lac_random_key key, uint64_t address, double *value);

#endif
