/* CRC-64 with the polynomial of ECMA-182, reflected, complemented at both ends (the form known as
 * CRC-64/XZ). Finds every error burst up to 64 bits. Check value of "123456789": 995dc9bbdf1939fa
 * (tests/test_checkpoint_file.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/checksum.h"

#include <pthread.h>

#define POLYNOMIAL 0xC96C5795D7870F42u

static uint64_t shifted(uint64_t value)
{
    for (int bit = 0; bit < 8; bit++)
        value = value & 1 ? (value >> 1) ^ POLYNOMIAL : value >> 1;
    return value;
}

enum { LANES = 8 };

/* table[k][v]: what the byte v does to the sum k bytes later. */
static uint64_t table[LANES][256];
static pthread_once_t filled = PTHREAD_ONCE_INIT;

static void fill(void)
{
    for (unsigned value = 0; value < 256; value++)
        table[0][value] = shifted(value);
    for (int lane = 1; lane < LANES; lane++)
        for (unsigned value = 0; value < 256; value++) {
            uint64_t before = table[lane - 1][value];
            table[lane][value] = table[0][before & 0xFF] ^ (before >> 8);
        }
}

/* Eight bytes at a time (Kounavis & Berry 2008, IEEE Trans. Comput. 57:1550). */
static uint64_t by_tables(uint64_t sum, const unsigned char *byte, size_t count)
{
    pthread_once(&filled, fill);
    for (; count >= LANES; count -= LANES, byte += LANES) {
        uint64_t next = 0;
        for (int lane = 0; lane < LANES; lane++)
            next ^= table[LANES - 1 - lane][((sum >> (8 * lane)) ^ byte[lane]) & 0xFF];
        sum = next;
    }
    for (; count > 0; count--, byte++)
        sum = table[0][(sum ^ *byte) & 0xFF] ^ (sum >> 8);
    return sum;
}

uint64_t lac_checksum(uint64_t sum, const void *bytes, size_t count)
{
    return ~by_tables(~sum, bytes, count);
}
