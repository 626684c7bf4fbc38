/* A worker: runs members in memory, one after the other: no process and no file for each.
 *
 * A member has the numbers that an ordinary `lacuna run` with its words has, bit for bit: the
 * scenario is loaded with the same texts, and a run that begins again has the bits of a new one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_WORKER_H
#define LAC_CAMPAIGN_WORKER_H

#include "campaign/sample_table.h"

typedef struct lac_worker lac_worker;

/* The curves of a member: all observables, then all pools, in display units. Borrowed from the
 * worker until the next member. */
typedef struct lac_curves {
    size_t frames, series;
    const double *time;  /* [frames] [h] */
    const double *value; /* [series][frames] */
} lac_curves;

/* `sample table` is borrowed. One thread is used. */
lac_status lac_worker_create(const lac_sample_table *samples, lac_worker **worker);
void lac_worker_free(lac_worker *worker);
/* How many starts it has looked for: arms of one start that are run one after the other share it.
 */
size_t lac_worker_starts(const lac_worker *worker);
/* Runs a member. A failure is that of the member, but for LAC_MEMORY; the worker stays of use. */
lac_status lac_worker_run(lac_worker *worker, size_t member, lac_curves *curves);

#endif
