/* Philox 4x32-10: a random block as a pure function of a counter and a key.
 *
 * Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11: ten
 * rounds of two 32 x 32 bit products; passes BigCrush. Known answers: test_random.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_PHILOX_H
#define LAC_BASE_PHILOX_H

#include <stddef.h>
#include <stdint.h>

enum { LAC_PHILOX_WORDS = 4, LAC_PHILOX_ROUNDS = 10 };

#define LAC_PHILOX_M0 UINT32_C(0xD2511F53)
#define LAC_PHILOX_M1 UINT32_C(0xCD9E8D57)
#define LAC_PHILOX_W0 UINT32_C(0x9E3779B9)
#define LAC_PHILOX_W1 UINT32_C(0xBB67AE85)

typedef struct lac_random_key {
    uint32_t word[2];
} lac_random_key;

/* One block. */
void lac_philox(const uint32_t counter[4], lac_random_key key, uint32_t out[4]);

/* Blocks first .. first + count - 1 of an address: block b has the counter (low word of b, high
 * word of b, low word of address, high word of address). Words in order of block, then word. */
void lac_philox_blocks(lac_random_key key, uint64_t address, uint64_t first, size_t count,
                       uint32_t *out);

/* The same on wide vectors: how many blocks from the first were made (0 where the machine has no
 * such vectors); the words are the same. */
size_t lac_philox_wide(lac_random_key key, uint64_t address, uint64_t first, size_t count,
                       uint32_t *out);

#endif
