/* Elementary functions as plain arithmetic that compilers turn into vector code: the same bits on
 * every path, because nothing but IEEE + - * / sqrt, comparisons and bit operations is used (and
 * the build forbids contraction).
 *
 * Method: exp by 2^n (1 + p(r)), |r| <= ln 2 / 2; log in two doubles from atanh series of
 * (m - 1) / (m + 1) with exact products (Dekker 1971); pow as exp of the two-double product;
 * sin and cos after the three-part reduction by pi / 2 of Cody & Waite (1980); tanh from expm1.
 * Limits: at most 2 ulp; sin and cos to 2 ulp for |x| <= 1.6e6, beyond that the argument counts to
 * 1 ulp, and from 2^50 on the result is NaN. test_program.c compares with the C library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_ELEMENTARY_H
#define LAC_NETWORK_ELEMENTARY_H

#include "base/clones.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

LAC_INLINE uint64_t lac_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LAC_INLINE double lac_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Adding 1.5 * 2^52 rounds to an integer that then stands in the low bits. */
#define LAC_ROUNDER 6755399441055744.0

/* 2^n for integral n in -1022 .. 1023. */
LAC_INLINE double lac_two_to(double n)
{
    return lac_from_bits((lac_bits(n + LAC_ROUNDER) + 1023) << 52);
}

/* a * b = high + *low exactly (barring overflow and underflow). */
LAC_INLINE double lac_product(double a, double b, double *low)
{
    const uint64_t upper = UINT64_C(0xfffffffff8000000);
    double a1 = lac_from_bits(lac_bits(a) & upper), a2 = a - a1;
    double b1 = lac_from_bits(lac_bits(b) & upper), b2 = b - b1;
    double high = a * b;
    *low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2;
    return high;
}

#define LAC_LN2_HIGH 6.93147180369123816490e-01 /* 33 bits: exact times any exponent */
#define LAC_LN2_LOW 1.90821492927058770002e-10

/* exp(r) - 1 for |r| <= 0.35: Taylor to r^13 (the next term is 4e-18 of 1). */
LAC_INLINE double lac_exp_tail(double r)
{
    double p = 1 / 6227020800.0;
    p = p * r + 1 / 479001600.0;
    p = p * r + 1 / 39916800.0;
    p = p * r + 1 / 3628800.0;
    p = p * r + 1 / 362880.0;
    p = p * r + 1 / 40320.0;
    p = p * r + 1 / 5040.0;
    p = p * r + 1 / 720.0;
    p = p * r + 1 / 120.0;
    p = p * r + 1 / 24.0;
    p = p * r + 1 / 6.0;
    p = p * r + 0.5;
    return r + r * r * p;
}

/* exp(x + tail), |tail| far below |x|. */
LAC_INLINE double lac_exp_of(double x, double tail)
{
    double y = x > 720 ? 720 : x;
    y = y < -760 ? -760 : y;
    double n = (y * 1.44269504088896338700 + LAC_ROUNDER) - LAC_ROUNDER;
    double r = ((y - n * LAC_LN2_HIGH) - n * LAC_LN2_LOW) + tail;
    double half = (n * 0.5 + LAC_ROUNDER) - LAC_ROUNDER;
    return (1 + lac_exp_tail(r)) * lac_two_to(half) * lac_two_to(n - half);
}

LAC_INLINE double lac_exp(double x)
{
    return lac_exp_of(x, 0);
}

