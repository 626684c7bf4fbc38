/* Spread: how much the values in the voxels of a region differ, and how far they are alike.
 *
 * Sums are those of base/vector.h over the voxels of the region in their order, in two passes, so
 * that a large mean costs no digits and threads change no bit. Tested in tests/test_spread.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/spread.h"

#include "base/memory.h"
#include "base/vector.h"

#include <math.h>
#include <stdlib.h>

/* One voxel of the region: its value (or its difference from the mean) and its volume. */
typedef struct weighted {
    double value, weight;
} weighted;

struct lac_spread {
    const lac_grid *grid; /* borrowed */
    double *value;        /* owned [voxels]: of the voxels that take part, or of pairs */
    double *weight;       /* owned [voxels]: volumes [um^3], or their products */
    double *difference;   /* owned [voxels]: from the mean; NaN where a voxel takes no part */
    weighted *ordered;    /* owned [voxels] */
    size_t count;
};

lac_status lac_spread_create(const lac_grid *grid, lac_spread **spread)
{
    lac_status status = LAC_OK;
    lac_spread *made = NULL;
    LAC_NEW(made, 1);
    made->grid = grid;
    LAC_NEW(made->value, grid->voxels);
    LAC_NEW(made->weight, grid->voxels);
    LAC_NEW(made->difference, grid->voxels);
    LAC_NEW(made->ordered, grid->voxels);
    *spread = made;
    made = NULL;
out:
    lac_spread_free(made);
    return status;
}

void lac_spread_free(lac_spread *spread)
{
    if (!spread)
        return;
    lac_free(spread->value);
    lac_free(spread->weight);
    lac_free(spread->difference);
    lac_free(spread->ordered);
    lac_free(spread);
}

bool lac_op_needs_all(lac_op op)
{
    return op == LAC_OP_SD || op == LAC_OP_QUANTILE || op == LAC_OP_CORRELATION;
}

bool lac_takes_part(const lac_grid *grid, size_t region, size_t voxel)
{
    return (!grid->active || grid->active[voxel] != 0) &&
           (region == LAC_NONE || grid->region[region][voxel] != 0);
}

static void gather(lac_spread *spread, size_t region, const double *value)
{
    spread->count = 0;
    for (size_t voxel = 0; voxel < spread->grid->voxels; voxel++) {
        if (!lac_takes_part(spread->grid, region, voxel))
            continue;
        spread->value[spread->count] = value[voxel];
        spread->weight[spread->count++] = lac_grid_volume(spread->grid, voxel);
    }
}

static double weighted_mean(const lac_spread *spread)
{
    return lac_dot(spread->weight, spread->value, spread->count) /
           lac_sum(spread->weight, spread->count);
}

/* Gathers; leaves the squares of the differences in `value`. */
static double variance_about(lac_spread *spread, size_t region, const double *value, double *mean)
{
    gather(spread, region, value);
    *mean = weighted_mean(spread);
    for (size_t k = 0; k < spread->count; k++) {
        double difference = spread->value[k] - *mean;
        spread->value[k] = difference * difference;
    }
    return weighted_mean(spread);
}

double lac_spread_sd(lac_spread *spread, size_t region, const double *value)
{
    double mean;
    return sqrt(variance_about(spread, region, value, &mean));
}

/* By value, then by weight: what is equal in both may change places. */
static int by_value(const void *a, const void *b)
{
    const weighted *left = a, *right = b;
    int order = (left->value > right->value) - (left->value < right->value);
    return order ? order : (left->weight > right->weight) - (left->weight < right->weight);
}

double lac_spread_quantile(lac_spread *spread, size_t region, const double *value, double share)
{
    gather(spread, region, value);
    const double whole = lac_sum(spread->weight, spread->count);
    weighted *ordered = spread->ordered;
    for (size_t k = 0; k < spread->count; k++) {
        if (isnan(spread->value[k]))
            return (double)NAN;
        ordered[k] = (weighted){spread->value[k], spread->weight[k]};
    }
    qsort(ordered, spread->count, sizeof *ordered, by_value);
    double below = 0, last = 0, wanted = share * whole;
    for (size_t k = 0; k < spread->count; k++) {
        double middle = below + 0.5 * ordered[k].weight;
        if (middle >= wanted && k == 0)
            return ordered[k].value;
        if (middle >= wanted)
            return ordered[k - 1].value +
                   (wanted - last) / (middle - last) * (ordered[k].value - ordered[k - 1].value);
        below += ordered[k].weight;
        last = middle;
    }
    return spread->count > 0 ? ordered[spread->count - 1].value : (double)NAN;
}

/* The index along an axis that lies `distance` from index k, LAC_NONE outside. */
static size_t shifted(const lac_grid *grid, int axis, size_t k, double distance)
{
    double to = (double)k + floor(distance / grid->h[axis] + 0.5);
    return to >= 0 && to < (double)grid->n[axis] ? (size_t)to : LAC_NONE;
}

/* The voxel that lies `lag` from a voxel, LAC_NONE outside. */
static size_t partner(const lac_grid *grid, size_t voxel, const double lag[3])
{
    size_t stride = 1, rest = voxel, other = 0;
    for (int axis = 0; axis < 3; axis++) {
        size_t to = shifted(grid, axis, rest % grid->n[axis], lag[axis]);
        if (to == LAC_NONE)
            return LAC_NONE;
        other += to * stride;
        rest /= grid->n[axis];
        stride *= grid->n[axis];
    }
    return other;
}

/* Adds the pairs that lie `lag` apart; none where that is less than half a voxel. */
static void add_pairs(lac_spread *spread, const double lag[3], bool with_itself, double *covariance,
                      double *weight)
{
    const lac_grid *grid = spread->grid;
    spread->count = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        size_t other = partner(grid, voxel, lag);
        if (other == LAC_NONE || (other == voxel && !with_itself) ||
            isnan(spread->difference[voxel]) || isnan(spread->difference[other]))
            continue;
        spread->value[spread->count] = spread->difference[voxel] * spread->difference[other];
        spread->weight[spread->count++] =
            lac_grid_volume(grid, voxel) * lac_grid_volume(grid, other);
    }
    *covariance += lac_dot(spread->weight, spread->value, spread->count);
    *weight += lac_sum(spread->weight, spread->count);
}

double lac_spread_correlation(lac_spread *spread, size_t region, const double *value,
                              const double lag[3])
{
    double mean, covariance = 0, weight = 0;
    double variance = variance_about(spread, region, value, &mean);
    if (!(variance > 0))
        return (double)NAN;
    for (size_t voxel = 0; voxel < spread->grid->voxels; voxel++)
        spread->difference[voxel] =
            lac_takes_part(spread->grid, region, voxel) ? value[voxel] - mean : (double)NAN;
    if (!isnan(lag[1])) {
        add_pairs(spread, lag, true, &covariance, &weight);
        return covariance / weight / variance;
    }
    for (int axis = 0; axis < 3; axis++) {
        double along[3] = {0, 0, 0};
        along[axis] = lag[0];
        add_pairs(spread, along, !(lag[0] > 0), &covariance, &weight);
    }
    return covariance / weight / variance;
}
