/* Tests of campaigns: whose a directory is, who works in it, and what the journals remember.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble_scene.h"

#include "base/memory.h"
#include "campaign/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static const lac_share whole = {0, 1};
enum { MEMBERS = 6 };

static void remember(void *context, const char *sentence)
{
    snprintf(context, 600, "%s", sentence);
}

static lac_attempt_record ended(size_t member, lac_member_status member_status, double wall,
                                const char *sentence)
{
    lac_attempt_record note = {
        .member = member, .status = member_status, .wall = wall, .cpu = wall / 2, .memory = 1e6};
    note.exit_code = member_status == LAC_DONE ? 0 : 1;
    snprintf(note.host, sizeof note.host, "here");
    snprintf(note.ended, sizeof note.ended, "2026-01-02T03:04:05Z");
    snprintf(note.sentence, sizeof note.sentence, "%s", sentence);
    return note;
}

static lac_campaign *open_whole(const scene *at)
{
    lac_campaign *campaign = NULL;
    assert_ok(lac_campaign_open(at->campaign, &at->samples, whole, "here", NULL, NULL, &campaign));
    return campaign;
}

static void refuses(const scene *at, lac_share share, const char *part)
{
    lac_campaign *campaign = NULL;
    assert_int_equal(
        lac_campaign_open(at->campaign, &at->samples, share, "here", NULL, NULL, &campaign),
        LAC_EXISTS);
    assert_null(campaign);
    assert_text_has(lac_failure(), part);
}

/* --- the directory
 * ------------------------------------------------------------------------------------------- */

static void a_directory_remembers_its_plan(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign_close(open_whole(&at));
    assert_true(has_file(&at, "plan.txt"));
    assert_int_equal(count_files(&at, "locks", NULL), 0);
    assert_int_equal(count_files(&at, "journal", NULL), 0);
    lac_campaign_close(open_whole(&at));
    at.plan.fingerprint[3] = 'b';
    refuses(&at, whole, "it comes from another version of lacuna");
    at.plan.seed += 2;
    refuses(&at, whole, "its members cannot stay: `seed` was 1, is 3. Use another --out");
    at.plan.seed -= 2;
    at.plan.replicates++;
    refuses(&at, whole, "`replicates` was 1, is 2. Use --extend, or another --out");
    strike_scene(&at);
}

static void job_files_that_were_written_before_are_no_strangers(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    char path[200];
    snprintf(path, sizeof path, "%s/results", at.directory);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(mkdir(at.campaign, 0777), 0);
    snprintf(path, sizeof path, "%s/jobs", at.campaign);
    assert_int_equal(mkdir(path, 0777), 0);
    lac_campaign_close(open_whole(&at));
    strike_scene(&at);
}

static void a_directory_of_somebody_else_is_left_alone(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    char path[128];
    snprintf(path, sizeof path, "%s/results", at.directory);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(mkdir(at.campaign, 0777), 0);
    put_file(&at, "thesis.tex", "w", "\\documentclass");
    refuses(&at, whole, "not empty");
    assert_int_equal(count_files(&at, ".", NULL), 1);
    snprintf(at.campaign, sizeof at.campaign, "%s/results/six/thesis.tex", at.directory);
    refuses(&at, whole, "is a file");
    strike_scene(&at);
}

