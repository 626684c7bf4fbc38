/* The norm of errors. A root mean square alone would let one secreting voxel among ten thousand be
 * wrong by a hundred tolerances, a largest value alone would make every step as small as the worst
 * voxel wants: the norm is the larger of the first and of a share of the second.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/error_norm.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

/* The share of the largest single error (docs/methods.md, section 5). */
static const double LARGEST_SHARE = 0.2;

enum { PARALLEL_FROM = 32 };

/* What one block of voxels of one field adds. */
typedef struct partial {
    double square;  /* sum of (error / tolerance)^2 */
    double largest; /* of |error| / tolerance */
    double lowest;  /* of value / atol */
    double count;   /* voxels that count */
} partial;

/* A block of one field. */
typedef struct piece {
    size_t field, first, count;
} piece;

struct lac_norm {
    const lac_model *model; /* borrowed */
    lac_layout layout;
    double rtol;
    double atol_scale;
    double active[LAC_TRACTS_MOST]; /* voxels of every tissue */
    unsigned char *mobile;          /* owned [fields] */
    size_t pieces;
    piece *piece;  /* owned, field by field */
    partial *part; /* owned [pieces] */
    double *share; /* owned [fields]: 1 / voxels that count */
};

static lac_status list_pieces(lac_norm *norm)
{
    lac_status status = LAC_OK;
    const lac_layout *layout = &norm->layout;
    size_t capacity = 0;
    for (size_t field = 0; field < layout->fields; field++) {
        const size_t at = lac_layout_at(layout, field), voxels = lac_layout_size(layout, field);
        for (size_t begin = 0; begin < voxels; begin += LAC_BLOCK) {
            LAC_GROW(norm->piece, norm->pieces, capacity);
            norm->piece[norm->pieces++] =
                (piece){field, at + begin, voxels - begin < LAC_BLOCK ? voxels - begin : LAC_BLOCK};
        }
    }
    LAC_NEW(norm->part, norm->pieces);
out:
    return status;
}

lac_status lac_norm_create(const lac_scene *scene, const lac_layout *layout,
                           const unsigned char *mobile, lac_norm **norm)
{
    lac_status status = LAC_OK;
    lac_norm *n = NULL;
    LAC_NEW(n, 1);
    n->model = scene->model;
    n->layout = *layout;
    n->rtol = scene->model->settings.rtol;
    n->atol_scale = scene->model->settings.atol_scale;
    for (const lac_grid *grid = scene->grid; grid; grid = grid->next)
        n->active[grid->tissue] = fmax(1, (double)grid->active_voxels);
    LAC_NEW(n->mobile, layout->fields);
    memcpy(n->mobile, mobile, layout->fields);
    LAC_TRY(list_pieces(n));
    LAC_NEW(n->share, layout->fields);
    *norm = n;
    n = NULL;
out:
    lac_norm_free(n);
    return status;
}

void lac_norm_free(lac_norm *norm)
{
    if (!norm)
        return;
    lac_free(norm->mobile);
    lac_free(norm->piece);
    lac_free(norm->part);
    lac_free(norm->share);
    lac_free(norm);
}

static double atol_of(const lac_norm *norm, size_t variable)
{
    return norm->atol_scale * norm->model->variable[variable].atol;
}

/* By how much a value may fall below zero: never more than the model's own tolerance. */
double lac_norm_floor(const lac_norm *norm, size_t variable)
{
    return fmin(1, norm->atol_scale) * norm->model->variable[variable].atol;
}

/* --- weights --------------------------------------------------------------------------------- */

static double count_nonzero(const double *y, size_t count)
{
    double nonzero = 0;
    for (size_t i = 0; i < count; i++)
        nonzero += y[i] != 0;
    return nonzero;
}

/* The voxels that count for a field; all when it is zero everywhere. */
static double voxels_that_count(const lac_norm *norm, const double *y, size_t field)
{
    const double active = norm->active[lac_layout_tract(&norm->layout, field)];
    if (norm->mobile[field])
        return active;
    double count = count_nonzero(y + lac_layout_at(&norm->layout, field),
                                 lac_layout_size(&norm->layout, field));
    return count > 0 ? count : active;
}

static void weigh_piece(const lac_norm *norm, const double *y, size_t k, double *weight)
{
    const piece at = norm->piece[k];
    double atol = atol_of(norm, at.field), share = norm->share[at.field], rtol = norm->rtol;
    for (size_t i = at.first; i < at.first + at.count; i++) {
        double tolerance = atol + rtol * fabs(y[i]);
        weight[i] = share / (tolerance * tolerance);
    }
}

static int team_for(const lac_norm *norm)
{
    return LAC_TEAM(norm->pieces >= PARALLEL_FROM);
}

void lac_norm_weights(lac_norm *norm, const double *y, double *weight)
{
    const lac_layout *layout = &norm->layout;
    const int team = team_for(norm);
    double rtol = norm->rtol;
    LAC_FOR_EACH(field, layout->fields, team,
                 norm->share[field] = 1 / voxels_that_count(norm, y, field));
    LAC_FOR_EACH(k, norm->pieces, team, weigh_piece(norm, y, k, weight));
    for (size_t pool = 0; pool < layout->pools; pool++) {
        size_t at = lac_layout_at(layout, layout->fields + pool);
        double tolerance = atol_of(norm, layout->fields + pool) + rtol * fabs(y[at]);
        weight[at] = 1 / (tolerance * tolerance);
    }
}

