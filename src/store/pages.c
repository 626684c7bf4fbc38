/* Pages of a file that were changed in memory: an array in the order of arrival, so that it can be
 * written as it is, and an index by offset.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/pages.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { KEPT_MOST = 4096 }; /* pages whose memory is kept for the next changes */

bool lac_pread_all(int fd, void *bytes, size_t count, uint64_t offset)
{
    unsigned char *to = bytes;
    while (count > 0) {
        ssize_t got = pread(fd, to, count, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0) {
            memset(to, 0, count);
            return true;
        }
        to += got;
        offset += (uint64_t)got;
        count -= (size_t)got;
    }
    return true;
}

bool lac_pwrite_all(int fd, const void *bytes, size_t count, uint64_t offset)
{
    const unsigned char *from = bytes;
    while (count > 0) {
        ssize_t put = pwrite(fd, from, count, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        from += put;
        offset += (uint64_t)put;
        count -= (size_t)put;
    }
    return true;
}

/* Where in the order the first page is that does not lie before `offset`. */
static size_t place_of(const lac_pages *pages, uint64_t offset)
{
    size_t low = 0, high = pages->count;
    if (high > 0 && pages->page[pages->order[high - 1]].offset < offset)
        return high; /* changes mostly come by offset */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pages->page[pages->order[middle]].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static lac_page *page_at(const lac_pages *pages, size_t place, uint64_t offset)
{
    if (place == pages->count)
        return NULL;
    lac_page *page = &pages->page[pages->order[place]];
    return page->offset == offset ? page : NULL;
}

static lac_status make_room(lac_pages *pages)
{
    lac_status status = LAC_OK;
    LAC_GROW(pages->page, pages->count, pages->capacity);
    LAC_GROW(pages->order, pages->count, pages->order_capacity);
out:
    return status;
}

/* The page behind the last one gets its place in the order. */
static void enter(lac_pages *pages, size_t place)
{
    memmove(&pages->order[place + 1], &pages->order[place],
            (pages->count - place) * sizeof *pages->order);
    pages->order[place] = pages->count++;
}

/* The changed part of a page that is not here yet. */
static bool add(lac_pages *pages, int fd, size_t place, uint64_t offset, const void *bytes,
                size_t count)
{
    uint64_t start = offset - offset % LAC_PAGE;
    if (make_room(pages) != LAC_OK) {
        errno = ENOMEM;
        return false;
    }
    lac_page *page = &pages->page[pages->count];
    page->offset = start;
    if (!lac_pread_all(fd, page->bytes, LAC_PAGE, start))
        return false;
    if (memcmp(page->bytes + (offset - start), bytes, count) == 0)
        return true;
    memcpy(page->bytes + (offset - start), bytes, count);
    enter(pages, place);
    return true;
}

bool lac_pages_change(lac_pages *pages, int fd, uint64_t offset, const void *bytes, size_t count)
{
    const unsigned char *from = bytes;
    while (count > 0) {
        size_t inside = (size_t)(offset % LAC_PAGE);
        size_t part = count < LAC_PAGE - inside ? count : LAC_PAGE - inside;
        size_t place = place_of(pages, offset - inside);
        lac_page *page = page_at(pages, place, offset - inside);
        if (page)
            memcpy(page->bytes + inside, from, part);
        else if (!add(pages, fd, place, offset, from, part))
            return false;
        from += part;
        offset += part;
        count -= part;
    }
    return true;
}

void lac_pages_look_through(const lac_pages *pages, uint64_t offset, void *bytes, size_t count)
{
    uint64_t end = offset + count;
    for (size_t place = place_of(pages, offset - offset % LAC_PAGE); place < pages->count;
         place++) {
        const lac_page *page = &pages->page[pages->order[place]];
        if (page->offset >= end)
            break;
        uint64_t from = page->offset > offset ? page->offset : offset;
        uint64_t until = page->offset + LAC_PAGE < end ? page->offset + LAC_PAGE : end;
        memcpy((unsigned char *)bytes + (from - offset), page->bytes + (from - page->offset),
               (size_t)(until - from));
    }
}

bool lac_pages_apply(const lac_pages *pages, int fd)
{
    bool applied = true;
    for (size_t place = 0; place < pages->count && applied; place++) {
        const lac_page *page = &pages->page[pages->order[place]];
        applied = lac_pwrite_all(fd, page->bytes, LAC_PAGE, page->offset);
    }
    return applied;
}

bool lac_pages_reserve(lac_pages *pages, size_t count)
{
    lac_status status = LAC_OK;
    LAC_NEW(pages->page, count);
    LAC_NEW(pages->order, count);
    pages->capacity = pages->order_capacity = count;
out:
    if (status != LAC_OK)
        errno = ENOMEM;
    return status == LAC_OK;
}

void lac_pages_adopt(lac_pages *pages, size_t count)
{
    while (pages->count < count)
        enter(pages, place_of(pages, pages->page[pages->count].offset));
}

void lac_pages_forget(lac_pages *pages)
{
    pages->count = 0;
    if (pages->capacity > KEPT_MOST)
        lac_pages_free(pages);
}

void lac_pages_free(lac_pages *pages)
{
    lac_free(pages->page);
    lac_free(pages->order);
    *pages = (lac_pages){0};
}
