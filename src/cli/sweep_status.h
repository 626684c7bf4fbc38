/* The status of a sweep: what a directory says about how far they are, while others work there
 * or after.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SWEEP_STATUS_H
#define LAC_CLI_SWEEP_STATUS_H

#include "cli/sweep_setup.h"

/* Prints it, as text or as JSON. `sample table` may be NULL: then points are not named. */
lac_status lac_sweep_status_print(const char *directory, const lac_sample_table *samples,
                                  bool json);

#endif
