/* Nodes: how a response over the time r that is left of a step is made of resolvents with a few
 * time constants g_j that all events of the step share.
 *
 * A mode that decays at rate z answers to a rate that changed r ago by phi(z) = (1 - exp(-z r)) /
 * z, and keeps exp(-z r) of what was added then. Both are fitted by sum a_j / (1 + z g_j) over all
 * z, by least squares under two conditions: right for slow modes (sum a_j = r; sum a_j = 1) and for
 * fast ones (sum a_j / g_j = 1; sum a_j / g_j = 0). The slow condition keeps the ledger exact. With
 * g_j = dt / 2, dt / 4.5, dt / 10, dt / 23 the relative error of phi is 3.5 % at its worst z in the
 * mean over dt / 64 < r < dt, 1.8 % with its sign, 13 % at most. Later events take shorter nodes.
 *
 * What sites feel is the mean over the step: (r - phi) / z of a rate, phi of a value, as sum a_j
 * g_j / (1 + z g_j). Shares as above leave it 17 % too large where modes are slow. The first pass,
 * which serves nothing else, fits the mean itself, with the first three nodes: sum a_j g_j = r^2 /
 * 2 (r) for slow modes, sum a_j = r (1) for fast ones; it is 3 % off at the worst z in the mean
 * over r, 8 % at most for r > dt / 10. Tests: test_hybrid_path.c; `make verify` for covariances.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <string.h>

enum {
    FIRST_NODES = 3,
    FINE_NODES = 4,
    ROWS = 64,
    CONDITIONS = 2,
    UNKNOWNS = FINE_NODES + CONDITIONS
};

static const double NODE_RATIO = 2.25, LONGEST_NODE = 0.5;

double lac_hybrid_node(const lac_hybrid *h, size_t j)
{
    double node = LONGEST_NODE * h->attempt->step;
    for (size_t k = 0; k < j; k++)
        node /= NODE_RATIO;
    return node;
}

/* Solves a symmetric system of a few unknowns, by elimination with row pivots. */
static void solve_small(double a[UNKNOWNS][UNKNOWNS + 1], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i][k]) > fabs(a[pivot][k]))
                pivot = i;
        for (size_t j = k; j <= n; j++) {
            double swap = a[k][j];
            a[k][j] = a[pivot][j];
            a[pivot][j] = swap;
        }
        for (size_t i = k + 1; i < n && a[k][k] != 0; i++) {
            double factor = a[i][k] / a[k][k];
            for (size_t j = k; j <= n; j++)
                a[i][j] -= factor * a[k][j];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            a[k][n] -= a[k][j] * a[j][n];
        a[k][n] = a[k][k] != 0 ? a[k][n] / a[k][k] : 0;
    }
}

/* What is fitted. */
enum { OF_RATE, OF_VALUE, MEAN_OF_RATE, MEAN_OF_VALUE };

typedef struct lac_fit {
    int what;
    size_t nodes;
    double node[FINE_NODES]; /* in units of r */
} lac_fit;

/* One row of the fit, target = sum c_i basis_i; c_i = a_i / g_i for phi, else a_i. Relative to the
 * target but for the decay. */
static double row_of(const lac_fit *fit, double z, double basis[FINE_NODES])
{
    static const double SLOW = 1e-2; /* below it the series */
    const double phi = -expm1(-z) / z;
    const double mean = z < SLOW ? 0.5 - z / 6 : (1 - phi) / z;
    for (size_t i = 0; i < fit->nodes; i++) {
        const double g = fit->node[i];
        basis[i] = fit->what == OF_VALUE       ? 1 / (1 + z * g)
                   : fit->what == MEAN_OF_RATE ? g / (1 + z * g) / mean
                                               : g / (1 + z * g) / phi;
    }
    return fit->what == OF_VALUE ? exp(-z) : 1;
}

/* What sum c_i times this must be, condition by condition: for slow modes, then for fast ones. */
static double condition_of(const lac_fit *fit, size_t condition, double g, double *target)
{
    static const double targets[][2] = {[OF_RATE] = {1, 1},
                                        [OF_VALUE] = {1, 0},
                                        [MEAN_OF_RATE] = {0.5, 1},
                                        [MEAN_OF_VALUE] = {1, 1}};
    *target = targets[fit->what][condition];
    if (condition == 0)
        return fit->what == OF_VALUE ? 1 : g;
    return fit->what == OF_VALUE ? 1 / g : 1;
}

/* Normal equations with the conditions as multipliers. */
static void fit_shares(const lac_fit *fit, double share[FINE_NODES])
{
    double a[UNKNOWNS][UNKNOWNS + 1], basis[FINE_NODES];
    const size_t n = fit->nodes, all = n + CONDITIONS;
    memset(a, 0, sizeof a);
    for (size_t row = 0; row < ROWS; row++) {
        const double target = row_of(fit, pow(10, -3 + 8.0 * (double)row / (ROWS - 1)), basis);
        for (size_t i = 0; i < n; i++) {
            a[i][all] += basis[i] * target;
            for (size_t j = 0; j < n; j++)
                a[i][j] += basis[i] * basis[j];
        }
    }
    for (size_t c = 0; c < CONDITIONS; c++)
        for (size_t i = 0; i < n; i++)
            a[n + c][i] = a[i][n + c] = condition_of(fit, c, fit->node[i], &a[n + c][all]);
    solve_small(a, all);
    for (size_t i = 0; i < n; i++)
        share[i] = fit->what == OF_RATE ? a[i][all] * fit->node[i] : a[i][all];
}

/* The mean matters alone to the first pass. */
static void set_first(const lac_hybrid *h, double left, lac_event_jump *jump)
{
    lac_fit fit = {.nodes = FIRST_NODES};
    double share[FINE_NODES];
    for (size_t i = 0; i < FIRST_NODES; i++)
        fit.node[i] = lac_hybrid_node(h, i) / left;
    fit.what = MEAN_OF_RATE;
    fit_shares(&fit, share);
    for (size_t i = 0; i < FIRST_NODES; i++)
        jump->rate_share[i] = share[i] * left;
    fit.what = MEAN_OF_VALUE;
    fit_shares(&fit, share);
    for (size_t i = 0; i < FIRST_NODES; i++)
        jump->value_share[i] = share[i];
}

static void set_second(const lac_hybrid *h, double left, lac_event_jump *jump)
{
    static const double LATE = 1 / 24.0; /* of the step: later events take later nodes */
    size_t first = 0;
    for (double late = LATE * h->attempt->step;
         first + FINE_NODES < LAC_RESPONSE_NODES && left < late; late /= NODE_RATIO)
        first++;
    lac_fit fit = {.nodes = FINE_NODES};
    double share[FINE_NODES];
    for (size_t i = 0; i < FINE_NODES; i++)
        fit.node[i] = lac_hybrid_node(h, first + i) / left;
    fit.what = OF_RATE;
    fit_shares(&fit, share);
    for (size_t i = 0; i < FINE_NODES; i++)
        jump->rate_share[first + i] = share[i] * left;
    fit.what = OF_VALUE;
    fit_shares(&fit, share);
    for (size_t i = 0; i < FINE_NODES; i++)
        jump->value_share[first + i] = share[i];
}

void lac_hybrid_set_shares(const lac_hybrid *h, int pass, lac_event_jump *jump)
{
    const double left = fmax(jump->left, 1e-9 * h->attempt->step);
    memset(jump->rate_share, 0, sizeof jump->rate_share);
    memset(jump->value_share, 0, sizeof jump->value_share);
    (pass > 0 ? set_second : set_first)(h, left, jump);
}
