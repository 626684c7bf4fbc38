/* Boundaries: the kinds of them, one row each. Every other room asks the row, not for the kind.
 *
 * A voxel at a boundary gains, per volume and time,
 *   k (factor r - u)  where the boundary conducts, k = g / h, g = 1 / (h / (2 D) + 1 /
 * permeability), factor r          where it does not, with r made of the law of the boundary, and
 * factor the value of the pool behind the wall, else 1.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_BOUNDARY_H
#define LAC_MODEL_BOUNDARY_H

#include "language/diagnostics.h"
#include "language/expression.h"

#include <stdbool.h>

typedef struct lac_boundary_type {
    const char *word;         /* the key of its law in a model file, and its name in lists */
    const char *summary;      /* for lists */
    const char *told;         /* before its law in descriptions */
    const char *law;          /* what its law is called in refusals */
    int per_length, per_time; /* its law has the dimension of the variable per um^. and s^. */

    /* Stands under `interfaces`: what leaves the tissue enters a pool; its law is a partition of
     * the value there, 1 where none is given. Events: molecules of the pool enter at k times it. */
    bool with_pool;
    /* Passes half a voxel, and perhaps a membrane: needs a diffusivity. Events: molecules leave at
     * k. The fast inverse: k is on its diagonal. */
    bool conducts;
    /* The fast inverse: over a whole side and without a membrane it is a Dirichlet end. Its law is
     * a value of the variable, so not negative where that is not. */
    bool holds;
    /* r from the law, linear in it; NULL = the law itself. Events: at r times the volume molecules
     * enter, or are taken where it is negative. */
    double (*reference)(double law, double h);
} lac_boundary_type;

extern const lac_boundary_type lac_boundary_value, lac_boundary_flux, lac_boundary_exchange;

/* All kinds; ends with NULL. */
extern const lac_boundary_type *const lac_boundary_list[];

/* Without any boundary a face has no flux. */
typedef struct lac_boundary {
    const lac_boundary_type *type;
    size_t variable; /* tissue */
    size_t pool;     /* with_pool: variable index of the pool side (a density); else LAC_NONE */
    size_t patch;
    lac_expression *value;        /* owned; the law, unless with_pool; else NULL */
    lac_expression *partition;    /* owned; with_pool: the law; NULL = 1 */
    lac_expression *permeability; /* owned [um/s]; NULL = no membrane */
    lac_place place;
} lac_boundary;

/* r of a law at a face of voxels of size h [um]. */
double lac_boundary_reference(const lac_boundary_type *type, double law, double h);

#endif
