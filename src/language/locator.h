/* Locator: from offsets in a text to places in the source it was read from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_LOCATOR_H
#define LAC_LANGUAGE_LOCATOR_H

#include "language/place.h"

#include <stdbool.h>

/* A place in the text and in its source. */
typedef struct lac_trail {
    const char *text;   /* borrowed */
    const char *source; /* borrowed */
    size_t characters;  /* of the text before it */
    size_t line, column;
} lac_trail;

/* A long text has marks on the way, so that finding a place does not begin at the start. */
enum { LAC_MARKS = 32 };

typedef struct lac_locator {
    lac_place whole;
    const char *text; /* borrowed */
    size_t length;
    const char *from; /* where the text starts in the source; NULL = unknown */
    bool verbatim;    /* the source shows the text as it is, in one line */
    size_t apart;     /* bytes from mark to mark */
    size_t marks;     /* as far as the source can be followed */
    lac_trail mark[LAC_MARKS];
} lac_locator;

/* Both must outlive the locator. */
lac_locator lac_locator_of(lac_place whole, const char *text);

/* The place of `bytes` bytes at offset `at` of `text`, a text that stands at `whole` (a scalar of a
 * YAML file, with its quotes, escapes and folded lines undone). */
lac_place lac_place_within(lac_place whole, const char *text, size_t at, size_t bytes);

lac_place lac_locate(const lac_locator *locator, size_t at, size_t bytes);

/* The bytes of the line break at `at` as YAML 1.1 sees it (LF, CR LF, CR, NEL, LS, PS), 0 for none.
 */
size_t lac_break_bytes(const char *at);

/* The bytes of the UTF-8 character at `at`; 1 for a byte that starts none. `at` is terminated. */
size_t lac_character_bytes(const char *at);

/* How many characters `bytes` bytes of text hold. */
size_t lac_characters(const char *text, size_t bytes);

/* The start of a line (from 1); NULL when the text has fewer. */
const char *lac_line_start(const char *text, size_t line);

/* The same of a source, by its index when it has one. */
const char *lac_source_line(const lac_source *source, size_t line);
/* The character in this line and column (from 1); the end of the line is the last there is. */
const char *lac_source_at(const lac_source *source, size_t line, size_t column);

#endif
