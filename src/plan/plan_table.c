/* Plan tables: a design from a text with columns: a tree as if the values stood in the plan.
 *
 * The first line that is no remark (#) names a parameter a column, "k" or "k [1/h]"; every other
 * line is a point. Columns are parted by commas, semicolons or tabs, whichever the first line has.
 * A value without a unit has that of its column.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_BYTES = 256 << 20, COLUMNS_MOST = 1000 };

typedef struct table {
    lac_plan_reader *reader;
    const lac_source *source;
    char separator;
    size_t columns, line, rows;
    char **unit;    /* owned [columns]; "" = none */
    lac_yaml *root; /* borrowed: {NAME: {table: [...]}} */
} table;

/* A cell without the blanks and quotation marks around it. */
typedef struct cell {
    const char *text;
    size_t length, column;
} cell;

static cell next_cell(const char **at, const char *line, const char *end, char separator)
{
    const char *first = *at, *last = memchr(first, separator, (size_t)(end - first));
    *at = last ? last + 1 : NULL;
    last = last ? last : end;
    while (first < last && strchr(" \t\"", *first))
        first++;
    while (last > first && strchr(" \t\"\r", last[-1]))
        last--;
    return (cell){first, (size_t)(last - first), (size_t)(first - line) + 1};
}

static lac_place place_of(const table *of, const cell *at)
{
    return (lac_place){of->source, of->line, at->column, at->length > 0 ? at->length : 1};
}

static void complain(const table *of, const cell *at, const char *what)
{
    lac_report(of->reader->loader.list, LAC_ERROR, place_of(of, at), "%s", what);
}

/* --- a tree, node by node --- */

static lac_status make_node(lac_yaml_kind kind, lac_place place, lac_yaml **node)
{
    lac_status status = LAC_OK;
    LAC_NEW(*node, 1);
    (*node)->kind = kind;
    (*node)->place = place;
out:
    return status;
}

/* Room for `count` items. */
static lac_status make_list(lac_yaml_kind kind, lac_place place, size_t count, lac_yaml **node)
{
    lac_status status = LAC_OK;
    LAC_TRY(make_node(kind, place, node));
    LAC_NEW((*node)->item, count);
    if (kind == LAC_YAML_MAPPING) {
        LAC_NEW((*node)->key, count);
        LAC_NEW((*node)->key_place, count);
    }
out:
    return status;
}

static lac_status add_item(lac_yaml *mapping, const char *key, size_t length, lac_place place,
                           lac_yaml *item)
{
    lac_status status = LAC_OK;
    LAC_OWN(mapping->key[mapping->count], lac_copy_bytes(key, length));
    mapping->key_place[mapping->count] = place;
    mapping->item[mapping->count++] = item;
out:
    if (status != LAC_OK)
        lac_yaml_free(item);
    return status;
}

/* --- lines ------------------ */

/* "k [1/h]": its name, and the unit of its values. */
static lac_status read_name(table *of, const cell *head, size_t rows)
{
    lac_status status = LAC_OK;
    lac_yaml *column = NULL, *list = NULL;
    const char *open = memchr(head->text, '[', head->length), *end = head->text + head->length;
    const char *name_end = open ? open : end;
    lac_place place = place_of(of, head);
    while (name_end > head->text && name_end[-1] == ' ')
        name_end--;
    if (name_end == head->text || (open && end[-1] != ']')) {
        complain(of, head, "a column has a name, such as k or k [1/h]");
        goto out;
    }
    LAC_OWN(of->unit[of->columns],
            lac_copy_bytes(open ? open + 1 : end, open ? (size_t)(end - open) - 2 : 0));
    LAC_TRY(make_list(LAC_YAML_SEQUENCE, place, rows, &list));
    LAC_TRY(make_list(LAC_YAML_MAPPING, place, 1, &column));
    LAC_TRY(add_item(column, "table", 5, place, list));
    list = NULL;
    for (size_t other = 0; other < of->root->count; other++)
        if (strlen(of->root->key[other]) == (size_t)(name_end - head->text) &&
            strncmp(of->root->key[other], head->text, (size_t)(name_end - head->text)) == 0)
            complain(of, head, "two columns of this name");
    status = add_item(of->root, head->text, (size_t)(name_end - head->text), place, column);
    column = NULL;
    of->columns++;
out:
    lac_yaml_free(list);
    lac_yaml_free(column);
    return status;
}

