/* The parts of measures: what their compiler and their evaluation share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_MEASURE_INTERNAL_H
#define LAC_OBSERVE_MEASURE_INTERNAL_H

#include "network/program.h"
#include "observe/measure.h"
#include "observe/reduction.h"
#include "observe/spread.h"

/* Reductions of one tissue that look at none but those of earlier stages; first() is with the first
 * tissue. */
typedef struct lac_stage {
    const lac_grid *grid;       /* borrowed */
    size_t fields, conditions;  /* reductions over voxels; first() */
    size_t *field, *condition;  /* owned: indices of reductions */
    lac_program *over_voxels;   /* owned; outputs in the order of `field` */
    lac_program *of_conditions; /* owned; outputs in the order of `condition` */
} lac_stage;

struct lac_measures {
    lac_view view; /* members borrowed */
    size_t count;
    lac_program *arithmetic; /* owned: the expressions themselves */
    lac_reductions reductions;
    size_t stages;
    lac_stage *stage; /* owned */
    double *reduced;  /* owned [reductions] */
    double *latched;  /* owned [reductions]: times [s] of first(), NaN = not yet */
    size_t *voxel;    /* owned [reductions]: of at() */
    double **kept;    /* owned [reductions], [voxels]: values of sd() and its like */
    lac_spread *spread[LAC_TISSUES_MOST]; /* owned: of sd, quantile, correlation */
    double *input, *input_rate;           /* owned */
    double *uniform;                      /* owned: scratch for the uniform part of any program */
    double *partial;                      /* owned [fields of a stage][blocks] */
    size_t threads, thread_size;          /* scratch of a thread [doubles] */
    double *scratch;                      /* owned */
    double **out;                         /* owned [threads][fields of a stage] */
    size_t most_fields, blocks;
    lac_frame frame; /* of the grids; each evaluation adds the state and the time */
};

#endif
