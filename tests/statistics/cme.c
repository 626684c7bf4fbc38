/* The master equation on a box of counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/cme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        abort();
    return memory;
}

static void counts_of(const cme *c, size_t state, double *count)
{
    for (int s = 0; s < c->net->species; s++) {
        count[s] = (double)(state % (c->most[s] + 1));
        state /= c->most[s] + 1;
    }
}

static int32_t state_of(const cme *c, const double *count)
{
    size_t state = 0;
    for (int s = c->net->species; s-- > 0;) {
        if (count[s] < 0 || count[s] > (double)c->most[s])
            return -1;
        state = state * (c->most[s] + 1) + (size_t)count[s];
    }
    return (int32_t)state;
}

/* Rates and targets of one state. */
static void connect(cme *c, size_t state, double *count, double *after)
{
    const net *n = c->net;
    counts_of(c, state, count);
    c->leaving[state] = 0;
    for (int r = 0; r < n->reactions; r++) {
        const net_reaction *reaction = &n->reaction[r];
        size_t at = state * (size_t)n->reactions + (size_t)r;
        memcpy(after, count, (size_t)n->species * sizeof *after);
        for (int k = 0; k < reaction->changes; k++)
            after[reaction->species[k]] += reaction->amount[k];
        if (n->redirect)
            n->redirect(after);
        c->rate[at] = net_rate(reaction, count);
        c->target[at] = state_of(c, after);
        c->leaving[state] += c->rate[at];
    }
    c->fastest = fmax(c->fastest, c->leaving[state]);
}

void cme_refresh(cme *c)
{
    double *count = room((size_t)c->net->species, sizeof *count);
    double *after = room((size_t)c->net->species, sizeof *after);
    c->fastest = 0;
    for (size_t state = 0; state < c->states; state++)
        connect(c, state, count, after);
    free(count);
    free(after);
}

cme *cme_create(const net *n, const size_t *most)
{
    cme *c = room(1, sizeof *c);
    c->net = n;
    c->most = room((size_t)n->species, sizeof *c->most);
    memcpy(c->most, most, (size_t)n->species * sizeof *most);
    c->states = 1;
    for (int s = 0; s < n->species; s++)
        c->states *= most[s] + 1;
    c->p = room(c->states, sizeof *c->p);
    c->next = room(c->states, sizeof *c->next);
    c->term = room(c->states, sizeof *c->term);
    c->leaving = room(c->states, sizeof *c->leaving);
    c->rate = room(c->states * (size_t)n->reactions, sizeof *c->rate);
    c->target = room(c->states * (size_t)n->reactions, sizeof *c->target);
    cme_refresh(c);
    c->p[state_of(c, n->start)] = 1;
    return c;
}

void cme_free(cme *c)
{
    if (!c)
        return;
    free(c->most);
    free(c->p);
    free(c->next);
    free(c->term);
    free(c->leaving);
    free(c->rate);
    free(c->target);
    free(c);
}

/* next = term (I + Q / R) */
static void jump(cme *c)
{
    size_t reactions = (size_t)c->net->reactions;
    memset(c->next, 0, c->states * sizeof *c->next);
    for (size_t state = 0; state < c->states; state++) {
        double here = c->term[state];
        if (here == 0)
            continue;
        c->next[state] += here * (1 - c->leaving[state] / c->fastest);
        for (size_t at = state * reactions; at < (state + 1) * reactions; at++)
            if (c->target[at] >= 0)
                c->next[c->target[at]] += here * c->rate[at] / c->fastest;
    }
    double *swap = c->term;
    c->term = c->next;
    c->next = swap;
}

static void advance_part(cme *c, double mean)
{
    double weight = exp(-mean);
    memcpy(c->term, c->p, c->states * sizeof *c->p);
    for (size_t state = 0; state < c->states; state++)
        c->p[state] *= weight;
    for (double m = 1; m <= mean || weight > 1e-17; m++) {
        jump(c);
        weight *= mean / m;
        for (size_t state = 0; state < c->states; state++)
            c->p[state] += weight * c->term[state];
    }
}

void cme_advance(cme *c, double span)
{
    if (!(c->fastest > 0))
        return;
    double mean = c->fastest * span, parts = ceil(mean / 300);
    for (double part = 0; part < parts; part++)
        advance_part(c, mean / parts);
}

double cme_lost(const cme *c)
{
    double sum = 0;
    for (size_t state = 0; state < c->states; state++)
        sum += c->p[state];
    return 1 - sum;
}

void cme_marginal(const cme *c, int species, double *out)
{
    size_t below = 1;
    for (int s = 0; s < species; s++)
        below *= c->most[s] + 1;
    memset(out, 0, (c->most[species] + 1) * sizeof *out);
    for (size_t state = 0; state < c->states; state++)
        out[state / below % (c->most[species] + 1)] += c->p[state];
}

void cme_moments(const cme *c, int species, double *mean, double *variance)
{
    size_t most = c->most[species];
    double *p = room(most + 1, sizeof *p), square = 0;
    cme_marginal(c, species, p);
    *mean = *variance = 0;
    for (size_t i = 0; i <= most; i++)
        *mean += (double)i * p[i];
    for (size_t i = 0; i <= most; i++)
        square += ((double)i - *mean) * ((double)i - *mean) * p[i];
    *variance = square;
    free(p);
}
