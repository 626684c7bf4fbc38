/* Rosenbrock methods (Hairer & Wanner, Solving Ordinary Differential Equations II, 1996, IV.7).
 *
 * The ledger's integrals Q' = q(t, y) are further unknowns of the same method; they enter neither F
 * nor J of the others, so their stages need no solve: with F = S q,
 *   Q_i = gamma dt [ q(Y_i) + (dq/dy) U_i + sum (c_ij/dt) Q_j + gamma_i dt dq/dt ],
 * hence y_new - y = S sum m_i Q_i up to the residuals of the linear solves.
 * Limits: order reduction to 2-3 on stiff systems with time-dependent boundary values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/rosenbrock.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/strips.h"
#include "base/vector.h"

#include <math.h>

enum { PARALLEL_FROM = 64, KRYLOV_VECTORS = 3 };

/* --- the stage loop -------------------------------------------------------------------------- */

struct lac_rosenbrock {
    const lac_rosenbrock_table *table; /* borrowed */
    const lac_system *system;          /* borrowed */
    lac_krylov *krylov;
    double *u[LAC_STAGES_MOST]; /* owned: the stages */
    double *q[LAC_STAGES_MOST]; /* owned [rates]: the stages of the ledger */
    double *value;              /* owned: Y_i, at the end the new y */
    double *derivative;         /* owned: dF/dt, NULL when the system is autonomous */
    double *q_slope;            /* owned [rates] */
    double *q_linear;           /* owned [rates]: (dq/dy) U_i */
    double *integral;           /* owned [rates] */
    double *error;              /* one of u */
    lac_rosenbrock_stage stage; /* the last that was looked at */
    size_t evaluations;
};

lac_status lac_rosenbrock_create(const lac_rosenbrock_table *table, const lac_system *system,
                                 size_t most, lac_rosenbrock **rosenbrock)
{
    lac_status status = LAC_OK;
    lac_rosenbrock *r = NULL;
    LAC_NEW(r, 1);
    r->table = table;
    r->system = system;
    LAC_TRY(lac_krylov_create(system, most, &r->krylov));
    for (size_t i = 0; i < table->stages; i++) {
        LAC_NEW(r->u[i], system->length);
        LAC_NEW(r->q[i], system->rates);
    }
    LAC_NEW(r->value, system->length);
    if (system->time_derivative)
        LAC_NEW(r->derivative, system->length);
    LAC_NEW(r->q_slope, system->rates);
    LAC_NEW(r->q_linear, system->rates);
    LAC_NEW(r->integral, system->rates);
    *rosenbrock = r;
    r = NULL;
out:
    lac_rosenbrock_free(r);
    return status;
}

void lac_rosenbrock_free(lac_rosenbrock *rosenbrock)
{
    if (!rosenbrock)
        return;
    lac_krylov_free(rosenbrock->krylov);
    for (size_t i = 0; i < LAC_STAGES_MOST; i++) {
        lac_free(rosenbrock->u[i]);
        lac_free(rosenbrock->q[i]);
    }
    lac_free(rosenbrock->value);
    lac_free(rosenbrock->derivative);
    lac_free(rosenbrock->q_slope);
    lac_free(rosenbrock->q_linear);
    lac_free(rosenbrock->integral);
    lac_free(rosenbrock);
}

const double *lac_rosenbrock_value(const lac_rosenbrock *rosenbrock)
{
    return rosenbrock->value;
}

const double *lac_rosenbrock_error(const lac_rosenbrock *rosenbrock)
{
    return rosenbrock->error;
}

const double *lac_rosenbrock_rough(const lac_rosenbrock *rosenbrock)
{
    int stage = rosenbrock->table->rough_stage;
    return stage > 0 ? rosenbrock->u[stage] : NULL;
}

const double *lac_rosenbrock_integral(const lac_rosenbrock *rosenbrock)
{
    return rosenbrock->integral;
}

lac_rosenbrock_stage lac_rosenbrock_last_stage(const lac_rosenbrock *rosenbrock)
{
    return rosenbrock->stage;
}

/* Stage i of one unknown; the last was overwritten by the error, in which it stands. */
static double stage_of(const lac_rosenbrock *r, size_t i, size_t at)
{
    const lac_rosenbrock_table *table = r->table;
    size_t last = table->stages - 1;
    if (i < last)
        return r->u[i][at];
    double stage = r->u[last][at] / table->caution;
    for (size_t j = 0; j < last; j++)
        stage -= table->e[j] * r->u[j][at];
    return stage / table->e[last];
}

