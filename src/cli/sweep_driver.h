/* The sweep driver: from the sample table to the closing messages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SWEEP_DRIVER_H
#define LAC_CLI_SWEEP_DRIVER_H

#include "cli/sweep_setup.h"

/* Runs what is to be run, or tells what --dry-run or --status ask for. */
lac_status lac_sweep_drive(lac_sweep_setup *setup);

#endif