static void an_empty_directory_is_taken(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    snprintf(at.campaign, sizeof at.campaign, "%s//", at.directory);
    lac_campaign *campaign = open_whole(&at);
    assert_string_equal(lac_campaign_directory(campaign), at.directory);
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void looking_needs_a_campaign_and_writes_nothing(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign *campaign = NULL;
    assert_int_equal(lac_campaign_look(at.directory, NULL, &campaign), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "plan.txt");
    lac_campaign *open = open_whole(&at);
    assert_ok(lac_campaign_look(at.campaign, &at.samples, &campaign));
    assert_int_equal(count_files(&at, "locks", NULL), 1);
    lac_campaign_close(campaign);
    assert_int_equal(count_files(&at, "locks", NULL), 1);
    lac_campaign_close(open);
    strike_scene(&at);
}

static void a_share_that_there_is_not_is_refused(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign *campaign = NULL;
    lac_share four_of_three = {3, 3};
    assert_int_equal(
        lac_campaign_open(at.campaign, &at.samples, four_of_three, "here", NULL, NULL, &campaign),
        LAC_USAGE);
    assert_text_has(lac_failure(), "task 4 of 3");
    assert_false(has_file(&at, "plan.txt"));
    strike_scene(&at);
}

/* --- locks
 * ------------------------------------------------------------------------------------------- */

static void two_processes_never_share_a_member(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign *first = open_whole(&at), *second = NULL;
    char number[32];
    snprintf(number, sizeof number, "process %ld on here", (long)getpid());
    refuses(&at, whole, number);
    refuses(&at, (lac_share){1, 3}, "all members");
    lac_campaign_close(first);
    assert_ok(
        lac_campaign_open(at.campaign, &at.samples, (lac_share){1, 3}, "here", NULL, NULL, &first));
    assert_true(has_file(&at, "locks/2-of-3"));
    assert_ok(lac_campaign_open(at.campaign, &at.samples, (lac_share){2, 3}, "here", NULL, NULL,
                                &second));
    refuses(&at, (lac_share){1, 3}, "share 2-of-3");
    refuses(&at, (lac_share){4, 6}, "share 2-of-3");
    refuses(&at, (lac_share){0, 2}, "share ");
    refuses(&at, whole, "share ");
    lac_campaign_close(second);
    lac_campaign_close(first);
    assert_int_equal(count_files(&at, "locks", NULL), 0);
    lac_campaign_close(open_whole(&at));
    strike_scene(&at);
}

static void shares_overlap_when_they_have_a_member_in_common(void **state)
{
    (void)state;
    for (size_t tasks = 1; tasks <= 8; tasks++)
        for (size_t others = 1; others <= 8; others++)
            for (size_t task = 0; task < tasks; task++)
                for (size_t other = 0; other < others; other++) {
                    bool common = false;
                    for (size_t member = 0; member < tasks * others; member++)
                        common = common || (member % tasks == task && member % others == other);
                    assert_int_equal(
                        lac_share_overlaps((lac_share){task, tasks}, (lac_share){other, others}),
                        common);
                }
}

/* A child opens the campaign and stays, or leaves without a word. */
static pid_t another_process(const scene *at, bool stays)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        lac_campaign *campaign = NULL;
        lac_status status =
            lac_campaign_open(at->campaign, &at->samples, whole, "here", NULL, NULL, &campaign);
        byte = status == LAC_OK ? 'y' : 'n';
        ssize_t wrote = write(ready[1], &byte, 1);
        while (stays && wrote == 1)
            pause();
        _exit(0);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    assert_int_equal(byte, 'y');
    return child;
}

static void a_living_process_keeps_its_lock_and_a_dead_one_does_not(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    char said[600] = "", number[64];
    lac_campaign *campaign = NULL;
    pid_t child = another_process(&at, true);
    snprintf(number, sizeof number, "process %ld on here, since 2", (long)child);
    refuses(&at, whole, number);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_true(has_file(&at, "locks/whole"));
    /* Just another share of the same members. */
    assert_ok(lac_campaign_open(at.campaign, &at.samples, (lac_share){0, 2}, "here", remember, said,
                                &campaign));
    snprintf(number, sizeof number, "process %ld on here", (long)child);
    assert_text_has(said, number);
    assert_text_has(said, "'whole'");
    assert_false(has_file(&at, "locks/whole"));
    lac_campaign_close(campaign);
    /* Dead it is also before its parent has asked for it. */
    child = another_process(&at, false);
    siginfo_t about;
    assert_int_equal(waitid(P_PID, (id_t)child, &about, WEXITED | WNOWAIT), 0);
    said[0] = '\0';
    assert_ok(
        lac_campaign_open(at.campaign, &at.samples, whole, "here", remember, said, &campaign));
    waitpid(child, NULL, 0);
    snprintf(number, sizeof number, "process %ld on here", (long)child);
    assert_text_has(said, number);
    lac_campaign_close(campaign);
    assert_int_equal(count_files(&at, "locks", NULL), 0);
    strike_scene(&at);
}

