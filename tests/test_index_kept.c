/* An index that is there: its copies, what has been lost since, and what a full disk or a failing
 * allocation leave of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "index_scene.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* HDF5 1.10 loses the buffer of a chunk that the disk refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static void a_copy_holds_the_fields_itself(void **state)
{
    (void)state;
    scene at;
    char copy[128], command[256];
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    assert_int_equal(unlink(scene_member(&at, 2)), 0);
    scene_build(&at);
    snprintf(copy, sizeof copy, "%s/copy.nc", at.directory);
    assert_ok(lac_index_copy(scene_index(&at), copy, false));
    assert_int_equal(lac_index_copy(scene_index(&at), copy, false), LAC_EXISTS);
    assert_int_equal(lac_index_copy(scene_index(&at), scene_index(&at), true), LAC_EXISTS);
    assert_shows_members(&at, copy, "slab_A", 2);
    snprintf(command, sizeof command, "mv '%s' '%s.away'", at.out, at.out);
    assert_int_equal(system(command), 0);
    double *shown = read_all(copy, "/fields/slab_B", NULL);
    assert_true(shown[0] > 1 && isnan(shown[2 * FIELD]));
    lac_free(shown);
    assert_near(read_one(copy, "/statistics/A_mean_count", 0), 2, 0);
    scene_close(&at);
}

static void a_copy_that_lacks_a_member_is_not_made(void **state)
{
    (void)state;
    scene at;
    char copy[128];
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    scene_build(&at);
    assert_int_equal(unlink(scene_member(&at, 1)), 0);
    snprintf(copy, sizeof copy, "%s/copy.nc", at.directory);
    assert_int_equal(lac_index_copy(scene_index(&at), copy, false), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "members/000001.nc");
    assert_int_equal(access(copy, F_OK), -1);
    scene_close(&at);
}

/* --- looking for what is lost --- */

static size_t verify(const scene *at, lac_text *report)
{
    size_t bad = 99;
    lac_text_free(report);
    assert_ok(scene_problems(at->out, report, &bad));
    return bad;
}

static void what_has_been_lost_since_is_told(void **state)
{
    (void)state;
    scene at;
    lac_text report = {0};
    lac_store *store = NULL;
    char path[160];
    scene_open(&at, FEW, GRID);
    for (size_t member = 0; member < 11; member++)
        scene_run(&at, member);
    scene_note(&at, 11, LAC_FAILED, "it was too hot");
    scene_build(&at);
    assert_int_equal(verify(&at, &report), 1);
    assert_string_equal(lac_text_of(&report), "member 11: failed: it was too hot\n");
    assert_int_equal(unlink(scene_member(&at, 0)), 0);
    assert_int_equal(truncate(scene_member(&at, 3), 5000), 0);
    double bent[11] = {60, 59, 58};
    assert_ok(lac_store_open(scene_member(&at, 5), true, &store));
    lac_store_series *left = NULL;
    assert_ok(lac_store_find(store, "/left", &left));
    lac_store_box box = {{0}, {11}};
    assert_ok(lac_store_put_box(left, &box, bent));
    assert_ok(lac_store_close(store));
    assert_int_equal(verify(&at, &report), 4);
    assert_text_has(report.bytes, "member 0: lost: members/000000.nc: No such file");
    assert_text_has(report.bytes, "member 3: lost: members/000003.nc: has 5000 bytes, but had ");
    assert_text_has(report.bytes, "member 5: lost: members/000005.nc: has other values of left");
    snprintf(path, sizeof path, "%s/members", at.out);
    char away[176];
    snprintf(away, sizeof away, "%s.away", path);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(verify(&at, &report), 12);
    lac_text_free(&report);
    scene_close(&at);
}

static void an_index_of_another_plan_is_told(void **state)
{
    (void)state;
    scene at;
    lac_text report = {0};
    char command[256];
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    scene_build(&at);
    snprintf(command, sizeof command,
             "sed -i 's/fingerprint: ..../fingerprint: 0123/' '%s/plan.txt'", at.out);
    assert_int_equal(system(command), 0);
    assert_int_equal(verify(&at, &report), 1);
    assert_text_has(report.bytes, "another plan");
    lac_text_free(&report);
    assert_int_equal(scene_problems(at.directory, &report, &(size_t){0}), LAC_NO_INPUT);
    lac_text_free(&report);
    scene_close(&at);
}

/* --- disk and memory ------------ */

static bool leaves_something(const scene *at)
{
    char command[256];
    snprintf(command, sizeof command, "ls '%s' '%s' | grep -q 'tmp-'", at->out, at->directory);
    return system(command) == 0;
}

/* In a child whose files may not grow beyond some bytes. */
static void a_full_disk_is_told_and_the_old_index_stays(void **state)
{
    (void)state;
    scene at;
    char *before = NULL, *after = NULL;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    scene_build(&at);
    size_t size = bytes_of(scene_index(&at), &before);
    for (rlim_t most = 2000; most < size; most += 9000) {
        pid_t child = fork();
        if (child == 0) {
            struct rlimit limit = {most, most};
            signal(SIGXFSZ, SIG_IGN);
            setrlimit(RLIMIT_FSIZE, &limit);
            lac_status got = lac_index_build(at.campaign, at.samples, NULL, NULL);
            _exit(got == LAC_FILE && strstr(lac_failure(), "File too large") ? 0 : 1);
        }
        int result = -1;
        waitpid(child, &result, 0);
        assert_int_equal(result, 0);
        assert_false(leaves_something(&at));
    }
    assert_int_equal(bytes_of(scene_index(&at), &after), size);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
    scene_close(&at);
}

static void every_failing_allocation_comes_out(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    scene_build(&at);
    char copy[128];
    snprintf(copy, sizeof copy, "%s/copy.nc", at.directory);
    size_t before = lac_memory_alive();
    for (int what = 0; what < 3; what++) {
        lac_status status = LAC_MEMORY;
        for (size_t n = 1; status != LAC_OK; n += n < 300 ? 1 : 37) {
            lac_text report = {0};
            lac_memory_fail_at(n);
            status = what == 0   ? lac_index_build(at.campaign, at.samples, NULL, NULL)
                     : what == 1 ? lac_index_copy(scene_index(&at), copy, true)
                                 : scene_problems(at.out, &report, &(size_t){0});
            lac_memory_fail_at(0);
            lac_text_free(&report);
            if (status != LAC_OK && status != LAC_MEMORY)
                fail_msg("%d, allocation %zu: %s", what, n, lac_failure());
            assert_int_equal(lac_memory_alive(), before);
        }
    }
    assert_int_equal(access(scene_index(&at), F_OK), 0);
    assert_false(leaves_something(&at));
    scene_close(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_holds_the_fields_itself),
        cmocka_unit_test(a_copy_that_lacks_a_member_is_not_made),
        cmocka_unit_test(what_has_been_lost_since_is_told),
        cmocka_unit_test(an_index_of_another_plan_is_told),
        cmocka_unit_test(a_full_disk_is_told_and_the_old_index_stays),
        cmocka_unit_test(every_failing_allocation_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
