/* Exponential numbers by the ziggurat (Marsaglia & Tsang 2000, J. Stat. Softw. 5(8)).
 *
 * The area under exp(-x) is covered by 256 strips of equal area: rectangles of which strip k is
 * x_k wide, and below the last a base with the tail beyond x_1 = R. One number of 64 bits gives a
 * strip (8 bits) and a place in it (53 others); where the strip lies under the curve, which is so
 * in 98.9 % of all draws, that is all. The tail is R plus an exponential number again, so that no
 * value is cut off. Test: test_random.c, and check_streams.c at length.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <math.h>
#include <pthread.h>

enum { STRIPS = 256 };

/* Where 256 strips of area V meet: x_1 = R solves x_256 = 0. */
static const double R = 7.69711747013104972, V = 3.9496598225815571993e-3;

static double width[STRIPS];  /* of a strip, the base with its tail cut to the same area */
static double height[STRIPS]; /* of the upper edge of a strip */
static double inside[STRIPS]; /* the part of a strip that is under the curve wholly */
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void make_strips(void)
{
    double x = R, upper;
    width[0] = V / exp(-R);
    inside[0] = R / width[0];
    height[0] = exp(-R);
    for (int k = 1; k < STRIPS; k++) {
        width[k] = x;
        height[k] = exp(-x) + V / x;
        upper = k + 1 < STRIPS ? -log(height[k]) : 0;
        inside[k] = upper / x;
        x = upper;
    }
}

void lac_random_prepare(void)
{
    pthread_once(&made, make_strips);
}

double lac_stream_exponential(lac_stream *stream)
{
    for (;;) {
        const uint64_t bits = lac_stream_long(stream);
        const unsigned strip = bits & (STRIPS - 1);
        const double part = (double)(bits >> 11) * 0x1p-53;
        const double x = part * width[strip];
        if (part < inside[strip])
            return x;
        if (strip == 0)
            return R + lac_stream_exponential(stream);
        const double low = height[strip - 1], high = height[strip];
        if (low + lac_stream_unit(stream) * (high - low) < exp(-x))
            return x;
    }
}
