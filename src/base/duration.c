/* Durations: words with units, or numbers with colons.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/duration.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LONGEST = 1e9; /* [s] 30 years */

static const struct unit {
    const char *name;
    double seconds;
} units[] = {
    {"d", 86400},    {"day", 86400}, {"days", 86400}, {"h", 3600},    {"hour", 3600},
    {"hours", 3600}, {"m", 60},      {"min", 60},     {"minute", 60}, {"minutes", 60},
    {"s", 1},        {"sec", 1},     {"second", 1},   {"seconds", 1},
};

static double unit_seconds(const char *name, size_t length)
{
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++)
        if (strlen(units[k].name) == length && strncmp(units[k].name, name, length) == 0)
            return units[k].seconds;
    return 0;
}

/* Digits with at most one point; hexadecimal numbers, signs and "inf" are none. */
static bool read_number(const char **text, double *number)
{
    size_t length = strspn(*text, "0123456789."), digits = strspn(*text, "0123456789");
    bool good = digits > 0 && strchr(*text, '.') == strrchr(*text, '.') && length < 20;
    char copy[20];
    if (!good)
        return false;
    memcpy(copy, *text, length);
    copy[length] = '\0';
    *number = strtod(copy, NULL);
    *text += length;
    return true;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

/* "3 h 50 min": each unit once, the longest first. */
static bool read_with_units(const char *text, double *seconds)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    double last = INFINITY;
    *seconds = 0;
    for (text = skip_blanks(text); *text; text = skip_blanks(text)) {
        double number;
        if (!read_number(&text, &number))
            return false;
        text = skip_blanks(text);
        size_t length = strspn(text, letters);
        double unit = unit_seconds(text, length);
        if (!(unit > 0) || unit >= last)
            return false;
        *seconds += number * unit;
        last = unit;
        text += length;
    }
    return true;
}

/* "D-H", "D-H:M", "D-H:M:S", "H:M:S", "M:S"; the last part may have a point. */
static bool read_with_colons(const char *text, double *seconds)
{
    static const double from_hours[] = {3600, 60, 1}, from_minutes[] = {60, 1};
    double part[3], days = 0;
    size_t parts = 0;
    const char *dash = strchr(text, '-');
    if (dash && (!read_number(&text, &days) || text++ != dash))
        return false;
    do {
        if (parts == 3 || !read_number(&text, &part[parts++]))
            return false;
    } while (*text == ':' && *++text);
    if (*text || text[-1] == ':' || (!dash && parts == 1))
        return false;
    const double *unit = dash || parts == 3 ? from_hours : from_minutes;
    *seconds = days * 86400;
    for (size_t k = 0; k < parts; k++) {
        if (k > 0 && part[k] >= 60)
            return false;
        *seconds += part[k] * unit[k];
    }
    return true;
}

lac_status lac_duration_read(const char *text, double *seconds)
{
    double value = 0;
    bool understood = text[strspn(text, "0123456789.:-")] == '\0' ? read_with_colons(text, &value)
                                                                  : read_with_units(text, &value);
    if (!understood)
        return lac_fail(LAC_USAGE,
                        "'%.40s' is not a span of time; say '3h50m', '13800 s', or '3:50:00' for "
                        "hours, minutes and seconds",
                        text);
    if (!(value > 0 && value <= LONGEST))
        return lac_fail(LAC_USAGE, "'%.40s' must be longer than 0 s and at most %g s", text,
                        LONGEST);
    *seconds = value;
    return LAC_OK;
}

const char *lac_duration(double seconds, char *text, size_t bytes)
{
    double minutes = floor(seconds / 60), hours = floor(seconds / 3600);
    if (!isfinite(seconds))
        snprintf(text, bytes, "unknown");
    else if (seconds < 60)
        snprintf(text, bytes, "%.3g s", seconds);
    else if (hours < 1)
        snprintf(text, bytes, "%.0f min %02.0f s", minutes, floor(seconds - 60 * minutes));
    else if (hours < 48)
        snprintf(text, bytes, "%.0f h %02.0f min", hours, minutes - 60 * hours);
    else
        snprintf(text, bytes, "%.4g d", seconds / 86400);
    return text;
}
