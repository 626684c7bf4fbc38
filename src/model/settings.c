/* Settings: the table of all settings of a run, and how one is set from text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/settings.h"

#include "base/names.h"
#include "language/units.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#define NUMBER(key, field, unit, fallback, low, high, help)                                        \
    {                                                                                              \
        key, LAC_SETTING_NUMBER, offsetof(lac_settings, field), unit, fallback, low, high, NULL,   \
            help                                                                                   \
    }
#define WORD(key, field, fallback, words, help)                                                    \
    {                                                                                              \
        key, LAC_SETTING_WORD, offsetof(lac_settings, field), "", fallback, 0, 0, words, help      \
    }
#define TEXT(key, field, fallback, help)                                                           \
    {                                                                                              \
        key, LAC_SETTING_TEXT, offsetof(lac_settings, field), "", fallback, 0, 0, NULL, help       \
    }

#define PATH(key, field, fallback, help)                                                           \
    {                                                                                              \
        key, LAC_SETTING_PATH, offsetof(lac_settings, field), "", fallback, 0, 0, NULL, help       \
    }

enum { WORD_BYTES = 24 }; /* of every word in lac_settings */

/* 1e12 s (30 000 years) bounds every time, so that no sum of times overflows or loses its steps. */
#define LONGEST 1e12

static const lac_setting table[] = {
    NUMBER("until", until, "s", "0 s", 0, LONGEST, "end of the run"),
    WORD("method", method, "mean-field", "mean-field|exact|hybrid", "how the state advances"),
    WORD("integrator", integrator, "auto", "auto|rodas4|ros34pw2|ros2",
         "Rosenbrock method of mean-field; auto chooses by the model"),
    WORD("start", start, "initial", "initial|rest",
         "state at t = 0: the initial values, or the steady state reached from them (rest)"),
    TEXT(
        "held", held, "none",
        "start: rest: species without a steady state; processes that change them are switched off in the search"),
    PATH("from", from, "none",
         "result or checkpoint whose state is the initial one, relative to the working "
         "directory; none: the initial values of the model"),
    NUMBER("from_time", from_time, "s", "-1 s", -1, LONGEST,
           "from: time of that state, which must be stored there; -1 = the last one"),
    NUMBER("rtol", rtol, "", "1e-3", 1e-13, 0.1, "relative tolerance of a step"),
    NUMBER("atol_scale", atol_scale, "", "1", 1e-12, 1e12, "multiplies every absolute tolerance"),
    NUMBER("linear_tolerance", linear_tolerance, "", "0.005", 1e-14, 0.5,
           "residual of the linear solves, as a fraction of the error weight"),
    NUMBER("first_step", first_step, "s", "0.06 s", 1e-12, LONGEST,
           "step after the start and after events"),
    NUMBER("longest_step", longest_step, "s", "0 s", 0, LONGEST,
           "upper bound of the step; 0 = none"),
    NUMBER("shortest_step", shortest_step, "s", "1e-9 s", 0, LONGEST,
           "a step below this stops the run with an error"),
    NUMBER("max_iterations", max_iterations, "", "30", 1, 1000,
           "iterations of a linear solve before the step is halved"),
    NUMBER("seed", seed, "", "-1", -1, 9007199254740991.0,
           "seed of all random numbers; -1 = drawn from the system, printed and stored"),
    NUMBER("replicate", replicate, "", "0", 0, 9007199254740991.0,
           "number of this trajectory among those of one seed"),
    NUMBER(
        "accuracy", accuracy, "", "0.1", 1e-6, 1,
        "hybrid: changes of a discrete species within a step, at most, as a fraction of its number"),
    NUMBER("max_events", max_events, "", "1e11", 1, 1e18,
           "exact: upper limit of the events of a run; a run that needs more is an error"),
    NUMBER(
        "paranoid", paranoid, "", "0", 0, 1e18,
        "exact: events between checks of all propensities and sums against a slow recomputation; 0 = none"),
    NUMBER("closure_tolerance", closure_tolerance, "", "1e-3", 1e-15, 1,
           "the run stops when the closure error of the ledger exceeds this"),
    NUMBER("save.every", save_every, "s", "0 s", 0, LONGEST,
           "time between saved values; 0 = a hundredth of the run"),
    TEXT("save.at", save_at, "none", "further times of saved values, such as [6 wk, 180 d]"),
    NUMBER("save.fields_every", save_fields_every, "s", "0 s", 0, LONGEST,
           "time between saved fields; 0 = with every frame"),
    TEXT("save.fields", save_fields, "all",
         "all, none, or the names of the fields to save; observables and pools are always saved"),
    NUMBER("save.compression", compression, "", "4", 0, 9, "deflate level of fields"),
    NUMBER(
        "checkpoint.every", checkpoint_every, "s", "-1 s", -1, LONGEST,
        "wall time between checkpoints; 0 = only on a signal, -1 = adapted to cost less than 1 %"),
};
enum { ROWS = sizeof table / sizeof *table };

