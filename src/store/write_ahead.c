/* The journal of a result: header, pages, CRC-64 of both. It is known to belong to a file by the
 * last bytes that the file got past its old end, which are there before the journal is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/write_ahead.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TAIL_MOST = 4096 }; /* bytes by which a file is known */

static const char MAGIC[8] = "LacJrn1\n";
static const uint64_t ORDER = UINT64_C(0x0102030405060708);

typedef struct header {
    char magic[8];
    uint64_t order, page_bytes, pages;
    uint64_t end, tail;
    uint64_t tail_sum; /* CRC-64 of the file's bytes from `tail` to `end` */
} header;

static lac_status path_of(const char *path, lac_text *journal)
{
    lac_text_add(journal, "%s.journal", path);
    return journal->failed;
}

static bool sum_tail(int fd, const header *head, uint64_t *sum)
{
    unsigned char bytes[TAIL_MOST];
    uint64_t count = head->end - head->tail;
    if (count > sizeof bytes || !lac_pread_all(fd, bytes, (size_t)count, head->tail))
        return false;
    *sum = lac_checksum(0, bytes, (size_t)count);
    return true;
}

/* A journal, perhaps a damaged one, or one whose start was not written before a kill: anything else
 * is somebody's. */
static bool is_journal(int fd)
{
    enum { ENOUGH = 7 };
    char start[sizeof MAGIC] = {0};
    size_t same = 0;
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) ||
        !lac_pread_all(fd, start, sizeof start, 0))
        return false;
    for (size_t byte = 0; byte < sizeof start; byte++)
        same += start[byte] == MAGIC[byte] || start[byte] == 0;
    return same >= ENOUGH;
}

/* Is the open file still the one that has the name? */
static bool has_name(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && about.st_nlink > 0;
}

/* A process that has been killed keeps its files until the system has put it away, which takes a
 * moment when it was large: whoever continues at once waits that long. */
