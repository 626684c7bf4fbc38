/* Models and expressions made by hand, for tests of the network that need no text; and the slow
 * twin: a tree walked with the C library's functions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HANDMADE_H
#define LAC_HANDMADE_H

#include "base/memory.h"
#include "network/frame.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- expressions ------------------------------------------------------------------------------
 */

static inline lac_expression *node3(lac_op op, lac_expression *a, lac_expression *b,
                                    lac_expression *c)
{
    lac_expression *tree = lac_alloc(1, sizeof *tree);
    if (!tree)
        abort();
    tree->op = op;
    tree->region = LAC_NONE;
    tree->arg[0] = a;
    tree->arg[1] = b;
    tree->arg[2] = c;
    tree->args = a ? (b ? (c ? 3 : 2) : 1) : 0;
    return tree;
}

static inline lac_expression *node2(lac_op op, lac_expression *a, lac_expression *b)
{
    return node3(op, a, b, NULL);
}

static inline lac_expression *node1(lac_op op, lac_expression *a)
{
    return node3(op, a, NULL, NULL);
}

static inline lac_expression *num(double value)
{
    lac_expression *tree = node3(LAC_OP_NUMBER, NULL, NULL, NULL);
    tree->number = value;
    return tree;
}

static inline lac_expression *symbol(lac_symbol_kind kind, size_t index)
{
    lac_expression *tree = node3(LAC_OP_SYMBOL, NULL, NULL, NULL);
    tree->symbol = (lac_symbol){kind, index};
    return tree;
}

static inline lac_expression *var(size_t index)
{
    return symbol(LAC_SYMBOL_VARIABLE, index);
}

static inline lac_expression *par(size_t index)
{
    return symbol(LAC_SYMBOL_PARAMETER, index);
}

static inline lac_expression *times(lac_expression *a, lac_expression *b)
{
    return node2(LAC_OP_MULTIPLY, a, b);
}

static inline lac_expression *plus(lac_expression *a, lac_expression *b)
{
    return node2(LAC_OP_ADD, a, b);
}

static inline lac_expression *minus(lac_expression *a, lac_expression *b)
{
    return node2(LAC_OP_SUBTRACT, a, b);
}

static inline lac_expression *hill(lac_expression *x, lac_expression *half, lac_expression *n)
{
    return node3(LAC_OP_HILL, x, half, n);
}

static inline void tree_free(lac_expression *tree)
{
    if (!tree)
        return;
    for (size_t k = 0; k < tree->args; k++)
        tree_free(tree->arg[k]);
    lac_free(tree);
}

static inline lac_expression *tree_copy(const lac_expression *tree)
{
    lac_expression *copy = lac_alloc(1, sizeof *copy);
    if (!copy)
        abort();
    *copy = *tree;
    for (size_t k = 0; k < tree->args; k++)
        copy->arg[k] = tree_copy(tree->arg[k]);
    return copy;
}

/* ---- numbers ----------------------------------------------------------------------------------
 */

/* A small generator of its own (xorshift), so that failures repeat. */
static inline double some(uint64_t *seed, double low, double high)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return low + (high - low) * (double)(*seed >> 11) / 9007199254740992.0;
}

static inline size_t pick(uint64_t *seed, size_t count)
{
    return (size_t)some(seed, 0, (double)count) % count;
}

/* ---- models -----------------------------------------------------------------------------------
 */

enum { PROCESSES_MOST = 64, CHANGES_MOST = 8, VARIABLES_MOST = 64 };

/* A model with its parts inside; only what the network looks at is filled. */
typedef struct handmade {
    lac_model model;
    lac_variable variable[VARIABLES_MOST];
    lac_species species[VARIABLES_MOST];
    lac_domain domain[2];
    lac_parameter parameter[96];
    lac_process process[PROCESSES_MOST];
    lac_change change[PROCESSES_MOST][CHANGES_MOST];
    char name[VARIABLES_MOST][8];
} handmade;

