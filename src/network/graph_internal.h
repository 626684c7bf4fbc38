/* What the files of this room know of the graph's inside: its nodes and the constructors that
 * simplify. Arguments always have smaller indices than the node that uses them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_GRAPH_INTERNAL_H
#define LAC_NETWORK_GRAPH_INTERNAL_H

#include "network/graph.h"

#include <stdint.h>

typedef enum lac_node_op {
    /* leaves */
    LAC_NODE_CONSTANT,
    LAC_NODE_PARAMETER,
    LAC_NODE_VARIABLE, /* as it is; laws see LAC_NODE_CLAMP of it unless it is signed */
    LAC_NODE_INPUT,
    LAC_NODE_INPUT_RATE,
    LAC_NODE_TIME,
    LAC_NODE_POSITION, /* index 0 x, 1 y, 2 depth */
    LAC_NODE_REGION,
    LAC_NODE_REDUCED,
    /* made by simplification and derivatives */
    LAC_NODE_RATIO,       /* a / (a + b) */
    LAC_NODE_POWER_SLOPE, /* b a^(b - 1), and 0 at a = 0 when b < 1 */
    LAC_NODE_CLAMP,       /* a below 0 -> 0; NaN stays */
    LAC_NODE_STEP,        /* its slope: a < 0 -> 0, else 1 */
    LAC_NODE_HILL_SLOPE,  /* d HILL / d a; 0 at a = 0 when c < 1 */
/* of the language: in MULTIPLY a uniform factor stands first; NEGATE becomes a difference; HILL has
 * a >= 0 */
#define LAC_NODE_OF_ROW(y, shape, name, ...) LAC_NODE_##name,
    LAC_OPERATION_LIST(LAC_NODE_OF_ROW, )
#undef LAC_NODE_OF_ROW
        LAC_NODE_OPS,
    LAC_NODE_LEAVES = LAC_NODE_RATIO /* below it: leaves */
} lac_node_op;

/* What a node depends on. */
enum { LAC_NODE_VARIES = 1, LAC_NODE_HAS_VARIABLE = 2 };

typedef struct lac_graph_node {
    lac_node_op op;
    unsigned flags;
    lac_node arg[3]; /* unused ones are 0 */
    size_t index;    /* of a leaf's symbol */
    double number;   /* CONSTANT */
} lac_graph_node;

struct lac_graph {
    const lac_model *model; /* borrowed */
    lac_status status;      /* the first failure is kept; then constructors give node 0 */
    double band;            /* of thresholds, relative; 0 = none */
    size_t nodes, capacity;
    lac_graph_node *node; /* owned; node 0 is the constant 0, node 1 the constant 1 */
    size_t words;         /* of one dependency set: a bit a variable, and one for time */
    uint64_t *depends;    /* owned [capacity][words] */
    size_t buckets;
    size_t *bucket; /* owned: node + 1, 0 = empty */
    size_t memos, memo_buckets;
    struct lac_derivative_memo {
        lac_node node, derivative;
        size_t bit;
        int used;
    } * memo; /* owned */
};

enum { LAC_NODE_ZERO = 0, LAC_NODE_ONE = 1 };

/* Number of arguments of an operation. */
size_t lac_node_args(lac_node_op op);

/* The value of an operation on numbers: what folding, and the slow twin in tests, use. */
double lac_node_value(lac_node_op op, double a, double b, double c);

/* The node as it is, shared when it is there already. */
lac_node lac_graph_intern(lac_graph *graph, const lac_graph_node *wanted);
lac_node lac_graph_leaf(lac_graph *graph, lac_node_op op, size_t index);
lac_node lac_graph_number(lac_graph *graph, double value);

/* Simplifying constructors; unused arguments are 0. */
lac_node lac_graph_one(lac_graph *graph, lac_node_op op, lac_node a);
lac_node lac_graph_two(lac_graph *graph, lac_node_op op, lac_node a, lac_node b);
lac_node lac_graph_three(lac_graph *graph, lac_node_op op, lac_node a, lac_node b, lac_node c);

/* threshold.c: a comparison of the state, or logic on it, with its band; false where it has none.
 */
bool lac_graph_threshold(lac_graph *graph, const lac_expression *tree, const lac_node arg[3],
                         lac_node *node);

/* The bit of a symbol in dependency sets (variables, then time). */
size_t lac_graph_bit(const lac_graph *graph, lac_symbol symbol);
int lac_graph_has_bit(const lac_graph *graph, lac_node node, size_t bit);

#endif
