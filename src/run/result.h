/* A result that is there already: whether it is of a model, and whether a run can continue it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_RESULT_H
#define LAC_RUN_RESULT_H

#include "base/text.h"
#include "model/model.h"

typedef enum lac_result_kind {
    LAC_RESULT_NONE,       /* there is no file */
    LAC_RESULT_WHOLE,      /* of this model, up to the end that is asked for or beyond */
    LAC_RESULT_RESUMABLE,  /* of this model; it can continue from its checkpoint */
    LAC_RESULT_UNFINISHED, /* of this model, without a usable checkpoint: only a restart helps */
    LAC_RESULT_DAMAGED,    /* a result that cannot be read */
    LAC_RESULT_BLANK,      /* left by a run that was killed before its first frame */
    LAC_RESULT_OTHER       /* of another model, or no result at all */
} lac_result_kind;

typedef struct lac_result_state {
    lac_result_kind kind;
    size_t frames;
    double time;  /* [s] of the last frame; 0 without one */
    lac_text why; /* owned: a sentence about UNFINISHED, BLANK and OTHER; "" when all is plain */
} lac_result_state;

/* Finishes what a kill has interrupted in PATH, and clears away what it has left beside it.
 * LAC_FILE while another process is writing it. */
lac_status lac_result_repair(const char *path);

/* Looks at PATH and at the checkpoint beside it, and changes neither. Models are the same when
 * their resolved texts are, but for `until` and `checkpoint.every`. A seed that `model` does not
 * have is the one of the result. Fails for lack of memory only; free `why` with lac_text_free. */
lac_status lac_result_examine(const char *path, lac_model *model, lac_result_state *look);

#endif
