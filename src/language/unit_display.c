/* Unit display: the unit in which a dimension is shown, its CF spelling, and dimensions in words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/units_internal.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The units to show, with their dimensions, so that none is parsed to be found: powers of length,
 * time, mass, amount, cells, temperature. A dimension that is not here is shown in base units. */
typedef struct shown_unit {
    const char *text;
    signed char power[LAC_BASES];
} shown_unit;

/* clang-format off */
static const shown_unit shown[] = {
    {"1", {0, 0, 0, 0, 0, 0}},
    {"um", {1, 0, 0, 0, 0, 0}},
    {"mm^2", {2, 0, 0, 0, 0, 0}},
    {"mL", {3, 0, 0, 0, 0, 0}},
    {"h", {0, 1, 0, 0, 0, 0}},
    {"1/h", {0, -1, 0, 0, 0, 0}},
    {"pg", {0, 0, 1, 0, 0, 0}},
    {"fmol", {0, 0, 0, 1, 0, 0}},
    {"cell", {0, 0, 0, 0, 1, 0}},
    {"pM", {-3, 0, 0, 1, 0, 0}},
    {"pg/mL", {-3, 0, 1, 0, 0, 0}},
    {"cell/mm^3", {-3, 0, 0, 0, 1, 0}},
    {"g/mol", {0, 0, 1, -1, 0, 0}},
    {"um/s", {1, -1, 0, 0, 0, 0}},
    {"um^2/s", {2, -1, 0, 0, 0, 0}},
    {"pM/h", {-3, -1, 0, 1, 0, 0}},
    {"1/(pM h)", {3, -1, 0, -1, 0, 0}},
    {"1/pM", {3, 0, 0, -1, 0, 0}},
    {"amol/cell", {0, 0, 0, 1, -1, 0}},
    {"fmol/h", {0, -1, 0, 1, 0, 0}},
    {"cell/h", {0, -1, 0, 0, 1, 0}},
    {"amol/(cell h)", {0, -1, 0, 1, -1, 0}},
    {"cell/(mm^3 h)", {-3, -1, 0, 0, 1, 0}},
    {"mL/h", {3, -1, 0, 0, 0, 0}},
    {"pM um/s", {-2, -1, 0, 1, 0, 0}},
    {"pM^2", {-6, 0, 0, 2, 0, 0}},
    {"1/pM^2", {6, 0, 0, -2, 0, 0}},
    {"1/(pM^2 h)", {6, -1, 0, -2, 0, 0}},
    {"um^3/cell", {3, 0, 0, 0, -1, 0}},
    {"um^3/(cell h)", {3, -1, 0, 0, -1, 0}},
    {"pg/(cell h)", {0, -1, 1, 0, -1, 0}},
    {"pg/h", {0, -1, 1, 0, 0, 0}},
    {"1/(cell h)", {0, -1, 0, 0, -1, 0}},
    {"kPa", {-1, -2, 1, 0, 0, 0}},
    {"1/um", {-1, 0, 0, 0, 0, 0}},
    {"K", {0, 0, 0, 0, 0, 1}},
};
/* clang-format on */

enum { SHOWN = sizeof shown / sizeof shown[0] };

static const char *const base_word[LAC_BASES] = {"length", "time",  "mass",
                                                 "amount", "cells", "temperature"};
static const char *const base_unit[LAC_BASES] = {"um", "s", "Da", "molecule", "cell", "K"};

/* A short text in a fixed buffer; `overflow` when it did not fit. */
typedef struct line {
    char *text;
    size_t bytes;
    size_t length;
    bool overflow;
} line;

static void put(line *out, const char *format, ...) LAC_PRINTF(2, 3);

static void put(line *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t left = out->bytes - out->length;
    int length = vsnprintf(out->text + out->length, left, format, arguments);
    va_end(arguments);
    out->overflow = out->overflow || (size_t)length >= left;
    out->length += (size_t)length < left ? (size_t)length : left - 1;
}

static void put_power(line *out, const char *name, int sixths)
{
    if (sixths == 6)
        put(out, "%s", name);
    else if (sixths % 6 == 0)
        put(out, "%s^%d", name, sixths / 6);
    else if (sixths % 3 == 0)
        put(out, "%s^(%d/2)", name, sixths / 3);
    else if (sixths % 2 == 0)
        put(out, "%s^(%d/3)", name, sixths / 2);
    else
        put(out, "%s^(%d/6)", name, sixths);
}

/* The powers of one sign, joined by `join`. */
static void put_side(line *out, lac_dimension dimension, int sign, const char *const *name,
                     const char *join)
{
    /* Amount and cells first: molecule/um^3 reads better than 1/um^3 molecule. */
    static const int order[LAC_BASES] = {LAC_AMOUNT, LAC_CELLS, LAC_MASS,
                                         LAC_LENGTH, LAC_TIME,  LAC_TEMPERATURE};
    bool first = true;
    for (int at = 0; at < LAC_BASES; at++) {
        int sixths = sign * dimension.sixths[order[at]];
        if (sixths <= 0)
            continue;
        put(out, "%s", first ? "" : join);
        put_power(out, name[order[at]], sixths);
        first = false;
    }
}

static int powers_of_sign(lac_dimension dimension, int sign)
{
    int count = 0;
    for (int base = 0; base < LAC_BASES; base++)
        count += sign * dimension.sixths[base] > 0;
    return count;
}

/* "molecule/(um^3 s)" */
static void put_base_units(line *out, lac_dimension dimension)
{
    int below = powers_of_sign(dimension, -1);
    if (powers_of_sign(dimension, 1) == 0)
        put(out, "1");
    put_side(out, dimension, 1, base_unit, " ");
    put(out, "%s", below > 1 ? "/(" : below ? "/" : "");
    put_side(out, dimension, -1, base_unit, " ");
    put(out, "%s", below > 1 ? ")" : "");
}

