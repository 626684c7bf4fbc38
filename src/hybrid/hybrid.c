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

static void free_method(lac_hybrid *h)
{
    if (h->engine)
        (h->whole ? h->whole : &lac_mean_field)->free(h->engine);
    lac_hybrid_free_moving(h);
    lac_hybrid_free_closed(h);
    lac_hybrid_free_parts(h);
}

static void hybrid_free(void *self)
{
    lac_hybrid *h = self;
    if (!h)
        return;
    free_method(h);
    lac_hybrid_free_changing(h);
    lac_free(h);
}

const lac_stepper_type *lac_hybrid_whole_of(const lac_model *model)
{
    if (lac_model_feels_mean(model))
        return NULL;
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
    if (h->changing && h->changing->companion) {
        h->companion = h->changing->companion;
        h->changing->companion = NULL;
    } else
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

/* Exact looks up now and then whether something has become many. */
static size_t events_of_step(const lac_hybrid *h)
{
    static const double PART = 0.1; /* of the lowest threshold */
    const struct lac_changing *c = h->changing;
    double least = INFINITY;
    for (size_t k = 0; k < c->count; k++)
        least = fmin(least, c->variable[c->which[k]].automatic.above);
    return (size_t)ceil(PART * least) + h->layout.length / 2;
}

static lac_status create_whole(lac_hybrid *h, const lac_state *state)
{
    lac_scene scene = h->scene;
    if (!h->changing)
        return h->whole->create(&scene, state, &h->engine);
    h->account = h->changing->account;
    scene.events_most = events_of_step(h);
    if (h->whole != &lac_mean_field)
        return h->whole->create(&scene, state, &h->engine);
    h->hooks = lac_hybrid_hooks_of_whole(h);
    return lac_mean_field_create_part(&scene, state, NULL, &h->hooks, &h->engine);
}

static lac_status create_method(lac_hybrid *h, const lac_state *state)
{
    h->whole = lac_hybrid_whole_of(h->scene.model);
    return h->whole ? create_whole(h, state) : create_parts(h, state);
}

static lac_status hybrid_create(const lac_scene *scene, const lac_state *state, void **self)
{
    lac_status status = LAC_OK;
    lac_hybrid *h = NULL;
    LAC_NEW(h, 1);
    h->scene = *scene;
    h->layout = state->layout;
    LAC_TRY(lac_hybrid_create_changing(h, state));
    LAC_TRY(create_method(h, state));
    *self = h;
    h = NULL;
out:
    hybrid_free(h);
    return status;
}

/* --- representations that change -----------------------------------------------------------------
 */

/* The method for what is discrete now, in place of the one before. */
static lac_status renew(lac_hybrid *h, const lac_state *state)
{
    lac_hybrid kept = {.scene = h->scene, .layout = h->layout, .changing = h->changing};
    kept.scene.epoch = (uint64_t)h->changing->epoch;
    h->changing->companion = h->companion;
    h->companion = NULL;
    free_method(h);
    *h = kept;
    return create_method(h, state);
}

static lac_step_counters sum_of(const lac_step_counters *a, const lac_step_counters *b)
{
    lac_step_counters sum = {.steps = a->steps + b->steps,
                             .rejected = a->rejected + b->rejected,
                             .evaluations = a->evaluations + b->evaluations,
                             .iterations = a->iterations + b->iterations,
                             .last_step = b->last_step};
    for (size_t k = 0; k < LAC_REFUSALS; k++)
        sum.refused[k] = a->refused[k] + b->refused[k];
    return sum;
}

static lac_step_counters hybrid_counters(const void *self)
{
    const lac_hybrid *h = self;
    lac_step_counters now = (h->whole ? h->whole : &lac_mean_field)->counters(h->engine);
    return h->changing ? sum_of(&h->changing->past, &now) : now;
}

static lac_status hybrid_reshape(void *self, lac_state *state, bool *changed)
{
    lac_hybrid *h = self;
    const lac_step_counters counters = hybrid_counters(h);
    *changed = h->changing && lac_hybrid_choose(h, state);
    if (!*changed)
        return LAC_OK;
    h->changing->past = counters;
    return renew(h, state);
}

static lac_status hybrid_take_shape(void *self, const lac_state *state)
{
    lac_hybrid *h = self;
    if (!h->changing)
        return LAC_OK;
    lac_hybrid_show_choice(h->changing);
    return renew(h, state);
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
    const double began = state->time;
    if (h->whole) {
        LAC_TRY(h->whole->step(h->engine, state, stop));
        goto out;
    }
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
    if (h->changing && status == LAC_OK) {
        lac_hybrid_count_time(h->changing, state->time - began);
        if (h->whole == &lac_exact_method)
            lac_hybrid_count_bound(h);
    }
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
    if (h->changing)
        lac_hybrid_changing_blocks(h->changing, list);
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
    lac_hybrid_moving_blocks(h, list);
    if (h->changing)
        return;
    lac_block_add(list, "stepper", "error", LAC_BLOCK_DOUBLE, h->layout.length, h->error);
    lac_block_add(list, "stepper", "bias", LAC_BLOCK_DOUBLE, h->account->rows, h->account->bias);
    lac_block_add(list, "stepper", "ruled", LAC_BLOCK_DOUBLE, h->account->bounds,
                  h->account->ruled);
}

static const lac_account *hybrid_account(const void *self)
{
    const lac_hybrid *h = self;
    if (h->changing || !h->whole)
        return h->account;
    return h->whole->account ? h->whole->account(h->engine) : NULL;
}

static size_t hybrid_memory(const lac_model *model, size_t voxels)
{
    const bool automatic = lac_model_has_automatic(model);
    const lac_stepper_type *whole = automatic ? NULL : lac_hybrid_whole_of(model);
    const lac_stepper_type *part = whole ? whole : &lac_mean_field;
    size_t events = 0;
    for (size_t process = 0; !whole && process < model->tissue_processes; process++)
        events += lac_model_is_event(model, process);
    /* Thresholds, counts and integrals, and a watched rate in every stage of a step. */
    size_t per_voxel =
        events * (5 + LAC_STAGES_MOST + 4) + lac_model_discrete(model) + 4 * model->fields;
    /* Of what moves: three values kept, numbers, arrivals, an alias table, a diffusivity, and the
     * mean by four. */
    for (size_t v = 0; !whole && v < model->fields; v++)
        per_voxel += lac_model_is_moving(model, v) ? 15 : 0;
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
    const lac_stepper_type *whole = lac_hybrid_whole_of(scene->model);
    if (whole && whole->events && !lac_model_has_automatic(scene->model))
        return whole->events(scene, state, cost);
    *cost = (lac_event_cost){NAN, NAN};
    return LAC_OK;
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
    .reshape = hybrid_reshape,
    .take_shape = hybrid_take_shape,
    .restart = hybrid_restart,
    .blocks = hybrid_blocks,
    .counters = hybrid_counters,
    .account = hybrid_account,
    .memory = hybrid_memory,
    .free = hybrid_free,
};
