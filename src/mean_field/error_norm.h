/* The norm of errors: how large an error is beside the tolerance of each variable, and where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_ERROR_NORM_H
#define LAC_MEAN_FIELD_ERROR_NORM_H

#include "stepper/stepper.h"

typedef struct lac_norm lac_norm;

/* `mobile[field]` as of lac_find_mobile: an immobile field counts only the voxels in which it
 * is not zero, since it may live in few of them. All borrowed but `mobile`, which is copied. */
lac_status lac_norm_create(const lac_scene *scene, const lac_layout *layout,
                           const unsigned char *mobile, lac_norm **norm);
void lac_norm_free(lac_norm *norm);

/* weight[i] = 1 / (n (atol + rtol |y_i|)^2) with n the voxels that count for its variable: the
 * square root of sum weight v^2 is at least the root mean square of v in tolerances of any variable
 * (each pool a variable of its own). */
void lac_norm_weights(lac_norm *norm, const double *y, double *weight);

typedef struct lac_step_check {
    double error;  /* in tolerances: NaN when anything is not a number */
    double lowest; /* least value of what may not be negative, in its absolute tolerance */
} lac_step_check;

/* A step from `before` to `after` [length each]: the estimate of its error, and that of a solution
 * of one order less, or NULL. */
typedef struct lac_step_values {
    const double *before, *after, *error, *rough;
} lac_step_values;

/* The largest over variables of the root mean square of error / tolerance, and of a fifth of its
 * largest value. An estimate can be small by chance, where two solutions are equally wrong; with
 * `rough` the error of a value is at least what its row of errors foretells: when a change of d has
 * a rough error of r, then r sqrt(r / d) is to be expected next (half of it is taken). */
lac_step_check lac_wrms_error(lac_norm *norm, const lac_step_values *step);

/* How far below zero a variable may be. */
double lac_norm_floor(const lac_norm *norm, size_t variable);

/* One place, for sentences. */
typedef struct lac_worst_place {
    size_t variable;
    size_t voxel; /* LAC_NONE for pools */
    double value; /* of y there */
} lac_worst_place;

/* Where |v| is largest in tolerances of y; where y is lowest in tolerances. */
lac_worst_place lac_norm_worst(const lac_norm *norm, const double *y, const double *v);
lac_worst_place lac_norm_lowest(const lac_norm *norm, const double *y);

#endif
