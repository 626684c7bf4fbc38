/* Spectral transforms: cosines by complex FFT of two columns at once.
 *
 * Cosine transform II of real data by one FFT of the same length (Makhoul 1980, IEEE Trans. ASSP
 * 28:27): even rows upwards, then odd rows downwards, FFT, and a rotation by pi k / 2n. Columns 2m
 * and 2m + 1 are the real and the imaginary part of one complex column, so FFTW's vector code does
 * all the work; its real-to-real plans are scalar and take two to three times as long. Sines come
 * from cosines by alternating signs. Mixed ends use FFTW's types IV. Plans are estimated, never
 * measured: timing must not choose the bits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dct.h"

#include "base/clones.h"
#include "base/memory.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

enum { DOUBLES_PER_LINE = 8 };

static const double PI = 3.14159265358979323846;

static bool is_mixed(const lac_dct *dct)
{
    return dct->ends == LAC_ENDS_DIRICHLET_LOW || dct->ends == LAC_ENDS_DIRICHLET_HIGH;
}

/* --- creation ------------------------------------------------------------------------------- */

static void fill_tables(lac_dct *dct)
{
    const size_t n = dct->n;
    const bool mixed = is_mixed(dct), held = dct->ends == LAC_ENDS_DIRICHLET;
    for (size_t j = 0; j < n; j++) {
        bool odd = j % 2 == 1;
        dct->row[j] = mixed ? j : odd ? n - 1 - j / 2 : j / 2;
        dct->sign[j] = held && odd ? -1 : 1;
        double wave = mixed ? (double)j + 0.5 : held ? (double)(n - j) : (double)j;
        double half = sin(PI * wave / (2 * (double)n));
        dct->eigenvalue[j] = 4 * half * half;
    }
    for (size_t k = 0; k <= n / 2; k++) {
        dct->cosine[k] = cos(PI * (double)k / (2 * (double)n));
        dct->sine[k] = sin(PI * (double)k / (2 * (double)n));
    }
    dct->lowest = held ? n - 1 : 0;
}

/* FFTW plans one at a time, whoever asks. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

/* Out of place, `matrix` to `scratch`, for complex columns; in place for mixed ends. */
static void make_plans(lac_dct *dct, double *matrix, double *scratch)
{
    const int n = (int)dct->n, width = (int)dct->width;
    const int pairs = (int)((dct->columns + 1) / 2);
    const unsigned flags = FFTW_ESTIMATE | FFTW_DESTROY_INPUT;
    fftw_complex *from = (fftw_complex *)matrix, *to = (fftw_complex *)scratch;
    if (is_mixed(dct)) {
        fftw_r2r_kind kind = dct->ends == LAC_ENDS_DIRICHLET_LOW ? FFTW_RODFT11 : FFTW_REDFT11;
        dct->forward = fftw_plan_many_r2r(1, &n, (int)dct->columns, matrix, NULL, width, 1, matrix,
                                          NULL, width, 1, &kind, flags);
        return;
    }
    dct->forward = fftw_plan_many_dft(1, &n, pairs, from, NULL, width / 2, 1, to, NULL, width / 2,
                                      1, FFTW_FORWARD, flags);
    dct->backward = fftw_plan_many_dft(1, &n, pairs, to, NULL, width / 2, 1, from, NULL, width / 2,
                                       1, FFTW_BACKWARD, flags);
}

/* What the lowest coefficient is of data 1, and what it gives back. */
static void probe_lowest(lac_dct *dct, double *matrix, double *scratch)
{
    memset(matrix, 0, lac_dct_size(dct) * sizeof *matrix);
    for (size_t j = 0; j < dct->n; j++)
        matrix[dct->row[j] * dct->width] = dct->sign[j];
    lac_dct_forward(dct, matrix, scratch);
    dct->forward_scale = matrix[dct->lowest * dct->width];
    memset(matrix, 0, lac_dct_size(dct) * sizeof *matrix);
    matrix[dct->lowest * dct->width] = 1;
    lac_dct_backward(dct, matrix, scratch);
    dct->backward_scale = 0;
    for (size_t j = 0; j < dct->n; j++)
        dct->backward_scale += dct->sign[j] * matrix[dct->row[j] * dct->width];
}

