/* The method `mean-field`: Rosenbrock steps with converged linear solves, error control, and
 * refusals that name time, species and voxel.
 *
 * What a checkpoint keeps is the next step and the counters; everything else is
 * computed from the state at the start of each step, so that a restored run gives the same bits.
 * Jumps of inputs and laws (model/discontinuities.h) end a step, are looked at from the left by its
 * stages and from the right by those of the next step, and are met with a small step, as events
 * are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/mean_field.h"

#include "base/memory.h"
#include "mean_field/equations.h"
#include "mean_field/error_norm.h"
#include "mean_field/rosenbrock.h"
#include "mean_field/step_failure.h"
#include "model/discontinuities.h"
#include "network/network.h"
#include "transport/direct_solver.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A value may be below zero by this much of its absolute tolerance. */
static const double ALLOWANCE = 1;

/* How much tighter linear solves are after a value below zero, and how fast that is given up. */
static const double STRICT = 1e-6, RELAXED = 1.25;

typedef struct mean_field {
    lac_scene scene;
    lac_layout layout;
    const lac_part *part;              /* borrowed; NULL = all */
    const lac_step_hooks *hooks;       /* borrowed; NULL = none */
    const lac_rosenbrock_table *table; /* borrowed */
    lac_equations *equations;
    lac_norm *norm;
    lac_rosenbrock *rosenbrock;
    lac_discontinuities *discontinuities; /* owned */
    double *weight;                       /* owned [length] */
    /* What a checkpoint keeps: */
    double next_step; /* [s] stops apart */
    double last;      /* [s] the last step */
    double strict; /* by what linear tolerances are multiplied: below 1 after a refusal for what the
                      residual of a linear solve had made negative */
    size_t count[4];
    size_t refused[LAC_REFUSALS];
    lac_limit limit; /* what made the step of the last attempt as long as it was */
} mean_field;

enum { STEPS, REJECTED, EVALUATIONS, ITERATIONS };

/* --- making ---------------------------------------------------------------------------------- */

static const lac_rosenbrock_table *table_for(const lac_model *model, bool inexact)
{
    const char *name = model->settings.integrator;
    if (strcmp(name, "auto") == 0)
        return inexact ? &lac_ros34pw2 : &lac_rodas4;
    return lac_rosenbrock_find(name);
}

static void mean_field_free(void *self)
{
    mean_field *m = self;
    if (!m)
        return;
    lac_rosenbrock_free(m->rosenbrock);
    lac_norm_free(m->norm);
    lac_equations_free(m->equations);
    lac_discontinuities_free(m->discontinuities);
    lac_free(m->weight);
    lac_free(m);
}

lac_status lac_mean_field_create_part(const lac_scene *scene, const lac_state *state,
                                      const lac_part *part, const lac_step_hooks *hooks,
                                      void **self)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &scene->model->settings;
    mean_field *m = NULL;
    size_t most = (size_t)settings->max_iterations * (hooks ? hooks->iterations : 1);
    LAC_NEW(m, 1);
    m->scene = *scene;
    m->layout = state->layout;
    m->part = part;
    m->hooks = hooks;
    m->next_step = settings->first_step;
    m->strict = 1;
    LAC_TRY(lac_equations_create_part(&m->scene, &m->layout, part, &m->equations));
    m->table = table_for(scene->model, lac_equations_inexact(m->equations));
    LAC_REQUIRE(m->table, LAC_INPUT, "unknown integrator '%s'", settings->integrator);
    LAC_TRY(lac_norm_create(&m->scene, &m->layout, lac_equations_mobile(m->equations), &m->norm));
    LAC_TRY(
        lac_rosenbrock_create(m->table, lac_equations_system(m->equations), most, &m->rosenbrock));
    LAC_TRY(lac_discontinuities_create(scene->model, &m->discontinuities));
    LAC_NEW(m->weight, m->layout.length);
    *self = m;
    m = NULL;
out:
    mean_field_free(m);
    return status;
}

static lac_status mean_field_create(const lac_scene *scene, const lac_state *state, void **self)
{
    return lac_mean_field_create_part(scene, state, NULL, NULL, self);
}

const lac_system *lac_mean_field_system(const void *self)
{
    return lac_equations_system(((const mean_field *)self)->equations);
}

