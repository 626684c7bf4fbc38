/* Vectors: the one flat array of all unknowns, and sums whose order does not depend on threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_VECTOR_H
#define LAC_BASE_VECTOR_H

#include "base/status.h"

#include <stddef.h>

/* Field f occupies value[f * stride .. f * stride + voxels - 1]; pool p is value[fields * stride +
 * p]. The stride is padded so that equal voxels of many fields do not share cache sets; padding is
 * zero and stays zero. */
typedef struct lac_layout {
    size_t fields;
    size_t voxels;
    size_t stride;
    size_t pools;
    size_t length; /* fields * stride + pools */
} lac_layout;

lac_layout lac_layout_of(size_t fields, size_t voxels, size_t pools);

/* Where variable v (fields first, then pools) begins. */
size_t lac_layout_at(const lac_layout *layout, size_t variable);

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
