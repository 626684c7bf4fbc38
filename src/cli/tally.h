/* The tally of many runs while they go on: progress on stderr, failures by name, and the index,
 * into which members are folded in their order as they end. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef LAC_CLI_TALLY_H
#define LAC_CLI_TALLY_H

#include "cli/many.h"
#include "index/index.h"

/* Zero-initialise; free with lac_tally_free. */
typedef struct lac_tally {
    const lac_many *many;   /* borrowed */
    lac_campaign *campaign; /* borrowed */
    lac_meter meter;
    lac_attempt_record *record; /* owned [members]: sums of attempts */
    bool *settled;              /* owned [members]: done, or tried in this sweep */
    bool folds;                 /* an index is made */
    lac_index *index;
    size_t folded; /* members that are in it */
    size_t bad;    /* called done and found not to be */
    size_t told;   /* failures that were printed */
    lac_sweep_state state;
    lac_status trouble; /* of the index */
    lac_text sentence;  /* owned */
} lac_tally;

lac_status lac_tally_begin(lac_tally *tally, const lac_many *many, lac_campaign *campaign,
                           bool folds);
/* A lac_sweep_call; `context` is the tally. Looks at the signals too. */
lac_sweep_request lac_tally_call(void *context, const lac_sweep_state *state);
/* Folds the rest and gives the index its name. */
lac_status lac_tally_finish(lac_tally *tally);
void lac_tally_free(lac_tally *tally);

/* "k=2 1/h, half_life=3 h": what a member is given by its point. */
void lac_tally_name_point(const lac_sample_table *samples, size_t member, lac_text *text);

#endif
