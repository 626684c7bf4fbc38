/* The driver's calls, as HDF5 wants them (HDF5 documentation: virtual file layer). errno of what
 * went wrong goes on the error stack of HDF5, where failure.c finds it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/driver_internal.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static herr_t refuse(const char *what)
{
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_IO, H5E_WRITEERROR,
             "%s: errno = %d", what, errno);
    return -1;
}

/* EBADMSG stands for damage (failure.c). */
static herr_t refuse_damage(uint64_t at)
{
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_IO, H5E_READERROR,
             "the bytes from %llu to %llu are not those that were written: errno = %d",
             (unsigned long long)at, (unsigned long long)at + LAC_SUM_BLOCK - 1, EBADMSG);
    return -1;
}

/* HDF5 goes on after a failure, even to the flush: nothing more may come of that. */
static herr_t give_up(lac_driver *driver, const char *what)
{
    driver->refused = errno;
    return refuse(what);
}

static haddr_t whole_pages(haddr_t bytes)
{
    return (bytes + LAC_PAGE - 1) / LAC_PAGE * LAC_PAGE;
}

/* A new file has its first page, where HDF5 starts to read, only with the first flush. */
static bool look_at_file(lac_driver *driver, const char *name, unsigned flags)
{
    struct stat about;
    if (fstat(driver->fd, &about) != 0)
        return false;
    driver->device = about.st_dev;
    driver->inode = about.st_ino;
    driver->end = driver->actual = (haddr_t)about.st_size;
    driver->kept = about.st_size == 0 ? LAC_PAGE : whole_pages(driver->end);
    uint64_t end = driver->end;
    if (!(flags & H5F_ACC_RDWR) &&
        lac_write_ahead_look(name, driver->fd, &driver->pages, &end) != LAC_OK) {
        errno = ENOMEM;
        return false;
    }
    driver->end = end;
    if (!lac_sums_load(&driver->sums, lac_driver_view(driver)))
        return false;
    driver->old_sums = driver->sums.end > 0;
    return true;
}

static herr_t close_file(H5FD_t *file)
{
    lac_driver *driver = (lac_driver *)file;
    int closed = close(driver->fd);
    lac_write_ahead_release(driver->path, driver->journal, !driver->owes);
    lac_pages_free(&driver->pages);
    lac_sums_free(&driver->sums);
    lac_free(driver);
    return closed == 0 ? 0 : refuse("close");
}

static H5FD_t *open_file(const char *name, unsigned flags, hid_t access_list, haddr_t most)
{
    int how = (flags & H5F_ACC_RDWR ? O_RDWR : O_RDONLY) | (flags & H5F_ACC_TRUNC ? O_TRUNC : 0) |
              (flags & H5F_ACC_CREAT ? O_CREAT : 0) | (flags & H5F_ACC_EXCL ? O_EXCL : 0);
    (void)access_list;
    (void)most;
    int fd = open(name, how | O_CLOEXEC, 0666);
    if (fd < 0) {
        refuse("open");
        return NULL;
    }
    lac_driver *driver = lac_alloc(1, sizeof *driver);
    if (!driver) {
        errno = ENOMEM;
        refuse("open");
        close(fd);
        return NULL;
    }
    driver->fd = fd;
    driver->journal = LAC_WRITE_AHEAD_NONE;
    if (look_at_file(driver, name, flags))
        return &driver->hdf5;
    refuse("open");
    close_file(&driver->hdf5);
    return NULL;
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const H5FD_t *one, const H5FD_t *other)
{
    const lac_driver *a = (const lac_driver *)one, *b = (const lac_driver *)other;
    int devices = order((uint64_t)a->device, (uint64_t)b->device);
    return devices ? devices : order((uint64_t)a->inode, (uint64_t)b->inode);
}

static herr_t features(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
#ifdef H5FD_FEAT_DEFAULT_VFD_COMPATIBLE
    *flags |= H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
#endif
    return 0;
}

static haddr_t get_allocated(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const lac_driver *)file)->allocated;
}

static herr_t set_allocated(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((lac_driver *)file)->allocated = address;
    return 0;
}

static haddr_t get_end(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const lac_driver *)file)->end;
}

static herr_t get_handle(H5FD_t *file, hid_t access_list, void **handle)
{
    (void)access_list;
    *handle = file;
    return 0;
}

