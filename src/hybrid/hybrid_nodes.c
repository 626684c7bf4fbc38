/* Nodes: how a response over the time r that is left of a step is made of resolvents with a few
 * time constants g_j that all events of the step share.
 *
 * A mode that decays at rate z answers to a rate that changed r ago by phi(z) = (1 - exp(-z r)) /
 * z, and keeps exp(-z r) of what was added then. Both are fitted by sum a_j / (1 + z g_j) over all
 * z, by least squares under two conditions: right for slow modes (sum a_j = r; sum a_j = 1) and for
 * fast ones (sum a_j / g_j = 1; sum a_j / g_j = 0). The slow condition keeps the ledger exact. With
 * g_j = dt / 2, dt / 4.5, dt / 10, dt / 23 the relative error of phi is 3.5 % at its worst z in the
 * mean over dt / 64 < r < dt, 1.8 % with its sign, 13 % at most; two nodes leave 25 %. Later events
 * take shorter nodes. Tests: test_hybrid_path.c; `make verify` for covariances.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <string.h>

enum { FINE_NODES = 4, ROWS = 64, UNKNOWNS = FINE_NODES + 2 };

static const double NODE_RATIO = 2.25, LONGEST_NODE = 0.5;

/* Which nodes an event takes in a pass: so many, so far from each other; and where less than this
 * part of the step is left, later ones. */
typedef struct lac_node_choice {
    size_t nodes, stride;
    double late;
} lac_node_choice;

static const lac_node_choice choices[2] = {{2, 3, 1 / 64.0}, {FINE_NODES, 1, 1 / 24.0}};

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
typedef struct lac_fit {
    size_t nodes;
    double node[FINE_NODES]; /* in units of r */
    bool of_rate;            /* phi, relatively; else the decay, absolutely */
} lac_fit;

/* One row of the fit, 1 = sum c_i basis_i; c_i = a_i / g_i for phi, a_i for the decay. */
static double row_of(const lac_fit *fit, double z, double basis[FINE_NODES])
{
    const double phi = -expm1(-z) / z;
    for (size_t i = 0; i < fit->nodes; i++) {
        const double g = fit->node[i];
        basis[i] = fit->of_rate ? g / (1 + z * g) / phi : 1 / (1 + z * g);
    }
    return fit->of_rate ? 1 : exp(-z);
}

/* Normal equations with the two conditions as multipliers. */
static void fit_shares(const lac_fit *fit, double share[FINE_NODES])
{
    double a[UNKNOWNS][UNKNOWNS + 1], basis[FINE_NODES];
    const size_t n = fit->nodes, all = n + 2;
    memset(a, 0, sizeof a);
    for (size_t row = 0; row < ROWS; row++) {
        const double target = row_of(fit, pow(10, -3 + 8.0 * (double)row / (ROWS - 1)), basis);
        for (size_t i = 0; i < n; i++) {
            a[i][all] += basis[i] * target;
            for (size_t j = 0; j < n; j++)
                a[i][j] += basis[i] * basis[j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        const double slow = fit->of_rate ? fit->node[i] : 1;
        const double fast = fit->of_rate ? 1 : 1 / fit->node[i];
        a[n][i] = a[i][n] = slow;
        a[n + 1][i] = a[i][n + 1] = fast;
    }
    a[n][all] = 1;
    a[n + 1][all] = fit->of_rate ? 1 : 0;
    solve_small(a, all);
    for (size_t i = 0; i < n; i++)
        share[i] = fit->of_rate ? a[i][all] * fit->node[i] : a[i][all];
}

void lac_hybrid_set_shares(const lac_hybrid *h, int pass, lac_event_jump *jump)
{
    const double step = h->attempt->step, left = fmax(jump->left, 1e-9 * step);
    const lac_node_choice *choice = &choices[pass > 0];
    const size_t stride = choice->stride, reach = choice->nodes * stride;
    size_t first = 0;
    for (double late = choice->late; first + reach < LAC_RESPONSE_NODES && left < late * step;
         late /= pow(NODE_RATIO, (double)stride))
        first += stride;
    lac_fit fit = {.nodes = choice->nodes};
    double share[FINE_NODES];
    memset(jump->rate_share, 0, sizeof jump->rate_share);
    memset(jump->value_share, 0, sizeof jump->value_share);
    for (size_t i = 0; i < fit.nodes; i++)
        fit.node[i] = lac_hybrid_node(h, first + i * stride) / left;
    for (int of_rate = 0; of_rate < 2; of_rate++) {
        fit.of_rate = of_rate;
        fit_shares(&fit, share);
        for (size_t i = 0; i < fit.nodes; i++)
            if (of_rate)
                jump->rate_share[first + i * stride] = share[i] * left;
            else
                jump->value_share[first + i * stride] = share[i];
    }
}
