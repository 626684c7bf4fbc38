/* The journal: a change to a file happens as a whole or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/store.h"
#include "store/write_ahead.h"
#include "testlib.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES = 10 * LAC_PAGE + 100 }; /* the last page is not full */

static char directory[64], path[128], journal_path[160];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/lacuna-test-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/result.nc", directory);
    snprintf(journal_path, sizeof journal_path, "%s.journal", path);
    return 0;
}

static int remove_directory(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

static unsigned char old_byte(size_t index)
{
    return (unsigned char)(index * 7 + index / 251);
}

/* A file of BYTES old bytes. */
static int make_file(void)
{
    unsigned char bytes[BYTES];
    for (size_t index = 0; index < BYTES; index++)
        bytes[index] = old_byte(index);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_true(lac_pwrite_all(fd, bytes, BYTES, 0));
    return fd;
}

static void read_file(const char *name, unsigned char *bytes, size_t count)
{
    int fd = open(name, O_RDONLY);
    assert_true(fd >= 0 && lac_pread_all(fd, bytes, count, 0));
    close(fd);
}

static long length_of(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 ? (long)about.st_size : -1;
}

static void changes_are_looked_through_and_applied(void **state)
{
    (void)state;
    unsigned char expected[BYTES], seen[BYTES];
    lac_pages pages = {0};
    int fd = make_file();
    unsigned random = 1;
    read_file(path, expected, BYTES);
    for (int turn = 0; turn < 200; turn++) {
        unsigned char change[3 * LAC_PAGE];
        random = random * 1103515245u + 12345u;
        size_t at = (random >> 8) % BYTES, count = (random >> 4) % sizeof change;
        count = at + count > BYTES ? BYTES - at : count;
        memset(change, turn, sizeof change);
        assert_true(lac_pages_change(&pages, fd, at, change, count));
        memcpy(expected + at, change, count);
        at /= 2;
        assert_true(lac_pread_all(fd, seen, BYTES - at, at));
        lac_pages_look_through(&pages, at, seen, BYTES - at);
        assert_memory_equal(seen, expected + at, BYTES - at);
    }
    assert_true(lac_pages_apply(&pages, fd));
    close(fd);
    read_file(path, seen, BYTES);
    assert_memory_equal(seen, expected, BYTES);
    lac_pages_free(&pages);
}

static void what_stays_the_same_is_not_kept(void **state)
{
    (void)state;
    unsigned char same[BYTES], other = 1;
    lac_pages pages = {0};
    int fd = make_file();
    read_file(path, same, BYTES);
    assert_true(lac_pages_change(&pages, fd, 0, same, BYTES));
    assert_int_equal(pages.count, 0);
    assert_true(lac_pages_change(&pages, fd, 5 * LAC_PAGE + 3, &other, 1));
    assert_true(lac_pages_change(&pages, fd, 0, same, BYTES));
    assert_int_equal(pages.count, 1);
    lac_pages_free(&pages);
    close(fd);
}

enum { LONGER = BYTES + 2 * LAC_PAGE };

/* A change of two pages of a file that has grown; its journal is written, but the change is not
 * made. Leaves the bytes that the file will have. */
static void write_journal(unsigned char *expected)
{
    unsigned char fresh[LONGER - BYTES], change[100];
    lac_pages pages = {0};
    int journal = LAC_WRITE_AHEAD_NONE, fd = make_file();
    memset(fresh, 0x55, sizeof fresh);
    memset(change, 0xAA, sizeof change);
    read_file(path, expected, BYTES);
    assert_true(lac_pwrite_all(fd, fresh, sizeof fresh, BYTES));
    assert_true(lac_pages_change(&pages, fd, 7 * LAC_PAGE, change, sizeof change));
    assert_true(lac_pages_change(&pages, fd, 2 * LAC_PAGE - 50, change, sizeof change));
    assert_int_equal(pages.count, 3);
    memcpy(expected + BYTES, fresh, sizeof fresh);
    memcpy(expected + 7 * LAC_PAGE, change, sizeof change);
    memcpy(expected + 2 * LAC_PAGE - 50, change, sizeof change);
    assert_ok(lac_write_ahead_claim(path, &journal));
    lac_write_ahead_state made = {.end = LONGER, .tail = BYTES};
    assert_true(lac_write_ahead_write(journal, fd, &pages, made));
    lac_write_ahead_release(path, journal, false);
    lac_pages_free(&pages);
    close(fd);
}

static void a_complete_journal_is_seen_and_replayed(void **state)
{
    (void)state;
    unsigned char expected[LONGER], seen[LONGER];
    lac_pages pages = {0};
    uint64_t end = 0;
    write_journal(expected);
    int fd = open(path, O_RDONLY);
    assert_ok(lac_write_ahead_look(path, fd, &pages, &end));
    assert_int_equal(end, LONGER);
    assert_true(lac_pread_all(fd, seen, LONGER, 0));
    close(fd);
    lac_pages_look_through(&pages, 0, seen, LONGER);
    assert_memory_equal(seen, expected, LONGER);
    lac_pages_free(&pages);
    assert_true(length_of(journal_path) > 0); /* looking changes nothing */
    assert_ok(lac_write_ahead_mend(path));
    assert_int_equal(length_of(path), LONGER);
    read_file(path, seen, LONGER);
    assert_memory_equal(seen, expected, LONGER);
    assert_int_equal(length_of(journal_path), -1);
}

static void a_file_that_was_to_be_shortened_is(void **state)
{
    (void)state;
    unsigned char nothing = 0;
    lac_pages pages = {0};
    int journal = LAC_WRITE_AHEAD_NONE, fd = make_file();
    lac_write_ahead_state made = {.end = 4 * LAC_PAGE, .tail = 4 * LAC_PAGE};
    assert_true(lac_pages_change(&pages, fd, 1, &nothing, 1));
    assert_ok(lac_write_ahead_claim(path, &journal));
    assert_true(lac_write_ahead_write(journal, fd, &pages, made));
    lac_write_ahead_release(path, journal, false);
    assert_ok(lac_write_ahead_mend(path));
    assert_int_equal(length_of(path), 4 * LAC_PAGE);
    lac_pages_free(&pages);
    close(fd);
}

/* Is the file left alone, whatever is in its journal? */
static void is_ignored(const unsigned char *before, size_t bytes)
{
    unsigned char seen[LONGER];
    assert_ok(lac_write_ahead_mend(path));
    assert_int_equal(length_of(path), bytes);
    read_file(path, seen, bytes);
    assert_memory_equal(seen, before, bytes);
}

static void a_journal_with_a_changed_byte_or_a_missing_end_means_nothing(void **state)
{
    (void)state;
    unsigned char expected[LONGER], before[LONGER];
    write_journal(expected);
    read_file(path, before, LONGER);
    long size = length_of(journal_path);
    for (long at = 0; at < size; at += at < 64 || at > size - 16 ? 1 : 97) {
        write_journal(expected);
        int fd = open(journal_path, O_RDWR);
        unsigned char byte;
        assert_true(lac_pread_all(fd, &byte, 1, (uint64_t)at));
        byte ^= 0x10;
        assert_true(lac_pwrite_all(fd, &byte, 1, (uint64_t)at));
        close(fd);
        is_ignored(before, LONGER);
        write_journal(expected);
        assert_int_equal(truncate(journal_path, at), 0);
        is_ignored(before, LONGER);
    }
}

static void a_journal_of_another_file_means_nothing(void **state)
{
    (void)state;
    unsigned char expected[LONGER], other[LONGER];
    write_journal(expected);
    memset(other, 1, sizeof other);
    int fd = open(path, O_RDWR | O_TRUNC);
    assert_true(lac_pwrite_all(fd, other, LONGER, 0));
    close(fd);
    is_ignored(other, LONGER);
}

static void nobody_writes_a_result_that_another_is_writing(void **state)
{
    (void)state;
    lac_store *store = NULL, *second = NULL;
    unlink(path);
    assert_ok(lac_store_create(path, false, 0, &store));
    assert_ok(lac_store_flush(store));
    assert_int_equal(lac_store_create(path, true, 0, &second), LAC_FILE);
    assert_text_has(lac_failure(), "another process is writing it");
    assert_int_equal(lac_store_open(path, true, &second), LAC_FILE);
    assert_text_has(lac_failure(), "another process is writing it");
    assert_int_equal(lac_store_mend(path), LAC_FILE);
    assert_ok(lac_store_close(store));
    assert_int_equal(length_of(journal_path), -1);
    assert_ok(lac_store_open(path, true, &store));
    assert_ok(lac_store_close(store));
}

static void a_file_before_its_first_flush_is_blank(void **state)
{
    (void)state;
    lac_store *store = NULL, *reader = NULL;
    unlink(path);
    assert_false(lac_store_is_blank(path));
    assert_ok(lac_store_create(path, false, 0, &store));
    assert_ok(lac_store_group(store, "/group"));
    assert_true(lac_store_is_blank(path));
    /* by the same process HDF5 opens a file only once */
    char copy[256], command[512];
    snprintf(copy, sizeof copy, "%s.copy", path);
    snprintf(command, sizeof command, "cp %s %s", path, copy);
    assert_int_equal(system(command), 0);
    assert_int_equal(lac_store_open(copy, false, &reader), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "before the first frame");
    assert_ok(lac_store_flush(store));
    assert_false(lac_store_is_blank(path));
    assert_ok(lac_store_close(store));
}

static void a_result_that_is_deleted_under_its_writer_is_told(void **state)
{
    (void)state;
    lac_store *store = NULL;
    unlink(path);
    assert_ok(lac_store_create(path, false, 0, &store));
    assert_ok(lac_store_flush(store));
    unlink(path);
    assert_int_equal(lac_store_flush(store), LAC_FILE);
    assert_text_has(lac_failure(), "was deleted while it was written");
    lac_store_close(store);
    assert_int_equal(length_of(path), -1);
    assert_int_equal(length_of(journal_path), -1);
}

static void what_is_opened_to_write_but_not_changed_keeps_every_byte(void **state)
{
    (void)state;
    unsigned char before[1 << 14], after[1 << 14];
    lac_store *store = NULL;
    unlink(path);
    assert_ok(lac_store_create(path, false, 0, &store));
    assert_ok(lac_store_close(store));
    long size = length_of(path);
    assert_true(size < (long)sizeof before - 100);
    assert_int_equal(truncate(path, size + 100), 0); /* what a kill may leave behind the end */
    read_file(path, before, sizeof before);
    assert_ok(lac_store_open(path, true, &store));
    assert_ok(lac_store_flush(store));
    assert_ok(lac_store_close(store));
    assert_int_equal(length_of(path), size + 100);
    read_file(path, after, sizeof after);
    assert_memory_equal(before, after, sizeof before);
}

/* Writes frames of one series, and returns the bytes of the file after each flush. */
enum { RECORD = 700, ROOM = 1 << 17 };
static unsigned char image[2][ROOM];
static size_t image_bytes[2];

static void write_frames(void)
{
    lac_store *store = NULL;
    lac_store_series *series = NULL;
    const char *axes[] = {"/time", "/x"};
    double x[RECORD];
    for (size_t k = 0; k < RECORD; k++)
        x[k] = (double)k;
    unlink(path);
    assert_ok(lac_store_create(path, false, 0, &store));
    assert_ok(lac_store_dimension(store, "/time", 0, NULL, NULL, NULL));
    assert_ok(lac_store_dimension(store, "/x", RECORD, x, NULL, NULL));
    assert_ok(lac_store_variable(
        store, &(lac_store_about){"/a", LAC_STORE_DOUBLE, axes, 2, NULL, NULL}, &series));
    for (size_t frame = 0; frame < 2; frame++) {
        assert_ok(lac_store_put(series, frame, x));
        assert_ok(lac_store_flush(store));
        image_bytes[frame] = (size_t)length_of(path);
        assert_true(image_bytes[frame] < ROOM);
        read_file(path, image[frame], image_bytes[frame]);
    }
    assert_ok(lac_store_close(store));
}

/* The file as a kill leaves it within the second flush: the new bytes behind the old end are there,
 * the journal too, and every other page of it has reached the file. */
static void tear_second_flush(void)
{
    size_t kept = (image_bytes[0] + LAC_PAGE - 1) / LAC_PAGE * LAC_PAGE;
    lac_pages pages = {0};
    int journal = LAC_WRITE_AHEAD_NONE, fd = open(path, O_RDWR | O_TRUNC);
    assert_true(lac_pwrite_all(fd, image[0], image_bytes[0], 0));
    assert_true(image_bytes[1] > kept);
    assert_true(lac_pwrite_all(fd, image[1] + kept, image_bytes[1] - kept, kept));
    assert_true(lac_pages_change(&pages, fd, 0, image[1], kept));
    assert_true(pages.count > 1);
    assert_ok(lac_write_ahead_claim(path, &journal));
    lac_write_ahead_state made = {.end = image_bytes[1], .tail = kept};
    assert_true(lac_write_ahead_write(journal, fd, &pages, made));
    lac_write_ahead_release(path, journal, false);
    for (size_t k = 0; k < pages.count; k += 2)
        assert_true(lac_pwrite_all(fd, pages.page[k].bytes, LAC_PAGE, pages.page[k].offset));
    lac_pages_free(&pages);
    close(fd);
}

static size_t frames_of(bool writable)
{
    lac_store *store = NULL;
    double *values = NULL;
    size_t rank, length[8];
    assert_ok(lac_store_open(path, writable, &store));
    assert_ok(lac_store_read(store, "/a", &values, &rank, length));
    for (size_t k = 0; k < length[0] * RECORD; k++)
        assert_true(values[k] == (double)(k % RECORD));
    assert_ok(lac_store_close(store));
    lac_free(values);
    return length[0];
}

static void a_result_torn_within_a_flush_is_read_and_mended_by_its_journal(void **state)
{
    (void)state;
    static unsigned char torn[ROOM], seen[ROOM];
    write_frames();
    tear_second_flush();
    read_file(path, torn, image_bytes[1]);
    assert_memory_not_equal(torn, image[1], image_bytes[1]);
    assert_int_equal(frames_of(false), 2);
    read_file(path, seen, image_bytes[1]);
    assert_memory_equal(seen, torn, image_bytes[1]); /* a reader changes nothing */
    assert_int_equal(frames_of(true), 2);
    assert_int_equal(length_of(journal_path), -1);
    assert_int_equal(length_of(path), image_bytes[1]);
    read_file(path, seen, image_bytes[1]);
    assert_memory_equal(seen, image[1], image_bytes[1]);
}

static void a_missing_place_for_the_journal_is_told(void **state)
{
    (void)state;
    lac_store *store = NULL;
    unlink(path);
    assert_int_equal(mkdir(journal_path, 0700), 0);
    assert_int_equal(lac_store_create(path, false, 0, &store), LAC_FILE);
    assert_text_has(lac_failure(), "cannot write its journal");
    assert_int_equal(length_of(path), -1);
    rmdir(journal_path);
}

static void every_failing_allocation_comes_out_without_leak(void **state)
{
    (void)state;
    unsigned char expected[LONGER];
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        write_journal(expected);
        lac_memory_fail_at(n);
        lac_status status = lac_write_ahead_mend(path);
        bool reached = lac_memory_requests() >= n;
        lac_memory_fail_at(0);
        assert_int_equal(lac_memory_alive(), alive);
        if (!reached) {
            assert_ok(status);
            break;
        }
        /* the name of the journal that is to be removed may fail to be made: then it stays, void */
        assert_true(status == LAC_MEMORY || length_of(journal_path) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_looked_through_and_applied),
        cmocka_unit_test(what_stays_the_same_is_not_kept),
        cmocka_unit_test(a_complete_journal_is_seen_and_replayed),
        cmocka_unit_test(a_file_that_was_to_be_shortened_is),
        cmocka_unit_test(a_journal_with_a_changed_byte_or_a_missing_end_means_nothing),
        cmocka_unit_test(a_journal_of_another_file_means_nothing),
        cmocka_unit_test(nobody_writes_a_result_that_another_is_writing),
        cmocka_unit_test(a_file_before_its_first_flush_is_blank),
        cmocka_unit_test(a_result_that_is_deleted_under_its_writer_is_told),
        cmocka_unit_test(what_is_opened_to_write_but_not_changed_keeps_every_byte),
        cmocka_unit_test(a_result_torn_within_a_flush_is_read_and_mended_by_its_journal),
        cmocka_unit_test(a_missing_place_for_the_journal_is_told),
        cmocka_unit_test(every_failing_allocation_comes_out_without_leak),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
