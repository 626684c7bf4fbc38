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
#include "campaign/sweep_internal.h"
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

enum { AHEAD = 2, RANGE_MOST = 65536, READ_BYTES = 1 << 16 };
/* [s]: work in a range; how long workers may take to leave; how often we look around. */
static const double RANGE_SPAN = 0.2, LEAVE_SPAN = 1, LOOK_EVERY = 0.25;

typedef struct hand {
    pid_t child; /* 0 = none */
    int to, from;
    lac_worker_pool_shared *desk;       /* shared */
    lac_worker_pool_range range[AHEAD]; /* given and not told of yet, the oldest first */
    size_t ranges;
    double rate;  /* members a second; 0 = not known */
    double heard; /* [s] when it last told something */
    char *bytes;  /* owned: a report that has not come whole */
    size_t length, capacity;
} hand;

typedef struct pool {
    lac_campaign *campaign;
    const lac_sample_table *samples;
    const lac_sweep_options *options;
    lac_worker_pool_limits patience;
    bool *left;    /* borrowed [members] */
    size_t *to_do; /* owned: members */
    size_t count, next;
    lac_worker_pool_range *again; /* owned: of workers that died */
    size_t agains, again_capacity;
    hand *hand;                    /* owned [workers] */
    lac_worker_pool_shared *desks; /* mapped [workers] */
    size_t workers, told;
    lac_sweep_state *state;
    bool stopping;
    lac_status why, failure;
    double stop_at, left_at;
    lac_text sentence; /* owned: about the trouble */
} pool;

/* --- leaving
 * ------------------------------------------------------------------------------------------- */

static void request_stop(pool *all, lac_status why)
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

static void record_failure(pool *all, lac_status status)
{
    if (status == LAC_OK || all->failure != LAC_OK)
        return;
    all->failure = status;
    lac_text_add(&all->sentence, "%s", lac_failure());
    request_stop(all, status);
}

static void call(pool *all, const lac_attempt_record *record)
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

static lac_status put_back(pool *all, lac_worker_pool_range range)
{
    lac_status status = LAC_OK;
    if (range.count == 0)
        return LAC_OK;
    LAC_GROW(all->again, all->agains, all->again_capacity);
    all->again[all->agains++] = range;
out:
    return status;
}

static bool is_work_left(const pool *all)
{
    return all->next < all->count || all->agains > 0;
}

/* A range ends where a start does: arms of one start are run by one worker. */
static size_t whole_starts(const pool *all, size_t first, size_t size)
{
    const lac_sample_table *samples = all->samples;
    while (lac_plan_shares_start(samples->plan) && first + size < all->count) {
        size_t last = lac_sample_table_point(samples, all->to_do[first + size - 1]);
        size_t next = lac_sample_table_point(samples, all->to_do[first + size]);
        if (lac_sample_table_start(samples, last) != lac_sample_table_start(samples, next))
            break;
        size++;
    }
    return size;
}

