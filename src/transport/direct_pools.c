/* Pools in the direct solve: with A of a field, what it exchanges with a pool borders the system,
 *
 *   A_f u_f = r_f + sum over pools of feeding_fp P_p
 *   (I - g J) P + sum over borders of (lost P - exchange . u_f) / volume = s
 *
 * and is eliminated exactly by the Schur complement on all pools. J is the Jacobian of their own
 * reactions: split from exchange it would be where most of the residual of P^-1 sits. From the
 * complement come the fields; the pools themselves follow from what the fields have gained, known
 * from the balance of each, so that tissue and pools together are conserved to rounding however
 * stiff the exchange is. What is left to do then is (I - g J) P = s - gained / volume.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/direct_internal.h"

#include "base/memory.h"
#include "network/dense.h"

#include <math.h>
#include <string.h>

/* --- creation -------------------------------------------------------------------------------- */

static size_t mobile_of(const lac_direct *direct, size_t field)
{
    size_t at = 0;
    while (direct->field[at].field != field)
        at++;
    return at;
}

static lac_direct_border *find_border(const lac_direct *direct, size_t at, size_t pool)
{
    for (size_t k = 0; k < direct->borders; k++)
        if (direct->border[k].at == at && direct->border[k].pool == pool)
            return &direct->border[k];
    return NULL;
}

/* Which boundary belongs to a border? */
static bool belongs(const lac_direct *direct, const lac_direct_border *border,
                    const lac_boundary *text)
{
    return text->type->with_pool && text->variable == direct->field[border->at].field &&
           text->pool == direct->layout.fields + border->pool;
}

static lac_status make_border(lac_direct *direct, size_t at, size_t pool)
{
    lac_status status = LAC_OK;
    lac_direct_border *border = &direct->border[direct->borders++];
    border->at = at;
    border->pool = pool;
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++)
        if (belongs(direct, border, &direct->model->boundary[boundary]))
            border->faces += direct->grid->boundary_faces[direct->model->boundary[boundary].patch];
    LAC_NEW(border->voxel, border->faces);
    LAC_NEW(border->exchange, border->faces);
    LAC_NEW(border->feeding, border->faces);
    LAC_NEW(border->response, direct->grid->voxels);
out:
    return status;
}

lac_status lac_direct_create_borders(lac_direct *direct)
{
    lac_status status = LAC_OK;
    const lac_model *model = direct->model;
    const size_t pools = direct->layout.pools;
    LAC_NEW(direct->border, model->boundaries);
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        if (!text->type->with_pool ||
            lac_layout_tract(&direct->layout, text->variable) != direct->grid->tissue)
            continue;
        size_t at = mobile_of(direct, text->variable), pool = text->pool - direct->layout.fields;
        if (!find_border(direct, at, pool))
            LAC_TRY(make_border(direct, at, pool));
    }
    LAC_NEW(direct->schur, pools * pools);
    LAC_NEW(direct->pivot, pools);
    LAC_NEW(direct->rhs, pools);
out:
    return status;
}

void lac_direct_free_borders(lac_direct *direct)
{
    for (size_t k = 0; direct->border && k < direct->borders; k++) {
        lac_free(direct->border[k].voxel);
        lac_free(direct->border[k].exchange);
        lac_free(direct->border[k].feeding);
        lac_free(direct->border[k].response);
    }
    lac_free(direct->border);
    lac_free(direct->schur);
    lac_free(direct->pivot);
    lac_free(direct->rhs);
}

/* --- factors --------------------------------------------------------------------------------- */

static double volume_of(const lac_direct *direct, size_t pool)
{
    return lac_model_pool_volume(direct->model, direct->layout.fields + pool);
}

static void collect_boundary_faces(const lac_direct *direct, const lac_coefficients *coefficients,
                                   double g, lac_direct_border *border)
{
    size_t at = 0;
    border->lost = 0;
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++) {
        const lac_boundary *text = &direct->model->boundary[boundary];
        const lac_boundary_terms *terms = &coefficients->boundary[boundary];
        if (!belongs(direct, border, text))
            continue;
        for (size_t w = 0; w < direct->grid->boundary_faces[text->patch]; w++, at++) {
            border->voxel[at] = direct->grid->boundary_face[text->patch][w].voxel;
            border->exchange[at] = g * terms->conductance[w];
            border->feeding[at] = border->exchange[at] * terms->reference[w];
            border->lost += border->feeding[at];
        }
    }
}

/* The response of the field to a pool of 1. */
static void respond(const lac_direct *direct, lac_direct_border *border, double *scratch)
{
    memset(border->response, 0, direct->grid->voxels * sizeof(double));
    for (size_t w = 0; w < border->faces; w++)
        border->response[border->voxel[w]] += border->feeding[w];
    lac_direct_solve_field(direct, &direct->field[border->at], border->response, scratch);
}

