/* JSON (RFC 8259), written over a text: one document, indented, always valid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_JSON_H
#define LAC_BASE_JSON_H

#include "base/text.h"

#include <stdbool.h>

enum { LAC_JSON_DEEPEST = 16 };

/* Start with `lac_json json = {.text = &text};`. What fails is in text->failed: LAC_MEMORY, or
 * LAC_INTERNAL for calls that do not fit together.
 *
 * `key` names a member of an object and is NULL in an array and for the outermost value. */
typedef struct lac_json {
    lac_text *text; /* borrowed */
    size_t depth;
    char closer[LAC_JSON_DEEPEST]; /* of what is open */
    bool filled[LAC_JSON_DEEPEST]; /* is there a member already? */
    bool done;                     /* the outermost value is there */
} lac_json;

void lac_json_object(lac_json *json, const char *key);
void lac_json_array(lac_json *json, const char *key);
/* Closes the innermost object or array; the outermost with a line end. */
void lac_json_end(lac_json *json);

/* NULL is written as null; bytes that are no UTF-8 become U+FFFD. */
void lac_json_words(lac_json *json, const char *key, const char *words);
/* As many digits as it needs to be read back to the last bit; null for what is not finite. */
void lac_json_number(lac_json *json, const char *key, double number);
void lac_json_count(lac_json *json, const char *key, size_t count);
void lac_json_flag(lac_json *json, const char *key, bool flag);
void lac_json_null(lac_json *json, const char *key);
/* An array of numbers in one line. */
void lac_json_numbers(lac_json *json, const char *key, const double *number, size_t count);

#endif
