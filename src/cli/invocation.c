/* The origin of files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/invocation.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void lac_quote_word(const char *word, lac_text *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./=:,+@%";
    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        lac_text_add(text, "%s", word);
        return;
    }
    lac_text_add(text, "'");
    for (; *word; word++)
        if (*word == '\'')
            lac_text_add(text, "'\\''");
        else
            lac_text_add_bytes(text, word, 1);
    lac_text_add(text, "'");
}

lac_status lac_invocation_find(int argc, char *const *argv, lac_invocation *now)
{
    for (int word = 0; word < argc; word++) {
        if (word > 0)
            lac_text_add(&now->command, " ");
        lac_quote_word(argv[word], &now->command);
    }
    if (gethostname(now->host, sizeof now->host) != 0)
        strcpy(now->host, "unknown");
    now->host[sizeof now->host - 1] = '\0';
    lac_clock_date(now->created);
    return now->command.failed;
}

void lac_invocation_free(lac_invocation *now)
{
    lac_text_free(&now->command);
}
