/* lacuna sweep: a plan from its text to its index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sweep_driver.h"
#include "cli/sweep_status.h"

#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static lac_status sweep(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_sweep_setup setup = {0};
    if (arguments->status && is_directory(arguments->operand[0]))
        return lac_sweep_status_print(arguments->operand[0], NULL, arguments->json);
    LAC_TRY(lac_sweep_setup_begin(&setup, arguments, argc, argv));
    LAC_TRY(lac_sweep_setup_load_plan(&setup));
    LAC_TRY(lac_sweep_drive(&setup));
out:
    lac_sweep_setup_free(&setup);
    return status;
}

const lac_command lac_command_sweep = {
    .name = "sweep",
    .operands = "PLAN",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SWEEP,
    .summary = "Runs all members of a plan and indexes them",
    .details =
        "Small members run in memory, others as processes with their own results,\n"
        "DIR/members/*.nc (see --members); DIR/index.nc holds all of them. Run the same command\n"
        "again to continue: finished members are kept, interrupted ones resume from their\n"
        "checkpoints, failed ones are retried. On SIGTERM, SIGINT and SIGUSR2 the members write\n"
        "checkpoints and the exit code is 75; SIGUSR1 prints a status line.\n"
        "--status takes a plan or a directory.\n",
    .run = sweep};
