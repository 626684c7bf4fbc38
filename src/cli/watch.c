/* A watch: a thread that wakes once a minute and compares how far the run is with how far it was.
 * A run makes progress as long as the rest of it would take less than LONG at the pace of the last
 * minute.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/watch.h"

#include "base/duration.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const double LONG = 7 * 24 * 3600.0; /* [s] of wall clock */

enum { EVERY = 60 /* [s] */, STACK_BYTES = 128 << 10 };

struct lac_watch {
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t stopped;
    bool stop;
    lacuna_counters now; /* end = 0: the first step has not ended */
};

static void add_reason(const lacuna_counters *then, const lacuna_counters *now, lac_text *sentence)
{
    char step[32];
    size_t steps = now->steps - then->steps;
    size_t rejected = now->rejected - then->rejected;
    lac_duration(now->last_step, step, sizeof step);
    if (steps == 0)
        lac_text_add(sentence, "no step has ended since (the last one was %s)", step);
    else if (rejected > steps)
        lac_text_add(sentence,
                     "%zu steps were taken and %zu rejected since, the last one of %s: something "
                     "changes too fast to be followed",
                     steps, rejected, step);
    else
        lac_text_add(sentence, "%zu steps were taken since, the last one of %s", steps, step);
}

void lac_watch_diagnose(const lacuna_counters *then, const lacuna_counters *now, double seconds,
                        lac_text *sentence)
{
    char time[32], rest[32];
    double done = now->time - then->time, left = now->end - now->time;
    if (now->end > 0 && (left <= 0 || left * seconds <= LONG * done))
        return;
    if (!(now->end > 0)) {
        lac_text_add(sentence, "no progress for %.0f s: the first step has not ended", seconds);
        return;
    }
    lac_text_add(sentence, "%s progress for %.0f s: at t = %s, ", done > 0 ? "hardly any" : "no",
                 seconds, lac_duration(now->time, time, sizeof time));
    add_reason(then, now, sentence);
    if (done > 0)
        lac_text_add(sentence, "; the rest would take %s",
                     lac_duration(left * seconds / done, rest, sizeof rest));
}

static void say(const lacuna_counters *then, const lacuna_counters *now, double seconds)
{
    lac_text sentence = {0};
    lac_watch_diagnose(then, now, seconds, &sentence);
    if (sentence.length > 0 && sentence.failed == LAC_OK)
        fprintf(stderr, "lacuna: %s\n", sentence.bytes);
    lac_text_free(&sentence);
}

static void *watch_over(void *context)
{
    lac_watch *watch = context;
    struct timespec until;
    lacuna_counters then = {0};
    pthread_mutex_lock(&watch->lock);
    clock_gettime(CLOCK_REALTIME, &until);
    while (!watch->stop) {
        until.tv_sec += EVERY;
        int woken = 0;
        while (!watch->stop && woken != ETIMEDOUT)
            woken = pthread_cond_timedwait(&watch->stopped, &watch->lock, &until);
        if (watch->stop)
            break;
        say(&then, &watch->now, EVERY);
        then = watch->now;
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

lac_watch *lac_watch_start(void)
{
    pthread_attr_t attributes;
    lac_watch *watch = lac_alloc(1, sizeof *watch);
    if (!watch)
        return NULL;
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->stopped, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failed = pthread_create(&watch->thread, &attributes, watch_over, watch);
    pthread_attr_destroy(&attributes);
    if (failed) {
        lac_free(watch);
        return NULL;
    }
    return watch;
}

void lac_watch_report(lac_watch *watch, const lacuna_counters *progress)
{
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->now = *progress;
    pthread_mutex_unlock(&watch->lock);
}

void lac_watch_stop(lac_watch *watch)
{
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->stop = true;
    pthread_cond_signal(&watch->stopped);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    lac_free(watch);
}