static inline void handmade_begin(handmade *made, size_t fields, size_t pools, size_t parameters)
{
    memset(made, 0, sizeof *made);
    lac_model *model = &made->model;
    model->fields = fields;
    model->variables = fields + pools;
    model->variable = made->variable;
    model->species = made->species;
    model->species_count = model->variables;
    model->domain = made->domain;
    model->domains = 2;
    made->domain[0].kind = LAC_TISSUE;
    made->domain[1].kind = LAC_WELL_MIXED;
    made->domain[1].volume = 1;
    model->parameter = made->parameter;
    model->parameters = parameters;
    model->process = made->process;
    for (size_t v = 0; v < model->variables; v++) {
        made->name[v][0] = 'v';
        made->name[v][1] = (char)('0' + v / 10);
        made->name[v][2] = (char)('0' + v % 10);
        made->variable[v].name = made->name[v];
        made->variable[v].species = v;
        made->variable[v].domain = v >= fields;
        made->species[v].id = made->name[v];
    }
}

/* Adds a process; tissue processes must come first. Takes the rate. */
static inline lac_process *handmade_process(handmade *made, bool in_tissue, lac_expression *rate)
{
    lac_model *model = &made->model;
    lac_process *process = &made->process[model->processes];
    process->id = "process";
    process->in_tissue = in_tissue;
    process->region = LAC_NONE;
    process->change = made->change[model->processes];
    process->rate = rate;
    model->processes++;
    model->tissue_processes += in_tissue;
    return process;
}

static inline void handmade_change(lac_process *process, size_t variable, double stoichiometry,
                                   double factor)
{
    process->change[process->changes++] = (lac_change){variable, factor, stoichiometry};
}

static inline void handmade_end(handmade *made)
{
    for (size_t p = 0; p < made->model.processes; p++)
        tree_free(made->process[p].rate);
}

/* ---- the slow twin ----------------------------------------------------------------------------
 */

typedef struct twin_place {
    const lac_model *model;
    const lac_frame *frame;
    size_t voxel;
} twin_place;

static inline double twin_symbol(lac_symbol symbol, const twin_place *at)
{
    const lac_frame *frame = at->frame;
    double value;
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
    case LAC_SYMBOL_INFUSION:
        return frame->parameter[symbol.index];
    case LAC_SYMBOL_INPUT:
        return frame->input[symbol.index];
    case LAC_SYMBOL_TIME:
        return frame->time;
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH:
        return frame->position[symbol.kind - LAC_SYMBOL_X][at->voxel];
    case LAC_SYMBOL_REGION:
        return frame->region[symbol.index][at->voxel];
    case LAC_SYMBOL_RANDOM:
        return frame->region[at->model->regions + symbol.index][at->voxel];
    case LAC_SYMBOL_REDUCED:
        return frame->reduced[symbol.index];
    case LAC_SYMBOL_VARIABLE:
        break;
    }
    value = frame->value[lac_layout_at(frame->layout, symbol.index) +
                         (symbol.index < frame->layout->fields ? at->voxel : 0)];
    return value < 0 && !at->model->variable[symbol.index].is_signed ? 0 : value;
}

