/* Conducting many runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sweep_driver.h"

#include "base/duration.h"
#include "base/json.h"
#include "base/memory.h"
#include "campaign/mpi_ranks.h"
#include "cli/dry_run.h"
#include "cli/members.h"
#include "cli/mpi_environment.h"
#include "cli/signals.h"
#include "cli/sweep_progress.h"
#include "cli/sweep_status.h"
#include "cli/thread_wait.h"
#include "library/lacuna.h"
#include "methods/methods.h"
#include "model/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A conduct: what is made on the way and has to be undone. */
typedef struct conduct {
    lac_sweep_setup *setup; /* borrowed */
    lac_mpi_ranks *ranks;   /* borrowed; NULL when we are alone */
    lac_campaign *campaign; /* owned, as the next */
    lac_sweep_progress progress;
    size_t *to_do; /* owned: members that rank 0 hands out */
    bool indexed;
} conduct;

static void say(void *context, const char *sentence)
{
    const lac_sweep_setup *setup = context;
    if (!setup->arguments->quiet)
        fprintf(stderr, "lacuna: %s\n", sentence);
}

/* Each member would bind its threads to the same processors as all others. */
static void free_members_from_binding(void)
{
    static const char *const names[] = {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY",
                                        "KMP_AFFINITY"};
    for (size_t each = 0; each < sizeof names / sizeof names[0]; each++)
        unsetenv(names[each]);
}

static void warn(const lac_sweep_setup *setup)
{
    const lac_plan *plan = setup->plan;
    const lac_stepper_type *type = lac_stepper_find(plan->model->settings.method);
    if (setup->arguments->quiet || (setup->skip && !setup->more))
        return; /* or it was said of those before */
    if (plan->model->clinical)
        fprintf(stderr, "lacuna: " LACUNA_NOTICE "\n");
    if (plan->replicates > 1 && type && !type->draws &&
        lac_model_random_start(plan->model) == LAC_NONE)
        fprintf(stderr, "lacuna: warning: %s draws no random numbers, so replicates are equal\n",
                plan->model->settings.method);
}

/* --- the last words
 * ------------------------------------------------------------------------------------------- */

static void print_end(const conduct *end)
{
    const lac_sweep_setup *setup = end->setup;
    const lac_sweep_state *state = &end->progress.state;
    char wall[32], share[64] = "";
    if (setup->share.tasks > 1)
        snprintf(share, sizeof share, ", task %zu of %zu", setup->share.task + 1,
                 setup->share.tasks);
    printf("%s%s: %zu of %zu members done", lac_text_of(&setup->directory), share,
           state->done - end->progress.bad, state->members);
    if (state->found > 0)
        printf(" (%zu before)", state->found);
    if (state->failed + state->lost + end->progress.bad > 0)
        printf(", %zu failed", state->failed + state->lost + end->progress.bad);
    printf(", %s\n", lac_duration(lac_meter_elapsed(&end->progress.meter), wall, sizeof wall));
    if (end->indexed)
        printf("%s/index.nc: the index\n", lac_text_of(&setup->directory));
    else if (setup->share.tasks > 1)
        printf("'lacuna merge %s' makes the index when all tasks are done\n",
               lac_text_of(&setup->directory));
}

static void write_failures(lac_json *json, const conduct *end)
{
    lac_json_array(json, "failures");
    for (size_t member = 0; member < end->setup->samples->members; member++) {
        const lac_attempt_record *record = &end->progress.record[member];
        lac_text point = {0};
        if (!end->progress.finished[member] || record->status == LAC_DONE)
            continue;
        lac_sweep_progress_name_point(end->setup->samples, member, &point);
        lac_json_object(json, NULL);
        lac_json_count(json, "member", member);
        lac_json_words(json, "point", lac_text_of(&point));
        lac_json_words(json, "status", lac_member_status_word(record->status));
        lac_json_number(json, "exit_code", record->exit_code);
        lac_json_number(json, "signal", record->signal);
        lac_json_words(json, "sentence", record->sentence);
        lac_json_end(json);
        lac_text_free(&point);
    }
    lac_json_end(json);
}

