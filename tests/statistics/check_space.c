/* Checks on grids: motion alone against closed forms and the means of independent walkers, and
 * reactions with motion against moments and the master equation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/cme.h"
#include "statistics/moments.h"
#include "statistics/verify.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- lattices */

/* Hops between neighbours of an x * y * z box; rate[axis] = D / h^2. Sites of `hole` are left out.
 */
static void add_hops(net *n, const int size[3], const double rate[3], bool (*hole)(int site))
{
    int stride[3] = {1, size[0], size[0] * size[1]}, sites = stride[2] * size[2];
    for (int site = 0; site < sites; site++)
        for (int axis = 0; axis < 3; axis++) {
            int next = site + stride[axis];
            if (site / stride[axis] % size[axis] == size[axis] - 1)
                continue;
            if (hole && (hole(site) || hole(next)))
                continue;
            net_hop(n, site, next, rate[axis]);
            net_hop(n, next, site, rate[axis]);
        }
}

static net *line(int sites, double rate, int more)
{
    net *n = net_create(sites + more);
    add_hops(n, (int[]){sites, 1, 1}, (double[]){rate, 0, 0}, NULL);
    return n;
}

/* --- independent walkers: where they are is multinomial */

static void judge_walkers(check_run *run, const char *model, net *n, double every, size_t frames)
{
    sample s = sample_draw(&run->engine, &(problem){model, n, every, frames}, run->replicates);
    moments *m = moments_create(n, false);
    double *observed = calloc(s.columns, sizeof *observed);
    double *expected = calloc(s.columns, sizeof *expected);
    if (!observed || !expected)
        abort();
    for (size_t frame = 1; frame < frames; frame++) {
        char what[48];
        moments_advance(m, n, every);
        for (size_t c = 0; c < s.columns; c++) {
            expected[c] = (double)s.replicates * moments_mean(m, (int)c);
            observed[c] = 0;
            for (size_t r = 0; r < s.replicates; r++)
                observed[c] += sample_at(&s, r, frame, c);
        }
        snprintf(what, sizeof what, "places,t=%g", every * (double)frame);
        judge_counts(run, observed, expected, s.columns, what);
    }
    free(observed);
    free(expected);
    moments_free(m);
    sample_free(&s);
    net_free(n);
}

static void check_displacement(check_run *run)
{
    net *n = net_create(9 * 7 * 5);
    add_hops(n, (int[]){9, 7, 5}, (double[]){10.0 / 4, 10.0 / 9, 10.0 / 16}, NULL);
    n->start[2 + 9 * (3 + 7 * 1)] = 60;
    judge_walkers(run, "displacement", n, 0.3, 3);
}

static bool in_hole(int site)
{
    return site / 5 == 2 && site % 5 >= 1 && site % 5 <= 3;
}

static void check_hole(check_run *run)
{
    net *n = net_create(25);
    add_hops(n, (int[]){5, 5, 1}, (double[]){2.5, 2.5, 0}, in_hole);
    n->start[10] = 60;
    judge_walkers(run, "hole", n, 0.5, 3);
}

/* Faces between layers conduct like resistances in series: 2 D1 D2 / (D1 + D2). */
static net *layers(void)
{
    net *n = net_create(6);
    for (int z = 0; z < 5; z++) {
        double rate = (z < 2 ? 10 : z > 2 ? 100 : 2 * 10.0 * 100 / 110) / 25;
        net_hop(n, z, z + 1, rate);
        net_hop(n, z + 1, z, rate);
    }
    n->start[1] = 40;
    return n;
}

static void check_layers(check_run *run)
{
    judge_walkers(run, "layers", layers(), 2, 4);
}

static net *membrane(void)
{
    net *n = line(4, 10.0 / 25, 1);
    double conductance = 1 / (5.0 / (2 * 10) + 1 / 3.0); /* [um/s] */
    net_hop(n, 0, 4, conductance / 5);
    net_hop(n, 4, 0, conductance * 2 * 25 / 300);
    n->start[3] = 40;
    return n;
}

static void check_membrane(check_run *run)
{
    judge_walkers(run, "membrane", membrane(), 3, 5);
}

