/* Unit chain: parses a unit text such as "1/(pM h)" to its factors, with the place of what is
 * wrong. Grammar: [1] product; product = factor {('*' | '/' | blank) factor}; factor = (name | '('
 * product ')') ['^' power]; power = integer | '(' integer '/' integer ')'.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/units_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST_GROUP = 8, LARGEST_POWER = 20 };

typedef struct reader {
    const char *text; /* the start */
    const char *at;
    const char *end;
    lac_unit_chain *chain;
    int depth;
    size_t *error_at;
    size_t *error_span;
} reader;

/* The offending bytes: `span` from `from`. */
static void blame(reader *in, const char *from, size_t span)
{
    *in->error_at = (size_t)(from - in->text);
    size_t left = (size_t)(in->end - from);
    *in->error_span = span > left ? left : span;
}

static bool skip_blanks(reader *in)
{
    const char *before = in->at;
    while (in->at < in->end && strchr(" \t\r\n", *in->at))
        in->at++;
    return in->at > before;
}

static bool take(reader *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

/* How many bytes the character at `at` takes. */
static size_t character_bytes(const char *at, const char *end)
{
    size_t bytes = 1;
    while (at + bytes < end && ((unsigned char)at[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

static lac_status unknown(reader *in, size_t length)
{
    char name[40];
    char near[64];
    snprintf(name, sizeof name, "%.*s", (int)(length < 32 ? length : 32), in->at);
    blame(in, in->at, length);
    size_t stem = strcspn(name, "0123456789");
    if (stem && stem < length && lac_unit_known(name, stem))
        return lac_fail(LAC_INPUT, "unknown unit '%s': write a power as '%.*s^%s'", name, (int)stem,
                        name, name + stem);
    lac_unit_nearest(name, near, sizeof near);
    if (near[0])
        return lac_fail(LAC_INPUT, "unknown unit '%s': did you mean %s?", name, near);
    return lac_fail(LAC_INPUT,
                    "unknown unit '%s': units are built from m L s min h d g Da mol M "
                    "molecule cell %%, such as pg/mL",
                    name);
}

static lac_status unexpected(reader *in)
{
    if (in->at == in->end) {
        blame(in, in->at > in->text ? in->at - 1 : in->at, 1);
        return lac_fail(LAC_INPUT, "the unit ends where a unit name is expected");
    }
    size_t bytes = character_bytes(in->at, in->end);
    blame(in, in->at, bytes);
    if (*in->at >= '0' && *in->at <= '9')
        return lac_fail(LAC_INPUT, "a number inside a unit: numbers belong in front of it");
    if (*in->at == '-')
        return lac_fail(LAC_INPUT, "unexpected '-': write 1/s or s^-1");
    return lac_fail(LAC_INPUT, "unexpected '%.*s' in a unit", (int)bytes, in->at);
}

static bool take_integer(reader *in, int *value)
{
    bool negative = take(in, '-');
    const char *digits = in->at;
    *value = 0;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9' && *value < 1000)
        *value = 10 * *value + (*in->at++ - '0');
    if (negative)
        *value = -*value;
    return in->at > digits;
}

/* "^2", "^-1", "^(1/2)" or nothing: in sixths. */
static lac_status parse_power(reader *in, int *sixths)
{
    lac_status status = LAC_OK;
    const char *start = in->at;
    int top = 1;
    int bottom = 1;
    if (take(in, '^')) {
        bool group = take(in, '(');
        bool read = take_integer(in, &top);
        if (group)
            read = read && (!take(in, '/') || take_integer(in, &bottom)) && take(in, ')');
        bool whole = in->at == in->end || (*in->at != '.' && *in->at != '^');
        blame(in, start, (size_t)(in->at - start) + (whole ? 0 : 1));
        LAC_REQUIRE(read && whole, LAC_INPUT,
                    "the power of a unit is a whole number or a fraction, such as ^2 or ^(1/2)");
        LAC_REQUIRE(bottom > 0 && 6 * top % bottom == 0, LAC_INPUT,
                    "the power of a unit is a multiple of 1/6");
        LAC_REQUIRE(top <= LARGEST_POWER && top >= -LARGEST_POWER, LAC_INPUT,
                    "powers of units are at most %d", LARGEST_POWER);
    }
    *sixths = 6 * top / bottom;
out:
    return status;
}

static lac_status parse_product(reader *in, bool divided);

/* Raises the factors from `first` on to the power sign * sixths / 6. */
static lac_status raise_group(lac_unit_chain *chain, size_t first, int power)
{
    lac_status status = LAC_OK;
    for (size_t factor = first; factor < chain->factors; factor++) {
        int sixths = chain->factor[factor].sixths * power;
        LAC_REQUIRE(
            sixths % 6 == 0 && sixths / 6 <= 6 * LARGEST_POWER && sixths / 6 >= -6 * LARGEST_POWER,
            LAC_INPUT, "the power of a unit is a multiple of 1/6 and at most %d", LARGEST_POWER);
        chain->factor[factor].sixths = sixths / 6;
    }
out:
    return status;
}

static lac_status parse_group(reader *in, int sign)
{
    lac_status status = LAC_OK;
    const char *open = in->at - 1;
    size_t first = in->chain->factors;
    blame(in, open, 1);
    LAC_REQUIRE(++in->depth <= DEEPEST_GROUP, LAC_INPUT, "more than %d brackets in a unit",
                DEEPEST_GROUP);
    skip_blanks(in);
    LAC_TRY(parse_product(in, false));
    blame(in, open, 1);
    LAC_REQUIRE(take(in, ')'), LAC_INPUT, "this '(' is not closed");
    in->depth--;
    int sixths = 6;
    LAC_TRY(parse_power(in, &sixths));
    blame(in, open, (size_t)(in->at - open));
    LAC_TRY(raise_group(in->chain, first, sign * sixths));
out:
    return status;
}

static lac_status parse_factor(reader *in, int sign)
{
    lac_status status = LAC_OK;
    if (take(in, '('))
        return parse_group(in, sign);
    size_t length = lac_unit_name_length(in->at, in->end);
    if (!length)
        return unexpected(in);
    lac_unit_factor factor = lac_unit_find(in->at, length);
    if (!factor.row)
        return unknown(in, length);
    blame(in, in->at, length);
    LAC_REQUIRE(in->chain->factors < LAC_UNIT_FACTORS, LAC_INPUT, "more than %d units in a unit",
                LAC_UNIT_FACTORS);
    in->at += length;
    int sixths = 6;
    LAC_TRY(parse_power(in, &sixths));
    factor.sixths = sign * sixths;
    in->chain->factor[in->chain->factors++] = factor;
out:
    return status;
}

/* `divided`: a '/' stands before the first factor. */
static lac_status parse_product(reader *in, bool divided)
{
    lac_status status = LAC_OK;
    LAC_TRY(parse_factor(in, divided ? -1 : 1));
    for (;;) {
        bool blank = skip_blanks(in);
        if (in->at == in->end || *in->at == ')')
            break;
        bool slash = take(in, '/');
        bool star = !slash && take(in, '*');
        if (!slash && !star && !blank && *in->at != '(')
            return unexpected(in);
        blame(in, in->at, 1);
        LAC_REQUIRE(slash || star || !divided, LAC_INPUT,
                    "a product after '/' is ambiguous: write 1/(a b) or a/b*c");
        divided = divided || slash;
        skip_blanks(in);
        LAC_TRY(parse_factor(in, slash ? -1 : 1));
    }
out:
    return status;
}

/* "1", "1/" or, after a number, "/": what may stand before the product. */
static bool take_reciprocal(reader *in, bool leading_slash)
{
    const char *start = in->at;
    bool one = take(in, '1');
    skip_blanks(in);
    if (take(in, '/') && (one || leading_slash)) {
        skip_blanks(in);
        return true;
    }
    if (!one || in->at != in->end)
        in->at = start;
    return false;
}

lac_status lac_unit_chain_parse(const char *text, size_t length, bool leading_slash,
                                lac_unit_chain *chain, size_t *at, size_t *span)
{
    lac_status status = LAC_OK;
    reader in = {.text = text,
                 .at = text,
                 .end = text + length,
                 .chain = chain,
                 .error_at = at,
                 .error_span = span};
    chain->factors = 0;
    skip_blanks(&in);
    bool divided = take_reciprocal(&in, leading_slash);
    if (in.at == in.end && !divided)
        goto out;
    LAC_TRY(parse_product(&in, divided));
    if (in.at != in.end)
        status = unexpected(&in);
out:
    return status;
}

/* base^(sixths/6) by products, so that whole powers of exact factors are exact. */
static double power_of(double base, int sixths)
{
    if (sixths % 6 != 0)
        return pow(base, sixths / 6.0);
    double result = 1;
    for (int power = sixths / 6; power > 0; power--)
        result *= base;
    return result;
}

/* Powers of ten up to 10^22 are exact, so a prefix costs at most one rounding. */
static double prefixed(double factor, int exponent)
{
    double ten = power_of(10, 6 * (exponent < 0 ? -exponent : exponent));
    return exponent < 0 ? factor / ten : factor * ten;
}

lac_status lac_unit_chain_value(const lac_unit_chain *chain, lac_unit *unit)
{
    lac_status status = LAC_OK;
    double above = 1;
    double below = 1;
    *unit = (lac_unit){.factor = 1};
    for (size_t index = 0; index < chain->factors; index++) {
        const lac_unit_factor *factor = &chain->factor[index];
        double one = prefixed(factor->row->unit.factor, factor->exponent);
        above *= factor->sixths > 0 ? power_of(one, factor->sixths) : 1;
        below *= factor->sixths < 0 ? power_of(one, -factor->sixths) : 1;
        lac_dimension power;
        LAC_REQUIRE(lac_dimension_power(factor->row->unit.dimension, factor->sixths / 6.0, &power),
                    LAC_INPUT, "the powers in this unit are too high");
        lac_dimension before = unit->dimension;
        unit->dimension = lac_dimension_times(before, power);
        LAC_REQUIRE(lac_dimension_same(lac_dimension_over(unit->dimension, power), before),
                    LAC_INPUT, "the powers in this unit are too high");
    }
    unit->factor = above / below;
    LAC_REQUIRE(isfinite(unit->factor) && unit->factor > 0, LAC_INPUT,
                "the factor of this unit leaves the range of numbers");
out:
    return status;
}