/* Makes a file of the campaign as old as that, by the clock of its file system. */
static void age(const scene *at, const char *name, int seconds)
{
    char path[512];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", at->campaign, name);
    assert_int_equal(utimensat(AT_FDCWD, path, NULL, 0), 0);
    assert_int_equal(stat(path, &about), 0);
    struct timespec times[2] = {about.st_mtim, about.st_mtim};
    times[0].tv_sec -= seconds;
    times[1].tv_sec -= seconds;
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_lock_of_another_host_is_judged_by_its_age(void **state)
{
    (void)state;
    static const char elsewhere[] =
        "host node7 pid 1 since 2026-01-02T03:04:05Z boot 12-34 began 99\n";
    scene at;
    set_scene(&at);
    char said[600] = "";
    lac_campaign *campaign = open_whole(&at);
    lac_campaign_close(campaign);
    put_file(&at, "locks/whole", "w", elsewhere);
    age(&at, "locks/whole", LAC_LOCK_STALE - 20);
    refuses(&at, whole, "process 1 on node7, since 2026-01-02T03:04:05Z");
    age(&at, "locks/whole", LAC_LOCK_STALE + 5);
    assert_ok(
        lac_campaign_open(at.campaign, &at.samples, whole, "here", remember, said, &campaign));
    assert_text_has(said, "process 1 on node7, which began at 2026-01-02T03:04:05Z");
    lac_campaign_close(campaign);
    /* A lock that cannot be understood, and one that is empty, are judged by their age too. */
    put_file(&at, "locks/1-of-2", "w", "what is this?");
    age(&at, "locks/1-of-2", 5);
    refuses(&at, whole, "unknown");
    age(&at, "locks/1-of-2", LAC_LOCK_STALE + 5);
    lac_campaign_close(open_whole(&at));
    assert_false(has_file(&at, "locks/1-of-2"));
    strike_scene(&at);
}

static void a_lock_that_another_took_over_is_not_taken_away(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign *campaign = open_whole(&at);
    put_file(&at, "locks/whole", "w", "host node7 pid 1 since then boot 12-34 began 99\n");
    lac_campaign_close(campaign);
    assert_true(has_file(&at, "locks/whole"));
    strike_scene(&at);
}

static void whoever_was_stopped_for_long_finds_that_another_took_over(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    struct stat before, after;
    lac_lock *lock = NULL;
    assert_ok(lac_lock_take(at.directory, whole, "here", NULL, NULL, &lock));
    snprintf(at.campaign, sizeof at.campaign, "%s", at.directory);
    age(&at, "whole", 100);
    char path[256];
    snprintf(path, sizeof path, "%s/whole", at.directory);
    assert_int_equal(stat(path, &before), 0);
    assert_ok(lac_lock_touch(lock, LAC_LOCK_TOUCH)); /* not yet */
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_mtime, before.st_mtime);
    assert_ok(lac_lock_touch(lock, 0));
    assert_int_equal(stat(path, &after), 0);
    assert_true(after.st_mtime >= before.st_mtime + 99);
    put_file(&at, "whole", "w", "host node7 pid 1 since then boot 12-34 began 99\n");
    assert_int_equal(lac_lock_touch(lock, 0), LAC_EXISTS);
    assert_text_has(lac_failure(), "process 1 on node7");
    assert_int_equal(remove(path), 0);
    assert_int_equal(lac_lock_touch(lock, 0), LAC_EXISTS);
    assert_text_has(lac_failure(), "has been removed");
    lac_lock_release(lock);
    strike_scene(&at);
}

/* --- journals
 * ------------------------------------------------------------------------------------------- */

