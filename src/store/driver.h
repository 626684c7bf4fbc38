/* The driver: how HDF5 reaches the bytes of our files, so that what it has flushed is never half
 * overwritten.
 *
 * Bytes past the end of the last flush go straight to the file: nothing in it refers to them yet.
 * Bytes before it stay in memory until the next flush; they go to the journal first and then to the
 * file. A kill at any moment leaves the file of the last flush, or that and a journal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_DRIVER_H
#define LAC_STORE_DRIVER_H

#include "base/status.h"

#include <hdf5.h>
#include <stdbool.h>

typedef struct lac_driver lac_driver;

/* Makes the files that are opened with this access list ours. */
herr_t lac_driver_set(hid_t access_list);
/* The driver of an open file; NULL when it is not ours. */
lac_driver *lac_driver_of(hid_t file);

/* From now on changes go by the journal of the result `path` (borrowed); the driver closes it when
 * the file is closed. Without one changes are applied as they are. */
void lac_driver_use_journal(lac_driver *driver, const char *path, int journal);
/* Has it checksums, and how many bytes do they cover? */
bool lac_driver_has_sums(const lac_driver *driver);
uint64_t lac_driver_bytes(const lac_driver *driver);
/* Compares all of the file with its checksums, if it has any; `*at` is where a block of
 * LAC_SUM_BLOCK bytes begins that does not fit. */
bool lac_driver_check(lac_driver *driver, uint64_t *at);
/* A new file gets no checksums. */
void lac_driver_leave_sums(lac_driver *driver);
/* From now on nothing that is read is compared with checksums. */
void lac_driver_trust(lac_driver *driver);
/* The file has been deleted under our hands. */
bool lac_driver_lost(const lac_driver *driver);
/* Leaves the file at its last flush: nothing that HDF5 still holds is written. */
void lac_driver_abandon(lac_driver *driver);

#endif
