/* Band checks: the values of a recorded curve against a band, and the lines of `lacuna show`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/band_check.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- one band
 * ------------------------------------------------------------------------------------------- */

/* Linear between frames; NaN outside of the record. */
static double value_at(const lac_record *record, double time)
{
    for (size_t k = 0; k < record->count; k++) {
        if (record->time[k] == time)
            return record->value[k];
        if (record->time[k] > time)
            return k == 0 ? (double)NAN
                          : record->value[k - 1] + (record->value[k] - record->value[k - 1]) *
                                                       (time - record->time[k - 1]) /
                                                       (record->time[k] - record->time[k - 1]);
    }
    return NAN;
}

static void widen(double value, double *least, double *greatest)
{
    if (!isnan(value)) {
        *least = fmin(*least, value);
        *greatest = fmax(*greatest, value);
    }
}

/* Outside as soon as one value of the span is; inside only when the record covers all of it. The
 * least and the greatest value met in the span are NaN when there is none. */
static lac_band_result band_check_curve(const lac_record *record, const lac_band_limits *limits,
                                        double *least, double *greatest)
{
    double start = limits->change && record->count > 0 ? record->value[0] : 0;
    *least = *greatest = NAN;
    widen(value_at(record, limits->from) - start, least, greatest);
    for (size_t k = 0; k < record->count; k++) {
        if (record->time[k] >= limits->from && record->time[k] <= limits->until)
            widen(record->value[k] - start, least, greatest);
    }
    double last = value_at(record, limits->until) - start;
    widen(last, least, greatest);
    if (*least < limits->low || *greatest > limits->high)
        return LAC_OUTSIDE;
    return isnan(last) ? LAC_NOT_REACHED : LAC_INSIDE;
}

/* --- all bands of a file
 * -------------------------------------------------------------------------------- */

enum { FROM, UNTIL, LOW, HIGH, CHANGE, TIME, NUMBERS };
enum { BAND, OBSERVABLE, KIND, AGAINST, NOTE, WORDS };

typedef struct shelf {
    size_t bands, frames;
    double *number[NUMBERS]; /* owned */
    char *words[WORDS];      /* owned: rows joined by line ends */
    char *rest[WORDS];       /* what of them is still to be read */
} shelf;

static lac_status read_shelf(lac_store *store, shelf *made)
{
    static const char *const numbers[] = {LAC_AT_BANDS "/from",   LAC_AT_BANDS "/until",
                                          LAC_AT_BANDS "/low",    LAC_AT_BANDS "/high",
                                          LAC_AT_BANDS "/change", LAC_AT_TIME};
    static const char *const words[] = {LAC_AT_BANDS "/band", LAC_AT_BANDS "/observable",
                                        LAC_AT_BANDS "/kind", LAC_AT_BANDS "/against",
                                        LAC_AT_BANDS "/note"};
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    for (int each = 0; each < NUMBERS; each++) {
        LAC_TRY(lac_store_read(store, numbers[each], &made->number[each], &rank, length));
        *(each == TIME ? &made->frames : &made->bands) = length[0];
    }
    for (int each = 0; each < WORDS; each++) {
        LAC_TRY(lac_store_read_text(store, words[each], NULL, &made->words[each]));
        made->rest[each] = made->words[each];
    }
out:
    return status;
}

static void free_shelf(shelf *made)
{
    for (int each = 0; each < NUMBERS; each++)
        lac_free(made->number[each]);
    for (int each = 0; each < WORDS; each++)
        lac_free(made->words[each]);
}

/* The next row, which may be empty. */
static const char *next_row(char **rest)
{
    char *row = *rest, *end = strchr(row, '\n');
    if (end)
        *end = '\0';
    *rest = end ? end + 1 : row + strlen(row);
    return row;
}

static lac_status read_band(lac_store *store, shelf *all, size_t band, lac_band_check_row *row)
{
    lac_status status = LAC_OK;
    double *values = NULL;
    size_t rank, length[8] = {0};
    lac_text path = {0};
    const char **words[WORDS] = {&row->band, &row->observable, &row->kind, &row->against,
                                 &row->note};
    for (int each = 0; each < WORDS; each++)
        *words[each] = next_row(&all->rest[each]);
    row->limits =
        (lac_band_limits){all->number[FROM][band], all->number[UNTIL][band], all->number[LOW][band],
                          all->number[HIGH][band], all->number[CHANGE][band] != 0};
    lac_text_add(&path, "/%s", row->observable);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_read(store, path.bytes, &values, &rank, length));
    size_t count = length[0] < all->frames ? length[0] : all->frames;
    lac_record record = {count, all->number[TIME], values};
    row->result = band_check_curve(&record, &row->limits, &row->least, &row->greatest);
