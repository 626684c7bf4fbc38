/* The worker process of a pool: takes ranges of members, runs them, writes their records, reports.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/vector.h"
#include "campaign/rows.h"
#include "campaign/subprocess.h"
#include "campaign/worker.h"
#include "campaign/worker_pool_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* What a kill may take [s], and how much is reported at once [bytes]. */
static const double TELL_EVERY = 0.05;
enum { TELL_BYTES = 1 << 16 };

typedef struct desk_work {
    const lac_worker_pool_place *place;
    lac_worker *worker;
    lac_rows_writer *rows;
    lac_text reports; /* not told yet */
    double told_at;
    char print[LAC_FINGERPRINT_BYTES]; /* of the model */
} desk_work;

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double memory_bytes(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return 1024.0 * (double)use.ru_maxrss;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t wrote = write(file, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

/* --- reports
 * ------------------------------------------------------------------------------------------- */

static void add_report(desk_work *work, lac_worker_pool_report report, const char *text)
{
    report.bytes = strlen(text);
    lac_text_add_bytes(&work->reports, (const char *)&report, sizeof report);
    lac_text_add_bytes(&work->reports, text, report.bytes);
}

/* Records reach their file before they are reported. */
static lac_status tell(desk_work *work)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_rows_flush(work->rows));
    LAC_TRY(work->reports.failed);
    if (work->reports.length > 0 &&
        !write_all(work->place->to, work->reports.bytes, work->reports.length))
        status = LAC_FILE;
    work->reports.length = 0;
    work->told_at = lac_clock_seconds();
out:
    return status;
}

/* --- a member
 * ------------------------------------------------------------------------------------------- */

static lac_status keep(desk_work *work, size_t member, const lac_curves *curves,
                       lac_worker_pool_report *report)
{
    const lac_sample_table *samples = work->place->samples;
    lac_row_head head = {.frames = (uint32_t)curves->frames,
                         .series = (uint32_t)curves->series,
                         .number = lac_sample_table_number(samples, member),
                         .key = lac_sample_table_key(samples, work->print, member),
                         .ordinal = lac_campaign_attempts(work->place->campaign, member) + 1,
                         .wall = report->wall,
                         .cpu = report->cpu,
                         .memory = report->memory};
    snprintf(head.host, sizeof head.host, "%s", lac_campaign_host(work->place->campaign));
    lac_clock_date(head.ended);
    return lac_rows_append(work->rows, &head, curves->time, curves->value, &report->offset);
}

/* A failure is the member's; what cannot be written, or have memory, is ours. */
static lac_status run_member(desk_work *work, size_t place)
{
    lac_status status = LAC_OK;
    lac_curves curves;
    size_t member = work->place->to_do[place];
    double began = work->place->desk->since, cpu = cpu_seconds();
    lac_worker_pool_report report = {.place = place};
    lac_status ended = lac_worker_run(work->worker, member, &curves);
    report.wall = lac_clock_seconds() - began;
    report.cpu = cpu_seconds() - cpu;
    report.memory = memory_bytes();
    report.news = ended == LAC_OK ? LAC_WORKER_POOL_DONE : LAC_WORKER_POOL_FAILED;
    report.code = (uint32_t)ended;
    if (ended == LAC_OK) {
        LAC_TRY(keep(work, member, &curves, &report));
        add_report(work, report, lac_rows_name(work->rows));
    } else {
        add_report(work, report, lac_failure());
    }
    LAC_TRY(work->reports.failed);
out:
    return status;
}

static bool read_range(int file, lac_worker_pool_range *range)
{
    ssize_t got;
    do
        got = read(file, range, sizeof *range);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *range;
}

static lac_status run_range(desk_work *work, const lac_worker_pool_range *range)
{
    lac_status status = LAC_OK;
    lac_worker_pool_shared *desk = work->place->desk;
    for (size_t place = range->first; place < range->first + range->count && !desk->leave;
         place++) {
        desk->since = lac_clock_seconds();
        desk->place = place;
        LAC_TRY(run_member(work, place));
        desk->place = LAC_NONE;
        if (work->reports.length > TELL_BYTES || lac_clock_seconds() - work->told_at > TELL_EVERY)
            LAC_TRY(tell(work));
    }
    LAC_TRY(tell(work));
out:
    return status;
}

static lac_status serve(desk_work *work)
{
    lac_status status = LAC_OK;
    lac_worker_pool_range range;
    lac_text model = {0};
    const lac_worker_pool_place *place = work->place;
    lac_plan_write_model(place->samples->plan, &model);
    LAC_TRY(model.failed);
    lac_fingerprint(lac_text_of(&model), work->print);
    LAC_TRY(lac_worker_create(place->samples, &work->worker));
    LAC_TRY(lac_rows_create(lac_campaign_directory(place->campaign),
                            lac_campaign_host(place->campaign), &work->rows));
    while (!place->desk->leave && read_range(place->from, &range))
        LAC_TRY(run_range(work, &range));
out:
    lac_text_free(&model);
    return status;
}

/* --- the process
 * ------------------------------------------------------------------------------------------- */

static void settle_down(const lac_worker_pool_place *place, pid_t parent)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE};
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigset_t none;
    lac_subprocess_die_with(parent);
    sigemptyset(&action.sa_mask);
    for (size_t each = 0; each < sizeof ignored / sizeof *ignored; each++)
        sigaction(ignored[each], &action, NULL);
    action.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &action, NULL);
    lac_subprocess_close_others(place->from, place->to);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    lac_threads_set(1);
}

/* Comes never back. */
static void be_worker(const lac_worker_pool_place *place)
{
    desk_work work = {.place = place, .told_at = lac_clock_seconds()};
    lac_status status = serve(&work);
    if (status != LAC_OK) {
        lac_worker_pool_report report = {.news = LAC_WORKER_POOL_TROUBLE, .code = (uint32_t)status};
        add_report(&work, report, lac_failure());
        write_all(place->to, lac_text_of(&work.reports), work.reports.length);
    }
    _exit(status == LAC_OK ? 0 : 1);
}

lac_status lac_worker_pool_fork(const lac_worker_pool_place *place, pid_t *child, int *to,
                                int *from)
{
    lac_status status = LAC_OK;
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    sigset_t all, before;
    pid_t parent = getpid();
    LAC_REQUIRE(pipe(down) == 0 && pipe(up) == 0, LAC_FILE, "cannot make a pipe: %s",
                strerror(errno));
    /* A signal between the fork and what follows would run our handler in the child. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    *child = fork();
    if (*child == 0) {
        lac_worker_pool_place own = *place;
        own.from = down[0];
        own.to = up[1];
        settle_down(&own, parent);
        be_worker(&own);
    }
    int reason = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    LAC_REQUIRE(*child > 0, reason == EAGAIN ? LAC_LIMIT : LAC_FILE,
                "cannot start another process: %s", strerror(reason));
    close(down[0]);
    close(up[1]);
    fcntl(down[1], F_SETFD, FD_CLOEXEC);
    fcntl(up[0], F_SETFD, FD_CLOEXEC);
    *to = down[1];
    *from = up[0];
    return LAC_OK;
out:
    for (int end = 0; end < 2; end++) {
        if (down[end] >= 0)
            close(down[end]);
        if (up[end] >= 0)
            close(up[end]);
    }
    return status;
}
