/* GMRES with left preconditioning (Saad & Schultz 1986, SIAM J. Sci. Stat. Comput. 7:856).
 *
 * The search starts at x = P^-1 b. When P keeps a linear invariant of J (w J = 0 gives w P^-1 = w),
 * then w x = w b holds at once and every later vector is orthogonal to w: conservation does not
 * wait for convergence. Orthogonalisation is classical Gram-Schmidt, a second time when much
 * cancelled (Giraud et al. 2005, Numer. Math. 101:87: twice is enough). All sums have a fixed
 * order. Where P is I - g J but for rounding, the residual that is looked at is used to refine x
 * once: what rounding has done to sums that J conserves is taken back. Limit: no restarts; a solve
 * that needs more than `most` vectors is given up.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/krylov.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/strips.h"
#include "base/vector.h"

#include <float.h>
#include <math.h>

enum { PARALLEL_FROM = 64, VECTORS_AT_FIRST = 3 };

/* A new vector shorter than this share of the old one is orthogonalised again. */
static const double CANCELLED = 0.7;

/* A residual above this share of P^-1 b is not accepted, however small both are: so a steady state
 * is approached until the increments are rounding, and does not stop at the tolerance. */
static const double SHARE = 0.1;

/* Residuals cannot be smaller than this times the norm of P^-1 b. */
static const double ROUNDING = 100 * DBL_EPSILON;

struct lac_krylov {
    const lac_system *system; /* borrowed */
    size_t most;
    double **basis;      /* owned [most + 1] */
    double **basis_rate; /* owned [most]: rates of J basis[k] */
    size_t held;         /* basis[0 .. held - 1] are allocated */
    double *hessenberg;  /* owned [most][most + 1], by columns */
    double *cosine;      /* owned [most]: Givens rotations */
    double *sine;        /* owned [most] */
    double *residual;    /* owned [most + 1] */
    double *partial;     /* owned [blocks][most + 1] */
    double *dots;        /* owned [most + 2] */
    size_t iterations;
};

lac_status lac_krylov_create(const lac_system *system, size_t most, lac_krylov **krylov)
{
    lac_status status = LAC_OK;
    lac_krylov *k = NULL;
    LAC_NEW(k, 1);
    k->system = system;
    k->most = most;
    LAC_NEW(k->basis, most + 1);
    LAC_NEW(k->basis_rate, most);
    for (size_t i = 0; i < most; i++)
        LAC_NEW(k->basis_rate[i], system->rates);
    LAC_NEW(k->hessenberg, most * (most + 1));
    LAC_NEW(k->cosine, most);
    LAC_NEW(k->sine, most);
    LAC_NEW(k->residual, most + 1);
    LAC_NEW(k->partial, lac_blocks(system->length) * (most + 1));
    LAC_NEW(k->dots, most + 2);
    while (k->held < VECTORS_AT_FIRST && k->held < most + 1) {
        LAC_NEW(k->basis[k->held], system->length);
        k->held++;
    }
    *krylov = k;
    k = NULL;
out:
    lac_krylov_free(k);
    return status;
}

void lac_krylov_free(lac_krylov *krylov)
{
    if (!krylov)
        return;
    for (size_t i = 0; i < krylov->held; i++)
        lac_free(krylov->basis[i]);
    for (size_t i = 0; krylov->basis_rate && i < krylov->most; i++)
        lac_free(krylov->basis_rate[i]);
    lac_free(krylov->basis);
    lac_free(krylov->basis_rate);
    lac_free(krylov->hessenberg);
    lac_free(krylov->cosine);
    lac_free(krylov->sine);
    lac_free(krylov->residual);
    lac_free(krylov->partial);
    lac_free(krylov->dots);
    lac_free(krylov);
}

size_t lac_krylov_iterations(const lac_krylov *krylov)
{
    return krylov->iterations;
}

/* --- vectors, a piece at a time -------------------------------------------------------------- */

static int team_for(size_t pieces)
{
    return LAC_TEAM(pieces >= PARALLEL_FROM);
}

