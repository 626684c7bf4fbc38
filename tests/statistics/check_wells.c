/* Checks in one well-stirred volume: whole distributions against the master equation, and laws that
 * move with time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/cme.h"
#include "statistics/verify.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the problems, as nets */

static net *telegraph(void)
{
    net *n = net_create(3); /* off, on, messenger */
    n->start[0] = 1;
    net_add(n, 8, "1>1+2");
    net_add(n, 0.2, "0>1");
    net_add(n, 0.3, "1>0");
    net_add(n, 0.5, "2>");
    return n;
}

static net *batch(void)
{
    net *n = net_create(1);
    net_add(n, 1.5, ">0*4");
    net_add(n, 0.4, "0>");
    return n;
}

static net *dimerisation(void)
{
    net *n = net_create(2);
    n->start[0] = 21;
    net_add(n, 0.02, "0+0>1");
    net_add(n, 0.3, "1>0*2");
    return n;
}

static net *competition(void)
{
    net *n = net_create(5); /* receptor, ligand, complex, inhibitor, its complex */
    n->start[0] = 6;
    n->start[1] = 9;
    n->start[3] = 5;
    net_add(n, 0.1, "0+1>2");
    net_add(n, 0.5, "2>0+1");
    net_add(n, 0.3, "0+3>4");
    net_add(n, 0.1, "4>0+3");
    return n;
}

/* -c (x - 5) (x - 15) (x - 35), c = 0.002/s, in falling powers. */
static net *schloegl(void)
{
    net *n = net_create(1);
    n->start[0] = 4;
    net_add(n, 5.25, ">0");
    net_add(n, 1.442, "0>");
    net_add(n, 0.104, "0+0>0*3");
    net_add(n, 0.002, "0+0+0>0*2");
    return n;
}

static double birth_below_20(const double *x)
{
    return x[0] < 20 ? 1 : 0;
}

static double death_below_20(const double *x)
{
    return x[0] < 20 ? x[0] : 0;
}

static double up_below_20(const double *x)
{
    return x[0] < 20 ? x[0] * (x[0] - 1) : 0;
}

static double down_below_20(const double *x)
{
    return x[0] < 20 ? x[0] * (x[0] - 1) * (x[0] - 2) : 0;
}

static net *passage(void)
{
    net *n = schloegl();
    double (*const law[])(const double *) = {birth_below_20, death_below_20, up_below_20,
                                             down_below_20};
    for (int r = 0; r < 4; r++)
        n->reaction[r].law = law[r];
    return n;
}

static const double omega = 2;

static double hill(double x)
{
    double y = x / omega;
    return y * y / (1 + y * y);
}

static double p_made(const double *x)
{
    double a = x[1] / omega;
    return omega * (0.01 + 10 * hill(x[0]) + 10 * hill(x[3])) / (1 + a * a);
}

static double a_made(const double *x)
{
    return omega * 10 * (hill(x[0]) + hill(x[3]));
}

static double m_made(const double *x)
{
    return omega * (0.01 + 10 * hill(x[0]));
}

static double f_made(const double *x)
{
    return x[2];
}

static net *baker(void)
{
    double (*const made[])(const double *) = {p_made, a_made, m_made, f_made};
    static const char *const birth[] = {">0", ">1", ">2", ">3"};
    static const char *const death[] = {"0>", "1>", "2>", "3>"};
    net *n = net_create(4);
    static const double start[] = {1, 8, 1, 2};
    for (int s = 0; s < 4; s++) {
        n->start[s] = start[s];
        net_add(n, 1, birth[s])->law = made[s];
        net_add(n, 1, death[s]);
    }
    return n;
}

/* --- against the master equation */

typedef struct well {
    const char *model;
    net *(*net)(void);
    double every; /* [s] */
    size_t frames;
    size_t most[5];
    int judged; /* species 0 .. judged - 1, and the last of the net */
} well;

static const well wells[] = {
    {"telegraph", telegraph, 2, 9, {1, 1, 60}, 0},
    {"batch", batch, 2, 7, {90}, 0},
    {"dimerisation", dimerisation, 0.5, 9, {21, 10}, 0},
    {"competition", competition, 1, 9, {6, 9, 6, 5, 6}, 3},
    {"schloegl", schloegl, 5, 9, {120}, 0},
    {"schloegl-passage", passage, 5, 9, {40}, 0},
    {"baker", baker, 0.5, 5, {15, 44, 26, 26}, 3},
    {"baker-hybrid", baker, 0.5, 5, {15, 44, 26, 26}, 3},
};

/* Frames 1, half-way and last of each species that is judged. */
static void check_well(check_run *run)
{
    const well *w = &wells[run->number];
    net *n = w->net();
    cme *c = cme_create(n, w->most);
    sample s =
        sample_draw(&run->engine, &(problem){w->model, n, w->every, w->frames}, run->replicates);
    double p[128];
    for (size_t frame = 1; frame < w->frames; frame++) {
        cme_advance(c, w->every);
        if (frame != 1 && frame != w->frames / 2 && frame != w->frames - 1)
            continue;
        for (int species = 0; species < n->species; species++) {
            if (species >= w->judged && species != n->species - 1)
                continue;
            char what[48];
            snprintf(what, sizeof what, "species%d,t=%g", species, w->every * (double)frame);
            cme_marginal(c, species, p);
            judge_law(run, &s, frame, (size_t)species, p, w->most[species], what);
        }
    }
    judge_limit(run, cme_lost(c), 1e-4, "lost by the oracle");
    sample_free(&s);
    cme_free(c);
    net_free(n);
}

