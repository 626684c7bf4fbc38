/* Means and covariances of first-order nets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/moments.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <stdlib.h>
#include <string.h>

typedef struct equation {
    const net *net;
    bool with_covariance;
} equation;

static size_t length_of(int species, bool with_covariance)
{
    size_t s = (size_t)species;
    return with_covariance ? s + s * s : s;
}

/* What one reaction adds to A C + C A^T and to the noise. */
static void covariance_of(const net_reaction *reaction, int species, double rate, const double *c,
                          double *dc)
{
    for (int k = 0; k < reaction->changes; k++) {
        int i = reaction->species[k];
        for (int j = 0; j < species && reaction->order == 1; j++) {
            double flow =
                reaction->amount[k] * reaction->k * c[reaction->reactant[0] * species + j];
            dc[i * species + j] += flow;
            dc[j * species + i] += flow;
        }
        for (int l = 0; l < reaction->changes && !reaction->smooth; l++)
            dc[i * species + reaction->species[l]] +=
                reaction->amount[k] * reaction->amount[l] * rate;
    }
}

static int derivative(double time, const double *y, double *dy, void *context)
{
    const equation *e = context;
    const net *n = e->net;
    (void)time;
    memset(dy, 0, length_of(n->species, e->with_covariance) * sizeof *dy);
    for (int r = 0; r < n->reactions; r++) {
        const net_reaction *reaction = &n->reaction[r];
        if (reaction->law || reaction->order > 1)
            return GSL_EINVAL;
        double rate = reaction->k * (reaction->order ? y[reaction->reactant[0]] : 1);
        for (int k = 0; k < reaction->changes; k++)
            dy[reaction->species[k]] += reaction->amount[k] * rate;
        if (e->with_covariance)
            covariance_of(reaction, n->species, rate, y + n->species, dy + n->species);
    }
    return GSL_SUCCESS;
}

moments *moments_create(const net *n, bool with_covariance)
{
    moments *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->species = n->species;
    m->with_covariance = with_covariance;
    m->value = calloc(length_of(n->species, with_covariance), sizeof *m->value);
    if (!m->value)
        abort();
    moments_restart(m, n->start);
    return m;
}

void moments_restart(moments *m, const double *count)
{
    memset(m->value, 0, length_of(m->species, m->with_covariance) * sizeof *m->value);
    memcpy(m->value, count, (size_t)m->species * sizeof *count);
}

void moments_free(moments *m)
{
    if (!m)
        return;
    free(m->value);
    free(m);
}

void moments_advance(moments *m, const net *n, double span)
{
    equation e = {n, m->with_covariance};
    gsl_odeiv2_system system = {derivative, NULL, length_of(m->species, m->with_covariance), &e};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-3 * span, 1e-11, 1e-11);
    double time = 0;
    if (!driver || gsl_odeiv2_driver_apply(driver, &time, span, m->value) != GSL_SUCCESS)
        abort();
    gsl_odeiv2_driver_free(driver);
}

double moments_mean(const moments *m, int species)
{
    return m->value[species];
}

double moments_covariance(const moments *m, int i, int j)
{
    return m->value[m->species + i * m->species + j];
}