lac_rosenbrock *lac_mean_field_rosenbrock(void *self)
{
    return ((mean_field *)self)->rosenbrock;
}

void lac_mean_field_bind_state(void *self, const lac_state *state)
{
    lac_equations_bind_state(((mean_field *)self)->equations, state);
}

lac_limit lac_mean_field_limit(const void *self)
{
    return ((const mean_field *)self)->limit;
}

double lac_mean_field_floor(const void *self, size_t variable)
{
    return lac_norm_floor(((const mean_field *)self)->norm, variable);
}

static void mean_field_restart(void *self)
{
    mean_field *m = self;
    m->next_step = m->scene.model->settings.first_step;
    m->strict = 1;
    lac_equations_forget(m->equations);
}

static void mean_field_reset(void *self)
{
    mean_field *m = self;
    mean_field_restart(m);
    m->last = 0;
    memset(m->count, 0, sizeof m->count);
    memset(m->refused, 0, sizeof m->refused);
}

static void mean_field_blocks(void *self, lac_block_list *list)
{
    mean_field *m = self;
    lac_block_add(list, "stepper", "wanted", LAC_BLOCK_DOUBLE, 1, &m->next_step);
    lac_block_add(list, "stepper", "last", LAC_BLOCK_DOUBLE, 1, &m->last);
    lac_block_add(list, "stepper", "strict", LAC_BLOCK_DOUBLE, 1, &m->strict);
    lac_block_add(list, "stepper", "counters", LAC_BLOCK_SIZE, 4, m->count);
    lac_block_add(list, "stepper", "refused", LAC_BLOCK_SIZE, LAC_REFUSALS, m->refused);
}

static lac_step_counters mean_field_counters(const void *self)
{
    const mean_field *m = self;
    lac_step_counters counters = {.steps = m->count[STEPS],
                                  .rejected = m->count[REJECTED],
                                  .evaluations = m->count[EVALUATIONS],
                                  .iterations = m->count[ITERATIONS],
                                  .last_step = m->last};
    memcpy(counters.refused, m->refused, sizeof counters.refused);
    return counters;
}

/* A method that needs the exact Jacobian loses its order where that holds coefficients frozen. */
static const char *mean_field_remark(const void *self)
{
    const mean_field *m = self;
    if (m->table->any_jacobian || !lac_equations_inexact(m->equations))
        return NULL;
    return "run.integrator is rodas4, which loses its order, and with it the meaning of small "
           "tolerances, where a diffusivity or a partition changes with the state: auto, ros34pw2 "
           "and ros2 do not";
}

/* A law may see a comparison turn over some rounding before or after the time that was found: laws
 * have their own code for sine, exponential and powers. So stages keep off that time by a part. */
static const double ROUNDING = 1e-12;

static double just_after(double time)
{
    return time > 0 ? time * (1 + ROUNDING) : LAC_SOONEST;
}

static double just_before(double time, double now)
{
    return isfinite(time) ? fmax(time * (1 - ROUNDING), now) : time;
}

/* --- rejected steps -------------------------------------------------------------------------- */

static lac_step_failure step_failure_of(const mean_field *m, const lac_state *state,
                                        lac_reason reason)
{
    return (lac_step_failure){
        &m->scene, state, m->equations, m->norm, m->rosenbrock, mean_field_counters(m), reason};
}

/* Counts a refusal. What no shorter step can mend is a failure at once. */
static lac_status count_refusal(mean_field *m, const lac_state *state, lac_reason reason)
{
    m->count[REJECTED]++;
    m->refused[lac_refusal_of(reason)]++;
    if (reason != LAC_SINGULAR && reason != LAC_NOT_FINITE)
        return LAC_OK;
    lac_step_failure failure = step_failure_of(m, state, reason);
    return lac_step_failure_at_start(&failure);
}

/* A value below zero is first blamed on the residual of the linear solves, and the step tried again
 * at its full length with a tighter one; only then is the step too long. */
static bool solve_better(mean_field *m, lac_attempt *attempt, lac_reason reason)
{
    if (reason != LAC_BELOW_ZERO || m->strict <= STRICT)
        return false;
    attempt->tolerance *= STRICT / m->strict;
    m->strict = STRICT;
    return true;
}

