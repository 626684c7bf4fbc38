/* Progress: lines and bars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/progress.h"

#include "base/clock.h"
#include "cli/duration.h"
#include "cli/signals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double LINE_EVERY = 5.0; /* [s] wall clock */
static const double BAR_EVERY = 0.2;  /* [s] */
enum { BAR_CELLS = 30 };

static bool terminal_takes_a_bar(void)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0 &&
           !(no_color && *no_color != '\0');
}

void lac_meter_start(lac_meter *meter, const char *word, bool quiet, double budget)
{
    *meter = (lac_meter){.began = lac_clock_seconds(), .from = -1, .budget = budget};
    meter->last = meter->began;
    if (word && strcmp(word, "none") == 0)
        meter->kind = LAC_METER_NONE;
    else if (word && strcmp(word, "bar") == 0)
        meter->kind = LAC_METER_BAR;
    else if (word && strcmp(word, "plain") == 0)
        meter->kind = LAC_METER_PLAIN;
    else if (quiet)
        meter->kind = LAC_METER_NONE;
    else
        meter->kind = terminal_takes_a_bar() ? LAC_METER_BAR : LAC_METER_PLAIN;
    if (meter->kind == LAC_METER_NONE && quiet)
        meter->watch = lac_watch_start();
}

double lac_meter_elapsed(const lac_meter *meter)
{
    return lac_clock_seconds() - meter->began;
}

static double fraction(const lac_progress *progress)
{
    return progress->until > 0 ? progress->time / progress->until : 1;
}

/* Wall time that is left when the rest goes as fast as what this process has done. */
static double left(const lac_meter *meter, const lac_progress *progress, double now)
{
    double done = progress->time - meter->from;
    return done > 0 ? (now - meter->began) * (progress->until - progress->time) / done : INFINITY;
}

static void print_line(const lac_meter *meter, const lac_progress *progress, double now)
{
    char time[32], step[32], rest[32];
    fprintf(stderr, "lacuna: %s (%.1f %%), %zu steps, step %s, %s left\n",
            lac_duration(progress->time, time, sizeof time), 100 * fraction(progress),
            progress->counters.steps, lac_duration(progress->counters.last_step, step, sizeof step),
            lac_duration(left(meter, progress, now), rest, sizeof rest));
}

static void draw_bar(lac_meter *meter, const lac_progress *progress, double now)
{
    char cells[BAR_CELLS + 1], time[32], rest[32];
    int full = (int)(fraction(progress) * BAR_CELLS);
    for (int cell = 0; cell < BAR_CELLS; cell++)
        cells[cell] = cell < full ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    fprintf(stderr, "\r[%s] %5.1f %%  %s, %zu steps, %s left\033[K", cells,
            100 * fraction(progress), lac_duration(progress->time, time, sizeof time),
            progress->counters.steps, lac_duration(left(meter, progress, now), rest, sizeof rest));
    fflush(stderr);
    meter->drawn = true;
}

/* " (error too large 5, linear solver 1)": only what there is. */
static void print_refusals(const lac_step_counters *counters)
{
    const char *before = " (";
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        if (counters->refused[k] == 0)
            continue;
        fprintf(stderr, "%s%s %zu", before, lac_refusal_words[k], counters->refused[k]);
        before = ", ";
    }
    if (*before == ',')
        fprintf(stderr, ")");
}

static void print_state(lac_meter *meter, const lac_progress *progress, double now)
{
    lac_meter_end(meter);
    print_line(meter, progress, now);
    fprintf(stderr, "lacuna: %zu rejected", progress->counters.rejected);
    print_refusals(&progress->counters);
    fprintf(stderr, ", %zu evaluations, %zu linear iterations, closure %.3g\n",
            progress->counters.evaluations, progress->counters.iterations, progress->closure);
}

/* The budget is spent when another step and the checkpoint may not fit in what is left of it. The
 * longest of the last steps speaks for the next one, a checkpoint may take twice its usual time. */
static bool budget_is_spent(lac_meter *meter, const lac_progress *progress, double now)
{
    if (meter->called > 0)
        meter->pace = fmax(now - meter->called, 0.9 * meter->pace);
    meter->called = now;
    return meter->budget > 0 &&
           now - meter->began + meter->pace + 2 * progress->save_time >= meter->budget;
}

lac_request lac_meter_call(void *context, const lac_progress *progress)
{
    lac_meter *meter = context;
    double now = lac_clock_seconds();
    bool spent = budget_is_spent(meter, progress, now);
    lac_watch_tell(meter->watch, progress);
    if (meter->from < 0)
        meter->from = progress->time - progress->counters.last_step;
    if (lac_signals_report())
        print_state(meter, progress, now);
    bool end = progress->time >= progress->until;
    if (meter->kind == LAC_METER_BAR && (end || now - meter->last >= BAR_EVERY)) {
        draw_bar(meter, progress, now);
        meter->last = now;
    } else if (meter->kind == LAC_METER_PLAIN && now - meter->last >= LINE_EVERY) {
        print_line(meter, progress, now);
        meter->last = now;
    }
    if (lac_signals_leave())
        return LAC_LEAVE;
    return spent ? LAC_LEAVE_BUDGET : LAC_GO_ON;
}

void lac_meter_stop(lac_meter *meter)
{
    lac_meter_end(meter);
    lac_watch_stop(meter->watch);
    meter->watch = NULL;
}

void lac_meter_end(lac_meter *meter)
{
    if (meter->drawn)
        fputc('\n', stderr);
    meter->drawn = false;
}
