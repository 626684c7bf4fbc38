/* A front of molecules by the method hybrid at its default settings, against `exact`: A from the
 * left and B from the right meet and make C.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALONG = 8, ROWS = 8, VOXELS = ALONG * ROWS, A = 0, B = VOXELS, C = 2 * VOXELS };
enum { PARTS = 4, FRAMES = 4 };

/* A species in the half of the box that begins at a place along it. */
typedef struct part {
    size_t species, from;
    const char *name;
} part;

static const part parts[PARTS] = {
    {C, 0, "C left"}, {C, ALONG / 2, "C right"}, {A, ALONG / 2, "A beyond"}, {B, 0, "B beyond"}};

/* Its number of molecules, replicate by replicate. */
static double *numbers(const sample *s, size_t frame, const part *of)
{
    double *out = calloc(s->replicates, sizeof *out);
    if (!out)
        abort();
    for (size_t r = 0; r < s->replicates; r++)
        for (size_t v = 0; v < VOXELS; v++)
            if (v % ALONG / (ALONG / 2) == of->from / (ALONG / 2))
                out[r] += sample_at(s, r, frame, of->species + v);
    return out;
}

static void judge_frame(check_run *run, const sample *found, const sample *expected, size_t frame)
{
    double *a[PARTS], *b[PARTS];
    char what[64];
    for (int k = 0; k < PARTS; k++) {
        a[k] = numbers(found, frame, &parts[k]);
        b[k] = numbers(expected, frame, &parts[k]);
        snprintf(what, sizeof what, "%s, frame %zu", parts[k].name, frame);
        judge_bias(run, a[k], found->replicates, b[k], expected->replicates, what);
    }
    for (int k = 0; k < PARTS; k++)
        for (int j = 0; j <= k; j++) {
            snprintf(what, sizeof what, "%s*%s, frame %zu", parts[j].name, parts[k].name, frame);
            judge_covariances(run, (const double *[]){a[j], a[k]}, found->replicates,
                              (const double *[]){b[j], b[k]}, expected->replicates, what);
        }
    for (int k = 0; k < PARTS; k++) {
        free(a[k]);
        free(b[k]);
    }
}

static sample draw(const check_run *run, const char *method, const net *columns, size_t frames)
{
    engine by = run->engine;
    const problem p = {"front", columns, 1, frames};
    by.method = method;
    return sample_draw(&by, &p, run->replicates);
}

static void check_front(check_run *run)
{
    net *columns = net_create(3 * VOXELS + 1); /* and the bath */
    sample found = draw(run, "hybrid", columns, FRAMES);
    sample expected = draw(run, "exact", columns, FRAMES);
    for (size_t frame = 1; frame < FRAMES; frame++)
        judge_frame(run, &found, &expected, frame);
    sample_free(&found);
    sample_free(&expected);
    net_free(columns);
}

/* --- what is stated of C after the first second, in which it is made where A and B have just met
 */

static double *all_of(const sample *s)
{
    static const part left = {C, 0, NULL}, right = {C, ALONG / 2, NULL};
    double *out = numbers(s, 1, &left), *more = numbers(s, 1, &right);
    for (size_t r = 0; r < s->replicates; r++)
        out[r] += more[r];
    free(more);
    return out;
}

static void add_moments(const sample *s, double *mean, double *square_error)
{
    double *all = all_of(s), sum = 0, squares = 0;
    const double n = (double)s->replicates;
    for (size_t r = 0; r < s->replicates; r++) {
        sum += all[r] / n;
        squares += all[r] * all[r] / n;
    }
    *mean = sum;
    *square_error += (squares - sum * sum) / n;
    free(all);
}

static void judge_statement(check_run *run, const sample *expected, const net *columns,
                            const char *accuracy)
{
    const lac_override set = {"run.accuracy", accuracy};
    check_run at = *run;
    at.engine.set = &set;
    at.engine.sets = 1;
    sample found = draw(&at, "hybrid", columns, 2);
    stated_bias it = {0};
    double mean, square_error = 0;
    add_moments(&found, &it.content, &square_error);
    add_moments(expected, &mean, &square_error);
    it.found = it.content - mean;
    it.error = sqrt(square_error);
    for (size_t r = 0; r < found.replicates; r++)
        it.stated += found.bias[r * found.variables + 2] / (double)found.replicates;
    judge_stated(run, &it, accuracy);
    sample_free(&found);
}

static void check_statement(check_run *run)
{
    static const char *const accuracy[] = {"0.1", "0.3", "1"};
    net *columns = net_create(3 * VOXELS + 1);
    sample expected = draw(run, "exact", columns, 2);
    for (int k = 0; k < 3; k++)
        judge_statement(run, &expected, columns, accuracy[k]);
    sample_free(&expected);
    net_free(columns);
}

const check front_checks[] = {{"hybrid_front", check_front, 0, 30000, 1000, false},
                              {"bias_stated_of_a_front", check_statement, 0, 10000, 0, false},
                              {0}};
