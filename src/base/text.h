/* Text: a string that grows, for messages, descriptions and files written as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_TEXT_H
#define LAC_BASE_TEXT_H

#include "base/status.h"

#include <stddef.h>

/* Zero-initialise; free with lac_text_free. A failed append is remembered in `failed`, so that a
 * writer may append many times and check once. */
typedef struct lac_text {
    char *bytes; /* owned, terminated; NULL while empty */
    size_t length;
    size_t capacity;
    lac_status failed;
} lac_text;

void lac_text_add(lac_text *text, const char *format, ...) LAC_PRINTF(2, 3);
void lac_text_add_bytes(lac_text *text, const char *bytes, size_t length);

/* The text so far, "" when empty; borrowed. */
const char *lac_text_of(const lac_text *text);

void lac_text_free(lac_text *text);

/* Splits a text in place at the bytes `between`: the parts that are not empty, at most `most`; says
 * how many. */
size_t lac_text_split(char *text, const char *between, const char **part, size_t most);

/* Reads a whole regular file (at most `limit` bytes) as text, without the byte order mark of UTF-8.
 * LAC_NO_INPUT when it cannot be read, is larger, is no regular file (a directory, device, pipe or
 * socket: nothing is waited for), is UTF-16 or UTF-32, or holds a NUL byte. The caller frees *bytes
 * with lac_free. */
lac_status lac_text_read(const char *path, size_t limit, char **bytes, size_t *length);

/* The same for a file that the user names on the command line, which may be a pipe or a terminal.
 */
lac_status lac_text_read_stream(const char *path, size_t limit, char **bytes, size_t *length);

/* The bytes of UTF-8's byte order mark at the start of a text: 3 or 0. */
size_t lac_text_mark(const char *bytes, size_t length);

/* LAC_NO_INPUT with a sentence when `path` exists and is no regular file. */
lac_status lac_text_check_regular(const char *path);

#endif
