/* Variables of a result: named, described, created once and found again after a resume.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/observers.h"

lac_status lac_observe_series(lac_store *store, bool resumed, const lac_series_about *about,
                              lac_store_series **series)
{
    lac_status status = LAC_OK;
    if (resumed)
        return lac_store_find(store, about->path, series);
    LAC_TRY(lac_store_variable(
        store,
        &(lac_store_about){about->path, about->type, about->dimensions, about->count,
                           about->display ? about->display->cf : NULL, about->long_name},
        series));
    if (about->display && about->display->unit[0])
        LAC_TRY(lac_store_text_attribute(store, about->path, "unit_label", about->display->unit));
out:
    return status;
}

lac_status lac_observe_rows(lac_store *store, bool resumed, const lac_rows_about *about,
                            lac_store_series **series)
{
    const char *dimensions[] = {LAC_AT_TIME, about->rows};
    const lac_series_about whole = {.path = about->path,
                                    .type = LAC_STORE_DOUBLE,
                                    .dimensions = dimensions,
                                    .count = 2,
                                    .long_name = about->long_name};
    return lac_observe_series(store, resumed, &whole, series);
}

lac_status lac_curve_open(lac_store *store, bool resumed, const char *path,
                          const lac_display *display, const char *long_name, lac_curve *curve)
{
    static const char *const dimensions[] = {LAC_AT_TIME};
    curve->factor = display->factor;
    return lac_observe_series(store, resumed,
                              &(lac_series_about){.path = path,
                                                  .type = LAC_STORE_DOUBLE,
                                                  .dimensions = dimensions,
                                                  .count = 1,
                                                  .display = display,
                                                  .long_name = long_name},
                              &curve->series);
}

lac_status lac_curve_put(const lac_curve *curve, size_t frame, double value)
{
    double shown = value * curve->factor;
    return lac_store_put(curve->series, frame, &shown);
}

void lac_variable_path(const lac_model *model, size_t variable, lac_text *path)
{
    const lac_variable *about = &model->variable[variable];
    lac_text_add(path, "/%s", about->stored ? about->stored : about->name);
}

void lac_observable_path(const lac_model *model, size_t observable, lac_text *path)
{
    const lac_observable *about = &model->observable[observable];
    lac_text_add(path, "/%s", about->stored ? about->stored : about->id);
}

static const char *words(const char *label, const char *id)
{
    return label && label[0] ? label : id;
}

void lac_variable_words(const lac_model *model, size_t variable, lac_text *text)
{
    const lac_variable *about = &model->variable[variable];
    const lac_species *species = &model->species[about->species];
    const lac_domain *domain = &model->domain[about->domain];
    lac_text_add(text, "%s in %s", words(species->label, species->id),
                 words(domain->label, domain->id));
}
