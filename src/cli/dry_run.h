/* The dry run of a sweep: what was understood of a plan, its first points, and what it will
 * cost, before anything is run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_DRY_RUN_H
#define LAC_CLI_DRY_RUN_H

#include "cli/sweep_setup.h"

/* Prints it, as text or as JSON. The process layout has been chosen. */
lac_status lac_dry_run_print(const lac_sweep_setup *setup, bool json);

#endif
