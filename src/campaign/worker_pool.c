/* The pool: ranges of members for each worker, two ahead so that none waits for us, and what they
 * tell. Ranges hold about a fifth of a second of work, at the end less, so that all end together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "config.h"

#include "campaign/worker_pool.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/names.h"
#include "campaign/rows.h"
#include "campaign/worker_pool_internal.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RANGE_MOST = 65536 };
/* [s]: work in a range; how long workers may take to leave; how often we look around. */
static const double RANGE_SPAN = 0.2, LEAVE_SPAN = 1, LOOK_EVERY = 0.25;

/* --- leaving
 * ------------------------------------------------------------------------------------------- */

static void request_stop(lac_worker_pool *all, lac_status why)
{
    if (all->stopping)
        return;
    all->stopping = true;
    all->why = why;
    all->left_at = lac_clock_seconds();
    for (size_t each = 0; each < all->workers; each++) {
        all->hand[each].desk->leave = 1;
        if (all->hand[each].to >= 0)
            close(all->hand[each].to);
        all->hand[each].to = -1;
    }
}

static void record_failure(lac_worker_pool *all, lac_status status)
{
    if (status == LAC_OK || all->failure != LAC_OK)
        return;
    all->failure = status;
    lac_text_add(&all->sentence, "%s", lac_failure());
    request_stop(all, status);
}

void lac_worker_pool_call(lac_worker_pool *all, const lac_attempt_record *record)
{
    const lac_sweep_options *options = all->options;
    all->state->record = record;
    all->state->running = 0;
    for (size_t each = 0; each < all->workers; each++)
        all->state->running += all->hand[each].ranges > 0;
    if (options->call && options->call(options->context, all->state) == LAC_SWEEP_STOP)
        request_stop(all, LAC_INTERRUPTED);
    all->state->record = NULL;
}

/* --- giving
 * ------------------------------------------------------------------------------------------- */

lac_status lac_worker_pool_put_back(lac_worker_pool *all, lac_worker_pool_range range)
{
    lac_status status = LAC_OK;
    if (range.count == 0)
        return LAC_OK;
    LAC_GROW(all->again, all->agains, all->again_capacity);
    all->again[all->agains++] = range;
out:
    return status;
}

static bool is_work_left(const lac_worker_pool *all)
{
    return all->next < all->count || all->agains > 0;
}

/* A range ends where a start does: arms of one start are run by one worker, unless that leaves
 * others without work; then each finds the start for itself. */
static size_t whole_starts(const lac_worker_pool *all, size_t first, size_t size)
{
    const lac_sample_table *samples = all->samples;
    size_t most = (all->count - first) / all->workers;
    while (lac_plan_shares_start(samples->plan) && size < most &&
           lac_sample_table_start_of_member(samples, all->to_do[first + size - 1]) ==
               lac_sample_table_start_of_member(samples, all->to_do[first + size]))
        size++;
    return size;
}

static lac_worker_pool_range take_range(lac_worker_pool *all, const lac_worker_hand *of)
{
    size_t rest = all->count - all->next;
    size_t size = (size_t)fmin(fmax(1, of->rate * RANGE_SPAN), RANGE_MOST);
    size_t share = rest / (2 * LAC_WORKER_POOL_AHEAD * all->workers) + 1;
    if (all->agains > 0) {
        lac_worker_pool_range *last = &all->again[all->agains - 1];
        size = size < last->count ? size : last->count;
        lac_worker_pool_range taken = {last->first, size};
        last->first += size;
        last->count -= size;
        all->agains -= last->count == 0;
        return taken;
    }
    size = whole_starts(all, all->next, size < share ? size : share);
    lac_worker_pool_range taken = {all->next, size};
    all->next += size;
    return taken;
}

static lac_status start(lac_worker_pool *all, lac_worker_hand *of)
{
    lac_worker_pool_place place = {all->campaign, all->samples, all->to_do, of->desk, -1, -1};
    *of->desk = (lac_worker_pool_shared){.place = LAC_NONE};
    of->heard = lac_clock_seconds();
    of->length = 0;
    return lac_worker_pool_fork(&place, &of->child, &of->to, &of->from);
}

