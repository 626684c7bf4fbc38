/* Observables: the model's named measures over time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/measure.h"
#include "observe/observers.h"

typedef struct observables {
    size_t count;
    lac_curve *curve;       /* owned */
    double *value;          /* owned */
    lac_measures *measures; /* owned */
} observables;

static void release(void *self)
{
    observables *made = self;
    if (!made)
        return;
    lac_measures_free(made->measures);
    lac_free(made->curve);
    lac_free(made->value);
    lac_free(made);
}

static lac_status open_observable(const lac_model *model, lac_store *store, bool resumed,
                                  size_t observable, lac_curve *curve)
{
    lac_status status = LAC_OK;
    const lac_observable *about = &model->observable[observable];
    lac_text path = {0};
    lac_observable_path(model, observable, &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_curve_open(store, resumed, path.bytes, &about->display,
                           about->label ? about->label : about->id, curve));
out:
    lac_text_free(&path);
    return status;
}

static lac_status compile(const lac_view *view, lac_measures **measures)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    const lac_expression **trees = NULL;
    LAC_NEW(trees, model->observables);
    for (size_t observable = 0; observable < model->observables; observable++)
        trees[observable] = model->observable[observable].value;
    LAC_TRY(lac_measures_create(view, trees, model->observables, measures));
out:
    lac_free(trees);
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    observables *made = NULL;
    LAC_NEW(made, 1);
    made->count = view->model->observables;
    LAC_NEW(made->curve, made->count);
    LAC_NEW(made->value, made->count);
    LAC_TRY(compile(view, &made->measures));
    for (size_t observable = 0; observable < made->count; observable++)
        LAC_TRY(open_observable(view->model, store, resumed, observable, &made->curve[observable]));
    *self = made;
    made = NULL;
out:
    release(made);
    return status;
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    observables *made = self;
    (void)field_frame;
    LAC_TRY(lac_measures_evaluate(made->measures, state, true, made->value));
    for (size_t observable = 0; observable < made->count; observable++)
        LAC_TRY(lac_curve_put(&made->curve[observable], frame, made->value[observable]));
out:
    return status;
}

static void blocks(void *self, lac_block_list *list)
{
    observables *made = self;
    lac_measures_blocks(made->measures, "observe.observables", list);
}

const lac_observer_type lac_observe_observables = {
    .name = "observables",
    .summary = "the model's named measures over time",
    .create = create,
    .record = record,
    .blocks = blocks,
    .free = release,
};
