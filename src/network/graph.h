/* The graph: expressions as shared arithmetic nodes (hash-consed, simplified), and derivatives.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_GRAPH_H
#define LAC_NETWORK_GRAPH_H

#include "model/model.h"

typedef struct lac_graph lac_graph;
typedef size_t lac_node; /* index into the graph */

lac_status lac_graph_create(const lac_model *model, lac_graph **graph);
void lac_graph_free(lac_graph *graph);

/* Comparisons of the state that are added from now on go over from false to true within a band,
 * `band` of the size of what is compared; 0 = at once. */
void lac_graph_soften(lac_graph *graph, double band);

/* Adds a tree without reductions. Variables that are not signed enter as max(x, 0). */
lac_status lac_graph_add(lac_graph *graph, const lac_expression *tree, lac_node *node);

/* d(node)/d(symbol): for a variable (1 below 0 too when clamped) or LAC_SYMBOL_TIME (inputs through
 * their rates; comparisons have derivative 0; state held fixed). */
lac_status lac_graph_derivative(lac_graph *graph, lac_node node, lac_symbol symbol,
                                lac_node *derivative);

int lac_graph_is_zero(lac_node node);
/* Depends on a tissue variable, position or region: differs from voxel to voxel. */
int lac_graph_varies(const lac_graph *graph, lac_node node);

#endif
