/* The peers' method, for comparison: locally one-dimensional backward Euler at a fixed step
 * (Marchuk 1968; as in the family of BioFVM). One implicit sweep of diffusion and a third of the
 * loss along each axis after the source. First order in the step, and at a steady state still wrong
 * by the splitting error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BENCH_LOD_H
#define LAC_BENCH_LOD_H

#include <stddef.h>

typedef struct lod lod;

typedef struct lod_problem {
    size_t n[3], fields; /* each field is n[0] * n[1] * n[2] values, one after the other */
    double h;            /* [um] */
    double diffusivity;  /* [um^2/s] */
    double loss;         /* [1/s] */
    double step;         /* [s] */
} lod_problem;

/* NULL when there is no memory. */
lod *lod_create(const lod_problem *problem);
void lod_free(lod *solver);

/* One step: u[voxel] += step * source for every field, then the three sweeps. */
void lod_step(lod *solver, double *u, size_t voxel, double source);

#endif
