/* The file: created, opened, flushed and closed so that a kill or a full disk leaves it as the last
 * flush made it.
 *
 * The format bounds are the earliest, which leaves no mark in a file that is open. Data go to the
 * disk as they are put (no chunk cache), metadata when they are flushed; what would overwrite
 * anything of the last flush goes by the journal (driver.h).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/store_internal.h"
#include "store/sums.h"
#include "store/write_ahead.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { METADATA_BYTES = 32 << 20 };

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

/* The file itself: a link to it stays, and leads to the new one. */
static bool remove_target(const char *path)
{
    char target[PATH_MAX];
    return realpath(path, target) && unlink(target) == 0;
}

void lac_store_remove(const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISREG(about.st_mode))
        remove_target(path);
}

/* Clears the way for a new file. An old one is unlinked, not overwritten: who reads it goes on. */
static lac_status claim(const char *path, bool force, int *journal)
{
    lac_status status = LAC_OK;
    struct stat about;
    LAC_REQUIRE(path[0], LAC_FILE, "the path of the result is empty");
    LAC_TRY(make_parents(path));
    bool exists = stat(path, &about) == 0;
    LAC_REQUIRE(!exists || !S_ISDIR(about.st_mode), LAC_FILE, "%s: is a directory, not a file",
                path);
    LAC_REQUIRE(!exists || S_ISREG(about.st_mode), LAC_FILE, "%s: is not a regular file", path);
    LAC_REQUIRE(!exists || force, LAC_EXISTS, "%s: exists already; it is only overwritten by force",
                path);
    LAC_TRY(lac_write_ahead_claim(path, journal));
    LAC_REQUIRE(!exists || remove_target(path), LAC_FILE, "%s: cannot replace: %s", path,
                strerror(errno));
    lac_write_ahead_void(*journal);
out:
    return status;
}

static hid_t access_list(void)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    lac_driver_set(list);
    H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
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
    H5Pset_obj_track_times(list, false);
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

/* The open file gets its driver and its journal, which it closes. */
static void take(lac_store *store, hid_t file, int *journal)
{
    store->file = file;
    store->driver = lac_driver_of(file);
    lac_driver_use_journal(store->driver, store->path, *journal);
    *journal = LAC_WRITE_AHEAD_NONE;
}

lac_status lac_store_create(const char *path, bool force, int compression, lac_store **store)
{
    lac_status status = LAC_OK;
    lac_store *fresh = NULL;
    int journal = LAC_WRITE_AHEAD_NONE;
    hid_t creation = -1, access_to = -1;
    LAC_TRY(begin(path, true, &fresh));
    LAC_TRY(claim(path, force, &journal));
    fresh->compression = compression & ~LAC_STORE_NO_SUMS;
    fresh->sums = !(compression & LAC_STORE_NO_SUMS);
    creation = creation_list();
    access_to = access_list();
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access_to);
    LAC_HDF5(file, fresh, "create the file");
    take(fresh, file, &journal);
    if (!fresh->sums)
        lac_driver_leave_sums(fresh->driver);
    *store = fresh;
    fresh = NULL;
out:
    if (creation >= 0)
        H5Pclose(creation);
    if (access_to >= 0)
        H5Pclose(access_to);
    lac_write_ahead_release(path, journal, true);
    lac_store_close(fresh);
    return status;
}

lac_status lac_store_mend(const char *path)
{
    return lac_write_ahead_mend(path);
}

/* A file that was cut has lost its sums; its beginning says that Lacuna has written it. */
static bool has_name(int fd)
{
    enum { BYTES = 4096 };
    static const char signature[] = "\211HDF\r\n\032\n", name[] = PACKAGE_NAME " ";
    char start[BYTES] = {0};
    if (!lac_pread_all(fd, start, sizeof start, 0) || memcmp(start, signature, 8) != 0)
        return false;
    for (size_t at = 8; at + sizeof name <= sizeof start; at++)
        if (memcmp(start + at, name, sizeof name - 1) == 0)
            return true;
    return false;
}

