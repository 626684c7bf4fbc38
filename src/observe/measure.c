/* Measures: expressions compiled as stages of reductions and the arithmetic around them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/measure_internal.h"

#include "base/memory.h"

#include <math.h>

static void stage_free(lac_stage *made)
{
    lac_free(made->field);
    lac_free(made->condition);
    lac_program_free(made->over_voxels);
    lac_program_free(made->of_conditions);
}

void lac_measures_free(lac_measures *measures)
{
    if (!measures)
        return;
    for (size_t index = 0; measures->stage && index < measures->stages; index++)
        stage_free(&measures->stage[index]);
    lac_program_free(measures->arithmetic);
    lac_free(measures->stage);
    lac_free(measures->reduced);
    lac_free(measures->latched);
    lac_free(measures->voxel);
    for (size_t index = 0; measures->kept && index < measures->reductions.count; index++)
        lac_free(measures->kept[index]);
    lac_free(measures->kept);
    for (size_t tissue = 0; tissue < LAC_TISSUES_MOST; tissue++)
        lac_spread_free(measures->spread[tissue]);
    lac_reductions_free(&measures->reductions);
    lac_free(measures->input);
    lac_free(measures->input_rate);
    lac_free(measures->uniform);
    lac_free(measures->partial);
    lac_free(measures->scratch);
    lac_free(measures->out);
    lac_free(measures);
}

/* One program of `count` trees. */
static lac_status compile(lac_graph *graph, const lac_expression *const *trees, size_t count,
                          lac_program **program)
{
    lac_status status = LAC_OK;
    lac_node *node = NULL;
    LAC_NEW(node, count);
    for (size_t index = 0; index < count; index++)
        LAC_TRY(lac_graph_add(graph, trees[index], &node[index]));
    LAC_TRY(lac_program_compile(graph, node, count, program));
out:
    lac_free(node);
    return status;
}

static lac_status compile_reductions(const lac_measures *measures, lac_graph *graph,
                                     const size_t *index, size_t count, lac_program **program)
{
    lac_status status = LAC_OK;
    const lac_expression **trees = NULL;
    LAC_NEW(trees, count);
    for (size_t k = 0; k < count; k++)
        trees[k] = measures->reductions.item[index[k]].inner;
    if (count)
        LAC_TRY(compile(graph, trees, count, program));
out:
    lac_free(trees);
    return status;
}

static lac_status stage_create(const lac_measures *measures, size_t number, lac_graph *graph,
                               lac_stage *made)
{
    lac_status status = LAC_OK;
    const lac_reductions *list = &measures->reductions;
    LAC_NEW(made->field, list->count);
    LAC_NEW(made->condition, list->count);
    for (size_t index = 0; index < list->count; index++) {
        const lac_reduction *it = &list->item[index];
        const size_t tissue = it->op == LAC_OP_FIRST ? 0 : it->tissue;
        if (it->stage != number || tissue != made->grid->tissue)
            continue;
        if (it->op == LAC_OP_FIRST)
            made->condition[made->conditions++] = index;
        else
            made->field[made->fields++] = index;
    }
    LAC_TRY(compile_reductions(measures, graph, made->field, made->fields, &made->over_voxels));
    LAC_TRY(compile_reductions(measures, graph, made->condition, made->conditions,
                               &made->of_conditions));
out:
    return status;
}

static lac_status create_stages(lac_measures *measures, lac_graph *graph)
{
    lac_status status = LAC_OK;
    const size_t grids = lac_model_grids(measures->view.model);
    size_t numbers = 0;
    for (size_t index = 0; index < measures->reductions.count; index++)
        if (measures->reductions.item[index].stage >= numbers)
            numbers = measures->reductions.item[index].stage + 1;
    LAC_NEW(measures->stage, numbers * grids);
    for (size_t number = 0; number < numbers; number++) {
        for (const lac_grid *grid = measures->view.grid; grid; grid = grid->next) {
            lac_stage *made = &measures->stage[measures->stages++];
            made->grid = grid;
            LAC_TRY(stage_create(measures, number, graph, made));
        }
    }
out:
    return status;
}

