/* Trajectories: many replicates of a model text by one of the program's methods, or of a net by the
 * plain twin, as counts at evenly spaced times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_ENGINE_H
#define LAC_STATISTICS_ENGINE_H

#include "statistics/net.h"

#include "loading/override.h"

typedef struct problem {
    const char *model; /* file of the cases, without ".yaml" */
    const net *net;    /* the same, written out; its species are the columns of the samples */
    double every;      /* [s] time between frames: save.every of the model */
    size_t frames;     /* with the one at time 0 */
} problem;

typedef struct engine {
    const char *method; /* "exact", or "twin" */
    const char *cases;  /* directory */
    plant planted;      /* in the twin */
    uint64_t seed;
    const lac_override *set; /* borrowed: beside method and seed */
    size_t sets;
} engine;

enum { ENGINE_SETS = 8 };

/* Counts of all variables (fields voxel by voxel, then pools), then the values of the observables,
 * at frame f of replicate r: value[(r * frames + f) * columns + column]. */
typedef struct sample {
    size_t replicates, frames, columns;
    double *value; /* owned */
    /* What a method of the program states at the end, of each variable as a whole. */
    size_t variables;
    double *bias; /* owned [replicates][variables]; 0 where nothing is stated */
} sample;

/* All cores; the same numbers for any number of them. Leaves with a message and code 2 when a
 * trajectory cannot be run. */
sample sample_draw(const engine *e, const problem *p, size_t replicates);
void sample_free(sample *s);

static inline double sample_at(const sample *s, size_t replicate, size_t frame, size_t column)
{
    return s->value[(replicate * s->frames + frame) * s->columns + column];
}

#endif
