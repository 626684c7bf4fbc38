/* Plan changes: two plans as they were understood, compared key by key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_PLAN_CHANGE_H
#define LAC_CAMPAIGN_PLAN_CHANGE_H

#include "base/text.h"

#include <stdbool.h>

/* A key such as "points" or "vary.k"; a text that is not there is NULL. All borrowed. */
typedef struct lac_plan_change {
    const char *key, *was, *is;
} lac_plan_change;
typedef void (*lac_plan_change_call)(void *context, const lac_plan_change *change);

/* Calls for every key whose value differs, in the order of the new text, then those that are gone.
 * Both are texts of lac_plan_write; titles, and where the scenario stands, are no changes. */
lac_status lac_plan_changes(const char *was, const char *is, lac_plan_change_call call,
                            void *context);

#endif
