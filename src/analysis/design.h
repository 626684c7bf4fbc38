/* Designs: where in the unit cube the points of a sampled plan lie. Pure functions of their
 * arguments, the same on every machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_DESIGN_H
#define LAC_ANALYSIS_DESIGN_H

#include "base/status.h"
#include "plan/plan.h"

#include <stdint.h>

typedef struct lac_design {
    lac_design_kind kind;
    size_t dimensions;
    size_t samples;     /* points; MORRIS: trajectories; SALTELLI: size of the base sample */
    size_t grid_levels; /* MORRIS */
    uint64_t seed;
    size_t first; /* SOBOL: number in the sequence of the first point; 0 = lac_design_first */
} lac_design;

/* Rows: samples; MORRIS samples * (dimensions + 1); SALTELLI samples * (dimensions + 2). */
/* The smallest power of 2 not below `samples`. */
size_t lac_design_first(size_t samples);

size_t lac_design_rows(const lac_design *design);

/* Fills unit[rows][dimensions], values in (0, 1) (MORRIS: in [0, 1], on its grid). LAC_LIMIT for
 * more dimensions than a sequence has. SOBOL and SALTELLI do not look at the seed. The first points
 * of RANDOM and the first trajectories of MORRIS are the same however many follow.
 *
 * LATIN: McKay, Beckman & Conover (1979); SOBOL: direction numbers of Bratley & Fox (1988) as in
 * GSL, points s, s + 1, ... of the sequence, where s is the smallest power of 2 not below
 * `samples`: for samples = s every factor has one point at the middle of each of s equal layers;
 * MORRIS: Morris (1991), row t * (k + 1) + s is step s of trajectory t; SALTELLI: Saltelli et al.
 * (2010), rows A, then B, then A with column i of B for each i: row block b * samples + j. */
lac_status lac_design_fill(const lac_design *design, double *unit);

#endif
