/* The compiler: nodes to instructions. What is uniform goes to the uniform list; the rest is
 * emitted depth first, two arithmetic operations at a time where the inner one has no other reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"
#include "network/program_internal.h"
#include "network/registers.h"

#include "base/memory.h"

#include <stdbool.h>

/* Values are nodes, and (nodes + n) for the uniform node n spread over a strip. */
typedef struct compiler {
    const lac_graph *graph; /* borrowed */
    lac_program *program;   /* borrowed: being built */
    size_t *uses;           /* owned [nodes]: readers among what is reachable; 0 = unreachable */
    lac_operand *place;     /* owned [2 nodes] */
    size_t capacity;        /* of program->instruction */
    lac_status status;      /* the first failure */
} compiler;

static const lac_operand nowhere = {LAC_NOWHERE, 0};

static bool varies(const compiler *c, lac_node node)
{
    return (c->graph->node[node].flags & LAC_NODE_VARIES) != 0;
}

static void count_uses(compiler *c, const lac_node *outputs, size_t count)
{
    for (size_t k = 0; k < count; k++)
        c->uses[outputs[k]]++;
    for (lac_node node = c->graph->nodes; node-- > 0;) {
        const lac_graph_node *n = &c->graph->node[node];
        for (size_t k = 0; c->uses[node] && k < lac_node_args(n->op); k++)
            c->uses[n->arg[k]]++;
    }
}

/* ---- kernels ----------------------------------------------------------------------------------
 */

static lac_kernel single_kernel(lac_node_op op)
{
#define KERNEL_LOOP(name) [LAC_NODE_##name] = LAC_KERNEL_##name,
#define KERNEL_FUSED(name) [LAC_NODE_##name] = LAC_KERNEL_##name##_VV,
#define KERNEL_OWN KERNEL_LOOP
#define KERNEL_NONE(name)
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, value, span, slope, kind,  \
            kernel)                                                                                \
    KERNEL_##kind(name)
    static const lac_kernel kernel[LAC_NODE_OPS] = {[LAC_NODE_RATIO] = LAC_KERNEL_RATIO_VV,
                                                    [LAC_NODE_POWER_SLOPE] = LAC_KERNEL_POWER_SLOPE,
                                                    [LAC_NODE_CLAMP] = LAC_KERNEL_CLAMP,
                                                    [LAC_NODE_STEP] = LAC_KERNEL_STEP,
                                                    [LAC_NODE_HILL_SLOPE] = LAC_KERNEL_HILL_SLOPE,
                                                    LAC_OPERATION_LIST(ROW, )};
#undef ROW
    return kernel[op];
}

/* The same with a scalar exponent. */
static lac_kernel exponent_kernel(lac_node_op op)
{
    switch (op) {
    case LAC_NODE_POWER:
        return LAC_KERNEL_POWER_S;
    case LAC_NODE_POWER_SLOPE:
        return LAC_KERNEL_POWER_SLOPE_S;
    case LAC_NODE_HILL:
        return LAC_KERNEL_HILL_S;
    case LAC_NODE_HILL_SLOPE:
        return LAC_KERNEL_HILL_SLOPE_S;
    default:
        return single_kernel(op);
    }
}

/* The operations of the fused kernels. */
static bool is_arithmetic(lac_node_op op)
{
    return op == LAC_NODE_ADD || op == LAC_NODE_SUBTRACT || op == LAC_NODE_MULTIPLY ||
           op == LAC_NODE_DIVIDE || op == LAC_NODE_RATIO;
}

