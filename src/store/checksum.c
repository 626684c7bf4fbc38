/* CRC-64 with the polynomial of ECMA-182, reflected, complemented at both ends (the form known as
 * CRC-64/XZ). Finds every error burst up to 64 bits. Check value of "123456789": 995dc9bbdf1939fa
 * (tests/test_checkpoint_file.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/checksum.h"

#define POLYNOMIAL 0xC96C5795D7870F42u

static uint64_t shifted(uint64_t value)
{
    for (int bit = 0; bit < 8; bit++)
        value = value & 1 ? (value >> 1) ^ POLYNOMIAL : value >> 1;
    return value;
}

enum { FEW = 32 }; /* below, the table costs more than it saves */

static uint64_t by_bits(uint64_t sum, const unsigned char *byte, size_t count)
{
    for (size_t index = 0; index < count; index++)
        sum = shifted((sum ^ byte[index]) & 0xFF) ^ (sum >> 8);
    return sum;
}

static uint64_t by_table(uint64_t sum, const unsigned char *byte, size_t count)
{
    uint64_t table[256];
    for (unsigned value = 0; value < 256; value++)
        table[value] = shifted(value);
    for (size_t index = 0; index < count; index++)
        sum = table[(sum ^ byte[index]) & 0xFF] ^ (sum >> 8);
    return sum;
}

uint64_t lac_checksum(uint64_t sum, const void *bytes, size_t count)
{
    return ~(count < FEW ? by_bits(~sum, bytes, count) : by_table(~sum, bytes, count));
}
