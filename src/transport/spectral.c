/* Spectral transforms: cosines by complex FFT of two columns at once.
 *
 * Cosine transform II of real data by one FFT of the same length (Makhoul 1980, IEEE Trans. ASSP
 * 28:27): even rows upwards, then odd rows downwards, FFT, and a rotation by pi k / 2n. Columns 2m
 * and 2m + 1 are the real and the imaginary part of one complex column, so FFTW's vector code does
 * all the work; its real-to-real plans are scalar and take two to three times as long. Sines come
 * from cosines by alternating signs. Mixed ends use FFTW's types IV. Plans are estimated, never
 * measured: timing must not choose the bits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/spectral.h"

#include "base/clones.h"
#include "base/memory.h"

#include <fftw3.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { DOUBLES_PER_LINE = 8 };

static const double PI = 3.14159265358979323846;

static bool is_mixed(const lac_spectral *spectral)
{
    return spectral->ends == LAC_ENDS_HELD_LOW || spectral->ends == LAC_ENDS_HELD_HIGH;
}

/* --- creation ------------------------------------------------------------------------------- */

static void fill_tables(lac_spectral *spectral)
{
    const size_t n = spectral->n;
    const bool mixed = is_mixed(spectral), held = spectral->ends == LAC_ENDS_HELD;
    for (size_t j = 0; j < n; j++) {
        bool odd = j % 2 == 1;
        spectral->row[j] = mixed ? j : odd ? n - 1 - j / 2 : j / 2;
        spectral->sign[j] = held && odd ? -1 : 1;
        double wave = mixed ? (double)j + 0.5 : held ? (double)(n - j) : (double)j;
        double half = sin(PI * wave / (2 * (double)n));
        spectral->eigenvalue[j] = 4 * half * half;
    }
    for (size_t k = 0; k <= n / 2; k++) {
        spectral->cosine[k] = cos(PI * (double)k / (2 * (double)n));
        spectral->sine[k] = sin(PI * (double)k / (2 * (double)n));
    }
    spectral->lowest = held ? n - 1 : 0;
}

/* Out of place, `matrix` to `scratch`, for complex columns; in place for mixed ends. */
static void make_plans(lac_spectral *spectral, double *matrix, double *scratch)
{
    const int n = (int)spectral->n, width = (int)spectral->width;
    const int pairs = (int)((spectral->columns + 1) / 2);
    const unsigned flags = FFTW_ESTIMATE | FFTW_DESTROY_INPUT;
    fftw_complex *from = (fftw_complex *)matrix, *to = (fftw_complex *)scratch;
    if (is_mixed(spectral)) {
        fftw_r2r_kind kind = spectral->ends == LAC_ENDS_HELD_LOW ? FFTW_RODFT11 : FFTW_REDFT11;
        spectral->forward = fftw_plan_many_r2r(1, &n, (int)spectral->columns, matrix, NULL, width,
                                               1, matrix, NULL, width, 1, &kind, flags);
        return;
    }
    spectral->forward = fftw_plan_many_dft(1, &n, pairs, from, NULL, width / 2, 1, to, NULL,
                                           width / 2, 1, FFTW_FORWARD, flags);
    spectral->backward = fftw_plan_many_dft(1, &n, pairs, to, NULL, width / 2, 1, from, NULL,
                                            width / 2, 1, FFTW_BACKWARD, flags);
}

/* What the lowest coefficient is of data 1, and what it gives back. */
static void probe_lowest(lac_spectral *spectral, double *matrix, double *scratch)
{
    memset(matrix, 0, lac_spectral_size(spectral) * sizeof *matrix);
    for (size_t j = 0; j < spectral->n; j++)
        matrix[spectral->row[j] * spectral->width] = spectral->sign[j];
    lac_spectral_forward(spectral, matrix, scratch);
    spectral->feed = matrix[spectral->lowest * spectral->width];
    memset(matrix, 0, lac_spectral_size(spectral) * sizeof *matrix);
    matrix[spectral->lowest * spectral->width] = 1;
    lac_spectral_backward(spectral, matrix, scratch);
    spectral->read = 0;
    for (size_t j = 0; j < spectral->n; j++)
        spectral->read += spectral->sign[j] * matrix[spectral->row[j] * spectral->width];
}

lac_status lac_spectral_create(lac_ends ends, size_t n, size_t columns, lac_spectral **result)
{
    lac_status status = LAC_OK;
    lac_spectral *spectral = NULL;
    double *matrix = NULL, *scratch = NULL;
    LAC_NEW(spectral, 1);
    spectral->ends = ends;
    spectral->n = n;
    spectral->columns = columns;
    spectral->width = (columns + DOUBLES_PER_LINE - 1) / DOUBLES_PER_LINE * DOUBLES_PER_LINE;
    LAC_NEW(spectral->row, n);
    LAC_NEW(spectral->sign, n);
    LAC_NEW(spectral->eigenvalue, n);
    LAC_NEW(spectral->cosine, n / 2 + 1);
    LAC_NEW(spectral->sine, n / 2 + 1);
    LAC_NEW(matrix, lac_spectral_size(spectral));
    LAC_NEW(scratch, lac_spectral_size(spectral));
    fill_tables(spectral);
    if (n > 1) {
        make_plans(spectral, matrix, scratch);
        LAC_REQUIRE(spectral->forward && (spectral->backward || is_mixed(spectral)), LAC_MEMORY,
                    "FFTW has no plan for %zu columns of length %zu", columns, n);
    }
    probe_lowest(spectral, matrix, scratch);
    *result = spectral;
    spectral = NULL;
out:
    lac_free(matrix);
    lac_free(scratch);
    lac_spectral_free(spectral);
    return status;
}

