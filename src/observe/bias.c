/* The account of a stochastic method: group /bias, by how much each discrete variable is expected
 * to be off, and how many steps each bound has ruled. Nothing for a method that does not draw.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"
#include "store/layout.h"

typedef struct bias {
    const lac_view *view;                     /* borrowed */
    lac_store_series *bias, *content, *steps; /* borrowed; NULL = nothing to tell */
    lac_store_series *resolution;             /* borrowed; NULL in an older file */
    double *row;                              /* owned [rows] */
} bias;

static void release(void *self)
{
    bias *made = self;
    if (!made)
        return;
    lac_free(made->row);
    lac_free(made);
}

/* Which variable, where, and both in one word. */
static lac_status name_rows(const lac_view *view, lac_store *store)
{
    lac_status status = LAC_OK;
    const lac_account *account = view->account;
    const char **variable = NULL, **region = NULL, **row = NULL;
    lac_text *text = NULL;
    LAC_NEW(variable, account->rows);
    LAC_NEW(region, account->rows);
    LAC_NEW(row, account->rows);
    LAC_NEW(text, account->rows);
    for (size_t k = 0; k < account->rows; k++) {
        const bool whole = account->region[k] == LAC_NONE;
        variable[k] = view->model->variable[account->variable[k]].name;
        region[k] = whole ? "" : view->model->region[account->region[k]].id;
        lac_text_add(&text[k], whole ? "%s" : "%s in %s", variable[k], region[k]);
        LAC_TRY(text[k].failed);
        row[k] = lac_text_of(&text[k]);
    }
    LAC_TRY(lac_store_texts(store, LAC_AT_BIAS "/row", LAC_AT_BIAS "/row", row, account->rows));
    LAC_TRY(lac_store_texts(store, LAC_AT_BIAS "/variable", LAC_AT_BIAS "/row", variable,
                            account->rows));
    LAC_TRY(
        lac_store_texts(store, LAC_AT_BIAS "/region", LAC_AT_BIAS "/row", region, account->rows));
out:
    for (size_t k = 0; text && k < account->rows; k++)
        lac_text_free(&text[k]);
    lac_free(text);
    lac_free(row);
    lac_free(region);
    lac_free(variable);
    return status;
}

static lac_status open_tables(bias *made, lac_store *store, bool resumed)
{
    lac_status status = LAC_OK;
    const lac_account *account = made->view->account;
    if (!resumed)
        LAC_TRY(lac_store_group(store, LAC_AT_BIAS));
    if (!resumed)
        LAC_TRY(name_rows(made->view, store));
    if (!resumed && account->bounds > 0)
        LAC_TRY(lac_store_texts(store, LAC_AT_BIAS "/bound", LAC_AT_BIAS "/bound",
                                (const char *const *)account->bound, account->bounds));
    LAC_TRY(lac_observe_rows(
        store, resumed,
        &(lac_rows_about){LAC_AT_BIAS LAC_AT_BIAS, LAC_AT_BIAS "/row",
                          "content of the joint beyond its expectation, as the bounds of the steps "
                          "leave it: an estimate"},
        &made->bias));
    LAC_TRY(lac_observe_rows(
        store, resumed,
        &(lac_rows_about){LAC_AT_BIAS "/content", LAC_AT_BIAS "/row", "content of the joint"},
        &made->content));
    if (!resumed || lac_store_has(store, LAC_AT_BIAS "/resolution"))
        LAC_TRY(lac_observe_rows(
            store, resumed,
            &(lac_rows_about){LAC_AT_BIAS "/resolution", LAC_AT_BIAS "/row",
                              "by how much else the bias may differ from what is stated"},
            &made->resolution));
    if (account->bounds > 0)
        LAC_TRY(lac_observe_rows(store, resumed,
                                 &(lac_rows_about){LAC_AT_BIAS "/steps", LAC_AT_BIAS "/bound",
                                                   "accepted steps that each bound has ended"},
                                 &made->steps));
out:
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    bias *made = NULL;
    LAC_NEW(made, 1);
    made->view = view;
    if (view->account && view->account->rows > 0) {
        LAC_NEW(made->row, view->account->rows);
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
    bias *made = self;
    const lac_account *account = made->view->account;
    (void)field_frame;
    if (!made->bias)
        return LAC_OK;
    const lac_account_source of = {made->view->model, made->view->grid, &state->layout,
                                   state->value};
    LAC_TRY(lac_store_put(made->bias, frame, account->bias));
    for (size_t k = 0; k < account->rows; k++)
        made->row[k] = lac_account_content(account, &of, k);
    LAC_TRY(lac_store_put(made->content, frame, made->row));
    for (size_t k = 0; k < account->rows; k++)
        made->row[k] = account->resolution * made->row[k] + account->least[k];
    if (made->resolution)
        LAC_TRY(lac_store_put(made->resolution, frame, made->row));
    if (made->steps)
        LAC_TRY(lac_store_put(made->steps, frame, account->ruled));
out:
    return status;
}

const lac_observer_type lac_observe_bias = {
    .name = "bias",
    .summary = "what the bounds of a stochastic method leave, and which of them ruled",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
