/* Strips: what is done to a block of numbers at once (vector.h: LAC_BLOCK), in vector code that
 * has the same bits for any width of vectors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_STRIPS_H
#define LAC_BASE_STRIPS_H

#include <stddef.h>

/* Sums of a, a b and (weight a) b: eight partial sums, added in fixed order. */
double lac_strip_sum(const double *a, size_t count);
double lac_strip_dot(const double *a, const double *b, size_t count);
double lac_strip_weighted_dot(const double *weight, const double *a, const double *b, size_t count);

void lac_strip_fill(double *to, double value, size_t count);
/* to = from where mask is not 0, else 0 (also where `from` is NaN); `to` may be `from`. */
void lac_strip_select(double *to, const double *from, const double *mask, size_t count);
int lac_strip_all(const double *mask, size_t count); /* none is 0 */

void lac_strip_add(double *to, double value, size_t count);
void lac_strip_scale(double *to, double factor, const double *a, size_t count);
void lac_strip_add_scaled(double *to, double factor, const double *a, size_t count);
/* The same for two targets, which must not overlap. */
void lac_strip_add_two(double *to, double factor, double *other, double other_factor,
                       const double *a, size_t count);
/* to = own to + factor a, which must not overlap. */
void lac_strip_mix(double *to, double own, double factor, const double *a, size_t count);
/* r = r - x + g j, none of which may overlap. */
void lac_strip_residual(double *r, const double *x, double g, const double *j, size_t count);
void lac_strip_multiply(double *to, const double *a, const double *b, size_t count);
void lac_strip_add_product(double *to, const double *a, const double *b, size_t count);
void lac_strip_subtract_product(double *to, const double *a, const double *b, size_t count);

/* a := 1 / a; the first place that is 0 or not finite, or `count`. */
size_t lac_strip_invert(double *a, size_t count);

#endif
