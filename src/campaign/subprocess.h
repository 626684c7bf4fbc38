/* Subprocesses: processes that end when we do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SUBPROCESS_H
#define LAC_CAMPAIGN_SUBPROCESS_H

#include "base/status.h"

#include <stdbool.h>
#include <sys/types.h>

/* Starts words[0] (looked for as a shell does when it has no slash) with words up to a NULL; what
 * it says goes to the file `log`, which is emptied. LAC_FILE when it cannot be started; LAC_LIMIT
 * when there may be no more processes just now. Signals that wait for us do not reach it. */
lac_status lac_subprocess_start(char *const *words, const char *log, pid_t *child);

typedef struct lac_exit_info {
    int exit_code; /* -1 when a signal ended it */
    int signal;    /* 0 = none */
    double cpu;    /* [s] */
    double memory; /* [bytes] most resident */
} lac_exit_info;

/* Has it ended? Then its number is free again. */
bool lac_subprocess_ended(pid_t child, lac_exit_info *ending);

/* In a child just forked: it is killed when its parent ends. */
void lac_subprocess_die_with(pid_t parent);
/* The same: closes what its parent had open but the standard files and these two (-1 = none). */
void lac_subprocess_close_others(int one, int other);

#endif
