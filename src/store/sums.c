/* Sums: their layout behind a file, and how they are renewed and compared.
 *
 * The file ends for HDF5 where its superblock says (HDF5 File Format Specification, II.A). From the
 * next multiple of LAC_PAGE on lie a header (magic, byte order, block size, end, count, CRC-64 of
 * all that and of the sums) and a CRC-64 for each block.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sums.h"

#include "base/memory.h"
#include "store/checksum.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { UNSEEN, SEEN, CHANGED }; /* state of a block */
enum { AT_ONCE = 4, SUPERBLOCK = 64 };

static const char MAGIC[8] = "LacSum1\n";
static const uint64_t ORDER = UINT64_C(0x0102030405060708);

typedef struct header {
    char magic[8];
    uint64_t order, block_bytes, end, blocks, sum, unused[2];
} header;

_Static_assert(sizeof(header) == LAC_SUMS_HEADER, "the header has a fixed size");

void lac_sums_free(lac_sums *sums)
{
    lac_free(sums->sum);
    lac_free(sums->state);
    *sums = (lac_sums){0};
}

uint64_t lac_sums_place(uint64_t end)
{
    return (end + LAC_PAGE - 1) / LAC_PAGE * LAC_PAGE;
}

static uint64_t sum_of_header(const header *head, const uint64_t *sum)
{
    header plain = *head;
    plain.sum = 0;
    return lac_checksum(lac_checksum(0, &plain, sizeof plain), sum, head->blocks * sizeof *sum);
}

void lac_sums_header(const lac_sums *sums, unsigned char bytes[LAC_SUMS_HEADER])
{
    header head = {
        .order = ORDER, .block_bytes = LAC_SUM_BLOCK, .end = sums->end, .blocks = sums->blocks};
    memcpy(head.magic, MAGIC, sizeof head.magic);
    head.sum = sum_of_header(&head, sums->sum);
    memcpy(bytes, &head, sizeof head);
}

static bool read_through(lac_sums_file file, void *bytes, size_t count, uint64_t offset)
{
    if (!lac_pread_all(file.fd, bytes, count, offset))
        return false;
    lac_pages_look_through(file.pages, offset, bytes, count);
    return true;
}

/* Where HDF5 says that the file ends; 0 when that is not to be seen. */
static uint64_t find_end(lac_sums_file file)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    static const int place[] = {40, 44, 28, 28}; /* by version */
    unsigned char start[SUPERBLOCK] = {0};
    if (!read_through(file, start, sizeof start, 0) || memcmp(start, signature, 8) != 0 ||
        start[8] > 3)
        return 0;
    uint64_t end = 0;
    for (int byte = 7; byte >= 0; byte--)
        end = end << 8 | start[place[start[8]] + byte];
    return end;
}

static size_t blocks_of(uint64_t end)
{
    return (size_t)((end + LAC_SUM_BLOCK - 1) / LAC_SUM_BLOCK);
}

/* Room for `blocks`; new ones count as changed. */
static bool make_room(lac_sums *sums, size_t blocks)
{
    lac_status status = LAC_OK;
    while (sums->capacity < blocks) {
        size_t more = sums->capacity ? 2 * sums->capacity : 64;
        uint64_t *sum = lac_regrow(sums->sum, sums->capacity, more, sizeof *sum);
        LAC_REQUIRE(sum, LAC_MEMORY, "no memory for checksums");
        sums->sum = sum;
        unsigned char *state = lac_regrow(sums->state, sums->capacity, more, sizeof *state);
        LAC_REQUIRE(state, LAC_MEMORY, "no memory for checksums");
        sums->state = state;
        sums->capacity = more;
    }
    for (; sums->blocks < blocks; sums->blocks++)
        sums->state[sums->blocks] = CHANGED;
out:
    if (status != LAC_OK)
        errno = ENOMEM;
    return status == LAC_OK;
}

static bool get_header(lac_sums_file file, uint64_t end, header *head)
{
    struct stat about;
    uint64_t place = lac_sums_place(end);
    return end > 0 && fstat(file.fd, &about) == 0 && place < (uint64_t)about.st_size &&
           read_through(file, head, sizeof *head, place) &&
           memcmp(head->magic, MAGIC, sizeof head->magic) == 0 && head->order == ORDER;
}

bool lac_sums_present(int fd)
{
    header head;
    lac_pages none = {0};
    lac_sums_file file = {fd, &none};
    return get_header(file, find_end(file), &head);
}

