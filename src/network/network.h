/* The network: all processes of a model as compiled laws with their changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_NETWORK_H
#define LAC_NETWORK_NETWORK_H

#include "network/columns.h"
#include "network/frame.h"
#include "network/program.h"

typedef struct lac_network lac_network;

/* The part of a model that a method advances itself. It reads the variables of others as they are,
 * knows their derivatives to be 0, and takes the rates of their processes without acting on them:
 * those of the tissue voxel by voxel, which a method may integrate beside its own variables. */
typedef struct lac_part {
    const unsigned char *variable; /* [variables]: 1 = its own; borrowed */
    const unsigned char *process;  /* [processes]: 1 = its own; borrowed */
    size_t watched;                /* processes of the tissue whose rates are taken by voxel */
    const size_t *watch;           /* [processes]: place among them, or LAC_NONE; borrowed */
    size_t at; /* the watched rates [watched][widest stride] stand this far behind the extents */
    /* Pools of others that move within a step, with derivatives given to the part: 1 = driven; NULL
     * = none. They are unknowns with a given derivative, so that the part's own follow them to its
     * order. */
    const unsigned char *driven; /* [variables]; borrowed */
    double (*drive)(const void *driver, size_t variable, double time, int derivative);
    const void *driver; /* borrowed */
} lac_part;

/* `weight` [um^3]: the volume of the joint that one voxel stands for (voxel volume / scale); it
 * turns tissue rates into extents of the whole joint. A model of several tissues says its own. */
lac_status lac_network_create(const lac_model *model, const lac_layout *layout, double weight,
                              lac_network **network);
/* The network of a part (NULL = all). Its extents hold the watched rates too: see lac_part. */
lac_status lac_network_create_part(const lac_model *model, const lac_layout *layout, double weight,
                                   const lac_part *part, lac_network **network);
void lac_network_free(lac_network *network);

/* derivative += contribution of every process; extent[process] = its rate for the whole joint
 * [1/s] (NULL = not wanted). Inactive voxels get exactly 0. Threads inside, fixed bits. */
void lac_network_derivative(lac_network *network, const lac_frame *frame, double *derivative,
                            double *extent);

/* The partial derivative with respect to time; 0 work when no law depends on time. */
int lac_network_depends_on_time(const lac_network *network);
void lac_network_time_derivative(lac_network *network, const lac_frame *frame, double *derivative,
                                 double *extent);

/* Stores d(rate)/d(variable) of every process at this frame: the exact analytic Jacobian, pool
 * dependence of tissue laws included. The frame's `active` and `region` arrays must live until the
 * next call. */
void lac_network_linearise(lac_network *network, const lac_frame *frame);

/* out += J v; extent[process] = sum of (d rate / d u) v for the whole joint (NULL = not wanted). */
void lac_network_times(lac_network *network, const double *v, double *out, double *extent);

/* The smallest over active voxels of the pure own loss [1/s] of a field (processes that change only
 * this field, and lower it): the shift k_s of the diffusion factor. After linearise. */
double lac_network_own_loss(const lac_network *network, size_t field);

/* The local factor R of the preconditioner, per voxel and for the pools:
 *   R = I - g (J_R + diag(k_s)),
 * J_R holds, for each process, the derivatives with respect to the variables that it changes (so
 * binding and conversion blocks are whole, secretion and sensing are left out), and for processes
 * that change immobile fields only those with respect to every immobile field (all changes of a
 * process or none, so that R keeps every linear invariant). R = I in inactive voxels.
 * `mobile[field]` and shift[field] (k_s) have [fields] entries; pools take their full Jacobian.
 * Sparse LU, order fixed at compile time. */
lac_status lac_network_factor_prepare(lac_network *network, const unsigned char *mobile);
lac_status lac_network_factor(lac_network *network, double g, const double *shift);
void lac_network_factor_solve(lac_network *network, double *v); /* v := R^-1 v */
/* The same in parts, for who solves for the pools and their exchange together. */
void lac_network_factor_solve_fields(lac_network *network, double *v);
void lac_network_factor_solve_pools(lac_network *network, double *v);
/* I - g J of the pools, [pools][pools] by rows. */
void lac_network_pool_matrix(const lac_network *network, double g, double *matrix);

/* Columns (network/columns.h), for who holds the whole model. Voxels from the first in which laws
 * of a tissue see pools: all or none. */
size_t lac_network_border(const lac_network *network, size_t tissue);
/* Subtracts g times the reactions' part of J, from the last linearisation. */
void lac_network_fill_columns(const lac_network *network, double g, lac_columns *columns);

/* Adds to `words` which law has no finite rate on this frame, where, and what in it is not defined;
 * with `slopes` also a law whose derivative had none at the last linearisation. Nothing is added
 * when all is finite. Slow: to explain a failure. */
lac_status lac_network_undefined(const lac_network *network, const lac_frame *frame, bool slopes,
                                 lac_text *words);

/* Linear invariants of the whole network: rows w with sum over variables of w * amount constant
 * under every process and every exchange between tissue and pools (boundaries with a given value or
 * flux apart). Independent rows of small integers; moieties, which have no negative weight, first.
 * They are found in a dense table of variables x (variables + processes), so not in a network for
 * which it would have more than 2^24 cells. */
typedef struct lac_invariants {
    bool too_large; /* the network is too large to look for them: count is 0 */
    size_t count;
    double *weight; /* owned: [count][variables] */
} lac_invariants;
lac_status lac_network_invariants(const lac_model *model, lac_invariants *invariants);
void lac_invariants_free(lac_invariants *invariants);

/* For tests and benches. */
typedef struct lac_network_facts {
    size_t instructions;     /* of the tissue rates */
    size_t gradient_entries; /* per voxel */
    size_t factor_entries;   /* per voxel */
    size_t bytes;            /* memory held */
} lac_network_facts;
lac_network_facts lac_network_about(const lac_network *network);
/* Doubles that it keeps for every voxel of a tissue. */
size_t lac_network_doubles(const lac_network *network, size_t tissue);

#endif
