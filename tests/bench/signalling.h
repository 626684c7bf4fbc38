/* The signalling problem of the benches: twelve species in a section of 20 um voxels. Scattered
 * cells with two states make signals that diffuse, bind, are sensed and wear a matrix down; a pulse
 * of one signal from day 1 to day 3. The truth is the engine at rtol 1e-6.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_BENCH_SIGNALLING_H
#define LAC_TESTS_BENCH_SIGNALLING_H

#include "physics/scene.h"

enum { SIGNALLING_TIMES = 9 };

/* [s] at which it is compared. */
extern const double signalling_time[SIGNALLING_TIMES];

scene *signalling_scene(size_t wide, size_t deep, double rtol);

/* The largest over species of the relative L2 difference of two states; what is below 1000 absolute
 * tolerances counts as that. */
double worst_species(const scene *s, const double *value, const double *truth);

#endif
