/* A snapshot: all blocks end to end in one buffer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/snapshot.h"

#include "base/memory.h"

#include <string.h>

struct lac_snapshot {
    lac_block_list blocks;
    unsigned char *bytes; /* owned */
};

static size_t block_bytes(const lac_block *block)
{
    switch (block->type) {
    case LAC_BLOCK_DOUBLE:
        return block->count * sizeof(double);
    case LAC_BLOCK_SIZE:
        return block->count * sizeof(size_t);
    default:
        return block->count;
    }
}

lac_status lac_snapshot_create(const lac_block_list *blocks, lac_snapshot **snapshot)
{
    lac_status status = LAC_OK;
    lac_snapshot *fresh = NULL;
    size_t bytes = 0;
    LAC_NEW(fresh, 1);
    fresh->blocks = *blocks;
    for (size_t k = 0; k < blocks->count; k++)
        bytes += block_bytes(&blocks->block[k]);
    LAC_NEW(fresh->bytes, bytes);
    *snapshot = fresh;
    fresh = NULL;
out:
    lac_snapshot_free(fresh);
    return status;
}

void lac_snapshot_free(lac_snapshot *snapshot)
{
    if (!snapshot)
        return;
    lac_free(snapshot->bytes);
    lac_free(snapshot);
}

void lac_snapshot_take(lac_snapshot *snapshot)
{
    unsigned char *to = snapshot->bytes;
    for (size_t k = 0; k < snapshot->blocks.count; k++) {
        const lac_block *block = &snapshot->blocks.block[k];
        if (block->count > 0)
            memcpy(to, block->data, block_bytes(block));
        to += block_bytes(block);
    }
}

static bool is_same_shape(const lac_block_list *a, const lac_block_list *b)
{
    bool same = a->count == b->count;
    for (size_t k = 0; same && k < a->count; k++)
        same = block_bytes(&a->block[k]) == block_bytes(&b->block[k]) &&
               strcmp(a->block[k].name, b->block[k].name) == 0;
    return same;
}

bool lac_snapshot_restore_to(const lac_snapshot *snapshot, const lac_block_list *blocks)
{
    const unsigned char *from = snapshot->bytes;
    if (!is_same_shape(&snapshot->blocks, blocks))
        return false;
    for (size_t k = 0; k < blocks->count; k++) {
        const lac_block *block = &blocks->block[k];
        if (block->count > 0)
            memcpy(block->data, from, block_bytes(block));
        from += block_bytes(block);
    }
    return true;
}

/* The bytes of a block like this one, or NULL. */
static const unsigned char *find(const lac_snapshot *snapshot, const lac_block *block,
                                 const char *owner)
{
    const unsigned char *bytes = snapshot->bytes;
    for (size_t k = 0; k < snapshot->blocks.count; k++) {
        const lac_block *here = &snapshot->blocks.block[k];
        if (strcmp(snapshot->blocks.prefix[k], owner) == 0 && strcmp(here->name, block->name) == 0)
            return block_bytes(here) == block_bytes(block) ? bytes : NULL;
        bytes += block_bytes(here);
    }
    return NULL;
}

bool lac_snapshot_pick(const lac_snapshot *snapshot, const lac_block_list *blocks)
{
    for (size_t k = 0; k < blocks->count; k++) {
        const unsigned char *from = find(snapshot, &blocks->block[k], blocks->prefix[k]);
        if (!from)
            return false;
        if (blocks->block[k].count > 0)
            memcpy(blocks->block[k].data, from, block_bytes(&blocks->block[k]));
    }
    return true;
}

void lac_snapshot_restore(const lac_snapshot *snapshot)
{
    lac_snapshot_restore_to(snapshot, &snapshot->blocks);
}
