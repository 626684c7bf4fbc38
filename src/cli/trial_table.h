/* The table of a trial: a row for every arm at the primary visit, for people and as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_TRIAL_TABLE_H
#define LAC_CLI_TRIAL_TABLE_H

#include "index/trial_index.h"

void lac_trial_table(const lac_trial_result *result, const char *path, lac_text *text);
void lac_trial_json(const lac_trial_result *result, const char *path, lac_text *text);

#endif