const lac_setting *lac_setting_table(size_t *rows)
{
    *rows = ROWS;
    return table;
}

static lac_status set_word(char *field, const lac_setting *row, const char *text)
{
    size_t length = strlen(text);
    for (const char *word = row->words; word;) {
        const char *end = strchr(word, '|');
        size_t bytes = end ? (size_t)(end - word) : strlen(word);
        if (bytes == length && strncmp(word, text, bytes) == 0) {
            snprintf(field, WORD_BYTES, "%s", text);
            return LAC_OK;
        }
        word = end ? end + 1 : NULL;
    }
    return lac_fail(LAC_INPUT, "%s is '%.40s', but must be one of: %s", row->key, text, row->words);
}

static lac_status set_text(char *field, const lac_setting *row, const char *text)
{
    static const char between[] = " ,\t\r\n";
    lac_status status = LAC_OK;
    size_t length = 0;
    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        size_t bytes = strcspn(text, between), blank = length > 0;
        LAC_REQUIRE(length + blank + bytes < LAC_SETTING_TEXT_BYTES, LAC_INPUT,
                    "%s is longer than %d bytes", row->key, LAC_SETTING_TEXT_BYTES - 1);
        field[length] = ' '; /* stays only in front of a later word */
        memcpy(field + length + blank, text, bytes);
        length += blank + bytes;
        text += bytes;
    }
    LAC_REQUIRE(length > 0, LAC_INPUT, "%s is empty", row->key);
    field[length] = '\0';
out:
    return status;
}

static lac_status set_path(char *field, const lac_setting *row, const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= LAC_SETTING_TEXT_BYTES)
        return lac_fail(LAC_INPUT, "%s is %s", row->key,
                        length == 0 ? "empty" : "too long for a path");
    memcpy(field, text, length + 1);
    return LAC_OK;
}

/* Counts and switches that must be whole numbers. */
static bool is_whole(const lac_setting *row)
{
    return row->offset == offsetof(lac_settings, seed) ||
           row->offset == offsetof(lac_settings, replicate) ||
           row->offset == offsetof(lac_settings, max_iterations) ||
           row->offset == offsetof(lac_settings, compression);
}

static lac_status set_number(double *field, const lac_setting *row, const char *text)
{
    lac_status status = LAC_OK;
    double value;
    lac_unit unit, expected;
    size_t at, span;
    char found[96];
    LAC_TRY(lac_unit_parse(row->unit, strlen(row->unit), &expected, &at, &span));
    LAC_TRY(lac_quantity_parse(text, &value, &unit));
    bool fits = lac_dimension_same(unit.dimension, expected.dimension) ||
                (value == 0 && lac_dimension_is_none(unit.dimension));
    LAC_REQUIRE(fits, LAC_INPUT, "%s must be %s%s, but '%.40s' is in %s", row->key,
                *row->unit ? "in units of time, such as " : "a number without unit", row->unit,
                text, lac_dimension_describe(unit.dimension, found, sizeof found));
    LAC_REQUIRE(value >= row->low && value <= row->high, LAC_INPUT,
                "%s is %g%s%s, but must be from %g to %g", row->key, value, *row->unit ? " " : "",
                row->unit, row->low, row->high);
    LAC_REQUIRE(!is_whole(row) || value == (double)(long long)value, LAC_INPUT,
                "%s is %g, but must be a whole number", row->key, value);
    *field = value;
out:
    return status;
}

static const lac_setting *find(const char *key)
{
    for (size_t row = 0; row < ROWS; row++) {
        if (strcmp(table[row].key, key) == 0)
            return &table[row];
    }
    return NULL;
}

static lac_status unknown(const char *key)
{
    const char *keys[ROWS];
    for (size_t row = 0; row < ROWS; row++)
        keys[row] = table[row].key;
    const char *nearest = lac_nearest(keys, ROWS, key);
    if (nearest)
        return lac_fail(LAC_INPUT, "unknown setting '%.60s': did you mean '%s'?", key, nearest);
    return lac_fail(LAC_INPUT, "unknown setting '%.60s'", key);
}

lac_status lac_settings_set(lac_settings *settings, const char *key, const char *text)
{
    const lac_setting *row = find(key);
    if (!row)
        return unknown(key);
    void *field = (char *)settings + row->offset;
    switch (row->type) {
    case LAC_SETTING_WORD:
        return set_word(field, row, text);
    case LAC_SETTING_TEXT:
        return set_text(field, row, text);
    case LAC_SETTING_PATH:
        return set_path(field, row, text);
    case LAC_SETTING_NUMBER:
        break;
    }
    return set_number(field, row, text);
}

void lac_settings_default(lac_settings *settings)
{
    *settings = (lac_settings){0};
    for (size_t row = 0; row < ROWS; row++)
        lac_settings_set(settings, table[row].key, table[row].fallback);
}
