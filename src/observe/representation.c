/* What was discrete when: group /representation, of variables with `representation: auto`. Nothing
 * without any.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"
#include "store/layout.h"

#define GROUP LAC_AT_REPRESENTATION
#define ROWS GROUP "/variable"

enum { DISCRETE, TIME, TO_DISCRETE, TO_CONTINUOUS, COLUMNS };

static const lac_rows_about about[COLUMNS] = {
    [DISCRETE] = {GROUP "/discrete", ROWS, "1 while it is discrete, 0 while it is continuous"},
    [TIME] = {GROUP "/time_discrete", ROWS, "for how many hours it has been discrete"},
    [TO_DISCRETE] = {GROUP "/to_discrete", ROWS, "how often it has become discrete"},
    [TO_CONTINUOUS] = {GROUP "/to_continuous", ROWS, "how often it has become continuous"},
};

typedef struct representation {
    const lac_view *view;              /* borrowed */
    lac_store_series *column[COLUMNS]; /* borrowed; NULL = nothing to tell */
    double *row;                       /* owned [changing] */
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
    lac_status status = LAC_OK;
    const char **variable = NULL;
    LAC_NEW(variable, view->account->changing);
    for (size_t k = 0; k < view->account->changing; k++)
        variable[k] = view->model->variable[view->account->changes[k]].name;
    LAC_TRY(lac_store_texts(store, ROWS, ROWS, variable, view->account->changing));
out:
    lac_free(variable);
    return status;
}

static lac_status open_tables(representation *made, lac_store *store, bool resumed)
{
    lac_status status = LAC_OK;
    if (!resumed)
        LAC_TRY(lac_store_group(store, GROUP));
    if (!resumed)
        LAC_TRY(name_rows(made->view, store));
    for (int k = 0; k < COLUMNS; k++)
        LAC_TRY(lac_observe_rows(store, resumed, &about[k], &made->column[k]));
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
    if (!made->column[TIME])
        return LAC_OK;
    for (size_t k = 0; k < account->changing; k++)
        made->row[k] = account->time_discrete[k] / LAC_FILE_TIME;
    LAC_TRY(lac_store_put(made->column[TIME], frame, made->row));
    LAC_TRY(lac_store_put(made->column[DISCRETE], frame, account->is_discrete));
    LAC_TRY(lac_store_put(made->column[TO_DISCRETE], frame, account->to_discrete));
    LAC_TRY(lac_store_put(made->column[TO_CONTINUOUS], frame, account->to_continuous));
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
