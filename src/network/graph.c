/* The graph: storage, sharing by hash, dependency sets, and trees translated to nodes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"

#include "base/memory.h"

#include <string.h>

enum { WORD_BITS = 64, BUCKETS_AT_FIRST = 256 };

size_t lac_node_args(lac_node_op op)
{
    enum { PREFIX = 1, INFIX = 2, CALL1 = 1, CALL2 = 2, CALL3 = 3 };
    static const unsigned char args[LAC_NODE_OPS] = {
        [LAC_NODE_RATIO] = 2,     [LAC_NODE_POWER_SLOPE] = 2, [LAC_NODE_CLAMP] = 1,
        [LAC_NODE_STEP] = 1,      [LAC_NODE_HILL_SLOPE] = 3,
#define ROW(y, shape, name, ...) [LAC_NODE_##name] = shape,
        LAC_OPERATION_LIST(ROW, )
#undef ROW
    };
    return args[op];
}

lac_status lac_graph_create(const lac_model *model, lac_graph **result)
{
    lac_status status = LAC_OK;
    lac_graph *graph = NULL;
    LAC_NEW(graph, 1);
    graph->model = model;
    graph->words = model->variables / WORD_BITS + 1;
    graph->buckets = BUCKETS_AT_FIRST;
    LAC_NEW(graph->bucket, graph->buckets);
    lac_graph_number(graph, 0);
    lac_graph_number(graph, 1);
    LAC_TRY(graph->status);
    *result = graph;
    graph = NULL;
out:
    lac_graph_free(graph);
    return status;
}

void lac_graph_free(lac_graph *graph)
{
    if (!graph)
        return;
    lac_free(graph->node);
    lac_free(graph->depends);
    lac_free(graph->bucket);
    lac_free(graph->memo);
    lac_free(graph);
}

/* ---- sharing ------------------------------------------------------------------------------- */

static size_t mixed(size_t hash, uint64_t word)
{
    uint64_t h = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h ^ (h >> 29));
}

static size_t hash_of(const lac_graph_node *node)
{
    uint64_t number;
    memcpy(&number, &node->number, sizeof number);
    size_t hash = mixed((size_t)node->op + 1, number);
    hash = mixed(hash, node->index);
    for (size_t k = 0; k < 3; k++)
        hash = mixed(hash, node->arg[k]);
    return hash;
}

static int same(const lac_graph_node *a, const lac_graph_node *b)
{
    return a->op == b->op && a->index == b->index && a->arg[0] == b->arg[0] &&
           a->arg[1] == b->arg[1] && a->arg[2] == b->arg[2] &&
           memcmp(&a->number, &b->number, sizeof a->number) == 0;
}

/* The bucket that holds the node, or the empty one where it belongs. */
static size_t place_of(const lac_graph *graph, const lac_graph_node *wanted)
{
    size_t at = hash_of(wanted) % graph->buckets;
    while (graph->bucket[at] && !same(&graph->node[graph->bucket[at] - 1], wanted))
        at = (at + 1) % graph->buckets;
    return at;
}

static lac_status grow_buckets(lac_graph *graph)
{
    size_t buckets = 2 * graph->buckets;
    size_t *bucket = lac_alloc(buckets, sizeof *bucket);
    if (!bucket)
        return LAC_MEMORY;
    lac_free(graph->bucket);
    graph->bucket = bucket;
    graph->buckets = buckets;
    for (lac_node node = 0; node < graph->nodes; node++)
        bucket[place_of(graph, &graph->node[node])] = node + 1;
    return LAC_OK;
}

static lac_status grow_nodes(lac_graph *graph)
{
    lac_status status = LAC_OK;
    size_t capacity = graph->capacity ? 2 * graph->capacity : 64, old = graph->nodes;
    uint64_t *depends = NULL;
    lac_graph_node *node = NULL;
    LAC_OWN(depends, lac_regrow(graph->depends, old * graph->words, capacity * graph->words,
                                sizeof *depends));
    graph->depends = depends;
    LAC_OWN(node, lac_regrow(graph->node, old, capacity, sizeof *node));
    graph->node = node;
    graph->capacity = capacity;
out:
    return status;
}

static unsigned leaf_flags(const lac_graph *graph, const lac_graph_node *node)
{
    if (node->op == LAC_NODE_POSITION || node->op == LAC_NODE_REGION)
        return LAC_NODE_VARIES;
    if (node->op != LAC_NODE_VARIABLE)
        return 0;
    return LAC_NODE_HAS_VARIABLE | (node->index < graph->model->fields ? LAC_NODE_VARIES : 0);
}

