/* The plain twin of cells in a continuous ligand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/piecewise.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = PIECEWISE_SITES };

/* u(t + span) = pass u(t) + made s, with s the sources [molecules/s]. */
typedef struct propagator {
    double pass[N][N], made[N][N];
} propagator;

/* exp(span [[L, 1], [0, 0]]) holds both. */
static void find(const piecewise *p, double span, propagator *out)
{
    gsl_matrix *a = gsl_matrix_calloc(2 * N, 2 * N), *e = gsl_matrix_alloc(2 * N, 2 * N);
    for (size_t i = 0; i < N; i++) {
        double leaving = p->loss;
        for (int side = -1; side <= 1; side += 2) {
            size_t j = i + (size_t)side;
            if (j >= N)
                continue;
            gsl_matrix_set(a, i, j, span * p->hop);
            leaving += p->hop;
        }
        gsl_matrix_set(a, i, i, -span * leaving);
        gsl_matrix_set(a, i, N + i, span);
    }
    gsl_linalg_exponential_ss(a, e, GSL_PREC_DOUBLE);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            out->pass[i][j] = gsl_matrix_get(e, i, j);
            out->made[i][j] = gsl_matrix_get(e, i, N + j);
        }
    gsl_matrix_free(a);
    gsl_matrix_free(e);
}

static void advance(const piecewise *p, const propagator *by, const int *on, double *u)
{
    double next[N] = {0};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            next[i] += by->pass[i][j] * u[j] + by->made[i][j] * p->source * (on[j] ? p->fold : 1);
    memcpy(u, next, sizeof next);
}

static void toss(const piecewise *p, lac_stream *stream, const double *u, int *on)
{
    for (int i = 0; i < N; i++) {
        double x = u[i] / p->level, y = x * x;
        double hazard =
            on[i] ? p->down * (1 + p->hold / (1 + y)) : p->up * (1 + p->gain * y / (1 + y));
        if (lac_stream_unit(stream) < -expm1(-hazard * p->step))
            on[i] = !on[i];
    }
}

static void keep(const int *on, const double *u, double *out)
{
    for (int i = 0; i < N; i++) {
        out[i] = !on[i];
        out[N + i] = on[i];
        out[2 * N + i] = u[i];
    }
}

sample piecewise_draw(const piecewise *p, uint64_t seed, size_t replicates)
{
    sample s = {.replicates = replicates, .frames = p->frames, .columns = 3 * N};
    const int steps = (int)round(p->every / p->step);
    propagator half;
    find(p, p->step / 2, &half);
    s.value = malloc(replicates * s.frames * s.columns * sizeof *s.value);
    if (!s.value)
        abort();
#pragma omp parallel for schedule(dynamic, 16)
    for (size_t r = 0; r < replicates; r++) {
        lac_stream stream;
        int on[N] = {0};
        double u[N] = {0};
        lac_stream_open(&stream, lac_random_key_of(seed, r, LAC_FOR_TESTS), 0);
        for (size_t frame = 0; frame < s.frames; frame++) {
            for (int k = 0; frame > 0 && k < steps; k++) {
                advance(p, &half, on, u);
                toss(p, &stream, u, on);
                advance(p, &half, on, u);
            }
            keep(on, u, s.value + (r * s.frames + frame) * s.columns);
        }
    }
    return s;
}
