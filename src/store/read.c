/* Reading: variables as doubles, texts, and what a group holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/text.h"
#include "store/store_internal.h"

#include <string.h>

bool lac_store_has(lac_store *store, const char *path)
{
    char part[LAC_STORE_PATH];
    if (strcmp(path, "/") == 0)
        return true;
    if (strlen(path) >= sizeof part)
        return false;
    memcpy(part, path, strlen(path) + 1);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        htri_t there = H5Lexists(store->file, part, H5P_DEFAULT);
        if (there <= 0)
            return there < 0;
        *slash = '/';
    }
    htri_t there = H5Lexists(store->file, part, H5P_DEFAULT);
    return there < 0 || (there > 0 && H5Oexists_by_name(store->file, part, H5P_DEFAULT) != 0);
}

lac_status lac_store_open_dataset(lac_store *store, const char *path, hid_t *dataset)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(lac_store_has(store, path), LAC_NO_INPUT, "%s: holds no variable %s", store->path,
                path);
    LAC_TRY(lac_store_drain_all(store));
    *dataset = H5Dopen2(store->file, path, H5P_DEFAULT);
    LAC_HDF5(*dataset, store, "open %s as a variable", path);
out:
    return status;
}

lac_status lac_store_measure(lac_store *store, const char *path, hid_t space, size_t *dimensions,
                             size_t length[8])
{
    lac_status status = LAC_OK;
    hsize_t extent[LAC_STORE_RANK];
    int rank = H5Sget_simple_extent_ndims(space);
    LAC_REQUIRE(rank >= 0 && rank <= LAC_STORE_RANK, LAC_NO_INPUT, "%s: %s has %d dimensions",
                store->path, path, rank);
    H5Sget_simple_extent_dims(space, extent, NULL);
    *dimensions = (size_t)rank;
    for (int axis = 0; axis < rank; axis++)
        length[axis] = (size_t)extent[axis];
out:
    return status;
}

bool lac_store_is_numeric(hid_t dataset)
{
    hid_t type = H5Dget_type(dataset);
    H5T_class_t class = H5Tget_class(type);
    H5Tclose(type);
    return class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM;
}

/* Leaves only the last record of the first dimension in `space`, and drops that dimension. */
static void select_last(hid_t space, size_t *dimensions, size_t length[8], size_t *count)
{
    hsize_t first[LAC_STORE_RANK] = {length[0] - 1}, part[LAC_STORE_RANK] = {1};
    for (size_t axis = 1; axis < *dimensions; axis++)
        part[axis] = length[axis];
    H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, part, NULL);
    *count /= length[0];
    --*dimensions;
    memmove(length, length + 1, *dimensions * sizeof *length);
}

static lac_status read_numbers(lac_store *store, const char *path, bool last, double **values,
                               size_t *dimensions, size_t length[8])
{
    lac_status status = LAC_OK;
    hid_t dataset = -1, space = -1, memory = -1;
    double *fresh = NULL;
    size_t count = 1;
    LAC_TRY(lac_store_open_dataset(store, path, &dataset));
    LAC_REQUIRE(lac_store_is_numeric(dataset), LAC_NO_INPUT, "%s: %s does not hold numbers",
                store->path, path);
    space = H5Dget_space(dataset);
    LAC_TRY(lac_store_measure(store, path, space, dimensions, length));
    for (size_t axis = 0; axis < *dimensions; axis++)
        count *= length[axis];
    LAC_REQUIRE(!last || (*dimensions > 0 && count > 0), LAC_NO_INPUT, "%s: %s has no records",
                store->path, path);
    if (last)
        select_last(space, dimensions, length, &count);
    LAC_NEW(fresh, count);
    memory = H5Screate_simple(1, (const hsize_t[]){count}, NULL);
    if (count > 0)
        LAC_HDF5(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, fresh), store,
                 "read %s", path);
    *values = fresh;
    fresh = NULL;
out:
    lac_free(fresh);
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    if (dataset >= 0)
        H5Dclose(dataset);
    return status;
}

lac_status lac_store_read(lac_store *store, const char *path, double **values, size_t *dimensions,
                          size_t length[8])
{
    return read_numbers(store, path, false, values, dimensions, length);
}

lac_status lac_store_read_last(lac_store *store, const char *path, double **values,
                               size_t *dimensions, size_t length[8])
{
    return read_numbers(store, path, true, values, dimensions, length);
}

/* Rows of texts as lines. */
static lac_status join(char *const *rows, size_t count, char **value)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    for (size_t row = 0; row < count; row++)
        lac_text_add(&text, row ? "\n%s" : "%s", rows[row] ? rows[row] : "");
    LAC_TRY(text.failed);
    LAC_OWN(*value, lac_copy_text(lac_text_of(&text)));
out:
    lac_text_free(&text);
    return status;
}

