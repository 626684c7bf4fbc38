/* A sweep: members run as processes, each an ordinary `lacuna run`, until all are done.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SWEEP_H
#define LAC_CAMPAIGN_SWEEP_H

#include "campaign/campaign.h"

#include <stdbool.h>

/* How the processors are shared; 0 = to be chosen. */
typedef struct lac_process_layout {
    size_t workers; /* members at a time */
    size_t threads; /* of each member */
} lac_process_layout;

/* Small runs one a core; when memory or the number of members allows fewer members than
 * processors, the others work as threads inside, up to `useful`. LAC_LIMIT when not even one fits.
 * Given values \(non-zero\) are kept. */
lac_status lac_process_layout_choose(lac_process_layout *process_layout, size_t members,
                                     size_t processors, size_t useful, size_t member_bytes,
                                     size_t limit_bytes);

/* What is reported to the caller: after every ended attempt, and at least every second. */
typedef struct lac_sweep_state {
    size_t members;      /* of the share */
    size_t done;         /* with those that were found */
    size_t failed, lost; /* in this sweep */
    size_t suspended;    /* left after a checkpoint, in this sweep */
    size_t running;      /* as children of this process */
    size_t found;        /* done before this sweep began */
    const lac_attempt_record
        *record; /* the attempt that has just ended; NULL = only time has passed */
} lac_sweep_state;
typedef enum lac_sweep_request { LAC_SWEEP_CONTINUE, LAC_SWEEP_STOP } lac_sweep_request;
typedef lac_sweep_request (*lac_sweep_call)(void *context, const lac_sweep_state *state);

/* Hands out members when many processes share one campaign (MPI); NULL in lac_sweep_options: this
 * process takes every member of its share that is not done, in order. */
typedef struct lac_member_queue {
    /* The next member for us; LAC_NONE when there is none left. */
    size_t (*next)(void *self);
    /* Tells what became of one of ours. */
    lac_status (*ended)(void *self, const lac_attempt_record *attempt);
    /* Answers others, every few milliseconds: true with an attempt that ended elsewhere. */
    bool (*hear)(void *self, lac_attempt_record *attempt);
    /* Why the others want us to stop; LAC_OK when they do not. */
    lac_status (*called)(void *self);
    /* We stop, and so shall the others. */
    void (*close)(void *self, lac_status why);
    /* Do others still run, so that we must keep answering? And how many members do they
     * run? */
    bool (*busy)(void *self);
    size_t (*elsewhere)(void *self);
    void *self;
} lac_member_queue;

typedef struct lac_sweep_options {
    const char *program;               /* path of lacuna itself */
    lac_process_layout process_layout; /* chosen */
    lac_share share;
    const char *checkpoint_every; /* wall time, such as "10 min" */
    double wall;                  /* [s] budget; 0 = none: then members are interrupted */
    lac_sweep_call call;          /* may be NULL */
    void *context;
    const lac_member_queue *queue; /* may be NULL */
    const bool *skip;              /* [members] not to be run now; NULL = all are */
    const lac_sweep_state *so_far; /* what was done before in this sweep; NULL = nothing */
} lac_sweep_options;

/* Runs what is not done. A member that fails does not stop the others: LAC_MEMBERS at the end when
 * some did. LAC_INTERRUPTED or LAC_BUDGET after all running members have written a checkpoint and
 * left (SIGTERM is passed on to them). Every attempt is in the journal when this returns. */
lac_status lac_sweep_run(lac_campaign *campaign, const lac_sample_table *samples,
                         const lac_sweep_options *options);

/* The words of the command of a member of the campaign in `directory`, terminated by NULL; words[0]
 * is `program`. Free with lac_sweep_words_free. A person can say them again. */
lac_status lac_sweep_words(const char *directory, const lac_sample_table *samples, size_t member,
                           const lac_sweep_options *options, char ***words);
void lac_sweep_words_free(char **words);

#endif
