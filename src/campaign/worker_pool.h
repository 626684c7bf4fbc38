/* A pool: members run in memory by worker processes, which are forked and hold the compiled model.
 *
 * Each worker appends its results to a file of its own (rows.h) and tells us of them a few times a
 * second. A worker that dies costs the member that it had in hand: what it had not told of is run
 * again by others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_WORKER_POOL_H
#define LAC_CAMPAIGN_WORKER_POOL_H

#include "campaign/sweep.h"

/* Members that take longer are put aside, to be run as processes of their own with checkpoints
 * [s of wall clock]; INFINITY = none is. */
typedef struct lac_worker_pool_limits {
    double first; /* of the very first member: when it takes longer, all are put aside */
    double each;
} lac_worker_pool_limits;

/* As lac_sweep_run, without a member queue. `left` [members] receives which members were put aside,
 * and `state` how far it is; with some put aside LAC_OK is returned though they are not done. */
lac_status lac_worker_pool_run(lac_campaign *campaign, const lac_sample_table *samples,
                               const lac_sweep_options *options, lac_worker_pool_limits patience,
                               bool *left, lac_sweep_state *state);

#endif
