/* What the files of this room know of the local factor's inside.
 *
 * The factor falls into groups of fields that are coupled; a field without couplings is a group of
 * one. All entries of a group are eliminated in an order found once (minimum degree), so the
 * numeric work is a fixed list of operations, each over neighbouring voxels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_FACTOR_INTERNAL_H
#define LAC_NETWORK_FACTOR_INTERNAL_H

#include "network/dense.h"
#include "network/network_internal.h"

/* entry += -g * factor * slope. */
typedef struct lac_contribution {
    size_t entry;
    size_t slope;
    double factor;
} lac_contribution;

typedef enum lac_elimination_kind {
    LAC_INVERT, /* target := 1 / target: a pivot */
    LAC_SCALE,  /* target *= left: a multiplier */
    LAC_REDUCE  /* target -= left * right */
} lac_elimination_kind;

typedef struct lac_elimination {
    lac_elimination_kind kind;
    size_t target, left, right; /* entries */
} lac_elimination;

/* One coefficient of a triangle: v[row] -= entry * v[column]; on the diagonal v[row] *= entry. */
typedef struct lac_substitution {
    size_t entry, row, column;
} lac_substitution;

typedef struct lac_group {
    size_t fields;
    size_t *field; /* owned, in the order of elimination */
    size_t entries;
    size_t *row, *column; /* owned [entries]: fields; diagonals are there */
    int varies;           /* else one number serves all voxels */
    size_t at;            /* first entry among the stored (varies) or the scalar ones */
    size_t contributions;
    lac_contribution *contribution; /* owned, by entry */
    size_t eliminations;
    lac_elimination *elimination; /* owned */
    size_t substitutions;
    lac_substitution *substitution; /* owned: lower triangle, then upper with diagonals */
} lac_group;

struct lac_local_factor {
    size_t groups;
    lac_group *group; /* owned */
    size_t *group_of; /* owned [fields]: used while building; LAC_NONE = nothing to do */
    size_t stored;
    size_t blocks, width;
    double *store; /* owned [blocks][stored][width] */
    size_t scalars;
    double *scalar; /* owned */
    size_t pools;
    double *dense;     /* owned [pools][pools]: LU of I - g J of the pools, by rows */
    size_t *pivot;     /* owned [pools]: row exchanged with */
    size_t *bad;       /* owned [blocks]: first voxel that fails, LAC_NONE; */
    size_t *bad_field; /* owned [blocks] */
};

/* Orders a group and finds its fill: rows and columns of `pattern` (n x n, 0 or 1, diagonals set)
 * are in the order of group->field on entry; on return the group has its final order, entries,
 * eliminations and substitutions. */
lac_status lac_elimination_plan(lac_group *group, unsigned char *pattern);

#endif
