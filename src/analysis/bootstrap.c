/* Bootstrap: draws with replacement, and quantiles of what they give.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/bootstrap.h"

#include "analysis/statistics.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>

static void choose_all(size_t items, size_t *chosen)
{
    for (size_t item = 0; item < items; item++)
        chosen[item] = item;
}

/* With replacement; resample `number` of a seed is always the same. */
static void choose_anew(uint64_t seed, size_t number, size_t items, size_t *chosen)
{
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(seed, 0, LAC_FOR_RESAMPLING), number);
    for (size_t item = 0; item < items; item++)
        chosen[item] = (size_t)(lac_stream_unit(&stream) * (double)items);
}

/* values[resamples][count] -> interval[count] */
static void take_quantiles(const double *values, size_t count, const lac_bootstrap *bootstrap,
                           double *scratch, lac_confidence_interval *interval)
{
    for (size_t k = 0; k < count; k++) {
        size_t known = 0;
        for (size_t number = 0; number < bootstrap->resamples; number++)
            if (!isnan(values[number * count + k]))
                scratch[known++] = values[number * count + k];
        lac_sort(scratch, known);
        interval[k].low = lac_quantile(scratch, known, (1 - bootstrap->confidence) / 2);
        interval[k].high = lac_quantile(scratch, known, (1 + bootstrap->confidence) / 2);
    }
}

lac_status lac_bootstrap_estimate(const lac_resampled *whole, const lac_bootstrap *bootstrap,
                                  lac_confidence_interval *interval)
{
    lac_status status = LAC_OK;
    size_t resamples = bootstrap->resamples, count = whole->count;
    size_t *chosen = NULL;
    double *values = NULL, *scratch = NULL;
    LAC_REQUIRE(bootstrap->confidence > 0 && bootstrap->confidence < 1, LAC_USAGE,
                "the confidence of intervals is %g: it lies between 0 and 1",
                bootstrap->confidence);
    LAC_NEW(chosen, whole->items);
    LAC_NEW(values, (resamples > 0 ? resamples : 1) * count);
    LAC_NEW(scratch, resamples);
    choose_all(whole->items, chosen);
    whole->statistics(whole->data, chosen, values);
    for (size_t k = 0; k < count; k++)
        interval[k].value = values[k];
    for (size_t number = 0; number < resamples; number++) {
        choose_anew(bootstrap->seed, number, whole->items, chosen);
        whole->statistics(whole->data, chosen, values + number * count);
    }
    take_quantiles(values, count, bootstrap, scratch, interval);
out:
    lac_free(chosen);
    lac_free(values);
    lac_free(scratch);
    return status;
}
