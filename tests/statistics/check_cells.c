/* Cells as whole numbers in a continuous ligand, by the method hybrid at its default settings, on
 * transients: against closed moments, a plain twin (piecewise.h), `exact` and mean-field. And what
 * hybrid must be when all is discrete or nothing is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/cme.h"
#include "statistics/moments.h"
#include "statistics/piecewise.h"
#include "statistics/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES = PIECEWISE_SITES, ON = SITES, LIGAND = 2 * SITES, COLUMNS = 3 * SITES };

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static sample draw(check_run *run, const char *method, const problem *p, size_t replicates)
{
    const char *before = run->engine.method;
    run->engine.method = method;
    sample s = sample_draw(&run->engine, p, replicates);
    run->engine.method = before;
    return s;
}

/* Sum of some columns, replicate by replicate. */
static double *sums(const sample *s, size_t frame, size_t first, size_t columns)
{
    double *out = must(calloc(s->replicates, sizeof *out));
    for (size_t r = 0; r < s->replicates; r++)
        for (size_t c = 0; c < columns; c++)
            out[r] += sample_at(s, r, frame, first + c);
    return out;
}

/* --- the row of cells */

typedef struct row {
    const char *what;
    piecewise twin;
    double more; /* replicates of the twin for one of hybrid */
} row;

/* One that keeps itself on by what it makes, some that set each other off, and the same in a ligand
 * that answers at once. */
static const row rows[] = {
    {"own", {0.02, 0.5, 100, 10, 0.05, 0.05, 10, 10, 800, 0.05, 10, 5}, 4},
    {"neighbours", {0.4, 0.5, 100, 10, 0.02, 0.05, 10, 0, 800, 0.05, 10, 5}, 4},
    {"fast", {40, 50, 10000, 10, 0.02, 0.05, 10, 0, 800, 0.02, 10, 5}, 4},
    {"without", {0.4, 0.5, 100, 10, 0.05, 0.05, 0, 0, 800, 0.05, 10, 5}, 0},
};

/* The numbers of a row as settings of the model text. */
typedef struct row_settings {
    char text[ENGINE_SETS][48];
    lac_override set[ENGINE_SETS];
    net *columns;
} row_settings;

static void set_row(check_run *run, const piecewise *p, row_settings *s)
{
    static const char *const name[] = {"D", "k", "q", "up", "down", "gain", "hold", "K"};
    static const char *const unit[] = {"um^2/s", "1/s", "molecule/(cell s)", "1/s", "1/s",
                                       "",       "",    "molecule/um^3"};
    const double value[] = {25 * p->hop, p->loss, p->source, p->up,
                            p->down,     p->gain, p->hold,   p->level / 125};
    for (size_t k = 0; k < ENGINE_SETS; k++) {
        snprintf(s->text[k], sizeof s->text[k], "%.17g %s", value[k], unit[k]);
        s->set[k] = (lac_override){name[k], s->text[k]};
    }
    s->columns = net_create(COLUMNS);
    run->engine.set = s->set;
    run->engine.sets = ENGINE_SETS;
}

/* Means, variances and covariances of cells that are on and of the ligand. */
static void judge_rows(check_run *run, const sample *found, const sample *expected)
{
    for (size_t frame = 1; frame < found->frames; frame++) {
        static const size_t first[] = {ON, LIGAND, ON, LIGAND, LIGAND + 2};
        static const size_t columns[] = {SITES, SITES, 3, 3, 1};
        static const char *const name[] = {"cells on", "ligand", "on at the end", "ligand there",
                                           "ligand in one voxel"};
        double *a[5], *b[5];
        char what[64];
        for (int k = 0; k < 5; k++) {
            a[k] = sums(found, frame, first[k], columns[k]);
            b[k] = sums(expected, frame, first[k], columns[k]);
            snprintf(what, sizeof what, "%s, frame %zu", name[k], frame);
            if (k < 2 && frame > 1) /* too few are on before */
                judge_bias(run, a[k], found->replicates, b[k], expected->replicates, what);
        }
        for (int k = 0; k < 5; k++)
            for (int j = 0; j <= k; j++) {
                if (j != k && !(j == 0 && k == 1) && !(j == 2 && k >= 3))
                    continue;
                snprintf(what, sizeof what, "%s*%s, frame %zu", name[j], name[k], frame);
                judge_covariances(run, (const double *[]){a[j], a[k]}, found->replicates,
                                  (const double *[]){b[j], b[k]}, expected->replicates, what);
            }
        for (int k = 0; k < 5; k++) {
            free(a[k]);
            free(b[k]);
        }
    }
}

