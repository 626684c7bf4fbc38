/* `representation: auto` at its default thresholds, on transients that pass them both ways: means
 * against the law, against `exact` and against mean-field. Variances are those of the law less what
 * is lost while a variable is continuous, which docs/methods.md tells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double *column(const sample *s, size_t frame, size_t at)
{
    double *value = calloc(s->replicates, sizeof *value);
    if (!value)
        abort();
    for (size_t r = 0; r < s->replicates; r++)
        value[r] = sample_at(s, r, frame, at);
    return value;
}

static sample draw(check_run *run, const char *method, const problem *p, size_t replicates)
{
    const char *before = run->engine.method;
    run->engine.method = method;
    sample s = sample_draw(&run->engine, p, replicates);
    run->engine.method = before;
    return s;
}

/* --- births for ten minutes: Poisson, with a mean in closed form */

static double burst_mean(double minutes)
{
    return 600 * (1 - exp(-fmin(minutes, 10) / 10)) * exp(-fmax(minutes - 10, 0) / 10);
}

static void check_burst(check_run *run)
{
    net *n = net_create(1);
    const problem p = {"auto-burst", n, 300, 9};
    sample found = draw(run, "hybrid", &p, run->replicates);
    for (size_t frame = 1; frame < found.frames; frame++) {
        char what[64];
        double *value = column(&found, frame, 0);
        snprintf(what, sizeof what, "mean, frame %zu", frame);
        judge_bias_of(run, value, found.replicates, burst_mean(5 * (double)frame), what);
        free(value);
    }
    sample_free(&found);
    net_free(n);
}

/* --- an outbreak, against exact */

static void check_outbreak(check_run *run)
{
    enum { R = 2 };
    net *n = net_create(3);
    const problem p = {"auto-outbreak", n, 15 * 86400, 5};
    sample found = draw(run, "hybrid", &p, run->replicates);
    sample expected = draw(run, "exact", &p, 4 * run->replicates);
    static const struct look {
        size_t frame, column;
        const char *what;
    } look[] = {{2, R, "recovered after 30 d"}, {4, R, "recovered"}};
    for (size_t k = 0; k < sizeof look / sizeof *look; k++) {
        double *a = column(&found, look[k].frame, look[k].column);
        double *b = column(&expected, look[k].frame, look[k].column);
        judge_bias(run, a, found.replicates, b, expected.replicates, look[k].what);
        free(a);
        free(b);
    }
    sample_free(&found);
    sample_free(&expected);
    net_free(n);
}

/* --- molecules that diffuse and fade: the mean is that of mean-field */

static void check_field(check_run *run)
{
    enum { VOXELS = 10 };
    net *n = net_create(2 * VOXELS);
    const problem p = {"auto-field", n, 30, 6};
    sample found = draw(run, "hybrid", &p, run->replicates);
    sample expected = draw(run, "mean-field", &p, 1);
    for (size_t frame = 1; frame < found.frames; frame++)
        for (size_t voxel = 0; voxel < VOXELS; voxel += VOXELS / 2 - 1) {
            char what[64];
            double *value = column(&found, frame, voxel);
            snprintf(what, sizeof what, "voxel %zu, frame %zu", voxel, frame);
            judge_bias_of(run, value, found.replicates, sample_at(&expected, 0, frame, voxel),
                          what);
            free(value);
        }
    sample_free(&found);
    sample_free(&expected);
    net_free(n);
}

const check auto_checks[] = {{"auto_burst", check_burst, 0, 10000, 0, false},
                             {"auto_outbreak", check_outbreak, 0, 800, 0, false},
                             {"auto_field", check_field, 0, 5000, 0, false},
                             {0}};
