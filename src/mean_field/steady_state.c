/* Rest by pseudo-time continuation (Kelley & Keyes 1998, SIAM J. Numer. Anal. 35:508): steps of the
 * linearly implicit Euler method, (I - g J) d = g F, whose length g grows as the state comes to
 * rest. Short steps follow the way that time would take, so that of several rests the near one is
 * found; long ones are Newton's. Linear sums that F conserves are kept by every step.
 *
 * Limits: where J holds coefficients frozen convergence is linear; a rest from which the state is
 * driven away is not found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/steady_state.h"

#include "base/memory.h"
#include "mean_field/equations.h"
#include "mean_field/error_norm.h"
#include "mean_field/krylov.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_MOST = 1000, ITERATIONS_MOST = 300 };
enum { ITERATIONS_MANY = 40, PARTS = 5 };

static const double SHORTEST = 1e-6; /* [s] below it there is no way */
static const double LONGEST = 3.2e7; /* [s] a year */
static const double FIRST = 60;      /* [s] */
static const double AT_REST = 0.5;   /* tolerances that a step of a year may change */
static const double CHANGE = 0.2;    /* of a value, in one step that is to grow no more */
static const double SOLVED = 1e-4;   /* residual of a linear solve as a part of the step */
static const double ALLOWANCE = 1;   /* below zero, in absolute tolerances */

typedef struct search {
    lac_model model; /* a copy: held processes have no rate */
    lac_process *process;
    lac_expression nothing;
    lac_scene scene;
    lac_equations *equations;
    lac_krylov *krylov;
    lac_norm *norm;
    double *weight, *step, *next, *rate; /* owned */
    double g;                            /* [s] */
    double size;                         /* of the last step, in tolerances */
    bool refined;
} search;

/* --- what is held ---------------------------------------------------------------------------- */

static bool changes_any(const lac_process *process, const bool *held)
{
    for (size_t c = 0; c < process->changes; c++)
        if (held[process->change[c].variable])
            return true;
    return false;
}

/* The model without the processes that change what is held. */
static lac_status hold(search *s, const lac_model *model)
{
    lac_status status = LAC_OK;
    bool *held = NULL;
    s->model = *model;
    LAC_NEW(held, model->variables + 1);
    LAC_TRY(lac_model_held(model, held));
    LAC_NEW(s->process, model->processes + 1);
    for (size_t p = 0; p < model->processes; p++) {
        s->process[p] = model->process[p];
        if (changes_any(&model->process[p], held))
            s->process[p].rate = &s->nothing;
    }
    s->nothing = (lac_expression){.op = LAC_OP_NUMBER};
    s->model.process = s->process;
out:
    lac_free(held);
    return status;
}

static lac_status prepare(search *s, const lac_scene *scene, const lac_state *state)
{
    lac_status status = LAC_OK;
    LAC_TRY(hold(s, scene->model));
    s->scene = *scene;
    s->scene.model = &s->model;
    s->g = FIRST;
    LAC_TRY(lac_equations_create(&s->scene, &state->layout, &s->equations));
    LAC_TRY(lac_equations_prepare_long(s->equations, 1));
    const lac_system *system = lac_equations_system(s->equations);
    LAC_TRY(
        lac_norm_create(&s->scene, &state->layout, lac_equations_mobile(s->equations), &s->norm));
    LAC_TRY(lac_krylov_create(system, ITERATIONS_MOST, &s->krylov));
    LAC_NEW(s->weight, system->length);
    LAC_NEW(s->step, system->length);
    LAC_NEW(s->next, system->length);
    LAC_NEW(s->rate, system->rates);
    lac_equations_bind_state(s->equations, state);
out:
    return status;
}

static void leave(search *s)
{
    lac_krylov_free(s->krylov);
    lac_norm_free(s->norm);
    lac_equations_free(s->equations);
    lac_free(s->process);
    lac_free(s->weight);
    lac_free(s->step);
    lac_free(s->next);
    lac_free(s->rate);
}

/* --- one pseudo-step ------------------------------------------------------------------------- */

