/* Reaction nets written out in C: what the oracles (master equation, moments, plain Gillespie) know
 * of a problem, apart from the model text that the program reads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_NET_H
#define LAC_STATISTICS_NET_H

#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>

enum { NET_ORDER = 3, NET_CHANGES = 5 };

typedef struct net_reaction {
    double k;                           /* [1/s] per product of counts */
    int order;                          /* how many reactants */
    int reactant[NET_ORDER];            /* species; the same one again means x (x - 1) ... */
    double (*law)(const double *count); /* instead of mass action; times k */
    int changes;
    int species[NET_CHANGES];
    double amount[NET_CHANGES];
    bool smooth; /* a rate, not events: without noise (moments.c alone) */
} net_reaction;

typedef struct net {
    int species;
    int reactions;
    net_reaction *reaction; /* owned */
    int room;
    double *start; /* owned [species] */
    /* Something happens at a time, or when a reaction has led somewhere; NULL = nothing. */
    double shock_at; /* [s] */
    void (*shock)(struct net *net, double *count);
    void (*redirect)(double *count);
} net;

net *net_create(int species);
void net_free(net *n);

/* Adds k * (reactants) and gives it, for changes to be added. `text` like "0+0>1", "0>", ">0*5":
 * species by number, amounts after '*'. A catalyst stands on both sides. */
net_reaction *net_add(net *n, double k, const char *text);
/* The same by numbers: from -> to, -1 = nothing. */
void net_hop(net *n, int from, int to, double k);

double net_rate(const net_reaction *reaction, const double *count);

/* Mistakes that can be planted in the twin, to see that tests find them. */
typedef enum plant { PLANT_NONE, PLANT_STOICHIOMETRY, PLANT_STREAM, PLANT_SAMPLER } plant;

/* The plain direct method (Gillespie 1977, J. Phys. Chem. 81:2340): out[frame * species + s] at
 * times frame * every. Uses `stream`; the net is not changed but by its shock. */
void net_trajectory(const net *n, lac_stream *stream, plant planted, double every, size_t frames,
                    double *out);

#endif
