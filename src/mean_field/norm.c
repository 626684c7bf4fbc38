/* The norm of errors. A root mean square alone would let one secreting voxel among ten thousand be
 * wrong by a hundred tolerances, a largest value alone would make every step as small as the worst
 * voxel wants: the norm is the larger of the first and of a share of the second.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/norm.h"

#include "base/memory.h"

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

struct lac_norm {
    const lac_model *model; /* borrowed */
    lac_layout layout;
    double rtol;
    double atol_scale;
    double active;         /* voxels */
    unsigned char *mobile; /* owned [fields] */
    partial *part;         /* owned [fields][blocks] */
    double *share;         /* owned [fields]: 1 / voxels that count */
};

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
    n->active = fmax(1, (double)scene->grid->active_voxels);
    LAC_NEW(n->mobile, layout->fields);
    memcpy(n->mobile, mobile, layout->fields);
    LAC_NEW(n->part, layout->fields * lac_blocks(layout->voxels));
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
    if (norm->mobile[field])
        return norm->active;
    double count = count_nonzero(y + field * norm->layout.stride, norm->layout.voxels);
    return count > 0 ? count : norm->active;
}

void lac_norm_weigh(lac_norm *norm, const double *y, double *weight)
{
    const lac_layout *layout = &norm->layout;
    size_t blocks = lac_blocks(layout->voxels), parts = layout->fields * blocks;
    double rtol = norm->rtol;
#pragma omp parallel for schedule(static) if (parts >= PARALLEL_FROM)
    for (size_t field = 0; field < layout->fields; field++)
        norm->share[field] = 1 / voxels_that_count(norm, y, field);
#pragma omp parallel for schedule(static) if (parts >= PARALLEL_FROM)
    for (size_t k = 0; k < parts; k++) {
        size_t field = k / blocks, begin = k % blocks * LAC_BLOCK;
        size_t end = begin + LAC_BLOCK < layout->voxels ? begin + LAC_BLOCK : layout->voxels;
        double atol = atol_of(norm, field), share = norm->share[field];
        for (size_t i = field * layout->stride + begin; i < field * layout->stride + end; i++) {
            double tolerance = atol + rtol * fabs(y[i]);
            weight[i] = share / (tolerance * tolerance);
        }
    }
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

static partial part_of(const lac_norm *norm, const lac_step_values *step, size_t field,
                       size_t block)
{
    size_t begin = block * LAC_BLOCK, left = norm->layout.voxels - begin;
    size_t first = field * norm->layout.stride + begin, count = left < LAC_BLOCK ? left : LAC_BLOCK;
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

static void add_variable(const lac_norm *norm, size_t variable, partial sum, lac_verdict *verdict)
{
    double mean = sqrt(sum.square / fmax(1, sum.count));
    verdict->error = larger(verdict->error, larger(mean, LARGEST_SHARE * sum.largest));
    if (!norm->model->variable[variable].is_signed)
        verdict->lowest = fmin(verdict->lowest, sum.lowest);
}

lac_verdict lac_norm_judge(lac_norm *norm, const lac_step_values *step)
{
    const lac_layout *layout = &norm->layout;
    size_t blocks = lac_blocks(layout->voxels), parts = layout->fields * blocks;
    lac_verdict verdict = {0, INFINITY};
#pragma omp parallel for schedule(static) if (parts >= PARALLEL_FROM)
    for (size_t k = 0; k < parts; k++)
        norm->part[k] = part_of(norm, step, k / blocks, k % blocks);
    for (size_t field = 0; field < layout->fields; field++) {
        partial sum = {0, 0, INFINITY, 0};
        for (size_t block = 0; block < blocks; block++) {
            const partial *part = norm->part + field * blocks + block;
            sum.square += part->square;
            sum.largest = fmax(sum.largest, part->largest);
            sum.lowest = fmin(sum.lowest, part->lowest);
            sum.count += part->count;
        }
        if (norm->mobile[field])
            sum.count = norm->active;
        add_variable(norm, field, sum, &verdict);
    }
    for (size_t pool = 0; pool < layout->pools; pool++) {
        size_t variable = layout->fields + pool, at = lac_layout_at(layout, variable);
        double atol = atol_of(norm, variable);
        double size = fmax(fabs(step->before[at]), fabs(step->after[at]));
        double scaled = error_of(step, at) / (atol + norm->rtol * size);
        partial sum = {scaled * scaled, scaled, step->after[at] / lac_norm_floor(norm, variable),
                       1};
        add_variable(norm, variable, sum, &verdict);
    }
    return verdict;
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
        size_t count = variable < layout->fields ? layout->voxels : 1;
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
