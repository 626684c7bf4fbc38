/* The program: picks a command from the table, prints the error, returns the exit code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/help.h"
#include "library/lacuna.h"
#include "store/store.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>

const lac_command *const lac_command_table[] = {&lac_command_run,         &lac_command_resume,
                                                &lac_command_check,       &lac_command_rest,
                                                &lac_command_show,        &lac_command_ensemble,
                                                &lac_command_sweep,       &lac_command_merge,
                                                &lac_command_verify,      &lac_command_trial,
                                                &lac_command_sensitivity, &lac_command_list,
                                                &lac_command_help,        NULL};

static void print_version(void)
{
    printf("lacuna " PACKAGE_VERSION "\n"
           "build: " LAC_BUILD_OPTIONS "\n"
           "compiler: " LAC_BUILD_COMPILER "\n"
           "HDF5: %s\n"
           "License GPL-3.0-or-later; there is no warranty.\n" LACUNA_NOTICE "\n",
           lac_store_library());
}

static lac_status run_command(const lac_command *command, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_arguments arguments = {0};
    LAC_TRY(lac_arguments_parse(argc - 2, argv + 2, command->bit, &arguments));
    if (arguments.help) {
        LAC_TRY(lac_help_command(command));
        goto out;
    }
    LAC_REQUIRE(arguments.operands >= command->least, LAC_USAGE,
                "%s needs %s; see 'lacuna help %s'", command->name, command->operands,
                command->name);
    LAC_REQUIRE(arguments.operands <= command->most, LAC_USAGE, "%s: unexpected argument '%s'",
                command->name, arguments.operand[command->most]);
    LAC_TRY(command->run(&arguments, argc, argv));
out:
    lac_arguments_free(&arguments);
    return status;
}

static lac_status run_program(int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_arguments arguments = {0};
    LAC_REQUIRE(argc > 1, LAC_USAGE, "no command; %s", lac_help_hint);
    if (argv[1][0] == '-') {
        LAC_TRY(lac_arguments_parse(argc - 1, argv + 1, LAC_FOR_PROGRAM, &arguments));
        LAC_REQUIRE(arguments.help || arguments.version, LAC_USAGE, "no command; %s",
                    lac_help_hint);
        if (arguments.version)
            print_version();
        else
            LAC_TRY(lac_help_program());
    } else {
        const lac_command *command = NULL;
        LAC_TRY(lac_help_find(argv[1], &command));
        LAC_TRY(run_command(command, argc, argv));
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        status = lac_fail(LAC_FILE, "cannot write to the standard output");
out:
    lac_arguments_free(&arguments);
    return status;
}

typedef struct call {
    int argc;
    char *const *argv;
    int exit_code;
} call;

static void *run_call(void *context)
{
    call *it = context;
    lac_status status = run_program(it->argc, it->argv);
    if (status != LAC_OK) {
        fflush(stdout);
        fprintf(stderr, "lacuna: error: %s\n", lac_failure());
    }
    it->exit_code = lac_status_exit_code(status);
    return NULL;
}

/* Laws are read by recursion: with a small stack (ulimit -s) the program runs in a thread that has
 * enough. */
static bool run_with_stack(call *it, size_t bytes)
{
    pthread_attr_t with;
    pthread_t thread;
    if (pthread_attr_init(&with) != 0)
        return false;
    bool begun = pthread_attr_setstacksize(&with, bytes) == 0 &&
                 pthread_create(&thread, &with, run_call, it) == 0;
    pthread_attr_destroy(&with);
    return begun && pthread_join(thread, NULL) == 0;
}

int main(int argc, char **argv)
{
    enum { STACK = 8 << 20 };
    call it = {.argc = argc, .argv = argv};
    struct rlimit limit;
    bool small = getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
                 limit.rlim_cur < STACK;
    if (!small || !run_with_stack(&it, STACK))
        run_call(&it);
    return it.exit_code;
}
