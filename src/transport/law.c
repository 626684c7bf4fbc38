/* A law of transport: what its tree looks at decides where and when it is evaluated.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/law.h"

#include "base/memory.h"

/* What a tree looks at. */
typedef struct tree_facts {
    const lac_model *model;
    bool state, time, lateral, depth;
    lac_symbol *place; /* owned: what differs from point to point */
    size_t places, capacity;
    bool no_memory;
} tree_facts;

/* Zones that cover the whole of every layer differ by depth only. */
static bool is_layered(const lac_model *model, size_t region)
{
    const lac_region *about = &model->region[region];
    const lac_tissue_text *tissue = &model->tissue[about->tissue];
    bool whole = about->kind == LAC_ZONE;
    for (int axis = 0; axis < 2; axis++) {
        double size = (double)tissue->voxels[axis] * tissue->voxel[axis];
        whole = whole && about->low[axis] <= 0 && about->high[axis] >= size * (1 - 1e-9);
    }
    return whole;
}

static lac_status add_place(tree_facts *facts, lac_symbol symbol)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < facts->places; k++)
        if (facts->place[k].kind == symbol.kind && facts->place[k].index == symbol.index)
            return LAC_OK;
    LAC_GROW(facts->place, facts->places, facts->capacity);
    facts->place[facts->places++] = symbol;
out:
    facts->no_memory = facts->no_memory || status != LAC_OK;
    return status;
}

static bool is_place(const lac_model *model, lac_symbol symbol)
{
    return symbol.kind == LAC_SYMBOL_X || symbol.kind == LAC_SYMBOL_Y ||
           symbol.kind == LAC_SYMBOL_DEPTH || symbol.kind == LAC_SYMBOL_REGION ||
           (symbol.kind == LAC_SYMBOL_VARIABLE && symbol.index < model->fields);
}

static void note_symbol(const lac_expression *node, void *context)
{
    tree_facts *facts = context;
    if (node->op != LAC_OP_SYMBOL)
        return;
    if (is_place(facts->model, node->symbol))
        add_place(facts, node->symbol);
    switch (node->symbol.kind) {
    case LAC_SYMBOL_VARIABLE:
        facts->state = true;
        facts->lateral = facts->lateral || node->symbol.index < facts->model->fields;
        break;
    case LAC_SYMBOL_INPUT:
    case LAC_SYMBOL_TIME:
        facts->time = true;
        break;
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
        facts->lateral = true;
        break;
    case LAC_SYMBOL_DEPTH:
        facts->depth = true;
        break;
    case LAC_SYMBOL_REGION:
        if (is_layered(facts->model, node->symbol.index))
            facts->depth = true;
        else
            facts->lateral = true;
        break;
    case LAC_SYMBOL_PARAMETER:
    case LAC_SYMBOL_INFUSION:
    case LAC_SYMBOL_RANDOM: /* of initial values alone */
    case LAC_SYMBOL_REDUCED:
        break;
    }
}

lac_status lac_law_compile(lac_graph *graph, const lac_model *model, const lac_grid *grid,
                           const lac_expression *tree, lac_law *law)
{
    lac_status status = LAC_OK;
    if (!tree)
        return LAC_OK;
    tree_facts facts = {.model = model};
    lac_expression_walk(tree, note_symbol, &facts);
    law->symbol = facts.place;
    law->symbols = facts.places;
    LAC_REQUIRE(!facts.no_memory, LAC_MEMORY, "out of memory: the symbols of a law");
    /* In 1-D a layer is a voxel. */
    bool lines = grid->n[0] * grid->n[1] == 1;
    law->variation = facts.lateral || (facts.depth && lines) ? LAC_BY_VOXEL
                     : facts.depth                           ? LAC_BY_DEPTH
                                                             : LAC_UNIFORM;
    law->on_state = facts.state;
    law->on_time = facts.time;
    lac_node node, rate;
    LAC_TRY(lac_graph_add(graph, tree, &node));
    LAC_TRY(lac_program_compile(graph, &node, 1, &law->program));
    if (facts.time) {
        LAC_TRY(lac_graph_derivative(graph, node, (lac_symbol){LAC_SYMBOL_TIME, 0}, &rate));
        if (!lac_graph_is_zero(rate))
            LAC_TRY(lac_program_compile(graph, &rate, 1, &law->rate));
    }
out:
    return status;
}

void lac_law_free(lac_law *law)
{
    if (!law)
        return;
    lac_program_free(law->program);
    lac_program_free(law->rate);
    lac_free(law->symbol);
    *law = (lac_law){0};
}

bool lac_law_is_lateral(const lac_model *model, const lac_expression *tree)
{
    tree_facts facts = {.model = model};
    if (tree)
        lac_expression_walk(tree, note_symbol, &facts);
    lac_free(facts.place);
    return facts.lateral;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

size_t lac_law_uniform_size(const lac_law *law)
{
    size_t size = law->program ? lac_program_uniform_size(law->program) : 0;
    return law->rate ? larger(size, lac_program_uniform_size(law->rate)) : size;
}

size_t lac_law_block_size(const lac_law *law)
{
    size_t size = law->program ? lac_program_block_size(law->program) : 0;
    return law->rate ? larger(size, lac_program_block_size(law->rate)) : size;
}

size_t lac_law_values(const lac_law *law, const lac_grid *grid)
{
    if (!law->program)
        return 0;
    return law->variation == LAC_UNIFORM    ? 1
           : law->variation == LAC_BY_DEPTH ? grid->n[2]
                                            : grid->voxels;
}

lac_status lac_law_evaluate(const lac_law *law, const lac_program *program, lac_law_place place,
                            const lac_frame *frame, double *values)
{
    if (law->variation == LAC_BY_VOXEL)
        return lac_program_fields(program, frame, (double *const[]){values});
    if (law->variation == LAC_UNIFORM) {
        lac_program_scalars(program, frame, place.uniform, values);
        return LAC_OK;
    }
    lac_program_uniform(program, frame, place.uniform);
    for (size_t layer = 0; layer < place.grid->n[2]; layer++)
        lac_program_block(program, frame, place.uniform, place.layer_voxel[layer], 1, place.block,
                          (double *const[]){values + layer});
    return LAC_OK;
}
