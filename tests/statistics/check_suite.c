/* Cases of the stochastic test suite (Evans, Gillespie & Wilkinson 2008, Bioinformatics 24:285),
 * written anew in our language, against moments of our own: closed where reactions are of the first
 * order, else by the master equation. Criterion of the suite: with n = 10 000 runs and 50 times,
 * Z = sqrt(n) (mean - mu) / sigma within 3, Y = sqrt(n / 2) (S^2 / sigma^2 - 1) within 5, and at
 * most one time of a case outside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/cme.h"
#include "statistics/moments.h"
#include "statistics/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 51, COLUMNS = 3 };

/* mean and standard deviation of column c at second t */
typedef struct expected {
    int columns;
    double mean[TIMES][COLUMNS], sd[TIMES][COLUMNS];
} expected;

typedef struct suite_case {
    const char *number;
    const char *column[COLUMNS]; /* their names in the originals; NULL ends */
    const char *reaction[2];
    double k[2];
    double start[2];
    size_t most[2]; /* of the master equation; 0 = moments close */
    void (*redirect)(double *count);
    void (*shock)(net *n, double *count);
    double (*law)(const double *count); /* of the first reaction */
} suite_case;

static void begin_anew(double *count)
{
    if (count[1] > 30) {
        count[0] = 100;
        count[1] = 0;
    }
}

static void set_to_20(net *n, double *count)
{
    (void)n;
    count[0] = 20;
}

/* Pairs of what is left of 100. */
static double pairs(const double *count)
{
    double left = 100 - 2 * count[0];
    return left * (left - 1) / 2;
}

#define BIRTH_DEATH                                                                                \
    {                                                                                              \
        "0>0*2", "0>"                                                                              \
    }

