/* Tests of sweeps: members are processes, here small shell scripts that behave well or badly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble_scene.h"

#include "base/memory.h"
#include "campaign/sweep.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { MEMBERS = 6 };

/* What every script does first: `out` is the result, `member` its number. */
static const char preamble[] = "#!/bin/sh\n"
                               "while [ $# -gt 0 ]; do\n"
                               "  [ \"$1\" = --out ] && out=$2\n"
                               "  shift\n"
                               "done\n"
                               "base=${out%.nc}\n"
                               "member=${base##*/}\n";

typedef struct play {
    scene at;
    lac_campaign *campaign;
    lac_sweep_options options;
    char program[128];
    lac_attempt_record record[MEMBERS];
    lac_sweep_state last;
    size_t calls, told, most;
    size_t leave_after; /* members that have ended; 0 = never */
    size_t order[4 * MEMBERS];
} play;

static lac_sweep_request watch(void *context, const lac_sweep_state *state)
{
    play *of = context;
    of->calls++;
    if (state->record && of->told < 4 * MEMBERS)
        of->order[of->told++] = state->record->member;
    of->most = state->running > of->most ? state->running : of->most;
    of->last = *state;
    return of->leave_after > 0 && of->told >= of->leave_after ? LAC_SWEEP_STOP : LAC_SWEEP_CONTINUE;
}

static void reopen(play *of)
{
    lac_campaign_close(of->campaign);
    of->campaign = NULL;
    of->calls = of->told = of->most = 0;
    assert_ok(lac_campaign_open(of->at.campaign, &of->at.samples, of->options.share, "here", NULL,
                                NULL, &of->campaign));
}

static void write_script(play *of, const char *script)
{
    FILE *file = fopen(of->program, "w");
    assert_non_null(file);
    fprintf(file, "%s%s\n", preamble, script);
    fclose(file);
    assert_int_equal(chmod(of->program, 0755), 0);
}

static void raise_curtain(play *of, const char *script)
{
    *of = (play){.calls = 0};
    set_scene(&of->at);
    snprintf(of->program, sizeof of->program, "%s/member", of->at.directory);
    of->options = (lac_sweep_options){.program = of->program,
                                      .process_layout = {2, 1},
                                      .share = {0, 1},
                                      .checkpoint_every = "10 min",
                                      .call = watch,
                                      .context = of};
    write_script(of, script);
    reopen(of);
}

static void lower_curtain(play *of)
{
    lac_campaign_close(of->campaign);
    strike_scene(&of->at);
}

static lac_status run(play *of)
{
    lac_status status = lac_sweep_run(of->campaign, &of->at.samples, &of->options);
    assert_ok(lac_campaign_read(of->campaign, MEMBERS, of->record));
    return status;
}

static void all_have_the_fate(const play *of, lac_member_status member_status)
{
    for (size_t member = 0; member < MEMBERS; member++)
        assert_int_equal(of->record[member].status, member_status);
}

/* --- commands and crews
 * ------------------------------------------------------------------------------------------- */

static void a_member_is_an_ordinary_command(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "exit 0");
    lac_override set = {"run.until", "3 h"};
    of.at.plan.set = &set;
    of.at.plan.sets = 1;
    char **words = NULL;
    lac_text said = {0}, wanted = {0};
    assert_ok(lac_sweep_words(of.at.campaign, &of.at.samples, 4, &of.options, &words));
    for (char **word = words; *word; word++)
        lac_text_add(&said, "%s|", *word);
    double seed, replicate;
    lac_sample_table_streams(&of.at.samples, 4, &seed, &replicate);
    lac_text_add(
        &wanted,
        "%s|run|decay.yaml|--set|run.until=3 h|--set|k=2.5 1/h|--set|run.seed=%.0f|--set|"
        "run.replicate=%.0f|--set|run.save.fields=none|--out|%s/members/000004.nc|"
        "--resume|auto|--force|--quiet|--progress|none|--checkpoint-every|10 min|--threads|1|",
        of.program, seed, replicate, of.at.campaign);
    assert_string_equal(said.bytes, wanted.bytes);
    lac_sweep_words_free(words);
    lac_text_free(&said);
    lac_text_free(&wanted);
    lower_curtain(&of);
}

