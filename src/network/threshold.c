/* Thresholds: comparisons of the state in laws, made steep instead of sudden.
 *
 * A law that jumps where the state passes a threshold has no solution there in the usual sense when
 * it pushes back from both sides. Filippov's solution slides along the threshold; it is the limit
 * of those of laws that go over from one side to the other within a band (Filippov 1988,
 * Differential equations with discontinuous righthand sides). So `a < b` becomes
 *
 *     1 - exp(-x^2),  x = max(0, (b - a) / w),  w = band (|a| + |b|),
 *
 * where |a| is the size of what a is made of, a variable's with its absolute tolerance / rtol. The
 * band begins at a = b and lies where the comparison holds (`a <= b`: where it does not), so that
 * it answers at a = b, and beyond 6 w to the last bit, as before. It has no edge from which a step
 * could fall: a straight ramp chatters when the solution slides near one of its ends. Logic goes on
 * with such truths as with probabilities, and `if` mixes its two sides. The slope is in the
 * Jacobian. Checked by tests/cli/test_times.sh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"

#include <math.h>

static const double SMALLEST = 1e-300; /* so that 0 / 0 does not arise */

static lac_node sum(lac_graph *graph, lac_node a, lac_node b)
{
    return lac_graph_two(graph, LAC_NODE_ADD, a, b);
}

static lac_node product(lac_graph *graph, lac_node a, lac_node b)
{
    return lac_graph_two(graph, LAC_NODE_MULTIPLY, a, b);
}

static lac_node one_less(lac_graph *graph, lac_node a)
{
    return lac_graph_two(graph, LAC_NODE_SUBTRACT, LAC_NODE_ONE, a);
}

/* How large what a node is made of is: differences count as sums. */
static lac_node size_of(lac_graph *graph, lac_node node)
{
    const lac_graph_node it = graph->node[node];
    const lac_settings *settings = &graph->model->settings;
    if (it.op == LAC_NODE_CLAMP)
        return size_of(graph, it.arg[0]);
    lac_node size = lac_graph_one(graph, LAC_NODE_ABS, node);
    if (it.op == LAC_NODE_VARIABLE) {
        double least = graph->model->variable[it.index].atol / settings->rtol;
        return sum(graph, size, lac_graph_number(graph, least));
    }
    if (it.op != LAC_NODE_ADD && it.op != LAC_NODE_SUBTRACT && it.op != LAC_NODE_MULTIPLY)
        return size;
    lac_node a = size_of(graph, it.arg[0]), b = size_of(graph, it.arg[1]);
    return it.op == LAC_NODE_MULTIPLY ? product(graph, a, b) : sum(graph, a, b);
}

/* 0 up to `low` = `high`, then rising to 1 within the band. */
static lac_node ramp(lac_graph *graph, lac_node low, lac_node high)
{
    lac_node size = sum(graph, size_of(graph, low), size_of(graph, high));
    lac_node band = product(graph, lac_graph_number(graph, graph->band), size);
    band = sum(graph, band, lac_graph_number(graph, SMALLEST));
    lac_node gap = lac_graph_two(graph, LAC_NODE_SUBTRACT, high, low);
    lac_node x = lac_graph_two(graph, LAC_NODE_DIVIDE, gap, band);
    x = lac_graph_two(graph, LAC_NODE_MAX, LAC_NODE_ZERO, x);
    lac_node rest = lac_graph_two(graph, LAC_NODE_SUBTRACT, LAC_NODE_ZERO, product(graph, x, x));
    return one_less(graph, lac_graph_one(graph, LAC_NODE_EXP, rest));
}

static lac_node truth(lac_graph *graph, const lac_expression *tree, lac_node node)
{
    bool is_truth = (tree->op >= LAC_OP_LESS && tree->op <= LAC_OP_OR) || tree->op == LAC_OP_NOT;
    return is_truth ? node : lac_graph_two(graph, LAC_NODE_NOT_EQUAL, node, LAC_NODE_ZERO);
}

static bool looks_at_the_state(const lac_graph *graph, lac_node a, lac_node b)
{
    return (graph->node[a].flags | graph->node[b].flags) & LAC_NODE_HAS_VARIABLE;
}

/* Between its two sides where the condition is between false and true; else what it was. */
static lac_node choose(lac_graph *graph, lac_node s, lac_node yes, lac_node no)
{
    lac_node mixed = sum(graph, product(graph, s, yes), product(graph, one_less(graph, s), no));
    lac_node between = lac_graph_two(graph, LAC_NODE_LESS, s, LAC_NODE_ONE);
    lac_node above = lac_graph_three(graph, LAC_NODE_IF, between, mixed, yes);
    return lac_graph_three(graph, LAC_NODE_IF, s, above, no);
}

bool lac_graph_threshold(lac_graph *graph, const lac_expression *tree, const lac_node arg[3],
                         lac_node *node)
{
    lac_node a, b;
    if (!(graph->band > 0) || !looks_at_the_state(graph, arg[0], tree->args == 2 ? arg[1] : arg[0]))
        return false;
    switch (tree->op) {
    case LAC_OP_LESS:
        *node = ramp(graph, arg[0], arg[1]);
        return true;
    case LAC_OP_LESS_EQUAL:
        *node = one_less(graph, ramp(graph, arg[1], arg[0]));
        return true;
    case LAC_OP_NOT:
        *node = one_less(graph, truth(graph, tree->arg[0], arg[0]));
        return true;
    case LAC_OP_IF:
        *node = choose(graph, truth(graph, tree->arg[0], arg[0]), arg[1], arg[2]);
        return true;
    case LAC_OP_AND:
    case LAC_OP_OR:
        a = truth(graph, tree->arg[0], arg[0]);
        b = truth(graph, tree->arg[1], arg[1]);
        *node = product(graph, a, b);
        if (tree->op == LAC_OP_OR)
            *node = lac_graph_two(graph, LAC_NODE_SUBTRACT, sum(graph, a, b), *node);
        return true;
    default:
        return false;
    }
}

void lac_graph_soften(lac_graph *graph, double band)
{
    graph->band = band;
}