static double collected(const lac_direct_border *border, const double *field)
{
    double sum = 0;
    for (size_t w = 0; w < border->faces; w++)
        sum += border->exchange[w] * field[border->voxel[w]];
    return sum;
}

/* What the borders of one tissue add to the complement. */
static void add_borders(lac_direct *direct, const lac_coefficients *coefficients,
                        const lac_direct_terms *terms, double *schur)
{
    const size_t n = direct->layout.pools;
    int team = lac_direct_team(direct);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
    for (size_t k = 0; k < direct->borders; k++) {
        collect_boundary_faces(direct, coefficients, terms->g, &direct->border[k]);
        respond(direct, &direct->border[k], lac_direct_scratch(direct));
    }
    for (size_t k = 0; k < direct->borders; k++) {
        const lac_direct_border *border = &direct->border[k];
        schur[border->pool * (n + 1)] +=
            border->lost * direct->weight / volume_of(direct, border->pool);
    }
    for (size_t k = 0; k < direct->borders; k++) {
        for (size_t l = 0; l < direct->borders; l++) {
            const lac_direct_border *to = &direct->border[k], *from = &direct->border[l];
            if (to->at == from->at)
                schur[to->pool * n + from->pool] -=
                    direct->weight / volume_of(direct, to->pool) * collected(to, from->response);
        }
    }
}

lac_status lac_direct_factor_borders(lac_direct *direct, const lac_coefficients *coefficients,
                                     const lac_direct_terms *terms)
{
    lac_status status = LAC_OK;
    const size_t n = direct->layout.pools;
    if (n == 0)
        return LAC_OK;
    memcpy(direct->schur, terms->pools, n * n * sizeof *direct->schur);
    for (lac_direct *each = direct; each; each = each->next)
        add_borders(each, coefficients, terms, direct->schur);
    size_t bad = lac_dense_factor(direct->schur, direct->pivot, n);
    LAC_REQUIRE(bad == n, LAC_NUMERICS,
                "the factor of the pools with their exchange is singular at %s",
                direct->model->variable[direct->layout.fields + bad].name);
out:
    return status;
}

/* --- solving --------------------------------------------------------------------------------- */

/* What a field was given is known better from its own balance than from the difference of large
 * fluxes: the rest goes to the border with the largest flux. */
static void balance(lac_direct *direct, const double *rhs, size_t at, const double *x)
{
    const lac_direct_field *field = &direct->field[at];
    const size_t voxels = direct->grid->voxels;
    lac_direct_border *largest = NULL;
    double sum = 0;
    for (size_t k = 0; k < direct->borders; k++) {
        lac_direct_border *border = &direct->border[k];
        if (border->at != at)
            continue;
        border->given = direct->weight * (border->lost * rhs[border->pool] - collected(border, x));
        sum += border->given;
        if (!largest || fabs(border->given) > fabs(largest->given))
            largest = border;
    }
    if (!largest)
        return;
    double gained = lac_sum(x, voxels) * (1 + field->loss) - field->sum;
    if (field->held)
        gained += lac_dot(field->held, x, voxels);
    largest->given += direct->weight * gained - sum;
}

/* The fields of one tissue follow the pools. */
static void follow(lac_direct *direct, const double *rhs, double *v)
{
    const int team = lac_direct_team(direct);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
    for (size_t at = 0; at < direct->fields; at++) {
        double *x = v + lac_layout_at(&direct->layout, direct->field[at].field);
        for (size_t k = 0; k < direct->borders; k++)
            if (direct->border[k].at == at)
                lac_add_scaled(x, rhs[direct->border[k].pool], direct->border[k].response,
                               direct->grid->voxels);
        balance(direct, rhs, at, x);
    }
}

void lac_direct_solve_pools(lac_direct *direct, double *v)
{
    const lac_layout *layout = &direct->layout;
    double *pools = v + layout->pools_at;
    size_t borders = 0;
    for (const lac_direct *each = direct; each; each = each->next)
        borders += each->borders;
    if (borders == 0)
        return;
    memcpy(direct->rhs, pools, layout->pools * sizeof *pools);
    for (const lac_direct *each = direct; each; each = each->next) {
        for (size_t k = 0; k < each->borders; k++) {
            const lac_direct_border *border = &each->border[k];
            const double *x = v + lac_layout_at(layout, each->field[border->at].field);
            direct->rhs[border->pool] +=
                each->weight / volume_of(each, border->pool) * collected(border, x);
        }
    }
    lac_dense_solve(direct->schur, direct->pivot, layout->pools, direct->rhs);
    for (lac_direct *each = direct; each; each = each->next)
        follow(each, direct->rhs, v);
    for (const lac_direct *each = direct; each; each = each->next)
        for (size_t k = 0; k < each->borders; k++)
            pools[each->border[k].pool] -=
                each->border[k].given / volume_of(each, each->border[k].pool);
}
