/* A recipe: a law as a short list of steps on a stack, for one site at a time: its value, or bounds
 * of its value while what it looks at moves within bounds.
 *
 * Bounds are by interval arithmetic (Moore 1966), which holds for any expression; they are loose
 * where a quantity stands in a law more than once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_RECIPE_H
#define LAC_EXACT_EXACT_RECIPE_H

#include "base/vector.h"
#include "model/interval.h"

#include <stdbool.h>

typedef lac_interval lac_span;

typedef struct lac_recipe_step {
    lac_op op;
    unsigned args;
    lac_symbol symbol;
    double number;
} lac_recipe_step;

/* A part of parameters and numbers alone, which stands as one number in the whole. */
typedef struct lac_recipe_part {
    size_t at; /* the step of its number */
    size_t steps;
    lac_recipe_step *step; /* borrowed, behind those of the whole */
} lac_recipe_part;

/* Zero-initialised = absent. */
typedef struct lac_recipe {
    size_t steps;
    lac_recipe_step *step; /* owned */
    size_t parts;
    lac_recipe_part *part; /* owned */
    unsigned char *uses;   /* owned [variables] */
    bool on_time;          /* time or an input */
} lac_recipe;

/* What a law looks at; all borrowed. */
typedef struct lac_sight {
    const lac_model *model;
    lac_layout layout;
    const double *count;     /* [length]: whole numbers; states: unused */
    const double *per_count; /* [variables]: value of a count of 1; 0 = a state */
    const double *value;     /* [length]: values of states */
    const double *trial;     /* [variables]: values of states instead, or NULL */
    const double *parameter;
    const double *position[3];
    const double *point; /* [3]: coordinates of a point instead of those of the voxel, or NULL */
    size_t place;        /* with a point: the voxel whose regions it is in */
    const double *const *region;
    const double *input; /* at `time` */
    double time;
    bool ones; /* every variable is 1 */
    /* For bounds: */
    lac_span times;
    const lac_span *inputs; /* [inputs] */
    const lac_span *pool;   /* [pools]: values */
    const lac_span *state;  /* [length]: values of states */
} lac_sight;

enum { LAC_RECIPE_DEPTH = 512 };

/* LAC_LIMIT for a law that needs more than LAC_RECIPE_DEPTH places on the stack. */
lac_status lac_recipe_compile(const lac_model *model, const lac_expression *tree,
                              lac_recipe *recipe);
void lac_recipe_free(lac_recipe *recipe);

/* Before it is asked for values, and when parameters have changed. */
void lac_recipe_freeze(lac_recipe *recipe, const lac_sight *sight);

/* At a voxel (pool laws: any). */
double lac_recipe_value(const lac_recipe *recipe, const lac_sight *sight, size_t voxel);
/* Its value where every variable is 1. */
double lac_recipe_at_ones(const lac_recipe *recipe, const lac_sight *sight);
/* What stands in the voxel itself is known; states, pools and time are bounded. */
lac_span lac_recipe_span(const lac_recipe *recipe, const lac_sight *sight, size_t voxel);

/* exact_mass_action.c: how many of a reactant meet, where two or more do and the law is that power
 * of it: its propensity has n (n - 1) ... for n^m. Else 0. */
int lac_meeting_power(const lac_process *process, size_t variable);

#endif
