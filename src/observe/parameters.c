/* Parameters that events change, over time, in the group /parameters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

typedef struct parameters {
    size_t count;
    lac_curve *curve; /* owned */
} parameters;

static void release(void *self)
{
    parameters *made = self;
    if (made)
        lac_free(made->curve);
    lac_free(made);
}

static lac_status open_parameter(const lac_parameter *parameter, lac_store *store, bool resumed,
                                 lac_curve *curve)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_text_add(&path, LAC_AT_PARAMETERS "/%s", parameter->id);
    LAC_TRY(path.failed);
    LAC_TRY(lac_curve_open(store, resumed, path.bytes, &parameter->display,
                           parameter->label ? parameter->label : parameter->id, curve));
out:
    lac_text_free(&path);
    return status;
}

static size_t count_changing(const lac_model *model)
{
    size_t count = 0;
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        count += model->parameter[parameter].changes;
    return count;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    parameters *made = NULL;
    size_t changing = count_changing(model);
    LAC_NEW(made, 1);
    LAC_NEW(made->curve, changing);
    if (changing && !resumed)
        LAC_TRY(lac_store_group(store, LAC_AT_PARAMETERS));
    for (size_t parameter = 0; parameter < model->parameters; parameter++) {
        if (!model->parameter[parameter].changes)
            continue;
        lac_curve *curve = &made->curve[made->count++];
        curve->source = parameter;
        LAC_TRY(open_parameter(&model->parameter[parameter], store, resumed, curve));
    }
    *self = made;
    made = NULL;
out:
    release(made);
    return status;
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    const parameters *made = self;
    (void)field_frame;
    for (size_t index = 0; index < made->count; index++)
        LAC_TRY(
            lac_curve_put(&made->curve[index], frame, state->parameter[made->curve[index].source]));
out:
    return status;
}

const lac_observer_type lac_observe_parameters = {
    .name = "parameters",
    .summary = "the parameters that events change, over time",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
