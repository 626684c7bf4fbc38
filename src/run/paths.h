/* Paths of a run's files, checked before the work begins.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_PATHS_H
#define LAC_RUN_PATHS_H

#include "base/status.h"

#include <stdbool.h>

/* Can a result be written here? LAC_EXISTS for a file that is there already (unless `force`),
 * LAC_FILE for a directory or a place that cannot be written. Touches nothing. */
lac_status lac_check_output(const char *path, bool force);

/* "results/a.nc" -> "results/a.ckpt": where the checkpoint of a result is. Owned by the caller. */
char *lac_checkpoint_beside(const char *result);

#endif