static lac_worker_pool_range take_range(pool *all, const hand *of)
{
    size_t rest = all->count - all->next;
    size_t size = (size_t)fmin(fmax(1, of->rate * RANGE_SPAN), RANGE_MOST);
    size_t share = rest / (2 * AHEAD * all->workers) + 1;
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

static lac_status start(pool *all, hand *of)
{
    lac_worker_pool_place place = {all->campaign, all->samples, all->to_do, of->desk, -1, -1};
    *of->desk = (lac_worker_pool_shared){.place = LAC_NONE};
    of->heard = lac_clock_seconds();
    of->length = 0;
    return lac_worker_pool_fork(&place, &of->child, &of->to, &of->from);
}

/* The first member shows whether all are for memory: until it is done nobody else begins. */
static bool is_on_trial(const pool *all)
{
    return isfinite(all->patience.first) && all->told == 0;
}

static lac_status give(pool *all, hand *of)
{
    lac_status status = LAC_OK;
    size_t ahead = is_on_trial(all) ? 1 : AHEAD;
    while (!all->stopping && of->ranges < ahead && is_work_left(all)) {
        if (of->child == 0)
            LAC_TRY(start(all, of));
        lac_worker_pool_range range = take_range(all, of);
        of->range[of->ranges++] = range;
        if (write(of->to, &range, sizeof range) != (ssize_t)sizeof range && errno != EPIPE)
            LAC_TRY(lac_fail(LAC_FILE, "cannot tell a worker what to do: %s", strerror(errno)));
    }
out:
    return status;
}

static void give_all(pool *all)
{
    size_t workers = is_on_trial(all) ? 1 : all->workers;
    for (size_t each = 0; each < workers && !all->stopping; each++) {
        lac_status status = give(all, &all->hand[each]);
        if (status == LAC_LIMIT && each > 0)
            return; /* fewer processes are enough */
        record_failure(all, status);
    }
}

/* --- hearing
 * ------------------------------------------------------------------------------------------- */

static void count(lac_sweep_state *state, lac_member_status member_status)
{
    state->done += member_status == LAC_DONE;
    state->failed += member_status == LAC_FAILED;
    state->lost += member_status == LAC_LOST;
}

/* A place was told of: it is the first of the oldest range. */
static void strike(hand *of)
{
    of->range[0].first++;
    if (--of->range[0].count > 0)
        return;
    of->range[0] = of->range[1];
    of->ranges--;
}

static lac_status take_done(pool *all, const lac_worker_pool_report *report, const char *text,
                            lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_campaign_take_row(all->campaign, record->member, text, report->offset));
    const lac_row_head *head = lac_rows_head(lac_campaign_rows(all->campaign),
                                             lac_sample_table_number(all->samples, record->member));
    LAC_REQUIRE(head, LAC_INTERNAL, "a record that was told of is not known");
    record->status = LAC_DONE;
    record->in_memory = true;
    snprintf(record->ended, sizeof record->ended, "%s", head->ended);
out:
    return status;
}

static lac_status take_failed(pool *all, const lac_worker_pool_report *report, const char *text,
                              lac_attempt_record *record)
{
    record->status = LAC_FAILED;
    record->exit_code = lac_status_exit_code((lac_status)report->code);
    snprintf(record->sentence, sizeof record->sentence, "%.*s", (int)strcspn(text, "\n"), text);
    lac_clock_date(record->ended);
    return lac_campaign_write(all->campaign, record);
}

static lac_status take_report(pool *all, hand *of, const lac_worker_pool_report *report,
                              const char *text)
{
    lac_status status = LAC_OK;
    if (report->news == LAC_WORKER_POOL_TROUBLE)
        return lac_fail((lac_status)report->code, "%s", text);
    lac_attempt_record record = {
        .member = all->to_do[report->place], .attempts = 1, .wall = report->wall};
    record.cpu = report->cpu;
    record.memory = report->memory;
    snprintf(record.host, sizeof record.host, "%s", lac_campaign_host(all->campaign));
    LAC_REQUIRE(of->ranges > 0 && of->range[0].first == report->place, LAC_INTERNAL,
                "a worker tells of a member that it was not given");
    strike(of);
    LAC_TRY(report->news == LAC_WORKER_POOL_DONE ? take_done(all, report, text, &record)
                                                 : take_failed(all, report, text, &record));
    all->told++;
    count(all->state, record.status);
    call(all, &record);
out:
    return status;
}

/* All reports that have come whole; what is left of the bytes stays. */
static lac_status take_reports(pool *all, hand *of)
{
    lac_status status = LAC_OK;
    size_t at = 0, reports = 0;
    lac_worker_pool_report report;
    char text[1024];
    while (of->length - at >= sizeof report) {
        memcpy(&report, of->bytes + at, sizeof report);
        if (of->length - at - sizeof report < report.bytes)
            break;
        snprintf(text, sizeof text, "%.*s", (int)fmin((double)report.bytes, sizeof text - 1),
                 of->bytes + at + sizeof report);
        at += sizeof report + report.bytes;
        reports++;
        LAC_TRY(take_report(all, of, &report, text));
    }
    double now = lac_clock_seconds();
    if (reports > 0) {
        double rate = (double)reports / fmax(now - of->heard, 1e-6);
        of->rate = of->rate > 0 ? fmin((of->rate + rate) / 2, 4 * of->rate) : fmin(rate, 100);
        of->heard = now;
    }
out:
    memmove(of->bytes, of->bytes + at, of->length - at);
    of->length -= at;
    return status;
}