/* Of a dataset, or of an attribute of it; what HDF5 allocates goes back to it. */
static lac_status read_strings(lac_store *store, const char *what, hid_t source, bool is_attribute,
                               char **value)
{
    lac_status status = LAC_OK;
    hid_t type = lac_store_string_type();
    hid_t space = is_attribute ? H5Aget_space(source) : H5Dget_space(source);
    size_t count = 1, rank, length[8];
    char **rows = NULL;
    bool filled = false;
    LAC_TRY(lac_store_measure(store, what, space, &rank, length));
    for (size_t axis = 0; axis < rank; axis++)
        count *= length[axis];
    LAC_NEW(rows, count);
    LAC_HDF5(is_attribute ? H5Aread(source, type, rows)
                          : H5Dread(source, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows),
             store, "read %s", what);
    filled = true;
    LAC_TRY(join(rows, count, value));
out:
    if (filled)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, rows);
    lac_free(rows);
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

/* One text of fixed length. */
static lac_status read_characters(lac_store *store, const char *what, hid_t source,
                                  bool is_attribute, hid_t type, char **value)
{
    lac_status status = LAC_OK;
    char *bytes = NULL;
    LAC_NEW(bytes, H5Tget_size(type) + 1);
    LAC_HDF5(is_attribute ? H5Aread(source, type, bytes)
                          : H5Dread(source, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes),
             store, "read %s", what);
    *value = bytes;
    bytes = NULL;
out:
    lac_free(bytes);
    return status;
}

static lac_status read_words(lac_store *store, const char *what, hid_t source, bool is_attribute,
                             char **value)
{
    lac_status status = LAC_OK;
    hid_t type = is_attribute ? H5Aget_type(source) : H5Dget_type(source);
    hid_t space = is_attribute ? H5Aget_space(source) : H5Dget_space(source);
    LAC_REQUIRE(H5Tget_class(type) == H5T_STRING, LAC_NO_INPUT, "%s: %s is not a text", store->path,
                what);
    if (H5Tis_variable_str(type) > 0) {
        LAC_TRY(read_strings(store, what, source, is_attribute, value));
        goto out;
    }
    LAC_REQUIRE(H5Sget_simple_extent_npoints(space) == 1, LAC_NO_INPUT,
                "%s: %s is a table of texts of fixed length, which is not read", store->path, what);
    LAC_TRY(read_characters(store, what, source, is_attribute, type, value));
out:
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

static lac_status read_attribute(lac_store *store, const char *path, const char *name, char **value)
{
    lac_status status = LAC_OK;
    hid_t attribute = -1;
    LAC_REQUIRE(lac_store_has(store, path) &&
                    H5Aexists_by_name(store->file, path, name, H5P_DEFAULT) > 0,
                LAC_NO_INPUT, "%s: %s has no attribute %s", store->path, path, name);
    attribute = H5Aopen_by_name(store->file, path, name, H5P_DEFAULT, H5P_DEFAULT);
    LAC_HDF5(attribute, store, "open the attribute %s of %s", name, path);
    LAC_TRY(read_words(store, name, attribute, true, value));
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    return status;
}

lac_status lac_store_read_text(lac_store *store, const char *path, const char *attribute,
                               char **value)
{
    lac_status status = LAC_OK;
    hid_t dataset = -1;
    if (attribute)
        return read_attribute(store, path, attribute, value);
    LAC_TRY(lac_store_open_dataset(store, path, &dataset));
    LAC_TRY(read_words(store, path, dataset, false, value));
out:
    if (dataset >= 0)
        H5Dclose(dataset);
    return status;
}

typedef struct listing {
    char **name;
    size_t count, capacity;
    lac_status status;
} listing;

static lac_status add_name(listing *list, const char *name)
{
    lac_status status = LAC_OK;
    LAC_GROW(list->name, list->count, list->capacity);
    LAC_OWN(list->name[list->count], lac_copy_text(name));
    list->count++;
out:
    return status;
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *about, void *context)
{
    listing *list = context;
    H5O_info_t object;
    (void)about;
    if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0 ||
        object.type != H5O_TYPE_DATASET)
        return 0;
    list->status = add_name(list, name);
    return list->status != LAC_OK;
}

void lac_store_free_list(char **names, size_t count)
{
    for (size_t index = 0; names && index < count; index++)
        lac_free(names[index]);
    lac_free(names);
}

lac_status lac_store_list(lac_store *store, const char *group, char ***names, size_t *count)
{
    lac_status status = LAC_OK;
    listing list = {0};
    LAC_REQUIRE(lac_store_has(store, group), LAC_NO_INPUT, "%s: holds no group %s", store->path,
                group);
    herr_t got = H5Literate_by_name(store->file, group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL,
                                    visit, &list, H5P_DEFAULT);
    if (got < 0) /* written by another program: in the order of names */
        got = H5Literate_by_name(store->file, group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit, &list,
                                 H5P_DEFAULT);
    LAC_HDF5(got, store, "list %s", group);
    LAC_TRY(list.status);
    *names = list.name;
    *count = list.count;
    list = (listing){0};
out:
    lac_store_free_list(list.name, list.count);
    return status;
}