static bool lock(int fd)
{
    enum { TRIES = 60 };
    static const struct timespec pause = {0, 50000000}; /* 50 ms */
    for (int each = 0; each < TRIES; each++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

lac_status lac_write_ahead_claim(const char *path, int *journal)
{
    lac_status status = LAC_OK;
    lac_text name = {0};
    int fd = LAC_WRITE_AHEAD_NONE;
    LAC_TRY(path_of(path, &name));
    for (;;) {
        fd = open(name.bytes, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        LAC_REQUIRE(fd >= 0, LAC_FILE, "%s: cannot write its journal: %s", path, strerror(errno));
        LAC_REQUIRE(lock(fd), LAC_FILE, "%s: another process is writing it", path);
        LAC_REQUIRE(is_journal(fd), LAC_EXISTS, "%s: %s exists and is not its journal", path,
                    name.bytes);
        if (has_name(fd))
            break; /* else its last owner took it away in between */
        close(fd);
    }
    *journal = fd;
    fd = LAC_WRITE_AHEAD_NONE;
out:
    if (fd >= 0)
        close(fd);
    lac_text_free(&name);
    return status;
}

void lac_write_ahead_void(int journal)
{
    int cut = ftruncate(journal, 0);
    (void)cut; /* one that stays says again what the file has already */
}

void lac_write_ahead_release(const char *path, int journal, bool done)
{
    lac_text name = {0};
    if (journal < 0)
        return;
    if (done && path_of(path, &name) == LAC_OK)
        unlink(name.bytes);
    close(journal);
    lac_text_free(&name);
}

bool lac_write_ahead_write(int journal, int fd, const lac_pages *pages, lac_write_ahead_state state)
{
    header head = {.order = ORDER, .page_bytes = LAC_PAGE, .pages = pages->count};
    size_t bytes = pages->count * sizeof *pages->page;
    memcpy(head.magic, MAGIC, sizeof head.magic);
    head.end = state.end;
    head.tail = state.end - state.tail > TAIL_MOST ? state.end - TAIL_MOST : state.tail;
    if (!sum_tail(fd, &head, &head.tail_sum))
        return false;
    uint64_t sum = lac_checksum(0, &head, sizeof head);
    sum = lac_checksum(sum, pages->page, bytes);
    if (lac_pwrite_all(journal, pages->page, bytes, sizeof head) &&
        lac_pwrite_all(journal, &sum, sizeof sum, sizeof head + bytes) &&
        lac_pwrite_all(journal, &head, sizeof head, 0))
        return true;
    int reason = errno;
    lac_write_ahead_void(journal);
    errno = reason;
    return false;
}

/* The header of a journal that is as long as it says. */
static bool get_header(int journal, header *head)
{
    struct stat about;
    if (fstat(journal, &about) != 0 || about.st_size < (off_t)sizeof *head ||
        !lac_pread_all(journal, head, sizeof *head, 0))
        return false;
    uint64_t room = (uint64_t)about.st_size / sizeof(lac_page);
    return memcmp(head->magic, MAGIC, sizeof head->magic) == 0 && head->order == ORDER &&
           head->page_bytes == LAC_PAGE && head->pages <= room && head->tail <= head->end;
}

static bool get_pages(int journal, const header *head, lac_pages *pages)
{
    size_t bytes = (size_t)head->pages * sizeof(lac_page);
    uint64_t stored = 0;
    if (!lac_pages_reserve(pages, (size_t)head->pages) ||
        !lac_pread_all(journal, pages->page, bytes, sizeof *head) ||
        !lac_pread_all(journal, &stored, sizeof stored, sizeof *head + bytes))
        return false;
    uint64_t sum = lac_checksum(0, head, sizeof *head);
    return lac_checksum(sum, pages->page, bytes) == stored;
}

/* LAC_OK without pages: there is no complete journal of this file. */
static lac_status load(int journal, int fd, lac_pages *pages, uint64_t *end)
{
    header head;
    uint64_t sum = 0;
    errno = 0;
    bool ours = get_header(journal, &head) && sum_tail(fd, &head, &sum) && sum == head.tail_sum;
    if (ours && get_pages(journal, &head, pages)) {
        lac_pages_adopt(pages, (size_t)head.pages);
        *end = head.end;
        return LAC_OK;
    }
    lac_pages_free(pages);
    return errno == ENOMEM ? LAC_MEMORY : LAC_OK;
}

lac_status lac_write_ahead_replay(const char *path, int journal)
{
    lac_status status = LAC_OK;
    lac_pages pages = {0};
    uint64_t end = 0;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    LAC_REQUIRE(fd >= 0, LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_TRY(load(journal, fd, &pages, &end));
    if (pages.count > 0)
        LAC_REQUIRE(lac_pages_apply(&pages, fd) && ftruncate(fd, (off_t)end) == 0, LAC_FILE,
                    "%s: cannot bring it up to date with its journal: %s", path, strerror(errno));
    lac_write_ahead_void(journal);
out:
    lac_pages_free(&pages);
    if (fd >= 0)
        close(fd);
    return status;
}

lac_status lac_write_ahead_look(const char *path, int fd, lac_pages *pages, uint64_t *end)
{
    lac_status status = LAC_OK;
    lac_text name = {0};
    int journal = LAC_WRITE_AHEAD_NONE;
    LAC_TRY(path_of(path, &name));
    journal = open(name.bytes, O_RDONLY | O_CLOEXEC);
    if (journal >= 0)
        LAC_TRY(load(journal, fd, pages, end));
out:
    if (journal >= 0)
        close(journal);
    lac_text_free(&name);
    return status;
}

lac_status lac_write_ahead_mend(const char *path)
{
    lac_status status = LAC_OK;
    lac_text name = {0};
    int journal = LAC_WRITE_AHEAD_NONE;
    bool mended = false;
    LAC_TRY(path_of(path, &name));
    if (access(name.bytes, F_OK) != 0)
        goto out;
    LAC_TRY(lac_write_ahead_claim(path, &journal));
    LAC_TRY(lac_write_ahead_replay(path, journal));
    mended = true;
out:
    lac_write_ahead_release(path, journal, mended);
    lac_text_free(&name);
    return status;
}
