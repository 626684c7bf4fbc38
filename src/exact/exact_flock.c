/* Flocks: filled and checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_flock.h"

#include <string.h>

size_t lac_flock_capacity(double molecules)
{
    return molecules <= 134217728 ? 2 * (size_t)molecules + 4096 : 0;
}

bool lac_flock_fill(lac_flock *flock, size_t voxels, const double *count)
{
    *flock->length = 0;
    if (flock->capacity == 0)
        return false;
    *flock->length = 0;
    memset(flock->listed, 0, voxels * sizeof *flock->listed);
    for (size_t voxel = 0; voxel < voxels; voxel++)
        if (!lac_flock_follow(flock, voxel, count[voxel])) {
            *flock->length = LAC_FLOCK_UNUSED;
            return false;
        }
    return true;
}

bool lac_flock_verify(const lac_flock *flock, size_t voxels, const double *count, uint32_t *scratch)
{
    memset(scratch, 0, voxels * sizeof *scratch);
    for (uint64_t place = 0; place < *flock->length; place++)
        scratch[flock->member[place]]++;
    for (size_t voxel = 0; voxel < voxels; voxel++)
        if (scratch[voxel] != flock->listed[voxel] || flock->listed[voxel] < count[voxel])
            return false;
    return true;
}
