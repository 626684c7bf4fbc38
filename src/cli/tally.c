/* The tally: lines, a bar, and the index that grows behind them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/tally.h"

#include "base/memory.h"
#include "cli/duration.h"
#include "cli/signals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double LINE_EVERY = 5.0; /* [s] */
static const double BAR_EVERY = 0.2;  /* [s] */
static const double FOLD_MOST = 0.2;  /* [s] in one call, while members wait for a place */
enum { BAR_CELLS = 30, FAILURES_TOLD = 20 };

lac_status lac_tally_begin(lac_tally *tally, const lac_many *many, lac_campaign *campaign,
                           bool folds)
{
    lac_status status = LAC_OK;
    size_t members = many->samples->members;
    tally->many = many;
    tally->campaign = campaign;
    tally->folds = folds;
    lac_meter_start(&tally->meter, many->words->progress, many->words->quiet, 0);
    LAC_NEW(tally->record, members);
    LAC_NEW(tally->settled, members);
    LAC_TRY(lac_campaign_read(campaign, members, tally->record));
    for (size_t member = 0; member < members; member++)
        tally->settled[member] = tally->record[member].status == LAC_DONE;
out:
    return status;
}

void lac_tally_free(lac_tally *tally)
{
    lac_index_drop(tally->index);
    lac_free(tally->record);
    lac_free(tally->settled);
    lac_text_free(&tally->sentence);
}

/* --- the index
 * ------------------------------------------------------------------------------------------- */

/* A member that is called done and whose file is not whole is to be run again by the next sweep. */
static lac_status disown(lac_tally *tally, size_t member)
{
    lac_attempt_record found = tally->record[member];
    found.status = LAC_LOST;
    found.wall = found.cpu = 0;
    snprintf(found.sentence, sizeof found.sentence,
             "its result was found not to be whole when the index was made");
    tally->bad++;
    fprintf(stderr, "lacuna: member %06zu lost: %s\n", member, found.sentence);
    return lac_campaign_write(tally->campaign, &found);
}

static lac_status fold_next(lac_tally *tally)
{
    lac_status status = LAC_OK;
    const lac_many *many = tally->many;
    if (!tally->index) {
        lac_index_origin origin = {lac_text_of(&many->now.command), many->now.host,
                                   many->now.created, many->words->note};
        LAC_TRY(lac_index_begin(tally->campaign, many->samples, &origin, &tally->index));
    }
    LAC_TRY(lac_campaign_touch(tally->campaign));
    size_t member = tally->folded, before = lac_index_done(tally->index);
    LAC_TRY(lac_index_add(tally->index, &tally->record[member]));
    tally->folded++;
    if (tally->record[member].status == LAC_DONE && lac_index_done(tally->index) == before)
        LAC_TRY(disown(tally, member));
out:
    return status;
}

static void fold_some(lac_tally *tally)
{
    double until = lac_meter_elapsed(&tally->meter) + FOLD_MOST;
    while (tally->folds && tally->trouble == LAC_OK &&
           tally->folded < tally->many->samples->members && tally->settled[tally->folded] &&
           lac_meter_elapsed(&tally->meter) < until) {
        tally->trouble = fold_next(tally);
        if (tally->trouble != LAC_OK)
            lac_text_add(&tally->sentence, "%s", lac_failure());
    }
}

lac_status lac_tally_finish(lac_tally *tally)
{
    lac_status status = LAC_OK;
    if (!tally->folds)
        return LAC_OK;
    LAC_REQUIRE(tally->trouble == LAC_OK, tally->trouble, "%s", lac_text_of(&tally->sentence));
    while (tally->folded < tally->many->samples->members) {
        LAC_REQUIRE(!lac_signals_leave(), LAC_INTERRUPTED,
                    "interrupted while writing the index; run the command again to continue");
        LAC_TRY(fold_next(tally));
    }
    lac_index *index = tally->index;
    tally->index = NULL;
    LAC_TRY(lac_index_finish(index));
out:
    return status;
}

