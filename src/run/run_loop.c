/* The time loop: from stop to stop, with events, records and checkpoints on the way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/simulation_internal.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>

enum { ROUNDS_MOST = 100 }; /* events that trigger events at one time */

static const double FLUSH_EVERY = 1; /* [s] of wall clock: what a kill may take of the frames */

/* Frames of a run that makes many in a second reach the file together; the first one at once. */
static lac_status flush_if_due(lac_simulation *simulation)
{
    if (!simulation->store)
        return LAC_OK;
    double now = lac_clock_seconds();
    if (!simulation->unflushed ||
        (simulation->flushed_at > 0 && now - simulation->flushed_at < FLUSH_EVERY))
        return LAC_OK;
    simulation->flushed_at = now;
    simulation->unflushed = false;
    return lac_store_flush(simulation->store);
}

/* A frame of a run in memory. */
static lac_status show(lac_simulation *simulation, bool fields)
{
    lac_status status = LAC_OK;
    const lac_run_options *options = &simulation->options;
    LAC_TRY(lac_readout_take(simulation->readout, simulation->state));
    simulation->frames++;
    if (fields)
        simulation->field_frames++;
    if (options->frame)
        LAC_TRY(options->frame(options->context, simulation, fields));
out:
    return status;
}

/* A frame of all observers; fields are in each when they have no times of their own. */
static lac_status record(lac_simulation *simulation, bool fields_due)
{
    lac_status status = LAC_OK;
    bool fields = fields_due || !lac_fields_have_own_times(simulation->model);
    const lac_run_options *options = &simulation->options;
    if (simulation->readout) /* first() remembers what was so at frames */
        LAC_TRY(lac_readout_take(simulation->readout, simulation->state));
    if (simulation->readout && options->frame)
        LAC_TRY(options->frame(options->context, simulation, fields));
    size_t field_frame = fields ? simulation->field_frames : LAC_NONE;
    for (size_t k = 0; k < simulation->observers; k++)
        LAC_TRY(lac_observer_list[k]->record(simulation->observer[k], simulation->state,
                                             simulation->frames, field_frame));
    simulation->unflushed = true;
    LAC_TRY(flush_if_due(simulation));
    simulation->frames++;
    if (fields)
        simulation->field_frames++;
out:
    return status;
}

/* A small model is no dearer than its ledger. What does not close does not close later either, so a
 * run in memory, which shows the closure of no frame, is looked at now and then, and at its end. */
static bool closure_is_due(const lac_simulation *simulation)
{
    enum { EVERY = 16 }; /* frames */
    return simulation->store || simulation->frames % EVERY == 0 ||
           lac_schedule_over(simulation->schedule, simulation->state->time);
}

static lac_status check_closure(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    size_t worst;
    LAC_TRY(lac_ledger_closure(&simulation->view, simulation->state, &simulation->closure, &worst));
    double allowed = simulation->model->settings.closure_tolerance;
    LAC_REQUIRE(
        simulation->closure <= allowed, LAC_NUMERICS,
        "at t = %.6g s: the ledger of %s does not close: a fraction %.3g of its throughput is "
        "unaccounted for, more than %.3g",
        simulation->state->time, simulation->model->variable[worst].name, simulation->closure,
        allowed);
out:
    return status;
}

static lac_status adopt(lac_simulation *simulation)
{
    if (!simulation->type->adopt)
        return LAC_OK;
    return simulation->type->adopt(simulation->stepper, simulation->state);
}

/* Events have changed the state. */
static lac_status restart(lac_simulation *simulation)
{
    simulation->type->restart(simulation->stepper);
    return adopt(simulation);
}

/* Before something acts on the state. */
static lac_status accompany(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_state *companion = NULL;
    if (simulation->type->companion)
        LAC_TRY(
            simulation->type->companion(simulation->stepper, simulation->state->time, &companion));
    lac_events_accompany(simulation->events, companion);
out:
    return status;
}

/* Fires the timed events that are due, then the state events that became true, and those that
 * became true by these, until none does. */
static lac_status fire(lac_simulation *simulation, const lac_due *due)
{
    lac_status status = LAC_OK;
    lac_state *state = simulation->state;
    size_t count, late;
    int rounds = 0;
    if (due->events > 0 || lac_has_come(lac_events_next(simulation->events), state->time))
        LAC_TRY(accompany(simulation));
    LAC_TRY(lac_events_due(simulation->events, state, &late));
    for (size_t k = 0; k < due->events; k++)
        LAC_TRY(lac_events_fire(simulation->events, due->event[k], state));
    if (late + due->events > 0)
        LAC_TRY(restart(simulation));
    do {
        LAC_TRY(lac_triggers_take(simulation->triggers, state, simulation->edges, &count));
        if (count > 0)
            LAC_TRY(accompany(simulation));
        for (size_t k = 0; k < count; k++)
            LAC_TRY(lac_events_fire(simulation->events, simulation->edges[k], state));
        if (count > 0)
            LAC_TRY(restart(simulation));
        LAC_REQUIRE(++rounds < ROUNDS_MOST, LAC_NUMERICS,
                    "at t = %.6g s: events trigger one another endlessly, last %s", state->time,
                    simulation->model->event[simulation->edges[0]].id);
    } while (count > 0);
out:
    return status;
}

