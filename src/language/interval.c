/* Interval arithmetic: functions that rise or fall in each argument have their extremes at corners;
 * x^n with x >= 0 and hill(x, K, n) do so in all of theirs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/interval.h"

#include "language/operations.h"

static lac_interval lac_span_of(double low, double high)
{
    return (lac_interval){low, high};
}

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

static lac_interval multiplied(lac_interval a, lac_interval b)
{
    lac_interval s = point(product(a.low, b.low));
    s = hull(s, product(a.low, b.high));
    s = hull(s, product(a.high, b.low));
    return hull(s, product(a.high, b.high));
}

static lac_interval divided(lac_interval a, lac_interval b)
{
    if (b.low > 0 || b.high < 0)
        return multiplied(a, (lac_interval){1 / b.high, 1 / b.low});
    if (b.low == 0 && b.high > 0)
        return multiplied(a, (lac_interval){1 / b.high, INFINITY});
    return (lac_interval){-INFINITY, INFINITY};
}

static lac_interval raised(lac_interval a, lac_interval n)
{
    lac_interval s = point(pow(a.low, n.low));
    if (a.low < 0 && a.high > 0 && n.low == n.high)
        s = hull(s, pow(0, n.low));
    s = hull(s, pow(a.low, n.high));
    s = hull(s, pow(a.high, n.low));
    return hull(s, pow(a.high, n.high));
}

static lac_interval hill(lac_interval x, lac_interval k, lac_interval n)
{
    lac_interval s = point(lac_hill_value(x.low, k.low, n.low));
    for (int corner = 1; corner < 8; corner++)
        s = hull(s, lac_hill_value(corner & 1 ? x.high : x.low, corner & 2 ? k.high : k.low,
                                   corner & 4 ? n.high : n.low));
    return s;
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

static lac_interval magnitude(lac_interval a)
{
    double low = fabs(a.low), high = fabs(a.high);
    return (lac_interval){a.low < 0 && a.high > 0 ? 0 : fmin(low, high), fmax(low, high)};
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

static bool meet(lac_interval a, lac_interval b)
{
    return a.low <= b.high && b.low <= a.high;
}

static bool same_point(lac_interval a, lac_interval b)
{
    return a.low == a.high && b.low == b.high && a.low == b.low;
}

static lac_interval chosen(lac_interval condition, lac_interval a, lac_interval b)
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

lac_interval lac_op_interval(lac_op op, lac_interval a, lac_interval b, lac_interval c)
{
    switch (op) {
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, value, span, ...)          \
    case LAC_OP_##name:                                                                            \
        return LAC_OP_##name == LAC_OP_IF ? (span) : widened(span);
        LAC_OPERATION_LIST(ROW, )
#undef ROW
    default:
        return (lac_interval){-INFINITY, INFINITY};
    }
}

lac_interval lac_expression_interval(const lac_expression *tree,
                                     lac_interval (*leaf)(const void *context,
                                                          const lac_expression *tree),
                                     const void *context)
{
    lac_interval arg[3] = {{0, 0}, {0, 0}, {0, 0}};
    if (tree->op == LAC_OP_NUMBER)
        return point(tree->number);
    if (tree->op == LAC_OP_SYMBOL || tree->op >= LAC_OP_MEAN)
        return leaf(context, tree);
    for (size_t each = 0; each < tree->args; each++)
        arg[each] = lac_expression_interval(tree->arg[each], leaf, context);
    return lac_op_interval(tree->op, arg[0], arg[1], arg[2]);
}