/* The case has a continuous variable beside, so that hybrid does not leave all to exact. */
static void check_well_by_hybrid(check_run *run)
{
    const char *method = run->engine.method;
    if (strcmp(method, "twin") != 0)
        run->engine.method = "hybrid";
    check_well(run);
    run->engine.method = method;
}

/* --- laws that move with time: counts are Poisson, or sums of binomials and Poisson numbers */

/* The mean of X' = a(t) - d X from 0, by Simpson's rule. */
static double driven_mean(double (*rate)(double), double decay, double time)
{
    enum { PARTS = 2000 };
    double h = time / PARTS, sum = 0;
    for (int k = 0; k <= PARTS; k++) {
        double weight = k == 0 || k == PARTS ? 1 : k % 2 ? 4 : 2;
        sum += weight * rate(h * k) * exp(-decay * (time - h * k));
    }
    return sum * h / 3;
}

static double season(double time)
{
    return 6 * (1 + sin(time));
}

static double driven(double time)
{
    return 6 * exp(-0.6 * time);
}

static void judge_poisson(check_run *run, const sample *s, size_t frame, size_t column, double mean)
{
    double p[200];
    char what[48];
    for (unsigned i = 0; i < 200; i++)
        p[i] = gsl_ran_poisson_pdf(i, mean);
    snprintf(what, sizeof what, "t=%zu", frame);
    judge_law(run, s, frame, column, p, 199, what);
}

/* X is the last of the columns. */
static void check_driven(check_run *run)
{
    bool state = run->number == 1;
    net *n = net_create(state ? 2 : 1);
    sample s = sample_draw(&run->engine, &(problem){state ? "driven" : "season", n, 1, 11},
                           run->replicates);
    for (size_t frame = 1; frame <= 10; frame += 3)
        judge_poisson(run, &s, frame, s.columns - 1,
                      driven_mean(state ? driven : season, 0.5, (double)frame));
    sample_free(&s);
    net_free(n);
}

/* Counts change at 4.5 s, the law at 8.25 s. */
static void check_dose(check_run *run)
{
    net *n = net_create(1);
    sample s = sample_draw(&run->engine, &(problem){"dose", n, 1, 13}, run->replicates);
    for (size_t frame = 1; frame <= 12; frame++) {
        double t = (double)frame, fed = fmin(t, 8.25), late = t - fed, d = 0.25;
        double first = exp(-d * t), second = t > 4.5 ? exp(-d * (t - 4.5)) : 0;
        double poisson = 3 / d * (1 - exp(-d * fed)) * exp(-d * late);
        char what[48];
        snprintf(what, sizeof what, "t=%zu", frame);
        judge_moments(run, &s, frame, 0, 5 * first + 30 * second + poisson,
                      5 * first * (1 - first) + 30 * second * (1 - second) + poisson, what);
    }
    sample_free(&s);
    net_free(n);
}

/* Replicates are strangers to each other: products of neighbours' deviations have mean 0 and the
 * variance of one squared. */
static void check_strangers(check_run *run)
{
    net *n = batch();
    sample s = sample_draw(&run->engine, &(problem){"batch", n, 2, 7}, run->replicates);
    double mean = 15 * (1 - exp(-0.4 * 12)), variance = 0, sum = 0;
    double pairs = floor((double)s.replicates / 2);
    for (size_t r = 0; r < s.replicates; r++) {
        double d = sample_at(&s, r, 6, 0) - mean;
        variance += d * d / (double)s.replicates;
        if (r % 2)
            sum += d * (sample_at(&s, r - 1, 6, 0) - mean);
    }
    judge_z(run, sum / (variance * sqrt(pairs)), "product of neighbours");
    sample_free(&s);
    net_free(n);
}

const check wells_checks[] = {{"telegraph", check_well, 0, 20000, 3000, true},
                              {"batch_births", check_well, 1, 20000, 3000, true},
                              {"dimerisation", check_well, 2, 20000, 3000, true},
                              {"competitive_binding", check_well, 3, 20000, 3000, true},
                              {"schloegl_switching", check_well, 4, 10000, 1000, true},
                              {"schloegl_first_passage", check_well, 5, 10000, 1000, true},
                              {"baker_small_numbers", check_well, 6, 20000, 0, true},
                              {"hybrid_small_numbers", check_well_by_hybrid, 7, 20000, 0, true},
                              {"immigration_in_time", check_driven, 0, 20000, 3000, false},
                              {"immigration_by_a_state", check_driven, 1, 20000, 3000, false},
                              {"dose_and_event", check_dose, 0, 20000, 3000, false},
                              {"replicates_are_strangers", check_strangers, 0, 40000, 3000, true},
                              {0}};
