/* Small dense systems.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_DENSE_H
#define LAC_NETWORK_DENSE_H

#include <stddef.h>

/* LU with partial pivoting by rows, in place; the first column without a pivot, or n. */
size_t lac_dense_factor(double *a, size_t *pivot, size_t n);
void lac_dense_solve(const double *a, const size_t *pivot, size_t n, double *v);

#endif
