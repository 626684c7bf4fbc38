/* Strips: loops without branches, one a function. Sums have eight lanes of their own, added in one
 * order, so that their bits do not depend on the width of vectors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strips.h"

#include "base/clones.h"

#include <math.h>

enum { LANES = 8 };

LAC_INLINE double folded(const double lane[LANES])
{
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

LAC_CLONED double lac_strip_sum(const double *a, size_t count)
{
    double lane[LANES] = {0};
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t k = 0; k < LANES; k++)
            lane[k] += a[i + k];
    }
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += a[i];
    return folded(lane);
}

LAC_CLONED double lac_strip_dot(const double *restrict a, const double *restrict b, size_t count)
{
    double lane[LANES] = {0};
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t k = 0; k < LANES; k++)
            lane[k] += a[i + k] * b[i + k];
    }
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += a[i] * b[i];
    return folded(lane);
}

LAC_CLONED double lac_strip_weighted_dot(const double *restrict weight, const double *restrict a,
                                         const double *restrict b, size_t count)
{
    double lane[LANES] = {0};
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t k = 0; k < LANES; k++)
            lane[k] += weight[i + k] * a[i + k] * b[i + k];
    }
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += weight[i] * a[i] * b[i];
    return folded(lane);
}

LAC_CLONED void lac_strip_fill(double *to, double value, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = value;
}

LAC_CLONED void lac_strip_select(double *to, const double *from, const double *mask, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double value = from[i];
        to[i] = mask[i] != 0 ? value : 0;
    }
}

int lac_strip_all(const double *mask, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (mask[i] == 0)
            return 0;
    return 1;
}

LAC_CLONED void lac_strip_add(double *to, double value, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += value;
}

LAC_CLONED void lac_strip_scale(double *to, double factor, const double *a, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = factor * a[i];
}

LAC_CLONED void lac_strip_add_scaled(double *to, double factor, const double *a, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += factor * a[i];
}

LAC_CLONED void lac_strip_add_two(double *to, double factor, double *other, double other_factor,
                                  const double *a, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double value = a[i];
        to[i] += factor * value;
        other[i] += other_factor * value;
    }
}

LAC_CLONED void lac_strip_mix(double *restrict to, double own, double factor,
                              const double *restrict a, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = own * to[i] + factor * a[i];
}

LAC_CLONED void lac_strip_residual(double *restrict r, const double *restrict x, double g,
                                   const double *restrict j, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        r[i] = (r[i] - x[i]) + g * j[i];
}

LAC_CLONED void lac_strip_multiply(double *to, const double *a, const double *b, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] = a[i] * b[i];
}

LAC_CLONED void lac_strip_add_product(double *to, const double *a, const double *b, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] += a[i] * b[i];
}

LAC_CLONED void lac_strip_subtract_product(double *to, const double *a, const double *b,
                                           size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        to[i] -= a[i] * b[i];
}

/* a := 1 / a; NaN when some a is 0 or not finite, else 0. */
LAC_CLONED static double invert(double *a, size_t count)
{
    double lane[LANES] = {0};
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t k = 0; k < LANES; k++) {
            double inverse = 1 / a[i + k];
            lane[k] += (inverse + a[i + k]) * 0;
            a[i + k] = inverse;
        }
    }
    for (size_t i = whole; i < count; i++) {
        double inverse = 1 / a[i];
        lane[i - whole] += (inverse + a[i]) * 0;
        a[i] = inverse;
    }
    return folded(lane);
}

size_t lac_strip_invert(double *a, size_t count)
{
    if (invert(a, count) == 0)
        return count;
    size_t bad = 0; /* a is inverted by now: what was infinite is 0, and the other way round */
    while (fabs(a[bad]) > 0 && !isinf(a[bad]))
        bad++;
    return bad;
}
