/* Signals: what the outside asked for. Handlers only set a flag; the run looks at it between steps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SIGNALS_H
#define LAC_CLI_SIGNALS_H

#include <stdbool.h>

/* SIGTERM, SIGINT and SIGUSR2 ask to leave after a checkpoint; a second SIGINT leaves at once.
 * SIGUSR1 asks for a line about the state. Writing beyond a file-size limit becomes an error of the
 * write instead of the end of the process. */
void lac_signals_install(void);

/* Puts signals off, or lets in what came meanwhile. */
void lac_signals_hold(bool held);

bool lac_signals_leave(void);

/* True once per SIGUSR1. */
bool lac_signals_report(void);

#endif
