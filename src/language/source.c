/* Source: where lines and columns of a text are. With an index a place is found without reading the
 * text from its start, so that a model of many thousand lines, or of one very long line, is read in
 * a time that grows with its length.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "language/locator.h"

#include <stdio.h>

enum { STRIDE = 256 }; /* characters between marks */

typedef struct line_start {
    size_t byte;
    size_t character;
} line_start;

typedef struct lac_source_index {
    line_start *line; /* owned */
    size_t lines, line_capacity;
    size_t *mark; /* owned: byte of every STRIDE-th character */
    size_t marks, mark_capacity;
    size_t characters;
} lac_source_index;

static void free_index(lac_source_index *index)
{
    if (!index)
        return;
    lac_free(index->line);
    lac_free(index->mark);
    lac_free(index);
}

static lac_status add_line(lac_source_index *index, size_t byte, size_t character)
{
    lac_status status = LAC_OK;
    LAC_GROW(index->line, index->lines, index->line_capacity);
    index->line[index->lines++] = (line_start){byte, character};
out:
    return status;
}

static lac_status add_mark(lac_source_index *index, size_t byte)
{
    lac_status status = LAC_OK;
    LAC_GROW(index->mark, index->marks, index->mark_capacity);
    index->mark[index->marks++] = byte;
out:
    return status;
}

lac_status lac_source_make_index(lac_source *source)
{
    lac_status status = LAC_OK;
    lac_source_index *made = NULL;
    size_t character = 0;
    if (source->index || !source->bytes)
        return LAC_OK;
    LAC_NEW(made, 1);
    LAC_TRY(add_line(made, 0, 0));
    for (const char *at = source->bytes; *at; character++) {
        size_t broken = lac_break_bytes(at);
        if (character % STRIDE == 0)
            LAC_TRY(add_mark(made, (size_t)(at - source->bytes)));
        at += broken ? broken : lac_character_bytes(at);
        if (broken)
            LAC_TRY(add_line(made, (size_t)(at - source->bytes), character + 1));
    }
    made->characters = character;
    source->index = made;
    made = NULL;
out:
    free_index(made);
    return status;
}

void lac_source_free(lac_source *source)
{
    if (!source)
        return;
    lac_free(source->path);
    lac_free(source->bytes);
    free_index(source->index);
    *source = (lac_source){0};
}

const char *lac_source_line(const lac_source *source, size_t line)
{
    const lac_source_index *index = source->index;
    if (!index)
        return lac_line_start(source->bytes, line);
    return line >= 1 && line <= index->lines ? source->bytes + index->line[line - 1].byte : NULL;
}

static const char *walk(const char *at, size_t characters)
{
    for (size_t character = 0; at && character < characters; character++) {
        if (!*at || lac_break_bytes(at))
            return NULL;
        at += lac_character_bytes(at);
    }
    return at;
}

const char *lac_source_at(const lac_source *source, size_t line, size_t column)
{
    const lac_source_index *index = source->index;
    const char *start = lac_source_line(source, line);
    size_t along = column > 0 ? column - 1 : 0;
    if (!index || !start || along < STRIDE)
        return walk(start, along);
    size_t character = index->line[line - 1].character + along;
    size_t after = line < index->lines ? index->line[line].character : index->characters + 1;
    if (character >= after)
        return NULL;
    size_t mark = character / STRIDE;
    if (mark == index->marks)
        return walk(source->bytes + index->mark[mark - 1], STRIDE);
    return walk(source->bytes + index->mark[mark], character % STRIDE);
}

const char *lac_place_words(lac_place place, char *words, size_t bytes)
{
    words[0] = '\0';
    if (place.source && place.source->path && place.line > 0)
        snprintf(words, bytes, " (%s:%zu:%zu)", place.source->path, place.line, place.column);
    return words;
}
