/* Words in a file: attributes of fixed length, and variables of texts of any length, as netCDF-4
 * and its readers want them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_internal.h"

#include <string.h>

static hid_t type_for(const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text[0] ? strlen(text) : 1);
    H5Tset_strpad(type, H5T_STR_NULLTERM);
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static lac_status put_attribute(lac_store *store, hid_t object, const char *name, hid_t type,
                                hid_t space, const void *value)
{
    lac_status status = LAC_OK;
    hid_t attribute = -1;
    if (H5Aexists(object, name) > 0)
        LAC_HDF5(H5Adelete(object, name), store, "replace the attribute %s", name);
    attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    LAC_HDF5(attribute, store, "create the attribute %s", name);
    LAC_HDF5(H5Awrite(attribute, type, value), store, "write the attribute %s", name);
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    return status;
}

static lac_status put_text(lac_store *store, hid_t object, const char *name, const char *value)
{
    hid_t type = type_for(value);
    hid_t space = H5Screate(H5S_SCALAR);
    lac_status status = put_attribute(store, object, name, type, space, value);
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

lac_status lac_store_describe(lac_store *store, hid_t object, const char *units,
                              const char *long_name)
{
    lac_status status = LAC_OK;
    if (units)
        LAC_TRY(put_text(store, object, "units", units));
    if (long_name)
        LAC_TRY(put_text(store, object, "long_name", long_name));
out:
    return status;
}

static lac_status open_object(lac_store *store, const char *path, hid_t *object)
{
    lac_status status = LAC_OK;
    *object = H5Oopen(store->file, path, H5P_DEFAULT);
    LAC_HDF5(*object, store, "open %s", path);
out:
    return status;
}

lac_status lac_store_text_attribute(lac_store *store, const char *path, const char *name,
                                    const char *value)
{
    lac_status status = LAC_OK;
    hid_t object = -1;
    LAC_TRY(open_object(store, path, &object));
    LAC_TRY(put_text(store, object, name, value));
out:
    if (object >= 0)
        H5Oclose(object);
    return status;
}

lac_status lac_store_number_attribute(lac_store *store, const char *path, const char *name,
                                      double value)
{
    lac_status status = LAC_OK;
    hsize_t one = 1;
    hid_t object = -1;
    hid_t space = H5Screate_simple(1, &one, NULL);
    LAC_TRY(open_object(store, path, &object));
    LAC_TRY(put_attribute(store, object, name, H5T_NATIVE_DOUBLE, space, &value));
out:
    if (object >= 0)
        H5Oclose(object);
    H5Sclose(space);
    return status;
}

hid_t lac_store_string_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

lac_status lac_store_texts(lac_store *store, const char *path, const char *dimension,
                           const char *const *texts, size_t count)
{
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    hsize_t many = count;
    hid_t type = lac_store_string_type();
    hid_t space = dimension ? H5Screate_simple(1, &many, NULL) : H5Screate(H5S_SCALAR);
    hid_t creation = lac_store_dataset_list(type);
    hid_t dataset = H5Dcreate2(store->file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    LAC_HDF5(dataset, store, "create the text %s", path);
    LAC_TRY(lac_store_adopt(store, path, dataset, &series));
    LAC_HDF5(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts), store,
             "write the text %s", path);
    if (dimension && strcmp(dimension, path) == 0)
        LAC_TRY(lac_store_make_scale(store, dataset, path));
    else if (dimension)
        LAC_TRY(lac_store_attach(store, dataset, dimension, 0));
out:
    H5Pclose(creation);
    H5Sclose(space);
    H5Tclose(type);
    return status;
}
