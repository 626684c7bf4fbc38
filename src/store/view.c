/* Views: variables that show the values of many files as one (HDF5's virtual datasets).
 *
 * HDF5 shows the fill value where a source is missing and says nothing; who makes views must say
 * which rows have values, and look whether the files are still there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "store/store_internal.h"

#include <hdf5_hl.h>
#include <string.h>

/* The present lengths of the dimensions; a view does not grow. */
static lac_status measure(lac_store *store, const lac_store_view_about *about, hsize_t *length)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(about->count >= 2 && about->count <= LAC_STORE_RANK, LAC_INTERNAL,
                "%s: a view of %zu dimensions", store->path, about->count);
    for (size_t axis = 0; axis < about->count; axis++) {
        lac_store_series *scale = NULL;
        LAC_TRY(lac_store_find(store, about->dimensions[axis], &scale));
        length[axis] = scale->length[0];
    }
out:
    return status;
}

/* One source: its first records fill the beginning of a row. */
static lac_status map_source(lac_store *store, const lac_store_view_about *about,
                             const hsize_t *length, const lac_store_source *source, hid_t creation)
{
    lac_status status = LAC_OK;
    size_t rank = about->count;
    hsize_t first[LAC_STORE_RANK] = {source->row}, count[LAC_STORE_RANK];
    memcpy(count, length, rank * sizeof *count);
    count[0] = 1;
    count[1] = source->records;
    hid_t target = H5Screate_simple((int)rank, length, NULL);
    hid_t part = H5Screate_simple((int)rank - 1, count + 1, NULL);
    H5Sselect_hyperslab(target, H5S_SELECT_SET, first, NULL, count, NULL);
    LAC_HDF5(H5Pset_virtual(creation, target, source->file, about->source_path, part), store,
             "map %s of %s", about->source_path, source->file);
out:
    H5Sclose(part);
    H5Sclose(target);
    return status;
}

static lac_status create_view(lac_store *store, const char *path, const lac_store_view_about *about,
                              hid_t *dataset)
{
    lac_status status = LAC_OK;
    hsize_t length[LAC_STORE_RANK];
    hid_t space = -1, creation = lac_store_dataset_list(H5T_NATIVE_FLOAT);
    LAC_TRY(measure(store, about, length));
    for (size_t source = 0; source < about->sources; source++)
        LAC_TRY(map_source(store, about, length, &about->source[source], creation));
    space = H5Screate_simple((int)about->count, length, NULL);
    *dataset =
        H5Dcreate2(store->file, path, H5T_NATIVE_FLOAT, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    LAC_HDF5(*dataset, store, "create the view %s", path);
out:
    if (space >= 0)
        H5Sclose(space);
    H5Pclose(creation);
    return status;
}

lac_status lac_store_view(lac_store *store, const char *path, const lac_store_view_about *about)
{
    lac_status status = LAC_OK;
    hid_t dataset = -1;
    lac_store_series *series = NULL;
    LAC_TRY(create_view(store, path, about, &dataset));
    LAC_TRY(lac_store_adopt(store, path, dataset, &series));
    LAC_TRY(lac_store_describe(store, dataset, about->units, about->long_name));
    LAC_TRY(lac_store_mark_missing(store, dataset, H5T_NATIVE_FLOAT));
    for (size_t axis = 0; axis < about->count; axis++)
        LAC_TRY(lac_store_attach(store, dataset, about->dimensions[axis], axis));
out:
    return status;
}

/* --- a real variable in its place --- */

typedef struct settling {
    lac_store *store;
    const char *dimension[LAC_STORE_RANK]; /* owned by `name` */
    char name[LAC_STORE_RANK][LAC_STORE_PATH];
    size_t count;
} settling;

/* H5DSiterate_scales calls it with each scale of an axis: the first is taken. */
static herr_t take_scale(hid_t dataset, unsigned axis, hid_t scale, void *context)
{
    settling *work = context;
    (void)dataset;
    if (H5Iget_name(scale, work->name[axis], LAC_STORE_PATH) <= 0)
        return -1;
    work->dimension[axis] = work->name[axis];
    return 1;
}

static lac_status find_dimensions(settling *work, const lac_store_series *view)
{
    work->count = view->rank;
    for (size_t axis = 0; axis < view->rank; axis++)
        if (H5DSiterate_scales(view->dataset, (unsigned)axis, NULL, take_scale, work) <= 0)
            return lac_fail(LAC_NO_INPUT, "%s: %s has no names of its dimensions",
                            work->store->path, view->path);
    return LAC_OK;
}

/* Lets go of the scales first: they keep a list of who uses them. */
static lac_status remove_view(settling *work, lac_store_series *view)
{
    lac_status status = LAC_OK;
    lac_store *store = work->store;
    for (size_t axis = 0; axis < work->count; axis++) {
        lac_store_series *scale = NULL;
        LAC_TRY(lac_store_find(store, work->dimension[axis], &scale));
        LAC_HDF5(H5DSdetach_scale(view->dataset, scale->dataset, (unsigned)axis), store,
                 "detach the dimension %s", work->dimension[axis]);
    }
    LAC_HDF5(H5Ldelete(store->file, view->path, H5P_DEFAULT), store, "remove the view %s",
             view->path);
    H5Dclose(view->dataset);
    size_t index = 0;
    while (store->series[index] != view)
        index++;
    store->series[index] = store->series[--store->series_count];
    lac_free(view->path);
    lac_free(view);
out:
    return status;
}

static lac_status read_optional(lac_store *store, const char *path, const char *name, char **words)
{
    lac_status status = LAC_OK;
    *words = NULL;
    if (H5Aexists_by_name(store->file, path, name, H5P_DEFAULT) > 0)
        LAC_TRY(lac_store_read_text(store, path, name, words));
out:
    return status;
}

lac_status lac_store_settle(lac_store *store, const char *path, int compression,
                            lac_store_series **series)
{
    lac_status status = LAC_OK;
    lac_store_series *view = NULL;
    settling work = {.store = store};
    char *units = NULL, *long_name = NULL, *label = NULL;
    LAC_TRY(lac_store_find(store, path, &view));
    LAC_TRY(find_dimensions(&work, view));
    LAC_TRY(read_optional(store, path, "units", &units));
    LAC_TRY(read_optional(store, path, "long_name", &long_name));
    LAC_TRY(read_optional(store, path, "unit_label", &label));
    LAC_TRY(remove_view(&work, view));
    store->compression = compression;
    LAC_TRY(lac_store_table(
        store,
        &(lac_store_about){path, LAC_STORE_FLOAT, work.dimension, work.count, units, long_name},
        series));
    if (label)
        LAC_TRY(lac_store_text_attribute(store, path, "unit_label", label));
out:
    lac_free(units);
    lac_free(long_name);
    lac_free(label);
    return status;
}
