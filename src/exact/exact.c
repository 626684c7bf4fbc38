/* The method `exact`: the stochastic simulation algorithm over the whole grid and all domains.
 *
 * With a_0 the sum of all rates the next event comes after an exponential time of mean 1 / a_0, and
 * is of channel j with probability a_j / a_0 (Gillespie 1977, J. Phys. Chem. 81:2340, eqs 21a, b).
 * Which site acts is drawn without a queue (composition_rejection.h), so that an event costs the
 * same on any grid. A trajectory does not depend on where it is stopped and looked at: a time that
 * is drawn is kept. Serial; the same bits for the same seed and replicate.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact.h"

#include "base/clock.h"
#include "base/memory.h"
#include "exact/exact_states.h"

#include <math.h>

/* Events of one step at least, so that writing the state costs little beside them. */
static const size_t EVENTS_OF_STEP = 65536;

static void exact_free(void *self)
{
    lac_exact *e = self;
    if (!e)
        return;
    lac_exact_free_parts(e);
    lac_free(e);
}

/* --- the state and its bounds */

static void bind_state(lac_exact *e, lac_state *state)
{
    e->context.value = state->value;
    e->state = state->value;
    e->context.parameter = state->parameter;
    e->context.time = state->time;
    e->context.times = (lac_interval){e->clock.window_start, e->clock.window_end};
    for (size_t k = 0; k < e->scene.model->inputs; k++)
        e->input[k] = lac_input_value(&e->scene.model->input[k], state->time, &e->input_rate[k]);
}

/* Counts from the state, and all bounds: at the start and after events from outside. */
static lac_status initialise_counts(lac_exact *e, lac_state *state)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_exact_round(e, state));
    if (e->states)
        lac_exact_states_restart(e);
    for (size_t k = 0; k < e->layout.fields * LAC_PREFETCHED_DRAWS; k++)
        e->prefetched_draws[k] = lac_stream_long(&e->stream);
    e->clock.window = 0;
    e->clock.rejected = 0;
    e->clock.drawn = 0;
    lac_exact_new_window(e);
    LAC_TRY(lac_exact_bound_all(e));
    e->clock.initialised = 1;
out:
    return status;
}

static lac_status make_ready(lac_exact *e, lac_state *state)
{
    lac_status status = LAC_OK;
    bind_state(e, state);
    if (!e->prepared)
        LAC_TRY(lac_exact_prepare(e));
    if (e->clock.initialised == 0)
        LAC_TRY(initialise_counts(e, state));
out:
    return status;
}

static void open_streams(lac_exact *e)
{
    lac_stream_open(&e->stream, lac_scene_key(&e->scene, LAC_FOR_EVENTS), 0);
    lac_stream_open(&e->rounding, lac_scene_key(&e->scene, LAC_FOR_ROUNDING), 0);
}

static void exact_reset(void *self)
{
    lac_exact *e = self;
    e->prepared = false;
    e->clock = (lac_clock){0};
    for (size_t k = 0; k < e->layout.length; k++)
        e->count[k] = 0;
    for (size_t field = 0; field < e->layout.fields; field++)
        e->oldest_draw[field] = 0;
    for (size_t k = 0; k < e->reactions; k++)
        e->pair[k] = (lac_pair){LAC_PAIR_NONE, 0};
    for (size_t k = 0; k < e->reactions; k++)
        e->reaction[k].events = 0;
    for (size_t b = 0; b < e->scene.model->boundaries; b++)
        e->boundary_channel[b].events = 0;
    open_streams(e);
}

/* Everything that can be refused is refused before anything is written: a copy of the state is
 * made ready and forgotten. [1/s] *rate: of events at the start. */
static lac_status dry_run(lac_exact *e, const lac_state *state, double *rate)
{
    lac_status status = LAC_OK;
    lac_state *copy = NULL;
    LAC_TRY(lac_state_copy(state, &copy));
    LAC_TRY(make_ready(e, copy));
    *rate = lac_exact_total_propensity(e);
    exact_reset(e);
out:
    lac_state_free(copy);
    return status;
}

static lac_status create(const lac_scene *scene, const lac_state *state, lac_exact **self,
                         double *rate)
{
    lac_status status = LAC_OK;
    lac_exact *e = NULL;
    LAC_NEW(e, 1);
    e->scene = *scene;
    e->layout = state->layout;
    LAC_TRY(lac_exact_build(e));
    open_streams(e);
    LAC_TRY(dry_run(e, state, rate));
    *self = e;
    e = NULL;
out:
    exact_free(e);
    return status;
}

static lac_status exact_create(const lac_scene *scene, const lac_state *state, void **self)
{
    lac_status status = LAC_OK;
    lac_exact *e = NULL;
    double rate;
    LAC_TRY(create(scene, state, &e, &rate));
    if (e->scene.events_most == 0) /* what most events are then is not known here */
        LAC_TRY(lac_exact_check_cost(e, state->time, rate));
    *self = e;
    e = NULL;
out:
    exact_free(e);
    return status;
}

