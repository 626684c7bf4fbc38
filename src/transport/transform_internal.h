/* The transform in parts: factors of each field, the borders with pools, and the stages of a solve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_TRANSFORM_INTERNAL_H
#define LAC_TRANSPORT_TRANSFORM_INTERNAL_H

#include "transport/sheet.h"
#include "transport/transform.h"
#include "transport/transport_internal.h"

/* Stages are done by batches of planes, by lots of columns, or, where voxels are inactive, by
 * layers.
 */
typedef enum lac_part_kind {
    LAC_BATCHES,
    LAC_LOTS,
    LAC_MASKED_LAYERS,
    LAC_PART_KINDS
} lac_part_kind;

/* What the fields of one tissue share. */
typedef struct lac_slab {
    const lac_grid *grid;                             /* borrowed */
    size_t *layer_active;                             /* owned [layers]: active voxels */
    lac_sheet *sheet[LAC_ENDS_COUNT][LAC_ENDS_COUNT]; /* owned, by ends in x and y */
} lac_slab;

/* The factor of one field: for coefficient q of a plane the matrix in depth
 *   excess[z] + lateral[z] * eigenvalue[q] + along[z] + along[z + 1] on the diagonal,
 *   -along[z] between z - 1 and z. */
typedef struct lac_column_factor {
    const lac_slab *slab;         /* borrowed; of its tissue */
    size_t at;                    /* where the field begins */
    size_t parts[LAC_PART_KINDS]; /* in which the stages of a solve are done */
    const lac_sheet *sheet;       /* borrowed */
    double *diffusivity;          /* [layers] plane mean over active voxels [um^2/s] */
    double *held;                 /* [layers] plane mean of the conductance to given values [1/s] */
    double *conductance; /* [layers] ... of all boundary faces that do not make held ends [1/s] */
    double *lateral, *excess; /* [layers] */
    double *along;            /* [layers + 1], 0 at both ends */
    double loss;              /* g k_s */
    double sum;               /* of the field before its solve; groups with pools only */
    double given;             /* what the pools lost to this field in this solve [content] */
    double *before, *after;   /* [layers] sums over active voxels; with inactive voxels only */
} lac_column_factor;

/* Exchange between one field and one pool, in the terms of the field's lowest coefficient. */
typedef struct lac_border {
    size_t field;
    size_t pool;      /* within its group */
    double *exchange; /* [layers] sum of conductance over the boundary faces of a layer [1/s] */
    double *feeding;  /* [layers] ... of conductance times partition */
    double *response; /* [layers] T^-1 of what a pool of 1 feeds */
    double *collect;  /* [layers] what the pool gains from a coefficient of 1 */
    double lost;      /* by a pool of 1 to all layers */
    double given;     /* by the pool to the field in this solve [content] */
} lac_border;

/* Fields and pools that hang together, solved together. */
typedef struct lac_group {
    size_t fields, pools, borders;
    size_t *field;      /* owned */
    size_t *pool;       /* owned: variables */
    lac_border *border; /* owned */
    double *schur;      /* owned [pools][pools]: LU */
    double *rhs;        /* owned [pools] */
    double *before;     /* owned [pools]: values before the solve */
} lac_group;

struct lac_transform {
    const lac_model *model; /* borrowed */
    lac_layout layout;
    size_t slabs;
    size_t largest;            /* voxels of the largest tissue */
    lac_slab *slab;            /* owned: of every tissue */
    lac_column_factor *column; /* owned [fields]; sheet NULL = not solved */
    unsigned char *makes_ends; /* owned [boundaries]: part of the ends of its field */
    size_t groups;
    lac_group *group; /* owned */
    size_t solves;
    size_t *solved; /* owned [solves]: fields of all groups */
    int threads;    /* that have scratch */
    size_t scratch_size;
    double *scratch; /* owned */
};

enum { LAC_COLUMNS = 32 }; /* solved at once */

/* Doubles of scratch for lac_columns_solve. */
size_t lac_columns_scratch(size_t layers);

/* Solves `count` <= LAC_COLUMNS neighbouring columns in place: v[z * stride + i]. */
void lac_columns_solve(const lac_column_factor *column, size_t layers, const double *eigenvalue,
                       size_t count, double *v, size_t stride, double *scratch);

/* Groups of fields by the pools that they share; the borders in them. */
lac_status lac_groups_create(lac_transform *transform, const unsigned char *mobile);
void lac_groups_free(lac_transform *transform);

/* Sums the boundary faces of every border; then, with the columns factored, its Schur complement.
 */
void lac_group_collect(const lac_transform *transform, const lac_coefficients *coefficients,
                       lac_group *group);
void lac_group_factor(const lac_transform *transform, double g, lac_group *group);

/* Between the way there and the columns: the sums of the fields that have pools. */
void lac_group_note_sums(const lac_transform *transform, lac_group *group, double *v);

/* Between the columns and the way back: pools, and the lowest coefficients of their fields. */
void lac_group_solve(const lac_transform *transform, lac_group *group, double *v);

#endif
