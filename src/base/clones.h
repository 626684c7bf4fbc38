/* Clones: kernels compiled for several vector widths, of which the loader picks one by CPU. The
 * bits are the same: contraction is off, and IEEE arithmetic does not depend on the width.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_CLONES_H
#define LAC_BASE_CLONES_H

/* Sanitizers cannot run before the resolvers do, so they see the plain version only. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&   \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LAC_CLONED __attribute__((__target_clones__("avx512f", "avx2", "default")))
#else
#define LAC_CLONED
#endif

/* For pieces of a clone: they take its instruction set only when they are part of it. */
#define LAC_INLINE static inline __attribute__((__always_inline__))

#endif
