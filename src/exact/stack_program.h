/* A program: a law as a short list of steps on a stack, for one site at a time: its value, or
 * bounds of its value while what it looks at moves within bounds.
 *
 * Bounds are by interval arithmetic (Moore 1966), which holds for any expression; they are loose
 * where a quantity stands in a law more than once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_STACK_PROGRAM_H
#define LAC_EXACT_STACK_PROGRAM_H

#include "base/vector.h"
#include "model/interval.h"
#include "tissue/grid.h"

#include <stdbool.h>

typedef struct lac_stack_operation {
    lac_op op;
    unsigned args;
    lac_symbol symbol;
    double number;
} lac_stack_operation;

/* A part of parameters and numbers alone, which stands as one number in the whole. */
typedef struct lac_folded_constant {
    size_t at; /* the step of its number */
    size_t steps;
    lac_stack_operation *step; /* borrowed, behind those of the whole */
} lac_folded_constant;

/* Zero-initialised = absent. */
typedef struct lac_stack_program {
    size_t steps;
    lac_stack_operation *step; /* owned */
    size_t parts;
    lac_folded_constant *part; /* owned */
    unsigned char *uses;       /* owned [variables] */
    size_t tissue;             /* in whose voxels it stands; 0 for a law of pools */
    bool on_time;              /* time or an input */
} lac_stack_program;

/* The voxels of a tissue, as laws look at them; borrowed. */
typedef struct lac_eval_ground {
    const double *position[3];
    const double *const *region;
    const double *share; /* volume of a voxel / the mean, by which counts are divided; NULL = 1 */
} lac_eval_ground;

lac_eval_ground lac_eval_ground_of(const lac_grid *grid);

/* What a law looks at; all borrowed. */
typedef struct lac_eval_context {
    const lac_model *model;
    lac_layout layout;
    const double *count;     /* [length]: whole numbers; states: unused */
    const double *per_count; /* [variables]: value of a count of 1 in the mean voxel; 0 = a state */
    const double *value;     /* [length]: values of states */
    const double *trial;     /* [variables]: values of states instead, or NULL */
    const double *parameter;
    lac_eval_ground ground[LAC_TISSUES_MOST];
    const double *point; /* [3]: coordinates of a point instead of those of the voxel, or NULL */
    size_t place;        /* with a point: the voxel whose regions it is in */
    const double *input; /* at `time` */
    double time;
    bool ones; /* every variable is 1 */
    /* For bounds: */
    lac_interval times;
    const lac_interval *inputs; /* [inputs] */
    const lac_interval *pool;   /* [pools]: values */
    const lac_interval *state;  /* [length]: values of states */
} lac_eval_context;

enum { LAC_STACK_DEPTH = 512 };

/* LAC_LIMIT for a law that needs more than LAC_STACK_DEPTH places on the stack. */
lac_status lac_stack_program_compile(const lac_model *model, const lac_expression *tree,
                                     size_t tissue, lac_stack_program *program);
void lac_stack_program_free(lac_stack_program *program);

/* Before it is asked for values, and when parameters have changed. */
void lac_stack_program_fold(lac_stack_program *program, const lac_eval_context *context);

/* At a voxel (pool laws: any). */
double lac_stack_program_value(const lac_stack_program *program, const lac_eval_context *context,
                               size_t voxel);
/* Its value where every variable is 1. */
double lac_stack_program_at_ones(const lac_stack_program *program, const lac_eval_context *context);
/* What stands in the voxel itself is known; states, pools and time are bounded. */
lac_interval lac_stack_program_interval(const lac_stack_program *program,
                                        const lac_eval_context *context, size_t voxel);

/* exact_mass_action.c: how many of a reactant meet, where two or more do and the law is that power
 * of it: its propensity has n (n - 1) ... for n^m. Else 0. */
int lac_meeting_power(const lac_process *process, size_t variable);

#endif
