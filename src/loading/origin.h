/* Origin: the text that a model is loaded from, and where what it names is looked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_ORIGIN_H
#define LAC_LOADING_ORIGIN_H

#include "loading/override.h"

#include <stdbool.h>

/* Where a file is that is not beside the one that names it (installed models and scenarios): a text
 * for lac_free, or NULL when there is none. */
typedef struct lac_file_finder {
    char *(*find)(void *context, const char *said); /* NULL = nowhere else */
    void *context;
} lac_file_finder;

/* What is loaded, and how. */
typedef struct lac_scenario_origin {
    const char *path;      /* names the text in messages */
    const char *text;      /* NULL = what the file `path` holds */
    const char *directory; /* where paths in `text` start */
    const lac_override *override;
    size_t overrides;
    const lac_override_place *place; /* where the overrides stand; NULL = on the command line */
    lac_file_finder finder;
    bool stream; /* the file may be a pipe or a terminal */
} lac_scenario_origin;

#endif
