/* Times of `save_at`: words "6 wk 180 d", each a number with its unit behind it or attached.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/save_times.h"

#include "base/memory.h"
#include "language/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SAME_TIME = 1e-9; /* relative: times as people write them */

/* The bytes of the quantity at `text`: a number, and the word behind it if it has none attached. */
static size_t quantity_bytes(const char *text)
{
    size_t bytes = strcspn(text, " "), next = bytes + strspn(text + bytes, " ");
    char *end;
    strtod(text, &end);
    if (end == text + bytes && text[next] != '\0')
        bytes = next + strcspn(text + next, " ");
    return bytes;
}

static lac_status read_time(const char *text, size_t bytes, double *time)
{
    lac_status status = LAC_OK;
    char word[96];
    lac_unit unit;
    snprintf(word, sizeof word, "%.*s", (int)bytes, text);
    LAC_REQUIRE(bytes < sizeof word, LAC_INPUT, "save.at: '%.40s...' is not a time", word);
    LAC_TRY(lac_quantity_parse(word, time, &unit));
    bool fits = lac_dimension_same(unit.dimension, lac_dimension_of(LAC_TIME, 1)) ||
                (*time == 0 && lac_dimension_is_none(unit.dimension));
    LAC_REQUIRE(fits && *time >= 0, LAC_INPUT,
                "save.at: '%s' is not a time from 0 on, such as 180 d", word);
out:
    return status;
}

lac_status lac_save_times(const lac_settings *settings, double **time, size_t *count)
{
    lac_status status = LAC_OK;
    const char *text = settings->save_at;
    double *made = NULL;
    *time = NULL;
    *count = 0;
    if (*text == '\0' || strcmp(text, "none") == 0)
        return LAC_OK;
    LAC_NEW(made, strlen(text));
    while (*text) {
        size_t bytes = quantity_bytes(text);
        LAC_TRY(read_time(text, bytes, &made[*count]));
        ++*count;
        text += bytes;
        text += strspn(text, " ");
    }
    *time = made;
    made = NULL;
out:
    lac_free(made);
    return status;
}

static bool is_same(double one, double other)
{
    return fabs(one - other) <= SAME_TIME * fmax(fabs(one), fabs(other));
}

lac_status lac_saves_at(const lac_settings *settings, double time, bool *saved)
{
    lac_status status = LAC_OK;
    double every = settings->save_every, *also = NULL;
    size_t count;
    LAC_TRY(lac_save_times(settings, &also, &count));
    *saved = time == 0 || is_same(time, settings->until) ||
             (every > 0 && is_same(time, round(time / every) * every));
    for (size_t each = 0; each < count; each++)
        *saved = *saved || is_same(time, also[each]);
out:
    lac_free(also);
    return status;
}

lac_status lac_save_also_at(lac_settings *settings, double time)
{
    lac_status status = LAC_OK;
    bool saved, first = strcmp(settings->save_at, "none") == 0;
    char *to = settings->save_at;
    size_t length = first ? 0 : strlen(to);
    LAC_TRY(lac_saves_at(settings, time, &saved));
    if (saved)
        goto out;
    int bytes = snprintf(to + length, LAC_SETTING_TEXT_BYTES - length, "%s%.15g h",
                         length > 0 ? " " : "", time / 3600);
    LAC_REQUIRE(bytes > 0 && (size_t)bytes < LAC_SETTING_TEXT_BYTES - length, LAC_INPUT,
                "there are too many times at which values are to be saved");
out:
    return status;
}
