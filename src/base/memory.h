/* Memory of the program: typed, zeroed, aligned to cache lines, and able to fail on demand in
 * tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_MEMORY_H
#define LAC_BASE_MEMORY_H

#include "base/status.h"

#include <stddef.h>

enum { LAC_CACHE_LINE = 64 };

/* `count` zeroed elements of `size` bytes, aligned to 64 bytes; NULL when there is no memory (the
 * sentence is recorded). A count of 0 gives a valid pointer to nothing. */
void *lac_alloc(size_t count, size_t size);

/* A grown copy of `old` (old_count elements kept, the rest zeroed); frees `old`. On failure returns
 * NULL and leaves `old` alone. */
void *lac_regrow(void *old, size_t old_count, size_t count, size_t size);

/* Frees what lac_alloc, lac_regrow or lac_copy_text gave; NULL is allowed. */
void lac_free(void *memory);

/* Copies of text; the second keeps at most `length` bytes. */
char *lac_copy_text(const char *text);
char *lac_copy_bytes(const char *text, size_t length);

/* LAC_NEW(pointer, count): allocate or leave through `out:` with LAC_MEMORY. */
#define LAC_NEW(pointer, count)                                                                    \
    do {                                                                                           \
        (pointer) = lac_alloc((count), sizeof *(pointer));                                         \
        if (!(pointer)) {                                                                          \
            status = LAC_MEMORY;                                                                   \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

/* LAC_GROW(array, count, capacity): room for one more element, or leave through `out:`. */
#define LAC_GROW(array, count, capacity)                                                           \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            size_t grown_ = (capacity) ? 2 * (capacity) : 8;                                       \
            void *moved_ = lac_regrow((array), (count), grown_, sizeof *(array));                  \
            if (!moved_) {                                                                         \
                status = LAC_MEMORY;                                                               \
                goto out;                                                                          \
            }                                                                                      \
            (array) = moved_;                                                                      \
            (capacity) = grown_;                                                                   \
        }                                                                                          \
    } while (0)

/* LAC_OWN(pointer, expression): keep a fresh pointer, or leave through `out:` when it is NULL. */
#define LAC_OWN(pointer, expression)                                                               \
    do {                                                                                           \
        (pointer) = (expression);                                                                  \
        if (!(pointer)) {                                                                          \
            status = LAC_MEMORY;                                                                   \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

/* Tests: the n-th allocation from now on fails (1 = the next one; 0 = none); how many were asked
 * for since; how many are alive. */
void lac_memory_fail_at(size_t n);
size_t lac_memory_requests(void);
size_t lac_memory_alive(void);

#endif
