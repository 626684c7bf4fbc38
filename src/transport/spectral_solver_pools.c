/* Groups: fields and the pools that they exchange with. A uniform exchange touches only the lowest
 * coefficient of each plane, so the pools border the systems in depth of those coefficients and are
 * eliminated exactly, by the Schur complement on the pools:
 *
 *   T_f m_f = r_f + sum over pools of feed_fp P_p
 *   (1 + lost_p) P_p - sum over fields of collect_fp . m_f = s_p
 *
 * Conductances enter as sums over the boundary faces of a layer. With Neumann ends the sum of
 * tissue and pools is conserved to rounding. With Dirichlet ends in x or y the pools meet other
 * coefficients too; that is left to the iteration around this factor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/spectral_solver_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* --- which fields hang together ------------------------------------------------------------- */

/* Gives all fields that share pools, directly or not, the number of the first of them. */
static void number_groups(const lac_model *model, size_t *number)
{
    bool changed = true;
    for (size_t field = 0; field < model->fields; field++)
        number[field] = field;
    while (changed) {
        changed = false;
        for (size_t a = 0; a < model->boundaries; a++) {
            for (size_t b = 0; b < model->boundaries; b++) {
                const lac_boundary *one = &model->boundary[a], *other = &model->boundary[b];
                if (!one->type->with_pool || !other->type->with_pool || one->pool != other->pool ||
                    number[one->variable] <= number[other->variable])
                    continue;
                number[one->variable] = number[other->variable];
                changed = true;
            }
        }
    }
}

static size_t find(const size_t *list, size_t count, size_t wanted)
{
    size_t at = 0;
    while (at < count && list[at] != wanted)
        at++;
    return at;
}

static lac_pool_coupling *find_coupling(lac_coupled_fields *group, size_t field, size_t pool)
{
    for (size_t k = 0; k < group->couplings; k++)
        if (group->coupling[k].field == field && group->coupling[k].pool == pool)
            return &group->coupling[k];
    return NULL;
}

static lac_status add_coupling(const lac_spectral_solver *solver, const lac_boundary *text,
                               lac_coupled_fields *group)
{
    lac_status status = LAC_OK;
    size_t layers = solver->tridiagonal[text->variable].transform->layers;
    size_t pool = find(group->pool, group->pools, text->pool);
    if (pool == group->pools)
        group->pool[group->pools++] = text->pool;
    if (find_coupling(group, text->variable, pool))
        return LAC_OK;
    lac_pool_coupling *coupling = &group->coupling[group->couplings++];
    coupling->field = text->variable;
    coupling->pool = pool;
    LAC_NEW(coupling->exchange, layers);
    LAC_NEW(coupling->feeding, layers);
    LAC_NEW(coupling->response, layers);
    LAC_NEW(coupling->collect, layers);
out:
    return status;
}

static lac_status make_group(const lac_spectral_solver *solver, const unsigned char *mobile,
                             const size_t *number, size_t which, lac_coupled_fields *group)
{
    lac_status status = LAC_OK;
    const lac_model *model = solver->model;
    LAC_NEW(group->field, model->fields);
    LAC_NEW(group->pool, model->boundaries);
    LAC_NEW(group->coupling, model->boundaries);
    for (size_t field = 0; field < model->fields; field++)
        if (number[field] == which && mobile[field])
            group->field[group->fields++] = field;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        if (text->type->with_pool && number[text->variable] == which)
            LAC_TRY(add_coupling(solver, text, group));
    }
    LAC_NEW(group->schur, group->pools * group->pools);
    LAC_NEW(group->rhs, group->pools);
    LAC_NEW(group->before, group->pools);
out:
    return status;
}

lac_status lac_coupled_fields_create(lac_spectral_solver *solver, const unsigned char *mobile)
{
    lac_status status = LAC_OK;
    size_t fields = solver->model->fields;
    size_t *number = NULL;
    LAC_NEW(number, fields);
    LAC_NEW(solver->group, fields);
    number_groups(solver->model, number);
    for (size_t field = 0; field < fields; field++)
        if (number[field] == field && mobile[field])
            LAC_TRY(make_group(solver, mobile, number, field, &solver->group[solver->groups++]));
out:
    lac_free(number);
    return status;
}

