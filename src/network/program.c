/* Programs: evaluation of the uniform part, of blocks and of whole fields.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"
#include "network/program_internal.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <omp.h>
#include <string.h>

size_t lac_program_uniform_size(const lac_program *program)
{
    return program->uniforms ? program->uniforms : 1;
}

size_t lac_program_block_size(const lac_program *program)
{
    return (program->registers ? program->registers : 1) * LAC_REGISTER;
}

size_t lac_program_instructions(const lac_program *program)
{
    return program->instructions;
}

static double gathered(const lac_gather *leaf, const lac_frame *frame)
{
    switch ((lac_node_op)leaf->op) {
    case LAC_NODE_PARAMETER:
        return frame->parameter[leaf->index];
    case LAC_NODE_VARIABLE:
        return frame->value[lac_layout_at(frame->layout, leaf->index)];
    case LAC_NODE_INPUT:
        return frame->input[leaf->index];
    case LAC_NODE_INPUT_RATE:
        return frame->input_rate[leaf->index];
    case LAC_NODE_TIME:
        return frame->time;
    case LAC_NODE_REDUCED:
        return frame->reduced[leaf->index];
    default:
        return leaf->number;
    }
}

void lac_program_uniform(const lac_program *program, const lac_frame *frame, double *uniform)
{
    for (size_t k = 0; k < program->gathers; k++)
        uniform[program->gather[k].to] = gathered(&program->gather[k], frame);
    lac_operand_view view = {.registers = uniform, .register_size = 1};
    lac_instructions_run(program->uniform_instruction,
                         program->uniform_instruction + program->uniform_instructions, &view, 1);
}

/* The value of a uniform output after lac_program_uniform. */
static double program_scalar(const lac_program *program, const double *uniform, size_t output)
{
    return uniform[program->output[output].index];
}

void lac_program_scalars(const lac_program *program, const lac_frame *frame, double *uniform,
                         double *out)
{
    lac_program_uniform(program, frame, uniform);
    for (size_t k = 0; k < program->outputs; k++)
        out[k] = program_scalar(program, uniform, k);
}

lac_operand_view lac_program_view(const lac_frame *frame, const double *uniform, size_t voxel,
                                  double *scratch)
{
    lac_operand_view view = {.registers = scratch,
                             .register_size = LAC_REGISTER,
                             .first = lac_frame_tract(frame)->first,
                             .stride = lac_frame_tract(frame)->stride,
                             .uniform = uniform,
                             .region = frame->region,
                             .region_at = voxel};
    view.value = frame->value ? frame->value + lac_frame_tract(frame)->at + voxel : NULL;
    for (size_t axis = 0; axis < 3; axis++)
        view.position[axis] = frame->position[axis] ? frame->position[axis] + voxel : NULL;
    return view;
}

const double *lac_program_output(const lac_program *program, const lac_operand_view *view,
                                 size_t output, int *is_uniform)
{
    lac_operand at = program->output[output];
    *is_uniform = at.where == LAC_IN_UNIFORM;
    switch (at.where) {
    case LAC_IN_UNIFORM:
        return view->uniform + at.index;
    case LAC_IN_FIELD:
        return view->value + (at.index - view->first) * view->stride;
    case LAC_IN_POSITION:
        return view->position[at.index];
    case LAC_IN_REGION:
        return view->region[at.index] + view->region_at;
    default:
        return view->registers + at.index * view->register_size;
    }
}

void lac_program_block(const lac_program *program, const lac_frame *frame, const double *uniform,
                       size_t first, size_t count, double *scratch, double *const *out)
{
    for (size_t done = 0; done < count; done += LAC_STRIP) {
        lac_operand_view view = lac_program_view(frame, uniform, first + done, scratch);
        view.out = out;
        view.out_at = done;
        lac_instructions_run(program->instruction, program->instruction + program->instructions,
                             &view, count - done < LAC_STRIP ? count - done : LAC_STRIP);
    }
}

/* Doubles of scratch that need no memory of their own: a law of a small tissue is evaluated at
 * every stage of a step, where getting and clearing memory took most of the time. */
enum { ON_STACK = 4096 };

