/* The method `hybrid` as a stepper: what is discrete changes by events (hybrid_step.c) within the
 * steps of mean-field for the continuous part. A model without anything discrete is taken by
 * mean-field as a whole, one in which every molecule and cell is discrete by exact.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"
#include "exact/exact.h"
#include "model/representation.h"

#include <math.h>
#include <string.h>

/* What events have set off decays within the next steps, at its own pace: it is followed to this
 * many tolerances, for it is forgotten and only its integral matters (docs/methods.md, section 9).
 */
static const double TOLERANCES = 10;

/* Responses need (I - r J) x = b with r up to half a step (hybrid_nodes.c), twice that of the
 * stages of rodas4. */
enum { ITERATIONS = 2 };

/* --- making --------------------------------------------------------------------------------------
 */

static void hybrid_free(void *self)
{
    lac_hybrid *h = self;
    if (!h)
        return;
    if (h->engine)
        (h->whole ? h->whole : &lac_mean_field)->free(h->engine);
    lac_hybrid_free_moving(h);
    lac_hybrid_free_closed(h);
    lac_hybrid_free_parts(h);
    lac_free(h);
}

/* The method that takes the whole model, if one can. */
static const lac_stepper_type *whole_of(const lac_model *model)
{
    if (lac_model_discrete(model) == 0)
        return &lac_mean_field;
    return lac_model_all_discrete(model) ? &lac_exact_method : NULL;
}

static double longest(void *self)
{
    return ((lac_hybrid *)self)->bound;
}

/* A pool that the patch cannot move has a volume beside which the patch is nothing. */
static lac_status open_baths(lac_hybrid *h, const lac_state *state)
{
    static const double ENDLESS = 1e150; /* [um^3] */
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->bath, model->domains);
    for (size_t domain = 0; domain < model->domains; domain++) {
        h->bath[domain] = model->domain[domain];
        if (h->bath[domain].kind == LAC_WELL_MIXED)
            h->bath[domain].volume = ENDLESS;
    }
    h->baths.domain = h->bath;
    LAC_TRY(lac_companion_create(&h->scene, state, &h->companion));
    h->part.driver = h->companion;
out:
    return status;
}

/* What the estimate of a bias leaves out: the error test of levels, and, however few cells there
 * are, that `accuracy` events may be in a step: found of 8 cells is a tenth of it (check_bias.c).
 */
static void set_resolution(lac_hybrid *h)
{
    static const double OF_EVENTS = 1.0 / 6;
    const lac_settings *settings = &h->scene.model->settings;
    lac_account *account = h->account;
    account->resolution = TOLERANCES * settings->rtol;
    for (size_t row = 0; row < account->rows; row++) {
        const size_t variable = account->variable[row];
        const bool is_field = variable < h->layout.fields;
        account->least[row] =
            OF_EVENTS * settings->accuracy *
            (is_field ? lac_hybrid_patches(h, lac_hybrid_grid_of(h, variable)) : 1);
    }
}

static lac_status create_parts(lac_hybrid *h, const lac_state *state)
{
    lac_scene scene = h->scene;
    lac_status status = LAC_OK;
    h->bound = INFINITY;
    LAC_TRY(lac_hybrid_build(h));
    h->hooks = (lac_step_hooks){.self = h,
                                .tolerances = TOLERANCES,
                                .iterations = ITERATIONS,
                                .longest = longest,
                                .complete = lac_hybrid_complete,
                                .accept = lac_hybrid_accept};
    h->baths = *scene.model;
    LAC_TRY(lac_hybrid_close_passages(h, &h->baths));
    if (h->driven)
        LAC_TRY(open_baths(h, state));
    if (h->closed || h->driven)
        scene.model = &h->baths;
    LAC_TRY(lac_mean_field_create_part(&scene, state, &h->part, &h->hooks, &h->engine));
    LAC_TRY(lac_hybrid_prepare(h));
    set_resolution(h);
    LAC_TRY(lac_hybrid_create_moving(h));
out:
    return status;
}

static lac_status hybrid_create(const lac_scene *scene, const lac_state *state, void **self)
{
    lac_status status = LAC_OK;
    lac_hybrid *h = NULL;
    LAC_NEW(h, 1);
    h->scene = *scene;
    h->layout = state->layout;
    h->whole = whole_of(scene->model);
    if (h->whole)
        LAC_TRY(h->whole->create(&h->scene, state, &h->engine));
    else
        LAC_TRY(create_parts(h, state));
    *self = h;
    h = NULL;
out:
    hybrid_free(h);
    return status;
}

/* --- the agreement of steppers -------------------------------------------------------------------
 */

