/* The algebra of the graph: constructors that fold constants and simplify, by rules that change a
 * result by rounding at most (finite values; x * 0 and x - x are 0).
 *
 * Products collect their uniform factors in front, u * v, so that u is computed once for all
 * voxels; a / (a + b) becomes one operation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/elementary.h"
#include "network/graph_internal.h"

#include <stdbool.h>

/* ---- values --------------------------------------------------------------------------------- */

#define A a
#define B b
#define C c
#define VALUE_LOOP(name, value, kernel)                                                            \
    case LAC_NODE_##name:                                                                          \
        return kernel;
#define VALUE_FUSED(name, value, kernel)                                                           \
    case LAC_NODE_##name:                                                                          \
        return value;
#define VALUE_OWN VALUE_FUSED
#define VALUE_NONE VALUE_FUSED
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, value, span, slope, kind,  \
            kernel)                                                                                \
    VALUE_##kind(name, value, kernel)

double lac_node_value(lac_node_op op, double a, double b, double c)
{
    switch (op) {
        LAC_OPERATION_LIST(ROW, )
    case LAC_NODE_RATIO:
        return a / (a + b);
    case LAC_NODE_POWER_SLOPE:
        return lac_power_slope(a, b);
    case LAC_NODE_CLAMP:
        return a <= 0 ? 0 : a;
    case LAC_NODE_STEP:
        return a < 0 ? 0 : 1;
    case LAC_NODE_HILL_SLOPE:
        return lac_hill_slope(a, b, c);
    default: /* leaves */
        return NAN;
    }
}

#undef A
#undef B
#undef C
#undef ROW

/* ---- small questions ------------------------------------------------------------------------ */

static const lac_graph_node *at(const lac_graph *graph, lac_node node)
{
    return &graph->node[node];
}

static bool is(const lac_graph *graph, lac_node node, lac_node_op op)
{
    return at(graph, node)->op == op;
}

static bool is_number(const lac_graph *graph, lac_node node, double value)
{
    return is(graph, node, LAC_NODE_CONSTANT) && at(graph, node)->number == value;
}

static bool uniform(const lac_graph *graph, lac_node node)
{
    return !(at(graph, node)->flags & LAC_NODE_VARIES);
}

/* node = -1 * (*rest)? */
static bool is_negated(const lac_graph *graph, lac_node node, lac_node *rest)
{
    *rest = at(graph, node)->arg[1];
    return is(graph, node, LAC_NODE_MULTIPLY) && is_number(graph, at(graph, node)->arg[0], -1);
}

static lac_node plain(lac_graph *graph, lac_node_op op, lac_node a, lac_node b)
{
    return lac_graph_intern(graph, &(lac_graph_node){.op = op, .arg = {a, b, 0}});
}

static lac_node negated(lac_graph *graph, lac_node a)
{
    return lac_graph_two(graph, LAC_NODE_MULTIPLY, lac_graph_number(graph, -1), a);
}

/* node = (*factor) * result: a uniform factor of what varies, a constant one of what does not (1
 * when there is none; a constant is all factor). */
static lac_node without_factor(const lac_graph *graph, lac_node node, lac_node *factor)
{
    const lac_graph_node *n = at(graph, node);
    *factor = LAC_NODE_ONE;
    if (n->op == LAC_NODE_CONSTANT) {
        *factor = node;
        return LAC_NODE_ONE;
    }
    if (n->op != LAC_NODE_MULTIPLY)
        return node;
    if (uniform(graph, node) ? !is(graph, n->arg[0], LAC_NODE_CONSTANT)
                             : !uniform(graph, n->arg[0]))
        return node;
    *factor = n->arg[0];
    return n->arg[1];
}

static lac_node times(lac_graph *graph, lac_node a, lac_node b)
{
    return lac_graph_two(graph, LAC_NODE_MULTIPLY, a, b);
}

static lac_node over(lac_graph *graph, lac_node a, lac_node b)
{
    return lac_graph_two(graph, LAC_NODE_DIVIDE, a, b);
}

/* ---- rules ---------------------------------------------------------------------------------- */

