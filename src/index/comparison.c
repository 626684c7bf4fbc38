/* Comparisons: members of an arm, and their partners.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "index/comparison.h"

#include "base/memory.h"
#include "campaign/campaign.h"

#include <math.h>

static lac_distribution_of spread_of(double *values, size_t count)
{
    lac_sort(values, count);
    return (lac_distribution_of){lac_quantile(values, count, 0.05),
                                 lac_quantile(values, count, 0.5),
                                 lac_quantile(values, count, 0.95)};
}

static bool counts(const lac_index_reader *reader, const double *number, size_t member, size_t arm)
{
    return reader->arm[member] == (double)arm && reader->status[member] == LAC_DONE &&
           isfinite(number[member]);
}

/* Members of a point stand together, so a new row begins a new group. */
static lac_status describe(const lac_index_reader *reader, const double *number, size_t arm,
                           double *values, lac_comparison *comparison)
{
    lac_status status = LAC_OK;
    lac_running *running = NULL;
    size_t count = 0;
    double row = NAN;
    LAC_TRY(lac_running_create(1, &running));
    for (size_t member = 0; member < reader->members; member++) {
        if (!counts(reader, number, member, arm))
            continue;
        if (count > 0 && reader->row[member] != row)
            lac_running_next(running);
        row = reader->row[member];
        lac_running_add(running, &number[member], 1);
        values[count++] = number[member];
    }
    comparison->own = lac_running_tell(running, 0);
    comparison->value = spread_of(values, count);
out:
    lac_running_free(running);
    return status;
}

/* Arms have the same rows and replicates in the same order, so partners are met in step. */
static void pair(const lac_index_reader *reader, const double *number, size_t arm, size_t against,
                 double *values, lac_comparison *comparison)
{
    size_t other = 0, below = 0;
    for (size_t member = 0; member < reader->members && arm != against; member++) {
        if (reader->arm[member] != (double)arm)
            continue;
        while (other < reader->members && reader->arm[other] != (double)against)
            other++;
        if (other == reader->members)
            break;
        if (counts(reader, number, member, arm) && counts(reader, number, other, against)) {
            double difference = number[member] - number[other];
            below += difference < 0;
            values[comparison->pairs++] = difference;
        }
        other++;
    }
    comparison->difference = spread_of(values, comparison->pairs);
    comparison->below =
        comparison->pairs > 0 ? (double)below / (double)comparison->pairs : (double)NAN;
}

lac_status lac_compare(const lac_index_reader *reader, const double *number, size_t arm,
                       size_t against, lac_comparison *comparison)
{
    lac_status status = LAC_OK;
    double *values = NULL;
    *comparison = (lac_comparison){0};
    LAC_NEW(values, reader->members);
    LAC_TRY(describe(reader, number, arm, values, comparison));
    pair(reader, number, arm, against, values, comparison);
out:
    lac_free(values);
    return status;
}
