/* An index of what a campaign has at the moment.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"

lac_status lac_index_begin(lac_campaign *campaign, const lac_sample_table *samples,
                           const lac_index_origin *origin, lac_index **index)
{
    lac_status status =
        lac_index_begin_in(lac_campaign_directory(campaign), samples, origin, index);
    if (status == LAC_OK)
        (*index)->campaign = campaign;
    return status;
}

lac_status lac_index_build(lac_campaign *campaign, const lac_sample_table *samples,
                           const lac_index_origin *origin, size_t *done)
{
    lac_status status = LAC_OK;
    lac_attempt_record *record = NULL;
    lac_index *index = NULL;
    size_t found = 0;
    LAC_NEW(record, samples->members);
    LAC_TRY(lac_campaign_read(campaign, samples->members, record));
    LAC_TRY(lac_index_begin(campaign, samples, origin, &index));
    for (size_t member = 0; member < samples->members; member++)
        LAC_TRY(lac_index_add(index, &record[member]));
    found = lac_index_done(index);
    status = lac_index_finish(index);
    index = NULL;
    if (status == LAC_OK && done)
        *done = found;
out:
    lac_index_drop(index);
    lac_free(record);
    return status;
}
