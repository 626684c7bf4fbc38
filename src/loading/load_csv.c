/* CSV: the knots of an input from two columns of a text file. Columns are parted by commas,
 * semicolons or tabs, whichever the heading has; the heading names them; lines that are empty or
 * begin with '#' are passed over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/text.h"
#include "language/locator.h"
#include "language/number.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_TEXT = 16 << 20, MOST_COLUMNS = 256 };

/* A field of a line, without quotes and blanks around it. */
typedef struct field {
    const char *text;
    size_t bytes;
} field;

typedef struct table {
    lac_loader *loader;
    const lac_source *source;
    const char *line; /* the current one */
    size_t number;    /* of the line, from 1 */
    char separator;
    size_t fields;
    field field[MOST_COLUMNS];
} table;

static lac_place place_of(const table *t, const field *it)
{
    return (lac_place){t->source, t->number,
                       lac_characters(t->line, (size_t)(it->text - t->line)) + 1,
                       it->bytes ? lac_characters(it->text, it->bytes) : 1};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The field from `at` to `end`. */
static field trimmed(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    while (end > at && is_blank(end[-1]))
        end--;
    if (end - at >= 2 && *at == '"' && end[-1] == '"') {
        at++;
        end--;
    }
    return (field){at, (size_t)(end - at)};
}

/* Cuts the current line into fields; a separator within quotes is no separator. */
static void cut(table *t)
{
    const char *end = t->line + strcspn(t->line, "\n"), *from = t->line;
    bool quoted = false;
    t->fields = 0;
    for (const char *at = t->line; at <= end && t->fields < MOST_COLUMNS; at++) {
        quoted = quoted != (at < end && *at == '"');
        if (at < end && (quoted || *at != t->separator))
            continue;
        t->field[t->fields++] = trimmed(from, at);
        from = at + 1;
    }
}

/* Goes on to the next line that says something; false at the end. */
static bool advance(table *t)
{
    while (*t->line) {
        const char *end = t->line + strcspn(t->line, "\n");
        t->line = *end ? end + 1 : end;
        t->number++;
        const char *first = t->line + strspn(t->line, " \t\r");
        if (*first && *first != '\n' && *first != '#')
            return true;
    }
    return false;
}

/* The heading: the first line that says something. */
static bool begin(table *t)
{
    const char *first = t->line + strspn(t->line, " \t\r");
    t->number = 1;
    if ((!*first || *first == '\n' || *first == '#') && !advance(t))
        return false;
    size_t bytes = strcspn(t->line, "\n");
    t->separator = memchr(t->line, '\t', bytes) ? '\t' : memchr(t->line, ';', bytes) ? ';' : ',';
    cut(t);
    return true;
}

/* The column that the text names; LAC_NONE after a report. */
static size_t find_column(const table *t, const lac_yaml *node)
{
    lac_text all = {0};
    size_t found = LAC_NONE;
    if (!lac_is_scalar(t->loader, node, node->place, "a column"))
        return LAC_NONE;
    for (size_t column = 0; column < t->fields && found == LAC_NONE; column++) {
        const field *it = &t->field[column];
        if (it->bytes == strlen(node->scalar) && memcmp(it->text, node->scalar, it->bytes) == 0)
            found = column;
        lac_text_add(&all, "%s%.*s", column ? ", " : "", (int)it->bytes, it->text);
    }
    if (found == LAC_NONE)
        lac_report(t->loader->list, LAC_ERROR, node->place,
                   "%s has no column '%.60s': it has %.200s", t->source->path, node->scalar,
                   lac_text_of(&all));
    if (all.failed)
        t->loader->fatal = all.failed;
    lac_text_free(&all);
    return found;
}

/* A number in a column; false after a report. */
static bool number_in(const table *t, size_t column, const char *what, double *number)
{
    if (column >= t->fields) {
        lac_report(t->loader->list, LAC_ERROR, place_of(t, &t->field[t->fields - 1]),
                   "this line ends before the column of the %s", what);
        return false;
    }
    const field *it = &t->field[column];
    const char *end = it->text + it->bytes;
    bool minus = it->bytes > 0 && *it->text == '-';
    const char *digits = it->text + (minus || (it->bytes > 0 && *it->text == '+'));
    size_t length = 0;
    if (lac_number_scan(digits, end, number, &length) != LAC_OK || length == 0 ||
        digits + length != end) {
        lac_report(t->loader->list, LAC_ERROR, place_of(t, it), "'%.*s' is not a number: the %s",
                   (int)(it->bytes < 40 ? it->bytes : 40), it->text, what);
        return false;
    }
    *number = minus ? -*number : *number;
    return true;
}

/* The unit that `key` of the input names; dimensionless without it. False after a report. */
static bool unit_of(lac_loader *loader, const lac_yaml *entry, const char *key, lac_unit *unit)
{
    size_t at, span;
    const lac_yaml *node = lac_yaml_get(entry, key);
    *unit = (lac_unit){.factor = 1};
    if (!node)
        return true;
    if (!lac_is_scalar(loader, node, node->place, key))
        return false;
    if (lac_unit_parse(node->scalar, strlen(node->scalar), unit, &at, &span) == LAC_OK)
        return true;
    lac_report(loader->list, LAC_ERROR, lac_place_within(node->place, node->scalar, at, span), "%s",
               lac_failure());
    return false;
}

typedef struct columns {
    size_t time, value;
    lac_unit time_unit, unit;
} columns;

static lac_status read_lines(table *t, const columns *of, lac_input *input)
{
    lac_status status = LAC_OK;
    size_t capacity = 0, room = 0;
    while (advance(t)) {
        double time, value;
        cut(t);
        bool good = number_in(t, of->time, "time", &time);
        if (!number_in(t, of->value, "value", &value) || !good)
            continue;
        time *= of->time_unit.factor;
        if (input->knots > 0 && time <= input->time[input->knots - 1])
            lac_report(t->loader->list, LAC_ERROR, place_of(t, &t->field[of->time]),
                       "the times of the input '%s' must increase", input->id);
        room = capacity;
        LAC_GROW(input->time, input->knots, room);
        LAC_GROW(input->value, input->knots, capacity);
        input->time[input->knots] = time;
        input->value[input->knots++] = value * of->unit.factor;
    }
    if (input->knots == 0)
        lac_report(t->loader->list, LAC_ERROR, (lac_place){t->source, t->number, 1, 1},
                   "there are no values below the heading");
    LAC_NEW(input->slope, input->knots);
out:
    return status;
}

static bool find_columns(const table *t, const lac_yaml *entry, columns *of)
{
    lac_loader *loader = t->loader;
    const lac_yaml *time = lac_yaml_get(entry, "time"), *value = lac_yaml_get(entry, "value");
    of->time = time ? find_column(t, time) : 0;
    of->value = value ? find_column(t, value) : 1;
    bool units = unit_of(loader, entry, "time_unit", &of->time_unit);
    units = unit_of(loader, entry, "unit", &of->unit) && units;
    if (units && !lac_dimension_same(of->time_unit.dimension, lac_dimension_of(LAC_TIME, 1))) {
        const lac_yaml *said = lac_yaml_get(entry, "time_unit");
        lac_report(loader->list, LAC_ERROR, said ? said->place : entry->place,
                   "the times of a csv file need a time_unit, such as time_unit: h");
        return false;
    }
    return units && of->time != LAC_NONE && of->value != LAC_NONE;
}

lac_status lac_load_csv(lac_loader *loader, const lac_layer *layer, const lac_yaml *entry,
                        lac_input *input)
{
    lac_status status = LAC_OK;
    char *path = NULL, *bytes = NULL;
    size_t length;
    lac_source *source;
    columns of = {0};
    table t = {.loader = loader};
    const lac_yaml *file = lac_yaml_get(entry, "csv");
    if (!lac_is_scalar(loader, file, file->place, "csv"))
        return LAC_OK;
    LAC_TRY(lac_layers_find_file(loader, file->scalar, layer->directory, &path));
    status = lac_text_read(path, LONGEST_TEXT, &bytes, &length);
    if (status == LAC_NO_INPUT) {
        lac_report(loader->list, LAC_ERROR, file->place, "cannot read: %s", lac_failure());
        status = LAC_OK;
        goto out;
    }
    LAC_TRY(status);
    LAC_TRY(lac_layers_add_source(loader, path, bytes, length, &source));
    t.source = source;
    t.line = source->bytes;
    if (!begin(&t))
        lac_report(loader->list, LAC_ERROR, file->place, "%s is empty", path);
    else if (find_columns(&t, entry, &of))
        LAC_TRY(read_lines(&t, &of, input));
    input->dimension = of.unit.dimension;
out:
    lac_free(path);
    return status;
}
