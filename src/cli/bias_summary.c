/* The last account of bias in a result, read back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/bias_summary.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/layout.h"

/* A column of texts, cut apart, with room for `most`. */
static lac_status read_names(lac_store *store, const char *path, size_t most, char **names,
                             const char ***row)
{
    lac_status status = LAC_OK;
    LAC_NEW(*row, most);
    LAC_TRY(lac_store_read_text(store, path, NULL, names));
    size_t rows = lac_text_split(*names, "\n", *row, most);
    LAC_REQUIRE(rows == most, LAC_FILE, "%s has %zu names for %zu rows", path, rows, most);
out:
    return status;
}

lac_status lac_bias_summary_read(lac_store *store, lac_bias_summary *bias)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    if (!lac_store_has(store, LAC_AT_BIAS LAC_AT_BIAS))
        return LAC_OK;
    LAC_TRY(lac_store_read_last(store, LAC_AT_BIAS LAC_AT_BIAS, &bias->bias, &rank, length));
    LAC_TRY(read_names(store, LAC_AT_BIAS "/row", length[0], &bias->row_names, &bias->row));
    LAC_TRY(lac_store_read_last(store, LAC_AT_BIAS "/content", &bias->content, &rank, length));
    bias->rows = length[0];
    if (lac_store_has(store, LAC_AT_BIAS "/resolution"))
        LAC_TRY(lac_store_read_last(store, LAC_AT_BIAS "/resolution", &bias->resolution, &rank,
                                    length));
    if (!lac_store_has(store, LAC_AT_BIAS "/steps"))
        return LAC_OK;
    LAC_TRY(lac_store_read_last(store, LAC_AT_BIAS "/steps", &bias->steps, &rank, length));
    LAC_TRY(read_names(store, LAC_AT_BIAS "/bound", length[0], &bias->bound_names, &bias->bound));
    bias->bounds = length[0];
out:
    return status;
}

void lac_bias_summary_free(lac_bias_summary *bias)
{
    lac_free(bias->row_names);
    lac_free(bias->row);
    lac_free(bias->bias);
    lac_free(bias->content);
    lac_free(bias->resolution);
    lac_free(bias->bound_names);
    lac_free(bias->bound);
    lac_free(bias->steps);
}
