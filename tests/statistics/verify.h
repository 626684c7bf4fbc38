/* Verification: checks, their runs, and how numbers are judged.
 *
 * A run of a check gives verdicts. Those with a p-value are joined by Bonferroni: p of the run =
 * verdicts * smallest p. Those with a limit pass or fail by themselves. A run whose p is below
 * LEVEL, or that breaks a limit, is repeated once with a new seed and four times the replicates;
 * the check fails when that fails too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_VERIFY_H
#define LAC_STATISTICS_VERIFY_H

#include "statistics/engine.h"

#define LEVEL 1e-3

typedef struct check_run {
    engine engine;
    const char *suite; /* directory of the stochastic test suite, or NULL */
    size_t replicates;
    int number; /* of the case, where one function serves many checks */
    bool quick; /* few replicates, wider limits */
    bool all;   /* print all that is judged */
    /* The outcome: */
    int verdicts; /* with a p-value */
    double smallest_p;
    char statistic[64]; /* of the smallest p, or of the limit that is worst broken */
    double value;
    bool limited, broken;
} check_run;

typedef struct check {
    const char *name;
    void (*call)(check_run *run);
    int number;
    size_t replicates; /* at scale 1 */
    size_t quick;      /* of `--quick`; 0 = not in it */
    bool twin;         /* the twin can run it */
} check;

extern const check wells_checks[], space_checks[], suite_checks[], stream_checks[], cells_checks[],
    bias_checks[], front_checks[], auto_checks[];

/* --- judging (judge.c) */

void judge_p(check_run *run, double value, double p, const char *format, ...) LAC_PRINTF(4, 5);
/* value <= limit, or the check is broken */
void judge_limit(check_run *run, double value, double limit, const char *format, ...)
    LAC_PRINTF(4, 5);
/* A standard normal number, two-sided. */
void judge_z(check_run *run, double z, const char *what);

/* Pearson's chi-square of observed counts; neighbouring bins are joined until each expects 5.
 */
void judge_counts(check_run *run, const double *observed, const double *expected, size_t bins,
                  const char *what);
/* A column at a frame against the probabilities p[0 .. most]. */
void judge_law(check_run *run, const sample *s, size_t frame, size_t column, const double *p,
               size_t most, const char *what);
/* Mean against mu with its known variance, and variance with the sample's fourth moment. */
void judge_moments(check_run *run, const sample *s, size_t frame, size_t column, double mean,
                   double variance, const char *what);
void judge_mean(check_run *run, const double *value, size_t n, double mean, double variance,
                const char *what);
/* Covariance of two columns against its expectation. */
void judge_covariance(check_run *run, const sample *s, size_t frame, const size_t column[2],
                      double expected, const char *what);
/* Two independent samples of a mean: the bias of `found` is at most 1 % of `expected` with a
 * standard error of at most 0.33 %. With `quick` the limit is 4.5 standard errors where these are
 * more. */
void judge_bias(check_run *run, const double *found, size_t n, const double *expected, size_t m,
                const char *what);
/* The same with an expectation that is known. */
void judge_bias_of(check_run *run, const double *found, size_t n, double expected,
                   const char *what);
/* Covariances of two pairs of independent samples; a pair of the same gives variances. */
void judge_covariances(check_run *run, const double *const found[2], size_t n,
                       const double *const expected[2], size_t m, const char *what);
/* The covariance of `with` and value[0] against that of `with` and value[1], replicate by replicate
 * on the same path: limits as of `judge_bias`. */
void judge_paired_covariance(check_run *run, const double *with, const double *const value[2],
                             size_t n, const char *what);
/* A bias that was found, with its standard error, against the mean of what is stated; of a content.
 */
typedef struct stated_bias {
    double found, error, stated, content;
} stated_bias;
/* The statement is right within a factor of 3, or within its resolution. Four standard errors are
 * allowed: one that is right fails with probability at most 6e-5 for each number. */
void judge_stated(check_run *run, const stated_bias *it, const char *accuracy);
/* Kolmogorov and Smirnov: u sorted here, uniform on (0, 1). */
void judge_uniform(check_run *run, double *u, size_t n, const char *what);

#endif
