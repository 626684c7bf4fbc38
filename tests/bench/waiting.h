/* What a bench with threads begins with: threads that wait as those of `lacuna run` do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_BENCH_WAITING_H
#define LAC_TESTS_BENCH_WAITING_H

#include "cli/thread_wait.h"

/* Begins again when the environment says nothing; a bench has no signals to mind. */
static inline void wait_like_a_run(char **word)
{
    lac_thread_wait_begin_again(word, "/proc/self/exe");
}

#endif
