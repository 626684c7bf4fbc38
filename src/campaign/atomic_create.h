/* Atomic creation: small files that are there whole or not at all, and whose name only one writer
 * gets, on file systems that many machines share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_ATOMIC_CREATE_H
#define LAC_CAMPAIGN_ATOMIC_CREATE_H

#include "base/text.h"

#include <stdbool.h>

/* Writes `text` to DIRECTORY/NAME unless there is such a file: `mine` tells whether it was written.
 * `who` ("HOST-PID") makes temporary names differ. `now` [s] receives the clock of the file
 * system. */
/* Puts `text` in place of the file `path`, whole, by way of the file `own`. */
lac_status lac_atomic_replace(const char *path, const char *own, const char *text);

lac_status lac_atomic_create(const char *directory, const char *name, const char *who,
                             const char *text, bool *mine, double *now);

/* "HOST-PID" of this process, with what no file name should hold replaced. */
void lac_process_name(const char *host, lac_text *who);

#endif
