/* Units: the algebra of dimensions, and text such as "1.1 pg/mL" to internal values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/units.h"

#include "language/number.h"
#include "language/units_internal.h"

#include <math.h>
#include <string.h>

enum { LARGEST_SIXTHS = 120 }; /* the 20th power */

const lac_dimension lac_dimensionless = {{0}};

bool lac_dimension_same(lac_dimension a, lac_dimension b)
{
    return memcmp(a.sixths, b.sixths, sizeof a.sixths) == 0;
}

bool lac_dimension_is_none(lac_dimension a)
{
    return lac_dimension_same(a, lac_dimensionless);
}

static signed char limited(int sixths)
{
    int bound = LARGEST_SIXTHS;
    return (signed char)(sixths > bound ? bound : sixths < -bound ? -bound : sixths);
}

lac_dimension lac_dimension_times(lac_dimension a, lac_dimension b)
{
    for (int base = 0; base < LAC_BASES; base++)
        a.sixths[base] = limited(a.sixths[base] + b.sixths[base]);
    return a;
}

lac_dimension lac_dimension_over(lac_dimension a, lac_dimension b)
{
    for (int base = 0; base < LAC_BASES; base++)
        a.sixths[base] = limited(a.sixths[base] - b.sixths[base]);
    return a;
}

bool lac_dimension_power(lac_dimension a, double power, lac_dimension *result)
{
    for (int base = 0; base < LAC_BASES; base++) {
        double exact = a.sixths[base] * power;
        double sixths = round(exact);
        if (!(fabs(sixths) <= LARGEST_SIXTHS) || fabs(exact - sixths) > 1e-9)
            return false;
        result->sixths[base] = (signed char)sixths;
    }
    return true;
}

lac_dimension lac_dimension_of(int base, double power)
{
    lac_dimension one = lac_dimensionless;
    one.sixths[base] = 6;
    lac_dimension result = lac_dimensionless;
    lac_dimension_power(one, power, &result);
    return result;
}

lac_status lac_unit_parse(const char *text, size_t length, lac_unit *unit, size_t *at, size_t *span)
{
    lac_unit_chain chain;
    lac_status status = LAC_OK;
    LAC_TRY(lac_unit_chain_parse(text, length, false, &chain, at, span));
    *at = 0;
    *span = length;
    LAC_TRY(lac_unit_chain_value(&chain, unit));
out:
    return status;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* "-1.1 " in front of the unit: *used bytes with the blanks after it. */
static lac_status parse_number(const char *text, const char *end, double *value, size_t *used)
{
    lac_status status = LAC_OK;
    const char *at = skip_blanks(text, end);
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    size_t length = 0;
    *used = (size_t)(end - text);
    LAC_TRY(lac_number_scan(at, end, value, &length));
    LAC_REQUIRE(length, LAC_INPUT, "expected a number with a unit, such as 10 pM, not '%s'", text);
    *value = negative ? -*value : *value;
    *used = (size_t)(skip_blanks(at + length, end) - text);
out:
    return status;
}

lac_status lac_quantity_parse_at(const char *text, double *value, lac_unit *unit, size_t *at,
                                 size_t *span)
{
    lac_status status = LAC_OK;
    const char *end = text + strlen(text);
    double number = 0;
    size_t used = 0;
    lac_unit_chain chain;
    *at = 0;
    *span = (size_t)(end - text);
    LAC_TRY(parse_number(text, end, &number, &used));
    status = lac_unit_chain_parse(text + used, (size_t)(end - text) - used, true, &chain, at, span);
    *at += used;
    LAC_TRY(status);
    *at = 0;
    *span = (size_t)(end - text);
    LAC_TRY(lac_unit_chain_value(&chain, unit));
    LAC_REQUIRE(isfinite(number * unit->factor), LAC_INPUT, "'%s' is too large", text);
    *value = number * unit->factor;
out:
    return status;
}

lac_status lac_quantity_parse(const char *text, double *value, lac_unit *unit)
{
    size_t at;
    size_t span;
    return lac_quantity_parse_at(text, value, unit, &at, &span);
}
