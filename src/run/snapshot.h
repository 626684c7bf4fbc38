/* A snapshot: a copy in memory of named blocks, to go back to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SNAPSHOT_H
#define LAC_RUN_SNAPSHOT_H

#include "base/block.h"
#include "base/status.h"

#include <stdbool.h>

typedef struct lac_snapshot lac_snapshot;

/* Room for a copy of these blocks; the list itself is copied, the data stay borrowed. */
lac_status lac_snapshot_create(const lac_block_list *blocks, lac_snapshot **snapshot);
void lac_snapshot_free(lac_snapshot *snapshot);
/* Copies the content back to other blocks of the same shape; false when theirs is another. */
bool lac_snapshot_restore_to(const lac_snapshot *snapshot, const lac_block_list *blocks);

void lac_snapshot_take(lac_snapshot *snapshot);
void lac_snapshot_restore(const lac_snapshot *snapshot);

/* Restores these blocks alone, found by owner and name; false when one is not there like this. */
bool lac_snapshot_pick(const lac_snapshot *snapshot, const lac_block_list *blocks);

#endif