/* log(x) = result + *low, relative error below 2^-62; x > 0 and finite. */
LAC_INLINE double lac_log_parts(double x, double *low)
{
    const uint64_t root_half = UINT64_C(0x3fe6a09e667f3bcd); /* sqrt(1/2) */
    double scaled = x < DBL_MIN ? x * 18014398509481984.0 : x;
    uint64_t bits = lac_bits(scaled) + (UINT64_C(0x3ff0000000000000) - root_half);
    double e = lac_from_bits((bits >> 52) | UINT64_C(0x4330000000000000)) - 4503599627371519.0;
    e = x < DBL_MIN ? e - 54 : e;
    double m = lac_from_bits((bits & UINT64_C(0x000fffffffffffff)) + root_half);

    /* s = (m - 1) / (m + 1) */
    double f = m - 1, d = m + 1, d_low = m - (d - 1);
    double s = f / d, p_low, w_low, z_low, l_low;
    double p = lac_product(s, d, &p_low);
    double s_low = (((f - p) - p_low) - s * d_low) / d;

    /* atanh(s) = s (1 + w (1/3 + w / 5 + ...)), w = s^2 <= 0.0295 */
    double w = lac_product(s, s, &w_low);
    w_low += 2 * s * s_low;
    double q = 2 / 25.0;
    q = q * w + 2 / 23.0;
    q = q * w + 2 / 21.0;
    q = q * w + 2 / 19.0;
    q = q * w + 2 / 17.0;
    q = q * w + 2 / 15.0;
    q = q * w + 2 / 13.0;
    q = q * w + 2 / 11.0;
    q = q * w + 2 / 9.0;
    q = q * w + 2 / 7.0;
    q = q * w + 2 / 5.0;
    const double third = 2 / 3.0, third_low = 3.7007434154171886e-17;
    double t = w * q, c = third + t, c_low = ((third - c) + t) + third_low;
    double z = lac_product(w, c, &z_low);
    z_low += w * c_low + w_low * c;
    double g = 2 + z, g_low = ((2 - g) + z) + z_low;
    double l = lac_product(s, g, &l_low);
    l_low += s * g_low + s_low * g;

    double a = e * LAC_LN2_HIGH, high = a + l;
    double rest = ((a - high) + l) + (l_low + e * LAC_LN2_LOW);
    double sum = high + rest;
    *low = (high - sum) + rest;
    return sum;
}

/* The logarithm where x is not an ordinary positive number. */
LAC_INLINE double lac_log_ends(double x, double ordinary)
{
    double y = x == 0 ? -INFINITY : ordinary;
    y = x < 0 ? NAN : y;
    y = x == INFINITY ? x : y;
    return x != x ? x : y;
}

LAC_INLINE double lac_log(double x)
{
    double low;
    return lac_log_ends(x, lac_log_parts(x, &low));
}

/* log(x) / log(10) with the second word of both, so that powers of ten have whole logarithms. */
LAC_INLINE double lac_log10(double x)
{
    const double high = 0.43429448190325182, low = 1.0983196502167651e-17;
    double rest, tail;
    double whole = lac_log_parts(x, &rest);
    double y = lac_product(whole, high, &tail);
    y = y + (tail + (whole * low + rest * high));
    return lac_log_ends(x, y);
}

/* x^y for x >= 0. */
LAC_INLINE double lac_power_positive(double x, double y)
{
    double low, tail;
    double high = lac_log_ends(x, lac_log_parts(x, &low));
    double p = lac_product(y, high, &tail);
    tail += y * low;
    tail = ((fabs(p) < 800) & (fabs(high) < 800)) ? tail : 0;
    double z = lac_exp_of(p, tail);
    return y == 0 ? 1 : z;
}

/* As pow() of C, except that 1 to the power NaN and -inf to a fractional power are NaN. */
LAC_INLINE double lac_power(double x, double y)
{
    double z = lac_power_positive(fabs(x), y);
    double whole = (y + LAC_ROUNDER) - LAC_ROUNDER;
    double pairs = (y * 0.5 + LAC_ROUNDER) - LAC_ROUNDER;
    double sign = pairs * 2 == y ? 1 : -1;
    sign = whole == y ? sign : NAN;
    sign = fabs(y) < 2251799813685248.0 ? sign : 1; /* 2^51: even from there on */
    return x < 0 ? z * sign : z;
}