static lac_status print_end_json(const conduct *end, lac_status outcome)
{
    const lac_sweep_setup *setup = end->setup;
    const lac_sweep_state *state = &end->progress.state;
    lac_text text = {0}, index = {0};
    lac_json json = {.text = &text};
    lac_text_add(&index, "%s/index.nc", lac_text_of(&setup->directory));
    lac_json_object(&json, NULL);
    lac_json_words(&json, "directory", lac_text_of(&setup->directory));
    lac_json_words(&json, "index", end->indexed ? lac_text_of(&index) : NULL);
    lac_json_words(&json, "outcome", lac_status_word(outcome));
    lac_json_number(&json, "exit_code", lac_status_exit_code(outcome));
    lac_json_count(&json, "task", setup->share.task + 1);
    lac_json_count(&json, "tasks", setup->share.tasks);
    lac_json_count(&json, "members", state->members);
    lac_json_count(&json, "done", state->done - end->progress.bad);
    lac_json_count(&json, "done_before", state->found);
    lac_json_count(&json, "failed", state->failed);
    lac_json_count(&json, "lost", state->lost + end->progress.bad);
    lac_json_count(&json, "suspended", state->suspended);
    lac_json_number(&json, "wall_s", lac_meter_elapsed(&end->progress.meter));
    write_failures(&json, end);
    lac_json_end(&json);
    lac_status status = text.failed ? text.failed : index.failed;
    if (status == LAC_OK)
        fputs(lac_text_of(&text), stdout);
    lac_text_free(&text);
    lac_text_free(&index);
    return status;
}

/* --- running
 * ------------------------------------------------------------------------------------------- */

/* After the members: the index, unless some are still to be run. */
static lac_status finish(conduct *end, lac_status outcome)
{
    lac_status status = LAC_OK;
    lac_text sentence = {0};
    lac_text_add(&sentence, "%s", outcome == LAC_OK ? "" : lac_failure());
    if (outcome == LAC_OK || outcome == LAC_MEMBERS) {
        LAC_TRY(lac_sweep_progress_finish(&end->progress));
        end->indexed = end->progress.folds;
    }
    if (outcome == LAC_OK && end->progress.bad > 0) {
        outcome = LAC_MEMBERS;
        lac_text_add(&sentence, "%zu of %zu members were incomplete", end->progress.bad,
                     end->progress.state.members);
    }
    if (end->setup->arguments->json)
        LAC_TRY(print_end_json(end, outcome));
    else if (!end->setup->arguments->quiet && !end->setup->more)
        print_end(end);
    if (outcome != LAC_OK)
        status = lac_fail(outcome, "%s", lac_text_of(&sentence));
out:
    lac_text_free(&sentence);
    return status;
}

static lac_status open_campaign(conduct *on)
{
    lac_status status = LAC_OK;
    const lac_sweep_setup *setup = on->setup;
    LAC_TRY(lac_campaign_open(lac_text_of(&setup->directory), setup->samples, setup->share,
                              setup->now.host, say, on->setup, &on->campaign));
    LAC_TRY(lac_sweep_progress_begin(&on->progress, setup, on->campaign, setup->share.tasks == 1));
out:
    return status;
}

/* What is not done, for the ranks to share. */
static lac_status hand_out(conduct *on, lac_member_queue *queue)
{
    lac_status status = LAC_OK;
    size_t members = on->setup->samples->members, count = 0;
    const lac_share *share = &on->setup->share;
    LAC_NEW(on->to_do, members);
    for (size_t member = share->task; member < members; member += share->tasks)
        if (!on->progress.finished[member])
            on->to_do[count++] = member;
    lac_mpi_ranks_queue(on->ranks, on->to_do, count, queue);
out:
    return status;
}

/* Alone, or as rank 0; `ready` is what became of the preparations. */
static lac_status lead(lac_sweep_setup *setup, lac_mpi_ranks *ranks, lac_status ready)
{
    lac_status status = LAC_OK;
    conduct on = {.setup = setup, .ranks = ranks};
    lac_sweep_options options = lac_sweep_setup_options(setup);
    lac_member_queue queue;
    options.call = lac_sweep_progress_call;
    options.context = &on.progress;
    status = ready == LAC_OK ? open_campaign(&on) : ready;
    if (ranks && status == LAC_OK)
        status = hand_out(&on, &queue);
    if (ranks) {
        lac_mpi_ranks_follow(ranks, status);
        options.queue = &queue;
    }
    LAC_TRY(status);
    status = lac_members_run(setup, on.campaign, &options);
    lac_meter_end(&on.progress.meter);
    LAC_TRY(finish(&on, status));
out:
    lac_sweep_progress_free(&on.progress);
    lac_campaign_close(on.campaign);
    lac_free(on.to_do);
    return status;
}

