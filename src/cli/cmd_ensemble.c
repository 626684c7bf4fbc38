/* lacuna ensemble: replicates of one scenario.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sweep_driver.h"

static lac_status ensemble(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_sweep_setup setup = {0};
    LAC_TRY(lac_sweep_setup_begin(&setup, arguments, argc, argv));
    LAC_TRY(lac_sweep_setup_load_scenario(&setup));
    LAC_TRY(lac_sweep_drive(&setup));
out:
    lac_sweep_setup_free(&setup);
    return status;
}

const lac_command lac_command_ensemble = {
    .name = "ensemble",
    .operands = "SCENARIO",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_ENSEMBLE,
    .summary = "Runs replicates of a scenario and indexes them",
    .details = "Replicates differ only in their random numbers: streams of one seed. Otherwise an "
               "ensemble\nis a sweep with one point; see 'lacuna sweep --help'.\n",
    .run = ensemble};
