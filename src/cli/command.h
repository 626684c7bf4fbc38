/* Commands: one file and one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_COMMAND_H
#define LAC_CLI_COMMAND_H

#include "cli/options.h"

typedef struct lac_command {
    const char *name;
    const char *operands; /* as --help shows them */
    size_t least, most;   /* how many */
    unsigned bit;         /* LAC_FOR_... */
    const char *summary;
    const char *details; /* further text of --help; may be NULL */
    lac_status (*run)(const lac_arguments *arguments, int argc, char *const *argv);
} lac_command;

extern const lac_command lac_command_merge, lac_command_verify, lac_command_rest;
extern const lac_command lac_command_run, lac_command_resume, lac_command_check, lac_command_show,
    lac_command_ensemble, lac_command_sweep, lac_command_sensitivity, lac_command_trial,
    lac_command_list, lac_command_help;

/* NULL-terminated. */
extern const lac_command *const lac_command_table[];

#endif