/* The ledger's stages for the rate q = y, in units of the step. */
double lac_rosenbrock_mean(const lac_rosenbrock *r, const lac_attempt *attempt, size_t at)
{
    const lac_rosenbrock_table *table = r->table;
    double u[LAC_STAGES_MOST], q[LAC_STAGES_MOST], mean = 0;
    for (size_t i = 0; i < table->stages; i++) {
        u[i] = stage_of(r, i, at);
        double sum = attempt->y[at] + u[i];
        for (size_t j = 0; j < i; j++)
            sum += table->a[i][j] * u[j] + table->c[i][j] * q[j];
        q[i] = table->gamma * sum;
        mean += table->m[i] * q[i];
    }
    return mean;
}

lac_krylov *lac_rosenbrock_krylov(lac_rosenbrock *rosenbrock)
{
    return rosenbrock->krylov;
}

size_t lac_rosenbrock_evaluations(const lac_rosenbrock *rosenbrock)
{
    return rosenbrock->evaluations;
}

size_t lac_rosenbrock_iterations(const lac_rosenbrock *rosenbrock)
{
    return lac_krylov_iterations(rosenbrock->krylov);
}

size_t lac_rosenbrock_vectors(const lac_rosenbrock_table *table)
{
    return table->stages + 1 + KRYLOV_VECTORS;
}

/* out = own * base + sum over from <= j < to of factor[j] * u[j]; out may be base. */
typedef struct combination {
    double own;
    const double *base;
    const double *factor;
    size_t from, to;
} combination;

static void combine_piece(const lac_rosenbrock *r, double *out, const combination *c, size_t piece)
{
    size_t first = piece * LAC_BLOCK, size = lac_block_size(r->system->length, piece);
    if (c->own != 1 || out != c->base)
        lac_strip_scale(out + first, c->own, c->base + first, size);
    for (size_t j = c->from; j < c->to; j++)
        if (c->factor[j] != 0)
            lac_strip_add_scaled(out + first, c->factor[j], r->u[j] + first, size);
}

static void linear_combination(const lac_rosenbrock *r, double *out, combination c)
{
    size_t pieces = lac_blocks(r->system->length);
    LAC_FOR_EACH(piece, pieces, LAC_TEAM(pieces >= PARALLEL_FROM),
                 combine_piece(r, out, &c, piece));
}

/* value := y + sum over j < count of row[j] u[j]; `before` is the row for which value was made, one
 * shorter, or NULL: stages of stiffly accurate methods often go on from the last. */
static void make_value(lac_rosenbrock *r, const double *y, const double *row, size_t count,
                       const double *before)
{
    bool goes_on = before != NULL;
    for (size_t j = 0; goes_on && j + 1 < count; j++)
        goes_on = row[j] == before[j];
    combination whole = {1, y, row, 0, count}, rest = {1, r->value, row, count - 1, count};
    linear_combination(r, r->value, goes_on ? rest : whole);
}

lac_status lac_rosenbrock_prepare(lac_rosenbrock *r, double time, const double *y)
{
    lac_status status = LAC_OK;
    const lac_system *system = r->system;
    LAC_TRY(system->linearise(system->self, time, y));
    if (system->time_derivative)
        LAC_TRY(system->time_derivative(system->self, time, y, r->derivative, r->q_slope));
out:
    return status;
}

/* u[i] := the right-hand side of stage i times gamma dt; q[i] := q(Y_i). */
static lac_status stage_right_side(lac_rosenbrock *r, const lac_attempt *attempt, size_t i)
{
    lac_status status = LAC_OK;
    const lac_rosenbrock_table *table = r->table;
    const lac_system *system = r->system;
    double dt = attempt->step, g = table->gamma * dt, scaled[LAC_STAGES_MOST];
    const double *at = attempt->y;
    if (i > 0) {
        /* cppcheck-suppress arrayIndexOutOfBoundsCond ; i is below the number of stages */
        make_value(r, attempt->y, table->a[i], i, i > 1 ? table->a[i - 1] : NULL);
        at = r->value;
    }
    double time = fmax(attempt->time + table->alpha[i] * dt, attempt->earliest);
    time = fmin(time, attempt->latest);
    r->stage = (lac_rosenbrock_stage){time, at};
    LAC_TRY(system->derivative(system->self, time, at, r->u[i], r->q[i]));
    r->evaluations++;
    for (size_t j = 0; j < i; j++)
        scaled[j] = table->gamma * table->c[i][j];
    linear_combination(r, r->u[i], (combination){g, r->u[i], scaled, 0, i});
    if (r->derivative && table->gamma_sum[i] != 0)
        lac_add_scaled(r->u[i], g * table->gamma_sum[i] * dt, r->derivative, system->length);
out:
    return status;
}

