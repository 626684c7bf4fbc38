/* Programs: nodes of a graph compiled to fused bytecode over blocks of LAC_BLOCK voxels. What does
 * not vary from voxel to voxel is computed once per evaluation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_PROGRAM_H
#define LAC_NETWORK_PROGRAM_H

#include "network/frame.h"
#include "network/graph.h"

typedef struct lac_program lac_program;

lac_status lac_program_compile(const lac_graph *graph, const lac_node *outputs, size_t count,
                               lac_program **program);
void lac_program_free(lac_program *program);

/* Doubles of scratch: for the uniform part (one per evaluation, shared by threads, read-only in
 * blocks) and for a block (one per thread). */
size_t lac_program_uniform_size(const lac_program *program);
size_t lac_program_block_size(const lac_program *program);
size_t lac_program_instructions(const lac_program *program);

/* Step 1 of an evaluation: the uniform part. */
void lac_program_uniform(const lac_program *program, const lac_frame *frame, double *uniform);

/* Step 2, per block: outputs for voxels first .. first + count - 1 (count <= LAC_BLOCK) written to
 * out[k][0 .. count - 1]. */
void lac_program_block(const lac_program *program, const lac_frame *frame, const double *uniform,
                       size_t first, size_t count, double *scratch, double *const *out);

/* Programs whose outputs are all uniform (pools, observables): out[k] = value; `uniform` scratch.
 */
void lac_program_scalars(const lac_program *program, const lac_frame *frame, double *uniform,
                         double *out);

/* Whole field at once, threads inside: out[k][voxel]. */
lac_status lac_program_fields(const lac_program *program, const lac_frame *frame,
                              double *const *out);

/* One expression at once, for initial values and event actions: `out` of [voxels] when it varies,
 * else out[0]. */
lac_status lac_evaluate_field(const lac_model *model, const lac_expression *tree,
                              const lac_frame *frame, double *out);
lac_status lac_evaluate_scalar(const lac_model *model, const lac_expression *tree,
                               const lac_frame *frame, double *out);

#endif
