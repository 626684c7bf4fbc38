/* Paths of a run's files, checked before the work begins.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_PATHS_H
#define LAC_RUN_PATHS_H

#include "model/model.h"

#include <stdbool.h>

/* What a path has: only what Lacuna has made itself is overwritten. */
typedef enum lac_file_kind {
    LAC_FILE_NONE,
    LAC_FILE_EMPTY,  /* of no bytes, or left by a run that was killed before its first frame */
    LAC_FILE_RESULT, /* of a run, perhaps damaged */
    LAC_FILE_INDEX,  /* of a sweep */
    LAC_FILE_FOREIGN /* anything else */
} lac_file_kind;

lac_file_kind lac_file_kind_of(const char *path);

/* Can a result of `model` be written here? LAC_EXISTS for a file that is there already (unless
 * `force` and it is a result, and not one that the model reads), LAC_FILE for a directory, a device
 * or a place that cannot be written. Touches nothing. */
lac_status lac_check_output(const char *path, const lac_model *model, bool force);

/* "results/a.nc" -> "results/a.ckpt": where the checkpoint of a result is. Owned by the caller. */
char *lac_checkpoint_beside(const char *result);

#endif
