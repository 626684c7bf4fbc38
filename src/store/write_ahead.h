/* The journal of a result: "RESULT.journal", a copy of the pages that are about to be overwritten
 * in it. A kill while they are leaves the copy, from which the result is made whole again.
 *
 * A journal is complete, or it counts as nothing: it is voided (cut to no bytes) when the result
 * has all its pages, and taken away when the result is closed. Its writer holds a lock on it, so
 * that nobody else writes the same result; where a file system knows no locks, there is none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_WRITE_AHEAD_H
#define LAC_STORE_WRITE_AHEAD_H

#include "base/status.h"
#include "store/pages.h"

/* What a set of pages makes of a file. */
typedef struct lac_write_ahead_state {
    uint64_t end;  /* bytes of the file when all is done */
    uint64_t tail; /* from here to the end the file has its bytes already: they tell it by */
} lac_write_ahead_state;

enum { LAC_WRITE_AHEAD_NONE = -1 };

/* Opens and locks the journal of the result `path`; LAC_FILE when another process has it. */
lac_status lac_write_ahead_claim(const char *path, int *journal);
/* Brings the result `path` up to date with its journal, which is void then. */
lac_status lac_write_ahead_replay(const char *path, int journal);
/* All of it, where a kill has left a journal beside `path`. */
lac_status lac_write_ahead_mend(const char *path);
void lac_write_ahead_void(int journal);
/* Closes it; `done`: takes it away. LAC_WRITE_AHEAD_NONE is allowed. */
void lac_write_ahead_release(const char *path, int journal, bool done);

/* As one write: all pages of a change to the file `fd`. On failure errno tells why, and the journal
 * is void. */
bool lac_write_ahead_write(int journal, int fd, const lac_pages *pages,
                           lac_write_ahead_state state);

/* Pages of a complete journal beside `path` that belongs to the file `fd`, and how long they make
 * the file; no pages: there is none. Reads only. */
lac_status lac_write_ahead_look(const char *path, int fd, lac_pages *pages, uint64_t *end);

#endif
