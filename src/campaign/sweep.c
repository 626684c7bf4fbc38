/* The sweep: slots for as many members as work at a time, each filled as soon as it is empty.
 *
 * It sleeps until a child ends, a signal comes or a second has passed. When it is interrupted it
 * asks its members, which write checkpoints, and leaves after the last of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/sweep.h"

#include "base/clock.h"
#include "base/memory.h"
#include "campaign/sweep_internal.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>

typedef struct slot {
    pid_t child; /* 0 = empty */
    size_t member;
    double began; /* [s] */
} slot;

typedef struct sweep {
    lac_campaign *campaign;
    const lac_sample_table *samples;
    const lac_sweep_options *options;
    slot *slot;                /* owned [workers] */
    bool *done;                /* owned [members] before we began */
    lac_attempt_record *ended; /* owned [workers]: attempts that the caller has not been told of */
    size_t unreported;
    size_t next; /* the first member that has not been looked at */
    size_t held; /* a member for which there was no process; LAC_NONE = none */
    bool none_left;
    size_t running; /* our children */
    lac_sweep_state state;
    bool stopping;
    lac_status why; /* we leave */
    double stop_at; /* [s] infinite without a budget */
    lac_status failure;
    lac_text sentence; /* owned: about the failure */
} sweep;

/* [s] */
static const double CALL_EVERY = 1, HEAR_EVERY = 0.01;
/* Of a budget, kept for members to write their checkpoints: a share of it, but [s]. */
static const double RESERVE = 0.05, RESERVE_LEAST = 2, RESERVE_MOST = 60;

/* --- leaving
 * ------------------------------------------------------------------------------------------- */

static void request_stop(sweep *all, lac_status why)
{
    if (all->stopping)
        return;
    all->stopping = true;
    all->why = why;
    for (size_t each = 0; each < all->options->process_layout.workers; each++)
        if (all->slot[each].child > 0)
            kill(all->slot[each].child, SIGTERM);
    if (all->options->queue)
        all->options->queue->close(all->options->queue->self, why);
}

/* The first failure of our own ends the sweep, but not before its members have left. */
static void record_failure(sweep *all, lac_status status)
{
    if (status == LAC_OK || all->failure != LAC_OK)
        return;
    all->failure = status;
    lac_text_add(&all->sentence, "%s", lac_failure());
    request_stop(all, status);
}

/* --- starting members
 * ------------------------------------------------------------------------------------------- */

static size_t next_member(sweep *all)
{
    const lac_share *share = &all->options->share;
    size_t held = all->held;
    all->held = LAC_NONE;
    if (held != LAC_NONE)
        return held;
    if (all->options->queue)
        return all->options->queue->next(all->options->queue->self);
    for (; all->next < all->samples->members; all->next++)
        if (all->next % share->tasks == share->task && !all->done[all->next])
            return all->next++;
    return LAC_NONE;
}

static lac_status start(sweep *all, slot *place, size_t member)
{
    lac_status status = LAC_OK;
    char **words = NULL;
    lac_text log = {0};
    lac_campaign_path(all->campaign, member, "log", &log);
    LAC_TRY(log.failed);
    LAC_TRY(lac_sweep_words(lac_campaign_directory(all->campaign), all->samples, member,
                            all->options, &words));
    pid_t child = 0;
    LAC_TRY(lac_subprocess_start(words, log.bytes, &child));
    *place = (slot){child, member, lac_clock_seconds()};
    all->running++;
out:
    lac_text_free(&log);
    lac_sweep_words_free(words);
    return status;
}

static void fill_slots(sweep *all)
{
    for (size_t each = 0; each < all->options->process_layout.workers; each++) {
        if (all->slot[each].child > 0)
            continue;
        if (all->stopping || all->none_left)
            return;
        size_t member = next_member(all);
        all->none_left = member == LAC_NONE;
        if (all->none_left)
            return;
        lac_status status = start(all, &all->slot[each], member);
        if (status == LAC_LIMIT && all->running > 0) {
            all->held = member;
            return;
        }
        record_failure(all, status);
    }
}

