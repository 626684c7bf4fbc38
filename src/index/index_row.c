/* A member that was run in memory: its record in the place of a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "campaign/rows.h"
#include "index/index_internal.h"
#include "observe/readout.h"

#include <math.h>
#include <string.h>

static lac_status check_row(const lac_index *index, size_t member, const lac_row *row)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    const lac_model *model = samples->plan->model;
    size_t series = model->observables + model->variables - model->fields;
    LAC_REQUIRE(row->head.key == lac_sample_table_key(samples, index->reference.print, member),
                LAC_NO_INPUT, "it was run with another model or other values than the plan says");
    LAC_REQUIRE(row->head.series == series && row->head.frames > 0, LAC_NO_INPUT,
                "its record has %u curves, not %zu", (unsigned)row->head.series, series);
    double until = model->settings.until / LAC_FILE_TIME, last = row->time[row->head.frames - 1];
    LAC_REQUIRE(fabs(last - until) <= 1e-9 * (1 + until), LAC_NO_INPUT,
                "its last frame is at %.10g h, but it was to run until %.10g h", last, until);
    LAC_TRY(lac_index_check_axis(&index->time, row->time, row->head.frames));
out:
    return status;
}

static lac_status copy(const double *values, size_t count, double **made)
{
    lac_status status = LAC_OK;
    LAC_NEW(*made, count);
    memcpy(*made, values, count * sizeof *values);
out:
    return status;
}

lac_status lac_index_read_row(lac_index *index, size_t member, lac_index_content *content)
{
    lac_status status = LAC_OK;
    lac_row row;
    LAC_REQUIRE(index->campaign, LAC_INTERNAL, "a record without a campaign");
    LAC_TRY(lac_rows_read(lac_campaign_rows(index->campaign),
                          lac_sample_table_number(index->samples, member), &row));
    LAC_TRY(check_row(index, member, &row));
    LAC_REQUIRE(index->fields == 0, LAC_NO_INPUT, "it was run in memory, which keeps no fields");
    content->frames = content->field_frames = row.head.frames;
    content->bytes = lac_rows_bytes(&row.head);
    LAC_TRY(copy(row.time, row.head.frames, &content->time));
    LAC_NEW(content->curve, index->curves);
    for (size_t curve = 0; curve < index->curves; curve++) {
        size_t series = lac_readout_find(index->samples->plan->model, index->curve[curve].said);
        LAC_REQUIRE(series != LAC_NONE, LAC_NO_INPUT, "it has no %s", index->curve[curve].said);
        LAC_TRY(
            copy(row.value + series * row.head.frames, row.head.frames, &content->curve[curve]));
    }
out:
    return status;
}
