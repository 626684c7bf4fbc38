/* Banded: symmetric matrices whose off-diagonals are not positive and whose rows have a surplus,
 * such as implicit diffusion, factored within a band.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_BANDED_H
#define LAC_TRANSPORT_BANDED_H

#include "base/status.h"

#include <stddef.h>

/* Entry (i, i + 1 + k) of the matrix is -link[i * width + k]; entry (i, i) is excess[i] plus all
 * links of row i on both sides. */
typedef struct lac_banded {
    size_t rows;
    size_t width;   /* links of a row: the half bandwidth, rounded up to a multiple of 8 */
    double *link;   /* owned [rows][width]: after factoring, multipliers */
    double *excess; /* owned [rows]: > 0; after factoring, 1 / pivot */
} lac_banded;

lac_status lac_banded_create(size_t rows, size_t half_bandwidth, lac_banded *band);
void lac_banded_free(lac_banded *band);

/* All links and the surplus to 0. */
void lac_banded_clear(lac_banded *band);

/* In place; cannot fail for positive surplus. */
void lac_banded_factor(lac_banded *band);

/* x := A^-1 x; x has rows + width elements, the last `width` of them 0. */
void lac_banded_solve(const lac_banded *band, double *x);

/* Elements of x. */
size_t lac_banded_length(const lac_banded *band);

#endif
