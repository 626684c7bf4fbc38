/* JSON: values and what stands between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void misused(lac_json *json, const char *what)
{
    if (json->text->failed == LAC_OK)
        json->text->failed = lac_fail(LAC_INTERNAL, "JSON: %s", what);
}

/* --- texts ---------------------------------------------------------------------------------------
 */

/* Bytes of the UTF-8 character at `at`: 1 to 4, or 0 when it is none (RFC 3629: shortest form, no
 * surrogates, nothing above U+10FFFF). */
static size_t character_bytes(const unsigned char *at)
{
    if (at[0] < 0x80)
        return 1;
    size_t bytes = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    for (size_t k = 1; k < bytes; k++)
        if ((at[k] & 0xc0) != 0x80)
            return 0;
    bool too_long = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool no_character = (at[0] == 0xed && at[1] > 0x9f) || (at[0] == 0xf4 && at[1] > 0x8f);
    return too_long || no_character ? 0 : bytes;
}

static void add_escaped(lac_text *text, unsigned char byte)
{
    switch (byte) {
    case '"':
    case '\\':
        lac_text_add(text, "\\%c", byte);
        break;
    case '\n':
        lac_text_add(text, "\\n");
        break;
    case '\t':
        lac_text_add(text, "\\t");
        break;
    default:
        lac_text_add(text, "\\u%04x", byte);
    }
}

static void add_quoted(lac_text *text, const char *words)
{
    const unsigned char *at = (const unsigned char *)words;
    lac_text_add(text, "\"");
    while (*at) {
        const unsigned char *from = at;
        while (*at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\')
            at++;
        lac_text_add_bytes(text, (const char *)from, (size_t)(at - from));
        if (!*at)
            break;
        size_t bytes = character_bytes(at);
        if (bytes == 1)
            add_escaped(text, *at);
        else if (bytes == 0)
            lac_text_add(text, "\xef\xbf\xbd");
        else
            lac_text_add_bytes(text, (const char *)at, bytes);
        at += bytes ? bytes : 1;
    }
    lac_text_add(text, "\"");
}

/* --- structure -----------------------------------------------------------------------------------
 */

static void add_line(lac_json *json)
{
    lac_text_add(json->text, "\n%*s", (int)(2 * json->depth), "");
}

/* The comma, the line and the key before a value; false when there can be none here. */
static bool open_value(lac_json *json, const char *key)
{
    if (json->depth == 0) {
        if (json->done || key)
            misused(json, "one document has one value");
        return !json->done && !key;
    }
    bool in_object = json->closer[json->depth - 1] == '}';
    if (in_object != (key != NULL)) {
        misused(json, in_object ? "a member needs a key" : "an item has no key");
        return false;
    }
    if (json->filled[json->depth - 1])
        lac_text_add(json->text, ",");
    json->filled[json->depth - 1] = true;
    add_line(json);
    if (key) {
        add_quoted(json->text, key);
        lac_text_add(json->text, ": ");
    }
    return true;
}

static void close_value(lac_json *json)
{
    if (json->depth > 0)
        return;
    json->done = true;
    lac_text_add(json->text, "\n");
}

static void open_nest(lac_json *json, const char *key, const char *opener, char closer)
{
    if (json->depth == LAC_JSON_DEEPEST) {
        misused(json, "too deep");
        return;
    }
    if (!open_value(json, key))
        return;
    lac_text_add(json->text, "%s", opener);
    json->closer[json->depth] = closer;
    json->filled[json->depth] = false;
    json->depth++;
}

void lac_json_object(lac_json *json, const char *key)
{
    open_nest(json, key, "{", '}');
}

void lac_json_array(lac_json *json, const char *key)
{
    open_nest(json, key, "[", ']');
}

void lac_json_end(lac_json *json)
{
    if (json->depth == 0) {
        misused(json, "nothing is open");
        return;
    }
    json->depth--;
    if (json->filled[json->depth])
        add_line(json);
    lac_text_add_bytes(json->text, &json->closer[json->depth], 1);
    close_value(json);
}

/* --- values --------------------------------------------------------------------------------------
 */

static void add_number(lac_text *text, double number)
{
    char digits[32];
    int precision = 15;
    if (!isfinite(number)) {
        lac_text_add(text, "null");
        return;
    }
    do
        snprintf(digits, sizeof digits, "%.*g", precision, number);
    while (precision++ < 17 && strtod(digits, NULL) != number);
    lac_text_add(text, "%s", digits);
}

static void add_plain(lac_json *json, const char *key, const char *word)
{
    if (!open_value(json, key))
        return;
    lac_text_add(json->text, "%s", word);
    close_value(json);
}

void lac_json_words(lac_json *json, const char *key, const char *words)
{
    if (!words) {
        lac_json_null(json, key);
    } else if (open_value(json, key)) {
        add_quoted(json->text, words);
        close_value(json);
    }
}

void lac_json_number(lac_json *json, const char *key, double number)
{
    if (!open_value(json, key))
        return;
    add_number(json->text, number);
    close_value(json);
}

void lac_json_count(lac_json *json, const char *key, size_t count)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", count);
    add_plain(json, key, digits);
}

void lac_json_flag(lac_json *json, const char *key, bool flag)
{
    add_plain(json, key, flag ? "true" : "false");
}

void lac_json_null(lac_json *json, const char *key)
{
    add_plain(json, key, "null");
}

void lac_json_numbers(lac_json *json, const char *key, const double *number, size_t count)
{
    if (!open_value(json, key))
        return;
    lac_text_add(json->text, "[");
    for (size_t k = 0; k < count; k++) {
        lac_text_add(json->text, "%s", k > 0 ? ", " : "");
        add_number(json->text, number[k]);
    }
    lac_text_add(json->text, "]");
    close_value(json);
}
