/* The file: created, opened, flushed and closed so that a kill or a full disk leaves every complete
 * frame readable.
 *
 * The format bounds are the earliest and every frame ends with a flush: a killed writer then leaves
 * a file that opens without repair. Data go to the disk as they are put (no chunk cache), metadata
 * stay in memory until the flush. Before a flush the disk is asked for the room that it needs: when
 * there is none, no metadata have been written and the last frame stays whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The index of a variable's chunks is one node of this many. When it is full it is split, and a
 * kill within that one flush may hide frames: the old half is written before the new one. */
enum { METADATA_BYTES = 32 << 20, INDEX_CHUNKS = 512 };

static lac_status make_parents(const char *path)
{
    lac_status status = LAC_OK;
    char *copy = NULL;
    LAC_OWN(copy, lac_copy_text(path));
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        LAC_REQUIRE(mkdir(copy, 0777) == 0 || errno == EEXIST || errno == EISDIR, LAC_FILE,
                    "%s: cannot make the directory %s: %s", path, copy, strerror(errno));
        *slash = '/';
    }
out:
    lac_free(copy);
    return status;
}

/* Clears the way for a new file. An old one is unlinked, not overwritten: who reads it goes on. */
static lac_status claim(const char *path, bool force)
{
    lac_status status = LAC_OK;
    struct stat about;
    LAC_REQUIRE(path[0], LAC_FILE, "the path of the result is empty");
    LAC_TRY(make_parents(path));
    if (stat(path, &about) != 0)
        goto out;
    LAC_REQUIRE(!S_ISDIR(about.st_mode), LAC_FILE, "%s: is a directory, not a file", path);
    LAC_REQUIRE(force, LAC_EXISTS, "%s: exists already; it is only overwritten by force", path);
    LAC_REQUIRE(!S_ISREG(about.st_mode) || unlink(path) == 0, LAC_FILE, "%s: cannot replace: %s",
                path, strerror(errno));
out:
    return status;
}

static hid_t access_list(void)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    H5Pset_meta_block_size(list, 0); /* the end of the file is where the data end */
    H5Pset_small_data_block_size(list, 0);
#ifdef HAVE_H5PSET_FILE_LOCKING
    H5Pset_file_locking(list, 0, 1); /* readers may look at a file that grows */
#endif
    H5AC_cache_config_t metadata = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    if (H5Pget_mdc_config(list, &metadata) >= 0) {
        metadata.set_initial_size = 1;
        metadata.initial_size = metadata.max_size = METADATA_BYTES;
        H5Pset_mdc_config(list, &metadata);
    }
    return list;
}

static hid_t creation_list(void)
{
    hid_t list = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_istore_k(list, INDEX_CHUNKS / 2);
    return list;
}

static lac_status begin(const char *path, bool writable, lac_store **store)
{
    lac_status status = LAC_OK;
    lac_store *fresh = NULL;
    lac_hdf5_quiet();
    LAC_NEW(fresh, 1);
    fresh->writable = writable;
    LAC_OWN(fresh->path, lac_copy_text(path));
    *store = fresh;
    fresh = NULL;
out:
    lac_free(fresh);
    return status;
}

lac_status lac_store_create(const char *path, bool force, int compression, lac_store **store)
{
    lac_status status = LAC_OK;
    lac_store *fresh = NULL;
    hid_t creation = -1, access_to = -1;
    LAC_TRY(begin(path, true, &fresh));
    LAC_TRY(claim(path, force));
    fresh->compression = compression;
    creation = creation_list();
    access_to = access_list();
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access_to);
    LAC_HDF5(file, fresh, "create the file");
    fresh->file = file;
    *store = fresh;
    fresh = NULL;
out:
    if (creation >= 0)
        H5Pclose(creation);
    if (access_to >= 0)
        H5Pclose(access_to);
    lac_store_close(fresh);
    return status;
}

