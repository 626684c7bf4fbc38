/* Unit table: every unit name of the language with its factor, dimension and CF spelling.
 * A molar mass of 1 g/mol is 1 Da a molecule: the dalton is taken as 1/N_A gram, which differs from
 * the measured atomic mass constant by 3e-10 (CODATA 2018). Oracle: tests/test_units_oracle.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/units_internal.h"

#include "base/names.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
#define DIMENSION(length, time, mass, amount, cells) \
    {{6 * (length), 6 * (time), 6 * (mass), 6 * (amount), 6 * (cells)}}

static const lac_unit_row table[] = {
    /* name, meaning, CF, {factor to um, s, Da, molecule, cell; dimension}, takes prefixes */
    {"m", "metre", "m", {1e6, DIMENSION(1, 0, 0, 0, 0)}, true},
    {"L", "litre", "L", {1e15, DIMENSION(3, 0, 0, 0, 0)}, true},
    {"l", "litre", "L", {1e15, DIMENSION(3, 0, 0, 0, 0)}, true},
    {"s", "second", "s", {1, DIMENSION(0, 1, 0, 0, 0)}, true},
    {"min", "minute", "min", {60, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"h", "hour", "h", {3600, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"d", "day", "d", {86400, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"week", "week", "week", {604800, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"second", "second", "s", {1, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"seconds", "second", "s", {1, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"minute", "minute", "min", {60, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"minutes", "minute", "min", {60, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"hour", "hour", "h", {3600, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"hours", "hour", "h", {3600, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"day", "day", "d", {86400, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"days", "day", "d", {86400, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"weeks", "week", "week", {604800, DIMENSION(0, 1, 0, 0, 0)}, false},
    {"Hz", "hertz", "Hz", {1, DIMENSION(0, -1, 0, 0, 0)}, true},
    {"g", "gram", "g", {LAC_AVOGADRO, DIMENSION(0, 0, 1, 0, 0)}, true},
    {"Da", "dalton", "amu", {1, DIMENSION(0, 0, 1, 0, 0)}, true},
    {"mol", "mole", "mol", {LAC_AVOGADRO, DIMENSION(0, 0, 0, 1, 0)}, true},
    {"molecule", "one molecule", "1", {1, DIMENSION(0, 0, 0, 1, 0)}, false},
    {"molecules", "one molecule", "1", {1, DIMENSION(0, 0, 0, 1, 0)}, false},
    {"M", "molar, mol/L", "mol L-1", {LAC_AVOGADRO / 1e15, DIMENSION(-3, 0, 0, 1, 0)}, true},
    {"cell", "one cell", "1", {1, DIMENSION(0, 0, 0, 0, 1)}, false},
    {"cells", "one cell", "1", {1, DIMENSION(0, 0, 0, 0, 1)}, false},
    {"N", "newton", "N", {LAC_AVOGADRO * 1e3 * 1e6, DIMENSION(1, -2, 1, 0, 0)}, true},
    {"Pa", "pascal", "Pa", {LAC_AVOGADRO * 1e3 / 1e6, DIMENSION(-1, -2, 1, 0, 0)}, true},
    {"J", "joule", "J", {LAC_AVOGADRO * 1e3 * 1e6 * 1e6, DIMENSION(2, -2, 1, 0, 0)}, true},
    {"K", "kelvin", "K", {1, {{[LAC_TEMPERATURE] = 6}}}, true},
    {"%", "percent", "%", {0.01, DIMENSION(0, 0, 0, 0, 0)}, false},
};
/* clang-format on */

enum { ROWS = sizeof table / sizeof table[0] };

static const struct {
    const char *text;
    const char *cf;
    int exponent;
} prefixes[] = {
    {"T", "T", 12},  {"G", "G", 9},
    {"M", "M", 6},   {"k", "k", 3},
    {"d", "d", -1},  {"c", "c", -2},
    {"m", "m", -3},  {"u", "u", -6},
    {"µ", "u", -6},  /* U+00B5 */ {"μ", "u", -6}, /* U+03BC */
    {"n", "n", -9},  {"p", "p", -12},
    {"f", "f", -15}, {"a", "a", -18},
    {"z", "z", -21}, {"y", "y", -24},
};

enum { PREFIXES = sizeof prefixes / sizeof prefixes[0], NAME_BYTES = 24 };

const lac_unit_row *lac_unit_table(size_t *rows)
{
    *rows = ROWS;
    return table;
}

static const lac_unit_row *find_row(const char *name, size_t length)
{
    for (size_t row = 0; row < ROWS; row++) {
        if (strlen(table[row].name) == length && memcmp(table[row].name, name, length) == 0)
            return &table[row];
    }
    return NULL;
}

/* Deci and centi are for lengths and volumes: a centisecond is a slip of the pen. */
static bool takes_prefix(const lac_unit_row *row, int exponent)
{
    lac_dimension length = {{row->unit.dimension.sixths[LAC_LENGTH], 0, 0, 0, 0}};
    return row->prefixes && (exponent % 3 == 0 || lac_dimension_same(row->unit.dimension, length));
}

lac_unit_factor lac_unit_find(const char *name, size_t length)
{
    lac_unit_factor found = {.row = find_row(name, length), .prefix = "", .sixths = 6};
    for (size_t prefix = 0; !found.row && prefix < PREFIXES; prefix++) {
        size_t bytes = strlen(prefixes[prefix].text);
        if (length <= bytes || memcmp(name, prefixes[prefix].text, bytes) != 0)
            continue;
        const lac_unit_row *row = find_row(name + bytes, length - bytes);
        if (row && takes_prefix(row, prefixes[prefix].exponent)) {
            found.row = row;
            found.prefix = prefixes[prefix].cf;
            found.exponent = prefixes[prefix].exponent;
        }
    }
    return found;
}

bool lac_unit_known(const char *name, size_t length)
{
    return lac_unit_find(name, length).row != NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t lac_unit_name_length(const char *text, const char *end)
{
    size_t left = (size_t)(end - text);
    if (left && *text == '%')
        return 1;
    size_t length = 0;
    if (left >= 2 && (memcmp(text, "µ", 2) == 0 || memcmp(text, "μ", 2) == 0))
        length = 2;
    while (length < left &&
           (is_letter(text[length]) || (length && text[length] >= '0' && text[length] <= '9')))
        length++;
    return length;
}

/* The row whose meaning is `word`, such as hour or hours. */
static const lac_unit_row *row_that_means(const char *word)
{
    const char *meaning[ROWS];
    for (size_t row = 0; row < ROWS; row++)
        meaning[row] = table[row].meaning;
    const char *nearest = lac_nearest(meaning, ROWS, word);
    for (size_t row = 0; nearest && row < ROWS; row++) {
        if (table[row].meaning == nearest)
            return &table[row];
    }
    return NULL;
}

/* Every unit with every prefix, as words for lac_nearest. */
static size_t all_names(char name[][NAME_BYTES], const char **word)
{
    size_t words = 0;
    for (size_t row = 0; row < ROWS; row++) {
        snprintf(name[words], NAME_BYTES, "%s", table[row].name);
        word[words] = name[words];
        words++;
        for (size_t prefix = 0; prefix < PREFIXES; prefix++) {
            if (!takes_prefix(&table[row], prefixes[prefix].exponent))
                continue;
            snprintf(name[words], NAME_BYTES, "%s%s", prefixes[prefix].text, table[row].name);
            word[words] = name[words];
            words++;
        }
    }
    return words;
}

const char *lac_unit_nearest(const char *name, char *text, size_t bytes)
{
    char names[ROWS * (PREFIXES + 1)][NAME_BYTES];
    const char *word[ROWS * (PREFIXES + 1)];
    text[0] = '\0';
    const lac_unit_row *row = row_that_means(name);
    const char *nearest = lac_nearest(word, all_names(names, word), name);
    if (row)
        snprintf(text, bytes, "'%s' (%s)", row->name, row->meaning);
    else if (nearest)
        snprintf(text, bytes, "'%s'", nearest);
    return text;
}
