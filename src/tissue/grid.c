/* The grid: sizes, positions, and what it may cost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/grid.h"

#include "base/memory.h"
#include "base/vector.h"
#include "tissue/grid_internal.h"

#include <math.h>
#include <unistd.h>

/* What a run of the mean-field engine holds per field and voxel, as an upper estimate [bytes]. */
static const double BYTES_PER_UNKNOWN = 100;
static const double GIB = 1024.0 * 1024.0 * 1024.0;

static double physical_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && bytes > 0 ? (double)pages * (double)bytes : INFINITY;
}

/* Refuses in doubles, before any product of sizes can overflow. */
static lac_status check_size(const lac_model *model, size_t tissue)
{
    lac_status status = LAC_OK;
    const size_t *n = model->tissue[tissue].voxels;
    const double *h = model->tissue[tissue].voxel;
    size_t fields = model->tissues > 1 ? model->tissue[tissue].fields : model->fields;
    for (int axis = 0; axis < 3; axis++)
        LAC_REQUIRE(n[axis] > 0 && h[axis] > 0 && isfinite(h[axis]), LAC_INPUT,
                    "the tissue has %zu voxels of %g um along %c", n[axis], h[axis], "xyz"[axis]);
    double voxels = (double)n[0] * (double)n[1] * (double)n[2];
    double arrays = 3 + (double)model->regions; /* positions, regions */
    double bytes = voxels * (8 * arrays + BYTES_PER_UNKNOWN * (double)fields);
    LAC_REQUIRE(bytes <= physical_memory(), LAC_LIMIT,
                "%zu x %zu x %zu = %.4g voxels with %zu species each need about %.3g GiB of "
                "memory; this machine has %.3g GiB",
                n[0], n[1], n[2], voxels, fields, bytes / GIB, physical_memory() / GIB);
out:
    return status;
}

static lac_status place_voxels(lac_grid *grid)
{
    lac_status status = LAC_OK;
    for (int axis = 0; axis < 3; axis++)
        LAC_NEW(grid->position[axis], grid->voxels);
    size_t voxel = 0;
    for (size_t z = 0; z < grid->n[2]; z++) {
        for (size_t y = 0; y < grid->n[1]; y++) {
            for (size_t x = 0; x < grid->n[0]; x++, voxel++) {
                grid->position[0][voxel] = ((double)x + 0.5) * grid->h[0];
                grid->position[1][voxel] = ((double)y + 0.5) * grid->h[1];
                grid->position[2][voxel] = ((double)z + 0.5) * grid->h[2];
            }
        }
    }
out:
    return status;
}

/* Layers of unequal thickness: centres lie in their middles. */
static lac_status grade(const lac_tissue_text *text, lac_grid *grid)
{
    lac_status status = LAC_OK;
    const size_t plane = grid->n[0] * grid->n[1];
    LAC_NEW(grid->width, grid->n[2]);
    LAC_NEW(grid->share, grid->voxels);
    lac_tissue_shares(text, grid->share, grid->voxels);
    for (size_t layer = 0; layer < grid->n[2]; layer++) {
        grid->width[layer] = lac_tissue_layer(text, layer) / grid->h[2];
        for (size_t i = 0; i < plane; i++)
            grid->position[2][layer * plane + i] =
                0.5 * (text->bound[layer] + text->bound[layer + 1]);
    }
out:
    return status;
}

static lac_status create_one(const lac_model *model, size_t tissue, lac_grid **result)
{
    lac_status status = LAC_OK;
    lac_grid *grid = NULL;
    const lac_tissue_text *text = &model->tissue[tissue];
    LAC_NEW(grid, 1);
    grid->tissue = tissue;
    grid->weight = lac_tissue_weight(text);
    if (text->present) {
        LAC_TRY(check_size(model, tissue));
        for (int axis = 0; axis < 3; axis++) {
            grid->n[axis] = text->voxels[axis];
            grid->h[axis] = text->voxel[axis];
        }
        grid->voxels = grid->n[0] * grid->n[1] * grid->n[2];
        grid->voxel_volume = grid->h[0] * grid->h[1] * grid->h[2];
    }
    LAC_TRY(place_voxels(grid));
    if (text->bound)
        LAC_TRY(grade(text, grid));
    LAC_TRY(lac_grid_mark_regions(grid, model));
    LAC_TRY(lac_grid_find_boundary_faces(grid, model));
    *result = grid;
    grid = NULL;
out:
    lac_grid_free(grid);
    return status;
}

