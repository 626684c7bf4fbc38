/* The grids of a result: their axes have the names of their domains before them where there are
 * several, and layers that differ have their volumes beside them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/summary.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 320 };

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* Of what has a spacing, or bounds in its place. */
static bool is_axis(lac_store *store, const char *path)
{
    double spacing;
    char bounds[PATH_BYTES];
    snprintf(bounds, sizeof bounds, "%.290s_bounds", path);
    return lac_store_has(store, path) &&
           (lac_store_read_number(store, path, "spacing", &spacing) == LAC_OK ||
            lac_store_has(store, bounds));
}

bool lac_summary_is_coordinate(lac_store *store, const char *name)
{
    static const char *const names[] = {"x", "y", "z", "time", "time_fields"};
    static const char *const ends[] = {"_bounds", "_end", "_volume", ""};
    char path[PATH_BYTES];
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        if (!ends_with(name, ends[k]))
            continue;
        int kept = (int)(strlen(name) - strlen(ends[k]));
        snprintf(path, sizeof path, "/%.*s", kept > 280 ? 280 : kept, name);
        bool named = strcmp(path, LAC_AT_Z) == 0 || ends_with(path, "_z") ||
                     (!*ends[k] && (ends_with(path, "_x") || ends_with(path, "_y")));
        if (named && is_axis(store, path))
            return true;
    }
    return false;
}

/* Thickness of layers, and volumes by which their voxels count. */
static lac_status read_layers(lac_store *store, const char *axis, lac_summary_grid *grid)
{
    lac_status status = LAC_OK;
    char path[PATH_BYTES];
    double *bounds = NULL;
    size_t rank, length[8] = {0};
    snprintf(path, sizeof path, "%.290s_bounds", axis);
    if (!lac_store_has(store, path))
        return LAC_OK;
    LAC_TRY(lac_store_read(store, path, &bounds, &rank, length));
    grid->thinnest = INFINITY;
    for (size_t layer = 0; layer < length[0]; layer++) {
        double thickness = bounds[2 * layer + 1] - bounds[2 * layer];
        grid->thinnest = fmin(grid->thinnest, thickness);
        grid->thickest = fmax(grid->thickest, thickness);
    }
    snprintf(path, sizeof path, "%.290s_volume", axis);
    LAC_TRY(lac_store_read(store, path, &grid->volume, &rank, length));
out:
    lac_free(bounds);
    return status;
}

static lac_status read_grid(lac_store *store, const char *before, lac_summary_grid *grid)
{
    lac_status status = LAC_OK;
    char path[PATH_BYTES];
    for (int axis = 0; axis < 3; axis++) {
        size_t rank, length[8] = {0};
        snprintf(path, sizeof path, "/%.280s%c", before, "xyz"[axis]);
        if (!lac_store_has(store, path))
            return LAC_OK;
        LAC_TRY(lac_store_shape(store, path, &rank, length));
        grid->voxels[axis] = length[0];
    }
    LAC_TRY(read_layers(store, path, grid));
    LAC_OWN(grid->before, lac_copy_text(before));
out:
    return status;
}

lac_status lac_summary_read_grids(lac_store *store, char *const *names, size_t count,
                                  lac_summary *summary)
{
    lac_status status = LAC_OK;
    char before[PATH_BYTES], path[PATH_BYTES];
    LAC_NEW(summary->grid, count + 1);
    for (size_t k = 0; k < count; k++) {
        size_t length = strlen(names[k]);
        bool only = strcmp(names[k], &LAC_AT_X[1]) == 0;
        snprintf(path, sizeof path, "/%.280s", names[k]);
        if (length > 280 || (!only && !(ends_with(names[k], "_x") && is_axis(store, path))))
            continue;
        snprintf(before, sizeof before, "%.*s", (int)(length - 1), names[k]);
        LAC_TRY(read_grid(store, before, &summary->grid[summary->grids++]));
    }
out:
    return status;
}

void lac_summary_free_grids(lac_summary *summary)
{
    for (size_t k = 0; summary->grid && k < summary->grids; k++) {
        lac_free(summary->grid[k].before);
        lac_free(summary->grid[k].volume);
    }
    lac_free(summary->grid);
}

const lac_summary_grid *lac_summary_grid_of(const lac_summary *summary, const char *name)
{
    for (size_t k = 0; k < summary->grids; k++) {
        const char *before = summary->grid[k].before;
        if (before && strncmp(name, before, strlen(before)) == 0)
            return &summary->grid[k];
    }
    return NULL;
}
