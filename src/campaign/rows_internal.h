/* Rows from inside: what those who write and those who read them share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_ROWS_INTERNAL_H
#define LAC_CAMPAIGN_ROWS_INTERNAL_H

#include "campaign/rows.h"

#define LAC_ROW_MAGIC UINT32_C(0x314c524c) /* "LRL1" */

/* A sum of words of eight bytes that notices every changed bit; `bytes` is a multiple of eight. */
uint64_t lac_row_sum(uint64_t start, const void *data, size_t bytes);

#endif