void lac_coupled_fields_free(lac_spectral_solver *solver)
{
    for (size_t k = 0; solver->group && k < solver->groups; k++) {
        lac_coupled_fields *group = &solver->group[k];
        for (size_t b = 0; group->coupling && b < group->couplings; b++) {
            lac_free(group->coupling[b].exchange);
            lac_free(group->coupling[b].feeding);
            lac_free(group->coupling[b].response);
            lac_free(group->coupling[b].collect);
        }
        lac_free(group->field);
        lac_free(group->pool);
        lac_free(group->coupling);
        lac_free(group->schur);
        lac_free(group->rhs);
        lac_free(group->before);
    }
    lac_free(solver->group);
}

/* --- factors -------------------------------------------------------------------------------- */

void lac_coupled_fields_collect(const lac_spectral_solver *solver,
                                const lac_coefficients *coefficients, lac_coupled_fields *group)
{
    const lac_model *model = solver->model;
    for (size_t k = 0; k < group->couplings; k++) {
        size_t bytes =
            solver->tridiagonal[group->coupling[k].field].transform->layers * sizeof(double);
        memset(group->coupling[k].exchange, 0, bytes);
        memset(group->coupling[k].feeding, 0, bytes);
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        size_t pool = find(group->pool, group->pools, text->pool);
        lac_pool_coupling *coupling =
            text->type->with_pool ? find_coupling(group, text->variable, pool) : NULL;
        const lac_boundary_terms *terms = &coefficients->boundary[boundary];
        if (!coupling)
            continue;
        const lac_grid *grid = solver->tridiagonal[text->variable].slab->grid;
        const size_t plane = grid->n[0] * grid->n[1];
        for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
            size_t layer = grid->boundary_face[text->patch][w].voxel / plane;
            double conductance = terms->conductance[w] * (grid->width ? grid->width[layer] : 1);
            coupling->exchange[layer] += conductance;
            coupling->feeding[layer] += conductance * terms->reference[w];
        }
    }
}

/* Terms of a coupling for this g; the columns of its field are factored. */
static void factor_coupling(const lac_spectral_solver *solver, double g,
                            const lac_coupled_fields *group, lac_pool_coupling *coupling)
{
    const lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[coupling->field];
    const lac_plane_transform *transform = tridiagonal->transform;
    const size_t layers = transform->layers;
    double to_pool = g * tridiagonal->slab->grid->weight /
                     lac_model_pool_volume(solver->model, group->pool[coupling->pool]);
    coupling->lost = 0;
    for (size_t z = 0; z < layers; z++) {
        double active = (double)tridiagonal->slab->layer_active[z];
        double mean = active > 0 ? 1 / active : 0;
        coupling->response[z] = g * coupling->feeding[z] * mean * transform->forward_scale;
        coupling->collect[z] =
            to_pool * coupling->exchange[z] * transform->backward_scale / (double)transform->plane;
        coupling->lost += to_pool * coupling->feeding[z];
    }
    lac_tridiagonal_solve(tridiagonal, layers, transform->eigenvalue + transform->lowest, 1,
                          coupling->response, 1, solver->scratch);
}

/* In place, without pivoting: the columns of the complement are dominated by their diagonals. */
static void eliminate(double *a, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        for (size_t i = k + 1; i < n; i++) {
            a[i * n + k] /= a[k * n + k];
            for (size_t j = k + 1; j < n; j++)
                a[i * n + j] -= a[i * n + k] * a[k * n + j];
        }
    }
}

void lac_coupled_fields_factor(const lac_spectral_solver *solver, double g,
                               lac_coupled_fields *group)
{
    const size_t n = group->pools;
    memset(group->schur, 0, n * n * sizeof *group->schur);
    for (size_t pool = 0; pool < n; pool++)
        group->schur[pool * n + pool] = 1;
    for (size_t k = 0; k < group->couplings; k++) {
        factor_coupling(solver, g, group, &group->coupling[k]);
        group->schur[group->coupling[k].pool * (n + 1)] += group->coupling[k].lost;
    }
    for (size_t k = 0; k < group->couplings; k++) {
        for (size_t l = 0; l < group->couplings; l++) {
            const lac_pool_coupling *to = &group->coupling[k], *from = &group->coupling[l];
            const size_t layers = solver->tridiagonal[to->field].transform->layers;
            for (size_t z = 0; to->field == from->field && z < layers; z++)
                group->schur[to->pool * n + from->pool] -= to->collect[z] * from->response[z];
        }
    }
    eliminate(group->schur, n);
}

/* --- solving -------------------------------------------------------------------------------- */

static void solve_dense(const double *a, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            x[i] -= a[i * n + j] * x[j];
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            x[i] -= a[i * n + j] * x[j];
        x[i] /= a[i * n + i];
    }
}

