/* Fields: every tissue variable that `save.fields` names over (time, z, y, x), in single precision;
 * inactive voxels are NaN.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

#include <float.h>
#include <math.h>

typedef struct fields {
    const lac_view *view;      /* borrowed */
    lac_store_series **series; /* owned; members borrowed from the store; NULL = not saved */
    double *shown;             /* owned [voxels]: a field in its display unit */
} fields;

static void release(void *self)
{
    fields *made = self;
    if (!made)
        return;
    lac_free(made->series);
    lac_free(made->shown);
    lac_free(made);
}

static lac_status open_field(const lac_view *view, lac_store *store, bool resumed, size_t variable,
                             lac_store_series **series)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    const char *time = lac_fields_have_own_times(model) ? LAC_AT_TIME_FIELDS : LAC_AT_TIME;
    char axis[3][LAC_AXIS_PATH_BYTES];
    const char *dimensions[] = {time, axis[2], axis[1], axis[0]};
    for (int k = 0; k < 3; k++)
        lac_axis_path(model, lac_model_tissue_of(model, variable), k, axis[k]);
    lac_text path = {0}, words = {0};
    lac_variable_path(model, variable, &path);
    lac_variable_words(model, variable, &words);
    LAC_TRY(path.failed);
    LAC_TRY(words.failed);
    LAC_TRY(lac_observe_series(store, resumed,
                               &(lac_series_about){.path = path.bytes,
                                                   .type = LAC_STORE_FLOAT,
                                                   .dimensions = dimensions,
                                                   .count = 4,
                                                   .display = &model->variable[variable].display,
                                                   .long_name = words.bytes},
                               series));
out:
    lac_text_free(&path);
    lac_text_free(&words);
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    fields *made = NULL;
    LAC_NEW(made, 1);
    made->view = view;
    LAC_NEW(made->series, view->model->fields);
    LAC_NEW(made->shown, lac_grid_all_voxels(view->grid));
    for (size_t field = 0; field < view->model->fields; field++)
        if (lac_model_saves_field(view->model, field))
            LAC_TRY(open_field(view, store, resumed, field, &made->series[field]));
    *self = made;
    made = NULL;
out:
    release(made);
    return status;
}

static void show(const fields *self, const lac_grid *grid, const double *value, double factor)
{
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        self->shown[voxel] =
            grid->active && grid->active[voxel] == 0 ? (double)NAN : value[voxel] * factor;
}

/* A number beyond single precision would be stored as infinity. */
static lac_status check_range(const fields *self, const lac_state *state, size_t field)
{
    const lac_grid *grid = lac_grid_of_field(self->view->grid, self->view->model, field);
    const lac_variable *about = &self->view->model->variable[field];
    size_t voxel = 0;
    while (voxel < grid->voxels && !(fabs(self->shown[voxel]) > (double)FLT_MAX))
        voxel++;
    if (voxel == grid->voxels)
        return LAC_OK;
    return lac_fail(
        LAC_NUMERICS,
        "at t = %.6g s: %s is %.6g %s at x = %g um, y = %g um, depth = %g um; fields are "
        "stored in single precision, up to %.3g. If the value is right, choose a larger "
        "unit with display:",
        state->time, about->name, self->shown[voxel], about->display.unit, grid->position[0][voxel],
        grid->position[1][voxel], grid->position[2][voxel], (double)FLT_MAX);
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    const fields *made = self;
    const lac_model *model = made->view->model;
    (void)frame;
    for (size_t field = 0; field < model->fields && field_frame != LAC_NONE; field++) {
        if (!made->series[field])
            continue;
        show(made, lac_grid_of_field(made->view->grid, model, field),
             state->value + lac_layout_at(&state->layout, field),
             model->variable[field].display.factor);
        LAC_TRY(check_range(made, state, field));
        LAC_TRY(lac_store_put(made->series[field], field_frame, made->shown));
    }
out:
    return status;
}

const lac_observer_type lac_observe_fields = {
    .name = "fields",
    .summary = "tissue variables (all or those of save.fields) over (time, z, y, x), float32, NaN "
               "where inactive",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
