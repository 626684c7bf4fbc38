/* The foresight of many runs: what was understood of a plan, its first points, and what it will
 * cost, before anything is run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_FORESIGHT_H
#define LAC_CLI_FORESIGHT_H

#include "cli/many.h"

/* Prints it, as text or as JSON. The process layout has been chosen. */
lac_status lac_foresight_print(const lac_many *many, bool json);

#endif
