/* The direct solve in parts: one band a field, and couplings with pools.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_DIRECT_SOLVER_INTERNAL_H
#define LAC_TRANSPORT_DIRECT_SOLVER_INTERNAL_H

#include "transport/banded.h"
#include "transport/direct_solver.h"
#include "transport/plane_transform.h"
#include "transport/transport_internal.h"

/* One mobile field. */
typedef struct lac_direct_field {
    size_t field;
    lac_banded band;
    double *inverse[2], *link[2]; /* owned: pivots and links of tails, from their far end on */
    double loss;                  /* g k_s */
    double *held; /* owned [voxels]: g times conductance to given values, NULL = none */
    double sum;   /* of the field before this solve */
} lac_direct_field;

/* Exchange between one field and one pool, over all boundaries between them. */
typedef struct lac_direct_pool_coupling {
    size_t at;        /* of the field among the mobile ones */
    size_t pool;      /* counted from 0 */
    size_t faces;     /* voxels that exchange, in order */
    size_t *voxel;    /* owned [boundary faces] */
    double *exchange; /* owned [boundary faces]: g times conductance */
    double *feeding;  /* owned [boundary faces]: ... times partition */
    double *response; /* owned [voxels]: the field that a pool of 1 makes */
    double lost;      /* sum of feeding */
    double given;     /* by the pool to the field in this solve [content] */
} lac_direct_pool_coupling;

/* Layers above (0) or below (1) the band; without a transform there are none. */
typedef struct lac_direct_tail {
    size_t first, layers;
    size_t meets;                   /* the layer of the band next to it */
    lac_plane_transform *transform; /* owned */
} lac_direct_tail;

/* Of one tissue; the first of a chain solves for the pools of all. */
struct lac_direct_solver {
    lac_direct_solver *next; /* owned: of the next tissue; NULL = the last */
    const lac_model *model;  /* borrowed */
    const lac_grid *grid;    /* borrowed */
    lac_layout layout;
    double weight;
    int axis[3];       /* of the tissue, shortest first: the order of rows in bands */
    size_t step[3];    /* rows from voxel to voxel along x, y, z */
    bool natural;      /* rows are voxels */
    size_t begin, end; /* layers in the band: all unless rows are voxels */
    lac_direct_tail tail[2];
    lac_plane_transform *single, *units; /* owned: of one plane; of as many as a plane has voxels */
    double *unit; /* owned [plane][plane]: the modes of a unit in each voxel */
    size_t fields, couplings;
    lac_direct_field *field;            /* owned [fields] */
    lac_direct_pool_coupling *coupling; /* owned [couplings] */
    double *schur, *rhs;                /* owned: of pools; the first has them */
    size_t *pivot;
    int threads; /* that have scratch */
    size_t scratch_size;
    double *scratch; /* owned [threads][scratch_size] */
};

/* Rows of a band for a voxel. */
size_t lac_direct_row(const lac_direct_solver *direct, size_t voxel);

/* Threads that share the fields; the scratch of this one. */
int lac_direct_team(const lac_direct_solver *direct);
double *lac_direct_scratch(const lac_direct_solver *direct);

/* x := A^-1 x for one field, scratch of a thread. */
void lac_direct_solve_field(const lac_direct_solver *direct, const lac_direct_field *field,
                            double *x, double *scratch);

/* Tails (direct_solver_tails.c). Scratch of a thread has lac_direct_tail_scratch doubles. */
lac_status lac_direct_find_tails(lac_direct_solver *direct);
lac_status lac_direct_create_tails(lac_direct_solver *direct);
void lac_direct_free_tails(lac_direct_solver *direct);
size_t lac_direct_tail_scratch(const lac_direct_solver *direct);
void lac_direct_factor_tails(const lac_direct_solver *direct, const lac_coefficients *coefficients,
                             const lac_direct_solver_terms *terms, lac_direct_field *field,
                             double *scratch);

/* Before and after the band: its right-hand side gains what the tails pass on; then they follow. */
void lac_direct_tails_forward(const lac_direct_solver *direct, const lac_direct_field *field,
                              double *x, double *band, double *scratch);
void lac_direct_tails_backward(const lac_direct_solver *direct, const lac_direct_field *field,
                               double *x, double *scratch);

lac_status lac_direct_create_pool_couplings(lac_direct_solver *direct);
void lac_direct_free_pool_couplings(lac_direct_solver *direct);
lac_status lac_direct_factor_pool_couplings(lac_direct_solver *direct,
                                            const lac_coefficients *coefficients,
                                            const lac_direct_solver_terms *terms);

/* Between the fields and the end: pools, and what their change makes of the fields. */
void lac_direct_solve_pools(lac_direct_solver *direct, double *v);

#endif
