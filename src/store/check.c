/* Checking: is all of a file as it was written? If not, in which variables is the damage?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/probe.h"
#include "store/store_internal.h"
#include "store/sums.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MOST = 4, SLAB_VALUES = 1 << 17 };

/* --- by the checksums of blocks ---------------------------------------------- */

typedef struct blame {
    lac_store *store;
    uint64_t from, until; /* the bad block */
    int out;              /* where names go */
    size_t count;
} blame;

static bool overlaps(const blame *work, haddr_t address, hsize_t bytes)
{
    return address != HADDR_UNDEF && address < work->until && address + bytes > work->from;
}

/* Does HDF5's own checksum tell that this chunk is the damaged one? */
static bool chunk_is_bad(hid_t dataset, const hsize_t *offset)
{
    hsize_t chunk[H5S_MAX_RANK], length[H5S_MAX_RANK];
    hid_t creation = H5Dget_create_plist(dataset), space = H5Dget_space(dataset), memory = -1;
    int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk);
    size_t values = 1;
    double *read = NULL;
    H5Sget_simple_extent_dims(space, length, NULL);
    for (int axis = 0; axis < rank; axis++) {
        if (offset[axis] + chunk[axis] > length[axis])
            chunk[axis] = length[axis] - offset[axis];
        values *= chunk[axis];
    }
    bool bad = true;
    if (H5Pget_nfilters(creation) > 0 && (read = lac_alloc(values, sizeof *read))) {
        memory = H5Screate_simple(rank, chunk, NULL);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, offset, NULL, chunk, NULL);
        bad = H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, read) < 0;
        H5Sclose(memory);
    }
    lac_free(read);
    H5Sclose(space);
    H5Pclose(creation);
    return bad;
}

static bool has_bad_chunk(const blame *work, hid_t dataset)
{
    hsize_t chunks = 0, offset[H5S_MAX_RANK], bytes;
    hid_t space = H5Dget_space(dataset);
    bool bad = false;
    if (H5Dget_num_chunks(dataset, space, &chunks) < 0)
        chunks = 0;
    for (hsize_t chunk = 0; chunk < chunks && !bad; chunk++) {
        haddr_t address = HADDR_UNDEF;
        unsigned mask;
        bad = H5Dget_chunk_info(dataset, space, chunk, offset, &mask, &address, &bytes) >= 0 &&
              overlaps(work, address, bytes) && chunk_is_bad(dataset, offset);
    }
    H5Sclose(space);
    return bad;
}

static herr_t blame_object(hid_t file, const char *name, const H5O_info_t *about, void *context)
{
    blame *work = context;
    char word[LAC_STORE_PATH];
    if (about->type != H5O_TYPE_DATASET || work->count >= NAMES_MOST)
        return 0;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0)
        return 0;
    hid_t creation = H5Dget_create_plist(dataset);
    bool bad = H5Pget_layout(creation) == H5D_CHUNKED
                   ? has_bad_chunk(work, dataset)
                   : overlaps(work, H5Dget_offset(dataset), H5Dget_storage_size(dataset));
    H5Pclose(creation);
    H5Dclose(dataset);
    if (bad) {
        int length = snprintf(word, sizeof word, "%s/%s", work->count++ ? ", " : "", name);
        ssize_t put = write(work->out, word, (size_t)length);
        (void)put;
    }
    return 0;
}

/* In a child: HDF5 may crash on what it reads. */
static void blame_all(void *context, int out)
{
    blame *work = context;
    work->out = out;
    lac_driver_trust(work->store->driver);
    H5Ovisit2(work->store->file, H5_INDEX_NAME, H5_ITER_NATIVE, blame_object, work, H5O_INFO_BASIC);
}

static lac_status tell_damage(lac_store *store, uint64_t at)
{
    char names[LAC_STORE_PATH * NAMES_MOST];
    blame work = {.store = store, .from = at, .until = at + LAC_SUM_BLOCK};
    lac_probe(blame_all, &work, names, sizeof names);
    return lac_fail(LAC_FILE,
                    "%s: is damaged: bytes %llu to %llu are not those that were written (%s)",
                    store->path, (unsigned long long)at, (unsigned long long)at + LAC_SUM_BLOCK - 1,
                    names[0] ? names : "a text, a name or the layout");
}

/* --- by reading: a file without checksums of blocks may have those of HDF5 --- */

typedef struct reading {
    lac_store *store;
    double *values; /* owned */
    size_t room;
    lac_status status;
} reading;

