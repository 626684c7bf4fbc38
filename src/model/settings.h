/* Settings of a run: one row each: name, unit, default, bounds, help.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_SETTINGS_H
#define LAC_MODEL_SETTINGS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { LAC_SETTING_TEXT_BYTES = 4096 }; /* of a text in lac_settings, with its end */

typedef struct lac_settings {
    double until;        /* [s] */
    char method[24];     /* "mean-field" */
    char integrator[24]; /* "auto", "rodas4", "ros34pw2", "ros2" */
    char start[24];      /* "initial", "rest" */
    double rtol;
    double atol_scale;        /* multiplies every variable's atol */
    double linear_tolerance;  /* of the error weight, see docs/methods.md */
    double first_step;        /* [s] after the start and after events */
    double longest_step;      /* [s] 0 = no bound */
    double shortest_step;     /* [s] below this the run stops with an error */
    double max_iterations;    /* of the linear solver, then the step is halved */
    double save_every;        /* [s] frames of observables and pools */
    double save_fields_every; /* [s] frames of fields; 0 = with every frame */
    double checkpoint_every;  /* [s of wall time] 0 = none, below: adapted to their cost */
    double compression;       /* deflate level 0..9 */
    double seed;              /* below 0: none was given */
    double replicate;
    double accuracy;          /* of hybrid: expected events of a kind in a step / its number */
    double max_events;        /* of exact: a run that would have more is refused */
    double paranoid;          /* events between checks of exact; 0 = none */
    double closure_tolerance; /* the run stops when the closure error of the ledger exceeds this */
    double from_time;         /* [s] of the state in `from`; below 0: its end */
    char from[LAC_SETTING_TEXT_BYTES];        /* "none", or a result or checkpoint to start from */
    char held[LAC_SETTING_TEXT_BYTES];        /* "none", or species that a search for rest holds */
    char save_fields[LAC_SETTING_TEXT_BYTES]; /* "all", "none", or names in the model's order */
    char save_at[LAC_SETTING_TEXT_BYTES];     /* "none", or times of further frames: save_times.h */
} lac_settings;

typedef enum lac_setting_type {
    LAC_SETTING_NUMBER,
    LAC_SETTING_WORD, /* one of some words */
    LAC_SETTING_TEXT, /* words with one blank between them */
    LAC_SETTING_PATH  /* of a file, as it was said */
} lac_setting_type;

/* One row; `offset` into lac_settings. Keys of nested mappings are joined by '.': "save.every". */
typedef struct lac_setting {
    const char *key;
    lac_setting_type type;
    size_t offset;
    const char *unit;     /* "" = dimensionless, "s" etc.: the dimension that is expected */
    const char *fallback; /* default, as text */
    double low, high;     /* internal, inclusive */
    const char *words;    /* WORD: "a|b|c" */
    const char *help;
} lac_setting;

const lac_setting *lac_setting_table(size_t *rows);

void lac_settings_default(lac_settings *settings);

/* Sets one row from text (commas and white space part the words of a TEXT); LAC_INPUT with a
 * sentence that holds the nearest key, the expected unit or the bounds. */
lac_status lac_settings_set(lac_settings *settings, const char *key, const char *text);

#endif
