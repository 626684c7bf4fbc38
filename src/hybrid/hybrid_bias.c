/* The bias that a step's events leave, a posteriori: what the next pass would change, carried on by
 * the linearised mean equations.
 *
 * Pass 1 has sampled its events with what sites feel of those of pass 0. By how much those of pass
 * 1 would change the integrated propensities more, d, is in the mean the number of events that
 * lack. Both passes are taken by one node, so that no error of a fit is in the difference. Sites
 * with events of their own are left out, for they would feel their own response; the others stand
 * for them. What lacks is carried on as e = (m, c), m of the discrete variables and c of the
 * continuous ones:
 *
 *   (I - dt J) c' = c + dt J_cm (m + S d / 2),    m' = m + S (d + dt h_m (m + S d / 2) + dt h_c c')
 *
 * with S the stoichiometry and h the propensities: loss, and the gain of the loop through what
 * cells make and sense, are in it. The account holds -m: how much too large the result is expected
 * to be.
 *
 * What molecules that diffuse have beyond their mean is estimated by their room (molecules_bias.c).
 *
 * Covered: the feedback of a step's events on those of the same step, to first order. Not covered:
 * the error test of the continuous part, the fit of the nodes (hybrid_nodes.c), and effects of
 * second order in the change of a level by the events of one step. Tests: test_hybrid.c and `make
 * verify`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <string.h>

/* The solve is for an estimate: its residual may be this part of its right-hand side. */
static const double COARSE = 0.02;

/* Sites without events stand for at most so many times themselves. */
static const double STAND_MOST = 20;

/* --- solves --------------------------------------------------------------------------------------
 */

/* The discrete or the continuous part of a vector := 0. */
static void clear_part(const lac_hybrid *h, bool own, double *vector)
{
    for (size_t variable = 0; variable < h->scene.model->variables; variable++) {
        const size_t values = lac_layout_size(&h->layout, variable);
        if ((h->own_variable[variable] != 0) == own)
            memset(vector + lac_layout_at(&h->layout, variable), 0, values * sizeof *vector);
    }
}

static double norm_of(const lac_hybrid *h, const double *vector)
{
    double sum = 0;
    for (size_t i = 0; i < h->layout.length; i++)
        sum += h->attempt->weight[i] * vector[i] * vector[i];
    return sqrt(sum);
}

/* x := (I - r J)^-1 x, h->rate its rates; LAC_NUMERICS where that cannot be had. */
static lac_status relax_at(lac_hybrid *h, double r, double *x)
{
    lac_status status = LAC_OK;
    const double size = norm_of(h, x);
    const lac_krylov_problem problem = {r, h->attempt->weight, COARSE};
    bool converged;
    memset(h->rate, 0, h->system->rates * sizeof *h->rate);
    if (size == 0)
        return LAC_OK;
    for (size_t i = 0; i < h->layout.length; i++)
        h->load[i] = x[i] / size;
    LAC_TRY(lac_krylov_solve(lac_rosenbrock_krylov(lac_mean_field_rosenbrock(h->engine)), &problem,
                             h->load, h->rate, &converged));
    LAC_REQUIRE(converged, LAC_NUMERICS, "what a step lacks is not found");
    for (size_t i = 0; i < h->layout.length; i++)
        x[i] = h->load[i] * size;
    for (size_t i = 0; i < h->system->rates; i++)
        h->rate[i] *= size;
out:
    return status;
}

/* ... over the step, and what is continuous of it. */
static lac_status relax(lac_hybrid *h, double *x)
{
    lac_status status = relax_at(h, h->attempt->step, x);
    clear_part(h, false, x);
    return status;
}

/* --- what this step lacks ------------------------------------------------------------------------
 */

static void mark_stirred(lac_hybrid *h)
{
    memset(h->stirred, 0, h->sites + 1);
    for (int pass = 0; pass < 2; pass++)
        for (size_t v = 0; v < h->pass[pass].visits; v++)
            h->stirred[h->pass[pass].visit[v].site] = 1;
}

