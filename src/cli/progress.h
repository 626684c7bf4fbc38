/* Progress: how far a run is, on stderr: a bar on a terminal, plain lines elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_PROGRESS_H
#define LAC_CLI_PROGRESS_H

#include "cli/watch.h"
#include "library/lacuna.h"

#include <stdbool.h>

typedef enum lac_meter_kind { LAC_METER_NONE, LAC_METER_PLAIN, LAC_METER_BAR } lac_meter_kind;

typedef struct lac_meter {
    lac_meter_kind kind;
    double began;       /* [s] wall clock */
    double from;        /* [s] simulated time at the first call; negative = not called yet */
    double last;        /* [s] wall clock of the last line */
    double budget;      /* [s] of wall clock since `began`; 0 = none */
    double called;      /* [s] wall clock of the last call */
    double pace;        /* [s] of wall clock that a step takes: the longest of the last ones */
    double steps_began; /* [s] wall clock when the steps began; 0 = not yet */
    double reached;     /* [s] simulated time at the last call */
    double learned;     /* [s] wall clock then */
    double model_time;  /* [s] simulated by the last steps, and what it took; they fade */
    double wall_time;
    double mean_step; /* [s] */
    size_t known;     /* steps that were learned from */
    bool growing;     /* steps grow so fast that the last ones tell nothing about the next */
    bool told;        /* a line was printed */
    bool drawn;       /* a bar stands on the line */
    lac_watch *watch; /* owned: of a run that says nothing else; may be NULL */
} lac_meter;

/* `word` as --progress says it, NULL = auto; `quiet` wins over auto. `budget` [s]: the wall time
 * after which the run is stopped, counted from this call; 0 = none. */
void lac_meter_start(lac_meter *meter, const char *word, bool quiet, double budget);

/* Of one run that says nothing else: a watch says when it makes no progress, until lac_meter_stop.
 */
void lac_meter_watch(lac_meter *meter);

/* After a step: LACUNA_CANCELLED when a signal has asked for it, LACUNA_BUDGET when the time is up;
 * else 0. */
int lac_meter_call(lac_meter *meter, const lacuna_counters *progress);

/* Learns from a step that has ended at `now` on the wall clock; and [s] of wall clock until
 * `until` from `time`, from the cost of the last steps; NaN while steps
 * grow fast, or too few were taken. */
void lac_meter_learn(lac_meter *meter, const lacuna_counters *progress, double now);
double lac_meter_left(const lac_meter *meter, double time, double until);

/* A line about what is being done before the first step; and the run begins. */
void lac_meter_say(lac_meter *meter, const char *phase);
void lac_meter_begin_steps(lac_meter *meter);

/* [s] of wall clock since the start. */
double lac_meter_elapsed(const lac_meter *meter);

/* Ends the line of a bar; and all that the meter does. */
void lac_meter_stop(lac_meter *meter);
void lac_meter_end(lac_meter *meter);

#endif
