/* The store: what is put is read back, and complete frames outlive a kill and a full disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/store.h"
#include "testlib.h"

#include <stdbool.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* HDF5 1.10 loses the buffer of a chunk that the disk refuses; the leak checker of a sanitized
 * build asks here what is not ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

enum { NX = 30, NZ = 40, VOXELS = NX * NZ }; /* a frame of a field is a chunk */

static char directory[64];

static const char *in_directory(const char *name)
{
    static char path[4][256];
    static int next;
    char *text = path[next++ % 4];
    snprintf(text, sizeof path[0], "%s/%s", directory, name);
    return text;
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/lacuna-test-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

/* A value that tells where it belongs. */
static double expected(size_t frame, size_t voxel)
{
    return (double)frame * 1000 + (double)voxel;
}

typedef struct sample {
    lac_store *store;
    lac_store_series *field, *pool, *time;
} sample;

static lac_status sample_variables(sample *file)
{
    lac_status status = LAC_OK;
    const char *axes[] = {"/time", "/z", "/x"};
    double coordinates[NZ];
    for (size_t i = 0; i < NZ; i++)
        coordinates[i] = (double)i + 0.5;
    LAC_TRY(lac_store_dimension(file->store, "/time", 0, NULL, "h", "time"));
    LAC_TRY(lac_store_dimension(file->store, "/z", NZ, coordinates, "um", "depth"));
    LAC_TRY(lac_store_dimension(file->store, "/x", NX, coordinates, "um", "width"));
    LAC_TRY(lac_store_variable(
        file->store, &(lac_store_about){"/field", LAC_STORE_FLOAT, axes, 3, "pmol L-1", "a field"},
        &file->field));
    LAC_TRY(lac_store_group(file->store, "/group"));
    LAC_TRY(lac_store_variable(
        file->store, &(lac_store_about){"/group/pool", LAC_STORE_DOUBLE, axes, 1, "1", "a pool"},
        &file->pool));
    LAC_TRY(lac_store_find(file->store, "/time", &file->time));
out:
    return status;
}

static lac_status sample_create(const char *path, bool force, sample *file)
{
    lac_status status = LAC_OK;
    *file = (sample){0};
    LAC_TRY(lac_store_create(path, force, 1, &file->store));
    LAC_TRY(sample_variables(file));
out:
    if (status != LAC_OK) {
        lac_store_close(file->store);
        file->store = NULL;
    }
    return status;
}

static lac_status sample_frame(sample *file, size_t frame)
{
    lac_status status = LAC_OK;
    double values[VOXELS], time = (double)frame;
    for (size_t voxel = 0; voxel < VOXELS; voxel++)
        values[voxel] = expected(frame, voxel);
    LAC_TRY(lac_store_put(file->field, frame, values));
    LAC_TRY(lac_store_put(file->pool, frame, values));
    LAC_TRY(lac_store_put(file->time, frame, &time));
    LAC_TRY(lac_store_flush(file->store));
out:
    return status;
}

static void write_sample(const char *path, size_t frames)
{
    sample file;
    assert_ok(sample_create(path, true, &file));
    for (size_t frame = 0; frame < frames; frame++)
        assert_ok(sample_frame(&file, frame));
    assert_ok(lac_store_close(file.store));
}

static bool is_whole(size_t frame, double time, double pool, const double *field)
{
    bool whole = time == (double)frame && pool == expected(frame, 0);
    for (size_t voxel = 0; voxel < VOXELS; voxel++)
        whole = whole && field[voxel] == expected(frame, voxel);
    return whole;
}

/* Every frame that `time` counts is whole; returns their number. */
static size_t complete_frames(const char *path)
{
    lac_store *store = NULL;
    double *time = NULL, *field = NULL, *pool = NULL;
    size_t rank, length[8], frames;
    assert_ok(lac_store_open(path, false, &store));
    assert_ok(lac_store_read(store, "/time", &time, &rank, length));
    frames = length[0];
    assert_ok(lac_store_read(store, "/group/pool", &pool, &rank, length));
    assert_int_equal(length[0], frames);
    assert_ok(lac_store_read(store, "/field", &field, &rank, length));
    assert_int_equal(rank, 3);
    assert_int_equal(length[0], frames);
    for (size_t frame = 0; frame < frames; frame++)
        assert_true(is_whole(frame, time[frame], pool[frame], field + frame * VOXELS));
    assert_ok(lac_store_close(store));
    lac_free(time);
    lac_free(field);
    lac_free(pool);
    return frames;
}

static void what_is_put_is_read_back(void **state)
{
    (void)state;
    write_sample(in_directory("a.nc"), 1100); /* more than one index node */
    assert_int_equal(complete_frames(in_directory("a.nc")), 1100);
}

static void directories_are_made(void **state)
{
    (void)state;
    write_sample(in_directory("one/two/a.nc"), 1);
    assert_int_equal(complete_frames(in_directory("one/two/a.nc")), 1);
}

static void an_existing_file_is_only_replaced_by_force(void **state)
{
    (void)state;
    lac_store *store = NULL;
    const char *path = in_directory("kept.nc");
    write_sample(path, 3);
    assert_int_equal(lac_store_create(path, false, 1, &store), LAC_EXISTS);
    assert_text_has(lac_failure(), "kept.nc");
    assert_null(store);
    assert_int_equal(complete_frames(path), 3);
    write_sample(path, 2);
    assert_int_equal(complete_frames(path), 2);
}

static void paths_that_cannot_be_are_told_with_the_reason(void **state)
{
    (void)state;
    lac_store *store = NULL;
    assert_int_equal(lac_store_create(directory, true, 1, &store), LAC_FILE);
    assert_text_has(lac_failure(), "directory");
    assert_int_equal(lac_store_create("/proc/nowhere/a.nc", false, 1, &store), LAC_FILE);
    assert_text_has(lac_failure(), "No such file");
    assert_int_equal(lac_store_open(in_directory("none.nc"), false, &store), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "No such file");
    FILE *file = fopen(in_directory("text.nc"), "w");
    fputs("not HDF5\n", file);
    fclose(file);
    assert_int_equal(lac_store_open(in_directory("text.nc"), false, &store), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "not an HDF5 file");
    assert_null(store);
}

/* In a child without rights, since root may do everything. */
static void a_missing_permission_is_told(void **state)
{
    (void)state;
    const char *closed = in_directory("closed");
    mkdir(closed, 0500);
    const char *path = in_directory("closed/a.nc");
    pid_t child = fork();
    if (child == 0) {
        lac_store *store = NULL;
        if (geteuid() == 0 && (chmod(directory, 0755) != 0 || setuid(65534) != 0))
            _exit(2);
        lac_status got = lac_store_create(path, false, 1, &store);
        _exit(got == LAC_FILE && strstr(lac_failure(), "Permission denied") ? 0 : 1);
    }
    int result = -1;
    waitpid(child, &result, 0);
    assert_int_equal(result, 0);
}

static void words_are_read_back(void **state)
{
    (void)state;
    const char *path = in_directory("words.nc");
    const char *rows[] = {"one", "three words here", ""};
    const char *long_text = "a long text\nof two lines, 3 \xc2\xb5m";
    sample file;
    char *text = NULL;
    assert_ok(sample_create(path, true, &file));
    assert_ok(lac_store_text_attribute(file.store, "/", "title", "first"));
    assert_ok(lac_store_text_attribute(file.store, "/", "title", "a title"));
    assert_ok(lac_store_text_attribute(file.store, "/field", "empty", ""));
    assert_ok(lac_store_number_attribute(file.store, "/field", "weight", 2.5));
    assert_ok(lac_store_texts(file.store, "/row", "/row", rows, 3));
    assert_ok(lac_store_texts(file.store, "/unit", "/row", rows, 3));
    assert_ok(lac_store_texts(file.store, "/long", NULL, &long_text, 1));
    assert_ok(lac_store_close(file.store));
    assert_ok(lac_store_open(path, false, &file.store));
    assert_ok(lac_store_read_text(file.store, "/", "title", &text));
    assert_string_equal(text, "a title");
    lac_free(text);
    assert_ok(lac_store_read_text(file.store, "/unit", NULL, &text));
    assert_string_equal(text, "one\nthree words here\n");
    lac_free(text);
    assert_ok(lac_store_read_text(file.store, "/long", NULL, &text));
    assert_string_equal(text, long_text);
    lac_free(text);
    assert_int_equal(lac_store_read_text(file.store, "/", "none", &text), LAC_NO_INPUT);
    assert_int_equal(lac_store_read_text(file.store, "/field", NULL, &text), LAC_NO_INPUT);
    assert_ok(lac_store_close(file.store));
}

static void a_group_lists_its_variables_in_order(void **state)
{
    (void)state;
    const char *path = in_directory("list.nc");
    const char *names[] = {"time", "z", "x", "field"};
    lac_store *store = NULL;
    char **list = NULL;
    size_t count = 0;
    write_sample(path, 1);
    assert_ok(lac_store_open(path, false, &store));
    assert_ok(lac_store_list(store, "/", &list, &count));
    assert_int_equal(count, 4);
    for (size_t index = 0; index < count; index++)
        assert_string_equal(list[index], names[index]);
    lac_store_free_list(list, count);
    assert_true(lac_store_has(store, "/group/pool"));
    assert_false(lac_store_has(store, "/group/none"));
    assert_false(lac_store_has(store, "/none/pool"));
    assert_int_equal(lac_store_list(store, "/none", &list, &count), LAC_NO_INPUT);
    assert_ok(lac_store_close(store));
}

static void a_resumed_file_goes_on_after_the_frames_that_are_kept(void **state)
{
    (void)state;
    const char *path = in_directory("resume.nc");
    sample file = {0};
    size_t records = 0;
    write_sample(path, 600);
    assert_ok(lac_store_open(path, true, &file.store));
    assert_int_equal(lac_store_truncate(file.store, "/time", 601), LAC_FILE);
    assert_ok(lac_store_truncate(file.store, "/time", 17));
    assert_ok(lac_store_length(file.store, "/field", &records));
    assert_int_equal(records, 17);
    assert_ok(lac_store_find(file.store, "/field", &file.field));
    assert_ok(lac_store_find(file.store, "/group/pool", &file.pool));
    assert_ok(lac_store_find(file.store, "/time", &file.time));
    for (size_t frame = 17; frame < 40; frame++)
        assert_ok(sample_frame(&file, frame));
    assert_ok(lac_store_close(file.store));
    assert_int_equal(complete_frames(path), 40);
}

static void a_field_of_many_chunks_is_read_back(void **state)
{
    (void)state;
    const char *path = in_directory("large.nc");
    const char *axes[] = {"/time", "/z", "/y", "/x"};
    enum { LARGE = 150 * 70 * 60 };
    static double values[LARGE];
    double *back = NULL;
    size_t rank, length[8];
    lac_store *store = NULL;
    lac_store_series *series = NULL;
    for (size_t i = 0; i < LARGE; i++)
        values[i] = (double)(i % 4093);
    assert_ok(lac_store_create(path, true, 1, &store));
    assert_ok(lac_store_dimension(store, "/time", 0, NULL, "h", "time"));
    assert_ok(lac_store_dimension(store, "/z", 150, NULL, "um", "z"));
    assert_ok(lac_store_dimension(store, "/y", 70, NULL, "um", "y"));
    assert_ok(lac_store_dimension(store, "/x", 60, NULL, "um", "x"));
    assert_ok(lac_store_variable(
        store, &(lac_store_about){"/u", LAC_STORE_FLOAT, axes, 4, "1", "u"}, &series));
    assert_ok(lac_store_put(series, 1, values));
    assert_ok(lac_store_close(store));
    assert_ok(lac_store_open(path, false, &store));
    assert_ok(lac_store_read(store, "/u", &back, &rank, length));
    assert_int_equal(length[0], 2);
    assert_true(isnan(back[0])); /* the record that was never put */
    assert_memory_equal(back + LARGE, values, sizeof values);
    lac_free(back);
    assert_ok(lac_store_close(store));
}

/* A run that computes for a while between its frames; returns when it has been killed. */
static void run_and_kill(const char *path, unsigned trial)
{
    const char *ready = in_directory("ready");
    unlink(ready);
    pid_t child = fork();
    if (child == 0) {
        const struct timespec computing = {0, 500000};
        sample file;
        if (sample_create(path, true, &file) != LAC_OK || sample_frame(&file, 0) != LAC_OK)
            _exit(1);
        close(open(ready, O_CREAT | O_WRONLY, 0600));
        for (size_t frame = 1; sample_frame(&file, frame) == LAC_OK; frame++)
            nanosleep(&computing, NULL);
        _exit(1);
    }
    struct timespec moment = {0, 500000};
    while (access(ready, F_OK) != 0)
        nanosleep(&moment, NULL);
    moment.tv_nsec = 1000000 + 7919000 * (long)trial % 40000000;
    nanosleep(&moment, NULL);
    kill(child, SIGKILL);
    int result = 0;
    waitpid(child, &result, 0);
    assert_true(WIFSIGNALED(result));
}

static void after_any_kill_the_file_opens_and_every_frame_is_whole(void **state)
{
    (void)state;
    size_t longest = 0;
    for (unsigned trial = 0; trial < 20; trial++) {
        const char *path = in_directory("killed.nc");
        run_and_kill(path, trial);
        size_t whole = complete_frames(path);
        assert_true(whole >= 1);
        longest = whole > longest ? whole : longest;
    }
    assert_true(longest > 1);
}

/* The file may grow to `limit` bytes only: the system call fails as on a full disk. */
static void limit_files(rlim_t limit)
{
    struct rlimit most;
    getrlimit(RLIMIT_FSIZE, &most);
    most.rlim_cur = limit;
    setrlimit(RLIMIT_FSIZE, &most);
}

static void without_room_earlier_frames_stay_and_the_error_is_told(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 20000; limit < 600000; limit += 15013) {
        const char *path = in_directory("full.nc");
        sample file;
        size_t frames = 0;
        limit_files(limit);
        lac_status status = sample_create(path, true, &file);
        bool created = status == LAC_OK;
        while (status == LAC_OK && (status = sample_frame(&file, frames)) == LAC_OK)
            frames++;
        assert_int_equal(status, LAC_FILE);
        assert_text_has(lac_failure(), "full.nc");
        assert_text_has(lac_failure(), "File too large");
        if (created)
            lac_store_close(file.store);
        limit_files(RLIM_INFINITY);
        if (frames > 0)
            assert_true(complete_frames(path) >= frames);
    }
}

