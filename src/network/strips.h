/* Strips: the plain loops over neighbouring voxels that the network is made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_STRIPS_H
#define LAC_NETWORK_STRIPS_H

#include <stddef.h>

/* Eight partial sums, added in fixed order. */
double lac_strip_sum(const double *a, size_t count);

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
void lac_strip_multiply(double *to, const double *a, const double *b, size_t count);
void lac_strip_add_product(double *to, const double *a, const double *b, size_t count);
void lac_strip_subtract_product(double *to, const double *a, const double *b, size_t count);

/* a := 1 / a; the first place that is 0 or not finite, or `count`. */
size_t lac_strip_invert(double *a, size_t count);

#endif
