/* Campaigns from inside: what the files that open and keep one share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_CAMPAIGN_INTERNAL_H
#define LAC_CAMPAIGN_CAMPAIGN_INTERNAL_H

#include "base/text.h"
#include "campaign/campaign.h"
#include "campaign/journal.h"
#include "campaign/lock.h"
#include "campaign/rows.h"

struct lac_campaign {
    lac_text directory;
    const lac_sample_table *samples; /* borrowed; NULL when nobody said */
    lac_lock *lock;                  /* owned; NULL when only looking or joining */
    lac_journal *journal;            /* owned; NULL when only looking */
    size_t *attempts;                /* owned [numbers] that have ended; NULL when only looking */
    lac_rows *rows;                  /* owned; NULL before the first look */
    char host[64];
    char *title;    /* owned */
    size_t members; /* as plan.txt says */
};

/* campaign_directory.c */

/* Makes a directory and those above it; one that is there is fine. */
lac_status lac_campaign_make_directories(const char *path);
/* The path of what is called `name` in the directory. */
lac_status lac_campaign_add_path(const lac_campaign *campaign, const char *name, lac_text *path);
/* Whose directory is it, and does it belong to the plan of `samples` (NULL: is it a campaign at
 * all)? */
lac_status lac_campaign_check_plan(lac_campaign *campaign, const lac_sample_table *samples);
/* Makes the directory ours, or finds that it is. */
lac_status lac_campaign_claim(lac_campaign *campaign);
/* A plan that has grown takes the directory over. */
lac_status lac_campaign_take_over(lac_campaign *campaign);

#endif
