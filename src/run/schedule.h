/* The schedule: at which times a run must stop, and what is due there.
 * A repeated time is always first + k * every, never a running sum, so nothing drifts. Times that
 * differ by rounding only (a few parts in 1e13) are one stop: the earliest of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SCHEDULE_H
#define LAC_RUN_SCHEDULE_H

#include "base/block.h"
#include "model/model.h"

#include <math.h>

typedef struct lac_schedule lac_schedule;

/* What is due at a stop. A frame of fields always comes with a frame of the rest. */
typedef struct lac_due {
    bool frame;
    bool fields;
    size_t events;
    const size_t *event; /* borrowed from the schedule, in the order of the text */
} lac_due;

/* From time 0 to model->settings.until. `model` is borrowed, and so are the values that the
 * parameters have now, on which the times of discontinuities depend (NULL: those at the start).
 * LAC_INPUT for a time before 0,
 * LAC_LIMIT for anything due more than 1e7 times. */
lac_status lac_schedule_create(const lac_model *model, const double *parameter,
                               lac_schedule **schedule);
void lac_schedule_free(lac_schedule *schedule);

/* Are two times the same but for rounding? */
bool lac_same_time(double a, double b);

/* Is `due` not after `time` but for rounding? Asked many times a step. */
static inline bool lac_has_come(double due, double time)
{
    return due <= time || (due <= time + 1e-12 * fabs(time) && lac_same_time(due, time));
}

/* The next time [s] at which a run must stop: at most `until`, or what is due then, which may
 * differ from it by rounding. */
double lac_schedule_next(const lac_schedule *schedule);
/* Has the end come? */
bool lac_schedule_over(const lac_schedule *schedule, double time);
/* Is this a time of frames, or of frames of fields, for runs that do not end here? */
bool lac_schedule_saves(const lac_schedule *schedule, double time, bool fields);

/* Takes what is due at `time`, so that the next stop lies behind it. The end is a frame of fields.
 */
void lac_schedule_take(lac_schedule *schedule, double time, lac_due *due);

/* The positions and the time, owner "schedule". */
void lac_schedule_blocks(lac_schedule *schedule, lac_block_list *list);

#endif
