/* The mean-field companion of a patch that stands for a joint: the same patch and the same pools,
 * all continuous, advanced beside the hybrid by mean-field. The pools are the companion's; the
 * patch that has chance meets them as baths that it cannot move.
 *
 * The companion is ahead by at most one of its steps. Within it a pool runs along the parabola with
 * the step's ends and its mean as the method has it, so that what the patch exchanges has the right
 * integral however stiff a pool is. When something from outside happens in the middle of such a
 * step the companion goes back to where it began and up to that time.
 *
 * The ledger: extents of the processes among pools are the companion's; what the companion has
 * exchanged with them and the patch has not is booked as added to the pools.
 * Tests: test_feedback.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_companion.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* A parabola may bulge by this part of its ends beside their difference; in accepted steps it does
 * not. */
static const double BULGE = 0.1;

struct lac_companion {
    const lac_scene *scene; /* borrowed */
    void *engine;           /* owned */
    lac_step_hooks hooks;
    lac_state *state; /* owned: at the end of its step */
    lac_state *start; /* owned: ... and at its start */
    double *mean;     /* owned [pools]: over the step */
};

/* --- as the one around its steps ----------------------------------------------------------------
 */

static double as_long_as_wanted(void *self)
{
    (void)self;
    return INFINITY;
}

static lac_status note_means(void *self, const lac_state *state, const lac_attempt *attempt,
                             lac_reason *reason, double *factor)
{
    lac_companion *c = self;
    const lac_layout *layout = &c->state->layout;
    (void)state;
    (void)factor;
    *reason = LAC_ACCEPTED;
    for (size_t pool = 0; pool < layout->pools; pool++)
        c->mean[pool] = lac_rosenbrock_mean(lac_mean_field_rosenbrock(c->engine), attempt,
                                            lac_layout_at(layout, layout->fields + pool));
    return LAC_OK;
}

static void nothing_more(void *self, lac_state *state, const lac_attempt *attempt)
{
    (void)self;
    (void)state;
    (void)attempt;
}

/* --- making --------------------------------------------------------------------------------------
 */

lac_status lac_companion_create(const lac_scene *scene, const lac_state *state,
                                lac_companion **companion)
{
    lac_status status = LAC_OK;
    lac_companion *c = NULL;
    LAC_NEW(c, 1);
    c->scene = scene;
    LAC_TRY(lac_state_copy(state, &c->state));
    LAC_TRY(lac_state_copy(state, &c->start));
    LAC_NEW(c->mean, state->layout.pools);
    c->hooks = (lac_step_hooks){.self = c,
                                .tolerances = 1,
                                .iterations = 1,
                                .longest = as_long_as_wanted,
                                .complete = note_means,
                                .accept = nothing_more};
    LAC_TRY(lac_mean_field_create_part(scene, c->state, NULL, &c->hooks, &c->engine));
    *companion = c;
    c = NULL;
out:
    lac_companion_free(c);
    return status;
}

void lac_companion_free(lac_companion *companion)
{
    if (!companion)
        return;
    if (companion->engine)
        lac_mean_field.free(companion->engine);
    lac_state_free(companion->state);
    lac_state_free(companion->start);
    lac_free(companion->mean);
    lac_free(companion);
}

/* Under owners of its own. */
static void add_blocks(lac_block_list *from, const char *owner, lac_block_list *list)
{
    for (size_t k = 0; k < from->count; k++)
        lac_block_add(list, owner, from->block[k].name, from->block[k].type, from->block[k].count,
                      from->block[k].data);
}

void lac_companion_blocks(lac_companion *companion, lac_block_list *list)
{
    lac_block_list own = {.count = 0};
    lac_state_blocks(companion->state, &own);
    add_blocks(&own, "stepper.companion", list);
    own.count = 0;
    lac_state_blocks(companion->start, &own);
    add_blocks(&own, "stepper.companion.start", list);
    own.count = 0;
    lac_mean_field.blocks(companion->engine, &own);
    add_blocks(&own, "stepper.companion.steps", list);
    lac_block_add(list, "stepper.companion", "mean", LAC_BLOCK_DOUBLE,
                  companion->state->layout.pools, companion->mean);
}

/* --- in time -------------------------------------------------------------------------------------
 */

