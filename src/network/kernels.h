/* The list of kernels: what one instruction does to one strip of voxels.
 *
 * An arithmetic kernel is an inner operation on A and B, alone or followed by an outer one with C,
 * so that a chain of two never leaves the registers of the machine. A, B, C are elements of
 * arrays; SA, SB, SC scalars that all voxels share. The other kernels stand on their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_KERNELS_H
#define LAC_NETWORK_KERNELS_H

#include "language/operations.h"

/* X(name, value) */
#define LAC_INNER_KERNELS(X)                                                                       \
    X(ADD_VV, A + B)                                                                               \
    X(ADD_VS, A + SB)                                                                              \
    X(SUBTRACT_VV, A - B)                                                                          \
    X(SUBTRACT_VS, A - SB)                                                                         \
    X(SUBTRACT_SV, SA - B)                                                                         \
    X(MULTIPLY_VV, A *B)                                                                           \
    X(MULTIPLY_VS, A *SB)                                                                          \
    X(DIVIDE_VV, A / B)                                                                            \
    X(DIVIDE_SV, SA / B)                                                                           \
    X(RATIO_VV, A / (A + B))                                                                       \
    X(RATIO_VS, A / (A + SB))                                                                      \
    X(RATIO_SV, SA / (SA + B))

/* X(name, value of the pair): T is the inner value. The order is that of lac_outer. */
#define LAC_OUTER_FORMS(X, name, inner)                                                            \
    X(name, inner, T)                                                                              \
    X(name##_ADD_V, inner, T + C)                                                                  \
    X(name##_ADD_S, inner, T + SC)                                                                 \
    X(name##_LESS_V, inner, T - C)                                                                 \
    X(name##_LESS_S, inner, T - SC)                                                                \
    X(name##_FROM_V, inner, C - T)                                                                 \
    X(name##_FROM_S, inner, SC - T)                                                                \
    X(name##_TIMES_V, inner, T *C)                                                                 \
    X(name##_TIMES_S, inner, T *SC)                                                                \
    X(name##_RATIO_V, inner, T / (T + C))                                                          \
    X(name##_RATIO_S, inner, T / (T + SC))                                                         \
    X(name##_SHARE_V, inner, C / (C + T))                                                          \
    X(name##_SHARE_S, inner, SC / (SC + T))

typedef enum lac_outer {
    LAC_OUTER_NONE,
    LAC_OUTER_ADD, /* + 1 for a scalar operand, here and below */
    LAC_OUTER_LESS = 3,
    LAC_OUTER_FROM = 5,
    LAC_OUTER_TIMES = 7,
    LAC_OUTER_RATIO = 9,
    LAC_OUTER_SHARE = 11,
    LAC_OUTERS = 13
} lac_outer;

/* Of arrays only; a scalar operand is spread over a strip first. */
#define LAC_SINGLE_KERNELS(X)                                                                      \
    X(COPY, A)                                                                                     \
    X(SPREAD, SA)                                                                                  \
    X(CLAMP, A <= 0 ? 0 : A)                                                                       \
    X(STEP, A < 0 ? 0.0 : 1.0)                                                                     \
    X(POWER_SLOPE, lac_power_slope(A, B))                                                          \
    X(HILL_SLOPE, lac_hill_slope(A, B, C))                                                         \
    LAC_OPERATION_LIST(LAC_KERNEL_OF_ROW, X)

/* What the rows of the operations of the language add. */
#define LAC_KERNEL_LOOP(X, name, kernel) X(name, kernel)
#define LAC_KERNEL_FUSED(X, name, kernel)
#define LAC_KERNEL_OWN(X, name, kernel)
#define LAC_KERNEL_NONE(X, name, kernel)
#define LAC_KERNEL_OF_ROW(X, shape, name, word, arguments, meaning, binds, dimension, value, span, \
                          slope, kind, kernel)                                                     \
    LAC_KERNEL_##kind(X, name, kernel)

/* The last ones are functions of program_run.c: a choice, and powers with a scalar exponent (POWER:
 * B, HILL: C), whose small whole and half exponents are multiplied out when they run. */
typedef enum lac_kernel {
#define LAC_KERNEL_NAME(name, inner, value) LAC_KERNEL_##name,
#define LAC_KERNEL_FAMILY(name, inner) LAC_OUTER_FORMS(LAC_KERNEL_NAME, name, inner)
    LAC_INNER_KERNELS(LAC_KERNEL_FAMILY)
#undef LAC_KERNEL_FAMILY
#undef LAC_KERNEL_NAME
#define LAC_KERNEL_NAME(name, value) LAC_KERNEL_##name,
        LAC_SINGLE_KERNELS(LAC_KERNEL_NAME)
#undef LAC_KERNEL_NAME
            LAC_KERNEL_IF,
    LAC_KERNEL_POWER_S,
    LAC_KERNEL_POWER_SLOPE_S,
    LAC_KERNEL_HILL_S,
    LAC_KERNEL_HILL_SLOPE_S,
    LAC_KERNELS
} lac_kernel;

#endif
