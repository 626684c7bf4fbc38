/* Names: a table from name to index, and the nearest name for "did you mean".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_NAMES_H
#define LAC_BASE_NAMES_H

#include "base/status.h"

#include <stddef.h>

#define LAC_NONE ((size_t)-1)

/* Zero-initialise; free with lac_names_free. The table owns copies of the names. */
typedef struct lac_names {
    char **name; /* owned, in order of insertion */
    size_t count;
    size_t capacity;
    size_t *bucket; /* owned: open addressing, index + 1, 0 = empty */
    size_t buckets;
} lac_names;

/* Adds a name; its index is the old count. A name that is there already is LAC_INPUT. */
lac_status lac_names_add(lac_names *names, const char *name);

/* The index of a name, or LAC_NONE. */
size_t lac_names_find(const lac_names *names, const char *name);

/* The nearest name within a third of its length (at least 1 edit), or NULL. */
const char *lac_names_nearest(const lac_names *names, const char *name);

void lac_names_free(lac_names *names);

/* Edit distance (insert, delete, replace, swap of neighbours; case counts half), capped at 64
 * characters of each word. In half edits. */
size_t lac_edit_distance(const char *a, const char *b);

/* The nearest of `count` words, by the same rule, or NULL; of those equally near the one that
 * begins most like it, else the first. */
const char *lac_nearest(const char *const *words, size_t count, const char *word);

#endif
