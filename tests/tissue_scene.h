/* Grids for tests, without the model language: a bare model with tissue, regions and patches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_SCENE_H
#define LAC_TISSUE_SCENE_H

#include "testlib.h"

#include "tissue/grid.h"
#include "tissue/operators.h"

enum { SCENE_REGIONS = 4, SCENE_PATCHES = 8 };

typedef struct tissue_scene {
    lac_model model;
    lac_region region[SCENE_REGIONS];
    lac_patch patch[SCENE_PATCHES];
} tissue_scene;

/* Set while scenes have layers that grow with the depth, from 0.7 to 1.3 of the mean. */
static bool scene_is_graded;

static inline int scene_grade(void **state)
{
    (void)state;
    scene_is_graded = true;
    return 0;
}

static inline int scene_grade_no_more(void **state)
{
    (void)state;
    scene_is_graded = false;
    return 0;
}

/* A test once more, in such a scene. */
#define scene_graded_test(test)                                                                    \
    {                                                                                              \
        "graded: " #test, test, scene_grade, scene_grade_no_more, NULL                             \
    }

/* Owned by the caller; NULL unless graded. */
static inline double *scene_bounds(const lac_tissue_text *tissue)
{
    const double layers = (double)tissue->voxels[2];
    double *bound = scene_is_graded ? malloc((tissue->voxels[2] + 1) * sizeof *bound) : NULL;
    for (size_t layer = 0; bound && layer <= tissue->voxels[2]; layer++) {
        double at = (double)layer / layers;
        bound[layer] = tissue->voxel[2] * layers * (0.7 * at + 0.3 * at * at);
    }
    return bound;
}

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
    tissue_scene graded = *scene;
    graded.model.tissue[0].bound = scene_bounds(&scene->model.tissue[0]);
    graded.model.region = graded.region;
    graded.model.patch = graded.patch;
    assert_ok(lac_grid_create(&graded.model, &grid));
    free(graded.model.tissue[0].bound);
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

/* All rows at once: out += div(D grad u), with D one number, or one a voxel. */
static inline void scene_diffuse(const lac_grid *grid, lac_variation variation,
                                 const double *diffusivity, const double *u, double *out)
{
    lac_medium medium = {variation, diffusivity};
    lac_diffuse_rows(grid, &medium, u, out, 0, lac_diffuse_rows_of(grid));
}

#endif
