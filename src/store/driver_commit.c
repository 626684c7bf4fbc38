/* How changes reach a file: what is old waits for the flush, which goes by the journal, and the
 * sums stand behind its end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/driver_internal.h"

#include <sys/stat.h>
#include <unistd.h>

/* What lies before `kept` waits for the flush, the rest goes to the file. */
bool lac_driver_put(lac_driver *driver, haddr_t address, const void *bytes, size_t count)
{
    haddr_t end = address + count;
    size_t before = 0;
    if (address < driver->kept)
        before = driver->kept - address < count ? (size_t)(driver->kept - address) : count;
    if (!lac_pages_change(&driver->pages, driver->fd, address, bytes, before))
        return false;
    if (before == count)
        return true;
    driver->actual = end > driver->actual ? end : driver->actual;
    return lac_pwrite_all(driver->fd, (const char *)bytes + before, count - before,
                          address + before);
}

/* HDF5 finds zeros where the sums of the last flush were: what a file holds does not depend on how
 * often it was flushed. */
bool lac_driver_clear_sums(lac_driver *driver)
{
    static const char nothing[LAC_PAGE] = {0};
    for (uint64_t at = driver->sums.end; driver->old_sums && at < driver->sums.last;) {
        uint64_t next = (at / LAC_PAGE + 1) * LAC_PAGE;
        next = next < driver->sums.last ? next : driver->sums.last;
        if (!lac_driver_put(driver, at, nothing, (size_t)(next - at)))
            return false;
        at = next;
    }
    driver->old_sums = false;
    return true;
}

/* The sums of all that the file holds now, behind its end. */
static bool put_sums(lac_driver *driver)
{
    unsigned char header[LAC_SUMS_HEADER];
    lac_sums *sums = &driver->sums;
    uint64_t place = lac_sums_place(driver->end);
    sums->last = driver->end;
    if (driver->unsummed)
        return true;
    if (!lac_sums_renew(sums, lac_driver_view(driver), driver->end))
        return false;
    lac_sums_header(sums, header);
    driver->old_sums = true;
    return lac_driver_put(driver, place, header, sizeof header) &&
           lac_driver_put(driver, place + sizeof header, sums->sum,
                          sums->blocks * sizeof *sums->sum);
}

/* The sums, the journal, the pages, the end. */
bool lac_driver_commit(lac_driver *driver)
{
    if (!put_sums(driver))
        return false;
    const lac_pages *pages = &driver->pages;
    haddr_t end = driver->sums.last;
    bool guarded = driver->journal >= 0 && pages->count > 0;
    lac_write_ahead_state state = {end, end < driver->kept ? end : driver->kept};
    if (guarded && !lac_write_ahead_write(driver->journal, driver->fd, pages, state))
        return false;
    driver->owes = guarded;
    if (!lac_pages_apply(pages, driver->fd))
        return false;
    struct stat about;
    if (fstat(driver->fd, &about) != 0 ||
        (S_ISREG(about.st_mode) && (haddr_t)about.st_size != end &&
         ftruncate(driver->fd, (off_t)end) != 0))
        return false;
    driver->owes = false;
    if (guarded)
        lac_write_ahead_void(driver->journal);
    return true;
}
