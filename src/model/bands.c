/* Bands: told to a reader, and written as text that loads again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/table.h"
#include "model/write.h"

#include <math.h>

enum { DAY = 86400 };

/* "-13 to -5", ">= 0.6", "<= 3" */
static void add_limits(const lac_band *band, double factor, lac_text *rows)
{
    if (isinf(band->low))
        lac_text_add(rows, "<= %.5g", band->high * factor);
    else if (isinf(band->high))
        lac_text_add(rows, ">= %.5g", band->low * factor);
    else
        lac_text_add(rows, "%.5g to %.5g", band->low * factor, band->high * factor);
}

static void add_row(const lac_model *model, const lac_band *band, lac_text *rows)
{
    const lac_observable *observable = &model->observable[band->observable];
    lac_text_add(rows, "%s\t%s%s\t%.6g", band->id, band->change ? "change of " : "", observable->id,
                 band->from / DAY);
    if (band->until > band->from)
        lac_text_add(rows, " to %.6g", band->until / DAY);
    lac_text_add(rows, "\t");
    add_limits(band, observable->display.factor, rows);
    lac_text_add(rows, "\t%s\t%s\t%s%s%s%s%s\n", observable->display.unit,
                 lac_band_word(band->kind), band->against ? "against " : "",
                 band->against ? band->against : "", band->against && band->source ? "; " : "",
                 band->source ? band->source : "", band->note ? " (see its note)" : "");
}

void lac_describe_bands(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->bands == 0)
        return;
    lac_text_add(text, "\nBands (%zu)\n", model->bands);
    lac_text_add(&rows, "band\tobservable\tday\texpected\tunit\tkind\tsource\n");
    for (size_t band = 0; band < model->bands; band++)
        add_row(model, &model->band[band], &rows);
    lac_table_add(&rows, "  ", text);
}

static void write_limit(const lac_model *model, const char *key, double value,
                        lac_dimension dimension, lac_text *text)
{
    if (isinf(value))
        return;
    lac_text_add(text, ", %s: ", key);
    lac_write_number(model, value, dimension, text);
}

static void write_words(const char *key, const char *words, lac_text *text)
{
    if (!words)
        return;
    lac_text_add(text, ", %s: ", key);
    lac_write_quoted(words, text);
}

static void write_band(const lac_model *model, const lac_band *band, lac_text *text)
{
    const lac_observable *observable = &model->observable[band->observable];
    lac_dimension time = lac_dimension_of(LAC_TIME, 1);
    lac_text_add(text, "  %s: {observable: %s, at: [", band->id, observable->id);
    lac_write_number(model, band->from, time, text);
    lac_text_add(text, ", ");
    lac_write_number(model, band->until, time, text);
    lac_text_add(text, "]");
    write_limit(model, "low", band->low, observable->dimension, text);
    write_limit(model, "high", band->high, observable->dimension, text);
    lac_text_add(text, ", kind: %s%s", lac_band_word(band->kind),
                 band->change ? ", change: true" : "");
    write_words("against", band->against, text);
    write_words("source", band->source, text);
    write_words("note", band->note, text);
    write_words("label", band->label, text);
    lac_text_add(text, "}\n");
}

void lac_write_bands(const lac_model *model, lac_text *text)
{
    if (model->bands > 0)
        lac_text_add(text, "bands:\n");
    for (size_t band = 0; band < model->bands; band++)
        write_band(model, &model->band[band], text);
}