/* --- members that end
 * ------------------------------------------------------------------------------------------- */

static void count(lac_sweep_state *state, lac_member_status member_status)
{
    state->done += member_status == LAC_DONE;
    state->failed += member_status == LAC_FAILED;
    state->lost += member_status == LAC_LOST;
    state->suspended += member_status == LAC_SUSPENDED;
}

static lac_status finish_attempt(sweep *all, slot *place, const lac_exit_info *ending)
{
    lac_status status = LAC_OK;
    const lac_member_queue *queue = all->options->queue;
    lac_attempt_record *record = &all->ended[all->unreported];
    *record =
        (lac_attempt_record){.member = place->member, .wall = lac_clock_seconds() - place->began};
    *place = (slot){0, 0, 0};
    all->running--;
    LAC_TRY(lac_attempt_classify(all->campaign, lac_campaign_host(all->campaign), ending,
                                 all->stopping, record));
    count(&all->state, record->status);
    all->unreported++;
    LAC_TRY(lac_campaign_write(all->campaign, record));
    if (record->status == LAC_DONE)
        LAC_TRY(
            lac_attempt_clean(all->campaign, record->member, all->samples->plan->keep_checkpoints));
    if (queue)
        LAC_TRY(queue->ended(queue->self, record));
out:
    return status;
}

static void collect(sweep *all)
{
    lac_exit_info ending;
    for (size_t each = 0; each < all->options->process_layout.workers; each++)
        if (all->slot[each].child > 0 && lac_subprocess_ended(all->slot[each].child, &ending))
            record_failure(all, finish_attempt(all, &all->slot[each], &ending));
}

/* --- telling and asking the caller
 * ------------------------------------------------------------------------------------------- */

static void call(sweep *all, const lac_attempt_record *record)
{
    const lac_member_queue *queue = all->options->queue;
    if (!all->options->call)
        return;
    all->state.record = record;
    all->state.running = all->running + (queue ? queue->elsewhere(queue->self) : 0);
    if (all->options->call(all->options->context, &all->state) == LAC_SWEEP_STOP)
        request_stop(all, LAC_INTERRUPTED);
}

static void tell(sweep *all)
{
    const lac_member_queue *queue = all->options->queue;
    lac_attempt_record heard;
    for (size_t each = 0; each < all->unreported; each++)
        call(all, &all->ended[each]);
    all->unreported = 0;
    while (queue && queue->hear(queue->self, &heard)) {
        count(&all->state, heard.status);
        call(all, &heard);
    }
    call(all, NULL);
    if (lac_clock_seconds() >= all->stop_at)
        request_stop(all, LAC_BUDGET);
    if (queue && queue->called(queue->self) != LAC_OK)
        request_stop(all, queue->called(queue->self) == LAC_BUDGET ? LAC_BUDGET : LAC_INTERRUPTED);
}

/* --- waiting
 * ------------------------------------------------------------------------------------------- */

static void wake(int number)
{
    (void)number;
}

/* Until a child ends, a signal comes, or it is time to look around. Children's signals are blocked
 * but here, so none is missed. */
static void wait_for_event(const sweep *all, const sigset_t *outside)
{
    double patience = all->options->queue ? HEAR_EVERY : CALL_EVERY;
    if (!all->stopping)
        patience = fmin(patience, fmax(0, all->stop_at - lac_clock_seconds()));
    struct timespec span = {.tv_sec = (time_t)patience};
    span.tv_nsec = (long)(1e9 * (patience - floor(patience)));
    sigset_t awake = *outside;
    sigdelset(&awake, SIGCHLD);
    pselect(0, NULL, NULL, NULL, &span, &awake);
}