/* The inner kernel for these kinds of operands; LAC_KERNELS when there is none. */
static lac_kernel inner_kernel(lac_node_op op, bool a_varies, bool b_varies)
{
    static const lac_kernel table[LAC_NODE_OPS][3] = {
        /* VV, VS, SV */
        [LAC_NODE_ADD] = {LAC_KERNEL_ADD_VV, LAC_KERNEL_ADD_VS, LAC_KERNELS},
        [LAC_NODE_SUBTRACT] = {LAC_KERNEL_SUBTRACT_VV, LAC_KERNEL_SUBTRACT_VS,
                               LAC_KERNEL_SUBTRACT_SV},
        [LAC_NODE_MULTIPLY] = {LAC_KERNEL_MULTIPLY_VV, LAC_KERNEL_MULTIPLY_VS, LAC_KERNELS},
        [LAC_NODE_DIVIDE] = {LAC_KERNEL_DIVIDE_VV, LAC_KERNELS, LAC_KERNEL_DIVIDE_SV},
        [LAC_NODE_RATIO] = {LAC_KERNEL_RATIO_VV, LAC_KERNEL_RATIO_VS, LAC_KERNEL_RATIO_SV},
    };
    return is_arithmetic(op) ? table[op][a_varies ? (b_varies ? 0 : 1) : 2] : LAC_KERNELS;
}

/* ---- the uniform list -------------------------------------------------------------------------
 */

static void place_uniforms(compiler *c)
{
    lac_program *program = c->program;
    for (lac_node node = 0; node < c->graph->nodes; node++) {
        const lac_graph_node *n = &c->graph->node[node];
        if (!c->uses[node] || varies(c, node))
            continue;
        size_t to = program->uniforms++;
        c->place[node] = (lac_operand){LAC_IN_UNIFORM, (uint32_t)to};
        if (n->op < LAC_NODE_LEAVES) {
            program->gather[program->gathers++] =
                (lac_gather){.op = (int)n->op, .index = n->index, .number = n->number, .to = to};
            continue;
        }
        lac_instruction made = {
            .kernel = exponent_kernel(n->op), nowhere, nowhere, nowhere, nowhere};
        lac_operand *operand[3] = {&made.a, &made.b, &made.c};
        made.to = (lac_operand){LAC_IN_REGISTER, (uint32_t)to};
        for (size_t k = 0; k < lac_node_args(n->op); k++)
            *operand[k] = (lac_operand){LAC_IN_REGISTER, c->place[n->arg[k]].index};
        program->uniform_instruction[program->uniform_instructions++] = made;
    }
}

/* ---- the block list ---------------------------------------------------------------------------
 */

static void emit(compiler *c, const lac_instruction *made)
{
    lac_program *program = c->program;
    lac_status status = c->status;
    LAC_TRY(status);
    LAC_GROW(program->instruction, program->instructions, c->capacity);
    program->instruction[program->instructions++] = *made;
out:
    c->status = status;
}

static void emit_node(compiler *c, lac_node node);

/* Where the value of a node is, made first if need be. */
static lac_operand value_of(compiler *c, lac_node node)
{
    if (c->place[node].where == LAC_NOWHERE)
        emit_node(c, node);
    return c->place[node];
}

/* The same as an array, also of a uniform value. */
static lac_operand array_of(compiler *c, lac_node node)
{
    if (varies(c, node))
        return value_of(c, node);
    size_t value = c->graph->nodes + node;
    if (c->place[value].where == LAC_NOWHERE) {
        c->place[value] = (lac_operand){LAC_IN_REGISTER, (uint32_t)value};
        emit(c, &(lac_instruction){LAC_KERNEL_SPREAD, c->place[value], c->place[node], nowhere,
                                   nowhere});
    }
    return c->place[value];
}

static bool fusible(const compiler *c, lac_node node)
{
    const lac_graph_node *n = &c->graph->node[node];
    return varies(c, node) && c->uses[node] == 1 && c->place[node].where == LAC_NOWHERE &&
           is_arithmetic(n->op) &&
           inner_kernel(n->op, varies(c, n->arg[0]), varies(c, n->arg[1])) != LAC_KERNELS;
}

