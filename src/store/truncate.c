/* Records: how many an unlimited dimension holds, and cutting it back to resume from a checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_internal.h"

#include <hdf5_hl.h>

lac_status lac_store_length(lac_store *store, const char *path, size_t *records)
{
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    LAC_TRY(lac_store_find(store, path, &series));
    LAC_REQUIRE(series->unlimited, LAC_FILE, "%s: %s has no records", store->path, path);
    *records = (size_t)series->length[0];
out:
    return status;
}

typedef struct cut {
    lac_store *store;
    hid_t scale;
    hsize_t records;
    lac_status status;
} cut;

static lac_status cut_dataset(cut *work, const char *path)
{
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    LAC_TRY(lac_store_find(work->store, path, &series));
    if (!series->unlimited ||
        (series->dataset != work->scale && H5DSis_attached(series->dataset, work->scale, 0) <= 0))
        goto out;
    LAC_REQUIRE(series->length[0] >= work->records, LAC_FILE,
                "%s: %s holds %llu records, but %llu are to be kept", work->store->path, path,
                (unsigned long long)series->length[0], (unsigned long long)work->records);
    series->length[0] = work->records;
    LAC_HDF5(H5Dset_extent(series->dataset, series->length), work->store, "shorten %s", path);
out:
    return status;
}

static herr_t visit(hid_t file, const char *name, const H5O_info_t *about, void *context)
{
    cut *work = context;
    char path[LAC_STORE_PATH];
    (void)file;
    if (about->type != H5O_TYPE_DATASET)
        return 0;
    snprintf(path, sizeof path, "/%s", name);
    work->status = cut_dataset(work, path);
    return work->status != LAC_OK;
}

lac_status lac_store_truncate(lac_store *store, const char *dimension, size_t records)
{
    lac_status status = LAC_OK;
    lac_store_series *scale = NULL;
    LAC_TRY(lac_store_drain_all(store));
    LAC_TRY(lac_store_find(store, dimension, &scale));
    cut work = {store, scale->dataset, records, LAC_OK};
    LAC_HDF5(H5Ovisit2(store->file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &work, H5O_INFO_BASIC),
             store, "look through the variables");
    LAC_TRY(work.status);
    LAC_TRY(lac_store_flush(store));
out:
    return status;
}
