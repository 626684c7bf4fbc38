/* lacuna ensemble: replicates of one scenario.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/conduct.h"

static lac_status ensemble(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_many many = {0};
    LAC_TRY(lac_many_begin(&many, words, argc, argv));
    LAC_TRY(lac_many_load_scenario(&many));
    LAC_TRY(lac_conduct(&many));
out:
    lac_many_free(&many);
    return status;
}

const lac_command lac_command_ensemble = {
    .name = "ensemble",
    .operands = "SCENARIO",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_ENSEMBLE,
    .summary = "Runs replicates of a scenario and makes their index",
    .details = "Replicates differ only in their random numbers: streams of one seed. For the rest "
               "it is a\nsweep with one point; see 'lacuna sweep --help'.\n",
    .run = ensemble};
