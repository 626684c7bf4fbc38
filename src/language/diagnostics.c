/* Diagnostics: messages in the manner of compilers, with the source line and a caret below it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/diagnostics.h"

#include "language/locator.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = 2048, LINE_CHARACTERS = 120 };

/* Control characters could do harm on a terminal; bytes that are no UTF-8 could in a file. */
static void add_clean(lac_text *text, const char *at, size_t bytes)
{
    unsigned char first = (unsigned char)*at;
    bool control = first < 0x20 || first == 0x7f || (first == 0xc2 && (unsigned char)at[1] < 0xa0);
    if (control)
        lac_text_add(text, first == '\t' ? "\t" : first == '\n' ? " " : "?");
    else if (first >= 0x80 && bytes == 1)
        lac_text_add(text, "?");
    else
        lac_text_add_bytes(text, at, bytes);
}

static void add_sentence(lac_text *text, const char *sentence)
{
    while (*sentence) {
        size_t bytes = lac_character_bytes(sentence);
        add_clean(text, sentence, bytes);
        sentence += bytes;
    }
}

static size_t line_characters(const char *line)
{
    size_t characters = 0;
    for (; *line && !lac_break_bytes(line); line += lac_character_bytes(line))
        characters++;
    return characters;
}

/* The part of a line that is shown: characters [first, last). */
typedef struct window {
    size_t first;
    size_t last;
} window;

static window window_of(size_t characters, size_t column)
{
    window shown = {0, characters};
    if (characters > LINE_CHARACTERS) {
        shown.first = column > LINE_CHARACTERS / 2 ? column - LINE_CHARACTERS / 2 : 0;
        shown.last = shown.first + LINE_CHARACTERS;
        if (shown.last > characters)
            shown.last = characters;
    }
    return shown;
}

static void add_line(lac_text *text, const char *line, window shown)
{
    lac_text_add(text, shown.first ? "..." : "");
    for (size_t character = 0; character < shown.last; character++) {
        size_t bytes = lac_character_bytes(line);
        if (character >= shown.first)
            add_clean(text, line, bytes);
        line += bytes;
    }
    lac_text_add(text, "\n");
}

/* Below the line: tabs as they are, so that the caret stands below its character. */
static void add_caret(lac_text *text, const char *line, window shown, lac_place place)
{
    lac_text_add(text, shown.first ? "   " : "");
    for (size_t character = 0; character < place.column - 1; character++) {
        if (character >= shown.first)
            lac_text_add(text, character < shown.last && *line == '\t' ? "\t" : " ");
        line += character < shown.last ? lac_character_bytes(line) : 0;
    }
    lac_text_add(text, "^");
    for (size_t character = place.column;
         character < shown.last && character - place.column + 1 < place.width; character++)
        lac_text_add(text, "~");
    lac_text_add(text, "\n");
}

static void add_source(lac_text *text, lac_place place)
{
    if (!place.source || !place.source->bytes || !place.line || !place.column)
        return;
    const char *line = lac_source_line(place.source, place.line);
    if (!line)
        return;
    size_t characters = line_characters(line);
    if (place.column > characters + 1)
        place.column = characters + 1;
    window shown = window_of(characters, place.column);
    int digits = snprintf(NULL, 0, "%zu", place.line);
    lac_text_add(text, " %4zu | ", place.line);
    add_line(text, line, shown);
    lac_text_add(text, " %*s | ", digits > 4 ? digits : 4, "");
    add_caret(text, line, shown, place);
}

/* True when the messages so far hold this one, from the start of a line. */
static bool is_there(const lac_text *messages, const lac_text *message)
{
    const char *all = lac_text_of(messages);
    const char *one = lac_text_of(message);
    for (const char *at = strstr(all, one); at; at = strstr(at + 1, one)) {
        if (at == all || at[-1] == '\n')
            return true;
    }
    return false;
}

static void compose(lac_text *text, lac_diagnostic *item, lac_place place, const char *sentence)
{
    if (place.source && place.source->path) {
        add_sentence(text, place.source->path);
        item->path_bytes = text->length;
        item->line = place.line;
        item->column = place.line ? place.column : 0;
        if (place.line)
            lac_text_add(text, ":%zu:%zu", place.line, place.column);
        lac_text_add(text, ": ");
    }
    lac_text_add(text, item->severity == LAC_ERROR ? "error: " : "warning: ");
    item->sentence = text->length;
    add_sentence(text, sentence);
    item->sentence_bytes = text->length - item->sentence;
    lac_text_add(text, "\n");
    add_source(text, place);
}

static void add_message(lac_diagnostics *list, const lac_text *message, lac_diagnostic item)
{
    item.path += list->text.length;
    item.sentence += list->text.length;
    lac_text_add_bytes(&list->text, lac_text_of(message), message->length);
    if (!list->text.failed && list->items < 2 * LAC_ERROR_CAP)
        list->item[list->items++] = item;
}

void lac_report(lac_diagnostics *list, lac_severity severity, lac_place place, const char *format,
                ...)
{
    size_t *count = severity == LAC_ERROR ? &list->errors : &list->warnings;
    list->reported += severity == LAC_ERROR;
    if (*count >= LAC_ERROR_CAP) {
        ++*count;
        return;
    }
    char sentence[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    lac_text message = {0};
    lac_diagnostic item = {.severity = severity};
    compose(&message, &item, place, sentence);
    if (message.failed)
        list->text.failed = message.failed;
    if (message.failed || !is_there(&list->text, &message)) {
        ++*count;
        add_message(list, &message, item);
    }
    lac_text_free(&message);
}

void lac_diagnostics_append(lac_diagnostics *list, const lac_diagnostics *other)
{
    const size_t before = list->text.length;
    lac_text_add_bytes(&list->text, lac_text_of(&other->text), other->text.length);
    if (other->text.failed)
        list->text.failed = other->text.failed;
    for (size_t k = 0; k < other->items && list->items < 2 * LAC_ERROR_CAP; k++) {
        lac_diagnostic item = other->item[k];
        item.path += before;
        item.sentence += before;
        list->item[list->items++] = item;
    }
    list->errors += other->errors;
    list->warnings += other->warnings;
    list->reported += other->reported;
}

lac_status lac_diagnostics_status(const lac_diagnostics *list, const char *path)
{
    if (list->text.failed)
        return lac_fail(list->text.failed, "out of memory while collecting messages on %s", path);
    if (list->errors == 0)
        return LAC_OK;
    if (list->errors > LAC_ERROR_CAP)
        return lac_fail(LAC_INPUT, "%zu errors in %s (the first %d are shown)", list->errors, path,
                        LAC_ERROR_CAP);
    return lac_fail(LAC_INPUT, "%zu error%s in %s", list->errors, list->errors == 1 ? "" : "s",
                    path);
}

const char *lac_diagnostics_first_error(const char *text)
{
    static const char mark[] = ": error: ", program[] = "lacuna: ";
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        const char *found = strstr(line, mark);
        if (!found)
            return NULL;
        if (found < line + strcspn(line, "\n") && strncmp(line, program, strlen(program)) != 0)
            return line;
    }
    return NULL;
}

void lac_diagnostics_free(lac_diagnostics *list)
{
    if (!list)
        return;
    lac_text_free(&list->text);
    *list = (lac_diagnostics){0};
}
