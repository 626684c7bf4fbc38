/* Vectors: the one flat array of all unknowns, and sums whose order does not depend on threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_VECTOR_H
#define LAC_BASE_VECTOR_H

#include "base/status.h"

#include <stddef.h>

/* The fields of one tissue: field first + f occupies value[at + f * stride .. + voxels - 1]. The
 * stride is padded so that equal voxels of many fields do not share cache sets; padding is zero and
 * stays zero. */
typedef struct lac_tract {
    size_t first, fields;
    size_t voxels, stride;
    size_t at;
} lac_tract;

enum { LAC_TRACTS_MOST = 8 };

/* Where everything lies in the vector of unknowns: tissue by tissue, then the pools. There is
 * always a tract; a model without a tissue has an empty one. */
typedef struct lac_layout {
    size_t tracts;
    lac_tract tract[LAC_TRACTS_MOST];
    size_t fields; /* of all tissues */
    size_t pools;
    size_t pools_at; /* pool p is value[pools_at + p] */
    size_t widest;   /* the largest stride */
    size_t length;
} lac_layout;

/* Of one tissue. */
lac_layout lac_layout_of(size_t fields, size_t voxels, size_t pools);

/* What a tissue adds; `count` of them, at least 1 and at most LAC_TRACTS_MOST. */
typedef struct lac_tract_size {
    size_t fields, voxels;
} lac_tract_size;
lac_layout lac_layout_of_tracts(const lac_tract_size *size, size_t count, size_t pools);

/* Which tract holds a field. */
size_t lac_layout_tract(const lac_layout *layout, size_t field);

/* Where variable v (fields first, then pools) begins, and how many values it has: the voxels of its
 * tissue, or 1. */
size_t lac_layout_at(const lac_layout *layout, size_t variable);
size_t lac_layout_size(const lac_layout *layout, size_t variable);

/* Fields times voxels, over all tissues. */
size_t lac_layout_unknowns(const lac_layout *layout);

/* A block of voxels is the unit of work and of summation, whatever the number of threads. */
enum { LAC_BLOCK = 512 };
size_t lac_blocks(size_t count); /* ceil(count / LAC_BLOCK) */
/* Elements of a block of `count`; it begins at block * LAC_BLOCK. */
size_t lac_block_size(size_t count, size_t block);

/* Sum over i < count of a[i] (times b[i]), in fixed order: blocks of LAC_BLOCK, each with eight
 * partial sums, blocks added in order. Same bits for any number of threads. */
double lac_sum(const double *a, size_t count);
double lac_dot(const double *a, const double *b, size_t count);

/* y += factor * x. */
void lac_add_scaled(double *y, double factor, const double *x, size_t count);

/* Like memcpy and memset to 0, by all threads when there is much. */
void lac_copy(double *to, const double *from, size_t count);
void lac_clear(double *a, size_t count);

/* Threads that parallel regions use (>= 1); 0 asks the machine. */
void lac_threads_set(int threads);
int lac_threads(void);

#endif
