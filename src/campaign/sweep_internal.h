/* An attempt at a member: its command, and what to make of how it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SWEEP_INTERNAL_H
#define LAC_CAMPAIGN_SWEEP_INTERNAL_H

#include "campaign/child.h"
#include "campaign/sweep.h"

/* Fills in the rest of a note whose member and wall time are known. `asked`: the member had been
 * asked to leave. */
lac_status lac_attempt_judge(const lac_campaign *campaign, const char *host,
                             const lac_ending *ending, bool asked, lac_note *note);

/* Takes away what a finished member needs no more: its checkpoints, unless they are kept, and a log
 * that says nothing. */
lac_status lac_attempt_clean(const lac_campaign *campaign, size_t member, bool keep_checkpoints);

#endif