lac_status lac_dct_create(lac_axis_ends ends, size_t n, size_t columns, lac_dct **result)
{
    lac_status status = LAC_OK;
    lac_dct *dct = NULL;
    double *matrix = NULL, *scratch = NULL;
    LAC_NEW(dct, 1);
    dct->ends = ends;
    dct->n = n;
    dct->columns = columns;
    dct->width = (columns + DOUBLES_PER_LINE - 1) / DOUBLES_PER_LINE * DOUBLES_PER_LINE;
    LAC_NEW(dct->row, n);
    LAC_NEW(dct->sign, n);
    LAC_NEW(dct->eigenvalue, n);
    LAC_NEW(dct->cosine, n / 2 + 1);
    LAC_NEW(dct->sine, n / 2 + 1);
    LAC_NEW(matrix, lac_dct_size(dct));
    LAC_NEW(scratch, lac_dct_size(dct));
    fill_tables(dct);
    if (n > 1) {
        pthread_mutex_lock(&planner);
        make_plans(dct, matrix, scratch);
        pthread_mutex_unlock(&planner);
        LAC_REQUIRE(dct->forward && (dct->backward || is_mixed(dct)), LAC_MEMORY,
                    "FFTW has no plan for %zu columns of length %zu", columns, n);
    }
    probe_lowest(dct, matrix, scratch);
    *result = dct;
    dct = NULL;
out:
    lac_free(matrix);
    lac_free(scratch);
    lac_dct_free(dct);
    return status;
}

void lac_dct_free(lac_dct *dct)
{
    if (!dct)
        return;
    pthread_mutex_lock(&planner);
    if (dct->forward)
        fftw_destroy_plan(dct->forward);
    if (dct->backward)
        fftw_destroy_plan(dct->backward);
    pthread_mutex_unlock(&planner);
    lac_free(dct->row);
    lac_free(dct->sign);
    lac_free(dct->eigenvalue);
    lac_free(dct->cosine);
    lac_free(dct->sine);
    lac_free(dct);
}

size_t lac_dct_size(const lac_dct *dct)
{
    return dct->n * dct->width;
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

static void transform_mixed(const lac_dct *dct, double factor, double *matrix)
{
    fftw_execute_r2r(dct->forward, matrix, matrix);
    for (size_t j = 0; j < dct->n; j++)
        for (size_t m = 0; m < dct->columns; m++)
            matrix[j * dct->width + m] *= factor;
}

void lac_dct_forward(const lac_dct *dct, double *matrix, double *scratch)
{
    const size_t n = dct->n, width = dct->width;
    rotation r = {.doubles = (dct->columns + 1) / 2 * 2};
    if (n == 1)
        return;
    if (is_mixed(dct)) {
        transform_mixed(dct, 0.5, matrix);
        return;
    }
    fftw_execute_dft(dct->forward, (fftw_complex *)matrix, (fftw_complex *)scratch);
    scale_row(1, r.doubles, scratch, matrix);
    for (size_t k = 1; 2 * k < n; k++) {
        r.c = dct->cosine[k];
        r.s = dct->sine[k];
        rotate_forward(r, scratch + k * width, scratch + (n - k) * width, matrix + k * width,
                       matrix + (n - k) * width);
    }
    if (n % 2 == 0)
        scale_row(dct->cosine[n / 2], r.doubles, scratch + n / 2 * width, matrix + n / 2 * width);
}

void lac_dct_backward(const lac_dct *dct, double *matrix, double *scratch)
{
    const size_t n = dct->n, width = dct->width;
    const double each = 1 / (double)n;
    rotation r = {.doubles = (dct->columns + 1) / 2 * 2};
    if (n == 1)
        return;
    if (is_mixed(dct)) {
        transform_mixed(dct, each, matrix);
        return;
    }
    scale_row(each, r.doubles, matrix, scratch);
    for (size_t k = 1; 2 * k < n; k++) {
        r.c = each * dct->cosine[k];
        r.s = each * dct->sine[k];
        rotate_backward(r, matrix + k * width, matrix + (n - k) * width, scratch + k * width,
                        scratch + (n - k) * width);
    }
    if (n % 2 == 0)
        scale_row(2 * each * dct->cosine[n / 2], r.doubles, matrix + n / 2 * width,
                  scratch + n / 2 * width);
    fftw_execute_dft(dct->backward, (fftw_complex *)scratch, (fftw_complex *)matrix);
}