static lac_node sum(lac_graph *graph, lac_node a, lac_node b)
{
    lac_node rest;
    if (a == LAC_NODE_ZERO)
        return b;
    if (b == LAC_NODE_ZERO)
        return a;
    if (is_negated(graph, b, &rest))
        return lac_graph_two(graph, LAC_NODE_SUBTRACT, a, rest);
    if (is_negated(graph, a, &rest))
        return lac_graph_two(graph, LAC_NODE_SUBTRACT, b, rest);
    if (a == b)
        return lac_graph_two(graph, LAC_NODE_MULTIPLY, lac_graph_number(graph, 2), a);
    return a < b ? plain(graph, LAC_NODE_ADD, a, b) : plain(graph, LAC_NODE_ADD, b, a);
}

static lac_node difference(lac_graph *graph, lac_node a, lac_node b)
{
    lac_node rest;
    if (b == LAC_NODE_ZERO)
        return a;
    if (a == b)
        return LAC_NODE_ZERO;
    if (a == LAC_NODE_ZERO)
        return negated(graph, b);
    if (is_negated(graph, b, &rest))
        return lac_graph_two(graph, LAC_NODE_ADD, a, rest);
    return plain(graph, LAC_NODE_SUBTRACT, a, b);
}

static lac_node product(lac_graph *graph, lac_node a, lac_node b)
{
    if (a == LAC_NODE_ZERO || b == LAC_NODE_ZERO)
        return LAC_NODE_ZERO;
    if (a == LAC_NODE_ONE)
        return b;
    if (b == LAC_NODE_ONE)
        return a;
    if (uniform(graph, b) && !uniform(graph, a))
        return product(graph, b, a);
    lac_node a_factor, b_factor;
    lac_node a_rest = without_factor(graph, a, &a_factor);
    lac_node b_rest = without_factor(graph, b, &b_factor);
    if (uniform(graph, a) && !uniform(graph, b)) {
        if (b_factor != LAC_NODE_ONE)
            return times(graph, times(graph, a, b_factor), b_rest);
        return plain(graph, LAC_NODE_MULTIPLY, a, b);
    }
    bool a_splits = a_factor != LAC_NODE_ONE, b_splits = b_factor != LAC_NODE_ONE;
    if ((a_splits && (b_splits || a_rest != LAC_NODE_ONE)) || (b_splits && b_rest != LAC_NODE_ONE))
        return times(graph, times(graph, a_factor, b_factor), times(graph, a_rest, b_rest));
    if (b_splits || (a > b && !a_splits))
        return plain(graph, LAC_NODE_MULTIPLY, b, a);
    return plain(graph, LAC_NODE_MULTIPLY, a, b);
}

static lac_node quotient(lac_graph *graph, lac_node a, lac_node b)
{
    if (a == LAC_NODE_ZERO || b == LAC_NODE_ONE)
        return a;
    const lac_graph_node below = *at(graph, b);
    if (below.op == LAC_NODE_ADD && (below.arg[0] == a || below.arg[1] == a))
        return plain(graph, LAC_NODE_RATIO, a, below.arg[below.arg[0] == a]);
    if (below.op == LAC_NODE_CONSTANT || (uniform(graph, b) && !uniform(graph, a)))
        return times(graph, over(graph, LAC_NODE_ONE, b), a);
    lac_node a_factor, b_factor;
    lac_node a_rest = without_factor(graph, a, &a_factor);
    lac_node b_rest = without_factor(graph, b, &b_factor);
    if (b_factor != LAC_NODE_ONE)
        return over(graph, over(graph, a, b_factor), b_rest);
    if (a_factor != LAC_NODE_ONE && a_rest != LAC_NODE_ONE)
        return times(graph, a_factor, over(graph, a_rest, b));
    return plain(graph, LAC_NODE_DIVIDE, a, b);
}

/* a^n for small integers and halves by multiplication; the rest is for the kernels, which look at
 * the exponent when they run. */
