/* The grid in parts: what grid.c asks of its neighbours while it builds a grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_GRID_INTERNAL_H
#define LAC_TISSUE_GRID_INTERNAL_H

#include "tissue/grid.h"

/* Fills region, region_voxels, active and active_voxels; positions are there. */
lac_status lac_grid_mark_regions(lac_grid *grid, const lac_model *model);

/* Fills boundary_faces and boundary_face; regions are there. */
lac_status lac_grid_find_boundary_faces(lac_grid *grid, const lac_model *model);

#endif