static void attempts_are_summed_and_the_last_counts(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS], attempt = ended(1, LAC_LOST, 2, "killed\tby\nsignal 9");
    lac_campaign *campaign = open_whole(&at);
    attempt.exit_code = -1;
    attempt.signal = 9;
    attempt.memory = 5e6;
    put_file(&at, "members/000001.nc", "w", "whole");
    assert_ok(lac_campaign_write(campaign, &attempt));
    lac_campaign_close(campaign);
    campaign = open_whole(&at);
    attempt = ended(1, LAC_DONE, 3, "");
    assert_ok(lac_campaign_write(campaign, &attempt));
    attempt = ended(4, LAC_FAILED, 1, "the solution became invalid");
    assert_ok(lac_campaign_write(campaign, &attempt));
    assert_int_equal(count_files(&at, "journal", NULL), 2);
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[0].status, LAC_WAITING);
    assert_int_equal(note[0].attempts, 0);
    assert_int_equal(note[1].status, LAC_DONE);
    assert_int_equal(note[1].attempts, 2);
    assert_int_equal(note[1].exit_code, 0);
    assert_int_equal(note[1].signal, 0);
    assert_near(note[1].wall, 5, 0);
    assert_near(note[1].cpu, 2.5, 0);
    assert_near(note[1].memory, 5e6, 0);
    assert_string_equal(note[1].sentence, "");
    assert_string_equal(note[1].ended, "2026-01-02T03:04:05Z");
    assert_int_equal(note[4].status, LAC_FAILED);
    assert_string_equal(note[4].sentence, "the solution became invalid");
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void the_order_of_attempts_does_not_depend_on_names_of_journals(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS];
    lac_campaign *campaign = open_whole(&at);
    put_file(&at, "members/000002.nc", "w", "whole");
    put_file(&at, "journal/a-1.tsv", "w",
             "2\t3\tdone\t0\t0\t1\t1\t1\ta\t2026-01-02T00:00:00Z\t\n"
             "2\t1\tfailed\t1\t0\t1\t1\t9\ta\t2026-01-01T00:00:00Z\tfirst\n");
    put_file(&at, "journal/b-1.tsv", "w",
             "2\t2\tlost\t-1\t9\t1\t1\t1\tb\t2026-01-03T00:00:00Z\tsecond\n");
    put_file(&at, "journal/c.txt", "w", "5\t1\tdone\t0\t0\t1\t1\t1\tb\tz\tnot a journal\n");
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[2].status, LAC_DONE);
    assert_string_equal(note[2].host, "a");
    assert_int_equal(note[2].attempts, 3);
    assert_near(note[2].memory, 9, 0);
    assert_int_equal(note[5].status, LAC_WAITING);
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void lines_that_were_cut_are_passed_over(void **state)
{
    (void)state;
    static const char line[] = "3\t1\tfailed\t1\t0\t1\t1\t1\ta\t2026-01-02T00:00:00Z\twhy\n";
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS];
    lac_campaign *campaign = open_whole(&at);
    for (size_t length = 0; length <= sizeof line - 1; length++) {
        char text[128];
        snprintf(text, sizeof text, "#head\n%.*s", (int)length, line);
        put_file(&at, "journal/a-1.tsv", "w", text);
        assert_ok(lac_campaign_read(campaign, MEMBERS, note));
        assert_int_equal(note[3].status, length == sizeof line - 1 ? LAC_FAILED : LAC_WAITING);
    }
    put_file(&at, "journal/a-1.tsv", "w",
             "6\t1\tfailed\t1\t0\t1\t1\t1\ta\tz\tno such member\n"
             "3\t0\tfailed\t1\t0\t1\t1\t1\ta\tz\tno such attempt\n"
             "3\t1\tgone\t1\t0\t1\t1\t1\ta\tz\tno such fate\n"
             "3\t1\tfailed\t1\t0\tnan\t1\t1\ta\tz\tno such time\n"
             "3\t1\tfailed\t1\t0\t1\t1\t1\ta\tz\ttoo\tmany\n"
             "3\t1\tfailed\t1\t0\t1\t1\t1\ta\t3\t1\tfailed\t1\t0\t1\t1\t1\ta\tz\ttwo in one\n");
    put_file(&at, "journal/a-1.tsv", "a", "\n\t\t\t\nhello\n");
    put_file(&at, "journal/a-1.tsv", "a", "4\t1\tfailed\t1\t0\t1\t1\t1\ta\tz\tgood\n");
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[3].status, LAC_WAITING);
    assert_string_equal(note[4].sentence, "good");
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void a_member_whose_file_vanished_is_lost(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS], attempt = ended(5, LAC_DONE, 1, "");
    lac_campaign *campaign = open_whole(&at);
    assert_ok(lac_campaign_write(campaign, &attempt));
    put_file(&at, "members/000005.nc", "w", "whole");
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[5].status, LAC_DONE);
    char path[256];
    snprintf(path, sizeof path, "%s/members/000005.nc", at.campaign);
    remove(path);
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[5].status, LAC_LOST);
    assert_text_has(note[5].sentence, "its result is gone: ");
    assert_text_has(note[5].sentence, "000005.nc");
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void a_campaign_may_be_moved(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS], attempt = ended(5, LAC_DONE, 1, "");
    lac_campaign *campaign = open_whole(&at);
    assert_ok(lac_campaign_write(campaign, &attempt));
    put_file(&at, "members/000005.nc", "w", "whole");
    lac_campaign_close(campaign);
    char moved[128];
    snprintf(moved, sizeof moved, "%s/elsewhere", at.directory);
    assert_int_equal(rename(at.campaign, moved), 0);
    snprintf(at.campaign, sizeof at.campaign, "%s", moved);
    campaign = open_whole(&at);
    assert_ok(lac_campaign_read(campaign, MEMBERS, note));
    assert_int_equal(note[5].status, LAC_DONE);
    lac_campaign_close(campaign);
    strike_scene(&at);
}

