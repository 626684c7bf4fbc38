/* A checkpoint on disk: named blocks with a checksum, written beside its final name, synced and
 * renamed, with the previous generation kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_CHECKPOINT_FILE_H
#define LAC_STORE_CHECKPOINT_FILE_H

#include "base/block.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>

/* Facts that a checkpoint must agree on with the program and model that resume it. */
typedef struct lac_checkpoint_facts {
    char version[32];    /* of lacuna */
    char build[512];     /* compiler, flags and libraries */
    char model_hash[65]; /* SHA-like fingerprint of the resolved model text, hex */
    char method[24];
    char result[1024]; /* path of the result file */
    double time;       /* [s] */
    size_t frames;     /* complete records in the result file */
    size_t field_frames;
} lac_checkpoint_facts;

/* Writes PATH; what was there becomes PATH.1 (overwritten). Never half-written. */
lac_status lac_checkpoint_save(const char *path, const lac_checkpoint_facts *facts,
                               const lac_block_list *blocks, const char *model_text);

/* Removes what killed processes of this machine have left half-written beside PATH. Saving does
 * that too. */
lac_status lac_checkpoint_tidy(const char *path);

/* Removes all generations of PATH, if they are checkpoints. */
void lac_checkpoint_remove(const char *path);

/* Reads the facts and the model text (caller frees with lac_free) without touching blocks.
 * LAC_NO_INPUT when there is no such file or it is damaged; LAC_INPUT when it is whole, but of
 * another format or of a machine with another order of bytes. */
lac_status lac_checkpoint_peek(const char *path, lac_checkpoint_facts *facts, char **model_text);

/* Is there any generation of PATH, whole or not? */
bool lac_checkpoint_exists(const char *path);

/* A generation that can be read, with what lac_checkpoint_peek tells of it. */
typedef struct lac_checkpoint_found {
    lac_text path; /* PATH or PATH.1 */
    lac_text why;  /* why it is the older one; "" when it is not */
    lac_checkpoint_facts facts;
    char *model_text; /* owned, as the texts */
} lac_checkpoint_found;

/* The newest generation of PATH that is whole. LAC_NO_INPUT, with both reasons, when none is. */
lac_status lac_checkpoint_find(const char *path, lac_checkpoint_found *found);
void lac_checkpoint_found_free(lac_checkpoint_found *found);
/* Makes an older generation that was found the newest: what was damaged is gone. */
lac_status lac_checkpoint_reinstate(const char *path, const lac_checkpoint_found *found);

/* Restores every block by owner, name, type and count; anything missing, extra or damaged is an
 * error that names it, and then no block has been touched. */
lac_status lac_checkpoint_load(const char *path, lac_block_list *blocks);
/* The same of these blocks alone, whatever else the file holds. */
lac_status lac_checkpoint_pick(const char *path, const lac_block_list *blocks);

#endif