/* <x^2> = 2 D t and <x^4> = 3 (2 D t)^2 + 2 D t h^2, exactly, far from the ends of the lattice. */
static void check_square(check_run *run)
{
    net *n = line(61, 0.4, 0);
    n->start[30] = 50;
    sample s = sample_draw(&run->engine, &(problem){"line", n, 2.5, 5}, run->replicates);
    double *value = malloc(run->replicates * sizeof *value);
    for (size_t frame = 1; frame < 5; frame++) {
        double square = 2 * 10 * 2.5 * (double)frame;
        for (size_t r = 0; r < run->replicates; r++) {
            value[r] = 0;
            for (size_t x = 0; x < 61; x++)
                value[r] += sample_at(&s, r, frame, x) * 25 * pow((double)x - 30, 2);
        }
        judge_mean(run, value, run->replicates, 50 * square,
                   50 * (2 * square * square + 25 * square), "square");
    }
    free(value);
    sample_free(&s);
    net_free(n);
}

/* --- modes */

static const double PI = 3.14159265358979323846;

/* Of a row of `length` sites with closed ends; normalised. */
static double mode(int k, int site, int length)
{
    return sqrt((k ? 2.0 : 1.0) / length) * cos(PI * k * (site + 0.5) / length);
}

static double relaxation(int k, int length, double rate)
{
    return 2 * rate * (1 - cos(PI * k / length)); /* [1/s] */
}

/* Amplitude of mode k: its mean decays, its variance is that of independent walkers. */
static void expect_mode(int k, const double *start, double time, double *mean, double *variance)
{
    enum { SITES = 16 };
    *mean = *variance = 0;
    for (int i = 0; i < SITES; i++) {
        double square = 0, own = mode(k, i, SITES) * exp(-relaxation(k, SITES, 0.5) * time);
        for (int j = 0; j < SITES; j++) {
            double p = 0;
            for (int q = 0; q < SITES; q++)
                p += mode(q, i, SITES) * mode(q, j, SITES) * exp(-relaxation(q, SITES, 0.5) * time);
            square += p * mode(k, j, SITES) * mode(k, j, SITES);
        }
        *mean += start[i] * own;
        *variance += start[i] * (square - own * own);
    }
}

static void check_cosine(check_run *run)
{
    net *n = line(16, 8.0 / 16, 0);
    for (int z = 0; z < 16; z++)
        n->start[z] = z < 8 ? 8 : 2;
    sample s = sample_draw(&run->engine, &(problem){"cosine", n, 10, 4}, run->replicates);
    double *value = malloc(run->replicates * sizeof *value), mean, variance;
    for (size_t frame = 1; frame < 4; frame++)
        for (int k = 1; k <= 5; k += 2) {
            char what[48];
            expect_mode(k, n->start, 10 * (double)frame, &mean, &variance);
            for (size_t r = 0; r < run->replicates; r++) {
                value[r] = 0;
                for (int z = 0; z < 16; z++)
                    value[r] += sample_at(&s, r, frame, (size_t)z) * mode(k, z, 16);
            }
            snprintf(what, sizeof what, "mode%d,t=%zu", k, 10 * frame);
            judge_mean(run, value, run->replicates, mean, variance, what);
        }
    free(value);
    sample_free(&s);
    net_free(n);
}

/* Counts are independent Poisson numbers of mean 6: every mode a has <a^2> = 6, and
 * var a^2 = 2 6^2 + 6 sum of the mode's fourth powers. */
static void judge_modes(check_run *run, const sample *s)
{
    double *value = malloc(s->replicates * sizeof *value);
    for (int k = 1; k < 64; k++) {
        double fourth = 0;
        char what[48];
        for (size_t r = 0; r < s->replicates; r++)
            value[r] = 0;
        for (int site = 0; site < 64; site++) {
            double wave = mode(k % 8, site % 8, 8) * mode(k / 8 % 4, site / 8 % 4, 4) *
                          mode(k / 32, site / 32, 2);
            fourth += pow(wave, 4);
            for (size_t r = 0; r < s->replicates; r++)
                value[r] += wave * (sample_at(s, r, 1, (size_t)site) - 6);
        }
        for (size_t r = 0; r < s->replicates; r++)
            value[r] *= value[r];
        snprintf(what, sizeof what, "mode%d%d%d", k % 8, k / 8 % 4, k / 32);
        judge_mean(run, value, s->replicates, 6, 72 + 6 * fourth, what);
    }
    free(value);
}

