/* Quantiles of an index: exact ones, from the curves that it holds, read back a few times at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"

#include <math.h>

enum { BYTES = 16 << 20, QUANTILES = 5 }; /* memory of the curves at hand */

static const double fractions[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* The members of an arm at the times [first, first + count). */
typedef struct stretch {
    size_t members, first, count;
    double *value;  /* owned [members][count] */
    double *sorted; /* owned [members] */
    double *result; /* owned [QUANTILES][count] */
} stretch;

static void find_quantiles(const stretch *part)
{
    for (size_t at = 0; at < part->count; at++) {
        size_t known = 0;
        for (size_t member = 0; member < part->members; member++)
            if (!isnan(part->value[member * part->count + at]))
                part->sorted[known++] = part->value[member * part->count + at];
        lac_sort(part->sorted, known);
        for (size_t q = 0; q < QUANTILES; q++)
            part->result[q * part->count + at] = lac_quantile(part->sorted, known, fractions[q]);
    }
}

static lac_status write_arm(lac_index *index, const char *source, lac_store_series *table,
                            size_t arm, stretch *part)
{
    lac_status status = LAC_OK;
    size_t frames = index->time.frames, longest = part->count;
    for (part->first = 0; part->first < frames; part->first += longest) {
        size_t left = frames - part->first;
        part->count = left < longest ? left : longest;
        lac_store_box from = {{arm * part->members, part->first}, {part->members, part->count}};
        lac_store_box to = {{arm, 0, part->first}, {1, QUANTILES, part->count}};
        LAC_TRY(lac_store_read_box(index->store, source, &from, part->value));
        find_quantiles(part);
        LAC_TRY(lac_store_put_box(table, &to, part->result));
    }
out:
    part->count = longest;
    return status;
}

static lac_status write_curve(lac_index *index, const lac_index_curve *curve, stretch *part)
{
    static const char *const dimensions[] = {LAC_AT_ARM, LAC_AT_STATISTICS "/quantile",
                                             LAC_AT_TIME};
    lac_status status = LAC_OK;
    lac_store_series *table = NULL;
    lac_text source = {0}, path = {0}, words = {0};
    lac_text_add(&source, LAC_AT_SERIES "%s", curve->path);
    lac_text_add(&path, LAC_AT_STATISTICS "%s_quantiles", curve->path);
    lac_text_add(&words, "%s, quantiles", curve->words);
    LAC_TRY(source.failed);
    LAC_TRY(path.failed);
    LAC_TRY(words.failed);
    LAC_TRY(lac_store_table(index->store,
                            &(lac_store_about){path.bytes, LAC_STORE_DOUBLE, dimensions, 3,
                                               curve->display->cf, words.bytes},
                            &table));
    if (curve->display->unit[0])
        LAC_TRY(
            lac_store_text_attribute(index->store, path.bytes, "unit_label", curve->display->unit));
    for (size_t arm = 0; arm < index->samples->arms; arm++)
        LAC_TRY(write_arm(index, source.bytes, table, arm, part));
out:
    lac_text_free(&source);
    lac_text_free(&path);
    lac_text_free(&words);
    return status;
}

lac_status lac_index_write_quantiles(lac_index *index)
{
    lac_status status = LAC_OK;
    stretch part = {.members = index->samples->members / index->samples->arms};
    size_t fit = BYTES / sizeof(double) / part.members;
    part.count = fit < 1 ? 1 : fit < index->time.frames ? fit : index->time.frames;
    LAC_NEW(part.value, part.members * part.count);
    LAC_NEW(part.sorted, part.members);
    LAC_NEW(part.result, QUANTILES * part.count);
    LAC_TRY(lac_store_dimension(index->store, LAC_AT_STATISTICS "/quantile", QUANTILES, fractions,
                                "1", "quantile"));
    for (size_t curve = 0; curve < index->curves; curve++)
        if (index->curve[curve].table)
            LAC_TRY(write_curve(index, &index->curve[curve], &part));
out:
    lac_free(part.value);
    lac_free(part.sorted);
    lac_free(part.result);
    return status;
}
