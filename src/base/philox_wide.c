/* Philox on vectors of 256 bits, eight blocks at a time: a word stands in the low half of a 64-bit
 * lane, where vpmuludq multiplies it; the high half holds leavings that no product looks at.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/philox.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

enum { LANES = 4, AT_ONCE = 2 * LANES };

#define WIDE __attribute__((__target__("avx2")))
#define WIDE_PIECE static inline __attribute__((__target__("avx2"), __always_inline__))

typedef struct quad {
    __m256i c0, c1, c2, c3;
} quad;

WIDE_PIECE quad counters(uint64_t address, uint64_t first)
{
    __m256i block =
        _mm256_add_epi64(_mm256_set1_epi64x((long long)first), _mm256_set_epi64x(3, 2, 1, 0));
    return (quad){block, _mm256_srli_epi64(block, 32), _mm256_set1_epi64x((long long)address),
                  _mm256_set1_epi64x((long long)(address >> 32))};
}

WIDE_PIECE quad round_of(quad q, __m256i k0, __m256i k1)
{
    __m256i p0 = _mm256_mul_epu32(q.c0, _mm256_set1_epi64x(LAC_PHILOX_M0));
    __m256i p1 = _mm256_mul_epu32(q.c2, _mm256_set1_epi64x(LAC_PHILOX_M1));
    return (quad){_mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), q.c1), k0), p1,
                  _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), q.c3), k1), p0};
}

WIDE_PIECE void put(quad q, uint32_t *out)
{
    __m256i low = _mm256_set1_epi64x(0xffffffff);
    __m256i a = _mm256_or_si256(_mm256_and_si256(q.c0, low), _mm256_slli_epi64(q.c1, 32));
    __m256i b = _mm256_or_si256(_mm256_and_si256(q.c2, low), _mm256_slli_epi64(q.c3, 32));
    __m256i even = _mm256_unpacklo_epi64(a, b), odd = _mm256_unpackhi_epi64(a, b);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(out + 8), _mm256_permute2x128_si256(even, odd, 0x31));
}

WIDE static void eight_blocks(lac_random_key key, uint64_t address, uint64_t first, uint32_t *out)
{
    quad a = counters(address, first), b = counters(address, first + LANES);
    uint32_t k0 = key.word[0], k1 = key.word[1];
    for (int round = 0; round < LAC_PHILOX_ROUNDS; round++) {
        __m256i w0 = _mm256_set1_epi64x(k0), w1 = _mm256_set1_epi64x(k1);
        a = round_of(a, w0, w1);
        b = round_of(b, w0, w1);
        k0 += LAC_PHILOX_W0;
        k1 += LAC_PHILOX_W1;
    }
    put(a, out);
    put(b, out + LANES * LAC_PHILOX_WORDS);
}

size_t lac_philox_wide(lac_random_key key, uint64_t address, uint64_t first, size_t count,
                       uint32_t *out)
{
    size_t done = 0;
    if (!__builtin_cpu_supports("avx2"))
        return 0;
    for (; done + AT_ONCE <= count; done += AT_ONCE)
        eight_blocks(key, address, first + done, out + LAC_PHILOX_WORDS * done);
    return done;
}

#else

size_t lac_philox_wide(lac_random_key key, uint64_t address, uint64_t first, size_t count,
                       uint32_t *out)
{
    (void)key;
    (void)address;
    (void)first;
    (void)count;
    (void)out;
    return 0;
}

#endif
