/* Statistics of many runs.
 *
 * Within a group: Welford's recurrence (Technometrics 4, 419, 1962),
 *     d = x - m,  m += d / n,  s += d (x - m).
 * When group i with n_i samples of mean m_i ends, it joins what came before with N samples of mean
 * m (Chan, Golub & LeVeque, Am. Stat. 37, 242, 1983):
 *     between += (m_i - m)^2 n_i N / (N + n_i),  m += (m_i - m) n_i / (N + n_i),  within += s_i,
 * so the sums of squares between and within groups are sums of what is not negative; nothing is a
 * difference of large numbers. Their error is of the order of the rounding of the data times
 * (mean / sd): with a mean of 1e9 and an sd of 1 the sd is good to 1e-7.
 *
 * Chance and parameters are the variance components of the one-way random effects model with
 * unequal numbers, by analysis of variance (Searle, Casella & McCulloch, Variance Components, 1992,
 * section 3.6): with a groups and N samples,
 *     MSW = within / (N - a),  MSB = between / (a - 1),  n0 = (N - sum n_i^2 / N) / (a - 1),
 *     chance^2 = MSW,  parameters^2 = max(0, (MSB - MSW) / n0).
 * With one sample in each group they cannot be told apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/statistics.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* At one place. */
typedef struct sums {
    double open_count, open_mean, open_square; /* of the open group */
    double count, mean, between, within;       /* of the groups before it */
    double groups, squared_counts;             /* sum of n_i^2 */
} sums;

struct lac_running {
    size_t length, capacity;
    sums *at; /* owned */
};

void lac_running_free(lac_running *running)
{
    if (running)
        lac_free(running->at);
    lac_free(running);
}

lac_status lac_running_create(size_t length, lac_running **running)
{
    lac_status status = LAC_OK;
    lac_running *fresh = NULL;
    LAC_NEW(fresh, 1);
    LAC_NEW(fresh->at, length);
    fresh->length = fresh->capacity = length;
    *running = fresh;
    fresh = NULL;
out:
    lac_running_free(fresh);
    return status;
}

lac_status lac_running_grow(lac_running *running, size_t length)
{
    if (length > running->capacity) {
        sums *more = lac_regrow(running->at, running->length, length, sizeof *more);
        if (!more)
            return LAC_MEMORY;
        running->at = more;
        running->capacity = length;
    }
    if (length > running->length)
        running->length = length;
    return LAC_OK;
}

void lac_running_add(lac_running *running, const double *values, size_t length)
{
    for (size_t at = 0; at < length && at < running->length; at++) {
        sums *here = &running->at[at];
        if (isnan(values[at]))
            continue;
        here->open_count++;
        double step = values[at] - here->open_mean;
        here->open_mean += step / here->open_count;
        here->open_square += step * (values[at] - here->open_mean);
    }
}

/* The open group joins the others. */
static void close_group(sums *here)
{
    if (here->open_count == 0)
        return;
    double n = here->open_count, all = here->count + n;
    double step = here->open_mean - here->mean;
    here->between += step * step * n * here->count / all;
    here->mean += step * n / all;
    here->within += here->open_square;
    here->count = all;
    here->groups++;
    here->squared_counts += n * n;
    here->open_count = here->open_mean = here->open_square = 0;
}

void lac_running_next(lac_running *running)
{
    for (size_t at = 0; at < running->length; at++)
        close_group(&running->at[at]);
}

void lac_running_clear(lac_running *running)
{
    for (size_t at = 0; at < running->length; at++)
        running->at[at] = (sums){0};
}

size_t lac_running_length(const lac_running *running)
{
    return running->length;
}

lac_statistics lac_running_tell(const lac_running *running, size_t at)
{
    lac_statistics told = {0, NAN, NAN, NAN, NAN};
    sums all = running->at[at];
    close_group(&all);
    told.count = all.count;
    if (all.count == 0)
        return told;
    told.mean = all.mean;
    if (all.count > 1)
        told.sd = sqrt((all.within + all.between) / (all.count - 1));
    if (all.count <= all.groups)
        return told;
    double chance = all.within / (all.count - all.groups);
    told.chance = sqrt(chance);
    if (all.groups < 2)
        return told;
    double size = (all.count - all.squared_counts / all.count) / (all.groups - 1);
    double parameters = (all.between / (all.groups - 1) - chance) / size;
    told.parameters = parameters > 0 ? sqrt(parameters) : 0;
    return told;
}

void lac_welford_add(double *mean, double *square, double n, const double *values, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        double step = values[at] - mean[at];
        mean[at] += step / n;
        square[at] += step * (values[at] - mean[at]);
    }
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

void lac_sort(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
}

double lac_quantile(const double *sorted, size_t count, double fraction)
{
    if (count == 0)
        return NAN;
    double place = fraction * (double)(count - 1);
    size_t below = (size_t)place;
    if (below + 1 >= count)
        return sorted[count - 1];
    double part = place - (double)below;
    return part > 0 ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[below];
}
