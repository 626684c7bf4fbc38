/* Units: dimensions, conversion to the internal system and names for output.
 * Internal system: micrometre, second, dalton, molecule, cell, kelvin. So a concentration is
 * molecules per um^3, and 1 pM = 6.02214076e-4 um^-3.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_UNITS_H
#define LAC_LANGUAGE_UNITS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { LAC_LENGTH, LAC_TIME, LAC_MASS, LAC_AMOUNT, LAC_CELLS, LAC_TEMPERATURE, LAC_BASES };

#define LAC_AVOGADRO 6.02214076e23 /* [1/mol], exact since 2019 */

/* Powers of the base quantities, in sixths (sqrt and cube roots of units stay exact). */
typedef struct lac_dimension {
    signed char sixths[LAC_BASES];
} lac_dimension;

typedef struct lac_unit {
    double factor; /* internal value of one unit */
    lac_dimension dimension;
} lac_unit;

extern const lac_dimension lac_dimensionless;

bool lac_dimension_same(lac_dimension a, lac_dimension b);
bool lac_dimension_is_none(lac_dimension a);
lac_dimension lac_dimension_times(lac_dimension a, lac_dimension b);
lac_dimension lac_dimension_over(lac_dimension a, lac_dimension b);
/* a^power; false when the result is no multiple of a sixth or too large. */
bool lac_dimension_power(lac_dimension a, double power, lac_dimension *result);

/* LAC_AMOUNT or LAC_CELLS per volume, per time: the dimensions that models meet most. */
lac_dimension lac_dimension_of(int base, double power);

/* Parses a unit such as "pg/mL", "um^2/s" or "1/(nM h)"; a blank or '*' multiplies, but a blank
 * after a '/' ("1/nM h") is ambiguous and refused. Powers are whole numbers or (p/q). Numbers other
 * than a leading 1 are refused: they belong in the value. Reads `length` bytes of `text`. On
 * failure LAC_INPUT, a sentence with the nearest unit, and the offending byte range in *at, *span.
 * "1" and
 * "" are dimensionless; "%" is 0.01; "um" and "µm" are the same. */
lac_status lac_unit_parse(const char *text, size_t length, lac_unit *unit, size_t *at,
                          size_t *span);

/* True when these `length` bytes are a unit name, with or without a prefix. */
bool lac_unit_known(const char *name, size_t length);

/* "1.1 pg/mL" -> internal value and unit; strict number; LAC_INPUT with a sentence. Also accepts a
 * bare number (dimensionless), a sign, and "0.1/h". */
lac_status lac_quantity_parse(const char *text, double *value, lac_unit *unit);
/* The same; on failure the offending byte range is in *at, *span. */
lac_status lac_quantity_parse_at(const char *text, double *value, lac_unit *unit, size_t *at,
                                 size_t *span);

/* Splits a quantity into "number" and a unit in readable text, so that number * unit.factor has the
 * bits of `value`: "10" and "pM", or base units when no readable unit does that. */
typedef struct lac_quantity_text {
    char number[32];
    char unit[96]; /* "" for a pure number */
} lac_quantity_text;
lac_quantity_text lac_quantity_write(double value, lac_dimension dimension);

/* A dimension in words for messages ("amount/length^3/time (such as pM/h)", "a pure number"),
 * written to `text` of `bytes` bytes (LAC_DIMENSION_TEXT is enough); returns `text`. */
enum { LAC_DIMENSION_TEXT = 160 };
const char *lac_dimension_describe(lac_dimension dimension, char *text, size_t bytes);

/* A sensible output unit of a dimension: text in our language, its udunits (CF) spelling, and the
 * factor internal -> that unit (multiply). Chosen from a table; falls back on base units. */
typedef struct lac_display {
    char unit[48]; /* "pM", "1/h", "cell/mm^3" */
    char cf[64];   /* "pmol L-1", "h-1", "mm-3": parsed by udunits2 with its stock table */
    double factor; /* displayed = internal * factor */
} lac_display;

lac_status lac_display_of(lac_dimension dimension, lac_display *display);
/* The same for a unit that the user named; `text` must have dimension `dimension`. */
lac_status lac_display_as(const char *text, lac_dimension dimension, lac_display *display);

/* One row a unit, for `lac list units`: name, meaning, factor; NULL at the end of the table. */
typedef struct lac_unit_row {
    const char *name;
    const char *meaning;
    const char *cf; /* udunits spelling, NULL when it needs conversion to another unit */
    lac_unit unit;
    bool prefixes; /* takes SI prefixes */
} lac_unit_row;
const lac_unit_row *lac_unit_table(size_t *rows);

#endif
