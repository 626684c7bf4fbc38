/* Conducting many runs: from the sample table to the last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_CONDUCT_H
#define LAC_CLI_CONDUCT_H

#include "cli/many.h"

/* Runs what is to be run, or tells what --dry-run or --status ask for. */
lac_status lac_conduct(lac_many *many);

#endif
