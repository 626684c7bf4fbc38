/* Derivatives: symbolic, one rule an operation, each (node, symbol) worked out once.
 *
 * Piecewise operations take the derivative of the branch that holds; where branches meet, min and
 * max take their first argument on equality, abs the positive side, hill(x, ..) that of x > 0. A
 * variable that laws see as max(x, 0) has derivative 1 everywhere: it is below 0 only by a rounding
 * or a tolerance, and with derivative 0 there a fast loss would be missing from the Jacobian of a
 * nearly empty voxel, so that the step is explicit and as short as the loss is fast. Infinite
 * slopes of sqrt, x^b and hill (b, n < 1) at 0 are taken as 0, so that a Jacobian stays finite
 * there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"

#include "base/memory.h"

/* ---- the memory of what was derived -----------------------------------------------------------
 */

static struct lac_derivative_memo *memo_place(const lac_graph *graph, lac_node node, size_t bit)
{
    size_t at = (node * 1000003 + bit * 7919) % graph->memo_buckets;
    while (graph->memo[at].used && !(graph->memo[at].node == node && graph->memo[at].bit == bit))
        at = (at + 1) % graph->memo_buckets;
    return &graph->memo[at];
}

static lac_status grow_memo(lac_graph *graph)
{
    struct lac_derivative_memo *old = graph->memo;
    size_t old_buckets = graph->memo_buckets;
    size_t buckets = old_buckets ? 2 * old_buckets : 256;
    struct lac_derivative_memo *fresh = lac_alloc(buckets, sizeof *fresh);
    if (!fresh)
        return LAC_MEMORY;
    graph->memo = fresh;
    graph->memo_buckets = buckets;
    for (size_t k = 0; k < old_buckets; k++)
        if (old[k].used)
            *memo_place(graph, old[k].node, old[k].bit) = old[k];
    lac_free(old);
    return LAC_OK;
}

static void remember(lac_graph *graph, lac_node node, size_t bit, lac_node derivative)
{
    if (graph->status != LAC_OK)
        return;
    if (2 * (graph->memos + 1) > graph->memo_buckets)
        graph->status = grow_memo(graph);
    if (graph->status != LAC_OK)
        return;
    *memo_place(graph, node, bit) =
        (struct lac_derivative_memo){.node = node, .derivative = derivative, .bit = bit, .used = 1};
    graph->memos++;
}

/* ---- rules ------------------------------------------------------------------------------------
 */

static lac_node add(lac_graph *g, lac_node a, lac_node b)
{
    return lac_graph_two(g, LAC_NODE_ADD, a, b);
}

static lac_node subtract(lac_graph *g, lac_node a, lac_node b)
{
    return lac_graph_two(g, LAC_NODE_SUBTRACT, a, b);
}

static lac_node multiply(lac_graph *g, lac_node a, lac_node b)
{
    return lac_graph_two(g, LAC_NODE_MULTIPLY, a, b);
}

static lac_node divide(lac_graph *g, lac_node a, lac_node b)
{
    return lac_graph_two(g, LAC_NODE_DIVIDE, a, b);
}

static lac_node choose(lac_graph *g, lac_node condition, lac_node yes, lac_node no)
{
    return lac_graph_three(g, LAC_NODE_IF, condition, yes, no);
}

static lac_node less(lac_graph *g, lac_node a, lac_node b)
{
    return lac_graph_two(g, LAC_NODE_LESS, a, b);
}

/* a / b: a'/b - (a/b) b'/b. */
static lac_node quotient_rule(lac_graph *g, const lac_graph_node *n, lac_node self, lac_node da,
                              lac_node db)
{
    lac_node inverse = divide(g, LAC_NODE_ONE, n->arg[1]);
    return multiply(g, subtract(g, da, multiply(g, self, db)), inverse);
}

/* a / (a + b): (b a' - a b') / (a + b)^2. */
static lac_node ratio_rule(lac_graph *g, const lac_graph_node *n, lac_node da, lac_node db)
{
    lac_node inverse = divide(g, LAC_NODE_ONE, add(g, n->arg[0], n->arg[1]));
    lac_node square = multiply(g, inverse, inverse);
    lac_node up = multiply(g, multiply(g, n->arg[1], square), da);
    return subtract(g, up, multiply(g, multiply(g, n->arg[0], square), db));
}

/* a^b: b a^(b-1) a' + a^b log(a) b'. */
static lac_node power_rule(lac_graph *g, const lac_graph_node *n, lac_node self, lac_node da,
                           lac_node db)
{
    lac_node slope = LAC_NODE_ZERO, growth = LAC_NODE_ZERO;
    if (da != LAC_NODE_ZERO)
        slope = multiply(g, lac_graph_two(g, LAC_NODE_POWER_SLOPE, n->arg[0], n->arg[1]), da);
    if (db != LAC_NODE_ZERO) {
        lac_node log = lac_graph_one(g, LAC_NODE_LOG, n->arg[0]);
        lac_node some = less(g, LAC_NODE_ZERO, n->arg[0]);
        growth = multiply(g, choose(g, some, multiply(g, self, log), LAC_NODE_ZERO), db);
    }
    return add(g, slope, growth);
}

