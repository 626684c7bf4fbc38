/* Series: dimensions and variables, their chunks, and records written one after the other.
 *
 * A large record (a field) is cut in chunks of at most 1 MiB, shuffled and deflated. Small records
 * share chunks, which are rewritten in place and therefore not compressed: a compressed chunk may
 * move when it grows, and a kill could then lose frames that were complete. Each chunk carries
 * HDF5's checksum (fletcher32), which does not change its length.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "store/store_internal.h"

#include <hdf5_hl.h>
#include <math.h>
#include <string.h>

enum { SMALL_BYTES = 4096, CHUNK_BYTES = 1 << 20, LONGEST_CHUNK = 1 << 16 };

/* "a/b/c" -> "c". */
static const char *store_leaf(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

hid_t lac_store_file_type(lac_store_type type)
{
    if (type == LAC_STORE_FLOAT)
        return H5T_NATIVE_FLOAT;
    return type == LAC_STORE_DOUBLE ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64;
}

hid_t lac_store_dataset_list(hid_t type)
{
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    double missing = NAN;
    int64_t none = INT64_MIN + 2; /* the fill value of netCDF */
    H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(list, false); /* the same content, the same bits */
    if (H5Tget_class(type) == H5T_FLOAT)
        H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &missing);
    else if (H5Tget_class(type) == H5T_INTEGER)
        H5Pset_fill_value(list, H5T_NATIVE_INT64, &none);
    return list;
}

void lac_store_chunks(const lac_store *store, hid_t creation, int rank, const hsize_t *chunk,
                      int compression)
{
    H5Pset_chunk(creation, rank, chunk);
    if (compression > 0) {
        H5Pset_shuffle(creation);
        H5Pset_deflate(creation, (unsigned)compression);
    }
    if (store->sums)
        H5Pset_fletcher32(creation);
}

void lac_store_one_chunk(const lac_store *store, hid_t creation, hsize_t length)
{
    hsize_t chunk = length < LONGEST_CHUNK ? length : LONGEST_CHUNK;
    if (length > 0)
        lac_store_chunks(store, creation, 1, &chunk, 0);
}

lac_status lac_store_adopt(lac_store *store, const char *path, hid_t dataset,
                           lac_store_series **series)
{
    lac_status status = LAC_OK;
    lac_store_series *fresh = NULL;
    hid_t space = H5Dget_space(dataset);
    hsize_t most[LAC_STORE_RANK];
    int rank = H5Sget_simple_extent_ndims(space);
    LAC_REQUIRE(rank >= 0 && rank <= LAC_STORE_RANK, LAC_FILE, "%s: %s has %d dimensions",
                store->path, path, rank);
    LAC_NEW(fresh, 1);
    LAC_OWN(fresh->path, lac_copy_text(path));
    LAC_GROW(store->series, store->series_count, store->series_capacity);
    fresh->store = store;
    fresh->dataset = dataset;
    fresh->rank = (size_t)rank;
    H5Sget_simple_extent_dims(space, fresh->length, most);
    fresh->unlimited = rank > 0 && most[0] == H5S_UNLIMITED;
    store->series[store->series_count++] = fresh;
    *series = fresh;
    fresh = NULL;
out:
    H5Sclose(space);
    if (fresh)
        lac_free(fresh->path);
    lac_free(fresh);
    if (status != LAC_OK)
        H5Dclose(dataset);
    return status;
}

/* Data pass by the chunk cache, so that a full disk shows when they are put. */
static hid_t access_list(void)
{
    hid_t list = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(list, 0, 0, 0);
    return list;
}

static hid_t create_dataset(lac_store *store, const char *path, hid_t type, hid_t space,
                            hid_t creation)
{
    hid_t access = access_list();
    hid_t dataset = H5Dcreate2(store->file, path, type, space, H5P_DEFAULT, creation, access);
    H5Pclose(access);
    return dataset;
}

lac_status lac_store_make_scale(lac_store *store, hid_t dataset, const char *path)
{
    lac_status status = LAC_OK;
    LAC_HDF5(H5DSset_scale(dataset, store_leaf(path)), store, "make %s a dimension", path);
out:
    return status;
}

static lac_status create_dimension(lac_store *store, const char *path, size_t length,
                                   hid_t *dataset)
{
    lac_status status = LAC_OK;
    hsize_t now = length, most = length ? length : H5S_UNLIMITED;
    hsize_t chunk = SMALL_BYTES / sizeof(double);
    hid_t space = H5Screate_simple(1, &now, &most);
    hid_t creation = lac_store_dataset_list(H5T_NATIVE_DOUBLE);
    lac_store_one_chunk(store, creation, length ? length : chunk);
    *dataset = create_dataset(store, path, H5T_NATIVE_DOUBLE, space, creation);
    LAC_HDF5(*dataset, store, "create the dimension %s", path);
out:
    H5Pclose(creation);
    H5Sclose(space);
    return status;
}

lac_status lac_store_dimension(lac_store *store, const char *path, size_t length,
                               const double *coordinates, const char *units, const char *long_name)
{
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    hid_t dataset = -1;
    LAC_TRY(create_dimension(store, path, length, &dataset));
    LAC_TRY(lac_store_adopt(store, path, dataset, &series));
    LAC_TRY(lac_store_make_scale(store, dataset, path));
    LAC_TRY(lac_store_describe(store, dataset, units, long_name));
    if (length && coordinates)
        LAC_TRY(lac_store_put(series, 0, coordinates));
out:
    return status;
}

