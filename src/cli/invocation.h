/* The origin of files: who made them, where and when.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_INVOCATION_H
#define LAC_CLI_INVOCATION_H

#include "base/text.h"

/* Zero-initialise; free with lac_invocation_free. */
typedef struct lac_invocation {
    lac_text command; /* owned: as a shell would take it again */
    char host[256];
    char created[32]; /* UTC, ISO 8601 */
} lac_invocation;

lac_status lac_invocation_find(int argc, char *const *argv, lac_invocation *now);
void lac_invocation_free(lac_invocation *now);

/* A word as a shell would take it again. */
void lac_quote_word(const char *word, lac_text *text);

#endif
