/* The text of a plan as it was understood: whose a directory is, for people and for the next sweep.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_PLAN_TEXT_H
#define LAC_CAMPAIGN_PLAN_TEXT_H

#include "campaign/sample_table.h"

#include <stdbool.h>

/* The text of DIR/NAME ("plan.txt" or "model.txt"); NULL when it is not there. Owned. */
lac_status lac_plan_text_read(const char *directory, const char *name, char **text);

/* The rest of the line that begins with `key`; false, and untouched, when there is none. */
bool lac_plan_text_value(const char *text, const char *key, char *value, size_t bytes);
void lac_plan_text_write(const lac_sample_table *samples, lac_text *text);

#endif
