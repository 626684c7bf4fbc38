/* The bound of a step by its events: those of a discrete process may be few only beside what they
 * change, in the tissue as a whole and in each of its regions.
 *
 *   sum over sites of integrated propensity <= accuracy * max(number, 1)
 *
 * What feedback of others and of a site's own events leaves is of the order of accuracy^2.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>

/* Sums over the sites of a region (NULL = everywhere). */
typedef struct lac_event_sums {
    double events, number;
} lac_event_sums;

static double number_at(const lac_hybrid *h, const lac_discrete_process *it, size_t site)
{
    double least = INFINITY;
    for (size_t k = 0; k < it->limits; k++) {
        const size_t variable = it->limit[k], d = h->place[variable];
        const size_t at = variable < h->layout.fields ? site : 0;
        least = fmin(least, h->count[h->count_at[d] + at]);
    }
    return least;
}

static lac_event_sums sums_over(const lac_hybrid *h, const lac_discrete_process *it,
                                const double *region)
{
    lac_event_sums sums = {0, 0};
    for (size_t site = 0; site < it->sites; site++) {
        if (region && region[site] == 0)
            continue;
        sums.events += fmax(h->integral[it->first + site], 0);
        sums.number += number_at(h, it, site);
    }
    return sums;
}

double lac_hybrid_excess(const lac_hybrid *h)
{
    const lac_grid *grid = h->scene.grid;
    double worst = 0;
    for (size_t k = 0; k < h->switches; k++)
        for (size_t r = 0; r <= (h->process[k].in_tissue ? grid->regions : 0); r++) {
            lac_event_sums sums = sums_over(h, &h->process[k], r == 0 ? NULL : grid->region[r - 1]);
            worst = fmax(worst, sums.events / fmax(sums.number, 1));
        }
    return worst / h->scene.model->settings.accuracy;
}
