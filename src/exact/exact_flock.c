/* Flocks: filled and checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_flock.h"

#include <string.h>

size_t lac_flock_capacity(double molecules)
{
    return molecules <= 134217728 ? 2 * (size_t)molecules + 4096 : 0;
}

size_t lac_flock_words(size_t capacity, size_t voxels)
{
    return capacity > 0 ? capacity + (voxels + 1) / 2 : 0;
}

void lac_flock_place_in(lac_flock *flock, uint32_t *words)
{
    flock->member = words;
    flock->excess = (uint16_t *)(void *)(words + flock->capacity);
}

bool lac_flock_fill(lac_flock *flock, size_t voxels, const double *count)
{
    *flock->length = LAC_FLOCK_UNUSED;
    if (flock->capacity == 0)
        return false;
    *flock->length = 0;
    memset(flock->excess, 0, voxels * sizeof *flock->excess);
    for (size_t voxel = 0; voxel < voxels; voxel++)
        if (!lac_flock_add(flock, voxel, count[voxel])) {
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
        if (scratch[voxel] != count[voxel] + flock->excess[voxel])
            return false;
    return true;
}