static net *births_and_deaths(void)
{
    net *n = net_create(64);
    add_hops(n, (int[]){8, 4, 2}, (double[]){10.0 / 4, 10.0 / 9, 10.0 / 16}, NULL);
    for (int site = 0; site < 64; site++) {
        n->start[site] = 6;
        net_hop(n, -1, site, 6);
        net_hop(n, site, -1, 1);
    }
    return n;
}

/* number 0: structure factor; 1: the law of the counts in three voxels */
static void check_stationary(check_run *run)
{
    net *n = births_and_deaths();
    sample s = sample_draw(&run->engine, &(problem){"poisson", n, 12, 2}, run->replicates);
    double p[40];
    for (unsigned i = 0; i < 40; i++)
        p[i] = gsl_ran_poisson_pdf(i, 6);
    if (run->number == 0)
        judge_modes(run, &s);
    else
        for (size_t site = 0; site < 64; site += 21)
            judge_law(run, &s, 1, site, p, 39, "voxel");
    sample_free(&s);
    net_free(n);
}

/* --- reactions and motion */

/* Births of four make neighbours alike: means and covariances by the closed moments. */
static void judge_bursts(check_run *run, const char *model)
{
    net *n = line(6, 1, 0);
    for (int site = 0; site < 6; site++) {
        char birth[16];
        snprintf(birth, sizeof birth, ">%d*4", site);
        net_add(n, 0.5, birth);
        net_hop(n, site, -1, 0.5);
    }
    static const size_t couple[][2] = {{0, 0}, {0, 1}, {2, 3}, {1, 3}, {0, 5}};
    sample s = sample_draw(&run->engine, &(problem){model, n, 2, 5}, run->replicates);
    moments *m = moments_create(n, true);
    for (size_t frame = 1; frame < 5; frame++) {
        moments_advance(m, n, 2);
        for (size_t k = 0; k < 5; k++) {
            int i = (int)couple[k][0], j = (int)couple[k][1];
            char what[48];
            snprintf(what, sizeof what, "cov(%d,%d),t=%zu", i, j, 2 * frame);
            judge_covariance(run, &s, frame, couple[k], moments_covariance(m, i, j), what);
        }
        judge_moments(run, &s, frame, 2, moments_mean(m, 2), moments_covariance(m, 2, 2), "voxel2");
    }
    moments_free(m);
    sample_free(&s);
    net_free(n);
}

static void check_bursts(check_run *run)
{
    judge_bursts(run, "bursts");
}

/* From nothing, births one at a time and first-order fates: every count is Poisson at all times. */
static void judge_fed(check_run *run, const char *model, net *n, double every, size_t frames)
{
    sample s = sample_draw(&run->engine, &(problem){model, n, every, frames}, run->replicates);
    moments *m = moments_create(n, false);
    double p[80];
    for (size_t frame = 1; frame < frames; frame++) {
        moments_advance(m, n, every);
        for (int site = 0; site < n->species; site++) {
            char what[48];
            for (unsigned i = 0; i < 80; i++)
                p[i] = gsl_ran_poisson_pdf(i, moments_mean(m, site));
            snprintf(what, sizeof what, "voxel%d,t=%g", site, every * (double)frame);
            judge_law(run, &s, frame, (size_t)site, p, 79, what);
            judge_moments(run, &s, frame, (size_t)site, moments_mean(m, site),
                          moments_mean(m, site), what);
        }
    }
    moments_free(m);
    sample_free(&s);
    net_free(n);
}

static net *source_and_sink(void)
{
    net *n = line(8, 1, 0);
    net_hop(n, -1, 1, 10);
    net_hop(n, 6, -1, 2);
    return n;
}

static void check_source_and_sink(check_run *run)
{
    judge_fed(run, "source-sink", source_and_sink(), 4, 5);
}