/* Tries a step of length g from y; *good says whether `next` may be gone to. */
static lac_status try_step(search *s, const double *y, bool *good)
{
    lac_status status = LAC_OK;
    const lac_system *system = lac_equations_system(s->equations);
    *good = false;
    status = system->factor(system->self, s->g);
    if (status == LAC_NUMERICS)
        return LAC_OK;
    LAC_TRY(status);
    LAC_TRY(system->derivative(system->self, 0, y, s->step, NULL));
    for (size_t k = 0; k < system->length; k++)
        s->step[k] *= s->g;
    lac_krylov_problem problem = {s->g, s->weight, fmax(AT_REST, s->size) * SOLVED};
    LAC_TRY(lac_krylov_solve(s->krylov, &problem, s->step, s->rate, good));
    for (size_t k = 0; k < system->length; k++)
        s->next[k] = y[k] + s->step[k];
    const lac_step_values values = {y, s->next, s->step, NULL};
    lac_step_check check = lac_wrms_error(s->norm, &values);
    *good = *good && isfinite(check.error) && check.lowest >= -ALLOWANCE;
    if (*good)
        s->size = check.error;
out:
    return status;
}

/* How much longer the next step may be: none when this one changed much. */
static double growth(const search *s)
{
    double much = CHANGE / s->model.settings.rtol;
    return fmax(0.5, fmin(s->size > 0 ? much / s->size : 10, 10));
}

static lac_status no_rest(const search *s, const lac_state *state, const lac_steady_state *rest)
{
    char where[LAC_VOXEL_WORDS];
    lac_worst_place worst = lac_norm_worst(s->norm, state->value, s->step);
    const lac_variable *about = &s->model.variable[worst.variable];
    const lac_tissue_text *tissue =
        &s->model.tissue[lac_model_tissue_of(&s->model, worst.variable)];
    return lac_fail(
        LAC_NUMERICS,
        "start: rest: no steady state found in %zu pseudo-steps (%zu rejected, the last of %.3g s): "
        "%s%s still changes, at %.4g %s; list species without a steady state in run.held, or start "
        "from initial values nearer to it",
        rest->steps, rest->refused, s->g, about->path, lac_voxel_words(tissue, worst.voxel, where),
        worst.value * (about->display.factor > 0 ? about->display.factor : 1), about->display.unit);
}

/* What varies within planes makes plane means a poor guide: they are followed in parts. */
static lac_status refine(search *s, size_t iterations)
{
    if (s->refined || iterations <= ITERATIONS_MANY)
        return LAC_OK;
    s->refined = true;
    return lac_equations_prepare_long(s->equations, PARTS);
}

static lac_status search_rest(search *s, lac_state *state, lac_steady_state *rest)
{
    lac_status status = LAC_OK;
    const lac_system *system = lac_equations_system(s->equations);
    bool good = false;
    while (rest->steps + rest->refused < STEPS_MOST && s->g > SHORTEST) {
        lac_norm_weights(s->norm, state->value, s->weight);
        LAC_TRY(system->linearise(system->self, 0, state->value));
        size_t before = lac_krylov_iterations(s->krylov);
        LAC_TRY(try_step(s, state->value, &good));
        LAC_TRY(refine(s, lac_krylov_iterations(s->krylov) - before));
        if (!good) {
            rest->refused++;
            s->g *= 0.25;
            continue;
        }
        memcpy(state->value, s->next, system->length * sizeof *state->value);
        rest->steps++;
        rest->residual = s->size;
        if (s->g >= LONGEST && s->size <= AT_REST)
            return LAC_OK;
        s->g = fmin(s->g * growth(s), LONGEST);
    }
    status = no_rest(s, state, rest);
out:
    return status;
}

lac_status lac_steady_state_find(const lac_scene *scene, lac_state *state, lac_steady_state *rest)
{
    lac_status status = LAC_OK;
    search s = {.g = 0};
    *rest = (lac_steady_state){0};
    LAC_TRY(prepare(&s, scene, state));
    LAC_TRY(search_rest(&s, state, rest));
    rest->iterations = lac_krylov_iterations(s.krylov);
    for (size_t v = 0; v < scene->model->variables; v++)
        state->initial[v] = lac_state_content(state, scene->model, v);
out:
    leave(&s);
    return status;
}
