/* Pools in the direct solve: with A of a field, what it exchanges with a pool borders the system,
 *
 *   A_f u_f = r_f + sum over pools of feeding_fp P_p
 *   (I - g J) P + sum over couplings of (lost P - exchange . u_f) / volume = s
 *
 * and is eliminated exactly by the Schur complement on all pools. J is the Jacobian of their own
 * reactions: split from exchange it would be where most of the residual of P^-1 sits. From the
 * complement come the fields; the pools themselves follow from what the fields have gained, known
 * from the balance of each, so that tissue and pools together are conserved to rounding however
 * stiff the exchange is. What is left to do then is (I - g J) P = s - gained / volume.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/direct_solver_internal.h"

#include "base/memory.h"
#include "network/dense.h"

#include <math.h>
#include <string.h>

/* --- creation -------------------------------------------------------------------------------- */

static size_t mobile_of(const lac_direct_solver *direct, size_t field)
{
    size_t at = 0;
    while (direct->field[at].field != field)
        at++;
    return at;
}

static lac_direct_pool_coupling *find_coupling(const lac_direct_solver *direct, size_t at,
                                               size_t pool)
{
    for (size_t k = 0; k < direct->couplings; k++)
        if (direct->coupling[k].at == at && direct->coupling[k].pool == pool)
            return &direct->coupling[k];
    return NULL;
}

/* Which boundary belongs to a coupling? */
static bool belongs(const lac_direct_solver *direct, const lac_direct_pool_coupling *coupling,
                    const lac_boundary *text)
{
    return text->type->with_pool && text->variable == direct->field[coupling->at].field &&
           text->pool == direct->layout.fields + coupling->pool;
}

static lac_status make_coupling(lac_direct_solver *direct, size_t at, size_t pool)
{
    lac_status status = LAC_OK;
    lac_direct_pool_coupling *coupling = &direct->coupling[direct->couplings++];
    coupling->at = at;
    coupling->pool = pool;
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++)
        if (belongs(direct, coupling, &direct->model->boundary[boundary]))
            coupling->faces +=
                direct->grid->boundary_faces[direct->model->boundary[boundary].patch];
    LAC_NEW(coupling->voxel, coupling->faces);
    LAC_NEW(coupling->exchange, coupling->faces);
    LAC_NEW(coupling->feeding, coupling->faces);
    LAC_NEW(coupling->response, direct->grid->voxels);
out:
    return status;
}

lac_status lac_direct_create_pool_couplings(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    const lac_model *model = direct->model;
    const size_t pools = direct->layout.pools;
    LAC_NEW(direct->coupling, model->boundaries);
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        if (!text->type->with_pool ||
            lac_layout_tract(&direct->layout, text->variable) != direct->grid->tissue)
            continue;
        size_t at = mobile_of(direct, text->variable), pool = text->pool - direct->layout.fields;
        if (!find_coupling(direct, at, pool))
            LAC_TRY(make_coupling(direct, at, pool));
    }
    LAC_NEW(direct->schur, pools * pools);
    LAC_NEW(direct->pivot, pools);
    LAC_NEW(direct->rhs, pools);
out:
    return status;
}

void lac_direct_free_pool_couplings(lac_direct_solver *direct)
{
    for (size_t k = 0; direct->coupling && k < direct->couplings; k++) {
        lac_free(direct->coupling[k].voxel);
        lac_free(direct->coupling[k].exchange);
        lac_free(direct->coupling[k].feeding);
        lac_free(direct->coupling[k].response);
    }
    lac_free(direct->coupling);
    lac_free(direct->schur);
    lac_free(direct->pivot);
    lac_free(direct->rhs);
}

/* --- factors --------------------------------------------------------------------------------- */

static double volume_of(const lac_direct_solver *direct, size_t pool)
{
    return lac_model_pool_volume(direct->model, direct->layout.fields + pool);
}

static void collect_boundary_faces(const lac_direct_solver *direct,
                                   const lac_coefficients *coefficients, double g,
                                   lac_direct_pool_coupling *coupling)
{
    size_t at = 0;
    coupling->lost = 0;
    for (size_t boundary = 0; boundary < direct->model->boundaries; boundary++) {
        const lac_boundary *text = &direct->model->boundary[boundary];
        const lac_boundary_terms *terms = &coefficients->boundary[boundary];
        if (!belongs(direct, coupling, text))
            continue;
        for (size_t w = 0; w < direct->grid->boundary_faces[text->patch]; w++, at++) {
            coupling->voxel[at] = direct->grid->boundary_face[text->patch][w].voxel;
            coupling->exchange[at] = g * terms->conductance[w];
            if (direct->grid->share)
                coupling->exchange[at] *= direct->grid->share[coupling->voxel[at]];
            coupling->feeding[at] = coupling->exchange[at] * terms->reference[w];
            coupling->lost += coupling->feeding[at];
        }
    }
}

