/* What was discrete when: group /representation, of variables with `representation: auto`. Nothing
 * without any.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"
#include "store/layout.h"

typedef struct representation {
    const lac_view *view; /* borrowed */
    /* Borrowed; NULL = nothing to tell: */
    lac_store_series *is_discrete, *time, *to_discrete, *to_continuous;
    double *row; /* owned [changing] */
} representation;

static void release(void *self)
{
    representation *made = self;
    if (!made)
        return;
    lac_free(made->row);
    lac_free(made);
}

static lac_status name_rows(const lac_view *view, lac_store *store)
{
    static const char PATH[] = LAC_AT_REPRESENTATION "/variable";
    lac_status status = LAC_OK;
    const char **variable = NULL;
    LAC_NEW(variable, view->account->changing);
    for (size_t k = 0; k < view->account->changing; k++)
        variable[k] = view->model->variable[view->account->changes[k]].name;
    LAC_TRY(lac_store_texts(store, PATH, PATH, variable, view->account->changing));
out:
    lac_free(variable);
    return status;
}

static lac_status open_table(lac_store *store, bool resumed, const char *path, const char *words,
                             lac_store_series **series)
{
    const char *dimensions[] = {LAC_AT_TIME, LAC_AT_REPRESENTATION "/variable"};
    const lac_series_about about = {.path = path,
                                    .type = LAC_STORE_DOUBLE,
                                    .dimensions = dimensions,
                                    .count = 2,
                                    .long_name = words};
    return lac_observe_series(store, resumed, &about, series);
}

static lac_status open_tables(representation *made, lac_store *store, bool resumed)
{
    lac_status status = LAC_OK;
    if (!resumed)
        LAC_TRY(lac_store_group(store, LAC_AT_REPRESENTATION));
    if (!resumed)
        LAC_TRY(name_rows(made->view, store));
    LAC_TRY(open_table(store, resumed, LAC_AT_REPRESENTATION "/discrete",
                       "1 while it is discrete, 0 while it is continuous", &made->is_discrete));
    LAC_TRY(open_table(store, resumed, LAC_AT_REPRESENTATION "/time_discrete",
                       "for how many hours it has been discrete", &made->time));
    LAC_TRY(open_table(store, resumed, LAC_AT_REPRESENTATION "/to_discrete",
                       "how often it has become discrete", &made->to_discrete));
    LAC_TRY(open_table(store, resumed, LAC_AT_REPRESENTATION "/to_continuous",
                       "how often it has become continuous", &made->to_continuous));
out:
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    representation *made = NULL;
    LAC_NEW(made, 1);
    made->view = view;
    if (view->account && view->account->changing > 0) {
        LAC_NEW(made->row, view->account->changing);
        LAC_TRY(open_tables(made, store, resumed));
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
    representation *made = self;
    const lac_account *account = made->view->account;
    (void)state;
    (void)field_frame;
    if (!made->time)
        return LAC_OK;
    for (size_t k = 0; k < account->changing; k++)
        made->row[k] = account->time_discrete[k] / LAC_FILE_TIME;
    LAC_TRY(lac_store_put(made->time, frame, made->row));
    LAC_TRY(lac_store_put(made->is_discrete, frame, account->is_discrete));
    LAC_TRY(lac_store_put(made->to_discrete, frame, account->to_discrete));
    LAC_TRY(lac_store_put(made->to_continuous, frame, account->to_continuous));
out:
    return status;
}

const lac_observer_type lac_observe_representation = {
    .name = "representation",
    .summary = "when variables with representation: auto were discrete",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
