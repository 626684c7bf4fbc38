/* Locator: lines and characters of UTF-8 text, and the way back from a scalar to its source.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/locator.h"

#include <string.h>

/* Quotes and escapes between two characters of a scalar; more means that the trail is lost. */
enum { MOST_SKIPPED = 3 };

size_t lac_break_bytes(const char *at)
{
    if (at[0] == '\n')
        return 1;
    if (at[0] == '\r')
        return at[1] == '\n' ? 2 : 1;
    if (strncmp(at, "\xc2\x85", 2) == 0)
        return 2;
    if (strncmp(at, "\xe2\x80\xa8", 3) == 0 || strncmp(at, "\xe2\x80\xa9", 3) == 0)
        return 3;
    return 0;
}

size_t lac_character_bytes(const char *at)
{
    unsigned char first = (unsigned char)at[0];
    size_t bytes = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    for (size_t byte = 1; byte < bytes; byte++) {
        if (((unsigned char)at[byte] & 0xc0) != 0x80)
            return 1;
    }
    return bytes;
}

size_t lac_characters(const char *text, size_t bytes)
{
    size_t characters = 0;
    const char *end = text + bytes;
    for (const char *at = text; at < end; at += lac_character_bytes(at))
        characters++;
    return characters;
}

const char *lac_line_start(const char *text, size_t line)
{
    const char *at = text;
    for (size_t current = 1; current < line;) {
        at += strcspn(at, "\n\r\xc2\xe2"); /* with which breaks begin */
        size_t broken = lac_break_bytes(at);
        if (!broken && !*at)
            return NULL;
        at += broken ? broken : 1;
        current += broken > 0;
    }
    return at;
}

static const char *find_start(lac_place place)
{
    if (!place.source || !place.source->bytes || place.line == 0)
        return NULL;
    return lac_source_at(place.source, place.line, place.column);
}

static bool has_break(const char *text)
{
    for (; *text; text++) {
        if (lac_break_bytes(text))
            return true;
    }
    return false;
}

lac_locator lac_locator_of(lac_place whole, const char *text)
{
    lac_locator locator = {.whole = whole, .text = text, .from = find_start(whole)};
    size_t length = strlen(text);
    locator.verbatim = locator.from && strncmp(locator.from, text, length) == 0 && !has_break(text);
    return locator;
}

static bool is_space(const char *at)
{
    return *at == ' ' || *at == '\t' || *at == '\n' || *at == '\r';
}

/* Moves `source` and `place` to the next occurrence of the byte `c`; false when the trail is lost.
 */
static bool seek(const char **source, lac_place *place, char c)
{
    size_t skipped = 0;
    while (**source != c) {
        size_t broken = lac_break_bytes(*source);
        if (!**source || (!broken && !is_space(*source) && ++skipped > MOST_SKIPPED))
            return false;
        place->line += broken > 0;
        place->column = broken ? 1 : place->column + 1;
        *source += broken ? broken : lac_character_bytes(*source);
    }
    return true;
}

static lac_place follow(const lac_locator *locator, size_t at)
{
    lac_place place = locator->whole;
    const char *source = locator->from;
    const char *text = locator->text;
    while (text < locator->text + at) {
        size_t bytes = lac_character_bytes(text);
        if (!is_space(text)) {
            if (!seek(&source, &place, *text))
                return locator->whole;
            source += lac_character_bytes(source);
            place.column++;
        }
        text += bytes;
    }
    if (*text && !is_space(text) && !seek(&source, &place, *text))
        return locator->whole;
    return place;
}

lac_place lac_locate(const lac_locator *locator, size_t at, size_t bytes)
{
    lac_place place = locator->whole;
    size_t length = strlen(locator->text);
    at = at < length ? at : length;
    bytes = bytes < length - at ? bytes : length - at;
    if (!locator->from)
        return place;
    if (locator->verbatim)
        place.column += lac_characters(locator->text, at);
    else
        place = follow(locator, at);
    place.width = lac_characters(locator->text + at, bytes);
    if (place.width == 0)
        place.width = 1;
    return place;
}

lac_place lac_place_within(lac_place whole, const char *text, size_t at, size_t bytes)
{
    lac_locator locator = lac_locator_of(whole, text);
    return lac_locate(&locator, at, bytes);
}
