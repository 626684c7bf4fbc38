/* The standing of many runs: what a directory says about how far they are, while others work there
 * or after.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_STANDING_H
#define LAC_CLI_STANDING_H

#include "cli/many.h"

/* Prints it, as text or as JSON. `sample table` may be NULL: then points are not named. */
lac_status lac_standing_print(const char *directory, const lac_sample_table *samples, bool json);

#endif