/* Copies of the trees, their reductions taken out; compiled. */
static lac_status create_programs(lac_measures *measures, const lac_expression *const *trees)
{
    lac_status status = LAC_OK;
    lac_graph *graph = NULL;
    lac_expression **copy = NULL;
    measures->reductions.model = measures->view.model;
    LAC_NEW(copy, measures->count);
    LAC_TRY(lac_graph_create(measures->view.model, &graph));
    for (size_t index = 0; index < measures->count; index++) {
        LAC_TRY(lac_expression_copy(trees[index], &copy[index]));
        LAC_TRY(lac_reductions_extract(&measures->reductions, copy[index]));
    }
    LAC_TRY(create_stages(measures, graph));
    LAC_TRY(compile(graph, (const lac_expression *const *)copy, measures->count,
                    &measures->arithmetic));
out:
    for (size_t index = 0; copy && index < measures->count; index++)
        lac_expression_free(copy[index]);
    lac_free(copy);
    lac_graph_free(graph);
    return status;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static lac_status create_scratch(lac_measures *measures)
{
    lac_status status = LAC_OK;
    size_t uniform = lac_program_uniform_size(measures->arithmetic);
    size_t block = 0;
    for (size_t number = 0; number < measures->stages; number++) {
        const lac_stage *of = &measures->stage[number];
        measures->most_fields = larger(measures->most_fields, of->fields);
        if (of->over_voxels) {
            uniform = larger(uniform, lac_program_uniform_size(of->over_voxels));
            block = larger(block, lac_program_block_size(of->over_voxels));
        }
        if (of->of_conditions)
            uniform = larger(uniform, lac_program_uniform_size(of->of_conditions));
    }
    measures->thread_size = block + measures->most_fields * LAC_BLOCK;
    for (const lac_grid *grid = measures->view.grid; grid; grid = grid->next)
        measures->blocks = larger(measures->blocks, lac_blocks(grid->voxels));
    LAC_NEW(measures->uniform, uniform);
    LAC_NEW(measures->partial, measures->most_fields * measures->blocks);
    LAC_NEW(measures->input, measures->view.model->inputs);
    LAC_NEW(measures->input_rate, measures->view.model->inputs);
out:
    return status;
}

static lac_status create_results(lac_measures *measures)
{
    lac_status status = LAC_OK;
    const lac_reductions *list = &measures->reductions;
    LAC_NEW(measures->reduced, list->count);
    LAC_NEW(measures->latched, list->count);
    LAC_NEW(measures->voxel, list->count);
    LAC_NEW(measures->kept, list->count);
    for (size_t index = 0; index < list->count; index++) {
        const lac_grid *grid = lac_grid_of(measures->view.grid, list->item[index].tissue);
        measures->latched[index] = (double)NAN;
        if (list->item[index].op == LAC_OP_AT)
            measures->voxel[index] = lac_grid_at(grid, list->item[index].point);
        if (!lac_op_needs_all(list->item[index].op))
            continue;
        LAC_NEW(measures->kept[index], grid->voxels);
        if (!measures->spread[grid->tissue])
            LAC_TRY(lac_spread_create(grid, &measures->spread[grid->tissue]));
    }
out:
    return status;
}

static void create_frame(lac_measures *measures)
{
    const lac_grid *grid = measures->view.grid;
    lac_frame *frame = &measures->frame;
    *frame = (lac_frame){
        .position = {grid->position[0], grid->position[1], grid->position[2]},
        .region = (const double *const *)grid->region,
        .active = grid->active,
        .input = measures->input,
        .input_rate = measures->input_rate,
        .reduced = measures->reduced,
    };
    for (; measures->view.grid->next && grid; grid = grid->next)
        frame->ground[grid->tissue] =
            (lac_ground){.position = {grid->position[0], grid->position[1], grid->position[2]},
                         .region = (const double *const *)grid->region,
                         .active = grid->active};
}

lac_status lac_measures_create(const lac_view *view, const lac_expression *const *trees,
                               size_t count, lac_measures **measures)
{
    lac_status status = LAC_OK;
    lac_measures *made = NULL;
    LAC_NEW(made, 1);
    made->view = *view;
    made->count = count;
    LAC_TRY(create_programs(made, trees));
    LAC_TRY(create_results(made));
    LAC_TRY(create_scratch(made));
    create_frame(made);
    *measures = made;
    made = NULL;
out:
    lac_measures_free(made);
    return status;
}

void lac_measures_blocks(lac_measures *measures, const char *owner, lac_block_list *list)
{
    lac_block_add(list, owner, "first", LAC_BLOCK_DOUBLE, measures->reductions.count,
                  measures->latched);
}
