/* Unit table: the unit names, their prefixes, and the factors of a unit such as pg/mL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_UNITS_INTERNAL_H
#define LAC_LANGUAGE_UNITS_INTERNAL_H

#include "language/units.h"

/* One factor of a unit: (prefix row)^(sixths / 6). */
typedef struct lac_unit_factor {
    const lac_unit_row *row;
    const char *prefix; /* as written in CF: "p", "u", "" */
    int exponent;       /* the prefix is 10^exponent */
    int sixths;
} lac_unit_factor;

enum { LAC_UNIT_FACTORS = 12 };

typedef struct lac_unit_chain {
    size_t factors;
    lac_unit_factor factor[LAC_UNIT_FACTORS];
} lac_unit_chain;

/* Finds the row and prefix of a name of `length` bytes; row NULL when it is no unit. */
lac_unit_factor lac_unit_find(const char *name, size_t length);

/* The bytes of the unit name at the start of `text` (letters, a micro sign, or '%'), 0 for none. */
size_t lac_unit_name_length(const char *text, const char *end);

/* The unit nearest to a name, written to `text` ("'h' (hour)"), "" when none is near. */
const char *lac_unit_nearest(const char *name, char *text, size_t bytes);

/* Parses as lac_unit_parse does, to factors; `leading_slash` also allows "/h". */
lac_status lac_unit_chain_parse(const char *text, size_t length, bool leading_slash,
                                lac_unit_chain *chain, size_t *at, size_t *span);

/* The unit that the factors make; LAC_INPUT when it leaves the range of numbers or powers. */
lac_status lac_unit_chain_value(const lac_unit_chain *chain, lac_unit *unit);

#endif
