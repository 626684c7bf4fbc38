/* Sums: a checksum of every block of a file, kept behind the file's last byte, where HDF5 and its
 * readers do not look. What does not fit is refused before HDF5 sees it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_SUMS_H
#define LAC_STORE_SUMS_H

#include "store/pages.h"

enum { LAC_SUM_BLOCK = 4096 }; /* [bytes] */

/* Zeroed = none: a file without checksums, in which nothing can be found wrong. */
typedef struct lac_sums {
    uint64_t *sum;        /* [blocks], owned */
    unsigned char *state; /* [blocks], owned */
    size_t blocks, capacity;
    uint64_t end;  /* bytes of the file that they cover; 0 = none */
    uint64_t last; /* where they end themselves */
    bool damaged;  /* they are there, and do not fit themselves */
} lac_sums;

/* A file as its readers see it: bytes, and changes to them that are not in it yet. */
typedef struct lac_sums_file {
    int fd;
    const lac_pages *pages;
} lac_sums_file;

/* Has the file sums, whole or damaged? Only their header is read. */
bool lac_sums_present(int fd);
/* Reads the sums of a file, when it has any. False without memory. */
bool lac_sums_load(lac_sums *sums, lac_sums_file file);
void lac_sums_free(lac_sums *sums);

/* Are the blocks that hold these bytes as they were written? Each is looked at once. If not, `*at`
 * is where the first bad one begins. */
bool lac_sums_check(lac_sums *sums, lac_sums_file file, uint64_t offset, uint64_t count,
                    uint64_t *at);

/* These bytes are being changed. False without memory. */
bool lac_sums_change(lac_sums *sums, uint64_t offset, uint64_t count);
/* Brings the sums up to date with the file of `end` bytes. False with errno. */
bool lac_sums_renew(lac_sums *sums, lac_sums_file file, uint64_t end);

/* The place and the bytes of the sums behind a file of `end` bytes: a header, then `sum`. */
enum { LAC_SUMS_HEADER = 64 };
uint64_t lac_sums_place(uint64_t end);
void lac_sums_header(const lac_sums *sums, unsigned char header[LAC_SUMS_HEADER]);

#endif
