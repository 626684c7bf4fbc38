/* Help: of the program and of each command.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_HELP_H
#define LAC_CLI_HELP_H

#include "cli/command.h"

extern const char lac_help_hint[];

lac_status lac_help_program(void);
lac_status lac_help_command(const lac_command *command);

/* The command of that name; LAC_USAGE with the nearest one. */
lac_status lac_help_find(const char *name, const lac_command **found);

#endif
