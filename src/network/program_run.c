/* The interpreter: instructions over strips, one plain loop each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clones.h"
#include "network/elementary.h"
#include "network/program_internal.h"

enum { CHAIN_MOST = 16 };

/* Exponents that are multiplied out: whole and half, up to CHAIN_MOST. */
LAC_INLINE int chains(double n)
{
    return fabs(n) <= CHAIN_MOST && 2 * n == (double)(int)(2 * n);
}

/* d = a^n for such an n; d may be a. */
LAC_INLINE void chain(double *d, const double *a, double n, size_t count)
{
    double square[LAC_STRIP];
    unsigned whole = (unsigned)fabs(n);
    int half = fabs(n) != whole;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        square[i] = a[i];
        d[i] = half ? sqrt(a[i]) : 1;
    }
    for (; whole; whole >>= 1) {
        if (whole & 1) {
#pragma omp simd
            for (size_t i = 0; i < count; i++)
                d[i] *= square[i];
        }
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            square[i] *= square[i];
    }
    if (n < 0) {
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            d[i] = 1 / d[i];
    }
}

LAC_INLINE void power_scalar(double *d, const double *a, double n, size_t count)
{
    if (chains(n)) {
        chain(d, a, n, count);
        return;
    }
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        d[i] = lac_power(a[i], n);
}

LAC_INLINE void power_slope_scalar(double *d, const double *a, double n, size_t count)
{
    double zero[LAC_STRIP]; /* 1 where an infinite slope becomes 0 */
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        zero[i] = ((a[i] == 0) & (n < 1)) ? 1.0 : 0.0;
    power_scalar(d, a, n - 1, count);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        d[i] = zero[i] != 0 ? 0 : n * d[i];
}

LAC_INLINE void hill_scalar(double *d, const double *a, const double *b, double n, size_t count)
{
    if (!(chains(n) && n > 0 && n <= 4)) {
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            d[i] = lac_hill(a[i], b[i], n);
        return;
    }
    double half[LAC_STRIP];
    chain(half, b, n, count);
    chain(d, a, n, count);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        d[i] = d[i] / (d[i] + half[i]);
}

LAC_INLINE void hill_slope_scalar(double *d, const double *a, const double *b, double n,
                                  size_t count)
{
    if (!(chains(n) && n >= 1 && n <= 4)) {
#pragma omp simd
        for (size_t i = 0; i < count; i++)
            d[i] = lac_hill_slope(a[i], b[i], n);
        return;
    }
    double half[LAC_STRIP], below[LAC_STRIP], x[LAC_STRIP];
    chain(half, b, n, count);
    chain(below, a, n - 1, count);
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        x[i] = a[i];
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double inverse = 1 / (below[i] * x[i] + half[i]);
        d[i] = n * below[i] * half[i] * inverse * inverse;
    }
}

/* Both branches are read before the choice: conditional loads would keep the loop scalar. */
LAC_INLINE void choose(double *d, const double *a, const double *b, const double *c, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double yes = b[i], no = c[i];
        d[i] = a[i] != 0 ? yes : no;
    }
}

LAC_INLINE const double *source(const lac_operand_view *view, lac_operand operand)
{
    size_t index = operand.index;
    switch (operand.where) {
    case LAC_IN_REGISTER:
        return view->registers + index * view->register_size;
    case LAC_IN_FIELD:
        return view->value + (index - view->first) * view->stride;
    case LAC_IN_UNIFORM:
        return view->uniform + index;
    case LAC_IN_POSITION:
        return view->position[index];
    case LAC_IN_REGION:
        return view->region[index] + view->region_at;
    case LAC_IN_OUTPUT:
        return view->out[index] + view->out_at;
    case LAC_NOWHERE:
        break;
    }
    return view->registers; /* an operand that the kernel does not use */
}

LAC_INLINE double *target(const lac_operand_view *view, lac_operand operand)
{
    if (operand.where == LAC_IN_OUTPUT)
        return view->out[operand.index] + view->out_at;
    return view->registers + operand.index * view->register_size;
}

/* One case a kernel; a target may be one of its own sources, at the same element. */
#define A a[i]
#define B b[i]
#define C c[i]
#define STRIP_LOOP(value)                                                                          \
    _Pragma("omp simd") for (size_t i = 0; i < count; i++) d[i] = (value);                         \
    break;
#define PAIR_LOOP(inner, value)                                                                    \
    _Pragma("omp simd") for (size_t i = 0; i < count; i++)                                         \
    {                                                                                              \
        double T = (inner);                                                                        \
        d[i] = (value);                                                                            \
    }                                                                                              \
    break;
#define PAIR_CASE(name, inner, value)                                                              \
    case LAC_KERNEL_##name:                                                                        \
        PAIR_LOOP(inner, value)
#define FAMILY(name, inner) LAC_OUTER_FORMS(PAIR_CASE, name, inner)
#define SINGLE_CASE(name, value)                                                                   \
    case LAC_KERNEL_##name:                                                                        \
        STRIP_LOOP(value)

LAC_CLONED void lac_instructions_run(const lac_instruction *from, const lac_instruction *to,
                                     const lac_operand_view *view, size_t count)
{
    for (const lac_instruction *at = from; at < to; at++) {
        double *d = target(view, at->to);
        const double *a = source(view, at->a), *b = source(view, at->b), *c = source(view, at->c);
        const double SA = *a, SB = *b, SC = *c;
        switch (at->kernel) {
            LAC_INNER_KERNELS(FAMILY)
            LAC_SINGLE_KERNELS(SINGLE_CASE)
        case LAC_KERNEL_IF:
            choose(d, a, b, c, count);
            break;
        case LAC_KERNEL_POWER_S:
            power_scalar(d, a, SB, count);
            break;
        case LAC_KERNEL_POWER_SLOPE_S:
            power_slope_scalar(d, a, SB, count);
            break;
        case LAC_KERNEL_HILL_S:
            hill_scalar(d, a, b, SC, count);
            break;
        case LAC_KERNEL_HILL_SLOPE_S:
            hill_slope_scalar(d, a, b, SC, count);
            break;
        case LAC_KERNELS:
            break;
        }
    }
}
