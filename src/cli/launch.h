/* Launching: what `run` and `resume` share: threads, notes about the origin, the march with its
 * progress, and the last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_LAUNCH_H
#define LAC_CLI_LAUNCH_H

#include "cli/command.h"
#include "cli/progress.h"
#include "run/simulation.h"

/* Who runs where and when, for provenance. */
typedef struct lac_circumstances {
    lac_text command;
    char host[256];
    char created[32]; /* UTC, ISO 8601 */
} lac_circumstances;

lac_status lac_circumstances_find(int argc, char *const *argv, lac_circumstances *now);
void lac_circumstances_free(lac_circumstances *now);

/* --threads, else OMP_NUM_THREADS, else the processors that this process may use, but no more than
 * the size of the model keeps busy. */
void lac_launch_threads(const lac_words *words, const lac_model *model);

/* A scenario's or model's path: as said, or, when there is no such file here, below the directory
 * of installed models and scenarios. */
lac_status lac_launch_find(const char *said, lac_text *path);

/* --until and --checkpoint-every over the model's settings. */
lac_status lac_launch_settings(const lac_words *words, lac_model *model);

/* Warnings of a text that was loaded, unless quiet; all of it when there were errors. */
void lac_launch_diagnostics(const lac_diagnostics *list, bool quiet);

/* Marches to the end and says what became of it; `meter` has been started. */
lac_status lac_launch_march(lac_simulation *simulation, const lac_words *words, lac_meter *meter,
                            const char *result);

#endif