static void work(sweep *all, const sigset_t *outside)
{
    const lac_member_queue *queue = all->options->queue;
    for (;;) {
        fill_slots(all);
        tell(all);
        record_failure(all, lac_campaign_touch(all->campaign));
        bool others = queue && queue->busy(queue->self);
        if (all->running == 0 && all->unreported == 0 && (all->stopping || all->none_left) &&
            !others)
            return;
        wait_for_event(all, outside);
        collect(all);
    }
}

/* --- from begin to end
 * ------------------------------------------------------------------------------------------- */

static lac_status read_done_members(sweep *all)
{
    lac_status status = LAC_OK;
    const lac_share *share = &all->options->share;
    size_t members = all->samples->members;
    lac_attempt_record *record = NULL;
    LAC_NEW(record, members);
    LAC_NEW(all->done, members);
    LAC_TRY(lac_campaign_read(all->campaign, members, record));
    for (size_t member = share->task; member < members; member += share->tasks) {
        bool skipped = all->options->skip && all->options->skip[member];
        bool done = record[member].status == LAC_DONE;
        all->done[member] = done || skipped;
        all->state.members += done || !skipped;
        all->state.found += done;
    }
    all->state.done = all->state.found;
    if (all->options->so_far) {
        all->state.found = all->options->so_far->found;
        all->state.failed = all->options->so_far->failed;
        all->state.lost = all->options->so_far->lost;
        all->state.members += all->state.failed + all->state.lost;
    }
out:
    lac_free(record);
    return status;
}

double lac_sweep_stop_at(double wall)
{
    double reserve = fmin(fmax(RESERVE * wall, RESERVE_LEAST), fmin(RESERVE_MOST, wall / 2));
    return wall > 0 ? lac_clock_seconds() + wall - reserve : (double)INFINITY;
}

static lac_status prepare(sweep *all)
{
    lac_status status = LAC_OK;
    size_t workers = all->options->process_layout.workers;
    all->stop_at = lac_sweep_stop_at(all->options->wall);
    LAC_NEW(all->slot, workers);
    LAC_NEW(all->ended, workers);
    LAC_TRY(read_done_members(all));
out:
    return status;
}

lac_status lac_sweep_conclude(const lac_sweep_state *state, lac_status why)
{
    size_t bad = state->failed + state->lost;
    if (why != LAC_OK && state->done + bad < state->members)
        return lac_fail(why, "%s: %zu of %zu members done; run the command again to continue",
                        why == LAC_BUDGET ? "the time limit is reached" : "interrupted",
                        state->done, state->members);
    if (bad > 0)
        return lac_fail(LAC_MEMBERS, "%zu of %zu members failed", bad, state->members);
    if (state->suspended > 0)
        return lac_fail(LAC_INTERRUPTED,
                        "%zu of %zu members stopped after a checkpoint; run the command again to "
                        "continue",
                        state->suspended, state->members);
    return LAC_OK;
}

lac_status lac_sweep_run(lac_campaign *campaign, const lac_sample_table *samples,
                         const lac_sweep_options *options)
{
    lac_status status = LAC_OK;
    sweep all = {.campaign = campaign, .samples = samples, .options = options, .held = LAC_NONE};
    struct sigaction action = {.sa_handler = wake}, before;
    sigset_t children, outside;
    LAC_TRY(prepare(&all));
    sigemptyset(&action.sa_mask);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigaction(SIGCHLD, &action, &before);
    sigprocmask(SIG_BLOCK, &children, &outside);
    work(&all, &outside);
    sigprocmask(SIG_SETMASK, &outside, NULL);
    sigaction(SIGCHLD, &before, NULL);
    if (all.failure != LAC_OK)
        LAC_TRY(lac_fail(all.failure, "%s", lac_text_of(&all.sentence)));
    LAC_TRY(lac_sweep_conclude(&all.state, all.stopping ? all.why : LAC_OK));
out:
    lac_free(all.slot);
    lac_free(all.ended);
    lac_free(all.done);
    lac_text_free(&all.sentence);
    return status;
}