static void a_crew_fits_members_processors_and_memory(void **state)
{
    (void)state;
    static const struct {
        lac_process_layout said;
        size_t members, processors, useful, bytes, limit;
        lac_process_layout chosen;
    } cases[] = {
        {{0, 0}, 100, 8, 1, 10, 1000, {8, 1}},   /* small runs: one a processor */
        {{0, 0}, 100, 8, 64, 10, 1000, {8, 1}},  /* large ones too, while there are enough */
        {{0, 0}, 2, 8, 64, 10, 1000, {2, 4}},    /* few members: threads inside */
        {{0, 0}, 2, 8, 3, 10, 1000, {2, 3}},     /* but no more than are useful */
        {{0, 0}, 100, 8, 64, 400, 1000, {2, 4}}, /* little memory */
        {{0, 0}, 100, 8, 64, 1000, 1000, {1, 8}},
        {{0, 0}, 3, 8, 64, 0, 1000, {3, 2}}, /* memory unknown */
        {{3, 0}, 100, 8, 64, 10, 1000, {3, 2}},
        {{0, 4}, 100, 8, 1, 10, 1000, {2, 4}},
        {{0, 16}, 100, 8, 1, 10, 1000, {1, 16}},
        {{5, 6}, 100, 8, 1, 900, 1000, {5, 6}}, /* what is said is kept */
        {{20, 0}, 100, 8, 64, 10, 1000, {20, 1}},
        {{0, 0}, 0, 8, 1, 10, 1000, {1, 1}},
        {{0, 0}, 7, 0, 1, 10, 1000, {1, 1}},
    };
    for (size_t each = 0; each < sizeof cases / sizeof cases[0]; each++) {
        lac_process_layout process_layout = cases[each].said;
        assert_ok(lac_process_layout_choose(&process_layout, cases[each].members,
                                            cases[each].processors, cases[each].useful,
                                            cases[each].bytes, cases[each].limit));
        if (process_layout.workers != cases[each].chosen.workers ||
            process_layout.threads != cases[each].chosen.threads)
            fail_msg("case %zu: %zu workers with %zu threads", each, process_layout.workers,
                     process_layout.threads);
    }
    lac_process_layout process_layout = {0, 0};
    assert_int_equal(lac_process_layout_choose(&process_layout, 3, 8, 1, 2000000000, 1000000000),
                     LAC_LIMIT);
    assert_text_has(lac_failure(), "2 GB");
}

/* --- good members
 * ------------------------------------------------------------------------------------------- */

static void every_member_is_run_once_and_leaves_its_result(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$base.ckpt\"; echo x >\"$base.ckpt.1\"; echo $$ >\"$out\"");
    assert_ok(run(&of));
    all_have_the_fate(&of, LAC_DONE);
    assert_int_equal(count_files(&of.at, "members", NULL), MEMBERS);
    assert_true(has_file(&of.at, "members/000005.nc"));
    assert_int_equal(of.told, MEMBERS);
    assert_int_equal(of.last.done, MEMBERS);
    assert_int_equal(of.last.running, 0);
    for (size_t member = 0; member < MEMBERS; member++) {
        assert_int_equal(of.record[member].attempts, 1);
        assert_int_equal(of.record[member].exit_code, 0);
        assert_true(of.record[member].wall > 0 && of.record[member].memory > 1e5);
        assert_string_equal(of.record[member].host, "here");
        assert_int_equal(strlen(of.record[member].ended), strlen("2026-01-02T03:04:05Z"));
    }
    /* What is done is not done again. */
    reopen(&of);
    write_script(&of, "exit 1");
    assert_ok(run(&of));
    assert_int_equal(of.last.found, MEMBERS);
    assert_int_equal(of.told, 0);
    all_have_the_fate(&of, LAC_DONE);
    lower_curtain(&of);
}

static void checkpoints_and_words_of_members_may_be_kept(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$base.ckpt\"; echo x >\"$out\"; echo a warning >&2");
    of.at.plan.keep_checkpoints = true;
    assert_ok(run(&of));
    assert_int_equal(count_files(&of.at, "members", NULL), 3 * MEMBERS);
    lower_curtain(&of);
}

static void one_worker_goes_in_order_and_two_work_at_a_time(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$out\"");
    of.options.process_layout.workers = 1;
    assert_ok(run(&of));
    assert_int_equal(of.most, 1);
    for (size_t member = 0; member < MEMBERS; member++)
        assert_int_equal(of.order[member], member);
    lower_curtain(&of);
    /* Members 0 and 1 wait for one another. */
    raise_curtain(&of, "echo x >\"$out\"; n=0\n"
                       "case $member in\n"
                       "000000) while [ ! -e \"${out%0.nc}1.nc\" ]; do sleep 0.02; done;;\n"
                       "000001) while [ ! -e \"${out%1.nc}0.nc\" ]; do sleep 0.02; done;;\n"
                       "esac");
    assert_ok(run(&of));
    assert_int_equal(of.most, 2);
    lower_curtain(&of);
}

