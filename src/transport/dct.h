/* Discrete cosine transforms and their kin: the eigenvectors of one axis of constant diffusivity,
 * applied along the rows of a matrix to all of its columns at once.
 *
 * Ends are Neumann (no flux through the outer face) or Dirichlet (a value at the outer face). With
 * both ends Neumann X_k = sum_j x_j cos(pi (j + 1/2) k / n), eigenvalue 4 sin^2(pi k / 2n)
 * (discrete cosine transform II; Strang 1999, SIAM Review 41:135); Dirichlet ends take sines, mixed
 * ends type IV.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_DCT_H
#define LAC_TRANSPORT_DCT_H

#include "base/status.h"

#include <stddef.h>

typedef enum lac_axis_ends {
    LAC_ENDS_NEUMANN,
    LAC_ENDS_DIRICHLET,
    LAC_ENDS_DIRICHLET_LOW,
    LAC_ENDS_DIRICHLET_HIGH,
    LAC_ENDS_COUNT
} lac_axis_ends;

typedef struct lac_dct {
    lac_axis_ends ends;
    size_t n;                 /* rows: length of the axis */
    size_t columns;           /* that hold data */
    size_t width;             /* doubles from row to row of a matrix: a multiple of 8 */
    size_t *row;              /* owned [n]: row j of the data sits in row row[j] of a matrix */
    double *sign;             /* owned [n]: ... times this */
    double *cosine, *sine;    /* owned [n / 2 + 1] */
    double *eigenvalue;       /* owned [n], of coefficient k */
    size_t lowest;            /* coefficient with the least eigenvalue */
    double forward_scale;     /* its value for data 1 */
    double backward_scale;    /* the sum over the axis of the data that its unit makes */
    void *forward, *backward; /* owned FFTW plans */
} lac_dct;

/* n >= 1. With n = 1 the transforms do nothing, but eigenvalues hold. */
lac_status lac_dct_create(lac_axis_ends ends, size_t n, size_t columns, lac_dct **dct);
void lac_dct_free(lac_dct *dct);

/* Doubles of one matrix. */
size_t lac_dct_size(const lac_dct *dct);

/* `matrix` and `scratch` of that size, aligned to 64 bytes. Forward: rows as placed by row and sign
 * (an odd number of columns: the next one 0) to coefficients in order; backward: the reverse. */
void lac_dct_forward(const lac_dct *dct, double *matrix, double *scratch);
void lac_dct_backward(const lac_dct *dct, double *matrix, double *scratch);

#endif
