/* Putting: small records are held back and reach their dataset many at a time, at the latest with
 * the next flush; what is large goes there at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "store/store_internal.h"

#include <string.h>

enum { HELD_VALUES = 2048 }; /* of a series; a record of more than half of it is large */

lac_status lac_store_write(lac_store_series *series, const hsize_t *first, const hsize_t *count,
                           const double *values)
{
    lac_status status = LAC_OK;
    hid_t space = H5Dget_space(series->dataset);
    hid_t memory = H5Screate_simple((int)series->rank, count, NULL);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL);
    LAC_HDF5(H5Dwrite(series->dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values),
             series->store, "write %s", series->path);
out:
    H5Sclose(space);
    H5Sclose(memory);
    return status;
}

static lac_status write_records(lac_store_series *series, size_t first, size_t records,
                                const double *values)
{
    lac_status status = LAC_OK;
    hsize_t start[LAC_STORE_RANK] = {first}, count[LAC_STORE_RANK];
    memcpy(count, series->length, sizeof count);
    if (series->unlimited) {
        LAC_HDF5(H5Dset_extent(series->dataset, series->length), series->store, "extend %s",
                 series->path);
        count[0] = records;
    }
    LAC_TRY(lac_store_write(series, start, count, values));
out:
    return status;
}

lac_status lac_store_drain(lac_store_series *series)
{
    size_t records = series->held_count;
    series->held_count = 0;
    return records ? write_records(series, series->held_first, records, series->held) : LAC_OK;
}

lac_status lac_store_drain_all(lac_store *store)
{
    lac_status status = LAC_OK;
    for (size_t index = 0; index < store->series_count; index++)
        LAC_TRY(lac_store_drain(store->series[index]));
out:
    return status;
}

static size_t record_values(const lac_store_series *series)
{
    size_t values = 1;
    for (size_t axis = 1; axis < series->rank; axis++)
        values *= (size_t)series->length[axis];
    return values;
}

/* Room for held records, when the series is of the kind that holds them. */
static lac_status make_room(lac_store_series *series)
{
    lac_status status = LAC_OK;
    size_t values = record_values(series);
    if (series->held || !series->unlimited || values == 0 || values > HELD_VALUES / 2)
        goto out;
    LAC_NEW(series->held, HELD_VALUES);
    series->held_most = HELD_VALUES / values;
out:
    return status;
}

lac_status lac_store_put(lac_store_series *series, size_t index, const double *values)
{
    lac_status status = LAC_OK;
    size_t record = record_values(series);
    LAC_TRY(make_room(series));
    if (series->held_count == series->held_most || index != series->held_first + series->held_count)
        LAC_TRY(lac_store_drain(series));
    if (series->unlimited && index >= series->length[0])
        series->length[0] = index + 1;
    if (!series->held) {
        LAC_TRY(write_records(series, index, 1, values));
        goto out;
    }
    if (series->held_count == 0)
        series->held_first = index;
    memcpy(series->held + series->held_count++ * record, values, record * sizeof *values);
out:
    return status;
}
