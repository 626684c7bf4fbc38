/* Pages: changes to a file that are kept in memory, to be looked through when it is read, and to be
 * applied to it all together. Where a function may fail, errno tells why.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_PAGES_H
#define LAC_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAC_PAGE = 512 }; /* [bytes] */

typedef struct lac_page {
    uint64_t offset; /* in the file, a multiple of LAC_PAGE */
    unsigned char bytes[LAC_PAGE];
} lac_page;

/* Zeroed = empty. */
typedef struct lac_pages {
    lac_page *page; /* [count], owned, in the order of their first change */
    size_t count, capacity;
    size_t *order; /* [count], owned: indices of the pages by offset */
    size_t order_capacity;
} lac_pages;

/* Changes bytes of the file `fd`; pages that stay what they are in the file are not kept. */
bool lac_pages_change(lac_pages *pages, int fd, uint64_t offset, const void *bytes, size_t count);

/* Puts the changes over bytes that were read from the file. */
void lac_pages_look_through(const lac_pages *pages, uint64_t offset, void *bytes, size_t count);

/* Writes the changes to the file, by offset. */
bool lac_pages_apply(const lac_pages *pages, int fd);

/* Room for `count` pages, which the caller fills in any order and then hands over. */
bool lac_pages_reserve(lac_pages *pages, size_t count);
void lac_pages_adopt(lac_pages *pages, size_t count);

/* Forgets all changes; the second also gives their memory back. */
void lac_pages_forget(lac_pages *pages);
void lac_pages_free(lac_pages *pages);

/* The whole of it, at a place: what lies beyond the end of the file reads as zeros. */
bool lac_pread_all(int fd, void *bytes, size_t count, uint64_t offset);
bool lac_pwrite_all(int fd, const void *bytes, size_t count, uint64_t offset);

#endif
