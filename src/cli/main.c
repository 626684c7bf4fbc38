/* The program: picks a command from the table, prints the error, returns the exit code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/names.h"
#include "cli/command.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

const lac_command *const lac_command_table[] = {&lac_command_run,
                                                &lac_command_resume,
                                                &lac_command_check,
                                                &lac_command_show,
                                                &lac_command_ensemble,
                                                &lac_command_sweep,
                                                &lac_command_merge,
                                                &lac_command_verify,
                                                &lac_command_sensitivity,
                                                &lac_command_list,
                                                NULL};

static const char tries[] = "see 'lacuna --help'";

static lac_status print_help(void)
{
    lac_text options = {0};
    lac_options_describe(LAC_FOR_PROGRAM, &options);
    printf("Usage: lacuna COMMAND [OPTION]... [FILE]\n"
           "Simulates reactions and diffusion in tissue that is coupled to fluid.\n\nCommands:\n");
    for (const lac_command *const *command = lac_command_table; *command; command++)
        printf("  %-14s %-11s %s\n", (*command)->name, (*command)->operands, (*command)->summary);
    printf("\nOptions:\n%s\n'lacuna COMMAND --help' tells the options of a command; 'lacuna list "
           "statuses' the exit codes.\n",
           lac_text_of(&options));
    lac_status status = options.failed;
    lac_text_free(&options);
    return status;
}

static lac_status print_command_help(const lac_command *command)
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

static void print_version(void)
{
    printf("lacuna " PACKAGE_VERSION "\n"
           "build: " LAC_BUILD_OPTIONS "\n"
           "compiler: " LAC_BUILD_COMPILER "\n"
           "HDF5: %s\n"
           "License GPL-3.0-or-later; there is no warranty.\n" LAC_NOTICE "\n",
           lac_store_library());
}

static lac_status find_command(const char *name, const lac_command **found)
{
    const char *names[sizeof lac_command_table / sizeof lac_command_table[0]];
    size_t count = 0;
    for (const lac_command *const *command = lac_command_table; *command; command++) {
        if (strcmp((*command)->name, name) == 0) {
            *found = *command;
            return LAC_OK;
        }
        names[count++] = (*command)->name;
    }
    const char *nearest = lac_nearest(names, count, name);
    if (nearest)
        return lac_fail(LAC_USAGE, "unknown command '%s'; did you mean '%s'?", name, nearest);
    return lac_fail(LAC_USAGE, "unknown command '%s'; %s", name, tries);
}

static lac_status run_command(const lac_command *command, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_words words = {0};
    LAC_TRY(lac_words_parse(argc - 2, argv + 2, command->bit, &words));
    if (words.help) {
        LAC_TRY(print_command_help(command));
        goto out;
    }
    LAC_REQUIRE(words.operands >= command->least, LAC_USAGE, "%s needs %s; see 'lacuna %s --help'",
                command->name, command->operands, command->name);
    LAC_REQUIRE(words.operands <= command->most, LAC_USAGE, "%s: unexpected argument '%s'",
                command->name, words.operand[command->most]);
    LAC_TRY(command->run(&words, argc, argv));
out:
    lac_words_free(&words);
    return status;
}

static lac_status run_program(int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_words words = {0};
    LAC_REQUIRE(argc > 1, LAC_USAGE, "no command; %s", tries);
    if (argv[1][0] == '-') {
        LAC_TRY(lac_words_parse(argc - 1, argv + 1, LAC_FOR_PROGRAM, &words));
        LAC_REQUIRE(words.help || words.version, LAC_USAGE, "no command; %s", tries);
        if (words.version)
            print_version();
        else
            LAC_TRY(print_help());
    } else {
        const lac_command *command = NULL;
        LAC_TRY(find_command(argv[1], &command));
        LAC_TRY(run_command(command, argc, argv));
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        status = lac_fail(LAC_FILE, "cannot write to the standard output");
out:
    lac_words_free(&words);
    return status;
}

int main(int argc, char **argv)
{
    lac_status status = run_program(argc, argv);
    if (status != LAC_OK) {
        fflush(stdout);
        fprintf(stderr, "lacuna: error: %s\n", lac_failure());
    }
    return lac_status_exit_code(status);
}