/* The partial sums of all pieces, added in order: total[0 .. width - 1]. */
static void add_partials(const lac_krylov *k, size_t width, double *total)
{
    size_t pieces = lac_blocks(k->system->length);
    for (size_t n = 0; n < width; n++)
        total[n] = 0;
    for (size_t piece = 0; piece < pieces; piece++)
        for (size_t n = 0; n < width; n++)
            total[n] += k->partial[piece * width + n];
}

static void project_piece(const lac_krylov *k, const double *weight, const double *v, size_t count,
                          size_t piece)
{
    size_t first = piece * LAC_BLOCK, size = lac_block_size(k->system->length, piece);
    double *partial = k->partial + piece * (count + 1);
    for (size_t n = 0; n <= count; n++) {
        const double *other = n < count ? k->basis[n] : v;
        partial[n] = lac_strip_weighted_dot(weight + first, v + first, other + first, size);
    }
}

/* dots[n] = <v, basis[n]> for n < count, and dots[count] = <v, v>. */
static void project(const lac_krylov *k, const double *weight, const double *v, size_t count)
{
    size_t pieces = lac_blocks(k->system->length);
    LAC_FOR_EACH(piece, pieces, team_for(pieces), project_piece(k, weight, v, count, piece));
    add_partials(k, count + 1, k->dots);
}

/* Factors of the first `count` vectors, and the weights of the norm. */
typedef struct combination {
    const double *weight, *factor;
    size_t count;
} combination;

static void combine_piece(const lac_krylov *k, const combination *c, double *v, size_t piece)
{
    size_t first = piece * LAC_BLOCK, size = lac_block_size(k->system->length, piece);
    for (size_t n = 0; n < c->count; n++)
        lac_strip_add_scaled(v + first, c->factor[n], k->basis[n] + first, size);
    k->partial[piece] = lac_strip_weighted_dot(c->weight + first, v + first, v + first, size);
}

/* v += sum over n < count of factor[n] * basis[n]; returns the norm of the new v. */
static double subtract_combination(const lac_krylov *k, const double *weight, const double *factor,
                                   size_t count, double *v)
{
    size_t pieces = lac_blocks(k->system->length);
    const combination c = {weight, factor, count};
    LAC_FOR_EACH(piece, pieces, team_for(pieces), combine_piece(k, &c, v, piece));
    double square = 0;
    add_partials(k, 1, &square);
    return sqrt(square);
}

static void scale(double *v, double factor, size_t length)
{
    size_t pieces = lac_blocks(length);
    LAC_FOR_EACH(piece, pieces, team_for(pieces),
                 lac_strip_scale(v + piece * LAC_BLOCK, factor, v + piece * LAC_BLOCK,
                                 lac_block_size(length, piece)));
}

/* v := w - g v. */
static void subtract_from(double *v, double g, const double *w, size_t length)
{
    size_t pieces = lac_blocks(length);
    LAC_FOR_EACH(piece, pieces, team_for(pieces),
                 lac_strip_mix(v + piece * LAC_BLOCK, -g, 1, w + piece * LAC_BLOCK,
                               lac_block_size(length, piece)));
}

/* r := r - (x - g j). */
static void take_residual(double *r, const double *x, double g, const double *j, size_t length)
{
    size_t pieces = lac_blocks(length);
    LAC_FOR_EACH(piece, pieces, team_for(pieces),
                 lac_strip_residual(r + piece * LAC_BLOCK, x + piece * LAC_BLOCK, g,
                                    j + piece * LAC_BLOCK, lac_block_size(length, piece)));
}

/* --- the method ------------------------------------------------------------------------------ */

/* basis[n + 1] = P^-1 (I - g J) basis[n]. */
static lac_status expand(lac_krylov *k, double g, size_t n)
{
    lac_status status = LAC_OK;
    const lac_system *system = k->system;
    if (k->held < n + 2) {
        LAC_NEW(k->basis[n + 1], system->length);
        k->held = n + 2;
    }
    double *next = k->basis[n + 1];
    system->times(system->self, k->basis[n], next, k->basis_rate[n]);
    subtract_from(next, g, k->basis[n], system->length);
    system->solve(system->self, next);
    k->iterations++;
out:
    return status;
}