/* A wall held at 0.05 per um^3 behind a permeability, and a flux. */
static void check_walls(check_run *run)
{
    net *n = line(4, 10.0 / 25, 0);
    double conductance = 1 / (5.0 / (2 * 10) + 1 / 3.0); /* [um/s] */
    net_hop(n, -1, 0, conductance * 0.05 * 25);
    net_hop(n, 0, -1, conductance / 5);
    net_hop(n, -1, 3, 0.02 * 25);
    judge_fed(run, "walls", n, 3, 4);
}

/* A and B start apart, walk and vanish in pairs: the master equation of two voxels. */
static void judge_annihilation(check_run *run, const char *model)
{
    net *n = net_create(4); /* A left, A right, B left, B right */
    n->start[0] = 6;
    n->start[3] = 5;
    for (int species = 0; species < 4; species++)
        net_hop(n, species, species ^ 1, species < 2 ? 0.5 : 0.25);
    net_add(n, 2.0 / 8, "0+2>");
    net_add(n, 2.0 / 8, "1+3>");
    static const size_t most[] = {6, 6, 5, 5};
    cme *c = cme_create(n, most);
    sample s = sample_draw(&run->engine, &(problem){model, n, 0.5, 7}, run->replicates);
    double p[8];
    for (size_t frame = 1; frame < 7; frame++) {
        cme_advance(c, 0.5);
        for (int species = 0; species < 4; species++) {
            char what[48];
            snprintf(what, sizeof what, "count%d,t=%g", species, 0.5 * (double)frame);
            cme_marginal(c, species, p);
            judge_law(run, &s, frame, (size_t)species, p, most[species], what);
        }
    }
    sample_free(&s);
    cme_free(c);
    net_free(n);
}

static void check_annihilation(check_run *run)
{
    judge_annihilation(run, "annihilation");
}

/* --- the same laws by molecules within the method hybrid */

/* The cases have a continuous variable beside, so that hybrid does not leave all to exact. */
static void by_hybrid(check_run *run, void (*call)(check_run *run))
{
    const char *method = run->engine.method;
    if (strcmp(method, "twin") != 0)
        run->engine.method = "hybrid";
    call(run);
    run->engine.method = method;
}

static void moving_layers(check_run *run)
{
    judge_walkers(run, "moving-layers", layers(), 2, 4);
}

static void moving_source_and_sink(check_run *run)
{
    judge_fed(run, "moving-source-sink", source_and_sink(), 4, 5);
}

static void moving_pairs(check_run *run)
{
    judge_annihilation(run, "moving-annihilation");
}

static void moving_bursts(check_run *run)
{
    judge_bursts(run, "moving-bursts");
}

static void check_moving(check_run *run)
{
    static void (*const call[])(check_run *) = {moving_layers, moving_source_and_sink, moving_pairs,
                                                moving_bursts};
    by_hybrid(run, call[run->number]);
}

const check space_checks[] = {
    {"displacement_law", check_displacement, 0, 10000, 500, true},
    {"walk_around_a_hole", check_hole, 0, 20000, 500, true},
    {"mean_square_displacement", check_square, 0, 10000, 500, true},
    {"cosine_modes", check_cosine, 0, 10000, 500, true},
    {"layers", check_layers, 0, 20000, 500, true},
    {"membrane_to_a_bath", check_membrane, 0, 20000, 1000, true},
    {"structure_factor", check_stationary, 0, 4000, 0, true},
    {"stationary_poisson", check_stationary, 1, 4000, 0, true},
    {"covariance_of_voxels", check_bursts, 0, 20000, 1000, true},
    {"source_and_sink_voxels", check_source_and_sink, 0, 20000, 1000, true},
    {"walls_with_value_and_flux", check_walls, 0, 20000, 1000, true},
    {"pairs_that_vanish", check_annihilation, 0, 20000, 2000, true},
    {"hybrid_layers", check_moving, 0, 20000, 500, true},
    {"hybrid_source_and_sink_voxels", check_moving, 1, 20000, 500, true},
    {"hybrid_pairs_that_vanish", check_moving, 2, 20000, 500, true},
    {"hybrid_covariance_of_voxels", check_moving, 3, 20000, 500, true},
    {0}};