/* The first member shows whether all are for memory: until it is done nobody else begins. */
static bool is_on_trial(const lac_worker_pool *all)
{
    return isfinite(all->patience.first) && all->told == 0;
}

static lac_status give(lac_worker_pool *all, lac_worker_hand *of)
{
    lac_status status = LAC_OK;
    size_t ahead = is_on_trial(all) ? 1 : LAC_WORKER_POOL_AHEAD;
    while (!all->stopping && of->ranges < ahead && is_work_left(all)) {
        if (of->child == 0)
            LAC_TRY(start(all, of));
        lac_worker_pool_range range = take_range(all, of);
        of->range[of->ranges++] = range;
        if (write(of->to, &range, sizeof range) != (ssize_t)sizeof range && errno != EPIPE)
            LAC_TRY(lac_fail(LAC_FILE, "cannot send members to a worker: %s", strerror(errno)));
    }
out:
    return status;
}

static void give_all(lac_worker_pool *all)
{
    size_t workers = is_on_trial(all) ? 1 : all->workers;
    for (size_t each = 0; each < workers && !all->stopping; each++) {
        lac_status status = give(all, &all->hand[each]);
        if (status == LAC_LIMIT && each > 0)
            return; /* fewer processes are enough */
        record_failure(all, status);
    }
}

/* --- patience
 * ------------------------------------------------------------------------------------------- */

/* A member that takes long gets a process of its own later, with checkpoints. */
static lac_status put_aside(lac_worker_pool *all, lac_worker_hand *of)
{
    lac_status status = LAC_OK;
    int how;
    size_t place = of->desk->place;
    kill(of->child, SIGKILL);
    lac_worker_pool_forget(of, &how);
    place = of->desk->place != LAC_NONE ? of->desk->place : place;
    of->desk->place = LAC_NONE;
    all->left[all->to_do[place]] = true;
    for (size_t each = 0; each < of->ranges; each++) {
        lac_worker_pool_range range = of->range[each];
        bool inside = place >= range.first && place < range.first + range.count;
        size_t before = inside ? place - range.first : range.count;
        LAC_TRY(lac_worker_pool_put_back(all, (lac_worker_pool_range){range.first, before}));
        if (inside)
            LAC_TRY(lac_worker_pool_put_back(
                all, (lac_worker_pool_range){place + 1, range.count - before - 1}));
    }
    of->ranges = 0;
out:
    return status;
}

static void leave_all_to_files(lac_worker_pool *all)
{
    for (size_t place = 0; place < all->count; place++)
        all->left[all->to_do[place]] = true;
    all->next = all->count;
    all->agains = 0;
}

static void be_patient(lac_worker_pool *all)
{
    double now = lac_clock_seconds();
    bool trial = is_on_trial(all);
    double patience = trial ? all->patience.first : all->patience.each;
    for (size_t each = 0; each < all->workers && !all->stopping; each++) {
        lac_worker_hand *of = &all->hand[each];
        bool busy = of->child > 0 && of->ranges > 0 && of->desk->place != LAC_NONE;
        if (!busy || now - of->desk->since <= patience)
            continue;
        record_failure(all, put_aside(all, of));
        if (trial)
            leave_all_to_files(all);
    }
}

/* --- working
 * ------------------------------------------------------------------------------------------- */

static lac_status listen_to_all(lac_worker_pool *all)
{
    lac_status status = LAC_OK;
    struct pollfd *file = NULL;
    double patience = is_on_trial(all) ? 0.02 : LOOK_EVERY;
    LAC_NEW(file, all->workers);
    for (size_t each = 0; each < all->workers; each++)
        file[each] = (struct pollfd){.fd = all->hand[each].child > 0 ? all->hand[each].from : -1,
                                     .events = POLLIN};
    int ready = poll(file, all->workers, (int)(1000 * patience));
    for (size_t each = 0; ready > 0 && each < all->workers; each++)
        if (file[each].revents)
            LAC_TRY(lac_worker_pool_hear(all, &all->hand[each]));
out:
    lac_free(file);
    return status;
}

