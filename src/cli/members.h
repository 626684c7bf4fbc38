/* Where members are run: in memory, or each as a process with a file of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_MEMBERS_H
#define LAC_CLI_MEMBERS_H

#include "cli/sweep_setup.h"

/* Runs what is not done, where --members says; by itself in memory, if it can be and the first
 * member is done within a second. Returns as lac_sweep_run. */
lac_status lac_members_run(const lac_sweep_setup *setup, lac_campaign *campaign,
                           const lac_sweep_options *options);

#endif