static const suite_case cases[] = {
    {"00001", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00003", {"X"}, BIRTH_DEATH, {1, 1.1}, {100}, {0}, 0, 0, 0},
    {"00005", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {10000}, {0}, 0, 0, 0},
    {"00007", {"X", "Sink"}, {"0>0*2", "0>1"}, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00009", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00011", {"X"}, BIRTH_DEATH, {0.05, 0.055}, {100}, {0}, 0, 0, 0},
    {"00013", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00015", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00017", {"X"}, BIRTH_DEATH, {0.1, 0.11}, {100}, {0}, 0, 0, 0},
    {"00019", {"X", "y"}, {"0>0*2+1*2", "0+1*2>"}, {0.1, 0.11}, {100, 200}, {0}, 0, 0, 0},
    {"00021", {"X"}, {">0", "0>"}, {10, 0.1}, {0}, {0}, 0, 0, 0},
    {"00023", {"X"}, {">0", "0>"}, {1000, 0.1}, {0}, {0}, 0, 0, 0},
    {"00025", {"X", "Source", "Sink"}, {">0", "0>2"}, {10, 0.1}, {0}, {0}, 0, 0, 0},
    {"00027", {"X"}, {">0", "0>"}, {1, 0.1}, {0}, {0}, 0, 0, 0},
    {"00029", {"X"}, {">0", "0>"}, {1, 0.1}, {0}, {0}, 0, set_to_20, 0},
    {"00031", {"P", "P2"}, {"0+0>1", "1>0*2"}, {0.0001, 0.004}, {1000}, {1000, 500}, 0, 0, 0},
    {"00033", {"P", "P2"}, {"0+0>1", "1>0*2"}, {0.0005, 0.01}, {100}, {100, 30}, begin_anew, 0, 0},
    {"00035", {"P2"}, {">0", "0>"}, {0.001, 0.01}, {0}, {50}, 0, 0, pairs},
    {"00037", {"X"}, {">0*5", "0>"}, {1, 0.2}, {0}, {0}, 0, 0, 0},
    {"00039", {"X"}, {">0*100", "0>"}, {1, 4}, {0}, {0}, 0, 0, 0},
};

static int columns_of(const suite_case *c)
{
    int columns = 0;
    while (columns < COLUMNS && c->column[columns])
        columns++;
    return columns;
}

static net *net_of(const suite_case *c)
{
    net *n = net_create(columns_of(c));
    for (int s = 0; s < n->species && s < 2; s++)
        n->start[s] = c->start[s];
    for (int r = 0; r < 2; r++)
        net_add(n, c->k[r], c->reaction[r]);
    n->reaction[0].law = c->law;
    n->redirect = c->redirect;
    n->shock = c->shock;
    if (c->shock)
        n->shock_at = 22.5;
    if (strcmp(c->number, "00019") == 0) { /* the follower is no reactant */
        n->reaction[1] = (net_reaction){.k = c->k[1],
                                        .order = 1,
                                        .reactant = {0},
                                        .changes = 2,
                                        .species = {0, 1},
                                        .amount = {-1, -2}};
    }
    return n;
}

static void by_moments(net *n, expected *e)
{
    moments *m = moments_create(n, true);
    double after[COLUMNS];
    for (int t = 0; t < TIMES; t++) {
        bool shocked = n->shock && n->shock_at > t - 1 && n->shock_at <= t;
        if (shocked) {
            n->shock(n, after);
            moments_restart(m, after);
        }
        if (t > 0)
            moments_advance(m, n, shocked ? t - n->shock_at : 1);
        for (int s = 0; s < n->species; s++) {
            e->mean[t][s] = moments_mean(m, s);
            e->sd[t][s] = sqrt(fmax(0, moments_covariance(m, s, s)));
        }
    }
    moments_free(m);
}

/* Dimers and monomers are bound to each other: the equation is solved on the dimers' line. */
static double free_pairs_of_1000(const double *count)
{
    double left = 1000 - 2 * count[0];
    return left * (left - 1);
}

static double free_pairs_of_100(const double *count)
{
    double left = 100 - 2 * count[0];
    return left * (left - 1);
}

static void begin_line_anew(double *count)
{
    if (count[0] > 30)
        count[0] = 0;
}

static void by_master_equation(const suite_case *c, expected *e)
{
    bool both = c->column[1];
    net *n = net_create(1);
    net_add(n, c->k[0], ">0")->law = !both               ? c->law
                                     : c->start[0] > 100 ? free_pairs_of_1000
                                                         : free_pairs_of_100;
    net_add(n, c->k[1], "0>");
    if (c->redirect)
        n->redirect = begin_line_anew;
    cme *line = cme_create(n, &c->most[both]);
    for (int t = 0; t < TIMES; t++) {
        double mean, variance;
        if (t > 0)
            cme_advance(line, 1);
        cme_moments(line, 0, &mean, &variance);
        e->mean[t][both] = mean;
        e->sd[t][both] = sqrt(variance);
        if (both) {
            e->mean[t][0] = c->start[0] - 2 * mean;
            e->sd[t][0] = 2 * sqrt(variance);
        }
    }
    cme_free(line);
    net_free(n);
}

static expected expect(const suite_case *c, net *n)
{
    expected e = {.columns = n->species};
    if (c->most[0] > 0)
        by_master_equation(c, &e);
    else
        by_moments(n, &e);
    return e;
}

/* Where a column of the original's table goes. */
static double *place_of(const suite_case *c, expected *e, const char *title, int t)
{
    for (int s = 0; s < e->columns; s++) {
        size_t length = strlen(c->column[s]);
        if (strncmp(title, c->column[s], length) == 0 && strcmp(title + length, "-mean") == 0)
            return &e->mean[t][s];
        if (strncmp(title, c->column[s], length) == 0 && strcmp(title + length, "-sd") == 0)
            return &e->sd[t][s];
    }
    return NULL;
}

/* The original's table; false when it is not there. */
static bool read_original(const char *suite, const suite_case *c, expected *e)
{
    char path[512], line[512], head[512], *titles[8] = {0};
    int count = 0, t = 0;
    snprintf(path, sizeof path, "%s/%s/%s-results.csv", suite, c->number, c->number);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    if (fgets(head, sizeof head, file))
        for (char *word = strtok(head, ",\r\n"); word && count < 8; word = strtok(NULL, ",\r\n"))
            titles[count++] = word;
    for (; t < TIMES && fgets(line, sizeof line, file); t++) {
        char *at = line;
        for (int k = 0; k < count; k++) {
            double value = strtod(at, &at), *place = place_of(c, e, titles[k], t);
            if (place)
                *place = value;
            at += *at == ',';
        }
    }
    fclose(file);
    return t == TIMES;
}

/* The largest difference of two tables: of means in standard deviations, of deviations relative. */
static double difference(const expected *a, const expected *b)
{
    double most = 0;
    for (int t = 0; t < TIMES; t++)
        for (int s = 0; s < a->columns; s++) {
            double unit = fmax(a->sd[t][s], 1e-3);
            most = fmax(most, fabs(a->mean[t][s] - b->mean[t][s]) / unit);
            most = fmax(most, fabs(a->sd[t][s] - b->sd[t][s]) / unit);
        }
    return most;
}

/* Is a point outside? The worst |Z| / 3 or |Y| / 5 goes up in `worst`. */
static bool outside(const sample *s, int t, int column, const expected *e, double *worst)
{
    double n = (double)s->replicates, mean = 0, square = 0;
    double mu = e->mean[t][column], sigma = e->sd[t][column];
    for (size_t r = 0; r < s->replicates; r++)
        mean += sample_at(s, r, (size_t)t, (size_t)column) / n;
    for (size_t r = 0; r < s->replicates; r++) {
        double d = sample_at(s, r, (size_t)t, (size_t)column) - mean;
        square += d * d / (n - 1);
    }
    if (sigma == 0)
        return fabs(mean - mu) > 1e-9 || square > 1e-9;
    double z = sqrt(n) * (mean - mu) / sigma, y = sqrt(n / 2) * (square / (sigma * sigma) - 1);
    *worst = fmax(*worst, fmax(fabs(z) / 3, fabs(y) / 5));
    return !(fabs(z) <= 3 && fabs(y) <= 5);
}

static void judge_case(check_run *run, const sample *s, const expected *e, const char *what)
{
    double worst = 0, worst_out = 0;
    for (int column = 0; column < e->columns; column++) {
        int out = 0;
        for (int t = 1; t < TIMES; t++)
            out += outside(s, t, column, e, &worst);
        worst_out = fmax(worst_out, out);
    }
    judge_limit(run, worst_out, 1, "times outside,%s(worst %.2f)", what, worst);
}

static void check_case(check_run *run)
{
    const suite_case *c = &cases[run->number];
    net *n = net_of(c);
    char model[32];
    snprintf(model, sizeof model, "suite-%s", c->number);
    sample s = sample_draw(&run->engine, &(problem){model, n, 1, TIMES}, run->replicates);
    expected own = expect(c, n);
    judge_case(run, &s, &own, "ours");
    if (run->suite) {
        expected theirs = own;
        judge_limit(run, read_original(run->suite, c, &theirs) ? 0 : 1, 0, "no original table");
        judge_limit(run, difference(&own, &theirs), 2e-3, "ours against the original");
        judge_case(run, &s, &theirs, "original");
    }
    sample_free(&s);
    net_free(n);
}

#define CASE(k, name, quick)                                                                       \
    {                                                                                              \
        "suite_" name, check_case, k, 10000, quick, true                                           \
    }
const check suite_checks[] = {
    CASE(0, "00001", 1000),  CASE(1, "00003", 0),      CASE(2, "00005", 0),
    CASE(3, "00007", 0),     CASE(4, "00009", 0),      CASE(5, "00011", 0),
    CASE(6, "00013", 0),     CASE(7, "00015", 0),      CASE(8, "00017", 0),
    CASE(9, "00019", 0),     CASE(10, "00021", 0),     CASE(11, "00023", 0),
    CASE(12, "00025", 0),    CASE(13, "00027", 0),     CASE(14, "00029", 1000),
    CASE(15, "00031", 0),    CASE(16, "00033", 10000), CASE(17, "00035", 0),
    CASE(18, "00037", 1000), CASE(19, "00039", 0),     {0}};
