/* Bounds of a recipe by interval arithmetic.
 * Functions that rise or fall in each argument have their extremes at corners; x^n with x >= 0 and
 * hill(x, K, n) do so in all of theirs. Every result is widened by 1e-12 of itself, far more than
 * its rounding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_recipe.h"

#include <math.h>

static lac_span point(double x)
{
    return (lac_span){x, x};
}

static lac_span symbol_span(const lac_sight *sight, lac_symbol symbol, size_t voxel)
{
    if (symbol.kind == LAC_SYMBOL_INPUT)
        return sight->inputs[symbol.index];
    if (symbol.kind == LAC_SYMBOL_TIME)
        return sight->times;
    if (symbol.kind == LAC_SYMBOL_VARIABLE) {
        size_t variable = symbol.index, fields = sight->layout.fields;
        bool field = variable < fields;
        size_t at = lac_layout_at(&sight->layout, variable) + (field ? voxel : 0);
        if (sight->per_count[variable] == 0) {
            lac_span span = sight->state[at];
            if (!sight->model->variable[variable].is_signed)
                span = (lac_span){fmax(span.low, 0), fmax(span.high, 0)};
            return span;
        }
        if (!field && sight->pool)
            return sight->pool[variable - fields];
    }
    lac_recipe_step one = {LAC_OP_SYMBOL, symbol, 0};
    return point(lac_recipe_value(&(lac_recipe){.steps = 1, .step = &one}, sight, voxel));
}

static lac_span hull(lac_span a, double x)
{
    return (lac_span){fmin(a.low, x), fmax(a.high, x)};
}

/* 0 * infinity is 0: a factor that is 0 switches the other off. */
static double product(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static lac_span multiply(lac_span a, lac_span b)
{
    lac_span s = point(product(a.low, b.low));
    s = hull(s, product(a.low, b.high));
    s = hull(s, product(a.high, b.low));
    return hull(s, product(a.high, b.high));
}

static lac_span divide(lac_span a, lac_span b)
{
    if (b.low > 0 || b.high < 0)
        return multiply(a, (lac_span){1 / b.high, 1 / b.low});
    if (b.low == 0 && b.high > 0)
        return multiply(a, (lac_span){1 / b.high, INFINITY});
    return (lac_span){-INFINITY, INFINITY};
}

static lac_span power(lac_span a, lac_span n)
{
    lac_span s = point(pow(a.low, n.low));
    if (a.low < 0 && a.high > 0 && n.low == n.high)
        s = hull(s, pow(0, n.low));
    s = hull(s, pow(a.low, n.high));
    s = hull(s, pow(a.high, n.low));
    return hull(s, pow(a.high, n.high));
}

static double hill(double x, double k, double n)
{
    double p = pow(fmax(x, 0), n);
    return isinf(p) ? 1 : p / (pow(k, n) + p);
}

static lac_span hill_span(lac_span x, lac_span k, lac_span n)
{
    lac_span s = point(hill(x.low, k.low, n.low));
    for (int corner = 1; corner < 8; corner++)
        s = hull(s, hill(corner & 1 ? x.high : x.low, corner & 2 ? k.high : k.low,
                         corner & 4 ? n.high : n.low));
    return s;
}

/* A truth that may be false, may be true, or both. */
static lac_span truth(bool may_hold, bool may_fail)
{
    return (lac_span){may_fail ? 0 : 1, may_hold ? 1 : 0};
}

static bool may_hold(lac_span a)
{
    return a.low != 0 || a.high != 0;
}

static bool may_fail(lac_span a)
{
    return a.low <= 0 && a.high >= 0;
}

static lac_span compare(lac_op op, lac_span a, lac_span b)
{
    bool meet = a.low <= b.high && b.low <= a.high;
    bool same = a.low == a.high && b.low == b.high && a.low == b.low;
    switch (op) {
    case LAC_OP_LESS:
        return truth(a.low < b.high, a.high >= b.low);
    case LAC_OP_LESS_EQUAL:
        return truth(a.low <= b.high, a.high > b.low);
    case LAC_OP_EQUAL:
        return truth(meet, !same);
    case LAC_OP_NOT_EQUAL:
        return truth(!same, meet);
    case LAC_OP_AND:
        return truth(may_hold(a) && may_hold(b), may_fail(a) || may_fail(b));
    default:
        return truth(may_hold(a) || may_hold(b), may_fail(a) && may_fail(b));
    }
}

static lac_span binary(lac_op op, lac_span a, lac_span b)
{
    switch (op) {
    case LAC_OP_ADD:
        return (lac_span){a.low + b.low, a.high + b.high};
    case LAC_OP_SUBTRACT:
        return (lac_span){a.low - b.high, a.high - b.low};
    case LAC_OP_MULTIPLY:
        return multiply(a, b);
    case LAC_OP_DIVIDE:
        return divide(a, b);
    case LAC_OP_POWER:
        return power(a, b);
    case LAC_OP_MIN:
        return (lac_span){fmin(a.low, b.low), fmin(a.high, b.high)};
    case LAC_OP_MAX:
        return (lac_span){fmax(a.low, b.low), fmax(a.high, b.high)};
    default:
        return compare(op, a, b);
    }
}

static lac_span unary(lac_op op, lac_span a)
{
    switch (op) {
    case LAC_OP_NEGATE:
        return (lac_span){-a.high, -a.low};
    case LAC_OP_NOT:
        return truth(may_fail(a), may_hold(a));
    case LAC_OP_EXP:
        return (lac_span){exp(a.low), exp(a.high)};
    case LAC_OP_LOG:
        return (lac_span){log(fmax(a.low, 0)), log(fmax(a.high, 0))};
    case LAC_OP_SQRT:
        return (lac_span){sqrt(fmax(a.low, 0)), sqrt(fmax(a.high, 0))};
    case LAC_OP_TANH:
        return (lac_span){tanh(a.low), tanh(a.high)};
    case LAC_OP_ABS:
        return a.low >= 0 || a.high <= 0
                   ? (lac_span){fmin(fabs(a.low), fabs(a.high)), fmax(fabs(a.low), fabs(a.high))}
                   : (lac_span){0, fmax(fabs(a.low), fabs(a.high))};
    default: /* sine and cosine */
        if (a.low == a.high)
            return point(op == LAC_OP_SIN ? sin(a.low) : cos(a.low));
        return (lac_span){-1, 1};
    }
}

static lac_span choose(lac_span condition, lac_span a, lac_span b)
{
    if (!may_fail(condition))
        return a;
    return may_hold(condition) ? hull(hull(a, b.low), b.high) : b;
}

static lac_span widened(lac_span a)
{
    const double rounding = 1e-12;
    if (a.low == a.high)
        return a;
    return (lac_span){a.low - rounding * fabs(a.low), a.high + rounding * fabs(a.high)};
}

static bool is_unary(lac_op op)
{
    return op == LAC_OP_NEGATE || op == LAC_OP_NOT || (op >= LAC_OP_EXP && op <= LAC_OP_TANH);
}

lac_span lac_recipe_span(const lac_recipe *recipe, const lac_sight *sight, size_t voxel)
{
    lac_span stack[LAC_RECIPE_DEPTH + 1], *top = stack; /* the first place stays empty */
    for (const lac_recipe_step *s = recipe->step; s < recipe->step + recipe->steps; s++) {
        if (s->op == LAC_OP_NUMBER) {
            *++top = point(s->number);
        } else if (s->op == LAC_OP_SYMBOL) {
            *++top = symbol_span(sight, s->symbol, voxel);
        } else if (s->op == LAC_OP_IF) {
            top -= 2;
            top[0] = choose(top[0], top[1], top[2]);
        } else if (s->op == LAC_OP_HILL) {
            top -= 2;
            top[0] = widened(hill_span(top[0], top[1], top[2]));
        } else if (is_unary(s->op)) {
            top[0] = widened(unary(s->op, top[0]));
        } else {
            top--;
            top[0] = widened(binary(s->op, top[0], top[1]));
        }
    }
    return *top;
}
