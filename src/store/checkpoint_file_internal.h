/* A checkpoint as a stream of bytes: what its writer and its reader agree on.
 *
 * Layout (numbers in the machine's order, told by LAC_CHECKPOINT_ORDER; lengths in 64 bits):
 *   magic, order, format version; facts; length + model text; count of blocks;
 *   each block: length + owner, length + name, type, element count, elements; checksum of it all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_CHECKPOINT_FILE_INTERNAL_H
#define LAC_STORE_CHECKPOINT_FILE_INTERNAL_H

#include "store/checkpoint_file.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LAC_CHECKPOINT_MAGIC "LacCkpt\n"
#define LAC_CHECKPOINT_ORDER UINT64_C(0x0102030405060708)
#define LAC_CHECKPOINT_OTHER_ORDER UINT64_C(0x0807060504030201)

enum { LAC_CHECKPOINT_VERSION = 2, LAC_CHECKPOINT_NAME = 256 };

/* A file with the checksum of what has passed; the first failure sticks. */
typedef struct lac_checkpoint_stream {
    FILE *file;
    const char *path; /* borrowed: for sentences */
    uint64_t sum;
    lac_status failed;
} lac_checkpoint_stream;

/* Bytes of a block's elements on the disk: sizes take 64 bits each. */
size_t lac_block_bytes(const lac_block *block);

#endif