/* q[i] := stage i of the ledger, from q(Y_i) that it holds. */
static void stage_ledger(lac_rosenbrock *r, double dt, size_t i)
{
    const lac_rosenbrock_table *table = r->table;
    for (size_t k = 0; k < r->system->rates; k++) {
        double sum = r->q[i][k] + r->q_linear[k];
        for (size_t j = 0; j < i; j++)
            sum += table->c[i][j] / dt * r->q[j][k];
        if (r->derivative)
            sum += table->gamma_sum[i] * dt * r->q_slope[k];
        r->q[i][k] = table->gamma * dt * sum;
    }
}

static void finish(lac_rosenbrock *r, const double *y)
{
    const lac_rosenbrock_table *table = r->table;
    size_t last = table->stages - 1;
    make_value(r, y, table->m, table->stages, table->a[last]);
    for (size_t k = 0; k < r->system->rates; k++) {
        r->integral[k] = 0;
        for (size_t i = 0; i <= last; i++)
            r->integral[k] += table->m[i] * r->q[i][k];
    }
    double e[LAC_STAGES_MOST];
    for (size_t i = 0; i <= last; i++)
        e[i] = table->caution * table->e[i];
    linear_combination(r, r->u[last], (combination){e[last], r->u[last], e, 0, last});
    r->error = r->u[last];
}

/* How an attempt ends whose stage was not solved: what is not finite had no chance. */
static lac_attempt_end end_of_stage(const lac_rosenbrock *r, size_t i, bool converged)
{
    if (converged)
        return LAC_ATTEMPT_DONE;
    for (size_t k = 0; k < r->system->length; k++)
        if (!isfinite(r->u[i][k]))
            return LAC_ATTEMPT_NOT_FINITE;
    return LAC_ATTEMPT_LINEAR;
}

static lac_status try_stage(lac_rosenbrock *r, const lac_attempt *attempt, size_t i,
                            lac_attempt_end *end)
{
    lac_status status = LAC_OK;
    bool converged = false;
    lac_krylov_problem problem = {r->table->gamma * attempt->step, attempt->weight,
                                  attempt->tolerance};
    status = stage_right_side(r, attempt, i);
    if (status == LAC_NUMERICS) {
        *end = LAC_ATTEMPT_UNDEFINED;
        return LAC_OK;
    }
    LAC_TRY(status);
    LAC_TRY(lac_krylov_solve(r->krylov, &problem, r->u[i], r->q_linear, &converged));
    stage_ledger(r, attempt->step, i);
    *end = end_of_stage(r, i, converged);
out:
    return status;
}

lac_status lac_rosenbrock_try(lac_rosenbrock *r, const lac_attempt *attempt, lac_attempt_end *end)
{
    lac_status status = LAC_OK;
    const lac_system *system = r->system;
    *end = LAC_ATTEMPT_DONE;
    r->stage = (lac_rosenbrock_stage){attempt->time, attempt->y};
    status = system->factor(system->self, r->table->gamma * attempt->step);
    if (status == LAC_NUMERICS) {
        *end = LAC_ATTEMPT_SINGULAR;
        return LAC_OK;
    }
    LAC_TRY(status);
    for (size_t i = 0; i < r->table->stages && *end == LAC_ATTEMPT_DONE; i++)
        LAC_TRY(try_stage(r, attempt, i, end));
    if (*end == LAC_ATTEMPT_DONE)
        finish(r, attempt->y);
out:
    return status;
}

/* --- the length of steps --------------------------------------------------------------------- */

double lac_step_factor(const lac_rosenbrock_table *table, double error)
{
    if (!(error > 0))
        return error == 0 ? 2 : 0.2;
    return fmin(2, fmax(0.2, 0.9 * pow(error, -1.0 / table->order)));
}

double lac_step_towards(double wanted, double left)
{
    if (left <= 1.1 * wanted)
        return left;
    return left < 2 * wanted ? left / 2 : wanted;
}
