/* The setup of a sweep: what `sweep` and `ensemble` share before the first member begins: the
 * plan, its members, their directory, and how the processors are shared among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SWEEP_SETUP_H
#define LAC_CLI_SWEEP_SETUP_H

#include "campaign/sweep.h"
#include "cli/command.h"
#include "cli/invocation.h"
#include "cli/places.h"

/* Zero-initialise; free with lac_sweep_setup_free. */
typedef struct lac_sweep_setup {
    const lac_arguments *arguments; /* borrowed */
    lac_plan *plan;                 /* owned, as the next */
    lac_sample_table *samples;
    lac_text directory, program; /* owned */
    lac_invocation now;          /* owned */
    lac_share share;
    size_t ranks;        /* of the job that shares the members; 0 or 1 = we are alone */
    size_t neighbours;   /* of these on this machine, sharing its memory */
    size_t processors;   /* that this process may use */
    size_t member_bytes; /* of memory */
    lac_process_layout process_layout;
    const bool *skip; /* borrowed [members]: not to be run now; NULL = all are */
    bool more;        /* others follow: the last words are left to them */
} lac_sweep_setup;

/* Where it comes from, and the share that --task says. */
lac_status lac_sweep_setup_begin(lac_sweep_setup *setup, const lac_arguments *arguments, int argc,
                                 char *const *argv);
/* Reads the plan, or makes that of an ensemble, and lists its members. */
lac_status lac_sweep_setup_load_plan(lac_sweep_setup *setup);
lac_status lac_sweep_setup_load_scenario(lac_sweep_setup *setup);
/* Chooses the process layout for as many members as may be still to be run. */
lac_status lac_sweep_setup_choose(lac_sweep_setup *setup, size_t processors);
void lac_sweep_setup_free(lac_sweep_setup *setup);

/* The command of a member, as a shell takes it. */
lac_status lac_sweep_setup_command(const lac_sweep_setup *setup, size_t member, lac_text *text);

/* The options of this sweep. */
lac_sweep_options lac_sweep_setup_options(const lac_sweep_setup *setup);

#endif
