/* YAML: our tree, built from libyaml's events; what YAML offers beyond plain data is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/yaml.h"

#include "base/memory.h"
#include "base/names.h"
#include "language/locator.h"

#include <string.h>
#include <yaml.h>

enum { DEEPEST = 64, MOST_NODES = 1000000, MOST_BYTES = 16 << 20, MANY_KEYS = 32 };

/* Functions below return LAC_INPUT when the rest of the text cannot be read; that is reported. */
typedef struct reader {
    const lac_source *source;
    lac_diagnostics *list;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    size_t nodes;
    size_t line;      /* cursor: a line that was looked up, and */
    const char *from; /* where it starts */
} reader;

static lac_status read_node(reader *in, size_t depth, lac_yaml **node);

static lac_place place_at(const reader *in, size_t line, size_t column, size_t width)
{
    return (lac_place){in->source, line, column, width ? width : 1};
}

/* The start of a line; lines are asked for in rising order. */
static const char *start_of(reader *in, size_t line)
{
    if (line > in->line) {
        const char *found = lac_line_start(in->from, line - in->line + 1);
        if (found) {
            in->from = found;
            in->line = line;
        }
    }
    return in->from;
}

static size_t rest_of_line(const char *at)
{
    size_t characters = 0;
    for (; *at && !lac_break_bytes(at); at += lac_character_bytes(at))
        characters++;
    return characters;
}

/* Block text starts in the first line below its header that is not blank. */
static lac_place block_place(reader *in, size_t header)
{
    const char *start = start_of(in, header);
    size_t header_characters = rest_of_line(start);
    for (size_t line = header + 1;; line++) {
        start = lac_line_start(start, 2);
        if (!start || !*start)
            return place_at(in, header, 1, header_characters);
        size_t blanks = strspn(start, " \t");
        if (start[blanks] && !lac_break_bytes(start + blanks))
            return place_at(in, line, blanks + 1, rest_of_line(start + blanks));
    }
}

static lac_place scalar_place(reader *in)
{
    yaml_mark_t start = in->event.start_mark;
    yaml_mark_t end = in->event.end_mark;
    yaml_scalar_style_t style = in->event.data.scalar.style;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        return block_place(in, start.line + 1);
    bool quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    size_t quote = quoted ? 1 : 0;
    size_t width =
        end.column > start.column + 2 * quote ? end.column - start.column - 2 * quote : 1;
    if (end.line != start.line)
        width = rest_of_line(start_of(in, start.line + 1)) - start.column;
    return place_at(in, start.line + 1, start.column + 1 + quote, width);
}

static lac_place event_place(reader *in)
{
    if (in->event.type == YAML_SCALAR_EVENT)
        return scalar_place(in);
    return place_at(in, in->event.start_mark.line + 1, in->event.start_mark.column + 1, 1);
}

/* libyaml gives bytes, not lines, for text that is no UTF-8 and for control characters. */
static lac_place reader_error_place(const reader *in)
{
    const char *bytes = in->source->bytes;
    size_t offset = in->parser.problem_offset;
    size_t line = 1;
    const char *start = bytes;
    for (const char *at = bytes; *at && at < bytes + offset;) {
        size_t broken = lac_break_bytes(at);
        at += broken ? broken : 1;
        line += broken > 0;
        start = broken ? at : start;
    }
    size_t before = bytes + offset > start ? (size_t)(bytes + offset - start) : 0;
    return place_at(in, line, lac_characters(start, before) + 1, 1);
}

static const char *hint(const reader *in, lac_place place)
{
    const char *line = lac_line_start(in->source->bytes, place.line);
    for (size_t column = 1; line && *line && column < place.column; column++)
        line += lac_character_bytes(line);
    if (line && *line == '\t')
        return ": indent with blanks, not with tabs";
    if (line && *line && strchr("%@`", *line))
        return ": put this text in quotes";
    if (strstr(in->parser.problem, "mapping values are not allowed"))
        return ": a text that holds ': ' needs quotes";
    return "";
}

static lac_status report_syntax(reader *in)
{
    const yaml_parser_t *parser = &in->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return lac_fail(LAC_MEMORY, "out of memory while reading %s", in->source->path);
    lac_place place =
        place_at(in, parser->problem_mark.line + 1, parser->problem_mark.column + 1, 1);
    if (parser->error == YAML_READER_ERROR)
        place = reader_error_place(in);
    lac_report(in->list, LAC_ERROR, place, "not valid YAML: %s%s%s%s", parser->problem,
               parser->context ? " " : "", parser->context ? parser->context : "", hint(in, place));
    return LAC_INPUT;
}

