/* The boundary faces of a grid: each patch as a list of voxel faces through which something may
 * pass.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/grid_internal.h"

#include "base/memory.h"

typedef struct face_list {
    lac_boundary_face *face;
    size_t count, capacity;
} face_list;

/* Is the neighbour of a voxel along an axis (side 0 low, 1 high) what the patch asks for? */
typedef struct face_query {
    const lac_grid *grid;
    const lac_patch *patch;
    const double *inactive_region; /* WALL patches */
    int axis, side;                /* the face of the box, for the other patches */
} face_query;

static int is_boundary_face(const face_query *query, size_t voxel, size_t at, int axis, int side)
{
    const lac_grid *grid = query->grid;
    size_t last = grid->n[axis] - 1;
    int outer = at == (side ? last : 0);
    if (query->patch->face != LAC_FACE_WALL)
        return outer && axis == query->axis && side == query->side;
    size_t stride = axis == 0 ? 1 : axis == 1 ? grid->n[0] : grid->n[0] * grid->n[1];
    return !outer && query->inactive_region[side ? voxel + stride : voxel - stride] != 0;
}

/* The voxel itself is active and within the bounds and the region of the patch. */
static int may_bear(const lac_grid *grid, const lac_patch *patch, size_t voxel)
{
    if (grid->active && grid->active[voxel] == 0)
        return 0;
    for (int axis = 0; axis < 3; axis++) {
        double at = grid->position[axis][voxel];
        if (!(at >= patch->low[axis] && at < patch->high[axis]))
            return 0;
    }
    return patch->face == LAC_FACE_WALL || patch->region == LAC_NONE ||
           grid->region[patch->region][voxel] != 0;
}

static face_query query_of(const lac_grid *grid, const lac_patch *patch)
{
    face_query query = {grid, patch, NULL, 2, 0};
    if (patch->face == LAC_FACE_WALL)
        query.inactive_region = grid->region[patch->region];
    if (patch->face == LAC_FACE_X_LOW || patch->face == LAC_FACE_X_HIGH)
        query.axis = 0;
    if (patch->face == LAC_FACE_Y_LOW || patch->face == LAC_FACE_Y_HIGH)
        query.axis = 1;
    query.side = patch->face == LAC_FACE_BOTTOM || patch->face == LAC_FACE_X_HIGH ||
                 patch->face == LAC_FACE_Y_HIGH;
    return query;
}

/* The neighbour on the other side of the voxel, if it is tissue. */
static size_t inward_of(const lac_grid *grid, size_t voxel, size_t at, int axis, int side)
{
    size_t stride = axis == 0 ? 1 : axis == 1 ? grid->n[0] : grid->n[0] * grid->n[1];
    if (at == (side ? 0 : grid->n[axis] - 1))
        return voxel;
    size_t next = side ? voxel - stride : voxel + stride;
    return grid->active && grid->active[next] == 0 ? voxel : next;
}

static lac_status add_faces_of(const face_query *query, size_t voxel, face_list *list)
{
    lac_status status = LAC_OK;
    const size_t *n = query->grid->n;
    size_t at[3] = {voxel % n[0], voxel / n[0] % n[1], voxel / (n[0] * n[1])};
    for (int axis = 0; axis < 3; axis++) {
        for (int side = 0; side < 2; side++) {
            if (!is_boundary_face(query, voxel, at[axis], axis, side))
                continue;
            LAC_GROW(list->face, list->count, list->capacity);
            list->face[list->count++] = (lac_boundary_face){
                voxel, inward_of(query->grid, voxel, at[axis], axis, side), axis, side};
        }
    }
out:
    return status;
}

static lac_status find_faces(const lac_grid *grid, const lac_patch *patch, face_list *list)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(patch->face != LAC_FACE_WALL || patch->region < grid->regions, LAC_INTERNAL,
                "patch '%s' is the boundary of no region", patch->id);
    char place[256];
    face_query query = query_of(grid, patch);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (may_bear(grid, patch, voxel))
            LAC_TRY(add_faces_of(&query, voxel, list));
    LAC_REQUIRE(list->count > 0, LAC_INPUT, "patch '%s' holds no voxel face%s", patch->id,
                lac_place_words(patch->place, place, sizeof place));
out:
    return status;
}

lac_status lac_grid_find_boundary_faces(lac_grid *grid, const lac_model *model)
{
    lac_status status = LAC_OK;
    face_list list = {0};
    grid->patches = model->patches;
    LAC_NEW(grid->boundary_faces, grid->patches);
    LAC_NEW(grid->boundary_face, grid->patches);
    for (size_t patch = 0; patch < grid->patches; patch++) {
        if (model->patch[patch].tissue != grid->tissue)
            continue;
        LAC_TRY(find_faces(grid, &model->patch[patch], &list));
        grid->boundary_face[patch] = list.face;
        grid->boundary_faces[patch] = list.count;
        list = (face_list){0};
    }
out:
    lac_free(list.face);
    return status;
}
