/* The pool from inside: what a worker process and its parent say to one another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_WORKER_POOL_INTERNAL_H
#define LAC_CAMPAIGN_WORKER_POOL_INTERNAL_H

#include "campaign/campaign.h"

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

/* pool_worker.c: forks a worker. The ends of the parent are in *to and *from. */
lac_status lac_worker_pool_fork(const lac_worker_pool_place *place, pid_t *child, int *to,
                                int *from);

#endif
