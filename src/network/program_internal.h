/* What the files of this room know of a program's inside.
 *
 * A program has two lists of instructions. The uniform list works on single numbers: every value
 * has its own place in `uniform`, leaves (constants, parameters, inputs, pools) are gathered first.
 * The block list works on strips of voxels; its registers are reused as soon as their value is
 * dead, so that they stay in the first-level cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_PROGRAM_INTERNAL_H
#define LAC_NETWORK_PROGRAM_INTERNAL_H

#include "network/kernels.h"
#include "network/program.h"

#include <stdint.h>

/* Voxels that one instruction works on: measured best between 128 and 512 (make bench). A register
 * is a cache line longer, so that equal places of two registers never share a cache set. */
enum { LAC_STRIP = 256, LAC_REGISTER = LAC_STRIP + 8 };

typedef enum lac_where {
    LAC_IN_REGISTER,
    LAC_IN_FIELD,
    LAC_IN_UNIFORM,
    LAC_IN_POSITION,
    LAC_IN_REGION,
    LAC_IN_OUTPUT,
    LAC_NOWHERE
} lac_where;

typedef struct lac_operand {
    lac_where where;
    uint32_t index;
} lac_operand;

typedef struct lac_instruction {
    lac_kernel kernel;
    lac_operand to, a, b, c;
} lac_instruction;

/* Where operands live during one run of instructions; all pointers stand at the strip's first
 * voxel. */
typedef struct lac_operand_view {
    double *registers;
    size_t register_size;
    const double *value; /* field f at value + (f - first) * stride */
    size_t first, stride;
    const double *uniform;
    const double *position[3];
    const double *const *region;
    size_t region_at; /* regions stand at their first voxel: add this */
    double *const *out;
    size_t out_at;
} lac_operand_view;

/* A leaf of the uniform list. */
typedef struct lac_gather {
    int op;       /* lac_node_op */
    size_t index; /* of the symbol */
    double number;
    size_t to;
} lac_gather;

struct lac_program {
    size_t outputs;
    lac_operand *output; /* owned: where each output is when it is ready */
    size_t *ready;       /* owned: block instructions after which it is */
    size_t uniforms;
    size_t gathers;
    lac_gather *gather; /* owned */
    size_t uniform_instructions;
    lac_instruction *uniform_instruction; /* owned */
    size_t instructions;
    lac_instruction *instruction; /* owned */
    size_t registers;
};

/* STORED outputs are written to out[k]; STREAMED ones stay in registers until `ready`, for a reader
 * that takes them one after another. */
typedef enum lac_output_mode { LAC_STORED, LAC_STREAMED } lac_output_mode;

lac_status lac_program_compile_as(const lac_graph *graph, const lac_node *outputs, size_t count,
                                  lac_output_mode mode, lac_program **program);

/* Runs instructions from .. to - 1 on `count` <= LAC_STRIP elements. */
void lac_instructions_run(const lac_instruction *from, const lac_instruction *to,
                          const lac_operand_view *view, size_t count);

/* The view of a strip that begins at `voxel`. */
lac_operand_view lac_program_view(const lac_frame *frame, const double *uniform, size_t voxel,
                                  double *scratch);

/* Where a streamed output stands; an array of a strip, or one number when *is_uniform. */
const double *lac_program_output(const lac_program *program, const lac_operand_view *view,
                                 size_t output, int *is_uniform);

#endif
