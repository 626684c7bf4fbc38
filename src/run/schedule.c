/* The schedule: clocks (first, every, last) that each know which of their times comes next.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/schedule.h"

#include "base/memory.h"
#include "model/discontinuities.h"
#include "model/save_times.h"

#include <math.h>
#include <stdlib.h>

static const double SAME_TIME = 1e-13; /* relative */
static const double MOST_TIMES = 1e7;  /* of one clock: more is a slip of the pen */

/* Times first + k * every <= last; every = 0: only `first`. */
typedef struct clock_times {
    double first, every, last; /* [s] */
    const double *time;        /* borrowed: a list of `times` in place of those, or NULL */
    size_t times;
    size_t known; /* 1 + the k of `at`; 0 = of none yet */
    double at;    /* [s] */
} clock_times;

enum { FRAMES, FIELDS, EVENTS }; /* clocks: the events of the model follow from EVENTS on */

struct lac_schedule {
    const lac_model *model;               /* borrowed */
    const double *parameter;              /* borrowed: the values now */
    lac_discontinuities *discontinuities; /* owned */
    double until;                         /* [s] */
    double now;                           /* [s] the last stop taken */
    size_t clocks;
    clock_times *clock; /* owned */
    double *frame;      /* owned: times of frames where `save_at` adds some; else NULL */
    size_t *next;       /* owned [clocks]: k of every clock's next time */
    size_t *due;        /* owned [events] */
};

bool lac_same_time(double a, double b)
{
    if (!isfinite(a) || !isfinite(b))
        return a == b;
    return fabs(a - b) <= SAME_TIME * fmax(fabs(a), fabs(b));
}

static double clock_next(const clock_times *clock, size_t k)
{
    if (clock->time)
        return k < clock->times ? clock->time[k] : INFINITY;
    if (k > 0 && !(clock->every > 0))
        return INFINITY;
    double time = clock->first + (double)k * clock->every;
    return lac_has_come(time, clock->last) ? time : INFINITY;
}

/* Kept, since it is asked at every stop; `next` may have changed meanwhile by a checkpoint. */
static double clock_at(const lac_schedule *schedule, size_t clock)
{
    clock_times *of = &schedule->clock[clock];
    size_t next = schedule->next[clock];
    if (of->known != next + 1) {
        of->at = clock_next(of, next);
        of->known = next + 1;
    }
    return of->at;
}

static double next_discontinuity(const lac_schedule *schedule)
{
    double behind = schedule->now * (1 + SAME_TIME);
    return lac_discontinuities_next(schedule->discontinuities, schedule->parameter, behind).time;
}

static clock_times event_clock(const lac_event *event)
{
    if (event->when)
        return (clock_times){.first = INFINITY, .last = -INFINITY};
    double last = event->every > 0 ? event->until : event->at;
    return (clock_times){.first = event->at,
                         .every = event->every,
                         .last = last,
                         .time = event->time,
                         .times = event->times};
}

static lac_status check_clock(const lac_schedule *schedule, const char *what, size_t clock)
{
    const clock_times *times = &schedule->clock[clock];
    if (!(times->every > 0))
        return LAC_OK;
    double last = fmin(schedule->until, times->last);
    double count = (last - times->first) / times->every;
    if (count <= MOST_TIMES)
        return LAC_OK;
    return lac_fail(LAC_LIMIT, "%s every %g s until %g s: %.3g times; at most %g are allowed", what,
                    times->every, last, count, MOST_TIMES);
}

/* Multiples of `every` and the times of `also`, ascending and each once. */
static size_t merge(const clock_times *clock, const double *also, size_t count, double *time)
{
    size_t merged = 0, next = 0;
    for (size_t k = 0; isfinite(clock_next(clock, k)); k++) {
        double multiple = clock_next(clock, k);
        while (next < count && also[next] < multiple && !lac_same_time(also[next], multiple))
            time[merged++] = also[next++];
        while (next < count && lac_same_time(also[next], multiple))
            next++;
        time[merged++] = multiple;
    }
    while (next < count && lac_has_come(also[next], clock->last))
        time[merged++] = also[next++];
    return merged;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static lac_status add_times(lac_schedule *schedule)
{
    lac_status status = LAC_OK;
    clock_times *clock = &schedule->clock[FRAMES];
    double *also = NULL;
    size_t count, kept = 0;
    LAC_TRY(lac_save_times(&schedule->model->settings, &also, &count));
    if (count == 0)
        goto out;
    qsort(also, count, sizeof *also, by_size);
    for (size_t each = 0; each < count; each++)
        if (kept == 0 || !lac_same_time(also[kept - 1], also[each]))
            also[kept++] = also[each];
    double multiples = clock->every > 0 ? clock->last / clock->every : 0;
    LAC_NEW(schedule->frame, (size_t)multiples + kept + 2);
    clock->times = merge(clock, also, kept, schedule->frame);
    clock->time = schedule->frame;
out:
    lac_free(also);
    return status;
}

static lac_status fill_outputs(lac_schedule *schedule)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &schedule->model->settings;
    double until = settings->until;
    LAC_REQUIRE(until >= 0 && isfinite(until), LAC_INPUT,
                "a run lasts a finite time from 0 on, not until %g s", until);
    double fields_every = schedule->model->tissue[0].present ? settings->save_fields_every : 0;
    schedule->clock[FRAMES] = (clock_times){.every = settings->save_every, .last = until};
    LAC_TRY(check_clock(schedule, "a frame", FRAMES));
    LAC_TRY(add_times(schedule));
    schedule->clock[FIELDS] = schedule->clock[FRAMES];
    if (fields_every > 0 && fields_every != settings->save_every)
        schedule->clock[FIELDS] = (clock_times){.every = fields_every, .last = until};
    LAC_TRY(check_clock(schedule, "a frame of fields", FIELDS));
out:
    return status;
}

