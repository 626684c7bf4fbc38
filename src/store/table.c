/* Tables: variables that are written by the row, the column or any other box, and that grow along
 * whatever dimension is unlimited. Fields are deflated frame by frame; the rest is not, since its
 * chunks are rewritten.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/text.h"
#include "store/store_internal.h"

#include <string.h>

enum { FIELD_RANK = 4, FIELD_BYTES = 1 << 20, TABLE_BYTES = 1 << 16, GROWING = 512 };

/* Along the last axes first, until a chunk is full; a field's leading axes have a chunk each. */
static void choose_chunk(const hsize_t *length, size_t rank, size_t size, hsize_t *chunk)
{
    size_t most = rank >= FIELD_RANK ? FIELD_BYTES : TABLE_BYTES, bytes = size;
    for (size_t axis = 0; axis < rank; axis++) {
        bool leads = rank >= FIELD_RANK && axis + 3 < rank;
        chunk[axis] = leads ? 1 : length[axis] ? length[axis] : GROWING;
        bytes *= chunk[axis];
    }
    for (size_t axis = 0; axis < rank; axis++) {
        while (bytes > most && chunk[axis] > 1) {
            bytes /= chunk[axis];
            chunk[axis] = (chunk[axis] + 1) / 2;
            bytes *= chunk[axis];
        }
    }
}

static hid_t creation_list(const lac_store *store, hid_t type, const hsize_t *length, size_t rank)
{
    hid_t creation = lac_store_dataset_list(type);
    hsize_t chunk[LAC_STORE_RANK];
    int64_t none = 0; /* integers count something */
    if (H5Tget_class(type) == H5T_INTEGER)
        H5Pset_fill_value(creation, H5T_NATIVE_INT64, &none);
    choose_chunk(length, rank, H5Tget_size(type), chunk);
    lac_store_chunks(store, creation, (int)rank, chunk,
                     rank >= FIELD_RANK ? store->compression : 0);
    return creation;
}

/* No chunk cache, so that a full disk shows when a box is put. */
static hid_t create_dataset(lac_store *store, const char *path, hid_t type, hid_t space,
                            hid_t creation)
{
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, 0, 0, 0);
    hid_t dataset = H5Dcreate2(store->file, path, type, space, H5P_DEFAULT, creation, access);
    H5Pclose(access);
    return dataset;
}

static lac_status measure(lac_store *store, const char *const *dimensions, size_t count,
                          hsize_t *length, hsize_t *most)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(count > 0 && count <= LAC_STORE_RANK, LAC_INTERNAL, "%s: a table of %zu dimensions",
                store->path, count);
    for (size_t axis = 0; axis < count; axis++) {
        lac_store_series *scale = NULL;
        LAC_TRY(lac_store_find(store, dimensions[axis], &scale));
        length[axis] = scale->length[0];
        most[axis] = scale->unlimited ? H5S_UNLIMITED : length[axis];
    }
out:
    return status;
}

/* What readers and writers of a new dataset need: attributes, missing values, its dimensions. */
static lac_status finish_dataset(lac_store *store, hid_t dataset, const lac_store_about *about,
                                 lac_store_series **series)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_store_adopt(store, about->path, dataset, series));
    LAC_TRY(lac_store_describe(store, dataset, about->units, about->long_name));
    if (about->type != LAC_STORE_INT64)
        LAC_TRY(lac_store_mark_missing(store, dataset, lac_store_file_type(about->type)));
    for (size_t axis = 0; axis < about->count; axis++)
        LAC_TRY(lac_store_attach(store, dataset, about->dimensions[axis], axis));
out:
    return status;
}

