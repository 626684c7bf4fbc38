/* A watch over a quiet run: when it makes no progress, it says so once a minute on stderr.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_WATCH_H
#define LAC_CLI_WATCH_H

#include "base/text.h"
#include "library/lacuna.h"

typedef struct lac_watch lac_watch;

/* A thread of its own, since a step may not end. NULL when there is none to be had: the run does
 * without. NULL is legal below. */
lac_watch *lac_watch_start(void);
void lac_watch_report(lac_watch *watch, const lacuna_counters *progress);
void lac_watch_stop(lac_watch *watch);

/* What has become of a run in `seconds` of wall clock, from `then` to `now`: why it makes no
 * progress, or nothing when it does. */
void lac_watch_diagnose(const lacuna_counters *then, const lacuna_counters *now, double seconds,
                        lac_text *sentence);

#endif
