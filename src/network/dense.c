/* Small dense systems: elimination with partial pivoting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/dense.h"

#include <math.h>

static void exchange_rows(double *a, size_t n, size_t row, size_t other)
{
    for (size_t j = 0; row != other && j < n; j++) {
        double kept = a[row * n + j];
        a[row * n + j] = a[other * n + j];
        a[other * n + j] = kept;
    }
}

size_t lac_dense_factor(double *a, size_t *pivot, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
                best = i;
        pivot[k] = best;
        exchange_rows(a, n, k, best);
        if (!(fabs(a[k * n + k]) > 0) || isinf(a[k * n + k]))
            return k;
        for (size_t i = k + 1; i < n; i++) {
            double multiplier = a[i * n + k] / a[k * n + k];
            a[i * n + k] = multiplier;
            for (size_t j = k + 1; multiplier != 0 && j < n; j++)
                a[i * n + j] -= multiplier * a[k * n + j];
        }
    }
    return n;
}

void lac_dense_solve(const double *a, const size_t *pivot, size_t n, double *v)
{
    for (size_t k = 0; k < n; k++) {
        double kept = v[k];
        v[k] = v[pivot[k]];
        v[pivot[k]] = kept;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            v[i] -= a[i * n + j] * v[j];
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            v[i] -= a[i * n + j] * v[j];
        v[i] /= a[i * n + i];
    }
}
