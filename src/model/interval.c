/* Interval arithmetic of the language's operations (Moore 1966).
 * Functions that rise or fall in each argument have their extremes at corners; x^n with x >= 0 and
 * hill(x, K, n) do so in all of theirs. Every result is widened by 1e-12 of itself, far more than
 * its rounding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/interval.h"

#include <math.h>

static lac_interval point(double x)
{
    return (lac_interval){x, x};
}

static lac_interval hull(lac_interval a, double x)
{
    return (lac_interval){fmin(a.low, x), fmax(a.high, x)};
}

/* 0 * infinity is 0: a factor that is 0 switches the other off. */
static double product(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static lac_interval multiply(lac_interval a, lac_interval b)
{
    lac_interval s = point(product(a.low, b.low));
    s = hull(s, product(a.low, b.high));
    s = hull(s, product(a.high, b.low));
    return hull(s, product(a.high, b.high));
}

static lac_interval divide(lac_interval a, lac_interval b)
{
    if (b.low > 0 || b.high < 0)
        return multiply(a, (lac_interval){1 / b.high, 1 / b.low});
    if (b.low == 0 && b.high > 0)
        return multiply(a, (lac_interval){1 / b.high, INFINITY});
    return (lac_interval){-INFINITY, INFINITY};
}

static lac_interval power(lac_interval a, lac_interval n)
{
    lac_interval s = point(pow(a.low, n.low));
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

static lac_interval hill_span(lac_interval x, lac_interval k, lac_interval n)
{
    lac_interval s = point(hill(x.low, k.low, n.low));
    for (int corner = 1; corner < 8; corner++)
        s = hull(s, hill(corner & 1 ? x.high : x.low, corner & 2 ? k.high : k.low,
                         corner & 4 ? n.high : n.low));
    return s;
}

/* A truth that may be false, may be true, or both. */
static lac_interval truth(bool may_hold, bool may_fail)
{
    return (lac_interval){may_fail ? 0 : 1, may_hold ? 1 : 0};
}

static bool may_hold(lac_interval a)
{
    return a.low != 0 || a.high != 0;
}

static bool may_fail(lac_interval a)
{
    return a.low <= 0 && a.high >= 0;
}

static lac_interval compare(lac_op op, lac_interval a, lac_interval b)
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

static lac_interval binary(lac_op op, lac_interval a, lac_interval b)
{
    switch (op) {
    case LAC_OP_ADD:
        return (lac_interval){a.low + b.low, a.high + b.high};
    case LAC_OP_SUBTRACT:
        return (lac_interval){a.low - b.high, a.high - b.low};
    case LAC_OP_MULTIPLY:
        return multiply(a, b);
    case LAC_OP_DIVIDE:
        return divide(a, b);
    case LAC_OP_POWER:
        return power(a, b);
    case LAC_OP_MIN:
        return (lac_interval){fmin(a.low, b.low), fmin(a.high, b.high)};
    case LAC_OP_MAX:
        return (lac_interval){fmax(a.low, b.low), fmax(a.high, b.high)};
    default:
        return compare(op, a, b);
    }
}

/* The extremes of the cosine are at whole multiples of pi. */
static lac_interval cosine(lac_interval a)
{
    const double pi = 3.14159265358979323846, far = 1e15;
    lac_interval s = hull(point(cos(a.low)), cos(a.high));
    if (!(fabs(a.low) < far && fabs(a.high) < far && a.high - a.low < 2 * pi))
        return a.low == a.high ? s : (lac_interval){-1, 1};
    double slack = 1e-15 * (fabs(a.low) + fabs(a.high) + 1);
    double last = floor((a.high + slack) / pi);
    for (double k = ceil((a.low - slack) / pi); k <= last && a.low < a.high; k++)
        s = hull(s, fmod(k, 2) == 0 ? 1 : -1);
    return s;
}

static lac_interval sine(lac_interval a)
{
    const double half = 1.57079632679489661923;
    if (a.low == a.high)
        return point(sin(a.low));
    lac_interval s = cosine((lac_interval){a.low - half, a.high - half});
    return hull(hull(s, sin(a.low)), sin(a.high));
}

static lac_interval unary(lac_op op, lac_interval a)
{
    switch (op) {
    case LAC_OP_NEGATE:
        return (lac_interval){-a.high, -a.low};
    case LAC_OP_NOT:
        return truth(may_fail(a), may_hold(a));
    case LAC_OP_EXP:
        return (lac_interval){exp(a.low), exp(a.high)};
    case LAC_OP_LOG:
        return (lac_interval){log(fmax(a.low, 0)), log(fmax(a.high, 0))};
    case LAC_OP_SQRT:
        return (lac_interval){sqrt(fmax(a.low, 0)), sqrt(fmax(a.high, 0))};
    case LAC_OP_TANH:
        return (lac_interval){tanh(a.low), tanh(a.high)};
    case LAC_OP_ABS:
        return a.low >= 0 || a.high <= 0 ? (lac_interval){fmin(fabs(a.low), fabs(a.high)),
                                                          fmax(fabs(a.low), fabs(a.high))}
                                         : (lac_interval){0, fmax(fabs(a.low), fabs(a.high))};
    default: /* sine and cosine */
        return op == LAC_OP_SIN ? sine(a) : cosine(a);
    }
}

static lac_interval choose(lac_interval condition, lac_interval a, lac_interval b)
{
    if (!may_fail(condition))
        return a;
    return may_hold(condition) ? hull(hull(a, b.low), b.high) : b;
}

static lac_interval widened(lac_interval a)
{
    const double rounding = 1e-12;
    if (a.low == a.high)
        return a;
    return (lac_interval){a.low - rounding * fabs(a.low), a.high + rounding * fabs(a.high)};
}

bool lac_interval_may_hold(lac_interval truth)
{
    return may_hold(truth);
}

bool lac_interval_may_fail(lac_interval truth)
{
    return may_fail(truth);
}

lac_interval lac_interval_of_one(lac_op op, lac_interval a)
{
    return widened(unary(op, a));
}

lac_interval lac_interval_of_two(lac_op op, lac_interval a, lac_interval b)
{
    return widened(binary(op, a, b));
}

lac_interval lac_interval_of_three(lac_op op, lac_interval a, lac_interval b, lac_interval c)
{
    return op == LAC_OP_IF ? choose(a, b, c) : widened(hill_span(a, b, c));
}

lac_interval lac_interval_of_input(const lac_input *input, lac_interval time)
{
    double rate, first = lac_input_value(input, time.low, &rate);
    double last = lac_input_value(input, time.high, &rate);
    lac_interval bounds = {fmin(first, last), fmax(first, last)};
    size_t knot = lac_knots_until(input->time, input->knots, time.low);
    for (; knot < input->knots && input->time[knot] < time.high; knot++) {
        bounds.low = fmin(bounds.low, input->value[knot]);
        bounds.high = fmax(bounds.high, input->value[knot]);
    }
    return bounds;
}

static lac_interval symbol_bounds(const lac_interval_scene *scene, lac_symbol symbol)
{
    switch (symbol.kind) {
    case LAC_SYMBOL_TIME:
        return scene->time;
    case LAC_SYMBOL_INPUT:
        return lac_interval_of_input(&scene->model->input[symbol.index], scene->time);
    case LAC_SYMBOL_PARAMETER:
        return point(scene->parameter[symbol.index]);
    default:
        return (lac_interval){-INFINITY, INFINITY};
    }
}

lac_interval lac_interval_of_tree(const lac_interval_scene *scene, const lac_expression *tree)
{
    lac_interval arg[3] = {0};
    if (tree->op == LAC_OP_NUMBER)
        return point(tree->number);
    if (tree->op == LAC_OP_SYMBOL)
        return symbol_bounds(scene, tree->symbol);
    if (tree->op >= LAC_OP_MEAN)
        return (lac_interval){-INFINITY, INFINITY};
    for (size_t index = 0; index < tree->args; index++)
        arg[index] = lac_interval_of_tree(scene, tree->arg[index]);
    if (tree->args == 3)
        return lac_interval_of_three(tree->op, arg[0], arg[1], arg[2]);
    return tree->args == 2 ? lac_interval_of_two(tree->op, arg[0], arg[1])
                           : lac_interval_of_one(tree->op, arg[0]);
}
