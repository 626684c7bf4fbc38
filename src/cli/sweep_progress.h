/* The progress of a sweep: lines on stderr, failures by name, and the index,
 * into which members are folded in their order as they end. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef LAC_CLI_SWEEP_PROGRESS_H
#define LAC_CLI_SWEEP_PROGRESS_H

#include "cli/progress.h"
#include "cli/sweep_setup.h"
#include "index/index.h"

/* Zero-initialise; free with lac_sweep_progress_free. */
typedef struct lac_sweep_progress {
    const lac_sweep_setup *setup; /* borrowed */
    lac_campaign *campaign;       /* borrowed */
    lac_meter meter;
    lac_attempt_record *record; /* owned [members]: sums of attempts */
    bool *finished;             /* owned [members]: done, or tried in this sweep */
    bool folds;                 /* an index is made */
    lac_index *index;
    size_t folded; /* members that are in it */
    size_t bad;    /* called done and found not to be */
    size_t told;   /* failures that were printed */
    lac_sweep_state state;
    lac_status failure; /* of the index */
    lac_text sentence;  /* owned */
} lac_sweep_progress;

lac_status lac_sweep_progress_begin(lac_sweep_progress *progress, const lac_sweep_setup *setup,
                                    lac_campaign *campaign, bool folds);
/* A lac_sweep_call; `context` is the progress. Looks at the signals too. */
lac_sweep_request lac_sweep_progress_call(void *context, const lac_sweep_state *state);
/* Folds the rest and gives the index its name. */
lac_status lac_sweep_progress_finish(lac_sweep_progress *progress);
void lac_sweep_progress_free(lac_sweep_progress *progress);

/* "k=2 1/h, half_life=3 h": what a member is given by its point. */
void lac_sweep_progress_name_point(const lac_sample_table *samples, size_t member, lac_text *text);

#endif
