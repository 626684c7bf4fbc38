/* Locally one-dimensional backward Euler: Thomas sweeps with factors computed once. Rows along x
 * are solved eight at a time through a transposed buffer; along y and z the inner loop runs over x.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/lod.h"

#include "base/memory.h"

#include <string.h>

enum { ROWS = 8 };

/* The factors of one axis: u_i := (u_i + r u_{i-1}) inverse_i, then u_i += back_i u_{i+1}. */
typedef struct axis {
    double r;
    double *inverse; /* owned [n] */
    double *back;    /* owned [n] */
} axis;

struct lod {
    lod_problem problem;
    axis axis[3];
};

void lod_free(lod *solver)
{
    if (!solver)
        return;
    for (size_t k = 0; k < 3; k++) {
        lac_free(solver->axis[k].inverse);
        lac_free(solver->axis[k].back);
    }
    lac_free(solver);
}

static lac_status axis_create(const lod_problem *problem, size_t n, axis *a)
{
    lac_status status = LAC_OK;
    a->r = problem->step * problem->diffusivity / (problem->h * problem->h);
    LAC_NEW(a->inverse, n);
    LAC_NEW(a->back, n);
    for (size_t i = 0; i < n; i++) {
        double neighbours = (i > 0) + (i + 1 < n);
        double diagonal = 1 + problem->step * problem->loss / 3 + a->r * neighbours;
        double carried = i > 0 ? a->r * a->back[i - 1] : 0;
        a->inverse[i] = 1 / (diagonal - carried);
        a->back[i] = a->r * a->inverse[i];
    }
out:
    return status;
}

lod *lod_create(const lod_problem *problem)
{
    lac_status status = LAC_OK;
    lod *solver = NULL;
    LAC_NEW(solver, 1);
    solver->problem = *problem;
    for (size_t k = 0; k < 3; k++)
        LAC_TRY(axis_create(problem, problem->n[k], &solver->axis[k]));
out:
    if (status != LAC_OK) {
        lod_free(solver);
        solver = NULL;
    }
    return solver;
}

static void forward(const axis *a, size_t i, double *restrict row, const double *restrict before,
                    size_t count)
{
    double r = a->r, inverse = a->inverse[i];
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        row[k] = (row[k] + r * before[k]) * inverse;
}

static void backward(const axis *a, size_t i, double *restrict row, const double *restrict after,
                     size_t count)
{
    double back = a->back[i];
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        row[k] += back * after[k];
}

/* Lines whose members are `stride` apart, `count` of them side by side from u on. */
static void sweep(const axis *a, size_t n, double *u, size_t stride, size_t count)
{
    for (size_t k = 0; k < count; k++)
        u[k] *= a->inverse[0];
    for (size_t i = 1; i < n; i++)
        forward(a, i, u + i * stride, u + (i - 1) * stride, count);
    for (size_t i = n - 1; i-- > 0;)
        backward(a, i, u + i * stride, u + (i + 1) * stride, count);
}

static void sweep_rows(const axis *a, size_t n, double *u, size_t rows, double *buffer)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < n; i++)
            buffer[i * ROWS + row] = u[row * n + i];
    sweep(a, n, buffer, ROWS, ROWS);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < n; i++)
            u[row * n + i] = buffer[i * ROWS + row];
}

/* Sweeps along x and y stay within a plane, so that a plane is in the cache for both. */
static void sweep_plane(const lod *s, double *plane)
{
    size_t nx = s->problem.n[0], ny = s->problem.n[1];
    double buffer[ROWS * 512];
    for (size_t y = 0; y < ny; y += ROWS)
        sweep_rows(&s->axis[0], nx, plane + y * nx, ny - y < ROWS ? ny - y : ROWS, buffer);
    sweep(&s->axis[1], ny, plane, nx, nx);
}

void lod_step(lod *s, double *u, size_t voxel, double source)
{
    const size_t *n = s->problem.n;
    size_t plane = n[0] * n[1], voxels = plane * n[2], fields = s->problem.fields;
    for (size_t field = 0; field < fields; field++)
        u[field * voxels + voxel] += s->problem.step * source;
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (size_t k = 0; k < fields * n[2]; k++)
            sweep_plane(s, u + k * plane);
#pragma omp for schedule(static)
        for (size_t k = 0; k < fields * n[1]; k++)
            sweep(&s->axis[2], n[2], u + k / n[1] * voxels + k % n[1] * n[0], plane, n[0]);
    }
}
