/* Pieces: loops without branches over at most LAC_BLOCK elements. The partial sums of a dot product
 * are lanes of their own, so that its order does not depend on the width of vectors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/pieces.h"

#include "base/clones.h"

enum { LANES = 8 };

size_t lac_piece_size(size_t length, size_t piece)
{
    size_t left = length - piece * LAC_BLOCK;
    return left < LAC_BLOCK ? left : LAC_BLOCK;
}

LAC_CLONED double lac_piece_dot(const double *restrict weight, const double *restrict a,
                                const double *restrict b, size_t count)
{
    double lane[LANES] = {0};
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t n = 0; n < LANES; n++)
            lane[n] += weight[i + n] * a[i + n] * b[i + n];
    }
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += weight[i] * a[i] * b[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

LAC_CLONED void lac_piece_add(double *restrict y, double factor, const double *restrict x,
                              size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        y[i] += factor * x[i];
}

LAC_CLONED void lac_piece_mix(double *restrict y, double own, double factor,
                              const double *restrict x, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        y[i] = own * y[i] + factor * x[i];
}

LAC_CLONED void lac_piece_residual(double *restrict r, const double *restrict x, double g,
                                   const double *restrict j, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        r[i] = (r[i] - x[i]) + g * j[i];
}

LAC_CLONED void lac_piece_scale(double *y, double factor, const double *x, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        y[i] = factor * x[i];
}
