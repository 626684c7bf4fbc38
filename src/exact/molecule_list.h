/* Molecule list: the voxel of every molecule of one kind, so that one is drawn in
 * constant time without rejection, and a hop rewrites one entry.
 *
 * Molecules of a voxel are alike, so the one that was taken as a partner is not searched: its
 * entry stays as one too many, and an entry that is drawn stands for a molecule with probability
 * count / (count + too many); else it is taken off. Rates are the bounds that the list gives;
 * events keep their law (thinning).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_MOLECULE_LIST_H
#define LAC_EXACT_MOLECULE_LIST_H

#include "base/random.h"

#include <stdbool.h>

typedef struct lac_molecule_list {
    size_t capacity;  /* entries; 0 = none */
    uint64_t *length; /* borrowed; LAC_MOLECULE_LIST_UNUSED: the sampler serves instead */
    uint32_t *member; /* borrowed [capacity]: voxels */
    uint16_t *excess; /* borrowed [voxels]: entries there beyond its molecules */
} lac_molecule_list;

#define LAC_MOLECULE_LIST_UNUSED UINT64_MAX

/* Entries to keep for so many molecules: about twice as many; 0 beyond 2^27 (half a GiB). */
size_t lac_molecule_list_capacity(double molecules);

/* Words of 32 bits that a list of this capacity takes, and their use. */
size_t lac_molecule_list_words(size_t capacity, size_t voxels);
void lac_molecule_list_place_in(lac_molecule_list *list, uint32_t *words);

/* Lists whole counts; false and unused when they do not fit. */
bool lac_molecule_list_fill(lac_molecule_list *list, size_t voxels, const double *count);

static inline bool lac_molecule_list_used(const lac_molecule_list *list)
{
    return list->capacity > 0 && *list->length != LAC_MOLECULE_LIST_UNUSED;
}

/* `amount` molecules more in a voxel; false when the list is full. */
static inline bool lac_molecule_list_add(lac_molecule_list *list, size_t voxel, double amount)
{
    for (; amount > 0; amount--) {
        if (list->excess[voxel] > 0) {
            list->excess[voxel]--;
            continue;
        }
        if (*list->length == list->capacity)
            return false;
        list->member[(*list->length)++] = (uint32_t)voxel;
    }
    return true;
}

/* `amount` molecules less, whose entries are unknown; false when too many such stand there. */
static inline bool lac_molecule_list_remove(lac_molecule_list *list, size_t voxel, double amount)
{
    if (list->excess[voxel] + amount > UINT16_MAX)
        return false;
    list->excess[voxel] = (uint16_t)(list->excess[voxel] + (unsigned)amount);
    return true;
}

/* An entry and a number in [0, 1) that is independent of it, from 64 random bits: the whole part of
 * bits * length / 2^64 and the rest, a multiple of 2^-64 length. Lengths are below 2^32. */
typedef struct lac_molecule_pick {
    size_t place;
    double unit;
} lac_molecule_pick;

static inline lac_molecule_pick lac_molecule_pick_of(const lac_molecule_list *list, uint64_t bits)
{
    const uint64_t length = *list->length, low = (bits & UINT32_MAX) * length;
    const uint64_t place = ((bits >> 32) * length + (low >> 32)) >> 32;
    return (lac_molecule_pick){(size_t)place, (double)((bits * length) >> 11) * 0x1p-53};
}

/* Takes an entry off the list. */
static inline void lac_molecule_list_take(lac_molecule_list *list, size_t place)
{
    list->member[place] = list->member[--*list->length];
}

/* Does the entry stand for one of `count` molecules? If not, it is taken off. */
static inline bool lac_molecule_list_stands(lac_molecule_list *list, size_t place, double count,
                                            lac_stream *stream)
{
    const uint32_t voxel = list->member[place];
    const double excess = list->excess[voxel];
    if (excess == 0 || lac_stream_unit(stream) * (count + excess) < count)
        return true;
    list->excess[voxel]--;
    lac_molecule_list_take(list, place);
    return false;
}

static inline void lac_molecule_list_hop(lac_molecule_list *list, size_t place, size_t to)
{
    list->member[place] = (uint32_t)to;
}

bool lac_molecule_list_verify(const lac_molecule_list *list, size_t voxels, const double *count,
                              uint32_t *scratch);

#endif
