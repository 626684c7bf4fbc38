/* lacuna help: what --help says, as a command.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

const char lac_help_hint[] = "see 'lacuna help'";

lac_status lac_help_program(void)
{
    lac_text options = {0};
    lac_options_describe(LAC_FOR_PROGRAM, &options);
    printf("Usage: lacuna COMMAND [OPTION]... [FILE]\n"
           "Simulates reactions and diffusion in tissue that is coupled to fluid.\n\nCommands:\n");
    for (const lac_command *const *command = lac_command_table; *command; command++)
        printf("  %-14s %-11s %s\n", (*command)->name, (*command)->operands, (*command)->summary);
    printf("\nOptions:\n%s\n'lacuna help COMMAND' shows the options of a command; 'lacuna list "
           "scenarios' what can\nbe run; 'lacuna list statuses' the exit codes.\n",
           lac_text_of(&options));
    lac_status status = options.failed;
    lac_text_free(&options);
    return status;
}

lac_status lac_help_command(const lac_command *command)
{
    lac_text options = {0};
    lac_options_describe(command->bit, &options);
    printf("Usage: lacuna %s [OPTION]... %s\n%s.\n\n", command->name, command->operands,
           command->summary);
    if (command->details)
        printf("%s\n", command->details);
    printf("Options:\n%s", lac_text_of(&options));
    lac_status status = options.failed;
    lac_text_free(&options);
    return status;
}

lac_status lac_help_find(const char *name, const lac_command **found)
{
    enum { MOST = 32 };
    const char *names[MOST];
    size_t count = 0;
    for (const lac_command *const *command = lac_command_table; *command; command++) {
        if (strcmp((*command)->name, name) == 0) {
            *found = *command;
            return LAC_OK;
        }
        if (count < MOST)
            names[count++] = (*command)->name;
    }
    const char *nearest = lac_nearest(names, count, name);
    if (nearest)
        return lac_fail(LAC_USAGE, "unknown command '%s'; did you mean '%s'?", name, nearest);
    return lac_fail(LAC_USAGE, "unknown command '%s'; %s", name, lac_help_hint);
}

static lac_status help(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const lac_command *command = NULL;
    (void)argc;
    (void)argv;
    if (arguments->operands == 0)
        return lac_help_program();
    LAC_TRY(lac_help_find(arguments->operand[0], &command));
    LAC_TRY(lac_help_command(command));
out:
    return status;
}

const lac_command lac_command_help = {.name = "help",
                                      .operands = "[COMMAND]",
                                      .least = 0,
                                      .most = 1,
                                      .bit = LAC_FOR_HELP,
                                      .summary = "Help about the program or a command",
                                      .run = help};