/* One symbol of a CF spelling such as "mol" or "L-1" to a power. */
static void put_cf_symbol(line *out, const char *prefix, const char *symbol, int power)
{
    size_t letters = strcspn(symbol, "-0123456789 ");
    int own = letters < strcspn(symbol, " ") ? atoi(symbol + letters) : 1;
    put(out, "%s%s%.*s", out->length ? " " : "", prefix, (int)letters, symbol);
    if (own * power != 1)
        put(out, "%d", own * power);
}

static void put_cf_factor(line *out, const lac_unit_factor *factor)
{
    const char *symbol = factor->row->cf;
    if (strcmp(symbol, "1") == 0)
        return;
    put_cf_symbol(out, factor->prefix, symbol, factor->sixths / 6);
    const char *second = strchr(symbol, ' ');
    if (second)
        put_cf_symbol(out, "", second + 1, factor->sixths / 6);
}

/* CF has no broken powers: such a unit is spelled "1", and only the text in our language is true.
 */
static void put_cf(line *out, const lac_unit_chain *chain)
{
    bool whole = true;
    for (size_t factor = 0; factor < chain->factors; factor++)
        whole = whole && chain->factor[factor].sixths % 6 == 0;
    for (size_t factor = 0; whole && factor < chain->factors; factor++)
        put_cf_factor(out, &chain->factor[factor]);
    if (out->length == 0)
        put(out, "1");
}

static lac_status parse_shown(const char *text, lac_unit_chain *chain, lac_unit *unit)
{
    lac_status status = LAC_OK;
    size_t at;
    size_t span;
    LAC_TRY(lac_unit_chain_parse(text, strlen(text), false, chain, &at, &span));
    LAC_TRY(lac_unit_chain_value(chain, unit));
out:
    return status;
}

static bool has_dimension(const shown_unit *unit, lac_dimension dimension)
{
    for (int base = 0; base < LAC_BASES; base++)
        if (6 * unit->power[base] != dimension.sixths[base])
            return false;
    return true;
}

/* The text of the unit to show for a dimension. */
static void choose(lac_dimension dimension, line *out)
{
    for (size_t row = 0; row < SHOWN; row++) {
        if (has_dimension(&shown[row], dimension)) {
            put(out, "%s", shown[row].text);
            return;
        }
    }
    put_base_units(out, dimension);
}

lac_status lac_display_as(const char *text, lac_dimension dimension, lac_display *display)
{
    lac_status status = LAC_OK;
    lac_unit_chain chain;
    lac_unit unit;
    char wanted[LAC_DIMENSION_TEXT];
    char found[LAC_DIMENSION_TEXT];
    lac_display fresh = {.factor = 1};
    line name = {.text = fresh.unit, .bytes = sizeof fresh.unit};
    line cf = {.text = fresh.cf, .bytes = sizeof fresh.cf};
    LAC_TRY(parse_shown(text, &chain, &unit));
    LAC_REQUIRE(lac_dimension_same(unit.dimension, dimension), LAC_INPUT,
                "the unit '%s' is %s, but this is %s", text,
                lac_dimension_describe(unit.dimension, found, sizeof found),
                lac_dimension_describe(dimension, wanted, sizeof wanted));
    put(&name, "%s", text[0] ? text : "1");
    put_cf(&cf, &chain);
    LAC_REQUIRE(!name.overflow && !cf.overflow, LAC_INPUT, "the unit '%s' is too long", text);
    fresh.factor = 1 / unit.factor;
    *display = fresh;
out:
    return status;
}

lac_status lac_display_of(lac_dimension dimension, lac_display *display)
{
    char text[sizeof display->unit] = "";
    line name = {.text = text, .bytes = sizeof text};
    choose(dimension, &name);
    if (name.overflow)
        return lac_fail(LAC_INPUT, "the unit '%s...' is too long to show", text);
    return lac_display_as(text, dimension, display);
}

const char *lac_dimension_describe(lac_dimension dimension, char *text, size_t bytes)
{
    line out = {.text = text, .bytes = bytes};
    if (lac_dimension_is_none(dimension)) {
        put(&out, "a pure number");
        return text;
    }
    if (powers_of_sign(dimension, 1) == 0)
        put(&out, "1");
    put_side(&out, dimension, 1, base_word, "*");
    if (powers_of_sign(dimension, -1))
        put(&out, "/");
    put_side(&out, dimension, -1, base_word, "/");
    put(&out, " (such as ");
    choose(dimension, &out);
    put(&out, ")");
    return text;
}

/* The shortest decimal that gives the bits of `value` when multiplied by the unit's factor. */
static bool write_exactly(double value, double factor, char *number, size_t bytes)
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(number, bytes, "%.*g", digits, value / factor);
        if (strtod(number, NULL) * factor == value)
            return true;
    }
    return false;
}

lac_quantity_text lac_quantity_write(double value, lac_dimension dimension)
{
    lac_quantity_text out = {.unit = ""};
    line name = {.text = out.unit, .bytes = sizeof out.unit};
    lac_unit_chain chain;
    lac_unit unit = {.factor = 1};
    choose(dimension, &name);
    if (parse_shown(out.unit, &chain, &unit) != LAC_OK ||
        !write_exactly(value, unit.factor, out.number, sizeof out.number)) {
        name.length = 0;
        put_base_units(&name, dimension);
        snprintf(out.number, sizeof out.number, "%.17g", value);
    }
    if (lac_dimension_is_none(dimension))
        out.unit[0] = '\0';
    return out;
}