/* Threads for a field of this size, and scratch for each. */
static int threads_for(size_t blocks)
{
    int threads = lac_threads();
    return blocks < (size_t)threads ? (int)blocks : threads;
}

/* One block into scratch, then copied: an output may be a field that the law looks at. */
static void field_block(const lac_program *program, const lac_frame *frame, const double *uniform,
                        size_t block, double *scratch, double *const *out)
{
    size_t voxels = lac_frame_tract(frame)->voxels, first = block * LAC_BLOCK;
    size_t end = first + LAC_BLOCK < voxels ? first + LAC_BLOCK : voxels;
    double *result = scratch + lac_program_block_size(program);
    double **strip = (double **)(void *)(result + program->outputs * LAC_STRIP);
    for (size_t k = 0; k < program->outputs; k++)
        strip[k] = result + k * LAC_STRIP;
    for (size_t at = first; at < end; at += LAC_STRIP) {
        size_t count = end - at < LAC_STRIP ? end - at : LAC_STRIP;
        lac_program_block(program, frame, uniform, at, count, scratch, strip);
        for (size_t k = 0; k < program->outputs; k++)
            memcpy(out[k] + at, strip[k], count * sizeof(double));
    }
}

lac_status lac_program_fields(const lac_program *program, const lac_frame *frame,
                              double *const *out)
{
    lac_status status = LAC_OK;
    _Alignas(LAC_CACHE_LINE) double small[ON_STACK];
    double *own = NULL, *scratch = small;
    size_t blocks = lac_blocks(lac_frame_tract(frame)->voxels);
    int threads = threads_for(blocks);
    size_t each = lac_program_block_size(program) + program->outputs * (LAC_STRIP + 1);
    each += LAC_CACHE_LINE;
    size_t before_uniform = each * (size_t)(threads > 0 ? threads : 1);
    size_t needed = before_uniform + lac_program_uniform_size(program);
    if (needed > ON_STACK) {
        LAC_NEW(own, needed);
        scratch = own;
    }
    double *uniform = scratch + before_uniform;
    lac_program_uniform(program, frame, uniform);
    LAC_FOR_EACH(block, blocks, threads,
                 field_block(program, frame, uniform, block,
                             scratch + each * (size_t)omp_get_thread_num(), out));
out:
    lac_free(own);
    return status;
}

/* ---- one expression at once -------------------------------------------------------------------
 */

static lac_status compile_tree(const lac_model *model, const lac_expression *tree, int *varies,
                               lac_program **program)
{
    lac_status status = LAC_OK;
    lac_graph *graph = NULL;
    lac_node node;
    LAC_TRY(lac_graph_create(model, &graph));
    LAC_TRY(lac_graph_add(graph, tree, &node));
    *varies = lac_graph_varies(graph, node);
    LAC_TRY(lac_program_compile(graph, &node, 1, program));
out:
    lac_graph_free(graph);
    return status;
}

static lac_status evaluate_uniform(const lac_program *program, const lac_frame *frame, double *out)
{
    lac_status status = LAC_OK;
    double *uniform = NULL;
    LAC_NEW(uniform, lac_program_uniform_size(program));
    lac_program_scalars(program, frame, uniform, out);
out:
    lac_free(uniform);
    return status;
}

lac_status lac_evaluate_field(const lac_model *model, const lac_expression *tree,
                              const lac_frame *frame, double *out)
{
    lac_status status = LAC_OK;
    lac_program *program = NULL;
    int varies = 0;
    LAC_TRY(compile_tree(model, tree, &varies, &program));
    if (varies)
        LAC_TRY(lac_program_fields(program, frame, &out));
    else
        LAC_TRY(evaluate_uniform(program, frame, out));
out:
    lac_program_free(program);
    return status;
}

lac_status lac_evaluate_scalar(const lac_model *model, const lac_expression *tree,
                               const lac_frame *frame, double *out)
{
    lac_status status = LAC_OK;
    lac_program *program = NULL;
    int varies = 0;
    LAC_TRY(compile_tree(model, tree, &varies, &program));
    LAC_REQUIRE(!varies, LAC_INTERNAL,
                "a value that differs from voxel to voxel has no single number");
    LAC_TRY(evaluate_uniform(program, frame, out));
out:
    lac_program_free(program);
    return status;
}