static void check_row(check_run *run)
{
    const row *at = &rows[run->number];
    row_settings settings;
    set_row(run, &at->twin, &settings);
    const problem p = {"cells", settings.columns, at->twin.every, at->twin.frames};
    sample found = draw(run, "hybrid", &p, run->replicates);
    sample expected = piecewise_draw(&at->twin, run->engine.seed ^ 1,
                                     (size_t)(at->more * (double)run->replicates));
    judge_rows(run, &found, &expected);
    sample_free(&found);
    sample_free(&expected);
    net_free(settings.columns);
}

/* The same text by exact, where the ligand is whole molecules too: 60 around a cell that is off,
 * 600 around one that is on, so that their own chance moves a rate of switching by less than 0.5 %.
 */
static const row by_exact[] = {
    {"own", {0.02, 0.1, 6, 10, 0.1, 0.04, 10, 5, 240, 0, 10, 3}, 1},
    {"neighbours", {0.1, 0.1, 6, 10, 0.05, 0.03, 10, 0, 240, 0, 10, 3}, 1},
};

static void check_exact(check_run *run)
{
    const row *at = &by_exact[run->number];
    row_settings settings;
    set_row(run, &at->twin, &settings);
    const problem p = {"cells", settings.columns, at->twin.every, at->twin.frames};
    sample expected = draw(run, "exact", &p, run->replicates);
    sample found = draw(run, "hybrid", &p, run->replicates);
    judge_rows(run, &found, &expected);
    sample_free(&found);
    sample_free(&expected);
    net_free(settings.columns);
}

/* --- without feedback moments close: cells are events, the ligand follows by rates */

static net *row_net(const piecewise *p)
{
    net *n = net_create(COLUMNS);
    for (int i = 0; i < SITES; i++) {
        char text[16];
        n->start[i] = 1;
        net_hop(n, i, ON + i, p->up);
        net_hop(n, ON + i, i, p->down);
        for (int on = 0; on < 2; on++) {
            int cell = on ? ON + i : i;
            snprintf(text, sizeof text, "%d>%d+%d", cell, cell, LIGAND + i);
            net_add(n, p->source * (on ? p->fold : 1), text)->smooth = true;
        }
        net_add(n, p->loss, (snprintf(text, sizeof text, "%d>", LIGAND + i), text))->smooth = true;
        for (int side = -1; side <= 1; side += 2)
            if (i + side >= 0 && i + side < SITES) {
                snprintf(text, sizeof text, "%d>%d", LIGAND + i, LIGAND + i + side);
                net_add(n, p->hop, text)->smooth = true;
            }
    }
    return n;
}

static void check_moments(check_run *run)
{
    const piecewise *twin = &rows[run->number].twin;
    static const size_t couple[][2] = {{ON + 2, LIGAND + 2},     {ON + 2, LIGAND + 3},
                                       {LIGAND + 2, LIGAND + 2}, {LIGAND + 2, LIGAND + 3},
                                       {ON, LIGAND + 1},         {ON + 2, ON + 3}};
    row_settings settings;
    set_row(run, twin, &settings);
    net *n = row_net(twin);
    sample s =
        draw(run, "hybrid", &(problem){"cells", n, twin->every, twin->frames}, run->replicates);
    moments *m = moments_create(n, true);
    for (size_t frame = 1; frame < twin->frames; frame++) {
        char what[48];
        double mean[2] = {0, 0};
        moments_advance(m, n, twin->every);
        for (size_t k = 0; k < 6; k++) {
            snprintf(what, sizeof what, "cov(%zu,%zu), frame %zu", couple[k][0], couple[k][1],
                     frame);
            judge_covariance(run, &s, frame, couple[k],
                             moments_covariance(m, (int)couple[k][0], (int)couple[k][1]), what);
        }
        for (int kind = 0; kind < 2; kind++) {
            double *all = sums(&s, frame, kind ? LIGAND : ON, SITES);
            for (int i = 0; i < SITES; i++)
                mean[kind] += moments_mean(m, (kind ? LIGAND : ON) + i);
            snprintf(what, sizeof what, "%s, frame %zu", kind ? "ligand" : "cells on", frame);
            if (frame > 1)
                judge_bias_of(run, all, s.replicates, mean[kind], what);
            free(all);
        }
    }
    moments_free(m);
    sample_free(&s);
    net_free(n);
    net_free(settings.columns);
}

