/* A campaign: the directory in which the members of a plan are run, and what is known of each.
 *
 *   DIR/plan.txt              the fingerprint, and the plan as it was understood (for people)
 *   DIR/model.txt             the model that all members share, to tell what has changed
 *   DIR/members/000012.nc     result of member 12 (.ckpt its checkpoint, .log what it said)
 *   DIR/journal/HOST-PID.tsv  one line for every attempt that ended, appended by one process each
 *   DIR/locks/WORD            one for each process that works here: "whole" or "3-of-10"
 *   DIR/jobs/                 job files of a scheduler and their logs (scripts/submit), never read
 *   DIR/index.nc              what came of it (index/index.h)
 *
 * No file is ever written by two processes, so no file locks are needed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_CAMPAIGN_H
#define LAC_CAMPAIGN_CAMPAIGN_H

#include "base/text.h"
#include "campaign/attempt_record.h"
#include "campaign/sample_table.h"
#include "campaign/share.h"

typedef struct lac_campaign lac_campaign;

/* Opens DIR for working: makes it, or finds that it belongs to the same plan (LAC_EXISTS with what
 * has changed otherwise, unless the sample table may take it over: campaign/plan_extension.h;
 * LAC_EXISTS too for a directory that is no campaign and not empty), and takes the lock of this
 * share. LAC_EXISTS when a living process works on an overlapping share: another process of this
 * host that lives, or one of another host whose lock was touched less than LAC_LOCK_STALE ago by
 * the clock of the file system. A stale lock is taken over and told by `say` (may be NULL). */
lac_status lac_campaign_open(const char *directory, const lac_sample_table *samples,
                             lac_share share, const char *host, lac_message_call say, void *context,
                             lac_campaign **campaign);

/* Opens DIR for working beside a process that holds the lock for all: a rank of a parallel job. It
 * writes a journal of its own. LAC_NO_INPUT when the other has not made the directory. */
lac_status lac_campaign_join(const char *directory, const lac_sample_table *samples,
                             const char *host, lac_campaign **campaign);

/* Opens DIR for looking only: no lock, nothing is written. LAC_NO_INPUT when it is no campaign.
 * With a sample table (may be NULL) LAC_EXISTS when it is of another plan. */
lac_status lac_campaign_look(const char *directory, const lac_sample_table *samples,
                             lac_campaign **campaign);
/* Gives the lock back. NULL is allowed. */
void lac_campaign_close(lac_campaign *campaign);

/* The records of members that were run in memory, as of the last look at them; NULL before the
 * first lac_campaign_read. */
struct lac_rows *lac_campaign_rows(const lac_campaign *campaign);
/* How many attempts of a member have ended; of a campaign that was opened or joined. */
size_t lac_campaign_attempts(const lac_campaign *campaign, size_t member);
/* Takes in a record that was just written to a file of DIR/members. */
lac_status lac_campaign_take_row(lac_campaign *campaign, size_t member, const char *file,
                                 unsigned long long offset);

const char *lac_campaign_directory(const lac_campaign *campaign);
/* As given to lac_campaign_open; "" when only looking. */
const char *lac_campaign_host(const lac_campaign *campaign);
/* What plan.txt says: the plan's title, and how many members it has. */
const char *lac_campaign_title(const lac_campaign *campaign);
size_t lac_campaign_members(const lac_campaign *campaign);

/* Who works here, by the locks. */
lac_status lac_campaign_lock_holders(const lac_campaign *campaign, lac_lock_holder_call call,
                                     void *context);

/* Keeps the lock fresh; to be called at least every LAC_LOCK_TOUCH. LAC_EXISTS when another has
 * taken it over, because we were stopped for longer than LAC_LOCK_STALE. */
lac_status lac_campaign_touch(lac_campaign *campaign);

/* "DIR/members/000012.nc" and its companions ("nc", "ckpt", "log"); files have the number of the
 * member (lac_sample_table_number). */
void lac_campaign_path(const lac_campaign *campaign, size_t member, const char *suffix,
                       lac_text *path);
void lac_member_path(const char *directory, size_t number, const char *suffix, lac_text *path);

/* Appends one attempt to this process's journal. */
lac_status lac_campaign_write(lac_campaign *campaign, const lac_attempt_record *attempt);
/* All journals: record[members] of the sample table, each the sum of its attempts. A line that a
 * kill cut short is passed over. DONE only if the member's file is still there; a member that a
 * journal calls done and whose file is gone is LAC_LOST with a sentence that says so. */
lac_status lac_campaign_read(lac_campaign *campaign, size_t members, lac_attempt_record *record);

#endif
