/* Fingerprint: FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv), twice with different starts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>

void lac_fingerprint(const char *text, char hex[LAC_FINGERPRINT_BYTES])
{
    uint64_t a = UINT64_C(0xcbf29ce484222325), b = UINT64_C(0x9ae16a3b2f90404f);
    for (const char *byte = text; *byte; byte++) {
        a = (a ^ (unsigned char)*byte) * UINT64_C(0x100000001b3);
        b = (b ^ (unsigned char)*byte) * UINT64_C(0x100000001b3);
    }
    snprintf(hex, LAC_FINGERPRINT_BYTES, "%016" PRIx64 "%016" PRIx64, a, b);
}