out:
    lac_free(values);
    lac_text_free(&path);
    return status;
}

lac_status lac_band_check_each(lac_store *store, lac_band_check_call call, void *context)
{
    lac_status status = LAC_OK;
    shelf all = {0};
    if (!lac_store_has(store, LAC_AT_BANDS "/band"))
        return LAC_OK;
    LAC_TRY(read_shelf(store, &all));
    for (size_t band = 0; band < all.bands; band++) {
        lac_band_check_row row;
        LAC_TRY(read_band(store, &all, band, &row));
        call(context, &row);
    }
out:
    free_shelf(&all);
    return status;
}

/* --- lines
 * ---------------------------------------------------------------------------------------------- */

static void print_limits(const lac_band_limits *limits, lac_text *text)
{
    if (isinf(limits->low))
        lac_text_add(text, "at most %.5g", limits->high);
    else if (isinf(limits->high))
        lac_text_add(text, "at least %.5g", limits->low);
    else
        lac_text_add(text, "%.5g to %.5g", limits->low, limits->high);
}

static void print_band_line(const lac_band_check_row *row, lac_text *text)
{
    static const char *const results[] = {"inside", "OUTSIDE", "not reached"};
    lac_text_add(text, "  %-28s %-11s ", row->band, *row->against ? "apart" : results[row->result]);
    if (isnan(row->least))
        lac_text_add(text, "-");
    else if (row->greatest > row->least)
        lac_text_add(text, "%.5g to %.5g", row->least, row->greatest);
    else
        lac_text_add(text, "%.5g", row->least);
    lac_text_add(text, ", expected ");
    print_limits(&row->limits, text);
}

/* Lines of bands, on their way to a text. */
typedef struct band_lines {
    lac_text *text; /* borrowed */
    bool begun;
    size_t met, missed, open;
} band_lines;

static void print_band(void *context, const lac_band_check_row *row)
{
    band_lines *it = context;
    lac_text *text = it->text;
    if (!it->begun)
        lac_text_add(text, "\nBands (apart: checked only with the run that is subtracted)\n");
    it->begun = true;
    print_band_line(row, text);
    lac_text_add(text, ": %s%s%s%s, day %.6g", row->limits.change ? "change of " : "",
                 row->observable, *row->against ? " minus that of " : "", row->against,
                 row->limits.from / 24);
    if (row->limits.until > row->limits.from)
        lac_text_add(text, " to %.6g", row->limits.until / 24);
    lac_text_add(text, " (%s)\n",
                 strcmp(row->kind, "held_out") == 0          ? "held out"
                 : strcmp(row->kind, "by_construction") == 0 ? "by construction"
                                                             : "calibrated to");
    if (*row->note)
        lac_text_add(text, "  %-28s %s\n", "", row->note);
}

lac_status lac_band_check_print(lac_store *store, lac_text *text)
{
    band_lines all = {.text = text};
    return lac_band_check_each(store, print_band, &all);
}

static void count_band(void *context, const lac_band_check_row *row)
{
    band_lines *it = context;
    if (*row->against || row->result == LAC_NOT_REACHED) {
        it->open++;
    } else if (row->result == LAC_INSIDE) {
        it->met++;
    } else {
        it->missed++;
        print_band(context, row);
    }
}

lac_status lac_band_check_brief(lac_store *store, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_text missed = {0};
    band_lines all = {.text = &missed, .begun = true};
    LAC_TRY(lac_band_check_each(store, count_band, &all));
    LAC_TRY(missed.failed);
    if (all.met + all.missed + all.open > 0)
        lac_text_add(text, "\nBands: %zu inside, %zu outside, %zu not reached\n%s", all.met,
                     all.missed, all.open, lac_text_of(&missed));
out:
    lac_text_free(&missed);
    return status;
}