/* hill(x, K, n): slope (x' - x/K K') + h (1 - h) log(x / K) n'. */
static lac_node hill_rule(lac_graph *g, const lac_graph_node *n, lac_node self, const lac_node *d)
{
    lac_node x = n->arg[0], half = n->arg[1], result = LAC_NODE_ZERO;
    lac_node slope = lac_graph_three(g, LAC_NODE_HILL_SLOPE, x, half, n->arg[2]);
    if (d[0] != LAC_NODE_ZERO)
        result = multiply(g, slope, d[0]);
    if (d[1] != LAC_NODE_ZERO)
        result = subtract(g, result, multiply(g, multiply(g, slope, divide(g, x, half)), d[1]));
    if (d[2] != LAC_NODE_ZERO) {
        lac_node log = lac_graph_one(g, LAC_NODE_LOG, divide(g, x, half));
        lac_node bell = multiply(g, self, subtract(g, LAC_NODE_ONE, self));
        lac_node some = less(g, LAC_NODE_ZERO, x);
        lac_node growth = choose(g, some, multiply(g, bell, log), LAC_NODE_ZERO);
        result = add(g, result, multiply(g, growth, d[2]));
    }
    return result;
}

/* What laws see of a variable that cannot be negative. */
static bool is_seen_variable(const lac_graph *g, const lac_graph_node *n)
{
    const lac_graph_node *inner = &g->node[n->arg[0]];
    return n->op == LAC_NODE_CLAMP && inner->op == LAC_NODE_VARIABLE &&
           !g->model->variable[inner->index].is_signed;
}

/* f'(a) for operations of one argument. */
static lac_node outer_slope(lac_graph *g, const lac_graph_node *n, lac_node self)
{
    const lac_node x = n->arg[0];
    switch (n->op) {
    case LAC_NODE_CLAMP:
        return is_seen_variable(g, n) ? LAC_NODE_ONE : lac_graph_one(g, LAC_NODE_STEP, x);
#define SLOPE_PREFIX(name, slope)
#define SLOPE_INFIX(name, slope)
#define SLOPE_CALL2(name, slope)
#define SLOPE_CALL3(name, slope)
#define SLOPE_CALL1(name, slope)                                                                   \
    case LAC_NODE_##name:                                                                          \
        return slope;
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, value, span, slope, ...)   \
    SLOPE_##shape(name, slope)
        LAC_OPERATION_LIST(ROW, )
#undef SLOPE_INFIX
#undef SLOPE_CALL1
#undef SLOPE_CALL2
#undef SLOPE_CALL3
    default: /* STEP, NOT: constant by pieces */
        return LAC_NODE_ZERO;
    }
}

/* The derivative of a node from those of its arguments. */
static lac_node rule(lac_graph *g, lac_node self, const lac_node *d)
{
    const lac_graph_node n = g->node[self];
    switch (n.op) {
#define SLOPE_CALL1(name, slope)
#define SLOPE_INFIX(name, slope)                                                                   \
    case LAC_NODE_##name:                                                                          \
        return slope;
#define SLOPE_CALL2 SLOPE_INFIX
#define SLOPE_CALL3 SLOPE_INFIX
        LAC_OPERATION_LIST(ROW, )
#undef ROW
    case LAC_NODE_RATIO:
        return ratio_rule(g, &n, d[0], d[1]);
    case LAC_NODE_POWER_SLOPE:
    case LAC_NODE_HILL_SLOPE:
        g->status = lac_fail(LAC_INTERNAL, "derivatives of derivatives are not needed");
        return LAC_NODE_ZERO;
    default:
        if (lac_node_args(n.op) == 1)
            return multiply(g, outer_slope(g, &n, self), d[0]);
        return LAC_NODE_ZERO; /* comparisons and logic */
    }
}

static lac_node derived(lac_graph *graph, lac_node node, size_t bit)
{
    if (graph->status != LAC_OK || !lac_graph_has_bit(graph, node, bit))
        return LAC_NODE_ZERO;
    lac_graph_node n = graph->node[node];
    if (n.op == LAC_NODE_INPUT)
        return lac_graph_leaf(graph, LAC_NODE_INPUT_RATE, n.index);
    if (n.op < LAC_NODE_LEAVES)
        return LAC_NODE_ONE;
    if (graph->memo_buckets) {
        const struct lac_derivative_memo *known = memo_place(graph, node, bit);
        if (known->used)
            return known->derivative;
    }
    lac_node d[3] = {LAC_NODE_ZERO, LAC_NODE_ZERO, LAC_NODE_ZERO};
    for (size_t k = 0; k < lac_node_args(n.op); k++)
        d[k] = derived(graph, n.arg[k], bit);
    lac_node result = rule(graph, node, d);
    remember(graph, node, bit, result);
    return result;
}

lac_status lac_graph_derivative(lac_graph *graph, lac_node node, lac_symbol symbol,
                                lac_node *derivative)
{
    if (symbol.kind != LAC_SYMBOL_VARIABLE && symbol.kind != LAC_SYMBOL_TIME)
        return lac_fail(LAC_INTERNAL, "derivatives are with respect to variables and time");
    *derivative = derived(graph, node, lac_graph_bit(graph, symbol));
    return graph->status;
}