lac_status lac_store_table(lac_store *store, const lac_store_about *about,
                           lac_store_series **series)
{
    lac_status status = LAC_OK;
    const size_t count = about->count;
    hsize_t length[LAC_STORE_RANK], most[LAC_STORE_RANK];
    hid_t space = -1, creation = -1, dataset, stored = lac_store_file_type(about->type);
    lac_store_series *fresh = NULL;
    LAC_TRY(measure(store, about->dimensions, count, length, most));
    space = H5Screate_simple((int)count, length, most);
    creation = creation_list(store, stored, length, count);
    dataset = create_dataset(store, about->path, stored, space, creation);
    LAC_HDF5(dataset, store, "create the table %s", about->path);
    LAC_TRY(finish_dataset(store, dataset, about, &fresh));
    if (series)
        *series = fresh;
out:
    if (creation >= 0)
        H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

/* Makes room for a box. HDF5 refuses what goes beyond a dimension that does not grow. */
static lac_status grow(lac_store_series *series, const lac_store_box *box)
{
    lac_status status = LAC_OK;
    hsize_t length[LAC_STORE_RANK];
    bool longer = false;
    for (size_t axis = 0; axis < series->rank; axis++) {
        hsize_t end = box->first[axis] + box->count[axis];
        longer = longer || end > series->length[axis];
        length[axis] = end > series->length[axis] ? end : series->length[axis];
    }
    if (longer) {
        LAC_HDF5(H5Dset_extent(series->dataset, length), series->store, "extend %s", series->path);
        memcpy(series->length, length, series->rank * sizeof *length);
    }
out:
    return status;
}

lac_status lac_store_put_box(lac_store_series *series, const lac_store_box *box,
                             const double *values)
{
    lac_status status = LAC_OK;
    hsize_t first[LAC_STORE_RANK], count[LAC_STORE_RANK];
    LAC_TRY(lac_store_drain(series));
    LAC_TRY(grow(series, box));
    for (size_t axis = 0; axis < series->rank; axis++) {
        first[axis] = box->first[axis];
        count[axis] = box->count[axis];
    }
    LAC_TRY(lac_store_write(series, first, count, values));
out:
    return status;
}

lac_status lac_store_column(lac_store *store, const lac_store_about *about, const double *values)
{
    lac_status status = LAC_OK;
    lac_store_series *column = NULL;
    hsize_t length, most;
    hid_t space = -1, stored = lac_store_file_type(about->type), dataset;
    hid_t creation = lac_store_dataset_list(stored);
    LAC_TRY(measure(store, about->dimensions, 1, &length, &most));
    space = H5Screate_simple(1, &length, NULL);
    lac_store_one_chunk(store, creation, length);
    dataset =
        H5Dcreate2(store->file, about->path, stored, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    LAC_HDF5(dataset, store, "create the column %s", about->path);
    LAC_TRY(finish_dataset(store, dataset, about, &column));
    LAC_TRY(lac_store_put(column, 0, values));
out:
    H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

lac_status lac_store_numbered(lac_store *store, const char *path, size_t length,
                              const char *long_name)
{
    lac_status status = LAC_OK;
    hsize_t many = length;
    int64_t *number = NULL;
    lac_store_series *series = NULL;
    hid_t space = H5Screate_simple(1, &many, NULL);
    hid_t creation = lac_store_dataset_list(H5T_NATIVE_INT64), dataset;
    lac_store_one_chunk(store, creation, length);
    LAC_NEW(number, length);
    for (size_t index = 0; index < length; index++)
        number[index] = (int64_t)index;
    dataset =
        H5Dcreate2(store->file, path, H5T_NATIVE_INT64, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    LAC_HDF5(dataset, store, "create the dimension %s", path);
    LAC_TRY(lac_store_adopt(store, path, dataset, &series));
    LAC_TRY(lac_store_make_scale(store, dataset, path));
    LAC_TRY(lac_store_describe(store, dataset, NULL, long_name));
    LAC_HDF5(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, number), store,
             "write %s", path);
out:
    lac_free(number);
    H5Pclose(creation);
    H5Sclose(space);
    return status;
}

/* The codes 0, 1, 2, ... as netCDF's readers know them. */
static lac_status put_codes(lac_store *store, hid_t object, size_t count)
{
    lac_status status = LAC_OK;
    hsize_t many = count;
    int64_t *code = NULL;
    hid_t attribute = -1, space = H5Screate_simple(1, &many, NULL);
    LAC_NEW(code, count);
    for (size_t index = 0; index < count; index++)
        code[index] = (int64_t)index;
    attribute =
        H5Acreate2(object, "flag_values", H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT);
    LAC_HDF5(attribute, store, "create the attribute flag_values");
    LAC_HDF5(H5Awrite(attribute, H5T_NATIVE_INT64, code), store, "write the attribute flag_values");
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    lac_free(code);
    H5Sclose(space);
    return status;
}

lac_status lac_store_flags(lac_store *store, const char *path, const char *const *meanings,
                           size_t count)
{
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    lac_text words = {0};
    for (size_t index = 0; index < count; index++)
        lac_text_add(&words, index ? " %s" : "%s", meanings[index]);
    LAC_TRY(words.failed);
    LAC_TRY(lac_store_find(store, path, &series));
    LAC_TRY(put_codes(store, series->dataset, count));
    LAC_TRY(lac_store_text_attribute(store, path, "flag_meanings", lac_text_of(&words)));
out:
    lac_text_free(&words);
    return status;
}