/* Whole numbers at once, so that what is shown is what runs. */
static lac_status exact_adopt(void *self, lac_state *state)
{
    lac_exact *e = self;
    if (e->prepared && e->clock.initialised != 0)
        return LAC_OK;
    return make_ready(e, state);
}

/* --- time */

/* Kahan summation (Kahan 1965). */
static double kahan_add(lac_clock *clock, double time, double wait)
{
    double add = wait + clock->compensation, sum = time + add;
    clock->compensation = isfinite(sum) ? add - (sum - time) : 0;
    return sum;
}

static void draw_next(lac_exact *e)
{
    double rate = e->tree[1];
    e->clock.next = INFINITY;
    if (rate > 0)
        e->clock.next =
            kahan_add(&e->clock, e->context.time, lac_stream_exponential(&e->stream) / rate);
    e->clock.drawn = 1;
}

static void move_to(lac_exact *e, double time)
{
    e->context.time = time;
    for (size_t k = 0; k < e->scene.model->inputs; k++)
        e->input[k] = lac_input_value(&e->scene.model->input[k], time, &e->input_rate[k]);
}

static lac_status open_window(lac_exact *e)
{
    lac_status status = LAC_OK;
    move_to(e, e->clock.window_end);
    e->clock.drawn = 0;
    e->clock.compensation = 0;
    if (e->states)
        LAC_TRY(lac_exact_states_advance_all(e));
    lac_exact_new_window(e);
    LAC_TRY(lac_exact_bound_time_varying(e));
out:
    return status;
}

/* What is done every so many events; sets when the next of it is due. */
static lac_status do_periodic_work(lac_exact *e)
{
    lac_status status = LAC_OK;
    const double check = e->scene.model->settings.paranoid;
    lac_clock *clock = &e->clock;
    LAC_TRY(lac_exact_check_limit(e));
    if (clock->events >= lac_exact_next_review(e)) {
        LAC_TRY(lac_exact_review_pairs(e));
        clock->drawn = 0;
    }
    if (check > 0 && clock->events >= clock->checked + check) {
        clock->checked = clock->events;
        LAC_TRY(lac_exact_verify(e));
    }
    e->due = fmin(e->scene.model->settings.max_events, lac_exact_next_review(e));
    if (check > 0)
        e->due = fmin(e->due, clock->checked + check);
out:
    return status;
}

/* Events of a step. Conditions are looked at between steps: where the model has any, none of its
 * events may be passed over. */
static size_t events_of_step(const lac_exact *e)
{
    const lac_model *model = e->scene.model;
    for (size_t k = 0; k < model->events; k++)
        if (model->event[k].when)
            return 1;
    const size_t most = e->scene.events_most, own = EVENTS_OF_STEP + e->layout.length / 2;
    return most > 0 && most < own ? most : own;
}

/* Events up to `stop`, or so many; *reached: the stop came first. */
static lac_status run_events(lac_exact *e, double stop, size_t events, bool *reached)
{
    lac_status status = LAC_OK;
    lac_clock *clock = &e->clock;
    const bool inputs = e->scene.model->inputs > 0;
    e->due = 0;
    *reached = false;
    for (size_t left = events; left > 0; left--) {
        if (clock->events >= e->due)
            LAC_TRY(do_periodic_work(e));
        if (clock->drawn == 0)
            draw_next(e);
        const double next = clock->next;
        if (next > stop && clock->window_end > stop) {
            *reached = true;
            break;
        }
        if (clock->window_end <= next) {
            LAC_TRY(open_window(e));
            continue;
        }
        if (inputs)
            move_to(e, next);
        e->context.time = next;
        clock->drawn = 0;
        LAC_TRY(lac_exact_event(e));
    }
out:
    return status;
}

static lac_status exact_step(void *self, lac_state *state, double stop)
{
    lac_status status = LAC_OK;
    lac_exact *e = self;
    bool reached;
    LAC_TRY(make_ready(e, state));
    LAC_TRY(run_events(e, stop, events_of_step(e), &reached));
    if (reached)
        move_to(e, stop);
    if (e->states) {
        LAC_TRY(lac_exact_states_advance_all(e));
        lac_exact_states_book(e, state);
    }
    lac_exact_write(e, state);
    state->time = e->context.time;
    e->clock.steps++;
out:
    return status;
}

/* [s] of work for an event, from the first of a run; they are forgotten. */
static double measure(lac_exact *e, const lac_state *state)
{
    static const double LONG_ENOUGH = 0.05; /* [s] */
    enum { AT_ONCE = 64, MOST = 100000 };
    lac_state *copy = NULL;
    bool reached = false;
    double start = lac_clock_seconds(), spent = 0;
    lac_status status = lac_state_copy(state, &copy);
    if (status == LAC_OK)
        status = make_ready(e, copy);
    for (start = lac_clock_seconds();
         status == LAC_OK && !reached && spent < LONG_ENOUGH && e->clock.events < MOST;
         spent = lac_clock_seconds() - start)
        status = run_events(e, e->scene.model->settings.until, AT_ONCE, &reached);
    lac_state_free(copy);
    return e->clock.events > 0 ? spent / e->clock.events : NAN;
}

