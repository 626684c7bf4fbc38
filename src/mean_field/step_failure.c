/* Step failures: messages with time, place, value, counts and a remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/step_failure.h"

#include "base/memory.h"

#include <math.h>

static const double SECONDS_PER_DAY = 86400;

static const char *const REMEDY[LAC_REFUSALS] = {
    [LAC_REFUSAL_ERROR] = "it jumps or grows without bound: check the laws that change it, "
                          "or increase run.rtol or its atol",
    [LAC_REFUSAL_NEGATIVE] =
        "look for a loss that does not vanish with its reactant, or increase its "
        "atol",
    [LAC_REFUSAL_LINEAR] = "increase run.max_iterations or run.linear_tolerance",
    [LAC_REFUSAL_EVENTS] = "look for species that switch endlessly, or increase run.accuracy",
    [LAC_REFUSAL_LAW] = "restrict the law with max(), min() or if()",
};

static const char *const WHY[] = {
    [LAC_ACCEPTED] = "nothing",
    [LAC_ERROR_TEST] = "the error of the step is too large, most for",
    [LAC_BELOW_ZERO] = "a value would become negative:",
    [LAC_UNSOLVED] = "the linear solver does not converge; the fastest variable is",
    [LAC_SINGULAR] = "the preconditioner is singular; the fastest variable is",
    [LAC_UNDEFINED] = "a law or coefficient is not defined there; the fastest variable is",
    [LAC_TOO_MANY_EVENTS] = "discrete species change too often; the fastest continuous one is",
    [LAC_PAST_THRESHOLD] = "one becomes too few to be continuous; the fastest variable is",
    [LAC_NOT_FINITE] = "a value is not finite, first",
};

lac_refusal lac_refusal_of(lac_reason reason)
{
    switch (reason) {
    case LAC_BELOW_ZERO:
        return LAC_REFUSAL_NEGATIVE;
    case LAC_UNSOLVED:
    case LAC_SINGULAR:
        return LAC_REFUSAL_LINEAR;
    case LAC_TOO_MANY_EVENTS:
        return LAC_REFUSAL_EVENTS;
    case LAC_PAST_THRESHOLD:
        return LAC_REFUSAL_THRESHOLD;
    case LAC_UNDEFINED:
    case LAC_NOT_FINITE:
        return LAC_REFUSAL_LAW;
    default:
        return LAC_REFUSAL_ERROR;
    }
}

/* --- places ---------------------------------------------------------------------------------- */

/* Where the state changes fastest, for failures that have no place of their own. */
static lac_status fastest(const lac_step_failure *it, lac_worst_place *worst)
{
    lac_status status = LAC_OK;
    const lac_system *system = lac_equations_system(it->equations);
    double *derivative = NULL;
    LAC_NEW(derivative, system->length);
    system->derivative(system->self, it->state->time, it->state->value, derivative, NULL);
    *worst = lac_norm_worst(it->norm, it->state->value, derivative);
out:
    lac_free(derivative);
    return status;
}

static lac_status find_place(const lac_step_failure *it, lac_worst_place *worst)
{
    const lac_rosenbrock *r = it->rosenbrock;
    if (it->reason == LAC_BELOW_ZERO)
        *worst = lac_norm_lowest(it->norm, lac_rosenbrock_value(r));
    else if (it->reason == LAC_ERROR_TEST)
        *worst = lac_norm_worst(it->norm, it->state->value, lac_rosenbrock_error(r));
    else
        return fastest(it, worst);
    return LAC_OK;
}

static void add_place(const lac_step_failure *it, lac_text *words)
{
    const lac_model *model = it->scene->model;
    lac_worst_place worst = {0, LAC_NONE, 0};
    words->failed = find_place(it, &worst);
    const lac_tissue_text *tissue = &model->tissue[lac_model_tissue_of(model, worst.variable)];
    char voxel[LAC_VOXEL_WORDS];
    lac_text_add(words, "%s %s%s, value %.6g", WHY[it->reason],
                 model->variable[worst.variable].name, lac_voxel_words(tissue, worst.voxel, voxel),
                 worst.value);
}

/* --- sentences ------------------------------------------------------------------------------- */

static void add_counts(const lac_step_failure *it, lac_text *words)
{
    const lac_step_counters *count = &it->counters;
    bool first = true;
    lac_text_add(words, "; %zu steps, %zu rejected", count->steps, count->rejected);
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        if (count->refused[k] == 0)
            continue;
        lac_text_add(words, "%s%s %zu", first ? " (" : ", ", lac_refusal_words[k],
                     count->refused[k]);
        first = false;
    }
    lac_text_add(words, "%s; %s", first ? "" : ")", REMEDY[lac_refusal_of(it->reason)]);
}

static lac_status fail_with(const lac_text *words)
{
    return words->failed ? words->failed : lac_fail(LAC_NUMERICS, "%s", lac_text_of(words));
}

lac_status lac_step_failure_at_start(const lac_step_failure *it)
{
    lac_status status = LAC_OK;
    lac_text words = {0}, law = {0};
    double time = it->state->time;
    LAC_TRY(lac_equations_undefined(it->equations, time, it->state->value, true, &law));
    if (law.length == 0)
        goto out;
    lac_text_add(&words, "at t = %.9g s (day %.6g) %s; %s", time, time / SECONDS_PER_DAY,
                 lac_text_of(&law), REMEDY[LAC_REFUSAL_LAW]);
    status = fail_with(&words);
out:
    lac_text_free(&words);
    lac_text_free(&law);
    return status;
}

lac_status lac_step_failure_report(const lac_step_failure *it)
{
    lac_status status = LAC_OK;
    lac_text words = {0}, law = {0};
    double time = it->state->time;
    lac_rosenbrock_stage stage = lac_rosenbrock_last_stage(it->rosenbrock);
    lac_text_add(&words, "at t = %.9g s (day %.6g) the step would fall below %g s: ", time,
                 time / SECONDS_PER_DAY, it->scene->model->settings.shortest_step);
    if (it->reason == LAC_UNDEFINED)
        lac_text_add(&law, "%s", lac_failure());
    else if (it->reason == LAC_NOT_FINITE)
        LAC_TRY(lac_equations_undefined(it->equations, stage.time, stage.value, false, &law));
    add_place(it, &words);
    if (law.length > 0)
        lac_text_add(&words, "; %s", lac_text_of(&law));
    add_counts(it, &words);
    status = fail_with(&words);
out:
    lac_text_free(&words);
    lac_text_free(&law);
    return status;
}