/* --- one step -------------------------------------------------------------------------------- */

/* The error test of an attempt that came to its end; *factor is what the next step is to be
 * multiplied by. */
static lac_reason check_error(mean_field *m, const lac_state *state, double *factor)
{
    const lac_step_values step = {state->value, lac_rosenbrock_value(m->rosenbrock),
                                  lac_rosenbrock_error(m->rosenbrock),
                                  lac_rosenbrock_rough(m->rosenbrock)};
    lac_step_check check = lac_wrms_error(m->norm, &step);
    *factor = 0.5;
    if (!isfinite(check.error) || isnan(check.lowest))
        return LAC_NOT_FINITE;
    if (m->hooks)
        check.error /= m->hooks->tolerances;
    if (check.error <= 1 && check.lowest < -ALLOWANCE)
        return LAC_BELOW_ZERO;
    *factor = lac_step_factor(m->table, check.error);
    return check.error <= 1 ? LAC_ACCEPTED : LAC_ERROR_TEST;
}

static lac_reason reason_of(lac_attempt_end end)
{
    switch (end) {
    case LAC_ATTEMPT_LINEAR:
        return LAC_UNSOLVED;
    case LAC_ATTEMPT_SINGULAR:
        return LAC_SINGULAR;
    case LAC_ATTEMPT_UNDEFINED:
        return LAC_UNDEFINED;
    default:
        return LAC_NOT_FINITE;
    }
}

static lac_status attempt_step(mean_field *m, const lac_attempt *attempt, const lac_state *state,
                               lac_reason *why, double *factor)
{
    lac_status status = LAC_OK;
    lac_attempt_end end = LAC_ATTEMPT_DONE;
    LAC_TRY(lac_rosenbrock_try(m->rosenbrock, attempt, &end));
    *factor = 0.5;
    if (end == LAC_ATTEMPT_DONE)
        *why = check_error(m, state, factor);
    else
        *why = reason_of(end);
out:
    return status;
}

/* The method around this one completes a step that has passed its test; a rejection leaves the
 * Jacobian somewhere else, so it is taken again. */
static lac_status call_hooks(mean_field *m, const lac_attempt *attempt, const lac_state *state,
                             lac_reason *why, double *factor)
{
    lac_status status = LAC_OK;
    const double own = *factor;
    LAC_TRY(m->hooks->complete(m->hooks->self, state, attempt, why, factor));
    if (*why == LAC_ACCEPTED)
        *factor = own;
    else
        LAC_TRY(lac_rosenbrock_prepare(m->rosenbrock, attempt->earliest, state->value));
out:
    return status;
}

static void accept(mean_field *m, lac_state *state, const lac_attempt *attempt)
{
    const double *integral = lac_rosenbrock_integral(m->rosenbrock);
    lac_copy(state->value, lac_rosenbrock_value(m->rosenbrock), m->layout.length);
    for (size_t p = 0; p < state->processes; p++)
        if (!m->part || m->part->process[p])
            state->extent[p] += integral[p];
    for (size_t b = 0; b < state->boundaries; b++)
        state->flux[b] += integral[state->processes + b];
    if (m->hooks)
        m->hooks->accept(m->hooks->self, state, attempt);
    m->last = attempt->step;
    m->strict = fmin(1, RELAXED * m->strict);
    m->count[STEPS]++;
}

/* Sets the next step after one of `step`, which a stop may have made shorter. */
static void set_next_step(mean_field *m, double step, double factor, bool rejected)
{
    double next = step * (rejected ? fmin(factor, 1) : factor);
    bool cut_short = step < m->next_step && factor >= 1;
    m->next_step = cut_short ? fmax(m->next_step, next) : next;
}

/* The step to try when `left` remains until a stop, and what makes it no longer. */
static double choose_step(mean_field *m, double left)
{
    const double longest = m->scene.model->settings.longest_step;
    const double of_hooks = m->hooks ? m->hooks->longest(m->hooks->self) : INFINITY;
    double step = m->next_step;
    m->limit = LAC_LIMIT_ERROR;
    if (of_hooks < step) {
        step = of_hooks;
        m->limit = LAC_LIMIT_HOOKS;
    }
    if (longest > 0 && longest < step) {
        step = longest;
        m->limit = LAC_LIMIT_LONGEST;
    }
    const double chosen = lac_step_towards(step, left);
    if (chosen == left)
        m->limit = LAC_LIMIT_STOP;
    return chosen;
}

