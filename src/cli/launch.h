/* Launching: what `run`, `resume` and `rest` share, over lacuna.h: the model, its settings,
 * threads, the run with its progress, and the last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_LAUNCH_H
#define LAC_CLI_LAUNCH_H

#include "cli/command.h"
#include "cli/invocation.h"
#include "cli/progress.h"
#include "library/lacuna.h"

/* One run on its way. Zero-initialise; free with lac_launch_free. */
typedef struct lac_launch {
    const lac_arguments *arguments; /* borrowed */
    lacuna_model *model;            /* owned, as the next two */
    lacuna_start *start;            /* of --before */
    lacuna_simulation *simulation;
    lacuna_outline outline; /* of the model */
    lacuna_options options; /* borrows from here */
    double seed;            /* of the run; below 0: none */
    lac_text result;        /* owned: path of the result */
    lac_meter meter;
    lac_invocation now; /* owned */
    char *const *argv;  /* borrowed */
} lac_launch;

/* Signals, progress and the origin. */
lac_status lac_launch_begin(lac_launch *launch, const lac_arguments *arguments, int argc,
                            char *const *argv);

/* What is opened. */
typedef struct lac_launch_text {
    const lac_override *set;
    size_t sets;
    bool for_run, stream, review;
} lac_launch_text;
/* Opens the scenario that is the first operand, here or installed; *model may be left after a
 * failure. `path` receives where it is. */
lac_status lac_launch_open(const lac_arguments *arguments, lac_launch_text text, lac_text *path,
                           lacuna_model **model);
/* Its warnings, unless quiet; all that was said of it when there were errors. */
void lac_launch_problems(const lacuna_model *model, bool quiet);
/* --until, --checkpoint-every, --from and --from-time over the model's settings. */
lac_status lac_launch_settings(const lac_arguments *arguments, lacuna_model *model);

/* Once the model is read from the file `text`, before anything is printed or written: with several
 * threads the program begins again if they would wait the wrong way. */
lac_status lac_launch_set_thread_wait(lac_launch *launch, const char *text);
/* Where the result of a scenario goes: --out, else results/NAME.nc. The directories below params/
 * are kept, so that params/column/x.yaml and params/section/x.yaml have results of their own. */
lac_status lac_launch_result(lac_launch *launch);
/* Once model and result are known, and threads are chosen: the options. */
lac_status lac_launch_prepare(lac_launch *launch);
/* The checkpoint: as said, else beside the result. */
lac_status lac_launch_checkpoint(const lac_launch *launch, lac_text *path);
/* Runs to the end and says what became of it. */
lac_status lac_launch_run(lac_launch *launch);
void lac_launch_free(lac_launch *launch);

#endif
