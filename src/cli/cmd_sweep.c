/* lacuna sweep: a plan from its text to its index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/conduct.h"
#include "cli/standing.h"

#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static lac_status sweep(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_many many = {0};
    if (words->status && is_directory(words->operand[0]))
        return lac_standing_print(words->operand[0], NULL, words->json);
    LAC_TRY(lac_many_begin(&many, words, argc, argv));
    LAC_TRY(lac_many_load_plan(&many));
    LAC_TRY(lac_conduct(&many));
out:
    lac_many_free(&many);
    return status;
}

const lac_command lac_command_sweep = {
    .name = "sweep",
    .operands = "PLAN",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SWEEP,
    .summary = "Runs all members of a plan and makes their index",
    .details =
        "Small members run in memory, others as processes with results of their own,\n"
        "DIR/members/*.nc (see --members); what came of all of them is in DIR/index.nc. The same\n"
        "command goes on with what is not done: finished members are left, checkpoints are gone\n"
        "on from, failed ones are tried again. SIGTERM, SIGINT and SIGUSR2 let the members write\n"
        "checkpoints and leave with exit code 75; SIGUSR1 prints a line.\n"
        "--status takes a plan or a directory.\n",
    .run = sweep};