/* Something from outside has acted on the state and on the companion, or nothing has yet. */
static lac_status settle(lac_hybrid *h, lac_state *state)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_hybrid_initialise_counts(h, state));
    if (h->companion) {
        memcpy(lac_companion_state(h->companion)->parameter, state->parameter,
               state->parameters * sizeof *state->parameter);
        lac_companion_show(h->companion, state);
    }
out:
    return status;
}

static lac_status hybrid_companion(void *self, double time, lac_state **companion)
{
    lac_status status = LAC_OK;
    lac_hybrid *h = self;
    *companion = NULL;
    if (!h->companion)
        return LAC_OK;
    LAC_TRY(lac_companion_return(h->companion, time));
    *companion = lac_companion_state(h->companion);
out:
    return status;
}

static lac_status hybrid_adopt(void *self, lac_state *state)
{
    lac_hybrid *h = self;
    if (h->whole)
        return h->whole->adopt ? h->whole->adopt(h->engine, state) : LAC_OK;
    return h->initialised == 0 ? settle(h, state) : LAC_OK;
}

static lac_status hybrid_step(void *self, lac_state *state, double stop)
{
    lac_status status = LAC_OK;
    lac_hybrid *h = self;
    if (h->whole)
        return h->whole->step(h->engine, state, stop);
    LAC_TRY(hybrid_adopt(h, state));
    if (h->companion) {
        LAC_TRY(lac_companion_lead(h->companion, state->time, stop));
        h->led = lac_companion_time(h->companion) < stop;
        stop = fmin(stop, lac_companion_time(h->companion));
    }
    LAC_TRY(h->moving ? lac_hybrid_window(h, state, stop)
                      : lac_mean_field.step(h->engine, state, stop));
    if (h->companion)
        lac_companion_show(h->companion, state);
out:
    return status;
}

static void hybrid_restart(void *self)
{
    lac_hybrid *h = self;
    (h->whole ? h->whole : &lac_mean_field)->restart(h->engine);
    h->initialised = 0;
    h->bound = INFINITY;
    h->shortened = false;
    lac_hybrid_restart_moving(h);
    if (h->companion)
        lac_companion_restart(h->companion);
}

static void hybrid_blocks(void *self, lac_block_list *list)
{
    lac_hybrid *h = self;
    (h->whole ? h->whole : &lac_mean_field)->blocks(h->engine, list);
    if (h->whole)
        return;
    lac_block_add(list, "stepper", "settled", LAC_BLOCK_DOUBLE, 1, &h->initialised);
    lac_block_add(list, "stepper", "bound", LAC_BLOCK_DOUBLE, 1, &h->bound);
    lac_block_add(list, "stepper", "rounding", LAC_BLOCK_BYTES, sizeof h->rounding, &h->rounding);
    lac_block_add(list, "stepper", "count", LAC_BLOCK_DOUBLE, h->count_at[h->discrete], h->count);
    lac_block_add(list, "stepper", "left", LAC_BLOCK_DOUBLE, h->places, h->left);
    lac_block_add(list, "stepper", "fired", LAC_BLOCK_DOUBLE, h->places, h->fired);
    if (h->companion)
        lac_companion_blocks(h->companion, list);
    lac_block_add(list, "stepper", "tightest", LAC_BLOCK_DOUBLE, 1, &h->tightest);
    lac_block_add(list, "stepper", "error", LAC_BLOCK_DOUBLE, h->layout.length, h->error);
    lac_block_add(list, "stepper", "bias", LAC_BLOCK_DOUBLE, h->account->rows, h->account->bias);
    lac_block_add(list, "stepper", "ruled", LAC_BLOCK_DOUBLE, h->account->bounds,
                  h->account->ruled);
    lac_hybrid_moving_blocks(h, list);
}

static lac_step_counters hybrid_counters(const void *self)
{
    const lac_hybrid *h = self;
    return (h->whole ? h->whole : &lac_mean_field)->counters(h->engine);
}

static const lac_account *hybrid_account(const void *self)
{
    const lac_hybrid *h = self;
    if (!h->whole)
        return h->account;
    return h->whole->account ? h->whole->account(h->engine) : NULL;
}

static size_t hybrid_memory(const lac_model *model, size_t voxels)
{
    const lac_stepper_type *whole = whole_of(model);
    const lac_stepper_type *part = whole ? whole : &lac_mean_field;
    size_t events = 0;
    for (size_t process = 0; !whole && process < model->tissue_processes; process++)
        events += lac_model_is_event(model, process);
    /* Thresholds, counts and integrals, and a watched rate in every stage of a step. */
    size_t per_voxel =
        events * (5 + LAC_STAGES_MOST + 4) + lac_model_discrete(model) + 4 * model->fields;
    /* Of what moves: two values kept, and numbers, arrivals, an alias table, a diffusivity. */
    for (size_t v = 0; !whole && v < model->fields; v++)
        per_voxel += lac_model_is_moving(model, v) ? 10 : 0;
    const size_t companion =
        lac_model_feels_mean(model)
            ? part->memory(model, voxels) + 2 * voxels * model->fields * sizeof(double)
            : 0;
    return part->memory(model, voxels) + companion +
           (whole ? 0 : voxels * per_voxel * sizeof(double));
}