static bool is_known_by(const char *path, bool (*known)(int fd))
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && known(fd);
    if (fd >= 0)
        close(fd);
    return is;
}

bool lac_store_is_ours(const char *path)
{
    return is_known_by(path, lac_sums_present) || is_known_by(path, has_name);
}

bool lac_store_is_blank(const char *path)
{
    unsigned char start[LAC_PAGE] = {0}, nothing[LAC_PAGE] = {0};
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool blank = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
                 lac_pread_all(fd, start, sizeof start, 0) &&
                 memcmp(start, nothing, sizeof start) == 0;
    if (fd >= 0)
        close(fd);
    return blank;
}

/* Why HDF5 did not open the file. */
static lac_status not_opened(lac_store *store)
{
    lac_status status = lac_hdf5_failed(store, "open the file");
    if (status == LAC_MEMORY)
        return status;
    if (lac_store_is_blank(store->path))
        return lac_fail(LAC_NO_INPUT, "%s: holds nothing: its run ended before the first frame",
                        store->path);
    if (H5Fis_hdf5(store->path) <= 0)
        return lac_fail(LAC_NO_INPUT, "%s: is not an HDF5 file", store->path);
    return status;
}

/* A file without sums is looked at by a child first, which damage may kill. One that is not to be
 * opened is left to HDF5, which says why. */
static lac_status look_first(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool known = fd < 0 || lac_sums_present(fd);
    if (fd >= 0)
        close(fd);
    return known ? LAC_OK : lac_store_probe(path);
}

static lac_status open_file(const char *path, bool writable, int *journal, lac_store **store)
{
    lac_status status = LAC_OK;
    lac_store *fresh = NULL;
    hid_t access_to = -1;
    LAC_TRY(begin(path, writable, &fresh));
    if (writable) {
        LAC_TRY(lac_write_ahead_claim(path, journal));
        LAC_TRY(lac_write_ahead_replay(path, *journal));
    }
    LAC_TRY(look_first(path));
    access_to = access_list();
    hid_t file = H5Fopen(path, writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access_to);
    if (file < 0) {
        status = not_opened(fresh);
        goto out;
    }
    take(fresh, file, journal);
    fresh->sums = fresh->flushed = true;
    LAC_TRY(lac_store_check_small(fresh));
    *store = fresh;
    fresh = NULL;
out:
    if (access_to >= 0)
        H5Pclose(access_to);
    lac_store_close(fresh);
    return status;
}

lac_status lac_store_open(const char *path, bool writable, lac_store **store)
{
    lac_status status = LAC_OK;
    int journal = LAC_WRITE_AHEAD_NONE;
    LAC_TRY(lac_text_check_regular(path));
    LAC_REQUIRE(access(path, writable ? R_OK | W_OK : R_OK) == 0, LAC_NO_INPUT, "%s: %s", path,
                strerror(errno));
    LAC_TRY(open_file(path, writable, &journal, store));
out:
    lac_write_ahead_release(path, journal, false);
    return status;
}

lac_status lac_store_flush(lac_store *store)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(!store->broken, LAC_FILE, "%s: an earlier write has failed", store->path);
    LAC_TRY(lac_store_drain_all(store));
    LAC_HDF5(H5Fflush(store->file, H5F_SCOPE_GLOBAL), store, "write to the disk");
    store->flushed = true;
    if (lac_driver_lost(store->driver)) {
        store->broken = true;
        status = lac_fail(LAC_FILE, "%s: was deleted while it was written", store->path);
    }
out:
    return status;
}

/* After a refused write HDF5 still holds what must not reach the file, which stays as the last
 * flush left it; without one it is junk. */
static void abandon(lac_store *store)
{
    lac_driver_abandon(store->driver);
    if (!store->flushed)
        lac_store_remove(store->path);
}

static lac_status close_file(lac_store *store)
{
    lac_status status = LAC_OK;
    if (store->writable && !store->broken)
        status = lac_store_flush(store);
    if (store->broken)
        abandon(store);
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
        lac_free(store->series[index]->held);
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
    H5Pset_obj_track_times(creation, false);
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
