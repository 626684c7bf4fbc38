/* Places: where a piece of text stands in the file that it was read from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_PLACE_H
#define LAC_LANGUAGE_PLACE_H

#include "base/status.h"

#include <stddef.h>

/* One input text, kept so that messages can show its lines and results can store it. */
typedef struct lac_source {
    char *path;  /* owned; "--set" and the like for text that is in no file */
    char *bytes; /* owned, terminated */
    size_t length;
    struct lac_source_index *index; /* owned; NULL = places are found by reading from the start */
} lac_source;

/* Makes places in a long text quick to find; does nothing when it is there (source.c). */
lac_status lac_source_make_index(lac_source *source);
void lac_source_free(lac_source *source); /* what it owns, not itself */

/* A place: line and column count from 1; column in characters. `source` is borrowed from the
 * model's list of sources; NULL = no place known. */
typedef struct lac_place {
    const lac_source *source;
    size_t line;
    size_t column;
    size_t width; /* characters to underline, at least 1 */
} lac_place;

/* " (FILE:LINE:COLUMN)" behind a sentence about a run, or nothing where no place is known. */
const char *lac_place_words(lac_place place, char *words, size_t bytes);

#endif