static herr_t read_bytes(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                         size_t count, void *bytes)
{
    lac_driver *driver = (lac_driver *)file;
    uint64_t at = 0;
    (void)type;
    (void)transfer;
    if (!driver->trusted &&
        (driver->sums.damaged ||
         !lac_sums_check(&driver->sums, lac_driver_view(driver), address, count, &at)))
        return refuse_damage(driver->sums.damaged ? address : at);
    if (!lac_pread_all(driver->fd, bytes, count, address))
        return refuse("read");
    lac_pages_look_through(&driver->pages, address, bytes, count);
    return 0;
}

static herr_t write_bytes(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                          size_t count, const void *bytes)
{
    lac_driver *driver = (lac_driver *)file;
    haddr_t end = address + count;
    (void)type;
    (void)transfer;
    if (driver->refused || driver->abandoned)
        return 0;
    driver->changed = true;
    if (!lac_driver_clear_sums(driver) ||
        (!driver->unsummed && !lac_sums_change(&driver->sums, address, count)) ||
        !lac_driver_put(driver, address, bytes, count))
        return give_up(driver, "write");
    driver->end = end > driver->end ? end : driver->end;
    return 0;
}

/* The file ends where HDF5 has given out its last byte; it is not shortened before the flush. */
static herr_t set_end(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    lac_driver *driver = (lac_driver *)file;
    (void)transfer;
    (void)closing;
    if (!driver->changed || driver->refused || driver->abandoned)
        return 0;
    driver->end = driver->allocated;
    if (driver->end <= driver->actual)
        return 0;
    if (ftruncate(driver->fd, (off_t)driver->end) != 0)
        return give_up(driver, "extend");
    driver->actual = driver->end;
    return 0;
}

static herr_t flush(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    lac_driver *driver = (lac_driver *)file;
    (void)transfer;
    (void)closing;
    if (driver->abandoned || !driver->changed)
        return 0;
    errno = driver->refused;
    if (driver->refused || !lac_driver_commit(driver))
        return give_up(driver, "flush");
    driver->actual = driver->sums.last;
    driver->kept = whole_pages(driver->actual);
    lac_pages_forget(&driver->pages);
    return 0;
}

static const H5FD_class_t DRIVER = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600, /* of those free for all */
#endif
    .name = "lacuna",
    .maxaddr = ((haddr_t)1 << (8 * sizeof(off_t) - 1)) - 1,
    .fc_degree = H5F_CLOSE_WEAK,
    .open = open_file,
    .close = close_file,
    .cmp = compare,
    .query = features,
    .get_eoa = get_allocated,
    .set_eoa = set_allocated,
    .get_eof = get_end,
    .get_handle = get_handle,
    .read = read_bytes,
    .write = write_bytes,
    .flush = flush,
    .truncate = set_end,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

herr_t lac_driver_set(hid_t access_list)
{
    static hid_t registered = -1;
    if (H5Iget_type(registered) != H5I_VFL)
        registered = H5FDregister(&DRIVER);
    return H5Pset_driver(access_list, registered, NULL);
}

lac_driver *lac_driver_of(hid_t file)
{
    void *handle = NULL;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0)
        return NULL;
    return handle;
}

void lac_driver_use_journal(lac_driver *driver, const char *path, int journal)
{
    haddr_t last = driver->old_sums ? driver->sums.last : 0;
    haddr_t used = whole_pages(driver->allocated > last ? driver->allocated : last);
    driver->path = path;
    driver->journal = journal;
    if (used < driver->kept)
        driver->kept = used; /* behind it lies what a kill has left */
}

bool lac_driver_has_sums(const lac_driver *driver)
{
    return driver->sums.end > 0 || driver->sums.damaged;
}

uint64_t lac_driver_bytes(const lac_driver *driver)
{
    return driver->sums.end;
}

void lac_driver_leave_sums(lac_driver *driver)
{
    driver->unsummed = true;
}

void lac_driver_trust(lac_driver *driver)
{
    driver->trusted = true;
}

bool lac_driver_check(lac_driver *driver, uint64_t *at)
{
    *at = driver->sums.end;
    return !driver->sums.damaged &&
           lac_sums_check(&driver->sums, lac_driver_view(driver), 0, driver->sums.end, at);
}

bool lac_driver_lost(const lac_driver *driver)
{
    struct stat about;
    return fstat(driver->fd, &about) == 0 && about.st_nlink == 0;
}

void lac_driver_abandon(lac_driver *driver)
{
    driver->abandoned = true;
}
