/* Times that the members of an index share: each has the first of them, the longest has all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"

#include <math.h>
#include <string.h>

/* [h] Two programs may round a time differently. */
static bool is_same_time(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (1 + fabs(a));
}

lac_status lac_index_check_axis(const lac_index_axis *axis, const double *time, size_t frames)
{
    for (size_t frame = 0; frame < frames; frame++) {
        if (frame > 0 && !(time[frame] > time[frame - 1]))
            return lac_fail(LAC_NO_INPUT, "its times do not increase at %.10g h", time[frame]);
        if (frame < axis->frames && !is_same_time(axis->time[frame], time[frame]))
            return lac_fail(LAC_NO_INPUT,
                            "its times are not those of member %zu: frame %zu is at %.10g h, not "
                            "at %.10g h",
                            axis->member, frame + 1, time[frame], axis->time[frame]);
    }
    return LAC_OK;
}

lac_status lac_index_extend_axis(lac_index *index, lac_index_axis *axis, size_t member,
                                 const double *time, size_t frames)
{
    lac_status status = LAC_OK;
    double *longer = NULL;
    if (!axis->made) {
        LAC_TRY(lac_store_dimension(index->store, axis->path, 0, NULL, LAC_FILE_TIME_UNIT,
                                    strcmp(axis->path, LAC_AT_TIME) == 0
                                        ? "time since the start"
                                        : "time since the start, of the fields"));
        LAC_TRY(lac_store_find(index->store, axis->path, &axis->made));
    }
    if (frames <= axis->frames)
        goto out;
    LAC_NEW(longer, frames);
    memcpy(longer, time, frames * sizeof *longer);
    for (size_t frame = axis->frames; frame < frames; frame++)
        LAC_TRY(lac_store_put(axis->made, frame, &time[frame]));
    lac_free(axis->time);
    axis->time = longer;
    longer = NULL;
    axis->frames = frames;
    axis->member = member;
out:
    lac_free(longer);
    return status;
}