static lac_status exact_events(const lac_scene *scene, const lac_state *state, lac_event_cost *cost)
{
    lac_status status = LAC_OK;
    lac_exact *e = NULL;
    LAC_TRY(create(scene, state, &e, &cost->rate));
    cost->seconds = measure(e, state);
out:
    exact_free(e);
    return status;
}

/* --- the rest of the agreement */

static void exact_restart(void *self)
{
    lac_exact *e = self;
    e->prepared = false;
    e->clock.initialised = 0;
}

static void exact_blocks(void *self, lac_block_list *list)
{
    lac_exact *e = self;
    const size_t numbers = sizeof(lac_interval) / sizeof(double);
    lac_block_add(list, "stepper", "clock", LAC_BLOCK_DOUBLE, sizeof e->clock / sizeof(double),
                  &e->clock);
    lac_block_add(list, "stepper", "stream", LAC_BLOCK_BYTES, sizeof e->stream, &e->stream);
    lac_block_add(list, "stepper", "rounding", LAC_BLOCK_BYTES, sizeof e->rounding, &e->rounding);
    lac_block_add(list, "stepper", "count", LAC_BLOCK_DOUBLE, e->layout.length, e->count);
    lac_block_add(list, "stepper", "unit", LAC_BLOCK_DOUBLE, e->channels, e->unit);
    lac_block_add(list, "stepper", "per_share", LAC_BLOCK_DOUBLE, e->layout.fields,
                  e->hop_rate_unit);
    lac_block_add(list, "stepper", "tree", LAC_BLOCK_DOUBLE, 2 * e->leaves, e->tree);
    lac_block_add(list, "stepper", "groups", LAC_BLOCK_BYTES, e->channels * sizeof *e->groups,
                  e->groups);
    lac_block_add(list, "stepper", "words", LAC_BLOCK_BYTES, e->words_count * sizeof *e->words,
                  e->words);
    lac_block_add(list, "stepper", "space", LAC_BLOCK_DOUBLE, e->time_varying ? e->space_count : 0,
                  e->space);
    lac_block_add(list, "stepper", "inputs", LAC_BLOCK_DOUBLE, numbers * e->scene.model->inputs,
                  e->inputs);
    lac_block_add(list, "stepper", "pools", LAC_BLOCK_DOUBLE, numbers * e->layout.pools, e->pool);
    lac_block_add(list, "stepper", "ahead", LAC_BLOCK_BYTES,
                  e->layout.fields * LAC_PREFETCHED_DRAWS * sizeof *e->prefetched_draws,
                  e->prefetched_draws);
    lac_block_add(list, "stepper", "pairs", LAC_BLOCK_DOUBLE,
                  e->reactions * (sizeof *e->pair / sizeof(double)), e->pair);
    lac_block_add(list, "stepper", "turn", LAC_BLOCK_BYTES,
                  e->layout.fields * sizeof *e->oldest_draw, e->oldest_draw);
    lac_block_add(list, "stepper", "flocks", LAC_BLOCK_BYTES,
                  e->layout.fields * sizeof *e->list_length, e->list_length);
    lac_block_add(list, "stepper", "members", LAC_BLOCK_BYTES,
                  e->list_words_count * sizeof *e->list_words, e->list_words);
    lac_exact_states_blocks(e, list);
}

static const lac_account *exact_account(const void *self)
{
    return ((const lac_exact *)self)->account;
}

static lac_step_counters exact_counters(const void *self)
{
    const lac_exact *e = self;
    const lac_clock *clock = &e->clock;
    return (lac_step_counters){.steps = (size_t)clock->steps,
                               .rejected = (size_t)(clock->events - clock->kept),
                               .evaluations = (size_t)clock->events,
                               .iterations = (size_t)clock->refreshes,
                               .last_step = e->tree[1] > 0 ? 1 / e->tree[1] : 0};
}

static size_t exact_memory(const lac_model *model, size_t voxels)
{
    size_t samplers = model->fields + model->processes;
    size_t per_voxel = model->fields * (sizeof(double) * 3 + sizeof(lac_interval) * 2) +
                       samplers * 3 * sizeof(uint32_t) + sizeof(double) + 1;
    return voxels * per_voxel;
}

const lac_stepper_type lac_exact_method = {
    .name = "exact",
    .summary = "every reaction and every hop of a molecule or cell an event, without approximation",
    .reference = "Gillespie 1977; Elf & Ehrenberg 2004; docs/methods.md",
    .draws = true,
    .several_tissues = true,
    .uneven_layers = true,
    .no_error = true,
    .create = exact_create,
    .events = exact_events,
    .adopt = exact_adopt,
    .step = exact_step,
    .restart = exact_restart,
    .reset = exact_reset,
    .blocks = exact_blocks,
    .counters = exact_counters,
    .account = exact_account,
    .memory = exact_memory,
    .free = exact_free,
};