static lac_node power(lac_graph *graph, lac_node a, lac_node b)
{
    if (!is(graph, b, LAC_NODE_CONSTANT))
        return plain(graph, LAC_NODE_POWER, a, b);
    double n = at(graph, b)->number;
    if (n == 0)
        return LAC_NODE_ONE;
    if (n == 1)
        return a;
    if (n == 0.5)
        return lac_graph_one(graph, LAC_NODE_SQRT, a);
    if (n == 1.5)
        return times(graph, a, lac_graph_one(graph, LAC_NODE_SQRT, a));
    lac_node square = n == 2 || n == 3 || n == 4 ? times(graph, a, a) : LAC_NODE_ZERO;
    if (n == 2)
        return square;
    if (n == 3)
        return times(graph, a, square);
    if (n == 4)
        return times(graph, square, square);
    if (n == -1 || n == -2 || n == -3 || n == -4)
        return over(graph, LAC_NODE_ONE, power(graph, a, lac_graph_number(graph, -n)));
    return plain(graph, LAC_NODE_POWER, a, b);
}

static lac_node hill(lac_graph *graph, lac_node x, lac_node half, lac_node n)
{
    lac_node above = lac_graph_one(graph, LAC_NODE_CLAMP, x);
    if (is(graph, n, LAC_NODE_CONSTANT))
        for (double k = 1; k <= 4; k++)
            if (at(graph, n)->number == k)
                return lac_graph_two(graph, LAC_NODE_RATIO,
                                     lac_graph_two(graph, LAC_NODE_POWER, above, n),
                                     lac_graph_two(graph, LAC_NODE_POWER, half, n));
    return lac_graph_intern(graph, &(lac_graph_node){.op = LAC_NODE_HILL, .arg = {above, half, n}});
}

static bool never_negative(const lac_graph *graph, lac_node a)
{
    switch (at(graph, a)->op) {
    case LAC_NODE_CLAMP:
    case LAC_NODE_STEP:
    case LAC_NODE_EXP:
    case LAC_NODE_ABS:
    case LAC_NODE_HILL:
        return true;
    default:
        return false;
    }
}

/* ---- constructors --------------------------------------------------------------------------- */

lac_node lac_graph_one(lac_graph *graph, lac_node_op op, lac_node a)
{
    if (is(graph, a, LAC_NODE_CONSTANT))
        return lac_graph_number(graph, lac_node_value(op, at(graph, a)->number, 0, 0));
    if ((op == LAC_NODE_CLAMP || op == LAC_NODE_ABS) && never_negative(graph, a))
        return a;
    return lac_graph_intern(graph, &(lac_graph_node){.op = op, .arg = {a, 0, 0}});
}

lac_node lac_graph_two(lac_graph *graph, lac_node_op op, lac_node a, lac_node b)
{
    if (is(graph, a, LAC_NODE_CONSTANT) && is(graph, b, LAC_NODE_CONSTANT))
        return lac_graph_number(graph,
                                lac_node_value(op, at(graph, a)->number, at(graph, b)->number, 0));
    switch (op) {
    case LAC_NODE_ADD:
        return sum(graph, a, b);
    case LAC_NODE_SUBTRACT:
        return difference(graph, a, b);
    case LAC_NODE_MULTIPLY:
        return product(graph, a, b);
    case LAC_NODE_DIVIDE:
        return quotient(graph, a, b);
    case LAC_NODE_POWER:
        return power(graph, a, b);
    case LAC_NODE_MIN:
    case LAC_NODE_MAX:
        if (a == b)
            return a;
        break;
    default:
        break;
    }
    return plain(graph, op, a, b);
}

lac_node lac_graph_three(lac_graph *graph, lac_node_op op, lac_node a, lac_node b, lac_node c)
{
    bool constant = is(graph, a, LAC_NODE_CONSTANT) && is(graph, b, LAC_NODE_CONSTANT) &&
                    is(graph, c, LAC_NODE_CONSTANT);
    if (op == LAC_NODE_IF && is(graph, a, LAC_NODE_CONSTANT))
        return at(graph, a)->number != 0 ? b : c;
    if (op == LAC_NODE_IF && b == c)
        return b;
    if (constant && op == LAC_NODE_HILL_SLOPE)
        return lac_graph_number(graph, lac_hill_slope(at(graph, a)->number, at(graph, b)->number,
                                                      at(graph, c)->number));
    if (op == LAC_NODE_HILL)
        return hill(graph, a, b, c);
    return lac_graph_intern(graph, &(lac_graph_node){.op = op, .arg = {a, b, c}});
}
