/* Discontinuities: next knots, and next times at which comparisons turn over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/discontinuities.h"

#include "base/memory.h"
#include "model/interval.h"

#include <math.h>

static const double HORIZON = 1099511627776.0; /* [s] 2^40 */
static const double SHORTEST =
    1.0 / (1024 * 1024); /* [s] 2^-20: turns back and forth within it are missed */
enum { SPANS_MOST = 20000, TIMES_LOOKED_AT = 16 }; /* of one search; of lac_discontinuities_found */

/* What is known of a condition: it does not turn over in (from, next). */
typedef struct known {
    double from, next; /* [s] */
    bool turns;        /* at `next`; else the search went no further */
} known;

struct lac_discontinuities {
    const lac_model *model; /* borrowed */
    double *parameter;      /* owned [parameters]: the values that `known` belongs to */
    double *start;          /* owned [parameters]: those at the start of a run */
    known *known;           /* owned [conditions] */
};

/* --- making ---------------------------------------------------------------------------------- */

static void forget(lac_discontinuities *it)
{
    for (size_t index = 0; index < it->model->conditions; index++)
        it->known[index] = (known){INFINITY, 0, false};
}

lac_status lac_discontinuities_create(const lac_model *model, lac_discontinuities **fresh)
{
    lac_status status = LAC_OK;
    lac_discontinuities *it = NULL;
    LAC_NEW(it, 1);
    it->model = model;
    LAC_NEW(it->parameter, model->parameters);
    LAC_NEW(it->start, model->parameters);
    LAC_NEW(it->known, model->conditions);
    for (size_t index = 0; index < model->parameters; index++)
        it->start[index] = it->parameter[index] = model->parameter[index].value;
    forget(it);
    *fresh = it;
    it = NULL;
out:
    lac_discontinuities_free(it);
    return status;
}

void lac_discontinuities_free(lac_discontinuities *discontinuities)
{
    if (!discontinuities)
        return;
    lac_free(discontinuities->parameter);
    lac_free(discontinuities->start);
    lac_free(discontinuities->known);
    lac_free(discontinuities);
}

/* --- one condition --------------------------------------------------------------------------- */

typedef struct search {
    const lac_condition *condition;
    lac_interval_scene scene;
    double after;   /* [s] what is found lies behind it */
    double found;   /* [s] */
    double reached; /* [s] where the search gave up */
    size_t spans;   /* looked at */
} search;

static double symbol_at(const void *context, lac_symbol symbol)
{
    const lac_interval_scene *scene = context;
    double rate;
    switch (symbol.kind) {
    case LAC_SYMBOL_TIME:
        return scene->time.low;
    case LAC_SYMBOL_INPUT:
        return lac_input_value(&scene->model->input[symbol.index], scene->time.low, &rate);
    case LAC_SYMBOL_PARAMETER:
        return scene->parameter[symbol.index];
    default:
        return 0;
    }
}

static double value_at(search *s, const lac_expression *tree, double time)
{
    s->scene.time = (lac_interval){time, time};
    return tree ? lac_expression_value(tree, symbol_at, &s->scene) : 0;
}

static bool holds_at(search *s, double time)
{
    double a = value_at(s, s->condition->a, time), b = value_at(s, s->condition->b, time);
    return s->condition->or_equal ? a <= b : a < b;
}

static bool may_turn(search *s, double low, double high)
{
    s->scene.time = (lac_interval){low, high};
    lac_interval a = lac_interval_of_tree(&s->scene, s->condition->a), b = {0, 0};
    if (s->condition->b)
        b = lac_interval_of_tree(&s->scene, s->condition->b);
    lac_interval truth = lac_op_interval(s->condition->or_equal ? LAC_OP_LESS_EQUAL : LAC_OP_LESS,
                                         a, b, (lac_interval){0, 0});
    bool unknown = isnan(a.low) || isnan(a.high) || isnan(b.low) || isnan(b.high);
    return unknown || (lac_interval_may_hold(truth) && lac_interval_may_fail(truth));
}

/* The first time at which the condition is what it is at `high`, if it differs at `low`. */
static bool bisect(search *s, double low, double high)
{
    bool end = holds_at(s, high);
    if (holds_at(s, low) == end)
        return false;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high) || high <= LAC_SOONEST)
            break;
        if (holds_at(s, middle) == end)
            high = middle;
        else
            low = middle;
    }
    s->found = high;
    return high > s->after;
}

