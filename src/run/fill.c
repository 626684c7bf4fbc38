/* Filling: expressions evaluated over the tissue or once, on the state of a run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/events.h"

#include "base/memory.h"
#include "network/program.h"

bool lac_tree_varies(const lac_model *model, const lac_expression *tree)
{
    if (tree->op >= LAC_OP_MEAN && tree->op <= LAC_OP_FIRST)
        return false;
    if (tree->op == LAC_OP_SYMBOL)
        switch (tree->symbol.kind) {
        case LAC_SYMBOL_VARIABLE:
            return tree->symbol.index < model->fields;
        case LAC_SYMBOL_X:
        case LAC_SYMBOL_Y:
        case LAC_SYMBOL_DEPTH:
        case LAC_SYMBOL_REGION:
        case LAC_SYMBOL_RANDOM:
            return true;
        default:
            return false;
        }
    for (size_t arg = 0; arg < tree->args; arg++)
        if (lac_tree_varies(model, tree->arg[arg]))
            return true;
    return false;
}

/* `ground`: over its voxels; NULL: once. */
static lac_status evaluate(const lac_scene *scene, const lac_state *state,
                           const lac_expression *tree, const lac_fill_ground *ground, double *out)
{
    lac_status status = LAC_OK;
    double *input = NULL, *rate = NULL;
    lac_frame frame;
    LAC_NEW(input, scene->model->inputs);
    LAC_NEW(rate, scene->model->inputs);
    lac_scene_frame(scene, state, state->value, input, rate, &frame);
    lac_frame_at(&frame, scene->model, state->time);
    if (ground) {
        lac_frame_enter(&frame, ground->tissue);
        if (ground->columns)
            frame.region = ground->columns;
        LAC_TRY(lac_evaluate_field(scene->model, tree, &frame, out));
    } else {
        LAC_TRY(lac_evaluate_scalar(scene->model, tree, &frame, out));
    }
out:
    lac_free(input);
    lac_free(rate);
    return status;
}

lac_status lac_fill_scalar(const lac_scene *scene, const lac_state *state,
                           const lac_expression *tree, double *out)
{
    return evaluate(scene, state, tree, NULL, out);
}

/* The same, after simplification: 0 * depth is the same everywhere. */
static lac_status simplified_varies(const lac_model *model, const lac_expression *tree,
                                    bool *varies)
{
    lac_status status = LAC_OK;
    lac_graph *graph = NULL;
    lac_node node;
    LAC_TRY(lac_graph_create(model, &graph));
    LAC_TRY(lac_graph_add(graph, tree, &node));
    *varies = lac_graph_varies(graph, node) != 0;
out:
    lac_graph_free(graph);
    return status;
}

lac_status lac_fill_field(const lac_scene *scene, const lac_state *state,
                          const lac_expression *tree, const lac_fill_ground *ground, double *out)
{
    lac_status status = LAC_OK;
    bool varies = false;
    double value;
    LAC_TRY(simplified_varies(scene->model, tree, &varies));
    if (varies) {
        LAC_TRY(evaluate(scene, state, tree, ground, out));
        goto out;
    }
    LAC_TRY(evaluate(scene, state, tree, NULL, &value));
    for (size_t voxel = 0; voxel < lac_grid_of(scene->grid, ground->tissue)->voxels; voxel++)
        out[voxel] = value;
out:
    return status;
}
