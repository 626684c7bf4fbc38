/* The point-source problem of the benches: N^3 voxels of 20 um, D = 6000 um^2/min, loss 0.01/min,
 * one secreting voxel whose source doubles half-way through 4000 minutes. Its semi-discrete
 * solution is known in closed form, so that errors are those of the run in time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_BENCH_POINT_SOURCE_H
#define LAC_TESTS_BENCH_POINT_SOURCE_H

#include "physics/scene.h"

#define POINT_SOURCE_H 20.0           /* [um] */
#define POINT_SOURCE_D 100.0          /* [um^2/s] */
#define POINT_SOURCE_LOSS (0.01 / 60) /* [1/s] */
#define POINT_SOURCE_MADE 1.0         /* [1/s] */

enum { POINT_SOURCE_TIMES = 9 };

/* [s] at which it is compared. */
extern const double point_source_time[POINT_SOURCE_TIMES];

scene *point_source_scene(size_t n, double rtol);

/* The truth at each of the times, [POINT_SOURCE_TIMES][n^3], owned by the caller (lac_free). */
double *point_source_truth(size_t n);

#endif
