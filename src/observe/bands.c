/* Bands: where observables are expected, in the group /bands, so that a result can be compared with
 * itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/observers.h"

#include <math.h>

#define GROUP LAC_AT_BANDS
#define NAMES GROUP "/band"

typedef const char *(*word_of)(const lac_model *model, const lac_band *band);

static const char *or_empty(const char *words)
{
    return words ? words : "";
}

static const char *id(const lac_model *model, const lac_band *band)
{
    (void)model;
    return band->id;
}

static const char *label(const lac_model *model, const lac_band *band)
{
    (void)model;
    return or_empty(band->label);
}

static const char *observable(const lac_model *model, const lac_band *band)
{
    return model->observable[band->observable].id;
}

static const char *against(const lac_model *model, const lac_band *band)
{
    (void)model;
    return or_empty(band->against);
}

static const char *kind(const lac_model *model, const lac_band *band)
{
    (void)model;
    return lac_band_word(band->kind);
}

static const char *source(const lac_model *model, const lac_band *band)
{
    (void)model;
    return or_empty(band->source);
}

static const char *note(const lac_model *model, const lac_band *band)
{
    (void)model;
    return or_empty(band->note);
}

static lac_status put_words(const lac_model *model, lac_store *store)
{
    static const struct {
        const char *path;
        word_of of;
    } column[] = {
        {NAMES, id},
        {GROUP "/label", label},
        {GROUP "/observable", observable},
        {GROUP "/against", against},
        {GROUP "/kind", kind},
        {GROUP "/source", source},
        {GROUP "/note", note},
    };
    lac_status status = LAC_OK;
    const char **row = NULL;
    LAC_NEW(row, model->bands);
    for (size_t each = 0; each < sizeof column / sizeof *column; each++) {
        for (size_t band = 0; band < model->bands; band++)
            row[band] = column[each].of(model, &model->band[band]);
        LAC_TRY(lac_store_texts(store, column[each].path, NAMES, row, model->bands));
    }
out:
    lac_free(row);
    return status;
}

static double from(const lac_model *model, const lac_band *band)
{
    (void)model;
    return band->from / LAC_FILE_TIME;
}

static double until(const lac_model *model, const lac_band *band)
{
    (void)model;
    return band->until / LAC_FILE_TIME;
}

static double low(const lac_model *model, const lac_band *band)
{
    return band->low * model->observable[band->observable].display.factor;
}

static double high(const lac_model *model, const lac_band *band)
{
    return band->high * model->observable[band->observable].display.factor;
}

static double change(const lac_model *model, const lac_band *band)
{
    (void)model;
    return band->change;
}

static lac_status put_numbers(const lac_model *model, lac_store *store)
{
    static const struct {
        const char *path, *unit, *words;
        double (*of)(const lac_model *model, const lac_band *band);
    } column[] = {
        {GROUP "/from", LAC_FILE_TIME_UNIT, "when the band begins to hold", from},
        {GROUP "/until", LAC_FILE_TIME_UNIT, "when the band ceases to hold", until},
        {GROUP "/low", NULL, "least accepted value, in the unit of the observable", low},
        {GROUP "/high", NULL, "greatest accepted value, in the unit of the observable", high},
        {GROUP "/change", NULL, "1: of the change since the start", change},
    };
    static const char *const dimensions[] = {NAMES};
    lac_status status = LAC_OK;
    double *row = NULL;
    LAC_NEW(row, model->bands);
    for (size_t each = 0; each < sizeof column / sizeof *column; each++) {
        lac_store_series *series;
        for (size_t band = 0; band < model->bands; band++)
            row[band] = column[each].of(model, &model->band[band]);
        LAC_TRY(
            lac_store_variable(store,
                               &(lac_store_about){column[each].path, LAC_STORE_DOUBLE, dimensions,
                                                  1, column[each].unit, column[each].words},
                               &series));
        LAC_TRY(lac_store_put(series, 0, row));
    }
out:
    lac_free(row);
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    *self = NULL;
    if (resumed || view->model->bands == 0)
        return LAC_OK;
    LAC_TRY(lac_store_group(store, GROUP));
    LAC_TRY(put_words(view->model, store));
    LAC_TRY(put_numbers(view->model, store));
out:
    return status;
}

static void release(void *self)
{
    (void)self;
}

const lac_observer_type lac_observe_bands = {
    .name = "bands",
    .summary = "expected ranges of observables",
    .create = create,
    .record = lac_observe_no_record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
