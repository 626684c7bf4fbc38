/* Journals of a campaign: one line for every attempt at a member that ended, in files that only
 * grow, each written by one process alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_JOURNAL_H
#define LAC_CAMPAIGN_JOURNAL_H

#include "base/status.h"
#include "campaign/attempt_record.h"

typedef struct lac_journal lac_journal;

/* A journal in `directory`, whose file is made with its first line. `host` names it. */
lac_status lac_journal_create(const char *directory, const char *host, lac_journal **journal);
void lac_journal_free(lac_journal *journal);

/* Appends a line; `ordinal` counts the attempts at this member from 1. */
lac_status lac_journal_append(lac_journal *journal, const lac_attempt_record *attempt,
                              size_t ordinal);

/* Sums all journals of the directory into record[members], which hold nothing yet but their
 * numbers: of each member the attempt with the greatest ordinal counts. Lines that are cut, or
 * speak of members that are not there, are passed over. */
lac_status lac_journal_read(const char *directory, size_t members, lac_attempt_record *record);

#endif
