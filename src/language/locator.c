/* Locator: lines and characters of UTF-8 text, and the way back from a scalar to its source.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/locator.h"

#include <string.h>

/* Quotes and escapes between two characters of a scalar; more means that the trail is lost. */
enum { MOST_SKIPPED = 3 };

/* Marks are not nearer to each other: a short text has one, its start. */
enum { LEAST_APART = 256 };

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

static bool is_space(const char *at)
{
    return *at == ' ' || *at == '\t' || *at == '\n' || *at == '\r';
}

/* Moves to the next occurrence of the byte `c` in the source; false when the trail is lost. */
static bool seek(lac_trail *trail, char c)
{
    size_t skipped = 0;
    while (*trail->source != c) {
        size_t broken = lac_break_bytes(trail->source);
        if (!*trail->source || (!broken && !is_space(trail->source) && ++skipped > MOST_SKIPPED))
            return false;
        trail->line += broken > 0;
        trail->column = broken ? 1 : trail->column + 1;
        trail->source += broken ? broken : lac_character_bytes(trail->source);
    }
    return true;
}

/* Over one character of the text. */
static bool step(const lac_locator *locator, lac_trail *trail)
{
    bool shown = locator->verbatim || !is_space(trail->text);
    if (!locator->verbatim && shown && !seek(trail, *trail->text))
        return false;
    if (shown) {
        trail->source += lac_character_bytes(trail->source);
        trail->column++;
    }
    trail->text += lac_character_bytes(trail->text);
    trail->characters++;
    return true;
}

static bool follow(const lac_locator *locator, lac_trail *trail, size_t at)
{
    bool found = true;
    while (found && trail->text < locator->text + at)
        found = step(locator, trail);
    return found;
}

static void set_marks(lac_locator *locator)
{
    size_t apart = locator->length / LAC_MARKS + 1;
    locator->apart = apart > LEAST_APART ? apart : LEAST_APART;
    lac_trail trail = {.text = locator->text,
                       .source = locator->from,
                       .line = locator->whole.line,
                       .column = locator->whole.column};
    do
        locator->mark[locator->marks++] = trail;
    while (locator->marks * locator->apart < locator->length &&
           follow(locator, &trail, locator->marks * locator->apart));
}

lac_locator lac_locator_of(lac_place whole, const char *text)
{
    lac_locator locator = {
        .whole = whole, .text = text, .length = strlen(text), .from = find_start(whole)};
    locator.verbatim =
        locator.from && strncmp(locator.from, text, locator.length) == 0 && !has_break(text);
    if (locator.from)
        set_marks(&locator);
    return locator;
}

static lac_trail last_mark(const lac_locator *locator, size_t at)
{
    size_t mark = at / locator->apart;
    return locator->mark[mark < locator->marks ? mark : locator->marks - 1];
}

static size_t characters_before(const lac_locator *locator, size_t at)
{
    lac_trail trail = last_mark(locator, at);
    for (; trail.text < locator->text + at; trail.text += lac_character_bytes(trail.text))
        trail.characters++;
    return trail.characters;
}

lac_place lac_locate(const lac_locator *locator, size_t at, size_t bytes)
{
    lac_place place = locator->whole;
    at = at < locator->length ? at : locator->length;
    bytes = bytes < locator->length - at ? bytes : locator->length - at;
    if (!locator->from)
        return place;
    lac_trail trail = last_mark(locator, at);
    if (follow(locator, &trail, at) &&
        (locator->verbatim || !*trail.text || is_space(trail.text) || seek(&trail, *trail.text))) {
        place.line = trail.line;
        place.column = trail.column;
        size_t width = characters_before(locator, at + bytes) - trail.characters;
        place.width = width > 0 ? width : 1;
    }
    return place;
}

lac_place lac_place_within(lac_place whole, const char *text, size_t at, size_t bytes)
{
    lac_locator locator = lac_locator_of(whole, text);
    return lac_locate(&locator, at, bytes);
}