static lac_status advance(reader *in)
{
    if (in->has_event)
        yaml_event_delete(&in->event);
    in->has_event = yaml_parser_parse(&in->parser, &in->event) != 0;
    return in->has_event ? LAC_OK : report_syntax(in);
}

/* Anchors and tags are reported, and reading goes on without them. */
static void refuse_decorations(reader *in, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    lac_place place =
        place_at(in, in->event.start_mark.line + 1, in->event.start_mark.column + 1, 1);
    if (anchor)
        lac_report(in->list, LAC_ERROR, place,
                   "the anchor '&%s' is refused: models have no anchors and aliases", anchor);
    if (tag)
        lac_report(in->list, LAC_ERROR, place, "the tag '%s' is refused: models have no tags", tag);
}

static lac_status read_scalar(reader *in, lac_yaml *node)
{
    lac_status status = LAC_OK;
    const char *value = (const char *)in->event.data.scalar.value;
    size_t length = in->event.data.scalar.length;
    refuse_decorations(in, in->event.data.scalar.anchor, in->event.data.scalar.tag);
    if (memchr(value, 0, length))
        lac_report(in->list, LAC_ERROR, node->place, "a text must not hold the character \\0");
    LAC_OWN(node->scalar, lac_copy_bytes(value, length));
out:
    return status;
}

static lac_status read_sequence(reader *in, size_t depth, lac_yaml *node)
{
    lac_status status = LAC_OK;
    size_t capacity = 0;
    refuse_decorations(in, in->event.data.sequence_start.anchor, in->event.data.sequence_start.tag);
    LAC_TRY(advance(in));
    while (in->event.type != YAML_SEQUENCE_END_EVENT) {
        LAC_GROW(node->item, node->count, capacity);
        LAC_TRY(read_node(in, depth + 1, &node->item[node->count++]));
        LAC_TRY(advance(in));
    }
out:
    return status;
}

static lac_status grow_mapping(lac_yaml *node, size_t *capacity)
{
    lac_status status = LAC_OK;
    size_t count = node->count;
    size_t grown = *capacity;
    LAC_GROW(node->key, count, grown);
    grown = *capacity;
    LAC_GROW(node->key_place, count, grown);
    grown = *capacity;
    LAC_GROW(node->item, count, grown);
    *capacity = grown;
out:
    return status;
}

/* Reads a key into the next entry of the mapping; a key that was there is reported. */
static lac_status read_key(reader *in, size_t depth, lac_yaml *node, lac_names *keys)
{
    lac_status status = LAC_OK;
    lac_yaml *key = NULL;
    LAC_TRY(read_node(in, depth + 1, &key));
    if (key->kind != LAC_YAML_SCALAR || !key->scalar[0]) {
        lac_report(in->list, LAC_ERROR, key->place, "a key must be a name, such as 'title:'");
        status = LAC_INPUT;
        goto out;
    }
    size_t first = lac_names_find(keys, key->scalar);
    if (first != LAC_NONE)
        lac_report(in->list, LAC_ERROR, key->place,
                   "the key '%s' is given twice (first in line %zu)", key->scalar,
                   node->key_place[first].line);
    node->key[node->count] = key->scalar;
    node->key_place[node->count] = key->place;
    key->scalar = NULL;
    node->count++;
    if (first == LAC_NONE)
        LAC_TRY(lac_names_add(keys, node->key[node->count - 1]));
out:
    lac_yaml_free(key);
    return status;
}

static lac_status read_mapping(reader *in, size_t depth, lac_yaml *node)
{
    lac_status status = LAC_OK;
    lac_names keys = {0};
    size_t capacity = 0;
    refuse_decorations(in, in->event.data.mapping_start.anchor, in->event.data.mapping_start.tag);
    LAC_TRY(advance(in));
    while (in->event.type != YAML_MAPPING_END_EVENT) {
        LAC_TRY(grow_mapping(node, &capacity));
        LAC_TRY(read_key(in, depth, node, &keys));
        LAC_TRY(advance(in));
        LAC_TRY(read_node(in, depth + 1, &node->item[node->count - 1]));
        LAC_TRY(advance(in));
    }
    if (keys.count == node->count && keys.count >= MANY_KEYS) { /* every key is there once */
        LAC_NEW(node->index, 1);
        *node->index = keys;
        keys = (lac_names){0};
    }
out:
    lac_names_free(&keys);
    return status;
}