static lac_status fill_events(lac_schedule *schedule)
{
    lac_status status = LAC_OK;
    const lac_model *model = schedule->model;
    for (size_t k = 0; k < model->events; k++) {
        const lac_event *event = &model->event[k];
        schedule->clock[EVENTS + k] = event_clock(event);
        LAC_REQUIRE(event->when || event->at >= 0, LAC_INPUT,
                    "event %s is in the past: at %g s, but a run starts at 0 s", event->id,
                    event->at);
        LAC_TRY(check_clock(schedule, event->id, EVENTS + k));
    }
out:
    return status;
}

lac_status lac_schedule_create(const lac_model *model, const double *parameter,
                               lac_schedule **schedule)
{
    lac_status status = LAC_OK;
    lac_schedule *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->model = model;
    fresh->parameter = parameter;
    fresh->until = model->settings.until;
    fresh->clocks = EVENTS + model->events;
    LAC_NEW(fresh->clock, fresh->clocks);
    LAC_NEW(fresh->next, fresh->clocks);
    LAC_NEW(fresh->due, model->events);
    LAC_TRY(lac_discontinuities_create(model, &fresh->discontinuities));
    LAC_TRY(fill_outputs(fresh));
    LAC_TRY(fill_events(fresh));
    *schedule = fresh;
    fresh = NULL;
out:
    lac_schedule_free(fresh);
    return status;
}

void lac_schedule_free(lac_schedule *schedule)
{
    if (!schedule)
        return;
    lac_discontinuities_free(schedule->discontinuities);
    lac_free(schedule->clock);
    lac_free(schedule->frame);
    lac_free(schedule->next);
    lac_free(schedule->due);
    lac_free(schedule);
}

double lac_schedule_next(const lac_schedule *schedule)
{
    double next = next_discontinuity(schedule);
    for (size_t clock = 0; clock < schedule->clocks; clock++)
        next = fmin(next, clock_at(schedule, clock));
    /* What is due at the end but for rounding says when that is, so that a run which ends here and
     * one which goes on stop at the same time to the last bit. */
    return lac_has_come(next, schedule->until) ? next : schedule->until;
}

bool lac_schedule_over(const lac_schedule *schedule, double time)
{
    return lac_has_come(schedule->until, time);
}

static bool is_time_of(const clock_times *clock, double time)
{
    double count = clock->every > 0 ? round((time - clock->first) / clock->every) : 0;
    for (size_t each = 0; each < clock->times; each++)
        if (lac_same_time(clock->time[each], time))
            return true;
    return lac_same_time(clock->first + count * clock->every, time);
}

bool lac_schedule_saves(const lac_schedule *schedule, double time, bool fields)
{
    return is_time_of(&schedule->clock[FIELDS], time) ||
           (!fields && is_time_of(&schedule->clock[FRAMES], time));
}

static bool take_clock(lac_schedule *schedule, size_t clock, double time)
{
    if (!lac_has_come(clock_at(schedule, clock), time))
        return false;
    do
        schedule->next[clock]++;
    while (lac_has_come(clock_at(schedule, clock), time));
    return true;
}

void lac_schedule_take(lac_schedule *schedule, double time, lac_due *due)
{
    bool end = lac_has_come(schedule->until, time);
    bool frame = take_clock(schedule, FRAMES, time);
    bool fields = take_clock(schedule, FIELDS, time);
    *due = (lac_due){.frame = frame || fields || end, .fields = fields || end};
    due->event = schedule->due;
    for (size_t event = 0; event < schedule->clocks - EVENTS; event++)
        if (take_clock(schedule, EVENTS + event, time))
            schedule->due[due->events++] = event;
    schedule->now = time;
}

void lac_schedule_blocks(lac_schedule *schedule, lac_block_list *list)
{
    lac_block_add(list, "schedule", "next", LAC_BLOCK_SIZE, schedule->clocks, schedule->next);
    lac_block_add(list, "schedule", "now", LAC_BLOCK_DOUBLE, 1, &schedule->now);
}
