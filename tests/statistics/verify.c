/* The program `verify`: runs the checks, prints a line for each and what the list means.
 *
 *   verify NAME STATISTIC VALUE p P n N PASS|FAIL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct options {
    const char *only[32];
    int onlys;
    double scale;
    int family; /* of seeds */
    bool quick, list, all;
    engine engine;
    const char *suite;
} options;

typedef struct tally {
    int checks, first_failures, failures, p_values;
} tally;

static const check *const lists[] = {stream_checks, wells_checks, space_checks, cells_checks,
                                     front_checks,  auto_checks,  bias_checks,  suite_checks};

static void usage(int code)
{
    fputs(
        "usage: verify [--only TEXT]... [--scale X] [--seeds K] [--quick] [--suite DIR]\n"
        "              [--list] [--all] [--engine exact|twin] [--plant stoichiometry|stream|sampler]\n"
        "  --only TEXT   checks whose name holds TEXT\n"
        "  --scale X     X times as many replicates (1)\n"
        "  --seeds K     another fixed family of seeds (0)\n"
        "  --quick       the few checks of `make check`\n"
        "  --all         print all numbers that are judged\n"
        "  --suite DIR   compare the cases with the originals in DIR/NNNNN/NNNNN-results.csv\n"
        "  --engine E    the method, or the plain Gillespie twin of the tests\n"
        "  --plant M     plant a mistake in the twin: some checks must fail\n",
        code ? stderr : stdout);
    exit(code);
}

static plant plant_of(const char *word)
{
    const char *const words[] = {"none", "stoichiometry", "stream", "sampler"};
    for (int k = 0; k < 4; k++)
        if (strcmp(word, words[k]) == 0)
            return (plant)k;
    usage(2);
    return PLANT_NONE;
}

static void read_value(const char *name, const char *value, options *o)
{
    if (!value)
        usage(2);
    if (strcmp(name, "--only") == 0 && o->onlys < 32)
        o->only[o->onlys++] = value;
    else if (strcmp(name, "--scale") == 0)
        o->scale = atof(value);
    else if (strcmp(name, "--seeds") == 0)
        o->family = atoi(value);
    else if (strcmp(name, "--suite") == 0)
        o->suite = value;
    else if (strcmp(name, "--engine") == 0)
        o->engine.method = value;
    else if (strcmp(name, "--plant") == 0)
        o->engine.planted = plant_of(value);
    else
        usage(2);
}

static options read_options(char **argument)
{
    options o = {.scale = 1, .engine = {.method = "exact", .cases = CASES}};
    while (*++argument) {
        if (strcmp(*argument, "--help") == 0)
            usage(0);
        if (strcmp(*argument, "--quick") == 0)
            o.quick = true;
        else if (strcmp(*argument, "--list") == 0)
            o.list = true;
        else if (strcmp(*argument, "--all") == 0)
            o.all = true;
        else {
            read_value(argument[0], argument[1], &o);
            argument++;
        }
    }
    if (!(o.scale > 0))
        usage(2);
    return o;
}

static bool wanted(const options *o, const check *c)
{
    bool chosen = o->onlys == 0;
    for (int k = 0; k < o->onlys; k++)
        chosen = chosen || strstr(c->name, o->only[k]);
    bool twin = strcmp(o->engine.method, "twin") == 0;
    return chosen && (!twin || c->twin) && (!o->quick || c->quick > 0);
}

/* A seed of its own for each name and turn, fixed for ever. */
static uint64_t seed_of(const char *name, int turn)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return (hash ^ (uint64_t)(turn + 1)) * 1099511628211u;
}

static double p_of(const check_run *run)
{
    return fmin(1, run->smallest_p * run->verdicts);
}

static bool run_once(const options *o, const check *c, int turn, tally *t)
{
    check_run run = {.engine = o->engine,
                     .suite = o->suite,
                     .number = c->number,
                     .quick = o->quick,
                     .all = o->all};
    double n = (double)(o->quick ? c->quick : c->replicates) * o->scale;
    run.replicates = (size_t)fmax(16, (turn ? 4 : 1) * n);
    run.engine.seed = seed_of(c->name, turn + 2 * o->family);
    c->call(&run);
    bool passes = !run.broken && (run.verdicts == 0 || p_of(&run) >= LEVEL);
    char p[32] = "-";
    if (run.verdicts > 0 && !run.broken)
        snprintf(p, sizeof p, "%.3g", p_of(&run));
    printf("verify %-28s %-36s %10.4g p %-9s n %-6zu %s%s\n", c->name, run.statistic, run.value, p,
           run.replicates, passes ? "PASS" : "FAIL", turn ? " (again)" : "");
    fflush(stdout);
    if (turn == 0)
        t->p_values += run.verdicts > 0;
    return passes;
}

static void run_check(const options *o, const check *c, tally *t)
{
    t->checks++;
    if (run_once(o, c, 0, t))
        return;
    t->first_failures++;
    if (!run_once(o, c, 1, t))
        t->failures++;
}

static void summary(const tally *t)
{
    printf("verify: %d checks, %d failed at first, %d failed twice\n", t->checks, t->first_failures,
           t->failures);
    printf("verify: level %g for each of %d checks with p-values: were all laws right, one or more "
           "of them would fail at first with probability at most %.2g, twice at most %.2g\n",
           LEVEL, t->p_values, LEVEL * t->p_values, LEVEL * LEVEL * t->p_values);
}

int main(int count, char **argument)
{
    (void)count;
    options o = read_options(argument);
    tally t = {0};
    gsl_set_error_handler_off();
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (const check *c = lists[k]; c->name; c++)
            if (wanted(&o, c)) {
                if (o.list)
                    puts(c->name);
                else
                    run_check(&o, c, &t);
            }
    if (o.list)
        return 0;
    summary(&t);
    return t.failures > 0;
}
