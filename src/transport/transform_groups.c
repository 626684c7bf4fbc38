/* Groups: fields and the pools that they exchange with. A uniform exchange touches only the lowest
 * coefficient of each plane, so the pools border the systems in depth of those coefficients and are
 * eliminated exactly, by the Schur complement on the pools:
 *
 *   T_f m_f = r_f + sum over pools of feed_fp P_p
 *   (1 + lost_p) P_p - sum over fields of collect_fp . m_f = s_p
 *
 * Conductances enter as sums over the boundary faces of a layer. With free ends the sum of tissue
 * and pools is conserved to rounding. With held ends in x or y the pools meet other coefficients
 * too; that is left to the iteration around this factor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transform_internal.h"

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

static lac_border *find_border(lac_group *group, size_t field, size_t pool)
{
    for (size_t k = 0; k < group->borders; k++)
        if (group->border[k].field == field && group->border[k].pool == pool)
            return &group->border[k];
    return NULL;
}

static lac_status add_border(const lac_transform *transform, const lac_boundary *text,
                             lac_group *group)
{
    lac_status status = LAC_OK;
    size_t layers = transform->column[text->variable].sheet->layers;
    size_t pool = find(group->pool, group->pools, text->pool);
    if (pool == group->pools)
        group->pool[group->pools++] = text->pool;
    if (find_border(group, text->variable, pool))
        return LAC_OK;
    lac_border *border = &group->border[group->borders++];
    border->field = text->variable;
    border->pool = pool;
    LAC_NEW(border->exchange, layers);
    LAC_NEW(border->feeding, layers);
    LAC_NEW(border->response, layers);
    LAC_NEW(border->collect, layers);
out:
    return status;
}

static lac_status make_group(const lac_transform *transform, const unsigned char *mobile,
                             const size_t *number, size_t which, lac_group *group)
{
    lac_status status = LAC_OK;
    const lac_model *model = transform->model;
    LAC_NEW(group->field, model->fields);
    LAC_NEW(group->pool, model->boundaries);
    LAC_NEW(group->border, model->boundaries);
    for (size_t field = 0; field < model->fields; field++)
        if (number[field] == which && mobile[field])
            group->field[group->fields++] = field;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        if (text->type->with_pool && number[text->variable] == which)
            LAC_TRY(add_border(transform, text, group));
    }
    LAC_NEW(group->schur, group->pools * group->pools);
    LAC_NEW(group->rhs, group->pools);
    LAC_NEW(group->before, group->pools);
out:
    return status;
}

lac_status lac_groups_create(lac_transform *transform, const unsigned char *mobile)
{
    lac_status status = LAC_OK;
    size_t fields = transform->model->fields;
    size_t *number = NULL;
    LAC_NEW(number, fields);
    LAC_NEW(transform->group, fields);
    number_groups(transform->model, number);
    for (size_t field = 0; field < fields; field++)
        if (number[field] == field && mobile[field])
            LAC_TRY(make_group(transform, mobile, number, field,
                               &transform->group[transform->groups++]));
out:
    lac_free(number);
    return status;
}

void lac_groups_free(lac_transform *transform)
{
    for (size_t k = 0; transform->group && k < transform->groups; k++) {
        lac_group *group = &transform->group[k];
        for (size_t b = 0; group->border && b < group->borders; b++) {
            lac_free(group->border[b].exchange);
            lac_free(group->border[b].feeding);
            lac_free(group->border[b].response);
            lac_free(group->border[b].collect);
        }
        lac_free(group->field);
        lac_free(group->pool);
        lac_free(group->border);
        lac_free(group->schur);
        lac_free(group->rhs);
        lac_free(group->before);
    }
    lac_free(transform->group);
}

/* --- factors -------------------------------------------------------------------------------- */

void lac_group_collect(const lac_transform *transform, const lac_coefficients *coefficients,
                       lac_group *group)
{
    const lac_model *model = transform->model;
    for (size_t k = 0; k < group->borders; k++) {
        size_t bytes = transform->column[group->border[k].field].sheet->layers * sizeof(double);
        memset(group->border[k].exchange, 0, bytes);
        memset(group->border[k].feeding, 0, bytes);
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        size_t pool = find(group->pool, group->pools, text->pool);
        lac_border *border =
            text->type->with_pool ? find_border(group, text->variable, pool) : NULL;
        const lac_boundary_terms *terms = &coefficients->boundary[boundary];
        if (!border)
            continue;
        const lac_grid *grid = transform->column[text->variable].slab->grid;
        const size_t plane = grid->n[0] * grid->n[1];
        for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
            size_t layer = grid->boundary_face[text->patch][w].voxel / plane;
            border->exchange[layer] += terms->conductance[w];
            border->feeding[layer] += terms->conductance[w] * terms->reference[w];
        }
    }
}