bool lac_sums_load(lac_sums *sums, lac_sums_file file)
{
    header head;
    uint64_t end = find_end(file);
    if (!get_header(file, end, &head))
        return true;
    sums->damaged = true;
    if (head.block_bytes != LAC_SUM_BLOCK || head.end != end || head.blocks != blocks_of(end))
        return true;
    if (!make_room(sums, (size_t)head.blocks))
        return false;
    uint64_t place = lac_sums_place(end) + sizeof head;
    size_t bytes = sums->blocks * sizeof *sums->sum;
    if (!read_through(file, sums->sum, bytes, place) || sum_of_header(&head, sums->sum) != head.sum)
        return true;
    memset(sums->state, UNSEEN, sums->blocks);
    sums->damaged = false;
    sums->end = end;
    sums->last = place + bytes;
    return true;
}

/* The bytes of some blocks that lie before `end`. */
static size_t length_of(size_t first, size_t count, uint64_t end)
{
    uint64_t from = (uint64_t)first * LAC_SUM_BLOCK, until = from + count * LAC_SUM_BLOCK;
    return (size_t)((until < end ? until : end) - from);
}

static uint64_t sum_block(const unsigned char *bytes, size_t index, size_t length)
{
    size_t from = index * LAC_SUM_BLOCK;
    return lac_checksum(0, bytes + from,
                        length - from < LAC_SUM_BLOCK ? length - from : LAC_SUM_BLOCK);
}

/* Blocks from `first` on, as many as are in the same state, but AT_ONCE. */
static size_t run_of(const lac_sums *sums, size_t first, size_t until, int state)
{
    size_t count = 0;
    while (first + count < until && count < AT_ONCE && sums->state[first + count] == state)
        count++;
    return count;
}

bool lac_sums_check(lac_sums *sums, lac_sums_file file, uint64_t offset, uint64_t count,
                    uint64_t *at)
{
    if (sums->end == 0 || offset >= sums->end)
        return true;
    unsigned char bytes[AT_ONCE * LAC_SUM_BLOCK];
    uint64_t end = count < sums->end - offset ? offset + count : sums->end;
    size_t until = blocks_of(end);
    for (size_t block = (size_t)(offset / LAC_SUM_BLOCK), many; block < until; block += many) {
        many = run_of(sums, block, until, UNSEEN);
        if (many == 0) {
            many = 1;
            continue;
        }
        size_t length = length_of(block, many, sums->end);
        *at = (uint64_t)block * LAC_SUM_BLOCK;
        if (!read_through(file, bytes, length, *at))
            return false;
        for (size_t index = 0; index < many; index++) {
            *at = (uint64_t)(block + index) * LAC_SUM_BLOCK;
            if (sum_block(bytes, index, length) != sums->sum[block + index])
                return false;
            sums->state[block + index] = SEEN;
        }
    }
    return true;
}

bool lac_sums_change(lac_sums *sums, uint64_t offset, uint64_t count)
{
    size_t until = blocks_of(offset + count), block = (size_t)(offset / LAC_SUM_BLOCK);
    if (!make_room(sums, until))
        return false;
    for (; block < until; block++)
        sums->state[block] = CHANGED;
    return true;
}

bool lac_sums_renew(lac_sums *sums, lac_sums_file file, uint64_t end)
{
    unsigned char bytes[AT_ONCE * LAC_SUM_BLOCK];
    size_t blocks = blocks_of(end);
    if (!make_room(sums, blocks))
        return false;
    if (end != sums->end) { /* the old last block was shorter, or the new one is */
        if (sums->end > 0 && blocks_of(sums->end) <= blocks)
            sums->state[blocks_of(sums->end) - 1] = CHANGED;
        if (blocks > 0)
            sums->state[blocks - 1] = CHANGED;
    }
    sums->blocks = blocks;
    sums->end = end;
    for (size_t block = 0, many; block < blocks; block += many) {
        many = run_of(sums, block, blocks, CHANGED);
        if (many == 0) {
            many = 1;
            continue;
        }
        size_t length = length_of(block, many, end);
        if (!read_through(file, bytes, length, (uint64_t)block * LAC_SUM_BLOCK))
            return false;
        for (size_t index = 0; index < many; index++) {
            sums->sum[block + index] = sum_block(bytes, index, length);
            sums->state[block + index] = SEEN;
        }
    }
    sums->last = lac_sums_place(end) + LAC_SUMS_HEADER + blocks * sizeof *sums->sum;
    return true;
}
