/* Locks of a campaign: one small file for each process that works there, named after its share of
 * the members. A lock says who holds it; its age, by the clock of the file system, says whether the
 * holder is still there when no process table can.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_LOCK_H
#define LAC_CAMPAIGN_LOCK_H

#include "base/text.h"
#include "campaign/share.h"

typedef struct lac_lock lac_lock;

/* Have two shares a member in common, if there are members enough? */
bool lac_share_overlaps(lac_share one, lac_share other);

/* Takes the lock of a share in the directory of locks; see lac_campaign_open. */
lac_status lac_lock_take(const char *directory, lac_share share, const char *host,
                         lac_message_call say, void *context, lac_lock **lock);
/* Keeps it fresh, unless that was done less than `every` [s] ago. LAC_EXISTS when another has it.
 */
lac_status lac_lock_touch(lac_lock *lock, double every);
/* Takes the file away; NULL is allowed. */
void lac_lock_release(lac_lock *lock);

/* All locks of the directory. */
lac_status lac_lock_list(const char *directory, lac_lock_holder_call call, void *context);

#endif