/* The response of the field to a pool of 1. */
static void respond(const lac_direct_solver *direct, lac_direct_pool_coupling *coupling,
                    double *scratch)
{
    memset(coupling->response, 0, direct->grid->voxels * sizeof(double));
    for (size_t w = 0; w < coupling->faces; w++)
        coupling->response[coupling->voxel[w]] += coupling->feeding[w];
    lac_direct_solve_field(direct, &direct->field[coupling->at], coupling->response, scratch);
}

static double collected(const lac_direct_pool_coupling *coupling, const double *field)
{
    double sum = 0;
    for (size_t w = 0; w < coupling->faces; w++)
        sum += coupling->exchange[w] * field[coupling->voxel[w]];
    return sum;
}

/* What the borders of one tissue add to the complement. */
static void add_borders(lac_direct_solver *direct, const lac_coefficients *coefficients,
                        const lac_direct_solver_terms *terms, double *schur)
{
    const size_t n = direct->layout.pools;
    int team = lac_direct_team(direct);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
    for (size_t k = 0; k < direct->couplings; k++) {
        collect_boundary_faces(direct, coefficients, terms->g, &direct->coupling[k]);
        respond(direct, &direct->coupling[k], lac_direct_scratch(direct));
    }
    for (size_t k = 0; k < direct->couplings; k++) {
        const lac_direct_pool_coupling *coupling = &direct->coupling[k];
        schur[coupling->pool * (n + 1)] +=
            coupling->lost * direct->weight / volume_of(direct, coupling->pool);
    }
    for (size_t k = 0; k < direct->couplings; k++) {
        for (size_t l = 0; l < direct->couplings; l++) {
            const lac_direct_pool_coupling *to = &direct->coupling[k], *from = &direct->coupling[l];
            if (to->at == from->at)
                schur[to->pool * n + from->pool] -=
                    direct->weight / volume_of(direct, to->pool) * collected(to, from->response);
        }
    }
}

lac_status lac_direct_factor_pool_couplings(lac_direct_solver *direct,
                                            const lac_coefficients *coefficients,
                                            const lac_direct_solver_terms *terms)
{
    lac_status status = LAC_OK;
    const size_t n = direct->layout.pools;
    if (n == 0)
        return LAC_OK;
    memcpy(direct->schur, terms->pools, n * n * sizeof *direct->schur);
    for (lac_direct_solver *each = direct; each; each = each->next)
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
 * fluxes: the rest goes to the coupling with the largest flux. */
static void balance(lac_direct_solver *direct, const double *rhs, size_t at, const double *x)
{
    const lac_direct_field *field = &direct->field[at];
    const size_t voxels = direct->grid->voxels;
    lac_direct_pool_coupling *largest = NULL;
    double sum = 0;
    for (size_t k = 0; k < direct->couplings; k++) {
        lac_direct_pool_coupling *coupling = &direct->coupling[k];
        if (coupling->at != at)
            continue;
        coupling->given =
            direct->weight * (coupling->lost * rhs[coupling->pool] - collected(coupling, x));
        sum += coupling->given;
        if (!largest || fabs(coupling->given) > fabs(largest->given))
            largest = coupling;
    }
    if (!largest)
        return;
    double gained = lac_grid_sum(direct->grid, x) * (1 + field->loss) - field->sum;
    if (field->held)
        gained += lac_dot(field->held, x, voxels);
    largest->given += direct->weight * gained - sum;
}

/* The fields of one tissue follow the pools. */
static void follow(lac_direct_solver *direct, const double *rhs, double *v)
{
    const int team = lac_direct_team(direct);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
    for (size_t at = 0; at < direct->fields; at++) {
        double *x = v + lac_layout_at(&direct->layout, direct->field[at].field);
        for (size_t k = 0; k < direct->couplings; k++)
            if (direct->coupling[k].at == at)
                lac_add_scaled(x, rhs[direct->coupling[k].pool], direct->coupling[k].response,
                               direct->grid->voxels);
        balance(direct, rhs, at, x);
    }
}

void lac_direct_solve_pools(lac_direct_solver *direct, double *v)
{
    const lac_layout *layout = &direct->layout;
    double *pools = v + layout->pools_at;
    size_t couplings = 0;
    for (const lac_direct_solver *each = direct; each; each = each->next)
        couplings += each->couplings;
    if (couplings == 0)
        return;
    memcpy(direct->rhs, pools, layout->pools * sizeof *pools);
    for (const lac_direct_solver *each = direct; each; each = each->next) {
        for (size_t k = 0; k < each->couplings; k++) {
            const lac_direct_pool_coupling *coupling = &each->coupling[k];
            const double *x = v + lac_layout_at(layout, each->field[coupling->at].field);
            direct->rhs[coupling->pool] +=
                each->weight / volume_of(each, coupling->pool) * collected(coupling, x);
        }
    }
    lac_dense_solve(direct->schur, direct->pivot, layout->pools, direct->rhs);
    for (lac_direct_solver *each = direct; each; each = each->next)
        follow(each, direct->rhs, v);
    for (const lac_direct_solver *each = direct; each; each = each->next)
        for (size_t k = 0; k < each->couplings; k++)
            pools[each->coupling[k].pool] -=
                each->coupling[k].given / volume_of(each, each->coupling[k].pool);
}
