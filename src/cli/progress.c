/* Progress: lines and bars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/progress.h"

#include "base/clock.h"
#include "base/duration.h"
#include "cli/signals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double LINE_EVERY = 5.0; /* [s] wall clock */
static const double FIRST_LINE = 0.8; /* [s] the first one comes sooner */
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
}

void lac_meter_watch(lac_meter *meter)
{
    if (meter->kind == LAC_METER_NONE)
        meter->watch = lac_watch_start();
}

void lac_meter_say(lac_meter *meter, const char *phase)
{
    if (meter->kind == LAC_METER_NONE)
        return;
    lac_meter_end(meter);
    fprintf(stderr, "lacuna: %s\n", phase);
}

void lac_meter_begin_steps(lac_meter *meter)
{
    meter->steps_began = lac_clock_seconds();
}

double lac_meter_elapsed(const lac_meter *meter)
{
    return lac_clock_seconds() - meter->began;
}

static double fraction(const lacuna_counters *progress)
{
    return progress->end > 0 ? progress->time / progress->end : 1;
}

/* The last steps count: one that is K steps ago by exp(-K / MEMORY). Steps are small after a start
 * and after an event, and grow; what they cost in wall time does not. */
void lac_meter_learn(lac_meter *meter, const lacuna_counters *progress, double now)
{
    static const double MEMORY = 20;
    double keep = exp(-1 / MEMORY);
    meter->model_time = keep * meter->model_time + progress->time - meter->reached;
    meter->wall_time = keep * meter->wall_time + now - meter->learned;
    meter->growing = progress->last_step > 2 * meter->mean_step && meter->mean_step > 0;
    meter->mean_step += (progress->last_step - meter->mean_step) * (1 - keep);
    meter->reached = progress->time;
    meter->learned = now;
    meter->known++;
}

double lac_meter_left(const lac_meter *meter, double time, double until)
{
    enum { FEWEST = 5 };
    if (meter->growing || meter->known < FEWEST || !(meter->model_time > 0))
        return NAN;
    return meter->wall_time * (until - time) / meter->model_time;
}

/* "3 min left", or that this is not known while steps still grow. */
static const char *left(const lac_meter *meter, const lacuna_counters *progress, char *text,
                        size_t bytes)
{
    char rest[32];
    double seconds = lac_meter_left(meter, progress->time, progress->end);
    if (isfinite(seconds))
        snprintf(text, bytes, "%s left", lac_duration(seconds, rest, sizeof rest));
    else
        snprintf(text, bytes, "steps still growing");
    return text;
}

static void print_line(const lac_meter *meter, const lacuna_counters *progress)
{
    char time[32], step[32], rest[48];
    fprintf(stderr, "lacuna: %s (%.1f %%), %zu steps, step %s, %s\n",
            lac_duration(progress->time, time, sizeof time), 100 * fraction(progress),
            progress->steps, lac_duration(progress->last_step, step, sizeof step),
            left(meter, progress, rest, sizeof rest));
}

static void draw_bar(lac_meter *meter, const lacuna_counters *progress)
{
    char cells[BAR_CELLS + 1], time[32], rest[48];
    int full = (int)(fraction(progress) * BAR_CELLS);
    for (int cell = 0; cell < BAR_CELLS; cell++)
        cells[cell] = cell < full ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    fprintf(stderr, "\r[%s] %5.1f %%  %s, %zu steps, %s\033[K", cells, 100 * fraction(progress),
            lac_duration(progress->time, time, sizeof time), progress->steps,
            left(meter, progress, rest, sizeof rest));
    fflush(stderr);
    meter->drawn = true;
}

/* " (error too large 5, linear solver 1)": only what there is. */
static void print_refusals(const lacuna_counters *counters)
{
    const char *before = " (";
    for (size_t k = 0; k < counters->reasons; k++) {
        if (counters->rejected_by[k] == 0)
            continue;
        fprintf(stderr, "%s%s %zu", before, counters->words[k], counters->rejected_by[k]);
        before = ", ";
    }
    if (*before == ',')
        fprintf(stderr, ")");
}

static void print_state(lac_meter *meter, const lacuna_counters *progress)
{
    lac_meter_end(meter);
    print_line(meter, progress);
    fprintf(stderr, "lacuna: %zu rejected", progress->rejected);
    print_refusals(progress);
    fprintf(stderr, ", %zu evaluations, %zu linear iterations, closure %.3g\n",
            progress->evaluations, progress->iterations, progress->closure);
}

/* The budget is spent when another step and the checkpoint may not fit in what is left of it. The
 * longest of the last steps speaks for the next one, a checkpoint may take twice its usual time. */
static bool budget_is_spent(lac_meter *meter, const lacuna_counters *progress, double now)
{
    if (meter->called > 0)
        meter->pace = fmax(now - meter->called, 0.9 * meter->pace);
    meter->called = now;
    return meter->budget > 0 &&
           now - meter->began + meter->pace + 2 * progress->checkpoint_seconds >= meter->budget;
}

int lac_meter_call(lac_meter *meter, const lacuna_counters *progress)
{
    double now = lac_clock_seconds();
    bool spent = budget_is_spent(meter, progress, now);
    lac_watch_report(meter->watch, progress);
    if (meter->from < 0) {
        meter->from = meter->reached = progress->time - progress->last_step;
        meter->learned = meter->steps_began > 0 ? meter->steps_began : now;
    }
    lac_meter_learn(meter, progress, now);
    if (lac_signals_report())
        print_state(meter, progress);
    bool end = progress->time >= progress->end;
    if (meter->kind == LAC_METER_BAR && (end || now - meter->last >= BAR_EVERY)) {
        draw_bar(meter, progress);
        meter->last = now;
    } else if (meter->kind == LAC_METER_PLAIN &&
               now - meter->last >= (meter->told ? LINE_EVERY : FIRST_LINE)) {
        print_line(meter, progress);
        meter->last = now;
        meter->told = true;
    }
    if (lac_signals_leave())
        return LACUNA_CANCELLED;
    return spent ? LACUNA_BUDGET : LACUNA_OK;
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
