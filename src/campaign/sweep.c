/* The sweep: seats for as many members as work at a time, each filled as soon as it is empty.
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

typedef struct seat {
    pid_t child; /* 0 = empty */
    size_t member;
    double began; /* [s] */
} seat;

typedef struct sweep {
    lac_campaign *campaign;
    const lac_roster *roster;
    const lac_sweep_options *options;
    seat *seat;      /* owned [workers] */
    bool *done;      /* owned [members] before we began */
    lac_note *ended; /* owned [workers]: attempts that the caller has not been told of */
    size_t untold;
    size_t next; /* the first member that has not been looked at */
    size_t held; /* a member for which there was no process; LAC_NONE = none */
    bool none_left;
    size_t running; /* our children */
    lac_sweep_state state;
    bool leaving;
    lac_status why;  /* we leave */
    double leave_at; /* [s] infinite without a budget */
    lac_status trouble;
    lac_text sentence; /* owned: about the trouble */
} sweep;

/* [s] */
static const double CALL_EVERY = 1, HEAR_EVERY = 0.01;
/* Of a budget, kept for members to write their checkpoints: a share of it, but [s]. */
static const double RESERVE = 0.05, RESERVE_LEAST = 2, RESERVE_MOST = 60;

/* --- leaving
 * ------------------------------------------------------------------------------------------- */

static void ask_to_leave(sweep *all, lac_status why)
{
    if (all->leaving)
        return;
    all->leaving = true;
    all->why = why;
    for (size_t each = 0; each < all->options->crew.workers; each++)
        if (all->seat[each].child > 0)
            kill(all->seat[each].child, SIGTERM);
    if (all->options->dealer)
        all->options->dealer->close(all->options->dealer->self, why);
}

/* The first failure of our own ends the sweep, but not before its members have left. */
static void note_trouble(sweep *all, lac_status status)
{
    if (status == LAC_OK || all->trouble != LAC_OK)
        return;
    all->trouble = status;
    lac_text_add(&all->sentence, "%s", lac_failure());
    ask_to_leave(all, status);
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
    if (all->options->dealer)
        return all->options->dealer->next(all->options->dealer->self);
    for (; all->next < all->roster->members; all->next++)
        if (all->next % share->tasks == share->task && !all->done[all->next])
            return all->next++;
    return LAC_NONE;
}

static lac_status start(sweep *all, seat *place, size_t member)
{
    lac_status status = LAC_OK;
    char **words = NULL;
    lac_text log = {0};
    lac_campaign_path(all->campaign, member, "log", &log);
    LAC_TRY(log.failed);
    LAC_TRY(lac_sweep_words(lac_campaign_directory(all->campaign), all->roster, member,
                            all->options, &words));
    pid_t child = 0;
    LAC_TRY(lac_child_start(words, log.bytes, &child));
    *place = (seat){child, member, lac_clock_seconds()};
    all->running++;
out:
    lac_text_free(&log);
    lac_sweep_words_free(words);
    return status;
}

static void fill_seats(sweep *all)
{
    for (size_t each = 0; each < all->options->crew.workers; each++) {
        if (all->seat[each].child > 0)
            continue;
        if (all->leaving || all->none_left)
            return;
        size_t member = next_member(all);
        all->none_left = member == LAC_NONE;
        if (all->none_left)
            return;
        lac_status status = start(all, &all->seat[each], member);
        if (status == LAC_LIMIT && all->running > 0) {
            all->held = member;
            return;
        }
        note_trouble(all, status);
    }
}

/* --- members that end
 * ------------------------------------------------------------------------------------------- */

static void count(lac_sweep_state *state, lac_fate fate)
{
    state->done += fate == LAC_DONE;
    state->failed += fate == LAC_FAILED;
    state->lost += fate == LAC_LOST;
    state->suspended += fate == LAC_SUSPENDED;
}

static lac_status take_leave(sweep *all, seat *place, const lac_ending *ending)
{
    lac_status status = LAC_OK;
    const lac_dealer *dealer = all->options->dealer;
    lac_note *note = &all->ended[all->untold];
    *note = (lac_note){.member = place->member, .wall = lac_clock_seconds() - place->began};
    *place = (seat){0, 0, 0};
    all->running--;
    LAC_TRY(lac_attempt_judge(all->campaign, lac_campaign_host(all->campaign), ending, all->leaving,
                              note));
    count(&all->state, note->fate);
    all->untold++;
    LAC_TRY(lac_campaign_write(all->campaign, note));
    if (note->fate == LAC_DONE)
        LAC_TRY(
            lac_attempt_clean(all->campaign, note->member, all->roster->plan->keep_checkpoints));
    if (dealer)
        LAC_TRY(dealer->ended(dealer->self, note));
out:
    return status;
}

static void collect(sweep *all)
{
    lac_ending ending;
    for (size_t each = 0; each < all->options->crew.workers; each++)
        if (all->seat[each].child > 0 && lac_child_ended(all->seat[each].child, &ending))
            note_trouble(all, take_leave(all, &all->seat[each], &ending));
}

/* --- telling and asking the caller
 * ------------------------------------------------------------------------------------------- */

