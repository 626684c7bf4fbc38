/* A survey: the scales of a model at its initial state, before anything is run: molecules per
 * voxel, times of hops, of diffusion and of reactions, conservation laws, cost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SURVEY_H
#define LAC_RUN_SURVEY_H

#include "hybrid/hybrid.h"
#include "model/model.h"
#include "network/network.h"
#include "stepper/stepper.h"

/* How far a species gets before it is lost, sqrt(D / k), where the grid is coarsest for that. NaN
 * where nothing of it is lost or it does not diffuse. */
typedef struct lac_survey_decay {
    double length;    /* [um] there */
    double side;      /* [um] of the voxel there, along `axis` */
    int axis;         /* 0 to 2: x, y, depth */
    double depth;     /* [um] of that voxel's centre */
    double coarse[2]; /* [um] depths between which sides are above LAC_DECAY_SIDES of a length */
} lac_survey_decay;

#define LAC_DECAY_SIDES 0.5

/* Of one variable; NaN where it does not apply. */
typedef struct lac_survey_variable {
    double mean;        /* fields: mean density over active voxels; pools: the value */
    double per_voxel;   /* molecules or cells in a voxel at the mean density */
    double content;     /* molecules or cells in the whole joint, or um^3 * value */
    double diffusivity; /* [um^2/s] mean over active voxels */
    double hop;         /* [s] 1 / (2 D sum 1/h^2) over the axes with more than one voxel: the mean
                           time in a voxel; h^2 / (6 D) for cubes */
    double spread;      /* [s] L^2 / (2 D), L the longest side of the tissue */
    lac_survey_decay decay;
} lac_survey_variable;

typedef struct lac_survey {
    lac_survey_variable *variable; /* owned [model->variables] */
    double *reaction; /* owned [model->processes]: shortest 1 / |factor d(rate)/du| [s] over its
                         changed variables u and all voxels; infinite when there is none */
    bool *held; /* owned [model->events]: triggers that hold at t = 0 and so do not fire there */
    lac_invariants invariants;
    double unknowns;
    size_t memory;         /* bytes, see simulation.h */
    lac_event_cost events; /* at the initial state, where the method's cost are events; else NaN */
    lac_hybrid_outlook outlook; /* of the method hybrid; rate NULL for others */
} lac_survey;

lac_status lac_survey_create(const lac_model *model, lac_survey **survey);
void lac_survey_free(lac_survey *survey);

#endif
