/* Composition-rejection sampling: sites with whole weights, from which one is drawn with
 * probability weight / total, in a time that does not grow with the number of sites.
 *
 * Slepoy, Thompson & Plimpton 2008, J. Chem. Phys. 128:205101: sites are
 * grouped by the bits of their weight; a group is chosen by its sum, a site of it evenly, and kept
 * with probability weight / 2^bits >= 1/2. Weights are whole numbers, so that sums are exact and
 * never drift. The sites stand in one permutation, groups one after another; a site that changes
 * its group swaps places at each bound that it crosses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_COMPOSITION_REJECTION_H
#define LAC_EXACT_COMPOSITION_REJECTION_H

#include "base/random.h"

#include <stdbool.h>

enum { LAC_CR_GROUPS = 33 }; /* group g > 0: weights of g bits; group 0: weight 0 */

#define LAC_CR_WEIGHT_MAX 2147483648.0 /* of a weight */

/* All that changes but the sites' own words; part of what a checkpoint keeps. */
typedef struct lac_cr_groups {
    uint64_t total;
    uint64_t filled; /* bit g: group g has a site */
    uint64_t sum[LAC_CR_GROUPS];
    uint64_t start[LAC_CR_GROUPS + 1]; /* in `order` */
} lac_cr_groups;

typedef struct lac_cr_sampler {
    size_t sites;
    uint32_t *weight, *order, *place; /* borrowed [sites] */
    lac_cr_groups *groups;            /* borrowed */
} lac_cr_sampler;

/* Groups the sites by the weights that stand in `weight`. */
void lac_cr_sampler_fill(lac_cr_sampler *sampler);

void lac_cr_sampler_set(lac_cr_sampler *sampler, size_t site, uint32_t weight);

/* The total is not 0. */
size_t lac_cr_sampler_draw(const lac_cr_sampler *sampler, lac_stream *stream);

/* Do the groups agree with the weights, computed the slow way? */
bool lac_cr_sampler_verify(const lac_cr_sampler *sampler);

#endif
