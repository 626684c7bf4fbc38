/* Starts: a state that a run begins with in place of its initial values: what another run was, or
 * the rest of the same scenario before its parameters changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_START_H
#define LAC_RUN_START_H

#include "base/text.h"
#include "mean_field/steady_state.h"
#include "model/model.h"

typedef struct lac_start {
    lac_model *model; /* owned: of what is started from; NULL = none of its own */
    size_t length;
    double *value; /* owned [length]: all variables in the order of `model` [internal] */
    double time;   /* [s] at which it was taken; 0 of a rest */
    lac_text told; /* owned: what it is and what differs, a sentence */
    char path[4096];
    char fingerprint[65];  /* of the model that it was taken from */
    lac_steady_state rest; /* of a rest: how it was found */
} lac_start;

/* What a result or a checkpoint holds at `time` [s]; below 0: at its end. Of a result all fields
 * must have been saved, in single precision; at its end the checkpoint beside it is taken, if there
 * is one. LAC_NO_INPUT with the path; LAC_INPUT for a time that is not stored, with the nearest. */
lac_status lac_start_read(const char *path, double time, lac_start *start);
/* The state with which a run of `before` begins. */
lac_status lac_start_of_model(const lac_model *before, lac_start *start);
void lac_start_free(lac_start *start);

/* Can a run of `model` begin with it? LAC_INPUT: other variables, another grid. Then into
 * value[length], in the order of `model`. */
lac_status lac_start_put(const lac_start *start, const lac_model *model, size_t length,
                         double *value);
/* Parameters with another value, "k: 1 -> 2 1/h, ..."; at most some. */
void lac_start_compare(const lac_start *start, const lac_model *model, lac_text *text);

#endif
