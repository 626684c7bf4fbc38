/* Named blocks of state: how a stepper or observer shows what a checkpoint must keep.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_BLOCK_H
#define LAC_BASE_BLOCK_H

#include <stddef.h>

typedef enum lac_block_type { LAC_BLOCK_DOUBLE, LAC_BLOCK_SIZE, LAC_BLOCK_BYTES } lac_block_type;

typedef struct lac_block {
    const char *name; /* unique within its owner; borrowed */
    lac_block_type type;
    size_t count; /* elements (LAC_BLOCK_SIZE: size_t, stored as 64 bits) */
    void *data;   /* borrowed: read to save, written to restore */
} lac_block;

enum { LAC_BLOCKS_MOST = 96 };

/* A list that owners append to. */
typedef struct lac_block_list {
    lac_block block[LAC_BLOCKS_MOST];
    char prefix[LAC_BLOCKS_MOST][32]; /* the owner: "stepper", "observe.ledger" */
    size_t count;
} lac_block_list;

void lac_block_add(lac_block_list *list, const char *owner, const char *name, lac_block_type type,
                   size_t count, void *data);

#endif
