/* The baseline of the benches of chance, for two problems on 50^3 voxels of 20 um, D = 50 um^2/s,
 * reflecting walls, 3 molecules a voxel.
 *
 *   A: births and deaths, half-life 1 h.   B: A + B <-> C, 0.01/s per pair in a voxel, 0.03/s.
 *
 * It is written for these two and knows their rates as constants: one heap of all voxels, a voxel
 * in one cache line, the same generator. It is no slower than URDME 1.4, which takes 0.285 and 0.97
 * s per simulated second for A and B on a Zen 4 core.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_NEXT_SUBVOLUME_H
#define BENCH_NEXT_SUBVOLUME_H

#include "base/status.h"

enum { BENCH_SIDE = 50 };

typedef struct bench_cost {
    double per_second; /* CPU seconds per simulated second */
    double per_event;  /* [ns] */
} bench_cost;

double cpu_seconds(void);
void must(lac_status status); /* or the end of the program */

/* Problem 0 is A, 1 is B; after 0.5 s that are not measured. */
bench_cost run_next_subvolume(int problem, double seconds);

#endif
