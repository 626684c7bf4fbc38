/* Launching: what `run` and `resume` share: their origin, threads, the run with its progress, and
 * the last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_LAUNCH_H
#define LAC_CLI_LAUNCH_H

#include "cli/catalogue.h"
#include "cli/command.h"
#include "cli/invocation.h"
#include "cli/progress.h"
#include "loading/origin.h"
#include "run/simulation.h"
#include "run/start.h"

/* One run on its way. Zero-initialise; free with lac_launch_free. */
typedef struct lac_launch {
    const lac_arguments *arguments; /* borrowed */
    lac_model *model;               /* owned */
    lac_start start;                /* owned: of --before */
    lac_text result;                /* owned: path of the result */
    lac_simulation *simulation;     /* owned */
    lac_run_options options;        /* borrows from here */
    lac_meter meter;
    lac_invocation now; /* owned */
    char *const *argv;  /* borrowed */
} lac_launch;

/* Signals, progress and the origin. */
lac_status lac_launch_begin(lac_launch *launch, const lac_arguments *arguments, int argc,
                            char *const *argv);
/* Once the model is read from the file `text`, before anything is printed or written: with several
 * threads the program begins again if they would wait the wrong way. */
void lac_launch_set_thread_wait(const lac_launch *launch, const lac_model *model, const char *text);
/* Once model and result are known: threads and options. */
void lac_launch_prepare(lac_launch *launch);
/* Runs to the end and says what became of it. */
lac_status lac_launch_run(lac_launch *launch);
void lac_launch_free(lac_launch *launch);

/* --threads, else OMP_NUM_THREADS, else the processors that this process may use, but no more than
 * the size of the model keeps busy. */
void lac_launch_threads(const lac_arguments *arguments, const lac_model *model);

/* Unknowns of a run, and how many threads they keep busy. */
double lac_launch_unknowns(const lac_model *model);
int lac_launch_useful_threads(const lac_model *model);

/* The path of a scenario, model or plan: as said, or, when there is no such file here, below the
 * directory of installed models and scenarios. LAC_NO_INPUT with the nearest ones when it is in
 * neither. */
lac_status lac_launch_find(lac_catalogue_kind kind, const char *said, lac_text *path);

/* Where the result of a scenario goes: --out, else results/NAME.nc. The directories below params/
 * are kept, so that params/column/x.yaml and params/section/x.yaml have results of their own. */
lac_status lac_launch_result(const lac_arguments *arguments, const lac_model *model,
                             lac_text *result);

/* The directory of installed models and scenarios, and what finds files in it. */
const char *lac_launch_data(void);
extern const lac_file_finder lac_launch_installed;

/* --until and --checkpoint-every over the model's settings. */
lac_status lac_launch_settings(const lac_arguments *arguments, lac_model *model);

/* Warnings of a text that was loaded, unless quiet; all of it when there were errors. */
void lac_launch_diagnostics(const lac_diagnostics *list, bool quiet);

#endif