static lac_status check_limits(reader *in, size_t depth)
{
    lac_place place = event_place(in);
    if (in->event.type == YAML_ALIAS_EVENT) {
        lac_report(in->list, LAC_ERROR, place,
                   "the alias '*%s' is refused: write the value again, or put a text that starts "
                   "with '*' in quotes",
                   in->event.data.alias.anchor);
        return LAC_INPUT;
    }
    if (depth > DEEPEST) {
        lac_report(in->list, LAC_ERROR, place, "nested more than %d levels deep", DEEPEST);
        return LAC_INPUT;
    }
    if (++in->nodes > MOST_NODES) {
        lac_report(in->list, LAC_ERROR, place, "more than %d values in one file", MOST_NODES);
        return LAC_INPUT;
    }
    return LAC_OK;
}

/* Reads the node that the current event starts; its last event is current afterwards. */
static lac_status read_node(reader *in, size_t depth, lac_yaml **node)
{
    lac_status status = LAC_OK;
    LAC_TRY(check_limits(in, depth));
    LAC_NEW(*node, 1);
    (*node)->place = event_place(in);
    if (in->event.type == YAML_SCALAR_EVENT) {
        (*node)->kind = LAC_YAML_SCALAR;
        LAC_TRY(read_scalar(in, *node));
    } else if (in->event.type == YAML_SEQUENCE_START_EVENT) {
        (*node)->kind = LAC_YAML_SEQUENCE;
        LAC_TRY(read_sequence(in, depth, *node));
    } else {
        (*node)->kind = LAC_YAML_MAPPING;
        LAC_TRY(read_mapping(in, depth, *node));
    }
out:
    return status;
}

static lac_status refuse_empty(reader *in)
{
    lac_report(in->list, LAC_ERROR, place_at(in, 1, 1, 1),
               "the file is empty: expected keys with values, such as 'lacuna: 1'");
    return LAC_INPUT;
}

static lac_status read_document(reader *in, lac_yaml **root)
{
    lac_status status = LAC_OK;
    LAC_TRY(advance(in)); /* stream start */
    LAC_TRY(advance(in));
    if (in->event.type == YAML_STREAM_END_EVENT)
        return refuse_empty(in);
    LAC_TRY(advance(in));
    LAC_TRY(read_node(in, 1, root));
    if ((*root)->kind == LAC_YAML_SCALAR && !(*root)->scalar[0])
        return refuse_empty(in);
    LAC_TRY(advance(in)); /* document end */
    LAC_TRY(advance(in));
    if (in->event.type != YAML_STREAM_END_EVENT)
        lac_report(in->list, LAC_ERROR, event_place(in),
                   "a second document starts here: a file holds one");
out:
    return status;
}

static lac_status open_reader(reader *in)
{
    if (in->source->length > MOST_BYTES) {
        lac_report(in->list, LAC_ERROR, place_at(in, 1, 1, 1),
                   "%zu bytes of text: at most %d are read", in->source->length, MOST_BYTES);
        return LAC_INPUT;
    }
    if (!yaml_parser_initialize(&in->parser))
        return lac_fail(LAC_MEMORY, "out of memory while reading %s", in->source->path);
    yaml_parser_set_encoding(&in->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&in->parser, (const unsigned char *)in->source->bytes,
                                 in->source->length);
    return LAC_OK;
}

lac_status lac_yaml_parse(const lac_source *source, lac_diagnostics *list, lac_yaml **root)
{
    reader in = {.source = source, .list = list, .line = 1, .from = source->bytes};
    size_t reported = list->reported;
    lac_yaml *fresh = NULL;
    lac_status status = open_reader(&in);
    if (status == LAC_OK)
        status = read_document(&in, &fresh);
    if (in.has_event)
        yaml_event_delete(&in.event);
    yaml_parser_delete(&in.parser);
    if (list->text.failed)
        status = list->text.failed;
    *root = status == LAC_OK && list->reported == reported ? fresh : NULL;
    if (!*root)
        lac_yaml_free(fresh);
    return status == LAC_INPUT ? LAC_OK : status;
}