static void ranks_join_with_a_journal_and_without_a_lock(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_campaign *rank = NULL;
    lac_attempt_record note[MEMBERS], attempt = ended(2, LAC_FAILED, 1, "no");
    assert_int_equal(lac_campaign_join(at.campaign, &at.samples, "there", &rank), LAC_NO_INPUT);
    lac_campaign *first = open_whole(&at);
    assert_ok(lac_campaign_join(at.campaign, &at.samples, "there", &rank));
    assert_ok(lac_campaign_write(rank, &attempt));
    lac_campaign_touch(rank);
    lac_campaign_close(rank);
    assert_int_equal(count_files(&at, "locks", NULL), 1);
    assert_ok(lac_campaign_read(first, MEMBERS, note));
    assert_int_equal(note[2].status, LAC_FAILED);
    lac_campaign_close(first);
    strike_scene(&at);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    scene at;
    set_scene(&at);
    lac_attempt_record note[MEMBERS], attempt = ended(2, LAC_FAILED, 1, "no");
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        lac_campaign *campaign = NULL;
        char name[256], path[512];
        /* A journal more for each would ask for more each time. */
        if (count_files(&at, "journal", name) > 0) {
            snprintf(path, sizeof path, "%s/journal/%s", at.campaign, name);
            assert_int_equal(remove(path), 0);
        }
        lac_memory_fail_at(n);
        lac_status status =
            lac_campaign_open(at.campaign, &at.samples, whole, "here", NULL, NULL, &campaign);
        if (status == LAC_OK)
            status = lac_campaign_write(campaign, &attempt);
        if (status == LAC_OK)
            status = lac_campaign_read(campaign, MEMBERS, note);
        size_t asked = lac_memory_requests();
        lac_memory_fail_at(0);
        lac_campaign_close(campaign);
        assert_int_equal(lac_memory_alive(), alive);
        assert_int_equal(count_files(&at, "locks", NULL), 0);
        if (status == LAC_OK && asked < n)
            break;
        assert_int_equal(status, LAC_MEMORY);
    }
    strike_scene(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_remembers_its_plan),
        cmocka_unit_test(job_files_that_were_written_before_are_no_strangers),
        cmocka_unit_test(a_directory_of_somebody_else_is_left_alone),
        cmocka_unit_test(an_empty_directory_is_taken),
        cmocka_unit_test(looking_needs_a_campaign_and_writes_nothing),
        cmocka_unit_test(a_share_that_there_is_not_is_refused),
        cmocka_unit_test(two_processes_never_share_a_member),
        cmocka_unit_test(shares_overlap_when_they_have_a_member_in_common),
        cmocka_unit_test(a_living_process_keeps_its_lock_and_a_dead_one_does_not),
        cmocka_unit_test(the_lock_of_another_host_is_judged_by_its_age),
        cmocka_unit_test(a_lock_that_another_took_over_is_not_taken_away),
        cmocka_unit_test(whoever_was_stopped_for_long_finds_that_another_took_over),
        cmocka_unit_test(attempts_are_summed_and_the_last_counts),
        cmocka_unit_test(the_order_of_attempts_does_not_depend_on_names_of_journals),
        cmocka_unit_test(lines_that_were_cut_are_passed_over),
        cmocka_unit_test(a_member_whose_file_vanished_is_lost),
        cmocka_unit_test(a_campaign_may_be_moved),
        cmocka_unit_test(ranks_join_with_a_journal_and_without_a_lock),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
