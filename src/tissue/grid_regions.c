/* The regions of a grid: zones and boxes by voxel centre, masks from datasets, and which voxels are
 * inactive.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/grid_internal.h"

#include "base/memory.h"
#include "base/vector.h"
#include "store/store.h"

#include <math.h>

/* Half open, so that neighbouring zones share no voxel and leave none out. */
static int holds(const lac_region *region, const lac_grid *grid, size_t voxel)
{
    for (int axis = 0; axis < 3; axis++) {
        double at = grid->position[axis][voxel];
        if (!(at >= region->low[axis] && at < region->high[axis]))
            return 0;
    }
    return 1;
}

static lac_status check_shape(const lac_region *region, const lac_grid *grid, size_t dimensions,
                              const size_t length[8])
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(dimensions == 3, LAC_INPUT,
                "mask '%s': dataset %s of %s has %zu dimensions instead of 3 (z, y, x)", region->id,
                region->dataset, region->file, dimensions);
    LAC_REQUIRE(length[0] == grid->n[2] && length[1] == grid->n[1] && length[2] == grid->n[0],
                LAC_INPUT,
                "mask '%s': dataset %s of %s has shape (%zu, %zu, %zu), the tissue has (z, y, x) "
                "= (%zu, %zu, %zu) voxels",
                region->id, region->dataset, region->file, length[0], length[1], length[2],
                grid->n[2], grid->n[1], grid->n[0]);
out:
    return status;
}

static lac_status read_mask(const lac_region *region, const lac_grid *grid, double *inside)
{
    lac_status status = LAC_OK;
    lac_store *store = NULL;
    double *values = NULL;
    size_t dimensions = 0;
    size_t length[8] = {0};
    LAC_TRY(lac_store_open(region->file, false, &store));
    LAC_TRY(lac_store_read(store, region->dataset, &values, &dimensions, length));
    LAC_TRY(check_shape(region, grid, dimensions, length));
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        LAC_REQUIRE(!isnan(values[voxel]), LAC_INPUT,
                    "mask '%s': dataset %s of %s holds NaN, which is neither inside nor outside",
                    region->id, region->dataset, region->file);
        inside[voxel] = values[voxel] != 0;
    }
out:
    if (store && status == LAC_OK)
        status = lac_store_close(store);
    else if (store)
        lac_store_close(store);
    lac_free(values);
    return status;
}

static lac_status mark(const lac_region *region, const lac_grid *grid, double *inside)
{
    if (region->kind == LAC_MASK)
        return read_mask(region, grid, inside);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        inside[voxel] = holds(region, grid, voxel);
    return LAC_OK;
}

static size_t count(const double *inside, size_t voxels)
{
    size_t found = 0;
    for (size_t voxel = 0; voxel < voxels; voxel++)
        found += inside[voxel] != 0;
    return found;
}

/* Volume of the voxels that are not 0 [of the mean voxel]; of even voxels their number. */
static double volume(const lac_grid *grid, const double *inside)
{
    if (grid->share && inside)
        return lac_dot(grid->share, inside, grid->voxels);
    if (grid->share)
        return lac_sum(grid->share, grid->voxels);
    return (double)(inside ? count(inside, grid->voxels) : grid->voxels);
}

static lac_status mark_active(lac_grid *grid, const lac_model *model)
{
    lac_status status = LAC_OK;
    const bool several = model->tissues > 1;
    const char *const words[] = {
        several ? " '" : "", several ? model->domain[model->tissue[grid->tissue].domain].id : "",
        several ? "'" : ""};
    grid->active_voxels = grid->voxels;
    for (size_t region = 0; region < grid->regions; region++) {
        if (!model->region[region].inactive || model->region[region].tissue != grid->tissue)
            continue;
        if (!grid->active) {
            LAC_NEW(grid->active, grid->voxels);
            for (size_t voxel = 0; voxel < grid->voxels; voxel++)
                grid->active[voxel] = 1;
        }
        for (size_t voxel = 0; voxel < grid->voxels; voxel++)
            if (grid->region[region][voxel] != 0)
                grid->active[voxel] = 0;
    }
    if (grid->active)
        grid->active_voxels = count(grid->active, grid->voxels);
    grid->active_volume = volume(grid, grid->active);
    LAC_REQUIRE(grid->active_voxels > 0 || grid->voxels == 0, LAC_INPUT,
                "every voxel of the tissue%s%s%s is inactive", words[0], words[1], words[2]);
out:
    return status;
}

/* Takes the inactive voxels out of the other regions and counts what is left. */
static lac_status count_active(lac_grid *grid, const lac_model *model)
{
    lac_status status = LAC_OK;
    char place[256];
    for (size_t region = 0; region < grid->regions; region++) {
        if (model->region[region].inactive || model->region[region].tissue != grid->tissue)
            continue;
        double *inside = grid->region[region];
        for (size_t voxel = 0; grid->active && voxel < grid->voxels; voxel++)
            inside[voxel] *= grid->active[voxel];
        grid->region_voxels[region] = count(inside, grid->voxels);
        grid->region_volume[region] = volume(grid, inside);
        LAC_REQUIRE(grid->region_voxels[region] > 0, LAC_INPUT,
                    "region '%s' holds no active voxel centre%s", model->region[region].id,
                    lac_place_words(model->region[region].place, place, sizeof place));
    }
out:
    return status;
}

/* The sentence about a region ends with where the region is written. */
static lac_status say_where(const lac_region *region, lac_status status)
{
    char place[256];
    if (status != LAC_INPUT && status != LAC_NO_INPUT)
        return status;
    return lac_fail(status, "%s%s", lac_failure(),
                    lac_place_words(region->place, place, sizeof place));
}

/* Which voxels lie in a region, inactive ones too. */
static lac_status mark_one(const lac_region *region, const lac_grid *grid, double *inside)
{
    lac_status status = LAC_OK;
    LAC_TRY(mark(region, grid, inside));
    LAC_REQUIRE(count(inside, grid->voxels) > 0, LAC_INPUT, "region '%s' holds no voxel centre",
                region->id);
out:
    return status == LAC_OK ? LAC_OK : say_where(region, status);
}

lac_status lac_grid_mark_regions(lac_grid *grid, const lac_model *model)
{
    lac_status status = LAC_OK;
    grid->regions = model->regions;
    LAC_NEW(grid->region, grid->regions);
    LAC_NEW(grid->region_voxels, grid->regions);
    LAC_NEW(grid->region_volume, grid->regions);
    for (size_t region = 0; region < grid->regions; region++) {
        if (model->region[region].tissue != grid->tissue)
            continue;
        LAC_NEW(grid->region[region], grid->voxels);
        LAC_TRY(mark_one(&model->region[region], grid, grid->region[region]));
    }
    LAC_TRY(mark_active(grid, model));
    LAC_TRY(count_active(grid, model));
out:
    return status;
}