static lac_status make_room(hand *of)
{
    if (of->capacity - of->length >= READ_BYTES)
        return LAC_OK;
    size_t grown = of->length + 2 * READ_BYTES;
    char *moved = lac_regrow(of->bytes, of->length, grown, 1);
    if (!moved)
        return LAC_MEMORY;
    of->bytes = moved;
    of->capacity = grown;
    return LAC_OK;
}

/* --- workers that end
 * ------------------------------------------------------------------------------------------- */

static void forget(hand *of, int *how)
{
    while (waitpid(of->child, how, 0) < 0 && errno == EINTR)
        continue;
    if (of->to >= 0)
        close(of->to);
    close(of->from);
    of->child = 0;
    of->to = of->from = -1;
}

static void tell_death(int how, lac_attempt_record *record)
{
    record->status = LAC_LOST;
    record->signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    record->exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    if (record->signal == 0)
        snprintf(record->sentence, sizeof record->sentence, "its worker ended with exit code %d",
                 record->exit_code);
    else if (record->signal == SIGKILL)
        snprintf(record->sentence, sizeof record->sentence,
                 "killed by signal %d, perhaps for want of memory", record->signal);
    else
        snprintf(record->sentence, sizeof record->sentence, "ended by signal %d (%s)",
                 record->signal, strsignal(record->signal));
}

/* The member in hand is lost; those before it that were not told of, and those behind, are not. */
static lac_status mourn(pool *all, hand *of, int how)
{
    lac_status status = LAC_OK;
    size_t place = of->desk->place;
    bool lost = place != LAC_NONE && !all->stopping;
    for (size_t each = 0; each < of->ranges; each++) {
        lac_worker_pool_range range = of->range[each];
        bool inside = lost && place >= range.first && place < range.first + range.count;
        size_t before = inside ? place - range.first : range.count;
        LAC_TRY(put_back(all, (lac_worker_pool_range){range.first, before}));
        if (inside)
            LAC_TRY(put_back(all, (lac_worker_pool_range){place + 1, range.count - before - 1}));
    }
    of->ranges = 0;
    if (!lost)
        goto out;
    lac_attempt_record record = {.member = all->to_do[place], .attempts = 1};
    record.wall = lac_clock_seconds() - of->desk->since;
    snprintf(record.host, sizeof record.host, "%s", lac_campaign_host(all->campaign));
    lac_clock_date(record.ended);
    tell_death(how, &record);
    LAC_TRY(lac_campaign_write(all->campaign, &record));
    all->told++;
    count(all->state, record.status);
    call(all, &record);
out:
    return status;
}

static lac_status hear(pool *all, hand *of)
{
    lac_status status = LAC_OK;
    int how = 0;
    LAC_TRY(make_room(of));
    ssize_t got = read(of->from, of->bytes + of->length, READ_BYTES);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return LAC_OK;
    if (got > 0) {
        of->length += (size_t)got;
        return take_reports(all, of);
    }
    forget(of, &how);
    LAC_TRY(mourn(all, of, how));
out:
    return status;
}

/* --- patience
 * ------------------------------------------------------------------------------------------- */

/* A member that takes long gets a process of its own later, with checkpoints. */
static lac_status put_aside(pool *all, hand *of)
{
    lac_status status = LAC_OK;
    int how;
    size_t place = of->desk->place;
    kill(of->child, SIGKILL);
    forget(of, &how);
    place = of->desk->place != LAC_NONE ? of->desk->place : place;
    of->desk->place = LAC_NONE;
    all->left[all->to_do[place]] = true;
    for (size_t each = 0; each < of->ranges; each++) {
        lac_worker_pool_range range = of->range[each];
        bool inside = place >= range.first && place < range.first + range.count;
        size_t before = inside ? place - range.first : range.count;
        LAC_TRY(put_back(all, (lac_worker_pool_range){range.first, before}));
        if (inside)
            LAC_TRY(put_back(all, (lac_worker_pool_range){place + 1, range.count - before - 1}));
    }
    of->ranges = 0;
out:
    return status;
}