/* Where exact takes the whole model its events are the cost. */
static lac_status hybrid_events(const lac_scene *scene, const lac_state *state,
                                lac_event_cost *cost)
{
    const lac_stepper_type *whole = whole_of(scene->model);
    if (whole && whole->events)
        return whole->events(scene, state, cost);
    *cost = (lac_event_cost){NAN, NAN};
    return LAC_OK;
}

/* --- before a run --------------------------------------------------------------------------------
 */

/* Of now, summed over the sites; h->rate holds the rates of now. */
static void sum_rates(lac_hybrid *h, double *rate)
{
    lac_hybrid_take_integrals(h, h->rate);
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        rate[it->process] = 0;
        for (size_t site = 0; site < it->sites; site++)
            rate[it->process] += h->integral[it->first + site];
    }
}

static lac_status look_at(lac_hybrid *h, lac_state *state, lac_hybrid_outlook *outlook)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_hybrid_initialise_counts(h, state));
    lac_mean_field_bind_state(h->engine, state);
    LAC_TRY(h->system->linearise(h->system->self, state->time, state->value));
    LAC_TRY(h->system->derivative(h->system->self, state->time, state->value, h->load, h->rate));
    sum_rates(h, outlook->rate);
    double tightest;
    const double excess = lac_hybrid_excess(h, &tightest);
    outlook->step = excess > 0 ? 1 / excess : INFINITY;
    if (excess > 0)
        LAC_OWN(outlook->bound, lac_copy_text(h->account->bound[(size_t)tightest]));
out:
    return status;
}

/* Windows of molecules begin short: the longest of the first ones. */
static lac_status look_at_windows(lac_hybrid *h, lac_state *state, lac_hybrid_outlook *outlook)
{
    enum { TRIED = 20 };
    lac_status status = LAC_OK;
    const double until = h->scene.model->settings.until;
    double window = 0;
    for (int k = 0; h->moving && k < TRIED && state->time < until; k++) {
        const double began = state->time;
        LAC_TRY(hybrid_step(h, state, until));
        window = fmax(window, state->time - began);
    }
    if (window > 0 && window < outlook->step) {
        outlook->step = window;
        outlook->windows = true;
        lac_free(outlook->bound);
        outlook->bound = NULL;
        LAC_OWN(outlook->bound, lac_copy_text("windows of molecules"));
    }
out:
    return status;
}

lac_status lac_hybrid_look_ahead(const lac_scene *scene, const lac_state *state,
                                 lac_hybrid_outlook *outlook)
{
    lac_status status = LAC_OK;
    const lac_model *model = scene->model;
    lac_state *copy = NULL;
    void *self = NULL;
    *outlook = (lac_hybrid_outlook){.step = INFINITY};
    LAC_NEW(outlook->rate, model->processes);
    for (size_t process = 0; process < model->processes; process++)
        outlook->rate[process] = NAN;
    if (whole_of(model))
        return LAC_OK;
    LAC_TRY(lac_state_copy(state, &copy));
    LAC_TRY(hybrid_create(scene, copy, &self));
    LAC_TRY(look_at(self, copy, outlook));
    LAC_TRY(look_at_windows(self, copy, outlook));
out:
    hybrid_free(self);
    lac_state_free(copy);
    return status;
}

void lac_hybrid_outlook_free(lac_hybrid_outlook *outlook)
{
    lac_free(outlook->rate);
    lac_free(outlook->bound);
    *outlook = (lac_hybrid_outlook){.step = INFINITY};
}

const lac_stepper_type lac_hybrid_method = {
    .name = "hybrid",
    .summary =
        "cells as whole numbers that change by events, what they secrete and sense continuous",
    .reference = "docs/methods.md, section 9",
    .draws = true,
    .several_tissues = true,
    .uneven_layers = true,
    .create = hybrid_create,
    .events = hybrid_events,
    .adopt = hybrid_adopt,
    .companion = hybrid_companion,
    .step = hybrid_step,
    .restart = hybrid_restart,
    .blocks = hybrid_blocks,
    .counters = hybrid_counters,
    .account = hybrid_account,
    .memory = hybrid_memory,
    .free = hybrid_free,
};
