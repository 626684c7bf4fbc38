/* Mean and variance of samples, for tests of what is drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_MOMENTS_H
#define LAC_TESTS_MOMENTS_H

typedef struct moments {
    double samples, sum, squares;
} moments;

static inline void sample(moments *of, double x)
{
    of->samples++;
    of->sum += x;
    of->squares += x * x;
}

static inline double mean_of(const moments *of)
{
    return of->sum / of->samples;
}

static inline double variance_of(const moments *of)
{
    return (of->squares - of->samples * mean_of(of) * mean_of(of)) / (of->samples - 1);
}

#endif
