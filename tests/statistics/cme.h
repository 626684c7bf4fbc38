/* The chemical master equation of a net on a box of counts, by uniformisation (Jensen 1953): dp/dt
 * = p Q, p(t) = sum over m of Poisson(m; R t) p (I + Q / R)^m, R at least every rate of leaving.
 * What would leave the box is lost: 1 - sum p bounds the error of truncation (Munsky & Khammash
 * 2006, J. Chem. Phys. 124:044104). The Poisson sum is cut below 1e-16 of its weight.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STATISTICS_CME_H
#define LAC_STATISTICS_CME_H

#include "statistics/net.h"

typedef struct cme {
    const net *net; /* borrowed */
    size_t *most;   /* owned [species]: counts 0 .. most */
    size_t states;
    double *p;           /* owned [states] */
    double *next, *term; /* owned [states] */
    double *rate;        /* owned [states * reactions] */
    int32_t *target;     /* owned [states * reactions]; -1 = out of the box */
    double *leaving;     /* owned [states] */
    double fastest;      /* [1/s] */
} cme;

/* All probability at the net's start. */
cme *cme_create(const net *n, const size_t *most);
void cme_free(cme *c);
/* After rates or the start of the net were changed. */
void cme_refresh(cme *c);
void cme_advance(cme *c, double span);
double cme_lost(const cme *c);
/* out[0 .. most[species]] */
void cme_marginal(const cme *c, int species, double *out);
void cme_moments(const cme *c, int species, double *mean, double *variance);

#endif