static void devices_and_fifos_are_refused_and_left(void **state)
{
    (void)state;
    const char *path = in_directory("fifo.nc");
    sample file;
    struct stat about;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(sample_create(path, true, &file), LAC_FILE);
    assert_text_has(lac_failure(), "is not a regular file");
    lac_store_remove(path);
    assert_int_equal(stat(path, &about), 0);
    assert_true(S_ISFIFO(about.st_mode));
    assert_int_equal(sample_create("/dev/null", true, &file), LAC_FILE);
    assert_int_equal(access("/dev/null", F_OK), 0);
}

static void a_link_stays_and_leads_to_the_new_file(void **state)
{
    (void)state;
    const char *target = in_directory("target.nc"), *link = in_directory("link.nc");
    struct stat about;
    sample file;
    assert_ok(sample_create(target, false, &file));
    assert_ok(lac_store_close(file.store));
    assert_int_equal(symlink("target.nc", link), 0);
    assert_ok(sample_create(link, true, &file));
    assert_ok(lac_store_close(file.store));
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(lstat(target, &about), 0);
    lac_store_remove(link);
    assert_int_equal(lstat(link, &about), 0);
    assert_int_not_equal(lstat(target, &about), 0);
}

static void every_failing_allocation_comes_out_without_leak(void **state)
{
    (void)state;
    const char *path = in_directory("memory.nc");
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        sample file = {0};
        double *values = NULL;
        size_t rank, length[8];
        lac_memory_fail_at(n);
        lac_status status = sample_create(path, true, &file);
        if (status == LAC_OK)
            status = sample_frame(&file, 0);
        if (status == LAC_OK)
            status = lac_store_read(file.store, "/field", &values, &rank, length);
        bool reached = lac_memory_requests() >= n;
        lac_memory_fail_at(0);
        lac_free(values);
        lac_store_close(file.store);
        assert_int_equal(lac_memory_alive(), alive);
        assert_int_equal(status, reached ? LAC_MEMORY : LAC_OK);
        if (!reached)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_read_back),
        cmocka_unit_test(directories_are_made),
        cmocka_unit_test(an_existing_file_is_only_replaced_by_force),
        cmocka_unit_test(paths_that_cannot_be_are_told_with_the_reason),
        cmocka_unit_test(a_missing_permission_is_told),
        cmocka_unit_test(words_are_read_back),
        cmocka_unit_test(a_group_lists_its_variables_in_order),
        cmocka_unit_test(a_resumed_file_goes_on_after_the_frames_that_are_kept),
        cmocka_unit_test(a_field_of_many_chunks_is_read_back),
        cmocka_unit_test(after_any_kill_the_file_opens_and_every_frame_is_whole),
        cmocka_unit_test(without_room_earlier_frames_stay_and_the_error_is_told),
        cmocka_unit_test(devices_and_fifos_are_refused_and_left),
        cmocka_unit_test(a_link_stays_and_leads_to_the_new_file),
        cmocka_unit_test(every_failing_allocation_comes_out_without_leak),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