static void a_share_is_every_nth_member(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$out\"");
    for (size_t task = 0; task < 4; task++) {
        of.options.share = (lac_share){task, 4};
        reopen(&of);
        assert_ok(run(&of));
        assert_int_equal(of.last.members, task < 2 ? 2 : 1);
        assert_int_equal(of.told, task < 2 ? 2 : 1);
        assert_int_equal(count_files(&of.at, "members", NULL), task < 2 ? 2 * task + 2 : task + 3);
    }
    all_have_the_fate(&of, LAC_DONE);
    lower_curtain(&of);
}

/* --- bad members
 * ------------------------------------------------------------------------------------------- */

static void a_bad_member_does_not_stop_the_others(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "case $member in\n"
                       "000001) echo lacuna: error: first >&2; echo 'lacuna: error: k is bad' >&2\n"
                       "        echo something else; exit 65;;\n"
                       "000002) kill -9 $$;;\n"
                       "000003) exit 0;;\n"
                       "000004) echo only words; exit 4;;\n"
                       "000005) kill -SEGV $$;;\n"
                       "esac\n"
                       "echo x >\"$out\"");
    assert_int_equal(run(&of), LAC_MEMBERS);
    assert_text_has(lac_failure(), "5 of 6 members failed");
    assert_int_equal(of.record[0].status, LAC_DONE);
    assert_int_equal(of.record[1].status, LAC_FAILED);
    assert_int_equal(of.record[1].exit_code, 65);
    assert_string_equal(of.record[1].sentence, "k is bad");
    assert_true(has_file(&of.at, "members/000001.log"));
    assert_int_equal(of.record[2].status, LAC_LOST);
    assert_int_equal(of.record[2].signal, SIGKILL);
    assert_int_equal(of.record[2].exit_code, -1);
    assert_text_has(of.record[2].sentence, "memory");
    assert_int_equal(of.record[3].status, LAC_LOST);
    assert_text_has(of.record[3].sentence, "without a result");
    assert_string_equal(of.record[4].sentence, "only words");
    assert_text_has(of.record[5].sentence, "signal 11");
    assert_int_equal(of.last.failed, 2);
    assert_int_equal(of.last.lost, 3);
    /* They are tried again. */
    reopen(&of);
    write_script(&of, "echo x >\"$out\"");
    assert_ok(run(&of));
    assert_int_equal(of.last.found, 1);
    assert_int_equal(of.told, 5);
    all_have_the_fate(&of, LAC_DONE);
    assert_int_equal(of.record[2].attempts, 2);
    assert_int_equal(of.record[2].signal, 0);
    assert_false(has_file(&of.at, "members/000001.log"));
    lower_curtain(&of);
}

static void a_program_that_is_not_there_ends_the_sweep(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "exit 0");
    of.options.program = "/no/such/program";
    assert_int_equal(run(&of), LAC_FILE);
    assert_text_has(lac_failure(), "cannot start /no/such/program: No such file");
    all_have_the_fate(&of, LAC_WAITING);
    lower_curtain(&of);
}

static void a_vanished_directory_ends_the_sweep(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$out\"; [ $member = 000001 ] && rm -rf \"${out%/*}\"");
    of.options.process_layout.workers = 1;
    lac_status status = lac_sweep_run(of.campaign, &of.at.samples, &of.options);
    assert_int_equal(status, LAC_FILE);
    assert_text_has(lac_failure(), "000002.log: No such file");
    lower_curtain(&of);
}

/* --- leaving
 * ------------------------------------------------------------------------------------------- */

/* Goes on until it is asked to leave, the first member apart. */
static const char patient[] = "[ $member = 000000 ] && { echo x >\"$out\"; exit 0; }\n"
                              "trap 'echo x >\"$base.ckpt\"; exit 75' TERM\n"
                              "echo x >\"$base.ready\"\n"
                              "while :; do sleep 0.02; done";

