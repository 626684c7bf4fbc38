/* The pool hears: reports of members that are done or have failed, and workers that end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/worker_pool_internal.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/names.h"
#include "campaign/rows.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 16 };

/* --- hearing
 * ------------------------------------------------------------------------------------------- */

static void count(lac_sweep_state *state, lac_member_status member_status)
{
    state->done += member_status == LAC_DONE;
    state->failed += member_status == LAC_FAILED;
    state->lost += member_status == LAC_LOST;
}

/* A place was reported of: it is the first of the oldest range. */
static void strike(lac_worker_hand *of)
{
    of->range[0].first++;
    if (--of->range[0].count > 0)
        return;
    of->range[0] = of->range[1];
    of->ranges--;
}

static lac_status take_done(lac_worker_pool *all, const lac_worker_pool_report *report,
                            const char *text, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_campaign_take_row(all->campaign, record->member, text, report->offset));
    const lac_row_head *head = lac_rows_head(lac_campaign_rows(all->campaign),
                                             lac_sample_table_number(all->samples, record->member));
    LAC_REQUIRE(head, LAC_INTERNAL, "a worker reported a record that does not exist");
    record->status = LAC_DONE;
    record->in_memory = true;
    snprintf(record->ended, sizeof record->ended, "%s", head->ended);
out:
    return status;
}

static lac_status take_failed(lac_worker_pool *all, const lac_worker_pool_report *report,
                              const char *text, lac_attempt_record *record)
{
    record->status = LAC_FAILED;
    record->exit_code = lac_status_exit_code((lac_status)report->code);
    snprintf(record->sentence, sizeof record->sentence, "%.*s", (int)strcspn(text, "\n"), text);
    lac_clock_date(record->ended);
    return lac_campaign_write(all->campaign, record);
}

static lac_status take_report(lac_worker_pool *all, lac_worker_hand *of,
                              const lac_worker_pool_report *report, const char *text)
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
                "a worker reported a member that it was not given");
    strike(of);
    LAC_TRY(report->news == LAC_WORKER_POOL_DONE ? take_done(all, report, text, &record)
                                                 : take_failed(all, report, text, &record));
    all->told++;
    count(all->state, record.status);
    lac_worker_pool_call(all, &record);
out:
    return status;
}

/* All reports that have come whole; what is left of the bytes stays. */
static lac_status take_reports(lac_worker_pool *all, lac_worker_hand *of)
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

static lac_status make_room(lac_worker_hand *of)
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

void lac_worker_pool_forget(lac_worker_hand *of, int *how)
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
static lac_status mourn(lac_worker_pool *all, lac_worker_hand *of, int how)
{
    lac_status status = LAC_OK;
    size_t place = of->desk->place;
    bool lost = place != LAC_NONE && !all->stopping;
    for (size_t each = 0; each < of->ranges; each++) {
        lac_worker_pool_range range = of->range[each];
        bool inside = lost && place >= range.first && place < range.first + range.count;
        size_t before = inside ? place - range.first : range.count;
        LAC_TRY(lac_worker_pool_put_back(all, (lac_worker_pool_range){range.first, before}));
        if (inside)
            LAC_TRY(lac_worker_pool_put_back(
                all, (lac_worker_pool_range){place + 1, range.count - before - 1}));
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
    lac_worker_pool_call(all, &record);
out:
    return status;
}

lac_status lac_worker_pool_hear(lac_worker_pool *all, lac_worker_hand *of)
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
    lac_worker_pool_forget(of, &how);
    LAC_TRY(mourn(all, of, how));
out:
    return status;
}
