/* Philox in portable arithmetic: what the wide version must agree with, and what remains of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/philox.h"

void lac_philox(const uint32_t counter[4], lac_random_key key, uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key.word[0], k1 = key.word[1];
    for (int round = 0; round < LAC_PHILOX_ROUNDS; round++) {
        uint64_t p0 = (uint64_t)LAC_PHILOX_M0 * c0, p1 = (uint64_t)LAC_PHILOX_M1 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += LAC_PHILOX_W0;
        k1 += LAC_PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void lac_philox_blocks(lac_random_key key, uint64_t address, uint64_t first, size_t count,
                       uint32_t *out)
{
    size_t done = lac_philox_wide(key, address, first, count, out);
    for (size_t block = done; block < count; block++) {
        uint64_t at = first + block;
        uint32_t counter[4] = {(uint32_t)at, (uint32_t)(at >> 32), (uint32_t)address,
                               (uint32_t)(address >> 32)};
        lac_philox(counter, key, out + LAC_PHILOX_WORDS * block);
    }
}
