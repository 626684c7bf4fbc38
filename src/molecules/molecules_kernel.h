/* A kernel: where a molecule of uniform diffusivity is after a given time, in one draw.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MOLECULES_MOLECULES_KERNEL_H
#define LAC_MOLECULES_MOLECULES_KERNEL_H

#include "base/random.h"

#include <stdbool.h>

typedef struct lac_displacement {
    int16_t by[4]; /* along x, y, z */
} lac_displacement;

/* A molecule stays with probability stays / 2^16, else it is displaced as its table says, which has
 * no displacement too. */
typedef struct lac_kernel {
    uint32_t stays;
    int bits;                   /* of a word that choose the column */
    uint32_t *column;           /* owned [2^bits]: threshold << bits | alias */
    lac_displacement *displace; /* owned [2^bits] */
    int reach[3];               /* the largest displacement along an axis */
    int32_t *fold[3]; /* owned [n + 2 reach]: index part of a coordinate beyond the boundaries */
} lac_kernel;

/* Along axes with hops[axis] > 0, expected hops to each side; along others nothing moves. NULL in
 * *kernel where it would take more than `most` entries. */
lac_status lac_kernel_create(const double hops[3], const size_t n[3], size_t most,
                             lac_kernel **kernel);
void lac_kernel_free(lac_kernel *kernel);

/* Of a molecule that does not stay; without a branch. */
static inline lac_displacement lac_kernel_draw(const lac_kernel *k, uint32_t word)
{
    const uint32_t column = word >> (32 - k->bits), entry = k->column[column];
    const uint32_t left = word & (UINT32_MAX >> k->bits);
    const uint32_t alias = entry & ((UINT32_C(1) << k->bits) - 1);
    const uint32_t take = (uint32_t) - (int32_t)(left < entry >> k->bits);
    return k->displace[(column & take) | (alias & ~take)];
}

#endif
