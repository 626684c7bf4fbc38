/* What went wrong: the sentence of this thread and the table of codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = 4096 };

static _Thread_local char sentence[SENTENCE_BYTES];

static const struct {
    const char *word;
    int exit_code;
} table[] = {
#define LAC_STATUS_ROW(code, word, exit_code) {word, exit_code},
    LAC_STATUS_LIST(LAC_STATUS_ROW)
#undef LAC_STATUS_ROW
};

lac_status lac_fail(lac_status code, const char *format, ...)
{
    /* The arguments may point into the old sentence. */
    char fresh[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fresh, sizeof fresh, format, arguments);
    va_end(arguments);
    memcpy(sentence, fresh, strlen(fresh) + 1);
    return code;
}

lac_status lac_fail_in(lac_status code, const char *format, ...)
{
    char context[SENTENCE_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context, sizeof context, format, arguments);
    va_end(arguments);
    return lac_fail(code, "%s: %s", context, sentence);
}

const char *lac_failure(void)
{
    return sentence;
}

const char *lac_status_word(lac_status code)
{
    return code < LAC_STATUS_COUNT ? table[code].word : "unknown status";
}

int lac_status_exit_code(lac_status code)
{
    return code < LAC_STATUS_COUNT ? table[code].exit_code : table[LAC_INTERNAL].exit_code;
}

lac_status lac_status_of_exit_code(int exit_code)
{
    for (int code = 0; code < LAC_STATUS_COUNT; code++)
        if (table[code].exit_code == exit_code)
            return (lac_status)code;
    return LAC_INTERNAL;
}
