/* Axes: the dimensions of a result, made before all else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

#include <stdio.h>
#include <string.h>

bool lac_fields_have_own_times(const lac_model *model)
{
    double every = model->settings.save_fields_every;
    return model->tissue[0].present && every > 0 && every != model->settings.save_every &&
           strcmp(model->settings.save_fields, "none") != 0;
}

void lac_axis_path(const lac_model *model, size_t tissue, int axis, char path[LAC_AXIS_PATH_BYTES])
{
    static const char *const plain[] = {LAC_AT_X, LAC_AT_Y, LAC_AT_Z};
    if (model->tissues < 2)
        snprintf(path, LAC_AXIS_PATH_BYTES, "%s", plain[axis]);
    else
        snprintf(path, LAC_AXIS_PATH_BYTES, "/%.300s_%s",
                 model->domain[model->tissue[tissue].domain].id, plain[axis] + 1);
}

lac_status lac_layers_write(lac_store *store, const char *axis, const lac_layers_about *about)
{
    lac_status status = LAC_OK;
    char path[LAC_AXIS_PATH_BYTES + 16], end[LAC_AXIS_PATH_BYTES + 16];
    const double ends[2] = {0, 1};
    lac_store_series *series;
    snprintf(path, sizeof path, "%s_bounds", axis);
    snprintf(end, sizeof end, "%s_end", axis);
    LAC_TRY(lac_store_dimension(store, end, 2, ends, NULL,
                                "0 the upper bound of a layer, 1 the lower"));
    LAC_TRY(lac_store_variable(store,
                               &(lac_store_about){path, LAC_STORE_DOUBLE,
                                                  (const char *const[]){axis, end}, 2, "um",
                                                  "depths between which a voxel lies"},
                               &series));
    LAC_TRY(lac_store_put(series, 0, about->bounds));
    LAC_TRY(lac_store_text_attribute(store, axis, "bounds", path + 1));
    snprintf(path, sizeof path, "%s_volume", axis);
    LAC_TRY(lac_store_variable(store,
                               &(lac_store_about){path, LAC_STORE_DOUBLE, &axis, 1, "um3",
                                                  "volume of a voxel of the layer"},
                               &series));
    LAC_TRY(lac_store_put(series, 0, about->volume));
out:
    return status;
}

static lac_status layers(const lac_model *model, const lac_grid *grid, const char *axis,
                         lac_store *store)
{
    lac_status status = LAC_OK;
    const double *bound = model->tissue[grid->tissue].bound;
    const size_t n = grid->n[2];
    double *bounds = NULL, *volume = NULL;
    LAC_NEW(bounds, 2 * n);
    LAC_NEW(volume, n);
    for (size_t k = 0; k < 2 * n; k++)
        bounds[k] = bound[k / 2 + k % 2];
    for (size_t k = 0; k < n; k++)
        volume[k] = grid->voxel_volume * grid->width[k];
    LAC_TRY(lac_layers_write(store, axis, &(lac_layers_about){n, bounds, volume}));
out:
    lac_free(bounds);
    lac_free(volume);
    return status;
}

/* Voxel centres along one axis: the grid holds them per voxel. */
static lac_status space_axis(const lac_model *model, const lac_grid *grid, int axis,
                             lac_store *store)
{
    char path[LAC_AXIS_PATH_BYTES];
    static const char *const words[] = {"x of voxel centres", "y of voxel centres",
                                        "depth of voxel centres below the surface"};
    lac_status status = LAC_OK;
    const size_t stride[] = {1, grid->n[0], grid->n[0] * grid->n[1]};
    double *centre = NULL;
    lac_axis_path(model, grid->tissue, axis, path);
    LAC_NEW(centre, grid->n[axis]);
    for (size_t step = 0; step < grid->n[axis]; step++)
        centre[step] = grid->position[axis][step * stride[axis]];
    LAC_TRY(lac_store_dimension(store, path, grid->n[axis], centre, "um", words[axis]));
    if (axis == 2 && grid->width)
        LAC_TRY(layers(model, grid, path, store));
    else
        LAC_TRY(lac_store_number_attribute(store, path, "spacing", grid->h[axis]));
out:
    lac_free(centre);
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    *self = NULL;
    if (resumed)
        goto out;
    LAC_TRY(lac_store_dimension(store, LAC_AT_TIME, 0, NULL, LAC_FILE_TIME_UNIT,
                                "time since the start"));
    if (lac_fields_have_own_times(view->model))
        LAC_TRY(lac_store_dimension(store, LAC_AT_TIME_FIELDS, 0, NULL, LAC_FILE_TIME_UNIT,
                                    "time since the start, of the fields"));
    for (const lac_grid *grid = view->grid; grid; grid = grid->next)
        for (int axis = 2; axis >= 0 && grid->voxels; axis--)
            LAC_TRY(space_axis(view->model, grid, axis, store));
out:
    return status;
}

static void release(void *self)
{
    (void)self;
}

const lac_observer_type lac_observe_axes = {
    .name = "axes",
    .summary = "the dimensions: time, and x, y, z of voxel centres [um]",
    .create = create,
    .record = lac_observe_no_record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
