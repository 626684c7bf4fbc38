/* The origin of files: who made them, where and when.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_CIRCUMSTANCES_H
#define LAC_CLI_CIRCUMSTANCES_H

#include "base/text.h"

/* Zero-initialise; free with lac_circumstances_free. */
typedef struct lac_circumstances {
    lac_text command; /* owned: as a shell would take it again */
    char host[256];
    char created[32]; /* UTC, ISO 8601 */
} lac_circumstances;

lac_status lac_circumstances_find(int argc, char *const *argv, lac_circumstances *now);
void lac_circumstances_free(lac_circumstances *now);

/* A word as a shell would take it again. */
void lac_quote_word(const char *word, lac_text *text);

#endif
