/* lacuna verify-results: is every member that an index speaks of there and whole?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/problems.h"

#include <stdio.h>
#include <sys/stat.h>

static lac_status look_as_json(const char *directory, size_t *members, size_t *bad)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_json_object(&json, NULL);
    lac_json_words(&json, "directory", directory);
    LAC_TRY(lac_problems_print(directory, true, false, &json, members, bad));
    lac_json_count(&json, "members", *members);
    lac_json_end(&json);
    LAC_TRY(lac_json_print(&json));
out:
    lac_text_free(&text);
    return status;
}

/* A file cannot be the directory of a sweep. */
static lac_status require_directory(const char *said)
{
    struct stat about;
    if (stat(said, &about) != 0 || S_ISDIR(about.st_mode))
        return LAC_OK;
    return lac_fail(LAC_USAGE,
                    "verify-results: %s is a file, not the directory of a sweep; 'lacuna show' "
                    "reads and checks a result",
                    said);
}

static lac_status verify(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *directory = arguments->operand[0];
    size_t members = 0, bad = 0;
    (void)argc;
    (void)argv;
    LAC_TRY(require_directory(directory));
    if (arguments->json)
        LAC_TRY(look_as_json(directory, &members, &bad));
    else
        LAC_TRY(lac_problems_print(directory, true, arguments->quiet, NULL, &members, &bad));
    LAC_REQUIRE(bad == 0, LAC_MEMBERS, "%s: %zu problem%s with %zu members", directory, bad,
                bad == 1 ? "" : "s", members);
    if (!arguments->quiet && !arguments->json)
        printf("%s: all %zu members are present and complete\n", directory, members);
out:
    return status;
}

const lac_command lac_command_verify = {
    .name = "verify-results",
    .operands = "DIR",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_VERIFY,
    .summary = "Checks that all members of a sweep are present and complete",
    .details =
        "Opens the file of every member of DIR/index.nc and compares its size, date, frames\n"
        "and time series with the index; fields are read completely. One line for each\n"
        "problem; the exit code is then 3.\n",
    .run = verify};
