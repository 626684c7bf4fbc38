/* Parts: boxes of variables, their lengths, and columns of texts row by row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "store/store_internal.h"

lac_status lac_store_shape(lac_store *store, const char *path, size_t *dimensions, size_t length[8])
{
    lac_status status = LAC_OK;
    hid_t dataset = -1, space = -1;
    LAC_TRY(lac_store_open_dataset(store, path, &dataset));
    space = H5Dget_space(dataset);
    LAC_TRY(lac_store_measure(store, path, space, dimensions, length));
out:
    if (space >= 0)
        H5Sclose(space);
    if (dataset >= 0)
        H5Dclose(dataset);
    return status;
}

static lac_status select_box(lac_store *store, const char *path, hid_t space,
                             const lac_store_box *box, hid_t *memory)
{
    lac_status status = LAC_OK;
    size_t rank, length[8];
    hsize_t first[LAC_STORE_RANK], count[LAC_STORE_RANK];
    LAC_TRY(lac_store_measure(store, path, space, &rank, length));
    LAC_REQUIRE(rank > 0, LAC_NO_INPUT, "%s: %s has no dimensions", store->path, path);
    for (size_t axis = 0; axis < rank; axis++) {
        LAC_REQUIRE(box->first[axis] + box->count[axis] <= length[axis], LAC_NO_INPUT,
                    "%s: %s has %zu of what should be %zu along dimension %zu", store->path, path,
                    length[axis], box->first[axis] + box->count[axis], axis + 1);
        first[axis] = box->first[axis];
        count[axis] = box->count[axis];
    }
    *memory = H5Screate_simple((int)rank, count, NULL);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL);
out:
    return status;
}

lac_status lac_store_read_box(lac_store *store, const char *path, const lac_store_box *box,
                              double *values)
{
    lac_status status = LAC_OK;
    hid_t dataset = -1, space = -1, memory = -1;
    LAC_TRY(lac_store_open_dataset(store, path, &dataset));
    LAC_REQUIRE(lac_store_is_numeric(dataset), LAC_NO_INPUT, "%s: %s does not hold numbers",
                store->path, path);
    space = H5Dget_space(dataset);
    LAC_TRY(select_box(store, path, space, box, &memory));
    LAC_HDF5(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values), store,
             "read %s", path);
out:
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    if (dataset >= 0)
        H5Dclose(dataset);
    return status;
}

lac_status lac_store_read_number(lac_store *store, const char *path, const char *name,
                                 double *value)
{
    lac_status status = LAC_OK;
    hid_t attribute = -1, type = -1, space = -1;
    LAC_REQUIRE(lac_store_has(store, path) &&
                    H5Aexists_by_name(store->file, path, name, H5P_DEFAULT) > 0,
                LAC_NO_INPUT, "%s: %s has no attribute %s", store->path, path, name);
    attribute = H5Aopen_by_name(store->file, path, name, H5P_DEFAULT, H5P_DEFAULT);
    LAC_HDF5(attribute, store, "open the attribute %s of %s", name, path);
    type = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    LAC_REQUIRE((H5Tget_class(type) == H5T_FLOAT || H5Tget_class(type) == H5T_INTEGER) &&
                    H5Sget_simple_extent_npoints(space) == 1,
                LAC_NO_INPUT, "%s: the attribute %s of %s is not a number", store->path, name,
                path);
    LAC_HDF5(H5Aread(attribute, H5T_NATIVE_DOUBLE, value), store, "read the attribute %s", name);
out:
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    return status;
}

static lac_status copy_rows(char *const *source, size_t count, char ***rows)
{
    lac_status status = LAC_OK;
    char **fresh = NULL;
    LAC_NEW(fresh, count);
    for (size_t row = 0; row < count; row++)
        LAC_OWN(fresh[row], lac_copy_text(source[row] ? source[row] : ""));
    *rows = fresh;
    fresh = NULL;
out:
    if (fresh)
        lac_store_free_list(fresh, count);
    return status;
}

lac_status lac_store_read_rows(lac_store *store, const char *path, char ***rows, size_t *count)
{
    lac_status status = LAC_OK;
    hid_t dataset = -1, space = -1, stored = -1, type = lac_store_string_type();
    size_t rank, length[8] = {0};
    char **words = NULL;
    bool filled = false;
    LAC_TRY(lac_store_open_dataset(store, path, &dataset));
    stored = H5Dget_type(dataset);
    LAC_REQUIRE(H5Tget_class(stored) == H5T_STRING && H5Tis_variable_str(stored) > 0, LAC_NO_INPUT,
                "%s: %s is not a table of texts", store->path, path);
    space = H5Dget_space(dataset);
    LAC_TRY(lac_store_measure(store, path, space, &rank, length));
    *count = rank ? length[0] : 1;
    LAC_NEW(words, *count);
    LAC_HDF5(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, words), store, "read %s", path);
    filled = true;
    LAC_TRY(copy_rows(words, *count, rows));
out:
    if (filled)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, words);
    lac_free(words);
    if (space >= 0)
        H5Sclose(space);
    if (stored >= 0)
        H5Tclose(stored);
    if (dataset >= 0)
        H5Dclose(dataset);
    H5Tclose(type);
    return status;
}
