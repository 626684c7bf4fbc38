/* Thread waiting: what threads do until the others are done.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_THREAD_WAIT_H
#define LAC_CLI_THREAD_WAIT_H

#include <stdbool.h>

/* For the programs that this one starts: threads that wait sleep soon, unless the environment says
 * how they shall wait. True when it was for us to say. */
bool lac_thread_wait_choose(void);

/* The same for this program, which begins again for it, as the same process and with the same
 * words. Returns when there is nothing to choose, when `text` cannot be read twice, when a signal
 * is to be answered, or when the system refuses; then threads wait as they did. */
void lac_thread_wait_begin_again(char *const *argv, const char *text);

#endif
