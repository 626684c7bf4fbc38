/* Plan extension: a directory that was made with another version of a plan: what has changed, key
 * by key, and whether the members that exist can stay.
 *
 * A plan grows by more points of a design whose first points stay, more replicates, more values in
 * lists, and other endpoints and kept series. Members that exist keep their numbers, and with them
 * their files, their random numbers and their bits; new ones get the numbers after them, in the
 * order of the members.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_PLAN_EXTENSION_H
#define LAC_CAMPAIGN_PLAN_EXTENSION_H

#include "base/text.h"
#include "campaign/sample_table.h"

#include <stdbool.h>

typedef enum lac_plan_extension_kind {
    LAC_EXTENSION_NONE, /* no plan has been here */
    LAC_EXTENSION_SAME,
    LAC_EXTENSION_MORE, /* as far as the keys tell, the members that exist can stay */
    LAC_EXTENSION_OTHER /* they cannot */
} lac_plan_extension_kind;

/* Zero-initialise; free with lac_plan_extension_free. */
typedef struct lac_plan_extension {
    lac_plan_extension_kind kind;
    char before[LAC_FINGERPRINT_BYTES]; /* of the directory's plan */
    lac_text changes;                   /* owned: "`points` was 32, is 40" */
    lac_text blocks;                    /* owned: those of OTHER for which members cannot stay */
    const char *hint;                   /* what can be done about them; NULL = nothing to say */
    bool memberless;                    /* nothing but endpoints and what is kept has changed */
} lac_plan_extension;

/* Compares the plan with the one of the directory. LAC_NO_INPUT when plan.txt is damaged. */
lac_status lac_plan_extension_compare(const char *directory, const lac_sample_table *samples,
                                      lac_plan_extension *extension);
void lac_plan_extension_free(lac_plan_extension *extension);

/* A Sobol plan goes on behind the points that its directory has: sets `first` of a plan that does
 * not say it, and renews the fingerprint. To be called before the sample table is made. */
lac_status lac_plan_extension_follow(const char *directory, lac_plan *plan);

/* The numbers of the members of a directory of this plan, into the sample table. */
lac_status lac_plan_extension_number(const char *directory, lac_sample_table *samples);

/* The numbers of the members of a grown plan, into the sample table, which is then one that may
 * take the directory over (lac_sample_table.grown). `find` as for lac_plan_load. LAC_EXISTS with
 * the reason when a member that exists has no place in it. */
lac_status lac_plan_extension_extend(const char *directory, const lac_plan_extension *extension,
                                     lac_file_finder finder, lac_sample_table *samples);

/* What to say of a directory of another version of a plan: a failure of LAC_EXISTS. */
lac_status lac_plan_extension_refuse(const char *directory, const lac_plan_extension *extension);

#endif