/* Without feedback the same thresholds give the same events whatever the step. Between two runs
 * only the ligand differs, so that covariances are compared far below their own errors of sampling.
 */
static void judge_pairs(check_run *run, const sample *s, const sample *fine, size_t frame)
{
    static const char *const name[] = {"cells on*ligand", "ligand*ligand", "on*ligand, one voxel"};
    for (int kind = 0; kind < 3; kind++) {
        const size_t at = kind == 2 ? 2 : 0, columns = kind == 2 ? 1 : SITES;
        double *with = sums(fine, frame, (kind == 1 ? LIGAND : ON) + at, columns);
        double *found = sums(s, frame, LIGAND + at, columns);
        double *expected = sums(fine, frame, LIGAND + at, columns);
        char what[64];
        snprintf(what, sizeof what, "%s, frame %zu", name[kind], frame);
        judge_paired_covariance(run, with, (const double *[]){found, expected}, run->replicates,
                                what);
        free(with);
        free(found);
        free(expected);
    }
}

static void check_answers(check_run *run)
{
    const piecewise *twin = &rows[3].twin;
    row_settings settings;
    set_row(run, twin, &settings);
    const problem p = {"cells", settings.columns, twin->every, twin->frames};
    sample s = draw(run, "hybrid", &p, run->replicates);
    settings.set[ENGINE_SETS - 2] = (lac_override){"run.accuracy", "0.01"}; /* for hold, 0 */
    settings.set[ENGINE_SETS - 3] = (lac_override){"run.rtol", "1e-4"};     /* for gain, 0 */
    sample fine = draw(run, "hybrid", &p, run->replicates);
    double differ = 0;
    for (size_t frame = 1; frame < twin->frames; frame++) {
        for (size_t r = 0; r < run->replicates; r++)
            for (size_t c = ON; c < LIGAND; c++)
                differ += sample_at(&s, r, frame, c) != sample_at(&fine, r, frame, c);
        judge_pairs(run, &s, &fine, frame);
    }
    judge_limit(run, differ, 0, "cells in another state");
    sample_free(&s);
    sample_free(&fine);
    net_free(settings.columns);
}

/* --- limits */

/* Replicates with common thresholds: steps ten times shorter leave ever less of a difference. */
static void check_refinement(check_run *run)
{
    static const char *const accuracy[] = {"0.01", "1", "0.1"};
    static const double limit[] = {0, 0.2, 0.01};
    const piecewise *twin = &rows[1].twin;
    row_settings settings;
    set_row(run, twin, &settings);
    settings.set[ENGINE_SETS - 2] = (lac_override){"run.accuracy", NULL}; /* in place of hold, 0 */
    const problem p = {"cells", settings.columns, twin->every, 3};
    double *finest = NULL, least = INFINITY;
    for (int k = 0; k < 3; k++) {
        settings.set[ENGINE_SETS - 2].value = accuracy[k];
        sample s = draw(run, "hybrid", &p, run->replicates);
        double *on = sums(&s, 2, ON, SITES), sum = 0, all = 0;
        for (size_t r = 0; k > 0 && r < s.replicates; r++) {
            sum += on[r] - finest[r];
            all += finest[r];
        }
        if (k > 0) {
            judge_limit(run, fabs(sum) / all, limit[k], "against fine steps, accuracy %s",
                        accuracy[k]);
            judge_limit(run, fabs(sum) / all, least, "not less with accuracy %s", accuracy[k]);
            least = fabs(sum) / all;
        }
        sample_free(&s);
        if (k == 0)
            finest = on;
        else
            free(on);
    }
    free(finest);
    net_free(settings.columns);
}

