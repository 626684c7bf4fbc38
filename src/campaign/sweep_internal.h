/* An attempt at a member: its command, and what to make of how it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SWEEP_INTERNAL_H
#define LAC_CAMPAIGN_SWEEP_INTERNAL_H

#include "campaign/subprocess.h"
#include "campaign/sweep.h"

/* What a sweep ends with. `why`: LAC_INTERRUPTED or LAC_BUDGET when it was left before its end,
 * else LAC_OK. */
lac_status lac_sweep_conclude(const lac_sweep_state *state, lac_status why);
/* When a sweep with such a budget is to leave [s of lac_clock_seconds]. */
double lac_sweep_stop_at(double wall);

/* Fills in the rest of a record whose member and wall time are known. `asked`: the member had been
 * interrupted. */
lac_status lac_attempt_classify(const lac_campaign *campaign, const char *host,
                                const lac_exit_info *ending, bool asked,
                                lac_attempt_record *record);

/* Takes away what a finished member needs no more: its checkpoints, unless they are kept, and a log
 * that says nothing. */
lac_status lac_attempt_clean(const lac_campaign *campaign, size_t member, bool keep_checkpoints);

#endif
