/* The driver from inside: what it knows of a file, and how changes reach it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_DRIVER_INTERNAL_H
#define LAC_STORE_DRIVER_INTERNAL_H

#include "store/driver.h"
#include "store/sums.h"
#include "store/write_ahead.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include <sys/types.h>

struct lac_driver {
    H5FD_t hdf5; /* must be first */
    int fd, journal;
    const char *path; /* borrowed: of the result */
    dev_t device;
    ino_t inode;
    haddr_t allocated;   /* end of what HDF5 has given out */
    haddr_t end, actual; /* end of the file as HDF5 sees it, and as it is */
    haddr_t kept;        /* what lies before was there at the last flush */
    lac_pages pages;     /* changes before `kept` */
    lac_sums sums;       /* of what the file holds, as it was opened or last flushed */
    bool trusted;        /* the sums are not looked at */
    bool unsummed;       /* there are to be none */
    bool old_sums;       /* they stand behind its end, and are to go before it is changed */
    bool changed;        /* since it was opened: else not even its length is mended */
    int refused;         /* errno of the write that failed, after which none is tried */
    bool abandoned;      /* and HDF5 is not told */
    bool owes; /* a flush failed after its journal had been written, which must stay then */
};

static inline lac_sums_file lac_driver_view(const lac_driver *driver)
{
    return (lac_sums_file){driver->fd, &driver->pages};
}

/* driver_commit.c. Each is false with errno. */

/* What lies before `kept` waits for the flush, the rest goes to the file. */
bool lac_driver_put(lac_driver *driver, haddr_t address, const void *bytes, size_t count);
/* Zeros where the sums of the last flush were. */
bool lac_driver_clear_sums(lac_driver *driver);
/* All changes reach the file: the sums, the journal, the pages, the end. */
bool lac_driver_commit(lac_driver *driver);

#endif