/* What is to be done at the state's time: events first, so that a frame shows what they did. */
static lac_status handle_due(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_due due;
    lac_schedule_take(simulation->schedule, simulation->state->time, &due);
    LAC_TRY(fire(simulation, &due));
    if (due.frame) {
        LAC_TRY(simulation->store ? record(simulation, due.fields) : show(simulation, due.fields));
        if (closure_is_due(simulation))
            LAC_TRY(check_closure(simulation));
    }
out:
    return status;
}

/* What is discrete may be something else from now on. */
static lac_status reshape(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    bool changed = false;
    if (!simulation->type->reshape)
        return LAC_OK;
    LAC_TRY(simulation->type->reshape(simulation->stepper, simulation->state, &changed));
    if (changed)
        LAC_TRY(lac_simulation_list(simulation));
out:
    return status;
}

static lac_status advance(lac_simulation *simulation, double stop)
{
    lac_status status = LAC_OK;
    lac_state *state = simulation->state;
    bool edge = false;
    LAC_TRY(reshape(simulation));
    lac_replay_context replay = {simulation->type, simulation->stepper, state, simulation->before,
                                 state->time};
    if (simulation->before)
        lac_snapshot_take(simulation->before);
    stop = fmin(stop, lac_events_next(simulation->events));
    stop = fmin(stop, lac_schedule_next(simulation->schedule));
    LAC_TRY(simulation->type->step(simulation->stepper, state, stop));
    if (simulation->before)
        LAC_TRY(lac_triggers_peek(simulation->triggers, state, &edge));
    if (edge)
        LAC_TRY(lac_triggers_locate(simulation->triggers, &replay));
    LAC_TRY(handle_due(simulation));
out:
    return status;
}

lac_progress lac_simulation_progress(const lac_simulation *simulation)
{
    double until = simulation->model->settings.until, time = simulation->state->time;
    return (lac_progress){lac_schedule_over(simulation->schedule, time) ? until : time, until,
                          lac_simulation_counters(simulation), simulation->closure,
                          simulation->save_time};
}

static lac_request poll_request(const lac_simulation *simulation)
{
    const lac_run_options *options = &simulation->options;
    if (!options->progress)
        return LAC_CONTINUE;
    lac_progress progress = lac_simulation_progress(simulation);
    return options->progress(options->context, &progress);
}

static const double LATENCY = 0.05; /* [s] to open, sync and rename a checkpoint */

/* Before the first checkpoint: a slow shared disk, and some time to open and sync. */
static double estimate_save_time(const lac_block_list *blocks)
{
    static const double BYTES_PER_SECOND = 50e6; /* [1/s] */
    double bytes = 0;
    for (size_t block = 0; block < blocks->count; block++)
        bytes += 8.0 * (double)blocks->block[block].count;
    return LATENCY + bytes / BYTES_PER_SECOND;
}

double lac_checkpoint_interval(double every, double save_time, bool first)
{
    static const double SHARE = 150, FIRST = 5, LATER = 30; /* [s], but the first */
    if (every >= 0)
        return every > 0 ? every : INFINITY;
    return fmax(first ? FIRST : LATER, SHARE * save_time);
}

static lac_status save_if_due(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    if (!simulation->store)
        return LAC_OK;
    double now = lac_clock_seconds(), every = simulation->model->settings.checkpoint_every;
    double took = simulation->saves ? simulation->save_time
                                    : estimate_save_time(&simulation->blocks) - LATENCY;
    if (now - simulation->saved_at < lac_checkpoint_interval(every, took, simulation->saves == 0))
        return LAC_OK;
    LAC_TRY(lac_simulation_save_if_possible(simulation));
    simulation->saved_at = lac_clock_seconds();
    simulation->save_time = simulation->saved_at - now;
    simulation->saves++;
out:
    return status;
}

/* What holds at the start does not become true there. */
static void warn_of_held(const lac_simulation *simulation)
{
    const lac_triggers *triggers = simulation->triggers;
    for (size_t k = lac_triggers_next_held(triggers, 0); k < lac_triggers_count(triggers);
         k = lac_triggers_next_held(triggers, k + 1))
        lac_simulation_warn(simulation, LAC_HELD_AT_START,
                            simulation->model->event[lac_triggers_event(triggers, k)].id);
}

