/* What became of a run, as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_RUN_JSON_H
#define LAC_CLI_RUN_JSON_H

#include "cli/launch.h"

/* Prints one document about a launch whose result is known and that ended with `status`; the
 * simulation may be missing. Gives `status` back, or what went wrong here. */
lac_status lac_run_json_print(const lac_launch *launch, lac_status status);

#endif