static double collected(const lac_spectral_solver *solver, const lac_pool_coupling *coupling,
                        const double *v)
{
    const lac_plane_transform *transform = solver->tridiagonal[coupling->field].transform;
    const double *lowest = v + solver->tridiagonal[coupling->field].at + transform->lowest;
    double sum = 0;
    for (size_t z = 0; z < transform->layers; z++)
        sum += coupling->collect[z] * lowest[z * transform->plane];
    return sum;
}

static void respond(const lac_spectral_solver *solver, const lac_pool_coupling *coupling,
                    double pool, double *v)
{
    const lac_plane_transform *transform = solver->tridiagonal[coupling->field].transform;
    double *lowest = v + solver->tridiagonal[coupling->field].at + transform->lowest;
    for (size_t z = 0; z < transform->layers; z++)
        lowest[z * transform->plane] += coupling->response[z] * pool;
}

/* Of the field, by volume or with the weights of another array. */
static double lowest_sum(const lac_tridiagonal_factor *tridiagonal, const double *lowest,
                         const double *weight)
{
    const lac_plane_transform *transform = tridiagonal->transform;
    double sum = 0;
    for (size_t z = 0; z < transform->layers; z++)
        sum += lowest[z * transform->plane] * (weight ? weight[z] : 1);
    return sum * transform->backward_scale;
}

void lac_coupled_fields_note_sums(const lac_spectral_solver *solver, lac_coupled_fields *group,
                                  double *v)
{
    for (size_t k = 0; group->pools > 0 && k < group->fields; k++) {
        lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[group->field[k]];
        const double *field = v + tridiagonal->at;
        tridiagonal->sum = lowest_sum(tridiagonal, field + tridiagonal->transform->lowest,
                                      tridiagonal->slab->grid->width);
    }
}

/* With Neumann ends, what a field was given is known better from its own balance than from the
 * difference of large fluxes: the rest goes to the coupling with the largest flux. */
static void balance(const lac_spectral_solver *solver, lac_coupled_fields *group, size_t field,
                    const double *v)
{
    lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[field];
    const double *lowest = v + tridiagonal->at + tridiagonal->transform->lowest;
    lac_pool_coupling *largest = NULL;
    double sum = 0;
    for (size_t k = 0; k < group->couplings; k++) {
        lac_pool_coupling *coupling = &group->coupling[k];
        if (coupling->field != field)
            continue;
        sum += coupling->given;
        if (!largest || fabs(coupling->given) > fabs(largest->given))
            largest = coupling;
    }
    tridiagonal->given = sum;
    if (!largest || tridiagonal->transform->ends[0] != LAC_ENDS_NEUMANN ||
        tridiagonal->transform->ends[1] != LAC_ENDS_NEUMANN)
        return;
    double now =
        lowest_sum(tridiagonal, lowest, tridiagonal->slab->grid->width) * (1 + tridiagonal->loss) +
        lowest_sum(tridiagonal, lowest, tridiagonal->held);
    tridiagonal->given = tridiagonal->slab->grid->weight * (now - tridiagonal->sum);
    largest->given += tridiagonal->given - sum;
}

void lac_coupled_fields_solve(const lac_spectral_solver *solver, lac_coupled_fields *group,
                              double *v)
{
    const lac_layout *layout = &solver->layout;
    for (size_t pool = 0; pool < group->pools; pool++)
        group->before[pool] = group->rhs[pool] = v[lac_layout_at(layout, group->pool[pool])];
    for (size_t k = 0; k < group->couplings; k++)
        group->rhs[group->coupling[k].pool] += collected(solver, &group->coupling[k], v);
    solve_dense(group->schur, group->pools, group->rhs);
    for (size_t k = 0; k < group->couplings; k++)
        respond(solver, &group->coupling[k], group->rhs[group->coupling[k].pool], v);
    for (size_t k = 0; k < group->couplings; k++) {
        lac_pool_coupling *coupling = &group->coupling[k];
        coupling->given =
            lac_model_pool_volume(solver->model, group->pool[coupling->pool]) *
            (coupling->lost * group->rhs[coupling->pool] - collected(solver, coupling, v));
    }
    for (size_t k = 0; k < group->fields; k++)
        balance(solver, group, group->field[k], v);
    for (size_t k = 0; k < group->couplings; k++)
        group->before[group->coupling[k].pool] -=
            group->coupling[k].given /
            lac_model_pool_volume(solver->model, group->pool[group->coupling[k].pool]);
    for (size_t pool = 0; pool < group->pools; pool++)
        v[lac_layout_at(layout, group->pool[pool])] = group->before[pool];
}