/* Makes basis[n + 1] orthogonal to those before and of norm 1; fills column n. */
static void orthogonalise(lac_krylov *k, const double *weight, size_t n)
{
    double *column = k->hessenberg + n * (k->most + 1);
    double *next = k->basis[n + 1];
    for (size_t i = 0; i <= n; i++)
        column[i] = 0;
    double after = 0;
    for (int pass = 0; pass < 2; pass++) {
        project(k, weight, next, n + 1);
        double before = sqrt(k->dots[n + 1]);
        for (size_t i = 0; i <= n; i++) {
            column[i] += k->dots[i];
            k->dots[i] = -k->dots[i];
        }
        after = subtract_combination(k, weight, k->dots, n + 1, next);
        if (!(after < CANCELLED * before))
            break;
    }
    column[n + 1] = after;
    if (after > 0)
        scale(next, 1 / after, k->system->length);
}

/* Applies the old rotations to column n, adds one, and updates the residual. */
static void rotate(lac_krylov *k, size_t n)
{
    double *column = k->hessenberg + n * (k->most + 1);
    for (size_t i = 0; i < n; i++) {
        double upper = column[i], lower = column[i + 1];
        column[i] = k->cosine[i] * upper + k->sine[i] * lower;
        column[i + 1] = -k->sine[i] * upper + k->cosine[i] * lower;
    }
    double length = hypot(column[n], column[n + 1]);
    k->cosine[n] = length > 0 ? column[n] / length : 1;
    k->sine[n] = length > 0 ? column[n + 1] / length : 0;
    column[n] = length;
    k->residual[n + 1] = -k->sine[n] * k->residual[n];
    k->residual[n] *= k->cosine[n];
}

/* x += the first `count` vectors with the best factors; rate likewise. */
static void assemble(lac_krylov *k, const double *weight, size_t count, double *x, double *rate)
{
    double *factor = k->dots;
    for (size_t i = count; i-- > 0;) {
        double sum = k->residual[i];
        for (size_t j = i + 1; j < count; j++)
            sum -= k->hessenberg[j * (k->most + 1) + i] * factor[j];
        factor[i] = sum / k->hessenberg[i * (k->most + 1) + i];
    }
    for (size_t n = 0; n < count; n++)
        for (size_t r = 0; r < k->system->rates; r++)
            rate[r] += factor[n] * k->basis_rate[n][r];
    subtract_combination(k, weight, factor, count, x);
}

/* x := P^-1 b, rate := rates of J x, basis[0] := P^-1 (b - (I - g J) x). */
static void start(lac_krylov *k, double g, double *x, double *rate)
{
    const lac_system *system = k->system;
    double *residual = k->basis[0], *change = k->basis[1];
    lac_copy(residual, x, system->length);
    system->solve(system->self, x);
    system->times(system->self, x, change, rate);
    take_residual(residual, x, g, change, system->length);
    system->solve(system->self, residual);
}

lac_status lac_krylov_solve(lac_krylov *krylov, const lac_krylov_problem *problem, double *x,
                            double *rate, bool *converged)
{
    lac_status status = LAC_OK;
    const double *weight = problem->weight;
    size_t length = krylov->system->length;
    start(krylov, problem->g, x, rate);
    double norm = subtract_combination(krylov, weight, NULL, 0, krylov->basis[0]);
    double size = subtract_combination(krylov, weight, NULL, 0, x);
    double tolerance = fmax(fmin(problem->tolerance, SHARE * size), ROUNDING * size);
    *converged = norm <= tolerance;
    if (*converged && krylov->system->exact)
        lac_add_scaled(x, 1, krylov->basis[0], length);
    krylov->residual[0] = norm;
    if (*converged || !isfinite(norm))
        goto out;
    scale(krylov->basis[0], 1 / norm, length);
    for (size_t n = 0; n < krylov->most && !*converged; n++) {
        LAC_TRY(expand(krylov, problem->g, n));
        orthogonalise(krylov, weight, n);
        rotate(krylov, n);
        *converged = fabs(krylov->residual[n + 1]) <= tolerance;
        if (*converged)
            assemble(krylov, weight, n + 1, x, rate);
    }
out:
    return status;
}
