/* The grid: voxels of a box of tissue, its regions, inactive voxels and boundary patches.
 * Order: index = x + nx * (y + ny * z); z counts from the surface (depth 0) down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_GRID_H
#define LAC_TISSUE_GRID_H

#include "model/model.h"

typedef struct lac_boundary_face {
    size_t voxel;  /* tissue side */
    size_t inward; /* the next voxel away from the boundary face; `voxel` itself where tissue ends
                      there */
    int axis; /* 0 x, 1 y, 2 z: normal of the boundary face; its area is the product of the other
                 two h */
    int side; /* of the voxel on which the boundary face is: 0 low, 1 high */
} lac_boundary_face;

/* The grid of one tissue. Regions and patches keep the numbers of the model: those of other tissues
 * are empty here. */
typedef struct lac_grid {
    size_t tissue;
    struct lac_grid *next; /* owned: of the next tissue; NULL = the last */
    double weight; /* [um^3] volume of the joint that a voxel stands for; 1 without tissue */
    size_t n[3];   /* x, y, z */
    double h[3];   /* [um]; along z the mean of the layers */
    double *width; /* owned [n[2]]: thickness of each layer / h[2]; NULL = all are alike */
    double *share; /* owned [voxels]: volume / voxel_volume; NULL = all are alike */
    size_t voxels;
    double voxel_volume; /* [um^3] the mean */
    double *position[3]; /* owned: voxel centres x, y, depth [um] */
    size_t regions;
    double **region;       /* owned: 0/1 per region and voxel; 0 in inactive voxels, but for the
                              inactive regions themselves */
    size_t *region_voxels; /* owned: active voxels in each; 0 for the inactive regions */
    double *active;        /* owned 0/1; NULL = all */
    size_t active_voxels;
    double *region_volume; /* owned: active volume of each region / voxel_volume */
    double active_volume;  /* / voxel_volume */
    size_t patches;
    size_t *boundary_faces;            /* owned: how many, per patch */
    lac_boundary_face **boundary_face; /* owned: per patch, in order of voxel, then axis */
} lac_grid;

/* From the model's tissues, regions and patches; reads mask datasets. The first of a chain of as
 * many as there are tissues; a model without a tissue gives one grid of 0 voxels. LAC_LIMIT with
 * the number when it would not fit in memory; LAC_INPUT for a mask of another shape, an empty
 * region or a patch without boundary faces. */
lac_status lac_grid_create(const lac_model *model, lac_grid **grid);
void lac_grid_free(lac_grid *grid);

/* The grid of a tissue, and that of a field, in the chain that begins with `first`. */
const lac_grid *lac_grid_of(const lac_grid *first, size_t tissue);
const lac_grid *lac_grid_of_field(const lac_grid *first, const lac_model *model, size_t field);

/* Voxels of all tissues. */
size_t lac_grid_all_voxels(const lac_grid *first);

/* The side of a voxel along an axis, and its volume [um, um^3]. */
double lac_grid_side(const lac_grid *grid, int axis, size_t voxel);
double lac_grid_volume(const lac_grid *grid, size_t voxel);

/* A sum over voxels by volume [of the mean voxel]; of the voxels of a region (LAC_NONE = all). */
double lac_grid_sum(const lac_grid *grid, const double *field);
double lac_grid_volume_of(const lac_grid *grid, size_t region);

/* The voxel that holds a point [um] (clamped to the box; the grid has voxels). */
size_t lac_grid_at(const lac_grid *grid, const double point[3]);

#endif
