/* Nets: how they are written, and the plain direct method, the slow and obvious twin.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

net *net_create(int species)
{
    net *n = must(calloc(1, sizeof *n));
    n->species = species;
    n->start = must(calloc((size_t)species, sizeof *n->start));
    n->shock_at = INFINITY;
    return n;
}

void net_free(net *n)
{
    if (!n)
        return;
    free(n->reaction);
    free(n->start);
    free(n);
}

static net_reaction *next_reaction(net *n, double k)
{
    if (n->reactions == n->room) {
        n->room = 2 * n->room + 16;
        n->reaction = must(realloc(n->reaction, (size_t)n->room * sizeof *n->reaction));
    }
    net_reaction *reaction = &n->reaction[n->reactions++];
    *reaction = (net_reaction){.k = k};
    return reaction;
}

static void change(net_reaction *reaction, int species, double amount)
{
    int k = 0;
    while (k < reaction->changes && reaction->species[k] != species)
        k++;
    if (k == NET_CHANGES)
        abort();
    if (k == reaction->changes) {
        reaction->species[k] = species;
        reaction->amount[k] = 0;
        reaction->changes++;
    }
    reaction->amount[k] += amount;
}

net_reaction *net_add(net *n, double k, const char *text)
{
    net_reaction *reaction = next_reaction(n, k);
    double sign = -1;
    while (*text) {
        char *end;
        if (*text == '>')
            sign = 1;
        if (*text == '>' || *text == '+') {
            text++;
            continue;
        }
        int species = (int)strtol(text, &end, 10);
        double amount = *end == '*' ? strtod(end + 1, &end) : 1;
        if (end == text || species >= n->species)
            abort();
        for (int i = 0; sign < 0 && i < (int)amount; i++)
            reaction->reactant[reaction->order++] = species;
        change(reaction, species, sign * amount);
        text = end;
    }
    return reaction;
}

void net_hop(net *n, int from, int to, double k)
{
    net_reaction *reaction = next_reaction(n, k);
    if (from >= 0) {
        reaction->reactant[reaction->order++] = from;
        change(reaction, from, -1);
    }
    if (to >= 0)
        change(reaction, to, 1);
}

double net_rate(const net_reaction *reaction, const double *count)
{
    double rate = reaction->k;
    if (reaction->law)
        return rate * reaction->law(count);
    for (int i = 0; i < reaction->order; i++) {
        double left = count[reaction->reactant[i]];
        for (int j = 0; j < i; j++)
            left -= reaction->reactant[j] == reaction->reactant[i];
        rate *= fmax(left, 0);
    }
    return rate;
}

static double all_rates(const net *n, const double *count, double *rate)
{
    double sum = 0;
    for (int r = 0; r < n->reactions; r++)
        sum += rate[r] = net_rate(&n->reaction[r], count);
    return sum;
}

static void fire(const net *n, int r, plant planted, double *count)
{
    const net_reaction *reaction = &n->reaction[r];
    for (int k = 0; k < reaction->changes; k++)
        count[reaction->species[k]] += reaction->amount[k];
    /* One too many is made (or one too few taken) by the first reaction. */
    if (planted == PLANT_STOICHIOMETRY && r == 0)
        count[reaction->species[reaction->changes - 1]] += 1;
    if (n->redirect)
        n->redirect(count);
}

/* Events up to `stop`; what is left of the last waiting time is forgotten, as it may be. */
static void advance(const net *n, lac_stream *stream, plant planted, double span, double *count,
                    double *rate)
{
    double time = 0, slow = planted == PLANT_SAMPLER ? 1.05 : 1;
    for (;;) {
        double sum = all_rates(n, count, rate);
        if (!(sum > 0))
            return;
        time -= slow * log(lac_stream_unit(stream) + 0x1p-53) / sum;
        if (time > span)
            return;
        double mark = lac_stream_unit(stream) * sum;
        int r = 0;
        while (r < n->reactions - 1 && mark >= rate[r])
            mark -= rate[r++];
        fire(n, r, planted, count);
    }
}

void net_trajectory(const net *n, lac_stream *stream, plant planted, double every, size_t frames,
                    double *out)
{
    size_t bytes = (size_t)n->species * sizeof(double);
    double *count = must(malloc(bytes)),
           *rate = must(calloc((size_t)n->reactions + 1, sizeof *rate));
    net now = *n;
    now.reaction = must(malloc((size_t)n->reactions * sizeof *n->reaction + 1));
    memcpy(now.reaction, n->reaction, (size_t)n->reactions * sizeof *n->reaction);
    memcpy(count, n->start, bytes);
    for (size_t frame = 0; frame < frames; frame++) {
        double time = every * ((double)frame - 1), stop = every * (double)frame;
        if (frame > 0 && n->shock && n->shock_at > time && n->shock_at <= stop) {
            advance(&now, stream, planted, n->shock_at - time, count, rate);
            n->shock(&now, count);
            time = n->shock_at;
        }
        if (frame > 0)
            advance(&now, stream, planted, stop - time, count, rate);
        memcpy(out + frame * (size_t)n->species, count, bytes);
    }
    free(now.reaction);
    free(count);
    free(rate);
}