static inline double twin_value(const lac_expression *tree, const twin_place *at)
{
    double v[3] = {0, 0, 0};
    for (size_t k = 0; k < tree->args; k++)
        v[k] = twin_value(tree->arg[k], at);
    double a = v[0], b = v[1], c = v[2];
    switch (tree->op) {
    case LAC_OP_NUMBER:
        return tree->number;
    case LAC_OP_SYMBOL:
        return twin_symbol(tree->symbol, at);
    case LAC_OP_NEGATE:
        return -a;
    case LAC_OP_NOT:
        return a == 0;
    case LAC_OP_ADD:
        return a + b;
    case LAC_OP_SUBTRACT:
        return a - b;
    case LAC_OP_MULTIPLY:
        return a * b;
    case LAC_OP_DIVIDE:
        return a / b;
    case LAC_OP_POWER:
        return pow(a, b);
    case LAC_OP_LESS:
        return a < b;
    case LAC_OP_LESS_EQUAL:
        return a <= b;
    case LAC_OP_EQUAL:
        return a == b;
    case LAC_OP_NOT_EQUAL:
        return a != b;
    case LAC_OP_AND:
        return a != 0 && b != 0;
    case LAC_OP_OR:
        return a != 0 || b != 0;
    case LAC_OP_IF:
        return a != 0 ? b : c;
    case LAC_OP_MIN:
        return a < b ? a : b;
    case LAC_OP_MAX:
        return a > b ? a : b;
    case LAC_OP_EXP:
        return exp(a);
    case LAC_OP_LOG:
        return log(a);
    case LAC_OP_SQRT:
        return sqrt(a);
    case LAC_OP_ABS:
        return fabs(a);
    case LAC_OP_SIN:
        return sin(a);
    case LAC_OP_COS:
        return cos(a);
    case LAC_OP_TANH:
        return tanh(a);
    case LAC_OP_HILL:
        a = a < 0 ? 0 : a;
        return pow(a, c) / (pow(b, c) + pow(a, c));
    default:
        abort();
    }
}

/* A random law without singularities for positive variables: sums, products, ratios, powers, hills,
 * choices and elementary functions. */
static inline lac_expression *some_law(const handmade *made, uint64_t *seed, int depth)
{
    if (depth == 0) {
        size_t kind = pick(seed, 4);
        if (kind == 0)
            return num(some(seed, 0.2, 2));
        if (kind == 1)
            return par(pick(seed, made->model.parameters));
        return var(pick(seed, made->model.variables));
    }
    lac_expression *a = some_law(made, seed, depth - 1);
    if (pick(seed, 4) == 0)
        return a;
    lac_expression *b = some_law(made, seed, depth - 1);
    static const double exponent[] = {0.5, 1, 1.5, 2, 3, 1.7, -1, 5};
    double n = exponent[pick(seed, 8)];
    switch (pick(seed, 14)) {
    case 0:
        return plus(a, b);
    case 1:
        return minus(a, b);
    case 2:
    case 3:
        return times(a, b);
    case 4:
        return node2(LAC_OP_DIVIDE, a, plus(num(1), times(b, tree_copy(b))));
    case 5:
        return node2(LAC_OP_DIVIDE, a, plus(node1(LAC_OP_ABS, b), num(0.3)));
    case 6:
        return hill(a, plus(node1(LAC_OP_ABS, b), num(0.1)), num(fabs(n)));
    case 7:
        a = plus(node1(LAC_OP_ABS, a), num(0.1));
        return plus(node2(LAC_OP_POWER, a, num(n)),
                    node2(LAC_OP_POWER, tree_copy(a), node1(LAC_OP_TANH, b)));
    case 8:
        return node3(LAC_OP_IF, node2(LAC_OP_LESS, a, num(0.7)), b, minus(tree_copy(b), num(2)));
    case 9:
        return node2(pick(seed, 2) ? LAC_OP_MIN : LAC_OP_MAX, a, b);
    case 10:
        a = plus(num(0.2), node1(LAC_OP_ABS, a));
        b = hill(b, num(1), par(0));
        return node1(LAC_OP_NEGATE, node2(LAC_OP_DIVIDE, tree_copy(a), plus(a, b)));
    case 11:
        return plus(node1(LAC_OP_SIN, a), node1(LAC_OP_COS, b));
    case 12:
        return plus(node1(LAC_OP_EXP, node1(LAC_OP_TANH, a)), b);
    default:
        return plus(node1(LAC_OP_LOG, plus(num(1), node1(LAC_OP_ABS, a))),
                    node1(LAC_OP_SQRT, plus(num(0.1), node1(LAC_OP_ABS, b))));
    }
}

#endif