static void leave_all_to_files(pool *all)
{
    for (size_t place = 0; place < all->count; place++)
        all->left[all->to_do[place]] = true;
    all->next = all->count;
    all->agains = 0;
}

static void be_patient(pool *all)
{
    double now = lac_clock_seconds();
    bool trial = is_on_trial(all);
    double patience = trial ? all->patience.first : all->patience.each;
    for (size_t each = 0; each < all->workers && !all->stopping; each++) {
        hand *of = &all->hand[each];
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

static lac_status listen_to_all(pool *all)
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
            LAC_TRY(hear(all, &all->hand[each]));
out:
    lac_free(file);
    return status;
}

/* Workers that do not leave by themselves are not waited for long. */
static void press(pool *all)
{
    if (!all->stopping || lac_clock_seconds() - all->left_at < LEAVE_SPAN)
        return;
    for (size_t each = 0; each < all->workers; each++)
        if (all->hand[each].child > 0)
            kill(all->hand[each].child, SIGKILL);
}

static bool is_busy(const pool *all)
{
    for (size_t each = 0; each < all->workers; each++)
        if (all->hand[each].child > 0 && (all->hand[each].ranges > 0 || all->stopping))
            return true;
    return false;
}

static void work(pool *all)
{
    for (;;) {
        give_all(all);
        if (!is_busy(all) && (all->stopping || !is_work_left(all)))
            return;
        record_failure(all, listen_to_all(all));
        call(all, NULL);
        be_patient(all);
        record_failure(all, lac_campaign_touch(all->campaign));
        if (lac_clock_seconds() >= all->stop_at)
            request_stop(all, LAC_BUDGET);
        press(all);
    }
}

/* --- from begin to end
 * ------------------------------------------------------------------------------------------- */

/* The n-th member to be run: with shared starts the arms of a start follow one another. */
static size_t in_turn(const lac_sample_table *samples, size_t n)
{
    size_t replicates = samples->plan->replicates, starts = lac_sample_table_starts(samples);
    if (!lac_plan_shares_start(samples->plan))
        return n;
    size_t arms = samples->plan->arms, point = n / replicates;
    return (point % arms * starts + point / arms) * replicates + n % replicates;
}

static lac_status list_members(pool *all)
{
    lac_status status = LAC_OK;
    const lac_share *share = &all->options->share;
    size_t members = all->samples->members;
    lac_attempt_record *record = NULL;
    LAC_NEW(record, members);
    LAC_NEW(all->to_do, members);
    LAC_TRY(lac_campaign_read(all->campaign, members, record));
    for (size_t n = 0; n < members; n++) {
        size_t member = in_turn(all->samples, n);
        if (member % share->tasks != share->task)
            continue;
        bool done = record[member].status == LAC_DONE;
        all->state->members++;
        all->state->found += done;
        if (!done)
            all->to_do[all->count++] = member;
    }
    all->state->done = all->state->found;
out:
    lac_free(record);
    return status;
}

static lac_status prepare(pool *all)
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
    LAC_REQUIRE(all->desks, LAC_MEMORY, "there is no memory to share with workers");
    for (size_t each = 0; each < all->workers; each++)
        all->hand[each].desk = &all->desks[each];
    LAC_TRY(list_members(all));
out:
    return status;
}

static void release(pool *all)
{
    int how;
    for (size_t each = 0; all->hand && each < all->workers; each++) {
        if (all->hand[each].child > 0) {
            kill(all->hand[each].child, SIGKILL);
            forget(&all->hand[each], &how);
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
    pool all = {.campaign = campaign, .samples = samples, .options = options, .patience = patience};
    *state = (lac_sweep_state){0};
    all.left = left;
    all.state = state;
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, &before);
    LAC_TRY(prepare(&all));
    call(&all, NULL);
    work(&all);
    if (all.failure != LAC_OK)
        LAC_TRY(lac_fail(all.failure, "%s", lac_text_of(&all.sentence)));
    LAC_TRY(lac_sweep_conclude(state, all.stopping ? all.why : LAC_OK));
out:
    sigaction(SIGPIPE, &before, NULL);
    release(&all);
    return status;
}
