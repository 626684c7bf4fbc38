/* CRC-64: tells whether bytes on a disk are still those that were written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_CHECKSUM_H
#define LAC_STORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `sum` (0 at the start). */
uint64_t lac_checksum(uint64_t sum, const void *bytes, size_t count);

#endif
