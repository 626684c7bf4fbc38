/* Texts: installed parts, and what is said about a text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/texts.h"

#include "base/memory.h"
#include "cli/places.h"

#include <stdio.h>

static char *find_installed(void *context, const char *said)
{
    (void)context;
    lac_text path = {0};
    char *found = lac_places_has(said, &path) ? lac_copy_text(lac_text_of(&path)) : NULL;
    lac_text_free(&path);
    return found;
}

const lac_file_finder lac_texts_installed = {.find = find_installed};

void lac_texts_diagnostics(const lac_diagnostics *list, bool quiet)
{
    if (list->errors > 0 || (list->warnings > 0 && !quiet))
        fputs(lac_text_of(&list->text), stderr);
}
