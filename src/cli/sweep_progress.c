/* The progress of a sweep: lines, a bar, and the index that grows behind them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sweep_progress.h"

#include "base/duration.h"
#include "base/memory.h"
#include "cli/signals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double LINE_EVERY = 5.0; /* [s] */
static const double BAR_EVERY = 0.2;  /* [s] */
static const double FOLD_MOST = 0.2;  /* [s] in one call, while members wait for a place */
enum { BAR_CELLS = 30, FAILURES_TOLD = 20 };

lac_status lac_sweep_progress_begin(lac_sweep_progress *progress, const lac_sweep_setup *setup,
                                    lac_campaign *campaign, bool folds)
{
    lac_status status = LAC_OK;
    size_t members = setup->samples->members;
    progress->setup = setup;
    progress->campaign = campaign;
    progress->folds = folds;
    lac_meter_start(&progress->meter, setup->arguments->progress, setup->arguments->quiet, 0);
    LAC_NEW(progress->record, members);
    LAC_NEW(progress->finished, members);
    LAC_TRY(lac_campaign_read(campaign, members, progress->record));
    for (size_t member = 0; member < members; member++)
        progress->finished[member] = progress->record[member].status == LAC_DONE;
out:
    return status;
}

void lac_sweep_progress_free(lac_sweep_progress *progress)
{
    lac_index_drop(progress->index);
    lac_free(progress->record);
    lac_free(progress->finished);
    lac_text_free(&progress->sentence);
}

/* --- the index
 * ------------------------------------------------------------------------------------------- */

/* A member that is called done and whose file is not whole is to be run again by the next sweep. */
static lac_status mark_lost(lac_sweep_progress *progress, size_t member)
{
    lac_attempt_record found = progress->record[member];
    found.status = LAC_LOST;
    found.wall = found.cpu = 0;
    snprintf(found.sentence, sizeof found.sentence,
             "its result was found to be incomplete when the index was made");
    progress->bad++;
    fprintf(stderr, "lacuna: member %06zu lost: %s\n", member, found.sentence);
    return lac_campaign_write(progress->campaign, &found);
}

static lac_status fold_next(lac_sweep_progress *progress)
{
    lac_status status = LAC_OK;
    const lac_sweep_setup *setup = progress->setup;
    if (!progress->index) {
        lac_index_origin origin = {lac_text_of(&setup->now.command), setup->now.host,
                                   setup->now.created, setup->arguments->note};
        LAC_TRY(lac_index_begin(progress->campaign, setup->samples, &origin, &progress->index));
    }
    LAC_TRY(lac_campaign_touch(progress->campaign));
    size_t member = progress->folded, before = lac_index_done(progress->index);
    LAC_TRY(lac_index_add(progress->index, &progress->record[member]));
    progress->folded++;
    if (progress->record[member].status == LAC_DONE && lac_index_done(progress->index) == before)
        LAC_TRY(mark_lost(progress, member));
out:
    return status;
}

static void fold_some(lac_sweep_progress *progress)
{
    double until = lac_meter_elapsed(&progress->meter) + FOLD_MOST;
    while (progress->folds && progress->failure == LAC_OK &&
           progress->folded < progress->setup->samples->members &&
           progress->finished[progress->folded] && lac_meter_elapsed(&progress->meter) < until) {
        progress->failure = fold_next(progress);
        if (progress->failure != LAC_OK)
            lac_text_add(&progress->sentence, "%s", lac_failure());
    }
}

lac_status lac_sweep_progress_finish(lac_sweep_progress *progress)
{
    lac_status status = LAC_OK;
    if (!progress->folds)
        return LAC_OK;
    LAC_REQUIRE(progress->failure == LAC_OK, progress->failure, "%s",
                lac_text_of(&progress->sentence));
    while (progress->folded < progress->setup->samples->members) {
        LAC_REQUIRE(!lac_signals_leave(), LAC_INTERRUPTED,
                    "interrupted while writing the index; run the command again to continue");
        LAC_TRY(fold_next(progress));
    }
    lac_index *index = progress->index;
    progress->index = NULL;
    LAC_TRY(lac_index_finish(index));
out:
    return status;
}

/* --- what is printed
 * ------------------------------------------------------------------------------------------- */