/* What is left at the end of a visit of what the process uses up. */
static double part_left(const lac_hybrid *h, const lac_discrete_process *it, size_t visit)
{
    const lac_pass *pass = &h->pass[1];
    double part = 1;
    for (size_t k = 0; k < it->counts; k++) {
        const size_t variable = it->count[k].variable, d = h->place[variable];
        const double before = h->count[h->count_at[d] + pass->visit[visit].site - it->begin];
        if (it->count[k].amount < 0 && before > 0)
            part = fmin(part, pass->number[visit * h->discrete + d] / before);
    }
    return part;
}

/* By how much sites without events stand for all, of a process. */
static double standing(const lac_hybrid *h, const lac_discrete_process *it)
{
    const lac_pass *pass = &h->pass[1];
    double all = 0, quiet = 0;
    for (size_t i = 0; it->in_tissue && i < it->sites; i++) {
        const double events = fmax(h->integral[it->first + i], 0);
        all += events;
        quiet += h->stirred[it->begin + i] ? 0 : events;
    }
    for (size_t v = 0; it->in_tissue && v < pass->visits; v++)
        if (lac_hybrid_happens_at(it, pass->visit[v].site))
            all -= fmax(h->integral[it->first + pass->visit[v].site - it->begin], 0) *
                   (1 - part_left(h, it, v));
    return quiet > 0 ? fmin(all / quiet, STAND_MOST) : 0;
}

/* error += so many events of a process at a site. */
static void add_events(lac_hybrid *h, const lac_discrete_process *it, size_t i, double events,
                       double *error)
{
    const size_t site = it->begin + i;
    for (size_t k = 0; k < it->counts; k++) {
        const size_t variable = it->count[k].variable;
        error[lac_hybrid_at(h, variable, site)] +=
            events * it->count[k].amount * lac_hybrid_per_count(h, h->place[variable], site);
    }
    for (size_t k = 0; k < it->values; k++)
        if (h->own_variable[it->value[k].variable])
            error[lac_hybrid_at(h, it->value[k].variable, site)] +=
                events * it->value[k].amount / h->size[site];
}

/* load += sign times what one event leaves in the mean of the step: r^2 / 2 of a rate that has
 * changed, r of what it has added, on one node; both are right for slow modes, and in the mean over
 * r for fast ones. */
static void add_jump(lac_hybrid *h, const lac_pass *pass, size_t jump, double sign)
{
    lac_event_jump one = pass->jump[jump];
    const double node = h->attempt->step / 3;
    one.rate_share[0] = sign * one.left * one.left / (2 * node);
    one.value_share[0] = sign * one.left / node;
    memset(h->hold, 0, h->scene.model->variables * sizeof *h->hold);
    lac_hybrid_load_of(h, &one, pass->drate + jump * h->sources, 0, h->hold);
    for (size_t v = 0; v < h->scene.model->variables; v++)
        if (h->hold[v] != 0)
            h->load[lac_hybrid_at(h, v, one.site)] += h->hold[v];
}

/* missed := by how much the second events change the integrals more than the first did. */
static lac_status feel_difference(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const double node = h->attempt->step / 3;
    memset(h->load, 0, h->layout.length * sizeof *h->load);
    for (int pass = 0; pass < 2; pass++)
        for (size_t jump = 0; jump < h->pass[pass].jumps; jump++)
            add_jump(h, &h->pass[pass], jump, pass > 0 ? 1 : -1);
    memcpy(h->carried, h->load, h->layout.length * sizeof *h->load);
    LAC_TRY(h->system->factor(h->system->self, node));
    LAC_TRY(relax_at(h, node, h->carried));
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        for (size_t i = 0; i < it->sites; i++)
            h->missed[it->first + i] = node * lac_hybrid_per_rate(h, it, it->begin + i) *
                                       h->share[it->first + i] *
                                       lac_hybrid_rate_of(h, it, h->rate)[i];
    }
out:
    return status;
}

/* lacking := what the events of this step lack; is there any? */
static lac_status find_lacking(lac_hybrid *h, bool *any)
{
    lac_status status = LAC_OK;
    *any = false;
    memset(h->lacking, 0, h->layout.length * sizeof *h->lacking);
    if (h->pass[0].jumps == 0)
        return LAC_OK;
    mark_stirred(h);
    LAC_TRY(feel_difference(h));
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        const double all = standing(h, it);
        for (size_t i = 0; i < it->sites; i++) {
            const double lacks = h->missed[it->first + i];
            if (lacks == 0 || all == 0 || h->stirred[it->begin + i])
                continue;
            add_events(h, it, i, all * lacks, h->lacking);
            *any = true;
        }
    }