/* Terms of a border for this g; the columns of its field are factored. */
static void factor_border(const lac_transform *transform, double g, const lac_group *group,
                          lac_border *border)
{
    const lac_column_factor *column = &transform->column[border->field];
    const lac_sheet *sheet = column->sheet;
    const size_t layers = sheet->layers;
    double to_pool = g * column->slab->grid->weight /
                     lac_model_pool_volume(transform->model, group->pool[border->pool]);
    border->lost = 0;
    for (size_t z = 0; z < layers; z++) {
        double active = (double)column->slab->layer_active[z];
        double mean = active > 0 ? 1 / active : 0;
        border->response[z] = g * border->feeding[z] * mean * sheet->feed;
        border->collect[z] = to_pool * border->exchange[z] * sheet->read / (double)sheet->plane;
        border->lost += to_pool * border->feeding[z];
    }
    lac_columns_solve(column, layers, sheet->eigenvalue + sheet->lowest, 1, border->response, 1,
                      transform->scratch);
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

void lac_group_factor(const lac_transform *transform, double g, lac_group *group)
{
    const size_t n = group->pools;
    memset(group->schur, 0, n * n * sizeof *group->schur);
    for (size_t pool = 0; pool < n; pool++)
        group->schur[pool * n + pool] = 1;
    for (size_t k = 0; k < group->borders; k++) {
        factor_border(transform, g, group, &group->border[k]);
        group->schur[group->border[k].pool * (n + 1)] += group->border[k].lost;
    }
    for (size_t k = 0; k < group->borders; k++) {
        for (size_t l = 0; l < group->borders; l++) {
            const lac_border *to = &group->border[k], *from = &group->border[l];
            const size_t layers = transform->column[to->field].sheet->layers;
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

static double collected(const lac_transform *transform, const lac_border *border, const double *v)
{
    const lac_sheet *sheet = transform->column[border->field].sheet;
    const double *lowest = v + transform->column[border->field].at + sheet->lowest;
    double sum = 0;
    for (size_t z = 0; z < sheet->layers; z++)
        sum += border->collect[z] * lowest[z * sheet->plane];
    return sum;
}

static void respond(const lac_transform *transform, const lac_border *border, double pool,
                    double *v)
{
    const lac_sheet *sheet = transform->column[border->field].sheet;
    double *lowest = v + transform->column[border->field].at + sheet->lowest;
    for (size_t z = 0; z < sheet->layers; z++)
        lowest[z * sheet->plane] += border->response[z] * pool;
}

static double lowest_sum(const lac_sheet *sheet, const double *lowest, const double *held)
{
    double sum = 0;
    for (size_t z = 0; z < sheet->layers; z++)
        sum += lowest[z * sheet->plane] * (held ? held[z] : 1);
    return sum * sheet->read;
}

void lac_group_note_sums(const lac_transform *transform, lac_group *group, double *v)
{
    for (size_t k = 0; group->pools > 0 && k < group->fields; k++) {
        lac_column_factor *column = &transform->column[group->field[k]];
        const double *field = v + column->at;
        column->sum = lowest_sum(column->sheet, field + column->sheet->lowest, NULL);
    }
}

/* With free ends, what a field was given is known better from its own balance than from the
 * difference of large fluxes: the rest goes to the border with the largest flux. */
static void balance(const lac_transform *transform, lac_group *group, size_t field, const double *v)
{
    lac_column_factor *column = &transform->column[field];
    const double *lowest = v + column->at + column->sheet->lowest;
    lac_border *largest = NULL;
    double sum = 0;
    for (size_t k = 0; k < group->borders; k++) {
        lac_border *border = &group->border[k];
        if (border->field != field)
            continue;
        sum += border->given;
        if (!largest || fabs(border->given) > fabs(largest->given))
            largest = border;
    }
    column->given = sum;
    if (!largest || column->sheet->ends[0] != LAC_ENDS_FREE ||
        column->sheet->ends[1] != LAC_ENDS_FREE)
        return;
    double now = lowest_sum(column->sheet, lowest, NULL) * (1 + column->loss) +
                 lowest_sum(column->sheet, lowest, column->held);
    column->given = column->slab->grid->weight * (now - column->sum);
    largest->given += column->given - sum;
}

void lac_group_solve(const lac_transform *transform, lac_group *group, double *v)
{
    const lac_layout *layout = &transform->layout;
    for (size_t pool = 0; pool < group->pools; pool++)
        group->before[pool] = group->rhs[pool] = v[lac_layout_at(layout, group->pool[pool])];
    for (size_t k = 0; k < group->borders; k++)
        group->rhs[group->border[k].pool] += collected(transform, &group->border[k], v);
    solve_dense(group->schur, group->pools, group->rhs);
    for (size_t k = 0; k < group->borders; k++)
        respond(transform, &group->border[k], group->rhs[group->border[k].pool], v);
    for (size_t k = 0; k < group->borders; k++) {
        lac_border *border = &group->border[k];
        border->given = lac_model_pool_volume(transform->model, group->pool[border->pool]) *
                        (border->lost * group->rhs[border->pool] - collected(transform, border, v));
    }
    for (size_t k = 0; k < group->fields; k++)
        balance(transform, group, group->field[k], v);
    for (size_t k = 0; k < group->borders; k++)
        group->before[group->border[k].pool] -=
            group->border[k].given /
            lac_model_pool_volume(transform->model, group->pool[group->border[k].pool]);
    for (size_t pool = 0; pool < group->pools; pool++)
        v[lac_layout_at(layout, group->pool[pool])] = group->before[pool];
}
