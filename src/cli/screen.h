/* A screen: what a command tells, whole when that fits, else in brief, or only some lines of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SCREEN_H
#define LAC_CLI_SCREEN_H

#include "base/text.h"
#include "cli/options.h"

enum { LAC_SCREEN_LINES = 40 };

/* Prints `whole` with --full or when it has no more lines than a screen, else `brief` and how to
 * see the rest (`brief` may be NULL: there is none). With --only the lines of `whole` that match
 * and the headings they stand under; LAC_USAGE when there is none. */
lac_status lac_screen_print(const lac_arguments *arguments, const lac_text *whole,
                            const lac_text *brief);

/* Options that exclude each other. */
lac_status lac_screen_check(const lac_arguments *arguments);

#endif
