/* Handles: what every handle of the public interface begins with, and how calls on it are let in.
 *
 * Handles that live are in a list, so that a freed one is known without being looked at. The list,
 * and the lock around the two libraries that are for one thread at a time (FFTW's planner, HDF5),
 * are all that the handles of a process share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_HANDLE_INTERNAL_H
#define LAC_LIBRARY_HANDLE_INTERNAL_H

#include "base/status.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef enum lac_handle_kind {
    LAC_MODEL,
    LAC_SIMULATION,
    LAC_CHECKPOINT,
    LAC_START
} lac_handle_kind;

typedef struct lac_handle {
    lac_handle_kind kind;
    struct lac_handle *next; /* in the list */
    atomic_bool busy;        /* a call is running */
    char sentence[2048];     /* of the last call */
} lac_handle;

/* Takes a handle into the list, and out of it. */
void lac_handle_enlist(lac_handle *handle, lac_handle_kind kind);
void lac_handle_delist(lac_handle *handle);

/* `handle` points to what begins with a handle. Does it live, and is it of that kind? Else
 * LAC_USAGE with a sentence of the thread. */
lac_status lac_handle_check(const void *handle, lac_handle_kind kind);
/* The same, and nothing else is done with it until lac_handle_leave, which keeps the sentence and
 * returns the public code. */
lac_status lac_handle_enter(void *handle, lac_handle_kind kind);
int lac_handle_leave(lac_handle *handle, lac_status status);
/* The public code of a call that changes nothing; the sentence is kept too. */
int lac_handle_tell(const lac_handle *handle, lac_status status);

/* LAC_USAGE unless the pointer is there; `what` is what is missing. */
lac_status lac_need(const void *pointer, const char *what);

/* Around FFTW's planner and HDF5; the same thread may take it again. */
void lac_shared_lock(void);
void lac_shared_unlock(void);

#endif
