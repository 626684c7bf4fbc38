/* Memory of the program: aligned_alloc behind a counter that tests can make fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Large arrays begin at a large page and ask for such: what looks anywhere in them misses the
 * table of pages less often. */
enum { LARGE_PAGE = 2 << 20 };

static atomic_size_t requests;
static atomic_size_t failing_request;
static atomic_size_t alive;

static int refused(void)
{
    size_t request = atomic_fetch_add(&requests, 1) + 1;
    return request == atomic_load(&failing_request);
}

static void *allocate(size_t bytes)
{
    const size_t alignment = bytes >= LARGE_PAGE ? LARGE_PAGE : LAC_CACHE_LINE;
    const size_t whole = (bytes + alignment - 1) / alignment * alignment;
    void *memory = aligned_alloc(alignment, whole);
#ifdef MADV_HUGEPAGE
    if (memory && alignment == LARGE_PAGE)
        madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void *lac_alloc(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - LAC_CACHE_LINE) / size) {
        lac_fail(LAC_MEMORY, "out of memory: %zu x %zu bytes cannot be addressed", count, size);
        return NULL;
    }
    size_t lines = (count * size + LAC_CACHE_LINE - 1) / LAC_CACHE_LINE;
    size_t bytes = (lines ? lines : 1) * LAC_CACHE_LINE;
    void *memory = refused() ? NULL : allocate(bytes);
    if (!memory) {
        lac_fail(LAC_MEMORY, "out of memory: could not allocate %zu bytes", bytes);
        return NULL;
    }
    atomic_fetch_add(&alive, 1);
    return memset(memory, 0, bytes);
}

void *lac_regrow(void *old, size_t old_count, size_t count, size_t size)
{
    void *fresh = lac_alloc(count, size);
    if (!fresh)
        return NULL;
    if (old)
        memcpy(fresh, old, (old_count < count ? old_count : count) * size);
    lac_free(old);
    return fresh;
}

void lac_free(void *memory)
{
    if (memory)
        atomic_fetch_sub(&alive, 1);
    free(memory);
}

char *lac_copy_bytes(const char *text, size_t length)
{
    char *copy = lac_alloc(length + 1, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *lac_copy_text(const char *text)
{
    return lac_copy_bytes(text, strlen(text));
}

void lac_memory_fail_at(size_t n)
{
    atomic_store(&requests, 0);
    atomic_store(&failing_request, n);
}

size_t lac_memory_requests(void)
{
    return atomic_load(&requests);
}

size_t lac_memory_alive(void)
{
    return atomic_load(&alive);
}