static void note_dependencies(lac_graph *graph, lac_node at)
{
    lac_graph_node *node = &graph->node[at];
    uint64_t *mine = graph->depends + at * graph->words;
    size_t bit = LAC_NONE;
    node->flags = leaf_flags(graph, node);
    if (node->op == LAC_NODE_VARIABLE)
        bit = node->index;
    if (node->op == LAC_NODE_TIME || node->op == LAC_NODE_INPUT)
        bit = graph->model->variables;
    if (bit != LAC_NONE)
        mine[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
    for (size_t k = 0; k < lac_node_args(node->op); k++) {
        const uint64_t *theirs = graph->depends + node->arg[k] * graph->words;
        node->flags |= graph->node[node->arg[k]].flags;
        for (size_t word = 0; word < graph->words; word++)
            mine[word] |= theirs[word];
    }
}

lac_node lac_graph_intern(lac_graph *graph, const lac_graph_node *wanted)
{
    lac_status status = graph->status;
    if (status != LAC_OK)
        return LAC_NODE_ZERO;
    size_t at = place_of(graph, wanted);
    if (graph->bucket[at])
        return graph->bucket[at] - 1;
    if (graph->nodes == graph->capacity)
        LAC_TRY(grow_nodes(graph));
    if (2 * (graph->nodes + 1) > graph->buckets)
        LAC_TRY(grow_buckets(graph));
    at = place_of(graph, wanted);
    graph->node[graph->nodes] = *wanted;
    note_dependencies(graph, graph->nodes);
    graph->bucket[at] = ++graph->nodes;
    return graph->nodes - 1;
out:
    graph->status = status;
    return LAC_NODE_ZERO;
}

lac_node lac_graph_leaf(lac_graph *graph, lac_node_op op, size_t index)
{
    return lac_graph_intern(graph, &(lac_graph_node){.op = op, .index = index});
}

lac_node lac_graph_number(lac_graph *graph, double value)
{
    double plain = value == 0 ? 0 : value; /* -0 is 0 */
    return lac_graph_intern(graph, &(lac_graph_node){.op = LAC_NODE_CONSTANT, .number = plain});
}

/* ---- questions ------------------------------------------------------------------------------ */

size_t lac_graph_bit(const lac_graph *graph, lac_symbol symbol)
{
    return symbol.kind == LAC_SYMBOL_VARIABLE ? symbol.index : graph->model->variables;
}

int lac_graph_has_bit(const lac_graph *graph, lac_node node, size_t bit)
{
    return (int)(graph->depends[node * graph->words + bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

int lac_graph_is_zero(lac_node node)
{
    return node == LAC_NODE_ZERO;
}

int lac_graph_varies(const lac_graph *graph, lac_node node)
{
    return (graph->node[node].flags & LAC_NODE_VARIES) != 0;
}

/* ---- trees ---------------------------------------------------------------------------------- */

static lac_node symbol_node(lac_graph *graph, lac_symbol symbol)
{
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
    case LAC_SYMBOL_INFUSION:
        return lac_graph_leaf(graph, LAC_NODE_PARAMETER, symbol.index);
    case LAC_SYMBOL_INPUT:
        return lac_graph_leaf(graph, LAC_NODE_INPUT, symbol.index);
    case LAC_SYMBOL_TIME:
        return lac_graph_leaf(graph, LAC_NODE_TIME, 0);
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH:
        return lac_graph_leaf(graph, LAC_NODE_POSITION, (size_t)(symbol.kind - LAC_SYMBOL_X));
    case LAC_SYMBOL_REGION:
        return lac_graph_leaf(graph, LAC_NODE_REGION, symbol.index);
    case LAC_SYMBOL_RANDOM: /* its values stand behind the regions in the frame: run/initial.c */
        return lac_graph_leaf(graph, LAC_NODE_REGION, graph->model->regions + symbol.index);
    case LAC_SYMBOL_REDUCED:
        return lac_graph_leaf(graph, LAC_NODE_REDUCED, symbol.index);
    case LAC_SYMBOL_VARIABLE:
        break;
    }
    lac_node variable = lac_graph_leaf(graph, LAC_NODE_VARIABLE, symbol.index);
    if (graph->model->variable[symbol.index].is_signed)
        return variable;
    return lac_graph_one(graph, LAC_NODE_CLAMP, variable);
}

static const lac_node_op node_op[LAC_OP_COUNT] = {
#define ROW(y, shape, name, ...) [LAC_OP_##name] = LAC_NODE_##name,
    LAC_OPERATION_LIST(ROW, )
#undef ROW
};

static lac_node tree_node(lac_graph *graph, const lac_expression *tree)
{
    if (tree->op == LAC_OP_NUMBER)
        return lac_graph_number(graph, tree->number);
    if (tree->op == LAC_OP_SYMBOL)
        return symbol_node(graph, tree->symbol);
    lac_node arg[3] = {LAC_NODE_ZERO, LAC_NODE_ZERO, LAC_NODE_ZERO};
    for (size_t k = 0; k < tree->args; k++)
        arg[k] = tree_node(graph, tree->arg[k]);
    lac_node soft;
    if (lac_graph_threshold(graph, tree, arg, &soft))
        return soft;
    if (tree->op == LAC_OP_NEGATE)
        return lac_graph_two(graph, LAC_NODE_SUBTRACT, LAC_NODE_ZERO, arg[0]);
    lac_node_op op = node_op[tree->op];
    if (op == LAC_NODE_CONSTANT) { /* a reduction: observers replace them first */
        if (graph->status == LAC_OK)
            graph->status =
                lac_fail(LAC_INTERNAL, "an expression with a reduction cannot be compiled");
        return LAC_NODE_ZERO;
    }
    if (tree->args == 1)
        return lac_graph_one(graph, op, arg[0]);
    if (tree->args == 2)
        return lac_graph_two(graph, op, arg[0], arg[1]);
    return lac_graph_three(graph, op, arg[0], arg[1], arg[2]);
}

lac_status lac_graph_add(lac_graph *graph, const lac_expression *tree, lac_node *node)
{
    *node = tree_node(graph, tree);
    return graph->status;
}