lac_status lac_store_attach(lac_store *store, hid_t dataset, const char *dimension, size_t axis)
{
    lac_status status = LAC_OK;
    lac_store_series *scale = NULL;
    LAC_TRY(lac_store_find(store, dimension, &scale));
    LAC_HDF5(H5DSattach_scale(dataset, scale->dataset, (unsigned)axis), store,
             "attach the dimension %s", dimension);
out:
    return status;
}

/* The chunk of a variable whose first dimension grows; returns whether it is worth deflating. */
static bool choose_chunk(const hsize_t *length, size_t rank, size_t size, hsize_t *chunk)
{
    size_t bytes = size;
    for (size_t axis = 1; axis < rank; axis++) {
        chunk[axis] = length[axis];
        bytes *= length[axis];
    }
    chunk[0] = bytes < SMALL_BYTES ? SMALL_BYTES / bytes : 1;
    for (size_t axis = 1; axis < rank; axis++) {
        while (bytes > CHUNK_BYTES && chunk[axis] > 1) {
            bytes /= chunk[axis];
            chunk[axis] = (chunk[axis] + 1) / 2;
            bytes *= chunk[axis];
        }
    }
    return chunk[0] == 1;
}

static hid_t variable_list(const lac_store *store, hid_t type, const hsize_t *length, size_t rank,
                           bool unlimited)
{
    hid_t creation = lac_store_dataset_list(type);
    hsize_t chunk[LAC_STORE_RANK];
    bool large = choose_chunk(length, rank, H5Tget_size(type), chunk);
    if (!unlimited)
        chunk[0] = length[0];
    for (size_t axis = 0; axis < rank; axis++)
        if (chunk[axis] == 0)
            return creation; /* nothing is written to it */
    lac_store_chunks(store, creation, (int)rank, chunk,
                     unlimited && large ? store->compression : 0);
    return creation;
}

/* The lengths of the named dimensions; an unlimited one has no record yet. */
static lac_status measure(lac_store *store, const char *const *dimensions, size_t count,
                          hsize_t *length, hsize_t *most)
{
    lac_status status = LAC_OK;
    for (size_t axis = 0; axis < count; axis++) {
        lac_store_series *scale = NULL;
        LAC_TRY(lac_store_find(store, dimensions[axis], &scale));
        LAC_REQUIRE(axis == 0 || !scale->unlimited, LAC_INTERNAL,
                    "%s: only the first dimension may be unlimited", store->path);
        length[axis] = scale->unlimited ? 0 : scale->length[0];
        most[axis] = scale->unlimited ? H5S_UNLIMITED : length[axis];
    }
out:
    return status;
}

/* The value that marks what is missing, in the variable's own type. */
lac_status lac_store_mark_missing(lac_store *store, hid_t dataset, hid_t type)
{
    lac_status status = LAC_OK;
    hsize_t one = 1;
    double missing = NAN;
    int64_t none = INT64_MIN + 2;
    bool real = H5Tget_class(type) == H5T_FLOAT;
    hid_t space = H5Screate_simple(1, &one, NULL);
    hid_t attribute = H5Acreate2(dataset, "_FillValue", type, space, H5P_DEFAULT, H5P_DEFAULT);
    LAC_HDF5(attribute, store, "create the attribute _FillValue");
    LAC_HDF5(H5Awrite(attribute, real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64,
                      real ? (void *)&missing : (void *)&none),
             store, "write the attribute _FillValue");
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    H5Sclose(space);
    return status;
}

static lac_status create_variable(lac_store *store, const lac_store_about *about, hid_t *dataset)
{
    lac_status status = LAC_OK;
    const char *path = about->path;
    const size_t count = about->count;
    const hid_t type = lac_store_file_type(about->type);
    hsize_t length[LAC_STORE_RANK], most[LAC_STORE_RANK];
    hid_t space = -1, creation = -1;
    LAC_REQUIRE(count > 0 && count <= LAC_STORE_RANK, LAC_INTERNAL, "%s: %s has %zu dimensions",
                store->path, path, count);
    LAC_TRY(measure(store, about->dimensions, count, length, most));
    space = H5Screate_simple((int)count, length, most);
    creation = variable_list(store, type, length, count, most[0] == H5S_UNLIMITED);
    *dataset = create_dataset(store, path, type, space, creation);
    LAC_HDF5(*dataset, store, "create the variable %s", path);
out:
    if (creation >= 0)
        H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

lac_status lac_store_variable(lac_store *store, const lac_store_about *about,
                              lac_store_series **series)
{
    lac_status status = LAC_OK;
    hid_t dataset = -1;
    lac_store_series *fresh = NULL;
    LAC_TRY(create_variable(store, about, &dataset));
    LAC_TRY(lac_store_adopt(store, about->path, dataset, &fresh));
    LAC_TRY(lac_store_describe(store, dataset, about->units, about->long_name));
    LAC_TRY(lac_store_mark_missing(store, dataset, lac_store_file_type(about->type)));
    for (size_t axis = 0; axis < about->count; axis++)
        LAC_TRY(lac_store_attach(store, dataset, about->dimensions[axis], axis));
    if (series)
        *series = fresh;
out:
    return status;
}

lac_status lac_store_find(lac_store *store, const char *path, lac_store_series **series)
{
    lac_status status = LAC_OK;
    for (size_t index = 0; index < store->series_count; index++) {
        if (strcmp(store->series[index]->path, path) == 0) {
            *series = store->series[index];
            return LAC_OK;
        }
    }
    LAC_REQUIRE(lac_store_has(store, path), LAC_FILE, "%s: holds no variable %s", store->path,
                path);
    hid_t access = access_list();
    hid_t dataset = H5Dopen2(store->file, path, access);
    H5Pclose(access);
    LAC_HDF5(dataset, store, "open %s", path);
    LAC_TRY(lac_store_adopt(store, path, dataset, series));
out:
    return status;
}
