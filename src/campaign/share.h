/* Shares: which members a process works on, and who else is known to work.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SHARE_H
#define LAC_CAMPAIGN_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/* Which members this process works on: member % tasks == task. The whole: {0, 1}. */
typedef struct lac_share {
    size_t task, tasks;
} lac_share;

/* A lock older than this is given up by its holder; a holder touches it this often. */
enum { LAC_LOCK_STALE = 120 /* [s] */, LAC_LOCK_TOUCH = 15 /* [s] */ };
typedef void (*lac_message_call)(void *context, const char *sentence);

/* Who works here, by the locks: called for each. */
typedef struct lac_lock_holder {
    const char *share; /* "whole" or "3-of-10" */
    const char *host, *since;
    long process;
    bool lives; /* as far as can be told */
} lac_lock_holder;
typedef void (*lac_lock_holder_call)(void *context, const lac_lock_holder *presence);

#endif