static lac_status begin(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    if (simulation->begun)
        return LAC_OK;
    LAC_TRY(lac_simulation_mark_start(simulation));
    simulation->begun = true;
    simulation->saved_at = lac_clock_seconds();
    simulation->save_time = estimate_save_time(&simulation->blocks);
    if (simulation->frames > 0)
        return LAC_OK; /* resumed */
    LAC_TRY(adopt(simulation));
    LAC_TRY(lac_triggers_start(simulation->triggers, simulation->state));
    warn_of_held(simulation);
    LAC_TRY(handle_due(simulation));
out:
    return status;
}

/* What the steps were, beside where the result comes from. */
static lac_status write_counters(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    static const char GROUP[] = LAC_AT_PROVENANCE;
    lac_store *store = simulation->store;
    lac_step_counters count = lac_simulation_counters(simulation);
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_STEPS, (double)count.steps));
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_REFUSED, (double)count.rejected));
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        char name[64];
        snprintf(name, sizeof name, LAC_KEY_REFUSED_BY, lac_refusal_name[k]);
        LAC_TRY(lac_store_number_attribute(store, GROUP, name, (double)count.refused[k]));
    }
    LAC_TRY(
        lac_store_number_attribute(store, GROUP, "linear_iterations", (double)count.iterations));
out:
    return status;
}

static lac_status stop_early(lac_simulation *simulation, lac_request request)
{
    lac_status status = LAC_OK;
    const lac_status code = request == LAC_STOP_BUDGET ? LAC_BUDGET : LAC_INTERRUPTED;
    const char *what = code == LAC_BUDGET ? "the time limit is reached" : "cancelled";
    const double time = simulation->state->time;
    if (!simulation->store)
        return lac_fail(code, "%s at t = %.6g s", what, time);
    LAC_TRY(write_counters(simulation));
    LAC_TRY(lac_simulation_save(simulation));
    status = lac_fail(code, "%s at t = %.6g s; the checkpoint is %s", what, time,
                      simulation->checkpoint);
out:
    return status;
}

static lac_status finish(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    if (!simulation->store)
        return LAC_OK;
    double every = simulation->model->settings.checkpoint_every;
    if (every > 0)
        LAC_TRY(lac_simulation_save_if_possible(simulation));
    LAC_TRY(write_counters(simulation));
    lac_store *store = simulation->store;
    simulation->store = NULL;
    LAC_TRY(lac_store_close(store));
    /* Automatic checkpoints are removed; one that the user named stays. */
    if (every < 0 && (simulation->saves > 0 || !simulation->options.checkpoint))
        lac_checkpoint_remove(simulation->checkpoint);
out:
    return status;
}

lac_status lac_simulation_advance(lac_simulation *simulation, double time)
{
    lac_status status = LAC_OK;
    const double *now = &simulation->state->time;
    LAC_TRY(begin(simulation));
    while (*now < time && !lac_schedule_over(simulation->schedule, *now)) {
        LAC_TRY(advance(simulation, time));
        LAC_TRY(flush_if_due(simulation));
        lac_request request = poll_request(simulation);
        if (lac_schedule_over(simulation->schedule, *now))
            break;
        if (request != LAC_CONTINUE) {
            status = stop_early(simulation, request);
            goto out;
        }
        LAC_TRY(save_if_due(simulation));
    }
out:
    return status;
}

/* The state was changed: what follows from that. */
static lac_status follow(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_TRY(restart(simulation));
    LAC_TRY(fire(simulation, &(lac_due){.events = 0}));
out:
    return status;
}

lac_status lac_simulation_fire(lac_simulation *simulation, size_t event)
{
    lac_status status = LAC_OK;
    LAC_TRY(begin(simulation));
    LAC_TRY(accompany(simulation));
    LAC_TRY(lac_events_fire(simulation->events, event, simulation->state));
    LAC_TRY(follow(simulation));
out:
    return status;
}

lac_status lac_simulation_apply(lac_simulation *simulation, const lac_action *action, double value)
{
    lac_status status = LAC_OK;
    LAC_TRY(begin(simulation));
    LAC_TRY(accompany(simulation));
    LAC_TRY(lac_events_apply(simulation->events, action, value, simulation->state));
    LAC_TRY(follow(simulation));
out:
    return status;
}

lac_status lac_simulation_run(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    status = lac_simulation_advance(simulation, INFINITY);
    if (status == LAC_NUMERICS && simulation->store && simulation->frames > 0) {
        lac_text sentence = {0};
        lac_text_add(&sentence, "%s", lac_failure());
        write_counters(simulation);
        status = lac_fail(LAC_NUMERICS, "%s", lac_text_of(&sentence));
        lac_text_free(&sentence);
    }
    LAC_TRY(status);
    LAC_TRY(finish(simulation));
out:
    return status;
}