/* --- judging a step -------------------------------------------------------------------------- */

/* The share of what the rough error foretells. For y' = k y the row is exact, and the next error is
 * two thirds of what it foretells: a half is less than every sound estimate. */
static const double FORETOLD_SHARE = 2.0 / 3;

/* The error of a value: the estimate, or more when that is small by chance. */
static double error_of(const lac_step_values *step, size_t i)
{
    double error = fabs(step->error[i]);
    if (!step->rough)
        return error;
    double rough = fabs(step->rough[i]), change = fabs(step->after[i] - step->before[i]);
    double foretold = FORETOLD_SHARE * rough * (rough < change ? sqrt(rough / change) : 1);
    return error >= foretold || isnan(error) ? error : foretold;
}

static partial part_of(const lac_norm *norm, const lac_step_values *step, piece at)
{
    const size_t field = at.field, first = at.first, count = at.count;
    const double *before = step->before + first, *after = step->after + first;
    const lac_step_values part = {before, after, step->error + first,
                                  step->rough ? step->rough + first : NULL};
    double atol = atol_of(norm, field), rtol = norm->rtol;
    partial sum = {0, 0, INFINITY, 0};
    for (size_t i = 0; i < count; i++) {
        double scaled = error_of(&part, i) / (atol + rtol * fmax(fabs(before[i]), fabs(after[i])));
        sum.square += scaled * scaled;
        sum.largest = fmax(sum.largest, fabs(scaled));
        sum.lowest = fmin(sum.lowest, after[i]);
        sum.count += before[i] != 0 || after[i] != 0;
    }
    sum.lowest /= lac_norm_floor(norm, field);
    return sum;
}

/* NaN wins over every number. */
static double larger(double a, double b)
{
    return a >= b || isnan(a) ? a : b;
}

static void add_variable(const lac_norm *norm, size_t variable, partial sum, lac_step_check *check)
{
    double mean = sqrt(sum.square / fmax(1, sum.count));
    check->error = larger(check->error, larger(mean, LARGEST_SHARE * sum.largest));
    if (!norm->model->variable[variable].is_signed)
        check->lowest = fmin(check->lowest, sum.lowest);
}

lac_step_check lac_wrms_error(lac_norm *norm, const lac_step_values *step)
{
    const lac_layout *layout = &norm->layout;
    const size_t pieces = norm->pieces;
    size_t k = 0;
    lac_step_check check = {0, INFINITY};
    LAC_FOR_EACH(each, pieces, team_for(norm),
                 norm->part[each] = part_of(norm, step, norm->piece[each]));
    for (size_t field = 0; field < layout->fields; field++) {
        partial sum = {0, 0, INFINITY, 0};
        for (; k < pieces && norm->piece[k].field == field; k++) {
            const partial *part = &norm->part[k];
            sum.square += part->square;
            sum.largest = fmax(sum.largest, part->largest);
            sum.lowest = fmin(sum.lowest, part->lowest);
            sum.count += part->count;
        }
        if (norm->mobile[field])
            sum.count = norm->active[lac_layout_tract(layout, field)];
        add_variable(norm, field, sum, &check);
    }
    for (size_t pool = 0; pool < layout->pools; pool++) {
        size_t variable = layout->fields + pool, at = lac_layout_at(layout, variable);
        double atol = atol_of(norm, variable);
        double size = fmax(fabs(step->before[at]), fabs(step->after[at]));
        double scaled = error_of(step, at) / (atol + norm->rtol * size);
        partial sum = {scaled * scaled, scaled, step->after[at] / lac_norm_floor(norm, variable),
                       1};
        add_variable(norm, variable, sum, &check);
    }
    return check;
}

/* --- places, for sentences ------------------------------------------------------------------- */

typedef double (*badness)(const lac_norm *norm, size_t variable, double y, double v);

static double in_tolerances(const lac_norm *norm, size_t variable, double y, double v)
{
    double scaled = fabs(v) / (atol_of(norm, variable) + norm->rtol * fabs(y));
    return isnan(scaled) ? INFINITY : scaled;
}

static double below_zero(const lac_norm *norm, size_t variable, double y, double v)
{
    (void)v;
    return norm->model->variable[variable].is_signed ? -INFINITY
                                                     : -y / lac_norm_floor(norm, variable);
}

static lac_worst_place search(const lac_norm *norm, const double *y, const double *v, badness how)
{
    const lac_layout *layout = &norm->layout;
    lac_worst_place worst = {0, LAC_NONE, 0};
    double most = -INFINITY;
    for (size_t variable = 0; variable < layout->fields + layout->pools; variable++) {
        size_t first = lac_layout_at(layout, variable);
        size_t count = lac_layout_size(layout, variable);
        for (size_t i = 0; i < count; i++) {
            double bad = how(norm, variable, y[first + i], v[first + i]);
            if (bad > most) {
                most = bad;
                worst.variable = variable;
                worst.voxel = variable < layout->fields ? i : LAC_NONE;
                worst.value = y[first + i];
            }
        }
    }
    return worst;
}

lac_worst_place lac_norm_worst(const lac_norm *norm, const double *y, const double *v)
{
    return search(norm, y, v, in_tolerances);
}

lac_worst_place lac_norm_lowest(const lac_norm *norm, const double *y)
{
    return search(norm, y, y, below_zero);
}