/* Is the search over: found within (low, low + width], or no more to be looked at? */
static bool descend(search *s, double low, double width)
{
    if (low + width <= s->after)
        return false;
    if (s->spans++ >= SPANS_MOST) {
        s->reached = low;
        return true;
    }
    if (!may_turn(s, low, low + width))
        return false;
    if (width <= SHORTEST || low + width / 2 == low)
        return bisect(s, low, low + width);
    return descend(s, low, width / 2) || descend(s, low + width / 2, width / 2);
}

static bool is_time(const lac_expression *tree)
{
    return tree && tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_TIME;
}

static bool is_constant(const lac_expression *tree)
{
    if (tree->op == LAC_OP_SYMBOL)
        return tree->symbol.kind == LAC_SYMBOL_PARAMETER;
    for (size_t arg = 0; arg < tree->args; arg++)
        if (!is_constant(tree->arg[arg]))
            return false;
    return true;
}

/* t against a constant needs no search. */
static bool solve(search *s)
{
    const lac_expression *a = s->condition->a, *b = s->condition->b;
    double time;
    if (b && is_time(a) && is_constant(b))
        time = value_at(s, b, 0);
    else if (is_time(b) && is_constant(a))
        time = value_at(s, a, 0);
    else
        return false;
    s->found = time > s->after ? time : INFINITY;
    return true;
}

static known look(lac_discontinuities *it, size_t index, double time)
{
    search s = {.condition = &it->model->condition[index],
                .scene = {.model = it->model, .parameter = it->parameter},
                .after = fmax(time, LAC_SOONEST),
                .found = INFINITY,
                .reached = INFINITY};
    if (!s.condition->of_time)
        return (known){time, INFINITY, false};
    if (solve(&s))
        return (known){time, s.found, isfinite(s.found)};
    if (!descend(&s, 0, HORIZON))
        return (known){time, INFINITY, false};
    if (isinf(s.reached))
        return (known){time, s.found, true};
    /* Go on some time later, rather than at every step. */
    return (known){time, fmax(s.reached, time + 1e-3 * time + SHORTEST), false};
}

/* --- all of them ----------------------------------------------------------------------------- */

static void take_parameters(lac_discontinuities *it, const double *parameter)
{
    bool same = true;
    const double *now = parameter ? parameter : it->start;
    for (size_t index = 0; index < it->model->parameters; index++)
        if (it->parameter[index] != now[index]) {
            it->parameter[index] = now[index];
            same = false;
        }
    if (!same)
        forget(it);
}

static void earlier(lac_discontinuity *next, double time, bool jump)
{
    if (time == next->time)
        next->jump = next->jump || jump;
    else if (time < next->time)
        *next = (lac_discontinuity){time, jump};
}

static void add_knot(const lac_input *input, double time, lac_discontinuity *next)
{
    size_t knot = lac_knots_until(input->time, input->knots, time);
    if (knot < input->knots)
        earlier(next, input->time[knot], input->shape == LAC_STEPS);
}

lac_discontinuity lac_discontinuities_next(lac_discontinuities *discontinuities,
                                           const double *parameter, double time)
{
    lac_discontinuities *it = discontinuities;
    lac_discontinuity next = {INFINITY, false};
    take_parameters(it, parameter);
    for (size_t input = 0; input < it->model->inputs; input++)
        add_knot(&it->model->input[input], time, &next);
    for (size_t index = 0; index < it->model->conditions; index++) {
        known *what = &it->known[index];
        if (!(what->from <= time && time < what->next))
            *what = look(it, index, time);
        if (what->turns)
            earlier(&next, what->next, !it->model->condition[index].is_kink);
    }
    return next;
}

bool lac_discontinuities_jump(lac_discontinuities *discontinuities, const double *parameter,
                              double time)
{
    lac_discontinuity here =
        lac_discontinuities_next(discontinuities, parameter, nextafter(time, -INFINITY));
    return here.time == time && here.jump;
}

bool lac_discontinuities_found(lac_discontinuities *discontinuities, size_t index, double end)
{
    double time = 0;
    take_parameters(discontinuities, NULL);
    for (int k = 0; k < TIMES_LOOKED_AT && time < end; k++) {
        known next = look(discontinuities, index, time);
        if (!next.turns)
            return next.next >= end;
        time = next.next;
    }
    return true;
}