static void whoever_is_asked_leaves_after_its_members(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, patient);
    of.leave_after = 1;
    assert_int_equal(run(&of), LAC_INTERRUPTED);
    assert_text_has(lac_failure(), "1 of 6 members done");
    assert_int_equal(of.record[0].status, LAC_DONE);
    /* Two seats: of those that had begun none was lost. */
    for (size_t member = 1; member < MEMBERS; member++)
        assert_int_equal(of.record[member].status,
                         of.record[member].attempts > 0 ? LAC_SUSPENDED : LAC_WAITING);
    assert_int_equal(of.last.suspended, of.told - 1);
    assert_int_equal(of.last.running, 0);
    assert_true(of.last.suspended > 0);
    /* The next goes on with them. */
    of.leave_after = 0;
    reopen(&of);
    write_script(&of, "echo x >\"$out\"");
    assert_ok(run(&of));
    all_have_the_fate(&of, LAC_DONE);
    lower_curtain(&of);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void a_budget_is_kept(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, patient);
    of.options.wall = 2;
    double began = seconds();
    assert_int_equal(run(&of), LAC_BUDGET);
    double took = seconds() - began;
    if (took < 0.9 || took > 2)
        fail_msg("took %g s of a budget of 2 s", took);
    assert_text_has(lac_failure(), "the time limit is reached: 1 of 6");
    assert_true(has_file(&of.at, "members/000001.ckpt"));
    assert_int_equal(of.record[1].status, LAC_SUSPENDED);
    assert_int_equal(of.record[5].status, LAC_WAITING);
    lower_curtain(&of);
}

static void a_member_that_leaves_by_itself_is_told(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "[ $member = 000003 ] && exit 75; echo x >\"$out\"");
    assert_int_equal(run(&of), LAC_INTERRUPTED);
    assert_text_has(lac_failure(), "1 of 6");
    assert_int_equal(of.record[3].status, LAC_SUSPENDED);
    assert_int_equal(of.last.done, 5);
    lower_curtain(&of);
}

#ifdef HAVE_SYS_PRCTL_H
static void wait_for_file(const play *of, const char *name, bool there)
{
    for (int tries = 0; tries < 500 && has_file(&of->at, name) != there; tries++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    if (has_file(&of->at, name) != there)
        fail_msg("waited 5 s for %s", name);
}

static void members_do_not_outlive_a_killed_sweep(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "exec >\"$base.running\"\nwhile :; do echo x; sleep 0.02; done");
    lac_campaign_close(of.campaign);
    of.campaign = NULL;
    pid_t sweep = fork();
    assert_true(sweep >= 0);
    if (sweep == 0) {
        if (lac_campaign_open(of.at.campaign, &of.at.samples, of.options.share, "here", NULL, NULL,
                              &of.campaign) == LAC_OK)
            lac_sweep_run(of.campaign, &of.at.samples, &of.options);
        _exit(1);
    }
    wait_for_file(&of, "members/000001.running", true);
    kill(sweep, SIGKILL);
    waitpid(sweep, NULL, 0);
    char path[256];
    struct stat about;
    snprintf(path, sizeof path, "%s/members/000001.running", of.at.campaign);
    /* Nobody writes any more. */
    off_t length = -1;
    for (int tries = 0; tries < 50; tries++) {
        assert_int_equal(stat(path, &about), 0);
        if (about.st_size == length)
            break;
        length = about.st_size;
        nanosleep(&(struct timespec){0, 200000000}, NULL);
    }
    assert_int_equal(about.st_size, length);
    reopen(&of);
    write_script(&of, "echo x >\"$out\"");
    assert_ok(run(&of));
    all_have_the_fate(&of, LAC_DONE);
    lower_curtain(&of);
}
#endif

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    play of;
    raise_curtain(&of, "echo x >\"$out\"");
    of.options.call = NULL;
    of.at.samples.members = 2;
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        lac_memory_fail_at(n);
        lac_status status = lac_sweep_run(of.campaign, &of.at.samples, &of.options);
        size_t asked = lac_memory_requests();
        lac_memory_fail_at(0);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK && asked < n)
            break;
        if (status != LAC_OK)
            assert_int_equal(status, LAC_MEMORY);
    }
    lower_curtain(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_an_ordinary_command),
        cmocka_unit_test(a_crew_fits_members_processors_and_memory),
        cmocka_unit_test(every_member_is_run_once_and_leaves_its_result),
        cmocka_unit_test(checkpoints_and_words_of_members_may_be_kept),
        cmocka_unit_test(one_worker_goes_in_order_and_two_work_at_a_time),
        cmocka_unit_test(a_share_is_every_nth_member),
        cmocka_unit_test(a_bad_member_does_not_stop_the_others),
        cmocka_unit_test(a_program_that_is_not_there_ends_the_sweep),
        cmocka_unit_test(a_vanished_directory_ends_the_sweep),
        cmocka_unit_test(whoever_is_asked_leaves_after_its_members),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(a_member_that_leaves_by_itself_is_told),
#ifdef HAVE_SYS_PRCTL_H
        cmocka_unit_test(members_do_not_outlive_a_killed_sweep),
#endif
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
