/* Writes a result of known formulas through the observers, for the readers' tests:
 * make_result PATH every|rare [FRAMES]
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "observe_record.h"

#include <stdlib.h>
#include <string.h>

#define EVERY (6 * 3600.0) /* [s] */

int main(int count, char **argument)
{
    lac_status status = LAC_OK;
    sample of = {0};
    recorder to = {0};
    bool rare = count > 2 && strcmp(argument[2], "rare") == 0;
    size_t frames = count > 3 ? (size_t)atoi(argument[3]) : 13;
    LAC_REQUIRE(count > 2, LAC_USAGE, "make_result PATH every|rare [FRAMES]");
    LAC_TRY(sample_load(rare ? SAMPLE_RARE_FIELDS : SAMPLE_EVERY_FRAME, &of));
    LAC_TRY(recorder_open(&of, argument[1], false, &to));
    for (size_t frame = 0; frame < frames; frame++) {
        sample_at(&of, (double)frame * EVERY);
        size_t field_frame = !rare ? frame : frame % 4 == 0 ? frame / 4 : LAC_NONE;
        LAC_TRY(recorder_frame(&to, &of, frame, field_frame));
    }
    LAC_TRY(recorder_close(&to));
out:
    if (status != LAC_OK)
        fprintf(stderr, "make_result: %s\n", lac_failure());
    sample_free(&of);
    return lac_status_exit_code(status);
}