static lac_sweep_request watch_signals(void *context, const lac_sweep_state *state)
{
    (void)context;
    (void)state;
    return lac_signals_leave() ? LAC_SWEEP_STOP : LAC_SWEEP_CONTINUE;
}

/* The directory that rank 0 has made may come into sight later on another machine. */
static lac_status join_campaign(const lac_sweep_setup *setup, lac_campaign **campaign)
{
    enum { TRIES = 40 };
    static const struct timespec pause = {0, 250000000};
    lac_status status = LAC_NO_INPUT;
    for (int each = 0; each < TRIES && status == LAC_NO_INPUT; each++) {
        if (each > 0)
            nanosleep(&pause, NULL);
        status = lac_campaign_join(lac_text_of(&setup->directory), setup->samples, setup->now.host,
                                   campaign);
    }
    return status;
}

/* As any other rank: rank 0 tells what became of the members. */
static lac_status follow(lac_sweep_setup *setup, lac_mpi_ranks *ranks, lac_status ready)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    lac_sweep_options options = lac_sweep_setup_options(setup);
    lac_member_queue queue;
    options.call = watch_signals;
    options.queue = &queue;
    if (lac_mpi_ranks_follow(ranks, LAC_OK) != LAC_OK)
        return LAC_OK;
    LAC_TRY(ready);
    LAC_TRY(join_campaign(setup, &campaign));
    lac_mpi_ranks_queue(ranks, NULL, 0, &queue);
    status = lac_sweep_run(campaign, setup->samples, &options);
    if (status == LAC_MEMBERS || status == LAC_INTERRUPTED || status == LAC_BUDGET)
        status = LAC_OK;
out:
    lac_campaign_close(campaign);
    return status;
}

static lac_status run_in_party(lac_sweep_setup *setup)
{
    lac_status status = LAC_OK;
    lac_mpi_ranks *ranks = NULL;
    status = lac_mpi_ranks_join(&ranks);
    if (status != LAC_OK && lac_mpi_environment_rank() > 0)
        return LAC_OK; /* one of us tells it */
    LAC_TRY(status);
    setup->ranks = lac_mpi_ranks_size(ranks);
    setup->neighbours = lac_mpi_ranks_neighbours(ranks);
    lac_status ready = lac_sweep_setup_choose(setup, lac_mpi_ranks_processors(ranks));
    if (lac_mpi_ranks_rank(ranks) == 0)
        warn(setup);
    status =
        lac_mpi_ranks_rank(ranks) == 0 ? lead(setup, ranks, ready) : follow(setup, ranks, ready);
out:
    lac_mpi_ranks_leave(ranks);
    return status;
}

lac_status lac_sweep_drive(lac_sweep_setup *setup)
{
    lac_status status = LAC_OK;
    const lac_arguments *arguments = setup->arguments;
    bool in_job = arguments->mpi || lac_mpi_environment_size() > 1,
         runs = !arguments->status && !arguments->dry_run;
    if (in_job && !runs && lac_mpi_environment_rank() > 0)
        return LAC_OK;
    if (arguments->status)
        return lac_sweep_status_print(lac_text_of(&setup->directory), setup->samples,
                                      arguments->json);
    lac_signals_install();
    if (runs) {
        free_members_from_binding();
        (void)lac_thread_wait_choose();
    }
    if (in_job && runs)
        return run_in_party(setup);
    LAC_TRY(lac_sweep_setup_choose(setup, 0));
    warn(setup);
    if (runs)
        LAC_TRY(lead(setup, NULL, LAC_OK));
    else if (!arguments->quiet || arguments->json)
        LAC_TRY(lac_dry_run_print(setup, arguments->json));
out:
    return status;
}