/* The form for `op` with the inner value as argument 0 or 1. */
static lac_outer outer_form(lac_node_op op, size_t inner_at)
{
    switch (op) {
    case LAC_NODE_ADD:
        return LAC_OUTER_ADD;
    case LAC_NODE_SUBTRACT:
        return inner_at == 0 ? LAC_OUTER_LESS : LAC_OUTER_FROM;
    case LAC_NODE_MULTIPLY:
        return LAC_OUTER_TIMES;
    case LAC_NODE_RATIO:
        return inner_at == 0 ? LAC_OUTER_RATIO : LAC_OUTER_SHARE;
    default:
        return LAC_OUTER_NONE;
    }
}

/* Operands and kernel of an inner operation; a commutative one with a scalar first is turned. */
static lac_instruction inner_part(compiler *c, lac_node node)
{
    const lac_graph_node n = c->graph->node[node];
    lac_node a = n.arg[0], b = n.arg[1];
    bool turn = !varies(c, a) && (n.op == LAC_NODE_ADD || n.op == LAC_NODE_MULTIPLY);
    lac_instruction made = {.to = nowhere, .c = nowhere};
    made.a = value_of(c, turn ? b : a);
    made.b = value_of(c, turn ? a : b);
    made.kernel = inner_kernel(n.op, turn || varies(c, a), !turn && varies(c, b));
    return made;
}

/* A pair, when one of the arguments can be fused; products are preferred. */
static bool pair_part(compiler *c, lac_node node, lac_instruction *made)
{
    const lac_graph_node n = c->graph->node[node];
    if (outer_form(n.op, 0) == LAC_OUTER_NONE)
        return false;
    bool first = fusible(c, n.arg[0]), second = fusible(c, n.arg[1]);
    if (!first && !second)
        return false;
    bool prefer_second = second && c->graph->node[n.arg[1]].op == LAC_NODE_MULTIPLY &&
                         c->graph->node[n.arg[0]].op != LAC_NODE_MULTIPLY;
    size_t inner_at = first && !prefer_second ? 0 : 1;
    lac_node other = n.arg[1 - inner_at];
    lac_operand outer = value_of(c, other);
    *made = inner_part(c, n.arg[inner_at]);
    made->c = outer;
    int form = (int)outer_form(n.op, inner_at) + !varies(c, other);
    made->kernel = (lac_kernel)((int)made->kernel + form);
    return true;
}

static lac_instruction single_part(compiler *c, lac_node node)
{
    const lac_graph_node n = c->graph->node[node];
    size_t args = lac_node_args(n.op), arrays = args;
    bool is_power = single_kernel(n.op) != exponent_kernel(n.op);
    lac_instruction made = {single_kernel(n.op), nowhere, nowhere, nowhere, nowhere};
    lac_operand *operand[3] = {&made.a, &made.b, &made.c};
    if (is_power && !varies(c, n.arg[args - 1])) {
        made.kernel = exponent_kernel(n.op);
        arrays = args - 1;
    }
    for (size_t k = 0; k < args; k++)
        *operand[k] = k < arrays ? array_of(c, n.arg[k]) : value_of(c, n.arg[k]);
    return made;
}

/* Emits a varying node to where it is wanted (a register of its own unless an output asks). */
static void emit_node_to(compiler *c, lac_node node, lac_operand to)
{
    const lac_graph_node n = c->graph->node[node];
    lac_instruction made;
    if (!pair_part(c, node, &made)) {
        bool inner = lac_node_args(n.op) == 2 &&
                     inner_kernel(n.op, varies(c, n.arg[0]), varies(c, n.arg[1])) != LAC_KERNELS;
        bool turned = (n.op == LAC_NODE_ADD || n.op == LAC_NODE_MULTIPLY);
        made = inner || turned ? inner_part(c, node) : single_part(c, node);
    }
    made.to = to;
    emit(c, &made);
    c->place[node] = to;
}

static void emit_node(compiler *c, lac_node node)
{
    emit_node_to(c, node, (lac_operand){LAC_IN_REGISTER, (uint32_t)node});
}

