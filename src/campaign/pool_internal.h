/* The pool from inside: what a worker process and its parent say to one another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_POOL_INTERNAL_H
#define LAC_CAMPAIGN_POOL_INTERNAL_H

#include "campaign/campaign.h"

#include <stdint.h>
#include <sys/types.h>

/* Members by their places in the list of what is to be done; the parent writes these. */
typedef struct lac_pool_range {
    size_t first, count;
} lac_pool_range;

/* Of one member, from the worker: followed by `bytes` of text: the sentence of a failure, or the
 * name of the file of the record. */
typedef enum lac_pool_news { LAC_POOL_DONE, LAC_POOL_FAILED, LAC_POOL_TROUBLE } lac_pool_news;
typedef struct lac_pool_report {
    uint64_t place;  /* in the list */
    uint64_t offset; /* of the record in its file */
    double wall, cpu, memory;
    uint32_t news, code; /* code: a lac_status */
    uint64_t bytes;
} lac_pool_report;

/* In memory that both see. */
typedef struct lac_pool_desk {
    volatile size_t place; /* of the member in hand; LAC_NONE = none */
    volatile double since; /* [s] of lac_clock_seconds */
    volatile int leave;    /* 1: the worker is to leave after the member in hand */
} lac_pool_desk;

/* What a worker process knows; borrowed. */
typedef struct lac_pool_place {
    lac_campaign *campaign;
    const lac_roster *roster;
    const size_t *to_do; /* members */
    lac_pool_desk *desk;
    int from, to; /* pipes: ranges come, reports go */
} lac_pool_place;

/* pool_worker.c: forks a worker. The ends of the parent are in *to and *from. */
lac_status lac_pool_fork(const lac_pool_place *place, pid_t *child, int *to, int *from);

#endif
