/* Vectors: layout, and sums in an order that no number of threads changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vector.h"

#include "base/strips.h"

#include <omp.h>
#include <string.h>

enum { DOUBLES_PER_LINE = 8, DOUBLES_PER_PAGE = 512 };

static size_t stride_of(lac_tract_size size)
{
    size_t stride = (size.voxels + DOUBLES_PER_LINE - 1) / DOUBLES_PER_LINE * DOUBLES_PER_LINE;
    /* Fields a multiple of a page apart would share the sets of the first-level cache. */
    if (size.fields > 1 && stride >= DOUBLES_PER_PAGE)
        stride += 3 * DOUBLES_PER_LINE;
    return stride;
}

lac_layout lac_layout_of_tracts(const lac_tract_size *size, size_t count, size_t pools)
{
    lac_layout layout = {.tracts = count, .pools = pools};
    for (size_t each = 0; each < count; each++) {
        lac_tract *tract = &layout.tract[each];
        *tract = (lac_tract){layout.fields, size[each].fields, size[each].voxels,
                             stride_of(size[each]), layout.pools_at};
        layout.fields += tract->fields;
        layout.pools_at += tract->fields * tract->stride;
        layout.widest = tract->stride > layout.widest ? tract->stride : layout.widest;
    }
    layout.length = layout.pools_at + pools;
    return layout;
}

lac_layout lac_layout_of(size_t fields, size_t voxels, size_t pools)
{
    return lac_layout_of_tracts(&(lac_tract_size){fields, voxels}, 1, pools);
}

size_t lac_layout_tract(const lac_layout *layout, size_t field)
{
    size_t tract = 0;
    while (tract + 1 < layout->tracts && field >= layout->tract[tract + 1].first)
        tract++;
    return tract;
}

size_t lac_layout_at(const lac_layout *layout, size_t variable)
{
    if (variable >= layout->fields)
        return layout->pools_at + (variable - layout->fields);
    const lac_tract *tract = &layout->tract[lac_layout_tract(layout, variable)];
    return tract->at + (variable - tract->first) * tract->stride;
}

size_t lac_layout_size(const lac_layout *layout, size_t variable)
{
    if (variable >= layout->fields)
        return 1;
    return layout->tract[lac_layout_tract(layout, variable)].voxels;
}

size_t lac_layout_unknowns(const lac_layout *layout)
{
    size_t unknowns = 0;
    for (size_t tract = 0; tract < layout->tracts; tract++)
        unknowns += layout->tract[tract].fields * layout->tract[tract].voxels;
    return unknowns;
}

size_t lac_blocks(size_t count)
{
    return (count + LAC_BLOCK - 1) / LAC_BLOCK;
}

size_t lac_block_size(size_t count, size_t block)
{
    size_t left = count - block * LAC_BLOCK;
    return left < LAC_BLOCK ? left : LAC_BLOCK;
}

/* Blocks are summed by whoever comes, into a window of partial sums that is added up in order. */
enum { WINDOW = 256, PARALLEL_FROM = 32 };

static double partial_sum(const double *a, const double *b, size_t count, size_t block)
{
    size_t first = block * LAC_BLOCK;
    size_t size = lac_block_size(count, block);
    return b ? lac_strip_dot(a + first, b + first, size) : lac_strip_sum(a + first, size);
}

/* A parallel region costs a call to the kernel even for one thread, more than a few blocks do. */
static double serial(const double *a, const double *b, size_t count, size_t blocks)
{
    double total = 0;
    for (size_t block = 0; block < blocks; block++)
        total += partial_sum(a, b, count, block);
    return total;
}

static double windowed(const double *a, const double *b, size_t count)
{
    double total = 0;
    size_t blocks = lac_blocks(count);
    if (blocks < PARALLEL_FROM)
        return serial(a, b, count, blocks);
    for (size_t window = 0; window < blocks; window += WINDOW) {
        double partial[WINDOW];
        size_t in_window = blocks - window < WINDOW ? blocks - window : WINDOW;
#pragma omp parallel for schedule(static) if (in_window >= PARALLEL_FROM)
        for (size_t k = 0; k < in_window; k++)
            partial[k] = partial_sum(a, b, count, window + k);
        for (size_t k = 0; k < in_window; k++)
            total += partial[k];
    }
    return total;
}

double lac_sum(const double *a, size_t count)
{
    return windowed(a, NULL, count);
}

double lac_dot(const double *a, const double *b, size_t count)
{
    return windowed(a, b, count);
}

void lac_add_scaled(double *y, double factor, const double *x, size_t count)
{
#pragma omp parallel for simd schedule(static) if (count >= (size_t)PARALLEL_FROM * LAC_BLOCK)
    for (size_t i = 0; i < count; i++)
        y[i] += factor * x[i];
}

/* Moving takes so little that only long vectors are worth a parallel region. */
enum { MOVED_FROM = 256 };

void lac_copy(double *to, const double *from, size_t count)
{
    const size_t blocks = lac_blocks(count);
    if (blocks < MOVED_FROM) {
        memcpy(to, from, count * sizeof *to);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t block = 0; block < blocks; block++)
        memcpy(to + block * LAC_BLOCK, from + block * LAC_BLOCK,
               lac_block_size(count, block) * sizeof *to);
}

void lac_clear(double *a, size_t count)
{
    const size_t blocks = lac_blocks(count);
    if (blocks < MOVED_FROM) {
        memset(a, 0, count * sizeof *a);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t block = 0; block < blocks; block++)
        memset(a + block * LAC_BLOCK, 0, lac_block_size(count, block) * sizeof *a);
}

void lac_threads_set(int threads)
{
    omp_set_num_threads(threads > 0 ? threads : omp_get_num_procs());
}

int lac_threads(void)
{
    return omp_get_max_threads();
}
