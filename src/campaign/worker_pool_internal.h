/* The pool from inside: what a worker process and its parent say to one another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_WORKER_POOL_INTERNAL_H
#define LAC_CAMPAIGN_WORKER_POOL_INTERNAL_H

#include "campaign/campaign.h"
#include "campaign/sweep_internal.h"
#include "campaign/worker_pool.h"

#include <stdint.h>
#include <sys/types.h>

/* Members by their places in the list of what is to be done; the parent writes these. */
typedef struct lac_worker_pool_range {
    size_t first, count;
} lac_worker_pool_range;

/* Of one member, from the worker: followed by `bytes` of text: the sentence of a failure, or the
 * name of the file of the record. */
typedef enum lac_worker_pool_report_kind {
    LAC_WORKER_POOL_DONE,
    LAC_WORKER_POOL_FAILED,
    LAC_WORKER_POOL_TROUBLE
} lac_worker_pool_report_kind;
typedef struct lac_worker_pool_report {
    uint64_t place;  /* in the list */
    uint64_t offset; /* of the record in its file */
    double wall, cpu, memory;
    uint32_t news, code; /* code: a lac_status */
    uint64_t bytes;
} lac_worker_pool_report;

/* In memory that both see. */
typedef struct lac_worker_pool_shared {
    volatile size_t place; /* of the member in hand; LAC_NONE = none */
    volatile double since; /* [s] of lac_clock_seconds */
    volatile int leave;    /* 1: the worker is to leave after the member in hand */
} lac_worker_pool_shared;

/* What a worker process knows; borrowed. */
typedef struct lac_worker_pool_place {
    lac_campaign *campaign;
    const lac_sample_table *samples;
    const size_t *to_do; /* members */
    lac_worker_pool_shared *desk;
    int from, to; /* pipes: ranges come, reports go */
} lac_worker_pool_place;

/* worker_process.c: forks a worker. The ends of the parent are in *to and *from. */
lac_status lac_worker_pool_fork(const lac_worker_pool_place *place, pid_t *child, int *to,
                                int *from);

/* --- the parent: its workers, and what they have in hand --- */

enum { LAC_WORKER_POOL_AHEAD = 2 };

typedef struct lac_worker_hand {
    pid_t child; /* 0 = none */
    int to, from;
    lac_worker_pool_shared *desk; /* shared */
    lac_worker_pool_range
        range[LAC_WORKER_POOL_AHEAD]; /* given and not told of yet, the oldest first */
    size_t ranges;
    double rate;  /* members a second; 0 = not known */
    double heard; /* [s] when it last told something */
    char *bytes;  /* owned: a report that has not come whole */
    size_t length, capacity;
} lac_worker_hand;

typedef struct lac_worker_pool {
    lac_campaign *campaign;
    const lac_sample_table *samples;
    const lac_sweep_options *options;
    lac_worker_pool_limits patience;
    bool *left;    /* borrowed [members] */
    size_t *to_do; /* owned: members */
    size_t count, next;
    lac_worker_pool_range *again; /* owned: of workers that died */
    size_t agains, again_capacity;
    lac_worker_hand *hand;         /* owned [workers] */
    lac_worker_pool_shared *desks; /* mapped [workers] */
    size_t workers, told;
    lac_sweep_state *state;
    bool stopping;
    lac_status why, failure;
    double stop_at, left_at;
    lac_text sentence; /* owned: about the trouble */
} lac_worker_pool;

/* worker_pool.c: members go back to those that are to be given; who asked for the sweep is
 * reported. */
lac_status lac_worker_pool_put_back(lac_worker_pool *all, lac_worker_pool_range range);
void lac_worker_pool_call(lac_worker_pool *all, const lac_attempt_record *record);

/* worker_pool_reports.c: takes what a worker says, or that it has ended. */
lac_status lac_worker_pool_hear(lac_worker_pool *all, lac_worker_hand *of);
/* Waits for a worker that ends. */
void lac_worker_pool_forget(lac_worker_hand *of, int *how);

#endif
