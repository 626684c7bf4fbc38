/* Number: a strict decimal scanner in front of strtod (no sign, hex, inf, nan, blanks).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 64 };

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The end of the exponent that starts at `at`, or `at` when there is none. */
static const char *skip_exponent(const char *at, const char *end)
{
    if (at == end || (*at != 'e' && *at != 'E'))
        return at;
    const char *digits = at + 1;
    if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
    const char *after = skip_digits(digits, end);
    return after > digits ? after : at;
}

static bool has_nonzero_digit(const char *text, const char *end)
{
    for (const char *at = text; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at >= '1' && *at <= '9')
            return true;
    }
    return false;
}

lac_status lac_number_scan(const char *text, const char *end, double *value, size_t *length)
{
    char copy[LONGEST_NUMBER + 1] = {0};
    *length = 0;
    const char *at = skip_digits(text, end);
    size_t digits = (size_t)(at - text);
    if (at < end && *at == '.') {
        const char *after = skip_digits(at + 1, end);
        digits += (size_t)(after - at - 1);
        at = digits ? after : text;
    }
    if (!digits)
        return LAC_OK;
    at = skip_exponent(at, end);
    *length = (size_t)(at - text);
    if (*length == 1 && *text == '0' && at < end && (*at == 'x' || *at == 'X'))
        return lac_fail(LAC_INPUT, "numbers are decimal, such as 16 or 1.6e1: no hexadecimal");
    if (*length > LONGEST_NUMBER)
        return lac_fail(LAC_INPUT, "a number of %zu characters: at most %d are read", *length,
                        LONGEST_NUMBER);
    memcpy(copy, text, *length);
    *value = strtod(copy, NULL);
    if (!isfinite(*value))
        return lac_fail(LAC_INPUT, "%s is too large: the limit is 1.8e308", copy);
    if (fpclassify(*value) != FP_NORMAL && has_nonzero_digit(copy, copy + *length))
        return lac_fail(LAC_INPUT, "%s is too small: the limit is 2.3e-308; write 0", copy);
    return LAC_OK;
}