static lac_status read_head(table *of, const char *line, const char *end, size_t rows)
{
    lac_status status = LAC_OK;
    const char *at = line;
    bool tabs = memchr(line, '\t', (size_t)(end - line));
    of->separator = memchr(line, ';', (size_t)(end - line)) ? ';' : ',';
    if (tabs && !memchr(line, of->separator, (size_t)(end - line)))
        of->separator = '\t';
    while (at) {
        cell head = next_cell(&at, line, end, of->separator);
        if (of->columns == COLUMNS_MOST) {
            complain(of, &head, "more columns than 1000");
            goto out;
        }
        LAC_TRY(read_name(of, &head, rows));
    }
out:
    return status;
}

static bool is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text && *end == '\0';
}

static lac_status read_value(table *of, const cell *value, size_t column)
{
    lac_status status = LAC_OK;
    lac_yaml *list = of->root->item[column]->item[0], *node = NULL;
    lac_text text = {0};
    lac_text_add_bytes(&text, value->text, value->length);
    LAC_TRY(text.failed);
    if (is_number(lac_text_of(&text)) && of->unit[column][0])
        lac_text_add(&text, " %s", of->unit[column]);
    LAC_TRY(text.failed);
    LAC_TRY(make_node(LAC_YAML_SCALAR, place_of(of, value), &node));
    LAC_OWN(node->scalar, lac_copy_text(lac_text_of(&text)));
    list->item[list->count++] = node;
    node = NULL;
out:
    lac_yaml_free(node);
    lac_text_free(&text);
    return status;
}

static lac_status read_row(table *of, const char *line, const char *end)
{
    lac_status status = LAC_OK;
    const char *at = line;
    cell value = {line, 0, 1};
    size_t column = 0;
    for (; at && column < of->columns; column++) {
        value = next_cell(&at, line, end, of->separator);
        if (value.length == 0)
            complain(of, &value, "no value here: every point has one of every column");
        else
            LAC_TRY(read_value(of, &value, column));
    }
    if (column < of->columns)
        complain(of, &value, "fewer values than the first line has columns");
    else if (at)
        complain(of, &value, "more values than the first line has columns");
    of->rows++;
out:
    return status;
}

static bool is_empty(const char *line, const char *end)
{
    while (line < end && strchr(" \t\r,;", *line))
        line++;
    return line == end || *line == '#';
}

static lac_status read_lines(table *of)
{
    lac_status status = LAC_OK;
    size_t lines = 1;
    const char *text = of->source->bytes;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    for (const char *line = text; *line; of->line++) {
        const char *end = line + strcspn(line, "\n");
        if (!is_empty(line, end) && of->columns == 0)
            LAC_TRY(read_head(of, line, end, lines));
        else if (!is_empty(line, end))
            LAC_TRY(read_row(of, line, end));
        line = end + (*end == '\n');
    }
out:
    return status;
}

/* --- the file --------------- */

static lac_status open_table(lac_plan_reader *reader, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    char *directory = NULL;
    LAC_OWN(directory, lac_path_directory(plan->text.path));
    LAC_OWN(plan->table.path, lac_path_join(directory, node->scalar));
    status = lac_text_read(plan->table.path, TABLE_BYTES, &plan->table.bytes, &plan->table.length);
    if (status == LAC_NO_INPUT) {
        lac_report(reader->loader.list, LAC_ERROR, node->place, "%s", lac_failure());
        status = LAC_OK;
    }
out:
    lac_free(directory);
    return status;
}

static lac_status read_table(lac_plan_reader *reader, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    table of = {.reader = reader, .source = &reader->plan->table, .line = 1};
    LAC_NEW(of.unit, COLUMNS_MOST);
    LAC_TRY(make_list(LAC_YAML_MAPPING, node->place, COLUMNS_MOST, &reader->table));
    of.root = reader->table;
    LAC_TRY(read_lines(&of));
    if (of.rows == 0)
        lac_report(reader->loader.list, LAC_ERROR, node->place, "%s has no points",
                   reader->plan->table.path);
out:
    for (size_t column = 0; of.unit && column < of.columns; column++)
        lac_free(of.unit[column]);
    lac_free(of.unit);
    return status;
}

lac_status lac_plan_table(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    const lac_yaml *node = lac_yaml_get(reader->root, "table");
    const lac_yaml *design = lac_yaml_get(reader->root, "design");
    if (!node || !lac_is_scalar(&reader->loader, node, node->place, "table"))
        return LAC_OK;
    if (design && plan->design != LAC_DESIGN_TABLE)
        lac_report(reader->loader.list, LAC_ERROR, design->place,
                   "a plan with a table has its points from there: leave design: out");
    plan->design = LAC_DESIGN_TABLE;
    LAC_TRY(open_table(reader, node));
    if (plan->table.bytes)
        LAC_TRY(read_table(reader, node));
out:
    return status;
}
