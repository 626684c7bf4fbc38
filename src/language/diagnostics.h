/* Diagnostics: all that is wrong with a text, each with its place, collected in one pass.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_DIAGNOSTICS_H
#define LAC_LANGUAGE_DIAGNOSTICS_H

#include "base/text.h"
#include "language/place.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum lac_severity { LAC_ERROR, LAC_WARNING } lac_severity;

enum { LAC_ERROR_CAP = 50 };

/* One message: where its parts stand in the text of all. */
typedef struct lac_diagnostic {
    lac_severity severity;
    size_t path, path_bytes; /* no bytes: of no file */
    size_t line, column;     /* 0 = not known */
    size_t sentence, sentence_bytes;
} lac_diagnostic;

typedef struct lac_diagnostics {
    lac_text text; /* formatted messages, in order */
    size_t errors; /* different ones */
    size_t warnings;
    size_t reported; /* errors, each repetition counted: has a call reported any? */
    size_t items;    /* messages in `text` */
    lac_diagnostic item[2 * LAC_ERROR_CAP];
} lac_diagnostics;

/* Adds "file:line:column: error: message", the source line and a caret line. The same message at
 * the same place is added once. Errors past LAC_ERROR_CAP are only counted. */
void lac_report(lac_diagnostics *list, lac_severity severity, lac_place place, const char *format,
                ...) LAC_PRINTF(4, 5);

/* LAC_OK without errors; else LAC_INPUT, the sentence being "N errors in FILE"; LAC_MEMORY when a
 * message was lost. */
lac_status lac_diagnostics_status(const lac_diagnostics *list, const char *path);

/* The line of the first error in such a text, also when it stands among others; it ends at "\n".
 * NULL when there is none. */
const char *lac_diagnostics_first_error(const char *text);

/* Puts all of another list behind those of this one. */
void lac_diagnostics_append(lac_diagnostics *list, const lac_diagnostics *other);

void lac_diagnostics_free(lac_diagnostics *list);

#endif