/* Tries until a step is accepted; attempt->step is its length. */
static lac_status try_until_accepted(mean_field *m, lac_state *state, double until,
                                     lac_attempt *attempt)
{
    lac_status status = LAC_OK;
    double shortest = m->scene.model->settings.shortest_step, factor = 1;
    bool rejected = false;
    lac_reason why = LAC_ACCEPTED;
    for (;;) {
        attempt->step = choose_step(m, until - state->time);
        LAC_TRY(attempt_step(m, attempt, state, &why, &factor));
        if (why == LAC_ACCEPTED && m->hooks)
            LAC_TRY(call_hooks(m, attempt, state, &why, &factor));
        if (why == LAC_ACCEPTED)
            break;
        LAC_TRY(count_refusal(m, state, why));
        if (solve_better(m, attempt, why))
            continue;
        rejected = true;
        m->next_step = attempt->step * fmin(factor, 0.9);
        if (m->next_step < shortest || state->time + m->next_step == state->time) {
            lac_step_failure failure = step_failure_of(m, state, why);
            return lac_step_failure_report(&failure);
        }
    }
    accept(m, state, attempt);
    set_next_step(m, attempt->step, factor, rejected);
out:
    return status;
}

static lac_status mean_field_step(void *self, lac_state *state, double stop)
{
    lac_status status = LAC_OK;
    mean_field *m = self;
    const lac_model *model = m->scene.model;
    const double *parameter = state->parameter;
    const bool jumps = lac_discontinuities_jump(m->discontinuities, parameter, state->time);
    double next = lac_discontinuities_next(m->discontinuities, parameter, state->time).time;
    double until = fmin(stop, next);
    size_t evaluations = lac_rosenbrock_evaluations(m->rosenbrock);
    size_t iterations = lac_rosenbrock_iterations(m->rosenbrock);
    lac_attempt attempt = {.time = state->time,
                           .earliest =
                               jumps || state->time == 0 ? just_after(state->time) : state->time,
                           .latest = just_before(next, state->time),
                           .y = state->value,
                           .weight = m->weight,
                           .tolerance = m->strict * model->settings.linear_tolerance};
    if (jumps)
        m->next_step = fmin(m->next_step, model->settings.first_step);
    lac_equations_bind_state(m->equations, state);
    lac_norm_weights(m->norm, state->value, m->weight);
    LAC_TRY(lac_rosenbrock_prepare(m->rosenbrock, attempt.earliest, state->value));
    LAC_TRY(try_until_accepted(m, state, until, &attempt));
    /* Land exactly on the stop despite rounding. */
    state->time = attempt.step >= until - state->time ? until : state->time + attempt.step;
out:
    m->count[EVALUATIONS] += lac_rosenbrock_evaluations(m->rosenbrock) - evaluations;
    m->count[ITERATIONS] += lac_rosenbrock_iterations(m->rosenbrock) - iterations;
    return status;
}

static size_t mean_field_memory(const lac_model *model, size_t voxels)
{
    lac_layout layout =
        model->tissues > 1 ? lac_model_layout(model)
                           : lac_layout_of(model->fields, voxels, model->variables - model->fields);
    const lac_rosenbrock_table *table = table_for(model, false);
    size_t vectors = lac_rosenbrock_vectors(table ? table : &lac_rodas4) + 2;
    return vectors * layout.length * sizeof(double) + lac_mean_field_network_bytes(model, &layout) +
           lac_direct_solver_memory(model);
}

const lac_stepper_type lac_mean_field = {
    .name = "mean-field",
    .summary = "deterministic limit: concentrations and cells continuous, adaptive steps",
    .reference = "Rosenbrock methods with GMRES; docs/methods.md, section 2",
    .several_tissues = true,
    .uneven_layers = true,
    .create = mean_field_create,
    .step = mean_field_step,
    .restart = mean_field_restart,
    .reset = mean_field_reset,

    .blocks = mean_field_blocks,
    .counters = mean_field_counters,
    .remark = mean_field_remark,
    .memory = mean_field_memory,
    .free = mean_field_free,
};