/* Both are states of one model. */
static void copy_state(const lac_state *from, lac_state *to)
{
    const size_t variables = from->layout.fields + from->layout.pools;
    to->time = from->time;
    memcpy(to->value, from->value, from->layout.length * sizeof *to->value);
    memcpy(to->parameter, from->parameter, from->parameters * sizeof *to->parameter);
    memcpy(to->extent, from->extent, from->processes * sizeof *to->extent);
    memcpy(to->flux, from->flux, from->boundaries * sizeof *to->flux);
    memcpy(to->added, from->added, variables * sizeof *to->added);
    memcpy(to->initial, from->initial, variables * sizeof *to->initial);
}

double lac_companion_time(const lac_companion *companion)
{
    return companion->state->time;
}

static lac_status advance(lac_companion *c, double stop)
{
    copy_state(c->state, c->start);
    return lac_mean_field.step(c->engine, c->state, stop);
}

lac_status lac_companion_lead(lac_companion *companion, double time, double stop)
{
    return companion->state->time > time ? LAC_OK : advance(companion, stop);
}

lac_status lac_companion_return(lac_companion *companion, double time)
{
    lac_status status = LAC_OK;
    if (companion->state->time <= time)
        return LAC_OK;
    copy_state(companion->start, companion->state);
    lac_mean_field.restart(companion->engine);
    while (companion->state->time < time)
        LAC_TRY(advance(companion, time));
out:
    return status;
}

void lac_companion_restart(lac_companion *companion)
{
    lac_mean_field.restart(companion->engine);
}

lac_state *lac_companion_state(lac_companion *companion)
{
    return companion->state;
}

/* --- what the patch meets ------------------------------------------------------------------------
 */

/* p(s) = p0 + b s + c s^2, s from 0 to 1 over the step. */
typedef struct lac_parabola {
    double begin, step; /* [s] */
    double p0, b, c;
} lac_parabola;

static lac_parabola parabola_of(const lac_companion *companion, size_t variable)
{
    const lac_layout *layout = &companion->state->layout;
    const size_t at = lac_layout_at(layout, variable);
    const double p0 = companion->start->value[at], p1 = companion->state->value[at];
    const double most = fabs(p1 - p0) + BULGE * fmax(fabs(p0), fabs(p1));
    const double c = 3 * (p0 + p1) - 6 * companion->mean[variable - layout->fields];
    lac_parabola parabola = {.begin = companion->start->time,
                             .step = companion->state->time - companion->start->time,
                             .p0 = p0,
                             .c = fmin(fmax(c, -most), most)};
    parabola.b = p1 - p0 - parabola.c;
    return parabola;
}

double lac_companion_drive(const void *companion, size_t variable, double time, int derivative)
{
    const lac_parabola p = parabola_of(companion, variable);
    if (!(p.step > 0))
        return 0;
    const double s = fmin(fmax((time - p.begin) / p.step, 0), 1);
    return derivative == 1 ? (p.b + 2 * p.c * s) / p.step : 2 * p.c / (p.step * p.step);
}

double lac_companion_value(const lac_companion *companion, size_t variable, double time)
{
    const lac_parabola p = parabola_of(companion, variable);
    const double s = p.step > 0 ? (time - p.begin) / p.step : 1;
    if (s >= 1)
        return companion->state->value[lac_layout_at(&companion->state->layout, variable)];
    return p.p0 + (p.b + p.c * s) * s;
}

/* What the companion's patch has given to the pools and the patch with chance has not. */
static void book_exchange(const lac_companion *companion, lac_state *state)
{
    const lac_model *model = companion->scene->model;
    const lac_state *mean = companion->state;
    for (size_t variable = model->fields; variable < model->variables; variable++)
        state->added[variable] = mean->added[variable];
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].pool != LAC_NONE)
            state->added[model->boundary[b].pool] += state->flux[b] - mean->flux[b];
    for (size_t p = 0; p < model->processes; p++)
        if (!model->process[p].in_tissue)
            state->extent[p] = mean->extent[p];
}

void lac_companion_show(const lac_companion *companion, lac_state *state)
{
    const lac_model *model = companion->scene->model;
    for (size_t variable = model->fields; variable < model->variables; variable++)
        state->value[lac_layout_at(&state->layout, variable)] =
            lac_companion_value(companion, variable, state->time);
    if (state->time == companion->state->time)
        book_exchange(companion, state);
}