void lac_sweep_progress_name_point(const lac_sample_table *samples, size_t member, lac_text *text)
{
    size_t point = lac_sample_table_point(samples, member);
    for (size_t factor = 0; factor < samples->plan->factors; factor++) {
        lac_text_add(text, "%s", factor ? ", " : "");
        lac_sample_table_setting(samples, point, factor, text);
    }
    if (samples->plan->replicates > 1)
        lac_text_add(text, "%sreplicate %zu", text->length ? ", " : "",
                     lac_sample_table_replicate(samples, member));
}

static void tell_failure(lac_sweep_progress *progress, const lac_attempt_record *record)
{
    lac_text point = {0};
    if (record->status != LAC_FAILED && record->status != LAC_LOST)
        return;
    if (++progress->told > FAILURES_TOLD + 1)
        return;
    lac_meter_end(&progress->meter);
    if (progress->told > FAILURES_TOLD) {
        fprintf(stderr, "lacuna: there are more that failed: see --status\n");
        return;
    }
    lac_sweep_progress_name_point(progress->setup->samples, record->member, &point);
    fprintf(stderr, "lacuna: member %06zu (%s) %s: %s\n", record->member, lac_text_of(&point),
            lac_member_status_word(record->status), record->sentence);
    lac_text_free(&point);
}

/* [s] for the rest, if it goes as fast as what this sweep has done. */
static double left(const lac_sweep_progress *progress)
{
    const lac_sweep_state *state = &progress->state;
    size_t tried = state->done - state->found + state->failed + state->lost;
    size_t rest = state->members - state->done - state->failed - state->lost;
    return tried > 0 ? lac_meter_elapsed(&progress->meter) * (double)rest / (double)tried
                     : (double)INFINITY;
}

static void write_state(const lac_sweep_progress *progress, lac_text *line)
{
    const lac_sweep_state *state = &progress->state;
    char rest[32];
    lac_text_add(line, "%zu of %zu members done", state->done, state->members);
    if (state->failed + state->lost > 0)
        lac_text_add(line, ", %zu failed", state->failed + state->lost);
    if (state->suspended > 0)
        lac_text_add(line, ", %zu suspended", state->suspended);
    lac_text_add(line, ", %zu running, %s left", state->running,
                 lac_duration(left(progress), rest, sizeof rest));
}

static void print_line(const lac_sweep_progress *progress)
{
    lac_text line = {0};
    write_state(progress, &line);
    fprintf(stderr, "lacuna: %s\n", lac_text_of(&line));
    lac_text_free(&line);
}

static void draw_bar(lac_sweep_progress *progress)
{
    const lac_sweep_state *state = &progress->state;
    size_t ended = state->done + state->failed + state->lost;
    lac_text line = {0};
    char cells[BAR_CELLS + 1];
    for (size_t cell = 0; cell < BAR_CELLS; cell++)
        cells[cell] = cell * state->members < ended * BAR_CELLS ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    write_state(progress, &line);
    fprintf(stderr, "\r[%s] %s\033[K", cells, lac_text_of(&line));
    fflush(stderr);
    progress->meter.drawn = true;
    lac_text_free(&line);
}

static void tell_progress(lac_sweep_progress *progress)
{
    double now = progress->meter.began + lac_meter_elapsed(&progress->meter);
    double since = now - progress->meter.last;
    if (lac_signals_report()) {
        lac_meter_end(&progress->meter);
        print_line(progress);
    }
    if (progress->meter.kind == LAC_METER_BAR && since >= BAR_EVERY)
        draw_bar(progress);
    else if (progress->meter.kind == LAC_METER_PLAIN && since >= LINE_EVERY)
        print_line(progress);
    else
        return;
    progress->meter.last = now;
}

lac_sweep_request lac_sweep_progress_call(void *context, const lac_sweep_state *state)
{
    lac_sweep_progress *progress = context;
    progress->state = *state;
    progress->state.record = NULL;
    if (state->record) {
        size_t member = state->record->member;
        lac_attempt_record_add(&progress->record[member], state->record);
        progress->finished[member] = state->record->status != LAC_SUSPENDED;
        tell_failure(progress, state->record);
    }
    tell_progress(progress);
    if (!state->record)
        fold_some(progress);
    return lac_signals_leave() ? LAC_SWEEP_STOP : LAC_SWEEP_CONTINUE;
}