static void call(sweep *all, const lac_note *note)
{
    const lac_dealer *dealer = all->options->dealer;
    if (!all->options->call)
        return;
    all->state.note = note;
    all->state.running = all->running + (dealer ? dealer->elsewhere(dealer->self) : 0);
    if (all->options->call(all->options->context, &all->state) == LAC_SWEEP_LEAVE)
        ask_to_leave(all, LAC_INTERRUPTED);
}

static void tell(sweep *all)
{
    const lac_dealer *dealer = all->options->dealer;
    lac_note heard;
    for (size_t each = 0; each < all->untold; each++)
        call(all, &all->ended[each]);
    all->untold = 0;
    while (dealer && dealer->hear(dealer->self, &heard)) {
        count(&all->state, heard.fate);
        call(all, &heard);
    }
    call(all, NULL);
    if (lac_clock_seconds() >= all->leave_at)
        ask_to_leave(all, LAC_BUDGET);
    if (dealer && dealer->called(dealer->self) != LAC_OK)
        ask_to_leave(all,
                     dealer->called(dealer->self) == LAC_BUDGET ? LAC_BUDGET : LAC_INTERRUPTED);
}

/* --- waiting
 * ------------------------------------------------------------------------------------------- */

static void wake(int number)
{
    (void)number;
}

/* Until a child ends, a signal comes, or it is time to look around. Children's signals are blocked
 * but here, so none is missed. */
static void sleep_lightly(const sweep *all, const sigset_t *outside)
{
    double patience = all->options->dealer ? HEAR_EVERY : CALL_EVERY;
    if (!all->leaving)
        patience = fmin(patience, fmax(0, all->leave_at - lac_clock_seconds()));
    struct timespec span = {.tv_sec = (time_t)patience};
    span.tv_nsec = (long)(1e9 * (patience - floor(patience)));
    sigset_t awake = *outside;
    sigdelset(&awake, SIGCHLD);
    pselect(0, NULL, NULL, NULL, &span, &awake);
}

static void work(sweep *all, const sigset_t *outside)
{
    const lac_dealer *dealer = all->options->dealer;
    for (;;) {
        fill_seats(all);
        tell(all);
        note_trouble(all, lac_campaign_touch(all->campaign));
        bool others = dealer && dealer->busy(dealer->self);
        if (all->running == 0 && all->untold == 0 && (all->leaving || all->none_left) && !others)
            return;
        sleep_lightly(all, outside);
        collect(all);
    }
}

/* --- from begin to end
 * ------------------------------------------------------------------------------------------- */

static lac_status know_what_is_done(sweep *all)
{
    lac_status status = LAC_OK;
    const lac_share *share = &all->options->share;
    size_t members = all->roster->members;
    lac_note *note = NULL;
    LAC_NEW(note, members);
    LAC_NEW(all->done, members);
    LAC_TRY(lac_campaign_read(all->campaign, members, note));
    for (size_t member = share->task; member < members; member += share->tasks) {
        bool skipped = all->options->skip && all->options->skip[member];
        bool done = note[member].fate == LAC_DONE;
        all->done[member] = done || skipped;
        all->state.members++;
        all->state.found += done;
    }
    all->state.done = all->state.found;
    if (all->options->so_far) {
        all->state.found = all->options->so_far->found;
        all->state.failed = all->options->so_far->failed;
        all->state.lost = all->options->so_far->lost;
    }
out:
    lac_free(note);
    return status;
}

double lac_sweep_leave_at(double wall)
{
    double reserve = fmin(fmax(RESERVE * wall, RESERVE_LEAST), fmin(RESERVE_MOST, wall / 2));
    return wall > 0 ? lac_clock_seconds() + wall - reserve : (double)INFINITY;
}

static lac_status prepare(sweep *all)
{
    lac_status status = LAC_OK;
    size_t workers = all->options->crew.workers;
    all->leave_at = lac_sweep_leave_at(all->options->wall);
    LAC_NEW(all->seat, workers);
    LAC_NEW(all->ended, workers);
    LAC_TRY(know_what_is_done(all));
out:
    return status;
}

lac_status lac_sweep_conclude(const lac_sweep_state *state, lac_status why)
{
    size_t bad = state->failed + state->lost;
    if (why != LAC_OK && state->done + bad < state->members)
        return lac_fail(why, "%s: %zu of %zu members done; run the command again to continue",
                        why == LAC_BUDGET ? "the time is used up" : "interrupted", state->done,
                        state->members);
    if (bad > 0)
        return lac_fail(LAC_MEMBERS, "%zu of %zu members failed", bad, state->members);
    if (state->suspended > 0)
        return lac_fail(LAC_INTERRUPTED,
                        "%zu of %zu members left after a checkpoint; the same command goes on "
                        "with them",
                        state->suspended, state->members);
    return LAC_OK;
}

lac_status lac_sweep_run(lac_campaign *campaign, const lac_roster *roster,
                         const lac_sweep_options *options)
{
    lac_status status = LAC_OK;
    sweep all = {.campaign = campaign, .roster = roster, .options = options, .held = LAC_NONE};
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
    if (all.trouble != LAC_OK)
        LAC_TRY(lac_fail(all.trouble, "%s", lac_text_of(&all.sentence)));
    LAC_TRY(lac_sweep_conclude(&all.state, all.leaving ? all.why : LAC_OK));
out:
    lac_free(all.seat);
    lac_free(all.ended);
    lac_free(all.done);
    lac_text_free(&all.sentence);
    return status;
}
