/* Cells that switch in a row of voxels, and one continuous ligand that they make: what is simulated
 * is the same piecewise deterministic process as by the method hybrid, by other means. The ligand
 * obeys u' = L u + q s, exactly between events (matrix exponential). Steps are short and of one
 * length; all cells that switch in one do so in its middle, by the level there (Strang), so that
 * the error is of second order, and of first order, dt / 2 of delay, where the ligand is faster
 * than a step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_PIECEWISE_H
#define LAC_STATISTICS_PIECEWISE_H

#include "statistics/engine.h"

enum { PIECEWISE_SITES = 8 };

typedef struct piecewise {
    double hop, loss;    /* [1/s] of the ligand */
    double source, fold; /* [molecules/s] of a cell that is off; times fold when it is on */
    double up, down;     /* [1/s] */
    /* up * (1 + gain * H), down * (1 + hold * (1 - H)), H = hill(u, level, 2) */
    double gain, hold;
    double level; /* [molecules] */
    double step;  /* [s] */
    double every; /* [s] time between frames, whole steps */
    size_t frames;
} piecewise;

/* One cell a voxel, all off, no ligand. Columns: off, on, ligand, voxel by voxel. */
sample piecewise_draw(const piecewise *p, uint64_t seed, size_t replicates);

#endif
