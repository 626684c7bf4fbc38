/* Columns: the tridiagonal systems in depth, many neighbouring ones at once.
 *
 * Elimination without pivoting; the matrices are symmetric and strictly diagonally dominant. Pivots
 * are computed anew in every solve: a division costs less than reading them from memory, and no
 * memory is spent on them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/spectral_solver_internal.h"

#include "base/clones.h"

size_t lac_tridiagonal_scratch(size_t layers)
{
    return 2 * LAC_COLUMNS * layers;
}

/* One layer of the elimination: what the diagonal has beyond the links to both neighbours, the
 * eigenvalue's factor, the links to the layers above and below. */
typedef struct layer_terms {
    double excess, lateral, above, below;
} layer_terms;

/* The pivot less its link downwards, `beyond`, is carried along: only positive numbers are added,
 * so nothing cancels however stiff the links are (Grassmann, Taksar & Heyman 1985, Oper. Res.
 * 33:1107), and sums are conserved to rounding. */
LAC_CLONED static void eliminate(layer_terms terms, size_t count, const double *restrict eigenvalue,
                                 const double *restrict v, const double *restrict last,
                                 double *restrict next, double *restrict beyond)
{
    const double *restrict last_inverse = last + LAC_COLUMNS;
    double *restrict next_inverse = next + LAC_COLUMNS;
    const double excess = terms.excess, lateral = terms.lateral;
    const double above = terms.above, below = terms.below;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double own = excess + lateral * eigenvalue[i];
        double rest = own + above * last_inverse[i] * beyond[i];
        double inverse = 1 / (rest + below);
        beyond[i] = rest;
        next_inverse[i] = inverse;
        next[i] = (v[i] + above * last[i]) * inverse;
    }
}

LAC_CLONED static void substitute(double below, size_t count, const double *restrict eliminated,
                                  const double *restrict solved_below, double *restrict v)
{
    const double *restrict inverse = eliminated + LAC_COLUMNS;
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        v[i] = eliminated[i] + below * inverse[i] * solved_below[i];
}

void lac_tridiagonal_solve(const lac_tridiagonal_factor *tridiagonal, size_t layers,
                           const double *eigenvalue, size_t count, double *v, size_t stride,
                           double *scratch)
{
    static const double nothing[2 * LAC_COLUMNS];
    const size_t pair = 2 * LAC_COLUMNS;
    double beyond[LAC_COLUMNS] = {0};
    for (size_t z = 0; z < layers; z++) {
        layer_terms terms = {tridiagonal->excess[z], tridiagonal->lateral[z], tridiagonal->along[z],
                             tridiagonal->along[z + 1]};
        eliminate(terms, count, eigenvalue, v + z * stride, z ? scratch + (z - 1) * pair : nothing,
                  scratch + z * pair, beyond);
    }
    substitute(0, count, scratch + (layers - 1) * pair, nothing, v + (layers - 1) * stride);
    for (size_t z = layers - 1; z-- > 0;)
        substitute(tridiagonal->along[z + 1], count, scratch + z * pair, v + (z + 1) * stride,
                   v + z * stride);
}
