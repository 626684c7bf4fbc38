/* The spectral solver in parts: factors of each field, the couplings with pools, and the stages of
 * a solve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_SPECTRAL_SOLVER_INTERNAL_H
#define LAC_TRANSPORT_SPECTRAL_SOLVER_INTERNAL_H

#include "transport/plane_transform.h"
#include "transport/spectral_solver.h"
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
    const lac_grid *grid; /* borrowed */
    size_t *layer_active; /* owned [layers]: active voxels */
    lac_plane_transform *transform[LAC_ENDS_COUNT][LAC_ENDS_COUNT]; /* owned, by ends in x and y */
} lac_slab;

/* The factor of one field: for coefficient q of a plane the matrix in depth, each row times the
 * width of its layer, which makes it symmetric,
 *   excess[z] + lateral[z] * eigenvalue[q] + along[z] + along[z + 1] on the diagonal,
 *   -along[z] between z - 1 and z. */
typedef struct lac_tridiagonal_factor {
    const lac_slab *slab;                 /* borrowed; of its tissue */
    size_t at;                            /* where the field begins */
    size_t parts[LAC_PART_KINDS];         /* in which the stages of a solve are done */
    const lac_plane_transform *transform; /* borrowed */
    double *diffusivity;                  /* [layers] plane mean over active voxels [um^2/s] */
    double *held; /* [layers] plane mean of the conductance to given values [1/s] */
    double
        *conductance; /* [layers] ... of all boundary faces that do not make Dirichlet ends [1/s] */
    double *lateral, *excess; /* [layers] */
    double *along;            /* [layers + 1], 0 at both ends */
    double loss;              /* g k_s */
    double sum;               /* of the field before its solve; groups with pools only */
    double given;             /* what the pools lost to this field in this solve [content] */
    double *before, *after;   /* [layers] sums over active voxels; with inactive voxels only */
} lac_tridiagonal_factor;

/* Exchange between one field and one pool, in the terms of the field's lowest coefficient. */
typedef struct lac_pool_coupling {
    size_t field;
    size_t pool;      /* within its group */
    double *exchange; /* [layers] sum of conductance over the boundary faces of a layer [1/s] */
    double *feeding;  /* [layers] ... of conductance times partition */
    double *response; /* [layers] T^-1 of what a pool of 1 feeds */
    double *collect;  /* [layers] what the pool gains from a coefficient of 1 */
    double lost;      /* by a pool of 1 to all layers */
    double given;     /* by the pool to the field in this solve [content] */
} lac_pool_coupling;

/* Fields and pools that hang together, solved together. */
typedef struct lac_coupled_fields {
    size_t fields, pools, couplings;
    size_t *field;               /* owned */
    size_t *pool;                /* owned: variables */
    lac_pool_coupling *coupling; /* owned */
    double *schur;               /* owned [pools][pools]: LU */
    double *rhs;                 /* owned [pools] */
    double *before;              /* owned [pools]: values before the solve */
} lac_coupled_fields;

struct lac_spectral_solver {
    const lac_model *model; /* borrowed */
    lac_layout layout;
    size_t slabs;
    size_t largest;                      /* voxels of the largest tissue */
    lac_slab *slab;                      /* owned: of every tissue */
    lac_tridiagonal_factor *tridiagonal; /* owned [fields]; transform NULL = not solved */
    unsigned char *makes_ends;           /* owned [boundaries]: part of the ends of its field */
    size_t groups;
    lac_coupled_fields *group; /* owned */
    size_t solves;
    size_t *solved; /* owned [solves]: fields of all groups */
    int threads;    /* that have scratch */
    size_t scratch_size;
    double *scratch; /* owned */
};

enum { LAC_COLUMNS = 32 }; /* solved at once */

/* Doubles of scratch for lac_tridiagonal_solve. */
size_t lac_tridiagonal_scratch(size_t layers);

/* Solves `count` <= LAC_COLUMNS neighbouring columns in place: v[z * stride + i]. */
void lac_tridiagonal_solve(const lac_tridiagonal_factor *tridiagonal, size_t layers,
                           const double *eigenvalue, size_t count, double *v, size_t stride,
                           double *scratch);

/* Groups of fields by the pools that they share; their couplings. */
lac_status lac_coupled_fields_create(lac_spectral_solver *solver, const unsigned char *mobile);
void lac_coupled_fields_free(lac_spectral_solver *solver);

/* Sums the boundary faces of every coupling; then, with the columns factored, its Schur complement.
 */
void lac_coupled_fields_collect(const lac_spectral_solver *solver,
                                const lac_coefficients *coefficients, lac_coupled_fields *group);
void lac_coupled_fields_factor(const lac_spectral_solver *solver, double g,
                               lac_coupled_fields *group);

/* Between the way there and the columns: the sums of the fields that have pools. */
void lac_coupled_fields_note_sums(const lac_spectral_solver *solver, lac_coupled_fields *group,
                                  double *v);

/* Between the columns and the way back: pools, and the lowest coefficients of their fields. */
void lac_coupled_fields_solve(const lac_spectral_solver *solver, lac_coupled_fields *group,
                              double *v);

#endif