out:
    return status;
}

/* --- carried on ----------------------------------------------------------------------------------
 */

static void flip(const lac_hybrid *h, double *vector)
{
    for (size_t site = 0; site < h->sites; site++)
        if (lac_hybrid_sign(h, site) < 0)
            for (size_t field = 0; field < h->layout.fields; field++)
                if (lac_hybrid_is_at(h, field, site))
                    vector[lac_hybrid_at(h, field, site)] *= -1;
}

/* x := dt J_cm of the discrete part of `at_end`. */
static void load_of(lac_hybrid *h, double *x)
{
    h->system->times(h->system->self, h->at_end, x, h->rate);
    clear_part(h, false, x);
    for (size_t i = 0; i < h->layout.length; i++)
        x[i] *= h->attempt->step;
}

/* own_part := what each site feels of what lacks there itself, with the noise of the others. */
static lac_status respond_to_own(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    flip(h, h->at_end);
    load_of(h, h->own_part);
    flip(h, h->at_end);
    LAC_TRY(relax(h, h->own_part));
    flip(h, h->own_part);
    memset(h->own_part + h->layout.pools_at, 0, h->layout.pools * sizeof *h->own_part);
out:
    return status;
}

/* error += the events that follow from `change`; of a single cell that is used up where
 * `of_own`: what has happened to it changes what it feels, but it is not there to feel it. */
static void add_followers(lac_hybrid *h, const double *change, bool of_own)
{
    h->system->times(h->system->self, change, h->load, h->rate);
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        const double *rate = lac_hybrid_rate_of(h, it, h->rate);
        const bool uses_up = it->limits > 0 && it->count[0].amount < 0;
        if (of_own && (!uses_up || !it->in_tissue))
            continue;
        for (size_t i = 0; i < it->sites; i++) {
            const double events = h->attempt->step * lac_hybrid_per_rate(h, it, it->begin + i) *
                                  rate[i] * h->share[it->first + i];
            if (events != 0)
                add_events(h, it, i,
                           of_own ? -events / fmax(lac_hybrid_number_at(h, it, i), 1) : events,
                           h->error);
        }
    }
}

static lac_status carry_on(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const size_t length = h->layout.length;
    memcpy(h->at_end, h->error, length * sizeof *h->at_end);
    lac_add_scaled(h->at_end, 0.5, h->lacking, length);
    clear_part(h, true, h->at_end);
    LAC_TRY(h->system->factor(h->system->self, h->attempt->step));
    LAC_TRY(respond_to_own(h));
    load_of(h, h->carried);
    lac_add_scaled(h->carried, 1, h->error, length);
    clear_part(h, false, h->carried);
    LAC_TRY(relax(h, h->carried));
    clear_part(h, true, h->error);
    lac_add_scaled(h->error, 1, h->carried, length);
    lac_add_scaled(h->at_end, 1, h->carried, length);
    add_followers(h, h->own_part, true);
    add_followers(h, h->at_end, false);
out:
    return status;
}

void lac_hybrid_tell_bias(lac_hybrid *h)
{
    double *lacks = h->carried;
    lac_copy(lacks, h->error, h->layout.length);
    if (h->moving)
        lac_hybrid_add_molecules_lacking(h, lacks);
    const lac_account_source error = {h->scene.model, h->scene.grid, &h->layout, lacks};
    lac_account_set(h->account, &error);
}

lac_status lac_hybrid_estimate(lac_hybrid *h, lac_reason *reason)
{
    lac_status status = LAC_OK;
    bool any;
    LAC_TRY(find_lacking(h, &any));
    for (size_t i = 0; !any && i < h->layout.length; i++)
        any = h->error[i] != 0;
    if (!any)
        return LAC_OK;
    LAC_TRY(carry_on(h));
    lac_add_scaled(h->error, 1, h->lacking, h->layout.length);
    lac_hybrid_tell_bias(h);
out:
    if (status == LAC_NUMERICS) { /* no inverse, or not found: a shorter step may have one */
        *reason = LAC_UNSOLVED;
        status = LAC_OK;
    }
    return status;
}
