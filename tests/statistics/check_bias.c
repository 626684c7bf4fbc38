/* What a result of the method hybrid states of the bias that its steps leave, against what they
 * leave: the same thresholds in short steps, so that chance cancels. The statement is to be right
 * within a factor of 3, or within its resolution. Four standard errors of the difference are
 * allowed: a statement that is right fails with probability at most 6e-5 for each number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/verify.h"

#include <math.h>
#include <stdlib.h>

typedef struct statement {
    const char *model;
    int voxels;
} statement;

/* Columns: off, on, ligand. */
static const statement statements[] = {{"crowd", 50}, {"crowd-few", 8}, {"crowd-dish", 1}};

static double on_at_end(const statement *it, const sample *s, size_t replicate)
{
    double sum = 0;
    for (int k = 0; k < it->voxels; k++)
        sum += sample_at(s, replicate, 1, (size_t)(it->voxels + k));
    return sum;
}

static stated_bias compare(const statement *it, const sample *s, const sample *fine)
{
    stated_bias o = {0};
    const double n = (double)s->replicates;
    double squares = 0;
    for (size_t r = 0; r < s->replicates; r++) {
        const double on = on_at_end(it, s, r), off = on - on_at_end(it, fine, r);
        o.found += off / n;
        squares += off * off / n;
        o.stated += s->bias[r * s->variables + 1] / n;
        o.content += on / n;
    }
    o.error = sqrt((squares - o.found * o.found) / n);
    return o;
}

static void check_statement(check_run *run)
{
    static const char *const accuracy[] = {"0.02", "0.1", "0.3", "1"};
    const statement *it = &statements[run->number];
    net *columns = net_create(3 * it->voxels);
    const problem p = {it->model, columns, 20 * 86400, 2};
    lac_override set = {"run.accuracy", accuracy[0]};
    engine e = run->engine;
    e.method = "hybrid";
    e.set = &set;
    e.sets = 1;
    sample fine = sample_draw(&e, &p, run->replicates);
    for (int k = 1; k < 4; k++) {
        set.value = accuracy[k];
        sample s = sample_draw(&e, &p, run->replicates);
        const stated_bias o = compare(it, &s, &fine);
        judge_stated(run, &o, accuracy[k]);
        sample_free(&s);
    }
    sample_free(&fine);
    net_free(columns);
}

const check bias_checks[] = {{"bias_stated_of_many_cells", check_statement, 0, 600, 0, false},
                             {"bias_stated_of_few_cells", check_statement, 1, 1500, 0, false},
                             {"bias_stated_of_a_dish", check_statement, 2, 300, 0, false},
                             {0}};