lac_status lac_store_open(const char *path, bool writable, lac_store **store)
{
    lac_status status = LAC_OK;
    lac_store *fresh = NULL;
    hid_t access_to = -1;
    struct stat about;
    LAC_REQUIRE(stat(path, &about) == 0, LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_REQUIRE(!S_ISDIR(about.st_mode), LAC_NO_INPUT, "%s: is a directory, not a file", path);
    LAC_REQUIRE(access(path, writable ? R_OK | W_OK : R_OK) == 0, LAC_NO_INPUT, "%s: %s", path,
                strerror(errno));
    LAC_TRY(begin(path, writable, &fresh));
    LAC_REQUIRE(H5Fis_hdf5(path) > 0, LAC_NO_INPUT, "%s: is not an HDF5 file", path);
    access_to = access_list();
    hid_t file = H5Fopen(path, writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access_to);
    LAC_HDF5(file, fresh, "open the file");
    fresh->file = file;
    fresh->flushed = true;
    fresh->reserved = (hsize_t)about.st_size;
    *store = fresh;
    fresh = NULL;
out:
    if (access_to >= 0)
        H5Pclose(access_to);
    lac_store_close(fresh);
    return status;
}

static int descriptor(const lac_store *store)
{
    void *handle = NULL;
    if (H5Fget_vfd_handle(store->file, H5P_DEFAULT, &handle) < 0 || !handle)
        return -1;
    return *(int *)handle;
}

/* Tells the file where it ends before HDF5 writes what points there: it writes the superblock last,
 * and a kill in between would leave references past the end, which no reader follows. The end of
 * file address is at byte 40 of superblocks of version 0 and at byte 44 of version 1 (HDF5 file
 * format specification 3.0, section II.A). */
static void announce_end(int fd, uint64_t size)
{
    unsigned char start[16], end[8];
    if (pread(fd, start, sizeof start, 0) != sizeof start || start[8] > 1 ||
        start[13] != sizeof end)
        return;
    for (size_t byte = 0; byte < sizeof end; byte++)
        end[byte] = (unsigned char)(size >> (8 * byte));
    ssize_t written = pwrite(fd, end, sizeof end, start[8] == 0 ? 40 : 44);
    (void)written; /* the flush that follows tells what is wrong with the disk */
}

/* Asks the disk for the room that the coming flush needs. */
static lac_status reserve(lac_store *store)
{
    lac_status status = LAC_OK;
    hsize_t size = 0;
    int fd = descriptor(store);
    LAC_HDF5(H5Fget_filesize(store->file, &size), store, "ask for the size");
    if (size <= store->reserved)
        goto out;
    off_t more = (off_t)(size - store->reserved);
    int refused = posix_fallocate(fd, (off_t)store->reserved, more);
    if (refused == ENOSPC || refused == EFBIG || refused == EDQUOT) {
        store->broken = true;
        status = lac_fail(LAC_FILE, "%s: cannot make room for %lld more bytes: %s", store->path,
                          (long long)more, strerror(refused));
        goto out;
    }
    if (refused == 0 && store->flushed)
        announce_end(fd, size);
    store->reserved = size;
out:
    return status;
}

lac_status lac_store_flush(lac_store *store)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(!store->broken, LAC_FILE, "%s: an earlier write has failed", store->path);
    LAC_TRY(reserve(store));
    LAC_HDF5(H5Fflush(store->file, H5F_SCOPE_GLOBAL), store, "write to the disk");
    store->flushed = true;
out:
    return status;
}

/* After a refused write HDF5 still holds metadata that point to data which are not on the disk. Let
 * it write them to nowhere, so that the file keeps its last whole frame; without one it is junk. */
static void divert(lac_store *store)
{
    int fd = descriptor(store);
    int nowhere = open("/dev/null", O_RDWR);
    if (fd >= 0 && nowhere >= 0)
        dup2(nowhere, fd);
    if (nowhere >= 0)
        close(nowhere);
    struct stat about;
    if (!store->flushed && stat(store->path, &about) == 0 && S_ISREG(about.st_mode))
        unlink(store->path);
}

static lac_status close_file(lac_store *store)
{
    lac_status status = LAC_OK;
    if (store->writable && !store->broken)
        status = lac_store_flush(store);
    if (store->broken)
        divert(store);
    for (size_t index = 0; index < store->series_count; index++)
        H5Dclose(store->series[index]->dataset);
    if (H5Fclose(store->file) < 0 && status == LAC_OK && !store->broken)
        status = lac_hdf5_failed(store, "close the file");
    return status;
}

lac_status lac_store_close(lac_store *store)
{
    lac_status status = LAC_OK;
    if (!store)
        return status;
    if (store->file > 0)
        status = close_file(store);
    for (size_t index = 0; index < store->series_count; index++) {
        lac_free(store->series[index]->path);
        lac_free(store->series[index]);
    }
    lac_free(store->series);
    lac_free(store->path);
    lac_free(store);
    return status;
}

lac_status lac_store_group(lac_store *store, const char *path)
{
    lac_status status = LAC_OK;
    hid_t group = -1;
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    group = H5Gcreate2(store->file, path, H5P_DEFAULT, creation, H5P_DEFAULT);
    LAC_HDF5(group, store, "create the group %s", path);
out:
    if (group >= 0)
        H5Gclose(group);
    H5Pclose(creation);
    return status;
}

const char *lac_store_library(void)
{
    static _Thread_local char version[32];
    unsigned major = 0, minor = 0, release = 0;
    lac_hdf5_quiet();
    H5get_libversion(&major, &minor, &release);
    snprintf(version, sizeof version, "%u.%u.%u", major, minor, release);
    return version;
}