/* As many records at a time as fit in SLAB_VALUES, but one at least. */
static lac_status read_slabs(reading *work, const char *path, size_t rank, const size_t *length)
{
    lac_status status = LAC_OK;
    size_t record = 1;
    lac_store_box box = {{0}, {0}};
    for (size_t axis = 1; axis < rank; axis++)
        record *= box.count[axis] = length[axis];
    size_t most = record < SLAB_VALUES ? SLAB_VALUES / (record ? record : 1) : 1;
    if (work->room < most * record) {
        lac_free(work->values);
        work->room = 0;
        LAC_NEW(work->values, most * record);
        work->room = most * record;
    }
    for (; box.first[0] < length[0]; box.first[0] += box.count[0]) {
        box.count[0] = length[0] - box.first[0] < most ? length[0] - box.first[0] : most;
        LAC_TRY(lac_store_read_box(work->store, path, &box, work->values));
    }
out:
    return status;
}

static lac_status read_dataset(reading *work, const char *path)
{
    lac_status status = LAC_OK;
    char **rows = NULL;
    hid_t dataset = -1;
    size_t rank, length[8] = {0}, count = 0;
    LAC_TRY(lac_store_open_dataset(work->store, path, &dataset));
    hid_t type = H5Dget_type(dataset);
    bool texts = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
    H5Tclose(type);
    LAC_TRY(lac_store_shape(work->store, path, &rank, length));
    if (texts)
        LAC_TRY(lac_store_read_rows(work->store, path, &rows, &count));
    else if (lac_store_is_numeric(dataset) && rank > 0)
        LAC_TRY(read_slabs(work, path, rank, length));
out:
    lac_store_free_list(rows, count);
    if (dataset >= 0)
        H5Dclose(dataset);
    return status;
}

static herr_t read_object(hid_t file, const char *name, const H5O_info_t *about, void *context)
{
    reading *work = context;
    char path[LAC_STORE_PATH];
    (void)file;
    if (about->type != H5O_TYPE_DATASET)
        return 0;
    snprintf(path, sizeof path, "/%s", name);
    work->status = read_dataset(work, path);
    return work->status != LAC_OK;
}

static lac_status read_all(lac_store *store)
{
    lac_status status = LAC_OK;
    reading work = {.store = store};
    herr_t visited =
        H5Ovisit2(store->file, H5_INDEX_NAME, H5_ITER_NATIVE, read_object, &work, H5O_INFO_BASIC);
    LAC_TRY(work.status);
    LAC_HDF5(visited, store, "look through the variables");
out:
    lac_free(work.values);
    return status;
}

lac_status lac_store_check(lac_store *store)
{
    uint64_t at;
    if (!lac_driver_has_sums(store->driver))
        return read_all(store);
    return lac_driver_check(store->driver, &at) ? LAC_OK : tell_damage(store, at);
}

lac_status lac_store_check_small(lac_store *store)
{
    static const uint64_t SMALL = UINT64_C(1) << 30; /* [bytes]: a second or so */
    uint64_t at;
    if (!lac_driver_has_sums(store->driver) ||
        (!store->writable && lac_driver_bytes(store->driver) > SMALL))
        return LAC_OK;
    return lac_driver_check(store->driver, &at) ? LAC_OK : tell_damage(store, at);
}

/* --- a file without checksums of blocks, before HDF5 opens it for good ------- */

static herr_t touch_attribute(hid_t object, const char *name, const H5A_info_t *about,
                              void *context)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    (void)about;
    (void)context;
    if (attribute >= 0)
        H5Aclose(attribute);
    return 0;
}

static herr_t touch_object(hid_t file, const char *name, const H5O_info_t *about, void *context)
{
    reading *work = context;
    char path[LAC_STORE_PATH];
    char *words = NULL;
    H5Aiterate_by_name(file, name, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, touch_attribute, NULL,
                       H5P_DEFAULT);
    if (about->type != H5O_TYPE_DATASET)
        return 0;
    snprintf(path, sizeof path, "/%s", name);
    lac_store_read_text(work->store, path, NULL, &words);
    lac_free(words);
    return 0;
}

static void touch_all(void *context, int out)
{
    lac_store store = {.path = (char *)context};
    reading work = {.store = &store};
    (void)out;
    store.file = H5Fopen(store.path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (store.file >= 0)
        H5Ovisit2(store.file, H5_INDEX_NAME, H5_ITER_NATIVE, touch_object, &work, H5O_INFO_BASIC);
}

lac_status lac_store_probe(const char *path)
{
    char answer[2];
    int signal = lac_probe(touch_all, (void *)path, answer, sizeof answer);
    if (signal == 0)
        return LAC_OK;
    return lac_fail(LAC_NO_INPUT, "%s: is damaged: the HDF5 library fails on it (%s)", path,
                    strsignal(signal));
}
