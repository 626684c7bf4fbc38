/* A frame: all that an expression may look at, at one time. Everything is borrowed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_FRAME_H
#define LAC_NETWORK_FRAME_H

#include "base/vector.h"
#include "model/model.h"

/* The places of one tissue. */
typedef struct lac_ground {
    const double *position[3];   /* x, y, depth of voxel centres [um]; [voxels] each */
    const double *const *region; /* [model->regions] 0/1 arrays of [voxels] */
    const double *active;        /* 0/1 of [voxels]; NULL = all active */
} lac_ground;

typedef struct lac_frame {
    const lac_layout *layout;
    size_t tissue;       /* the tract that is looked at; position, region and active are its own */
    const double *value; /* [layout->length] state vector */
    const double *parameter;            /* [model->parameters] current values */
    const double *position[3];          /* x, y, depth of voxel centres [um]; [voxels] each */
    const double *const *region;        /* [model->regions] 0/1 arrays of [voxels] */
    const double *active;               /* 0/1 of [voxels]; NULL = all active */
    double time;                        /* [s] */
    double *input;                      /* [model->inputs], filled by lac_frame_at */
    double *input_rate;                 /* d(input)/dt */
    const double *reduced;              /* observers only */
    lac_ground ground[LAC_TRACTS_MOST]; /* of all tissues, where there are several */
} lac_frame;

/* Looks at another tissue. */
void lac_frame_enter(lac_frame *frame, size_t tissue);

/* The tract that is looked at. */
const lac_tract *lac_frame_tract(const lac_frame *frame);

/* Sets the time and evaluates the inputs there. */
void lac_frame_at(lac_frame *frame, const lac_model *model, double time);

#endif
