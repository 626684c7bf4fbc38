/* Banded: A = L D L^T without pivoting.
 *
 * The diagonal is never stored: the pivot is the surplus of its row plus its links to later rows,
 * and elimination passes surplus on (Grassmann, Taksar & Heyman 1985, Oper. Res. 33:1107). Only
 * positive numbers are added, so nothing cancels however large g D / h^2 is. The work is rows *
 * width^2 / 2 for a factor and 2 rows * width for a solve, which reads every multiplier twice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/banded.h"

#include "base/clones.h"
#include "base/memory.h"

#include <string.h>

enum { LANES = 8 };

lac_status lac_banded_create(size_t rows, size_t half_bandwidth, lac_banded *band)
{
    lac_status status = LAC_OK;
    band->rows = rows;
    band->width = (half_bandwidth + LANES - 1) / LANES * LANES;
    LAC_NEW(band->link, rows * band->width);
    LAC_NEW(band->excess, rows);
out:
    return status;
}

void lac_banded_free(lac_banded *band)
{
    lac_free(band->link);
    lac_free(band->excess);
    *band = (lac_banded){0};
}

void lac_banded_clear(lac_banded *band)
{
    memset(band->link, 0, band->rows * band->width * sizeof *band->link);
    memset(band->excess, 0, band->rows * sizeof *band->excess);
}

size_t lac_banded_length(const lac_banded *band)
{
    return band->rows + band->width;
}

static double sum_of(const double *a, size_t count)
{
    double lane[LANES] = {0};
    for (size_t i = 0; i < count; i += LANES)
        for (size_t n = 0; n < LANES; n++)
            lane[n] += a[i + n];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* Row j = i + 1 + k gains multiplier times the links of row i beyond it. */
LAC_INLINE void pass_on(const double *restrict row, double multiplier, size_t count,
                        double *restrict to)
{
#pragma omp simd
    for (size_t l = 0; l < count; l++)
        to[l] += multiplier * row[l];
}

/* Eliminates the first row of `link`; `left` rows follow it. */
LAC_CLONED static void eliminate(double *restrict link, double *restrict excess, size_t width,
                                 size_t left)
{
    const double pivot = excess[0] + sum_of(link, width), inverse = 1 / pivot;
    const size_t reach = left < width ? left : width;
    for (size_t k = 0; k < reach; k++) {
        double multiplier = link[k] * inverse;
        if (multiplier == 0)
            continue;
        excess[k + 1] += multiplier * excess[0];
        pass_on(link + k + 1, multiplier, width - k - 1, link + (k + 1) * width);
    }
    for (size_t k = 0; k < width; k++)
        link[k] *= inverse;
    excess[0] = inverse;
}

void lac_banded_factor(lac_banded *band)
{
    for (size_t i = 0; i < band->rows; i++)
        eliminate(band->link + i * band->width, band->excess + i, band->width, band->rows - 1 - i);
}

LAC_CLONED static void sweep_down(const lac_banded *band, double *restrict x)
{
    const size_t rows = band->rows, width = band->width;
    for (size_t i = 0; i < rows; i++) {
        const double own = x[i];
        const double *restrict link = band->link + i * width;
        double *restrict next = x + i + 1;
#pragma omp simd
        for (size_t k = 0; k < width; k++)
            next[k] += own * link[k];
    }
}

LAC_CLONED static void sweep_up(const lac_banded *band, double *restrict x)
{
    const size_t rows = band->rows, width = band->width;
    for (size_t i = rows; i-- > 0;) {
        const double *restrict link = band->link + i * width, *restrict next = x + i + 1;
        double lane[LANES] = {0};
        for (size_t k = 0; k < width; k += LANES) {
#pragma omp simd
            for (size_t n = 0; n < LANES; n++)
                lane[n] += link[k + n] * next[k + n];
        }
        x[i] = x[i] * band->excess[i] + (((lane[0] + lane[4]) + (lane[2] + lane[6])) +
                                         ((lane[1] + lane[5]) + (lane[3] + lane[7])));
    }
}

void lac_banded_solve(const lac_banded *band, double *x)
{
    sweep_down(band, x);
    memset(x + band->rows, 0, band->width * sizeof *x);
    sweep_up(band, x);
}