/* sin(x) for quadrant 0, cos(x) for 1. */
LAC_INLINE double lac_circular(double x, uint64_t quadrant)
{
    double n = (x * 0.63661977236758138243 + LAC_ROUNDER) - LAC_ROUNDER;
    quadrant += lac_bits(n + LAC_ROUNDER);
    double a = x - n * 1.57079632673412561417e+00; /* pi / 2: 33 + 33 + 53 bits */
    double b = n * 6.07710050630396597660e-11;
    double c = n * 2.02226624879595063154e-21;
    double first = a - b, r_low = ((a - first) - b) - c;
    double r = first + r_low;
    r_low = (first - r) + r_low;
    double v = r * r;

    double p = 1 / 355687428096000.0;
    p = p * v - 1 / 1307674368000.0;
    p = p * v + 1 / 6227020800.0;
    p = p * v - 1 / 39916800.0;
    p = p * v + 1 / 362880.0;
    p = p * v - 1 / 5040.0;
    p = p * v + 1 / 120.0;
    p = p * v - 1 / 6.0;
    double sine = r + (r * v * p + r_low * (1 - 0.5 * v));

    double k = -1 / 6402373705728000.0;
    k = k * v + 1 / 20922789888000.0;
    k = k * v - 1 / 87178291200.0;
    k = k * v + 1 / 479001600.0;
    k = k * v - 1 / 3628800.0;
    k = k * v + 1 / 40320.0;
    k = k * v - 1 / 720.0;
    k = k * v + 1 / 24.0;
    double half = 0.5 * v, near = 1 - half;
    double cosine = near + (((1 - near) - half) + (v * v * k - r * r_low));

    uint64_t swap = UINT64_C(0) - (quadrant & 1);
    uint64_t bits = (lac_bits(sine) & ~swap) | (lac_bits(cosine) & swap);
    bits ^= (quadrant & 2) << 62;
    return fabs(x) < 1125899906842624.0 ? lac_from_bits(bits) : NAN;
}

LAC_INLINE double lac_sin(double x)
{
    return x == 0 ? x : lac_circular(x, 0);
}

LAC_INLINE double lac_cos(double x)
{
    return lac_circular(x, 1);
}

LAC_INLINE double lac_tanh(double x)
{
    double y = 2 * fabs(x);
    y = y > 44 ? 44 : y;
    double n = (y * 1.44269504088896338700 + LAC_ROUNDER) - LAC_ROUNDER;
    double r = (y - n * LAC_LN2_HIGH) - n * LAC_LN2_LOW;
    double scale = lac_two_to(n);
    double grown = scale * lac_exp_tail(r) + (scale - 1); /* exp(2 |x|) - 1 */
    double t = grown / (grown + 2);
    uint64_t sign = lac_bits(x) & UINT64_C(0x8000000000000000);
    return lac_from_bits(lac_bits(t) | sign);
}

/* b a^(b - 1); 0 at a = 0 for b < 1, where the true slope is infinite. */
LAC_INLINE double lac_power_slope(double a, double b)
{
    double slope = b * lac_power(a, b - 1);
    return ((a == 0) & (b < 1)) ? 0 : slope;
}

/* x^n / (K^n + x^n), x >= 0, without overflow. */
LAC_INLINE double lac_hill(double x, double half, double n)
{
    return 1 / (1 + lac_power_positive(half / x, n));
}

/* d/dx of it: n / x * q / (1 + q)^2 is symmetric in q = (x / K)^(+-n), so q <= 1 can be taken; 0 at
 * x = 0 for n < 1, where the true slope is infinite. */
LAC_INLINE double lac_hill_slope(double x, double half, double n)
{
    int below = x <= half;
    double base = below ? x / half : half / x;
    double u = lac_power_positive(base, below ? n - 1 : n);
    double q = below ? u * base : u;
    double slope = n / (below ? half : x) * u / ((1 + q) * (1 + q));
    return ((x == 0) & (n < 1)) ? 0 : slope;
}

#endif
