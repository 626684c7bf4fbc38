/* Pools: every variable of a well-mixed domain over time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

typedef struct pools {
    size_t count;
    lac_curve *curve; /* owned */
} pools;

static void release(void *self)
{
    pools *made = self;
    if (made)
        lac_free(made->curve);
    lac_free(made);
}

static lac_status open_pool(const lac_model *model, lac_store *store, bool resumed, size_t variable,
                            lac_curve *curve)
{
    lac_status status = LAC_OK;
    lac_text path = {0}, words = {0};
    lac_variable_path(model, variable, &path);
    lac_variable_words(model, variable, &words);
    if (model->variable[variable].total)
        lac_text_add(&words, ", whole joint");
    LAC_TRY(path.failed);
    LAC_TRY(words.failed);
    curve->source = variable;
    LAC_TRY(lac_curve_open(store, resumed, path.bytes, &model->variable[variable].display,
                           words.bytes, curve));
out:
    lac_text_free(&path);
    lac_text_free(&words);
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    pools *made = NULL;
    LAC_NEW(made, 1);
    made->count = model->variables - model->fields;
    LAC_NEW(made->curve, made->count);
    for (size_t pool = 0; pool < made->count; pool++)
        LAC_TRY(open_pool(model, store, resumed, model->fields + pool, &made->curve[pool]));
    *self = made;
    made = NULL;
out:
    release(made);
    return status;
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    const pools *made = self;
    (void)field_frame;
    for (size_t pool = 0; pool < made->count; pool++) {
        size_t at = lac_layout_at(&state->layout, made->curve[pool].source);
        LAC_TRY(lac_curve_put(&made->curve[pool], frame, state->value[at]));
    }
out:
    return status;
}

const lac_observer_type lac_observe_pools = {
    .name = "pools",
    .summary = "every variable of a well-mixed domain over time",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
