/* A flock: the molecules of one kind as a list of the voxels they are in, so that one is drawn in
 * constant time without rejection, and a hop rewrites one entry.
 *
 * Molecules of a voxel are alike, so nobody looks for the one that was taken as a partner: its
 * entry stays as one too many, and an entry that is drawn stands for a molecule with probability
 * count / (count + too many); else it is taken off. Rates are the bounds that the list gives;
 * events keep their law (thinning).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_FLOCK_H
#define LAC_EXACT_EXACT_FLOCK_H

#include "base/random.h"

#include <stdbool.h>

typedef struct lac_flock {
    size_t capacity;  /* entries; 0 = none */
    uint64_t *length; /* borrowed; LAC_FLOCK_UNUSED: the urn serves instead */
    uint32_t *member; /* borrowed [capacity]: voxels */
    uint16_t *excess; /* borrowed [voxels]: entries there beyond its molecules */
} lac_flock;

#define LAC_FLOCK_UNUSED UINT64_MAX

/* Entries to keep for so many molecules: about twice as many; 0 beyond 2^27 (half a GiB). */
size_t lac_flock_capacity(double molecules);

/* Words of 32 bits that a list of this capacity takes, and their use. */
size_t lac_flock_words(size_t capacity, size_t voxels);
void lac_flock_place_in(lac_flock *flock, uint32_t *words);

/* Lists whole counts; false and unused when they do not fit. */
bool lac_flock_fill(lac_flock *flock, size_t voxels, const double *count);

static inline bool lac_flock_used(const lac_flock *flock)
{
    return flock->capacity > 0 && *flock->length != LAC_FLOCK_UNUSED;
}

/* `amount` molecules more in a voxel; false when the list is full. */
static inline bool lac_flock_add(lac_flock *flock, size_t voxel, double amount)
{
    for (; amount > 0; amount--) {
        if (flock->excess[voxel] > 0) {
            flock->excess[voxel]--;
            continue;
        }
        if (*flock->length == flock->capacity)
            return false;
        flock->member[(*flock->length)++] = (uint32_t)voxel;
    }
    return true;
}

/* `amount` molecules less, whose entries nobody knows; false when too many such stand there. */
static inline bool lac_flock_remove(lac_flock *flock, size_t voxel, double amount)
{
    if (flock->excess[voxel] + amount > UINT16_MAX)
        return false;
    flock->excess[voxel] = (uint16_t)(flock->excess[voxel] + (unsigned)amount);
    return true;
}

/* An entry and a number in [0, 1) that is independent of it, from 64 random bits: the whole part of
 * bits * length / 2^64 and the rest, a multiple of 2^-64 length. Lengths are below 2^32. */
typedef struct lac_flock_pick {
    size_t place;
    double unit;
} lac_flock_pick;

static inline lac_flock_pick lac_flock_pick_of(const lac_flock *flock, uint64_t bits)
{
    const uint64_t length = *flock->length, low = (bits & UINT32_MAX) * length;
    const uint64_t place = ((bits >> 32) * length + (low >> 32)) >> 32;
    return (lac_flock_pick){(size_t)place, (double)((bits * length) >> 11) * 0x1p-53};
}

/* Takes an entry off the list. */
static inline void lac_flock_take(lac_flock *flock, size_t place)
{
    flock->member[place] = flock->member[--*flock->length];
}

/* Does the entry stand for one of `count` molecules? If not, it is taken off. */
static inline bool lac_flock_stands(lac_flock *flock, size_t place, double count,
                                    lac_stream *stream)
{
    const uint32_t voxel = flock->member[place];
    const double excess = flock->excess[voxel];
    if (excess == 0 || lac_stream_unit(stream) * (count + excess) < count)
        return true;
    flock->excess[voxel]--;
    lac_flock_take(flock, place);
    return false;
}

static inline void lac_flock_hop(lac_flock *flock, size_t place, size_t to)
{
    flock->member[place] = (uint32_t)to;
}

bool lac_flock_verify(const lac_flock *flock, size_t voxels, const double *count,
                      uint32_t *scratch);

#endif