/* --- what is told
 * ------------------------------------------------------------------------------------------- */

void lac_tally_name_point(const lac_sample_table *samples, size_t member, lac_text *text)
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

static void tell_failure(lac_tally *tally, const lac_attempt_record *record)
{
    lac_text point = {0};
    if (record->status != LAC_FAILED && record->status != LAC_LOST)
        return;
    if (++tally->told > FAILURES_TOLD + 1)
        return;
    lac_meter_end(&tally->meter);
    if (tally->told > FAILURES_TOLD) {
        fprintf(stderr, "lacuna: there are more that failed: see --status\n");
        return;
    }
    lac_tally_name_point(tally->many->samples, record->member, &point);
    fprintf(stderr, "lacuna: member %06zu (%s) %s: %s\n", record->member, lac_text_of(&point),
            lac_member_status_word(record->status), record->sentence);
    lac_text_free(&point);
}

/* [s] for the rest, if it goes as fast as what this sweep has done. */
static double left(const lac_tally *tally)
{
    const lac_sweep_state *state = &tally->state;
    size_t tried = state->done - state->found + state->failed + state->lost;
    size_t rest = state->members - state->done - state->failed - state->lost;
    return tried > 0 ? lac_meter_elapsed(&tally->meter) * (double)rest / (double)tried
                     : (double)INFINITY;
}

static void write_state(const lac_tally *tally, lac_text *line)
{
    const lac_sweep_state *state = &tally->state;
    char rest[32];
    lac_text_add(line, "%zu of %zu members done", state->done, state->members);
    if (state->failed + state->lost > 0)
        lac_text_add(line, ", %zu failed", state->failed + state->lost);
    if (state->suspended > 0)
        lac_text_add(line, ", %zu suspended", state->suspended);
    lac_text_add(line, ", %zu running, %s left", state->running,
                 lac_duration(left(tally), rest, sizeof rest));
}

static void print_line(const lac_tally *tally)
{
    lac_text line = {0};
    write_state(tally, &line);
    fprintf(stderr, "lacuna: %s\n", lac_text_of(&line));
    lac_text_free(&line);
}

static void draw_bar(lac_tally *tally)
{
    const lac_sweep_state *state = &tally->state;
    size_t ended = state->done + state->failed + state->lost;
    lac_text line = {0};
    char cells[BAR_CELLS + 1];
    for (size_t cell = 0; cell < BAR_CELLS; cell++)
        cells[cell] = cell * state->members < ended * BAR_CELLS ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    write_state(tally, &line);
    fprintf(stderr, "\r[%s] %s\033[K", cells, lac_text_of(&line));
    fflush(stderr);
    tally->meter.drawn = true;
    lac_text_free(&line);
}

static void tell_progress(lac_tally *tally)
{
    double now = tally->meter.began + lac_meter_elapsed(&tally->meter);
    double since = now - tally->meter.last;
    if (lac_signals_report()) {
        lac_meter_end(&tally->meter);
        print_line(tally);
    }
    if (tally->meter.kind == LAC_METER_BAR && since >= BAR_EVERY)
        draw_bar(tally);
    else if (tally->meter.kind == LAC_METER_PLAIN && since >= LINE_EVERY)
        print_line(tally);
    else
        return;
    tally->meter.last = now;
}

lac_sweep_request lac_tally_call(void *context, const lac_sweep_state *state)
{
    lac_tally *tally = context;
    tally->state = *state;
    tally->state.record = NULL;
    if (state->record) {
        size_t member = state->record->member;
        lac_attempt_record_add(&tally->record[member], state->record);
        tally->settled[member] = state->record->status != LAC_SUSPENDED;
        tell_failure(tally, state->record);
    }
    tell_progress(tally);
    if (!state->record)
        fold_some(tally);
    return lac_signals_leave() ? LAC_SWEEP_STOP : LAC_SWEEP_CONTINUE;
}