lac_status lac_grid_create(const lac_model *model, lac_grid **result)
{
    lac_status status = LAC_OK;
    lac_grid *first = NULL, **end = &first;
    for (size_t tissue = 0; tissue < lac_model_grids(model); tissue++) {
        LAC_TRY(create_one(model, tissue, end));
        end = &(*end)->next;
    }
    *result = first;
    first = NULL;
out:
    lac_grid_free(first);
    return status;
}

void lac_grid_free(lac_grid *grid)
{
    if (!grid)
        return;
    lac_grid_free(grid->next);
    for (int axis = 0; axis < 3; axis++)
        lac_free(grid->position[axis]);
    for (size_t region = 0; grid->region && region < grid->regions; region++)
        lac_free(grid->region[region]);
    for (size_t patch = 0; grid->boundary_face && patch < grid->patches; patch++)
        lac_free(grid->boundary_face[patch]);
    lac_free(grid->region);
    lac_free(grid->region_voxels);
    lac_free(grid->region_volume);
    lac_free(grid->width);
    lac_free(grid->share);
    lac_free(grid->active);
    lac_free(grid->boundary_faces);
    lac_free(grid->boundary_face);
    lac_free(grid);
}

const lac_grid *lac_grid_of(const lac_grid *first, size_t tissue)
{
    while (first->tissue != tissue && first->next)
        first = first->next;
    return first;
}

const lac_grid *lac_grid_of_field(const lac_grid *first, const lac_model *model, size_t field)
{
    return lac_grid_of(first, lac_model_tissue_of(model, field));
}

size_t lac_grid_all_voxels(const lac_grid *first)
{
    size_t voxels = 0;
    for (const lac_grid *grid = first; grid; grid = grid->next)
        voxels += grid->voxels;
    return voxels;
}

double lac_grid_side(const lac_grid *grid, int axis, size_t voxel)
{
    if (axis != 2 || !grid->width)
        return grid->h[axis];
    return grid->h[2] * grid->width[voxel / (grid->n[0] * grid->n[1])];
}

double lac_grid_volume(const lac_grid *grid, size_t voxel)
{
    return grid->share ? grid->voxel_volume * grid->share[voxel] : grid->voxel_volume;
}

double lac_grid_sum(const lac_grid *grid, const double *field)
{
    return grid->share ? lac_dot(grid->share, field, grid->voxels) : lac_sum(field, grid->voxels);
}

double lac_grid_volume_of(const lac_grid *grid, size_t region)
{
    return region == LAC_NONE ? grid->active_volume : grid->region_volume[region];
}

/* The layer that holds a depth. */
static size_t layer_at(const lac_grid *grid, double depth)
{
    size_t layer = 0;
    double below = grid->width[0] * grid->h[2];
    while (layer + 1 < grid->n[2] && depth >= below)
        below += grid->width[++layer] * grid->h[2];
    return layer;
}

static size_t along(const lac_grid *grid, int axis, double position)
{
    if (axis == 2 && grid->width)
        return layer_at(grid, position);
    double cell = floor(position / grid->h[axis]);
    double last = (double)(grid->n[axis] - 1);
    return cell > 0 ? (size_t)(cell < last ? cell : last) : 0;
}

size_t lac_grid_at(const lac_grid *grid, const double point[3])
{
    size_t x = along(grid, 0, point[0]);
    size_t y = along(grid, 1, point[1]);
    size_t z = along(grid, 2, point[2]);
    return x + grid->n[0] * (y + grid->n[1] * z);
}
