/* Pieces: what is done to LAC_BLOCK or fewer elements of vectors at once, in vector code that has
 * the same bits for any width.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_PIECES_H
#define LAC_MEAN_FIELD_PIECES_H

#include "base/vector.h"

/* Elements of piece `piece` of a vector; it begins at piece * LAC_BLOCK. */
size_t lac_piece_size(size_t length, size_t piece);

/* Sum of (weight a) b, in eight partial sums. */
double lac_piece_dot(const double *weight, const double *a, const double *b, size_t count);

/* y := y + factor x. */
void lac_piece_add(double *y, double factor, const double *x, size_t count);

/* y := own y + factor x. */
void lac_piece_mix(double *y, double own, double factor, const double *x, size_t count);

/* r := r - x + g j. */
void lac_piece_residual(double *r, const double *x, double g, const double *j, size_t count);

/* y := factor x. */
void lac_piece_scale(double *y, double factor, const double *x, size_t count);

#endif
