/* The process layout: how many members at a time, and with how many threads each.
 *
 * Threads inside a member cost waiting for one another, so members side by side come first; what
 * memory or a small number of members leaves idle works inside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/sweep.h"

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

lac_status lac_process_layout_choose(lac_process_layout *process_layout, size_t members,
                                     size_t processors, size_t useful, size_t member_bytes,
                                     size_t limit_bytes)
{
    lac_status status = LAC_OK;
    lac_process_layout chosen = *process_layout;
    size_t fit = member_bytes > 0 ? limit_bytes / member_bytes : members;
    LAC_REQUIRE(fit > 0, LAC_LIMIT, "a member needs about %.3g GB of memory, and there are %.3g GB",
                1e-9 * (double)member_bytes, 1e-9 * (double)limit_bytes);
    processors = processors > 0 ? processors : 1;
    if (chosen.workers == 0) {
        size_t side_by_side = chosen.threads > 0 ? processors / chosen.threads : processors;
        chosen.workers = least(side_by_side, least(members, fit));
        chosen.workers = chosen.workers > 0 ? chosen.workers : 1;
    }
    if (chosen.threads == 0) {
        chosen.threads = least(processors / chosen.workers, useful);
        chosen.threads = chosen.threads > 0 ? chosen.threads : 1;
    }
    *process_layout = chosen;
out:
    return status;
}
