/* The matrix I - g J of columns (tissues one voxel wide) with the pools, and its exact inverse; or
 * that of the plane means of a wider tissue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_COLUMNS_H
#define LAC_NETWORK_COLUMNS_H

#include "base/vector.h"

#include <stdbool.h>

/* Of which part of a plane a voxel is one, and what its row counts for in the mean of that part: 0
 * = it is inactive. Fields f of part p are fields p * (fields of the tissue) + f of the column. */
typedef struct lac_column_part {
    size_t part;
    double weight;
} lac_column_part;

/* Of one tissue. Columns of blocks are padded with zeros to `rows` numbers. */
typedef struct lac_column {
    const lac_tract *tract;
    size_t rows;
    size_t plane;                /* voxels of a plane, each a voxel of the column; 1 = a column */
    const lac_column_part *part; /* borrowed [voxels of the tissue]; NULL = all of its voxel */
    size_t bordered;             /* voxels 0 .. bordered - 1 may meet pools in `feed` and `take` */
    double *block; /* owned [voxels][fields][rows] by columns: within a voxel; then its inverse */
    double *above; /* owned [voxels][rows]: of each field in the voxel before */
    double *below; /* owned [voxels][rows]: and in the voxel after */
    double *feed;  /* owned [bordered][pools][rows]: of each pool */
    double *take;  /* owned [bordered][pools][rows]: of the fields, in the rows of the pools */
    double *right; /* owned [voxels][rows]: scratch of a solve */
} lac_column;

typedef struct lac_columns {
    lac_layout layout;
    lac_column *column; /* owned [tracts] */
    double *pools;      /* owned [pools][pools] by rows: of the pools; then its factor */
    size_t *pivot;      /* owned: of blocks and of the pools */
    double *room;       /* owned: scratch of a block or of the pools */
    size_t failed;      /* field or pool at which the last factor broke off */
} lac_columns;

static inline lac_column_part lac_column_part_of(const lac_column *column, size_t voxel)
{
    return column->part ? column->part[voxel] : (lac_column_part){0, 1};
}

/* Bytes of the matrix, and about how many multiplications a factor takes. */
size_t lac_columns_bytes(const lac_layout *layout, const size_t *bordered);

/* `bordered` has [tracts]. */
lac_status lac_columns_create(const lac_layout *layout, const size_t *bordered,
                              lac_columns **columns);
void lac_columns_free(lac_columns *columns);

/* The unit matrix; who knows a part of J then subtracts g times it. */
void lac_columns_clear(lac_columns *columns);

/* Whether there is a factor; else `failed` tells where it broke off. */
bool lac_columns_factor(lac_columns *columns);

/* v := (I - g J)^-1 v. */
void lac_columns_solve(lac_columns *columns, double *v);

#endif