/* As the number N of cells in a voxel grows, with what each makes divided by N, chance goes like
 * N^-1/2 and what it does to the mean like N^-1; what is left is mean-field. */
static void check_many_cells(check_run *run)
{
    const piecewise *twin = &rows[1].twin;
    double variance[2], gap[2]; /* relative */
    for (int large = 0; large < 2; large++) {
        const double cells = large ? 300 : 10;
        piecewise of_many = *twin;
        row_settings settings;
        char density[48];
        of_many.source /= cells;
        set_row(run, &of_many, &settings);
        snprintf(density, sizeof density, "%.17g cell/mm^3", 8e6 * cells);
        settings.set[ENGINE_SETS - 2] = (lac_override){"density", density};
        const problem p = {"cells", settings.columns, twin->every, 3};
        sample many = draw(run, "hybrid", &p, run->replicates);
        sample smooth = draw(run, "mean-field", &p, 1);
        double sum = 0, squares = 0, n = (double)run->replicates;
        double expected = 0;
        for (size_t c = 0; c < SITES; c++)
            expected += sample_at(&smooth, 0, 2, ON + c);
        double *on = sums(&many, 2, ON, SITES);
        for (size_t r = 0; r < run->replicates; r++) {
            sum += on[r] / expected - 1;
            squares += pow(on[r] / expected - 1, 2);
        }
        gap[large] = fabs(sum / n);
        variance[large] = squares / n - sum / n * sum / n;
        free(on);
        sample_free(&many);
        sample_free(&smooth);
        net_free(settings.columns);
    }
    judge_limit(run, gap[1], 0.01, "300 cells a voxel: off mean-field by");
    judge_limit(run, fabs(log(variance[0] / variance[1] / 30)), log(3),
                "variance does not go like 1/N, log");
}

/* --- the ends, bit by bit */

static double bits_that_differ(const sample *a, const sample *b)
{
    double differ = 0;
    for (size_t k = 0; k < a->replicates * a->frames * a->columns; k++)
        differ += memcmp(&a->value[k], &b->value[k], sizeof a->value[k]) != 0;
    return differ;
}

/* number 0: nothing is discrete; 1: all is. */
static void check_ends(check_run *run)
{
    const bool all = run->number == 1;
    net *n = net_create(all ? 4 : 2);
    const problem p = {all ? "annihilation" : "smooth", n, 0.5, 7};
    sample a = draw(run, "hybrid", &p, run->replicates);
    sample b = draw(run, all ? "exact" : "mean-field", &p, run->replicates);
    judge_limit(run, bits_that_differ(&a, &b), 0, "numbers that differ in a bit");
    sample_free(&a);
    sample_free(&b);
    net_free(n);
}

const check cells_checks[] = {
    {"cells_without_feedback", check_moments, 3, 30000, 400, false},
    {"cells_and_what_answers_to_them", check_answers, 3, 1000, 0, false},
    {"cells_that_keep_themselves_on", check_row, 0, 30000, 300, false},
    {"cells_that_set_each_other_off", check_row, 1, 30000, 300, false},
    {"cells_in_a_fast_ligand", check_row, 2, 30000, 0, false},
    {"cells_by_exact_own", check_exact, 0, 10000, 0, false},
    {"cells_by_exact_neighbours", check_exact, 1, 11000, 0, false},
    {"cells_in_ever_shorter_steps", check_refinement, 0, 2000, 100, false},
    {"cells_by_the_hundred", check_many_cells, 0, 60, 0, false},
    {"hybrid_without_events", check_ends, 0, 2, 2, false},
    {"hybrid_of_nothing_but_events", check_ends, 1, 1000, 100, false},
    {0}};
