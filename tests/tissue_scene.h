/* Grids for tests, without the model language: a bare model with tissue, regions and patches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_SCENE_H
#define LAC_TISSUE_SCENE_H

#include "testlib.h"

#include "tissue/grid.h"

enum { SCENE_REGIONS = 4, SCENE_PATCHES = 8 };

typedef struct tissue_scene {
    lac_model model;
    lac_region region[SCENE_REGIONS];
    lac_patch patch[SCENE_PATCHES];
} tissue_scene;

static inline void scene_tissue(tissue_scene *scene, size_t nx, size_t ny, size_t nz)
{
    *scene = (tissue_scene){0};
    scene->model.region = scene->region;
    scene->model.patch = scene->patch;
    scene->model.tissue[0] =
        (lac_tissue_text){.present = true, .voxels = {nx, ny, nz}, .voxel = {2, 3, 5}}; /* [um] */
}

/* A box region over voxel indices low .. high - 1. */
static inline size_t scene_box(tissue_scene *scene, const size_t low[3], const size_t high[3],
                               bool inactive)
{
    lac_region *region = &scene->region[scene->model.regions];
    *region = (lac_region){.id = (char *)"box", .kind = LAC_BOX, .inactive = inactive};
    for (int axis = 0; axis < 3; axis++) {
        region->low[axis] = (double)low[axis] * scene->model.tissue[0].voxel[axis];
        region->high[axis] = (double)high[axis] * scene->model.tissue[0].voxel[axis];
    }
    return scene->model.regions++;
}

/* A patch over all of a face; `region` is the inactive region of a WALL, or LAC_NONE. */
static inline size_t scene_patch(tissue_scene *scene, lac_face face, size_t region)
{
    lac_patch *patch = &scene->patch[scene->model.patches];
    *patch = (lac_patch){.id = (char *)"patch", .face = face, .region = region};
    for (int axis = 0; axis < 3; axis++) {
        patch->low[axis] = -INFINITY;
        patch->high[axis] = INFINITY;
    }
    return scene->model.patches++;
}

static inline lac_grid *scene_grid(const tissue_scene *scene)
{
    lac_grid *grid = NULL;
    assert_ok(lac_grid_create(&scene->model, &grid));
    return grid;
}

/* The same wild numbers every time. */
static inline double scene_noise(size_t i)
{
    uint64_t x = ((uint64_t)i + 1) * 0x9E3779B97F4A7C15u;
    x ^= x >> 29;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 32;
    return (double)(x >> 11) / 9007199254740992.0;
}

#endif