/* Workers that do not leave by themselves are not waited for long. */
static void press(lac_worker_pool *all)
{
    if (!all->stopping || lac_clock_seconds() - all->left_at < LEAVE_SPAN)
        return;
    for (size_t each = 0; each < all->workers; each++)
        if (all->hand[each].child > 0)
            kill(all->hand[each].child, SIGKILL);
}

static bool is_busy(const lac_worker_pool *all)
{
    for (size_t each = 0; each < all->workers; each++)
        if (all->hand[each].child > 0 && (all->hand[each].ranges > 0 || all->stopping))
            return true;
    return false;
}

static void work(lac_worker_pool *all)
{
    for (;;) {
        give_all(all);
        if (!is_busy(all) && (all->stopping || !is_work_left(all)))
            return;
        record_failure(all, listen_to_all(all));
        lac_worker_pool_call(all, NULL);
        be_patient(all);
        record_failure(all, lac_campaign_touch(all->campaign));
        if (lac_clock_seconds() >= all->stop_at)
            request_stop(all, LAC_BUDGET);
        press(all);
    }
}

/* --- from begin to end
 * ------------------------------------------------------------------------------------------- */

static lac_status list_members(lac_worker_pool *all)
{
    lac_status status = LAC_OK;
    const lac_share *share = &all->options->share;
    size_t members = all->samples->members;
    lac_attempt_record *record = NULL;
    LAC_NEW(record, members);
    LAC_NEW(all->to_do, members);
    LAC_TRY(lac_campaign_read(all->campaign, members, record));
    for (size_t n = 0; n < members; n++) {
        size_t member = lac_sample_table_in_turn(all->samples, n);
        if (member % share->tasks != share->task)
            continue;
        bool done = record[member].status == LAC_DONE;
        bool skipped = all->options->skip && all->options->skip[member] && !done;
        all->state->members += !skipped;
        all->state->found += done;
        if (!done && !skipped)
            all->to_do[all->count++] = member;
    }
    all->state->done = all->state->found;
out:
    lac_free(record);
    return status;
}

static lac_status prepare(lac_worker_pool *all)
{
    lac_status status = LAC_OK;
    all->stop_at = lac_sweep_stop_at(all->options->wall);
    all->workers = all->options->process_layout.workers;
    LAC_NEW(all->hand, all->workers);
    for (size_t each = 0; each < all->workers; each++)
        all->hand[each].to = all->hand[each].from = -1;
    all->desks = mmap(NULL, all->workers * sizeof *all->desks, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (all->desks == MAP_FAILED)
        all->desks = NULL;
    LAC_REQUIRE(all->desks, LAC_MEMORY, "out of memory that workers can share");
    for (size_t each = 0; each < all->workers; each++)
        all->hand[each].desk = &all->desks[each];
    LAC_TRY(list_members(all));
out:
    return status;
}

static void release(lac_worker_pool *all)
{
    int how;
    for (size_t each = 0; all->hand && each < all->workers; each++) {
        if (all->hand[each].child > 0) {
            kill(all->hand[each].child, SIGKILL);
            lac_worker_pool_forget(&all->hand[each], &how);
        }
        lac_free(all->hand[each].bytes);
    }
    if (all->desks)
        munmap(all->desks, all->workers * sizeof *all->desks);
    lac_free(all->hand);
    lac_free(all->to_do);
    lac_free(all->again);
    lac_text_free(&all->sentence);
}

lac_status lac_worker_pool_run(lac_campaign *campaign, const lac_sample_table *samples,
                               const lac_sweep_options *options, lac_worker_pool_limits patience,
                               bool *left, lac_sweep_state *state)
{
    lac_status status = LAC_OK;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    lac_worker_pool all = {
        .campaign = campaign, .samples = samples, .options = options, .patience = patience};
    *state = (lac_sweep_state){0};
    all.left = left;
    all.state = state;
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, &before);
    LAC_TRY(prepare(&all));
    lac_worker_pool_call(&all, NULL);
    work(&all);
    if (all.failure != LAC_OK)
        LAC_TRY(lac_fail(all.failure, "%s", lac_text_of(&all.sentence)));
    LAC_TRY(lac_sweep_conclude(state, all.stopping ? all.why : LAC_OK));
out:
    sigaction(SIGPIPE, &before, NULL);
    release(&all);
    return status;
}
