/* A flock: the molecules of one kind as a list of the voxels they are in, so that one is drawn in
 * constant time without rejection, and a hop rewrites one entry.
 *
 * Molecules of a voxel are alike, so nobody looks for the one that reacted: a voxel may be listed
 * more often than it has molecules, and an entry that is drawn there stands for a molecule with
 * probability count / listed; else it is one too many and taken off. Rates are the bounds that the
 * list gives; events keep their law (thinning).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_FLOCK_H
#define LAC_EXACT_EXACT_FLOCK_H

#include "base/random.h"

#include <stdbool.h>

typedef struct lac_flock {
    size_t capacity;  /* entries; 0 = none */
    uint64_t *length; /* borrowed; LAC_FLOCK_UNUSED: the urn serves instead */
    uint32_t *member; /* borrowed [capacity]: voxels */
    uint32_t *listed; /* borrowed [voxels] */
} lac_flock;

#define LAC_FLOCK_UNUSED UINT64_MAX

/* Entries to keep for so many molecules: about twice as many; 0 beyond 2^27 (half a GiB). */
size_t lac_flock_capacity(double molecules);

/* Lists whole counts; false and unused when they do not fit. */
bool lac_flock_fill(lac_flock *flock, size_t voxels, const double *count);

static inline bool lac_flock_used(const lac_flock *flock)
{
    return flock->capacity > 0 && *flock->length != LAC_FLOCK_UNUSED;
}

/* A voxel has `count` now; false when the list is full. */
static inline bool lac_flock_follow(lac_flock *flock, size_t voxel, double count)
{
    while (flock->listed[voxel] < count) {
        if (*flock->length == flock->capacity)
            return false;
        flock->member[(*flock->length)++] = (uint32_t)voxel;
        flock->listed[voxel]++;
    }
    return true;
}

/* The place of an entry, for a unit in [0, 1). */
static inline size_t lac_flock_place(const lac_flock *flock, double unit)
{
    return (size_t)(unit * (double)*flock->length);
}

/* Does the entry stand for a molecule? If not, it is taken off. */
static inline bool lac_flock_stands(lac_flock *flock, size_t place, double count,
                                    lac_stream *stream)
{
    const uint32_t voxel = flock->member[place];
    const double listed = flock->listed[voxel];
    if (listed == count || lac_stream_unit(stream) * listed < count)
        return true;
    flock->listed[voxel]--;
    flock->member[place] = flock->member[--*flock->length];
    return false;
}

static inline void lac_flock_hop(lac_flock *flock, size_t place, size_t to)
{
    flock->listed[flock->member[place]]--;
    flock->listed[to]++;
    flock->member[place] = (uint32_t)to;
}

bool lac_flock_verify(const lac_flock *flock, size_t voxels, const double *count,
                      uint32_t *scratch);

#endif
