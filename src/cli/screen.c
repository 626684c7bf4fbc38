/* A screen: counted in lines; headings begin at the left edge.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/screen.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* `pattern` is what a line holds somewhere, with * and ? as in a shell. */
static bool matches(const char *line, size_t length, const char *pattern, lac_text *room)
{
    lac_text_free(room);
    lac_text_add(room, "*%s*", pattern);
    size_t end = room->length + 1;
    lac_text_add(room, "%c%.*s", '\n', (int)length, line);
    if (room->failed)
        return false;
    room->bytes[end - 1] = '\0';
    return fnmatch(room->bytes, room->bytes + end, 0) == 0;
}

static lac_status pick(const char *text, const char *pattern, lac_text *picked)
{
    const char *heading = NULL;
    size_t heading_length = 0;
    lac_text room = {0};
    while (*text) {
        size_t length = strcspn(text, "\n");
        bool is_heading = *text != ' ' && length > 0;
        if (is_heading) {
            heading = text;
            heading_length = length;
        }
        if (length > 0 && matches(text, length, pattern, &room)) {
            if (heading && !is_heading)
                lac_text_add(picked, "%s%.*s\n", picked->length ? "\n" : "", (int)heading_length,
                             heading);
            lac_text_add(picked, "%.*s\n", (int)length, text);
            heading = NULL;
        }
        text += length + (text[length] == '\n');
    }
    lac_status status = room.failed ? room.failed : picked->failed;
    lac_text_free(&room);
    return status;
}

static lac_status print_picked(const lac_text *whole, const char *pattern)
{
    lac_status status = LAC_OK;
    lac_text picked = {0};
    LAC_TRY(pick(lac_text_of(whole), pattern, &picked));
    LAC_REQUIRE(picked.length > 0, LAC_USAGE, "--only: no line matches '%s'", pattern);
    fputs(lac_text_of(&picked), stdout);
out:
    lac_text_free(&picked);
    return status;
}

lac_status lac_screen_print(const lac_arguments *arguments, const lac_text *whole,
                            const lac_text *brief)
{
    if (whole->failed || (brief && brief->failed))
        return whole->failed ? whole->failed : brief->failed;
    if (arguments->only)
        return print_picked(whole, arguments->only);
    size_t lines = lines_of(lac_text_of(whole));
    if (arguments->full || !brief || lines <= LAC_SCREEN_LINES) {
        fputs(lac_text_of(whole), stdout);
        return LAC_OK;
    }
    fputs(lac_text_of(brief), stdout);
    printf(
        "\n--full prints all of it (%zu lines), --only PATTERN the lines with a name, --json for "
        "programs\n",
        lines);
    return LAC_OK;
}

lac_status lac_screen_check(const lac_arguments *arguments)
{
    if (arguments->json && (arguments->only || arguments->full))
        return lac_fail(LAC_USAGE, "--json prints everything: it excludes --%s",
                        arguments->only ? "only" : "full");
    return LAC_OK;
}