void lac_spectral_free(lac_spectral *spectral)
{
    if (!spectral)
        return;
    if (spectral->forward)
        fftw_destroy_plan(spectral->forward);
    if (spectral->backward)
        fftw_destroy_plan(spectral->backward);
    lac_free(spectral->row);
    lac_free(spectral->sign);
    lac_free(spectral->eigenvalue);
    lac_free(spectral->cosine);
    lac_free(spectral->sine);
    lac_free(spectral);
}

size_t lac_spectral_size(const lac_spectral *spectral)
{
    return spectral->n * spectral->width;
}

/* --- the rotations -------------------------------------------------------------------------- */

typedef struct rotation {
    double c, s;
    size_t doubles; /* of a row that hold data, even */
} rotation;

/* Rows k and n - k of the FFT to coefficients k and n - k of both columns of each pair. */
LAC_CLONED static void rotate_forward(rotation r, const double *restrict z,
                                      const double *restrict mirror, double *restrict low,
                                      double *restrict high)
{
    const double c = 0.5 * r.c, s = 0.5 * r.s;
#pragma omp simd
    for (size_t m = 0; m < r.doubles; m += 2) {
        double sum_re = z[m] + mirror[m], sum_im = z[m + 1] + mirror[m + 1];
        double dif_re = z[m] - mirror[m], dif_im = z[m + 1] - mirror[m + 1];
        low[m] = c * sum_re + s * dif_im;
        low[m + 1] = c * sum_im - s * dif_re;
        high[m] = s * sum_re - c * dif_im;
        high[m + 1] = s * sum_im + c * dif_re;
    }
}

/* The reverse. */
LAC_CLONED static void rotate_backward(rotation r, const double *restrict low,
                                       const double *restrict high, double *restrict z,
                                       double *restrict mirror)
{
    const double c = r.c, s = r.s;
#pragma omp simd
    for (size_t m = 0; m < r.doubles; m += 2) {
        double re_a = c * low[m] + s * high[m], re_b = c * low[m + 1] + s * high[m + 1];
        double im_a = s * low[m] - c * high[m], im_b = s * low[m + 1] - c * high[m + 1];
        z[m] = re_a - im_b;
        z[m + 1] = re_b + im_a;
        mirror[m] = re_a + im_b;
        mirror[m + 1] = re_b - im_a;
    }
}

LAC_CLONED static void scale_row(double factor, size_t doubles, const double *restrict from,
                                 double *restrict to)
{
#pragma omp simd
    for (size_t m = 0; m < doubles; m++)
        to[m] = factor * from[m];
}

/* --- the transforms ------------------------------------------------------------------------- */

static void transform_mixed(const lac_spectral *spectral, double factor, double *matrix)
{
    fftw_execute_r2r(spectral->forward, matrix, matrix);
    for (size_t j = 0; j < spectral->n; j++)
        for (size_t m = 0; m < spectral->columns; m++)
            matrix[j * spectral->width + m] *= factor;
}

void lac_spectral_forward(const lac_spectral *spectral, double *matrix, double *scratch)
{
    const size_t n = spectral->n, width = spectral->width;
    rotation r = {.doubles = (spectral->columns + 1) / 2 * 2};
    if (n == 1)
        return;
    if (is_mixed(spectral)) {
        transform_mixed(spectral, 0.5, matrix);
        return;
    }
    fftw_execute_dft(spectral->forward, (fftw_complex *)matrix, (fftw_complex *)scratch);
    scale_row(1, r.doubles, scratch, matrix);
    for (size_t k = 1; 2 * k < n; k++) {
        r.c = spectral->cosine[k];
        r.s = spectral->sine[k];
        rotate_forward(r, scratch + k * width, scratch + (n - k) * width, matrix + k * width,
                       matrix + (n - k) * width);
    }
    if (n % 2 == 0)
        scale_row(spectral->cosine[n / 2], r.doubles, scratch + n / 2 * width,
                  matrix + n / 2 * width);
}

void lac_spectral_backward(const lac_spectral *spectral, double *matrix, double *scratch)
{
    const size_t n = spectral->n, width = spectral->width;
    const double each = 1 / (double)n;
    rotation r = {.doubles = (spectral->columns + 1) / 2 * 2};
    if (n == 1)
        return;
    if (is_mixed(spectral)) {
        transform_mixed(spectral, each, matrix);
        return;
    }
    scale_row(each, r.doubles, matrix, scratch);
    for (size_t k = 1; 2 * k < n; k++) {
        r.c = each * spectral->cosine[k];
        r.s = each * spectral->sine[k];
        rotate_backward(r, matrix + k * width, matrix + (n - k) * width, scratch + k * width,
                        scratch + (n - k) * width);
    }
    if (n % 2 == 0)
        scale_row(2 * each * spectral->cosine[n / 2], r.doubles, matrix + n / 2 * width,
                  scratch + n / 2 * width);
    fftw_execute_dft(spectral->backward, (fftw_complex *)scratch, (fftw_complex *)matrix);
}