static void place_leaves(compiler *c)
{
    for (size_t value = 0; value < 2 * c->graph->nodes; value++)
        c->place[value] = nowhere;
    for (lac_node node = 0; node < c->graph->nodes; node++) {
        const lac_graph_node *n = &c->graph->node[node];
        if (!varies(c, node) || n->op >= LAC_NODE_LEAVES)
            continue;
        lac_where where = n->op == LAC_NODE_VARIABLE   ? LAC_IN_FIELD
                          : n->op == LAC_NODE_POSITION ? LAC_IN_POSITION
                                                       : LAC_IN_REGION;
        c->place[node] = (lac_operand){where, (uint32_t)n->index};
    }
}

static void store_output(compiler *c, lac_node node, size_t k)
{
    lac_operand to = {LAC_IN_OUTPUT, (uint32_t)k};
    if (!varies(c, node))
        emit(c, &(lac_instruction){LAC_KERNEL_SPREAD, to, c->place[node], nowhere, nowhere});
    else if (c->place[node].where != LAC_NOWHERE)
        emit(c, &(lac_instruction){LAC_KERNEL_COPY, to, c->place[node], nowhere, nowhere});
    else
        emit_node_to(c, node, to);
}

static void emit_outputs(compiler *c, const lac_node *outputs, lac_output_mode mode)
{
    for (size_t k = 0; k < c->program->outputs; k++) {
        bool stored = mode == LAC_STORED;
        if (stored)
            store_output(c, outputs[k], k);
        c->program->output[k] = !stored || !varies(c, outputs[k])
                                    ? value_of(c, outputs[k])
                                    : (lac_operand){LAC_IN_OUTPUT, (uint32_t)k};
        c->program->ready[k] = c->program->instructions;
    }
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static lac_status compiler_room(compiler *c, const lac_node *outputs, size_t count)
{
    lac_status status = LAC_OK;
    size_t nodes = c->graph->nodes, leaves = 0, uniforms = 0;
    LAC_NEW(c->uses, nodes);
    LAC_NEW(c->place, 2 * nodes);
    count_uses(c, outputs, count);
    for (lac_node node = 0; node < nodes; node++)
        if (c->uses[node] && !varies(c, node)) {
            uniforms++;
            leaves += c->graph->node[node].op < LAC_NODE_LEAVES;
        }
    LAC_NEW(c->program->output, count);
    LAC_NEW(c->program->ready, count);
    LAC_NEW(c->program->gather, leaves);
    LAC_NEW(c->program->uniform_instruction, uniforms - leaves);
    c->program->outputs = count;
out:
    return status;
}

lac_status lac_program_compile_as(const lac_graph *graph, const lac_node *outputs, size_t count,
                                  lac_output_mode mode, lac_program **result)
{
    lac_status status = LAC_OK;
    lac_program *program = NULL;
    compiler c = {.graph = graph};
    LAC_NEW(program, 1);
    c.program = program;
    LAC_TRY(compiler_room(&c, outputs, count));
    place_leaves(&c);
    place_uniforms(&c);
    emit_outputs(&c, outputs, mode);
    LAC_TRY(c.status);
    LAC_TRY(lac_registers_assign(program, 2 * graph->nodes));
    *result = program;
    program = NULL;
out:
    lac_free(c.uses);
    lac_free(c.place);
    lac_program_free(program);
    return status;
}

lac_status lac_program_compile(const lac_graph *graph, const lac_node *outputs, size_t count,
                               lac_program **program)
{
    return lac_program_compile_as(graph, outputs, count, LAC_STORED, program);
}

void lac_program_free(lac_program *program)
{
    if (!program)
        return;
    lac_free(program->output);
    lac_free(program->ready);
    lac_free(program->gather);
    lac_free(program->uniform_instruction);
    lac_free(program->instruction);
    lac_free(program);
}
