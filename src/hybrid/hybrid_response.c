/* What the events of a pass do to the continuous part by the end of the step, and what all sites
 * feel of it: one resolvent for each node that has something to do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* The first pass is for what propensities look at: its solves may be as much coarser. */
static const double COARSE = 20;

/* --- loads ---------------------------------------------------------------------------------------
 */

void lac_hybrid_load_of(const lac_hybrid *h, const lac_event_jump *jump, const double *drate,
                        size_t j, double *load)
{
    const lac_model *model = h->scene.model;
    const lac_discrete_process *which = &h->process[jump->which];
    const double rate_share = jump->rate_share[j], value_share = jump->value_share[j];
    for (size_t s = 0; s < h->sources && rate_share != 0; s++) {
        const lac_process *process = &model->process[h->source[s].process];
        for (size_t k = 0; drate[s] != 0 && k < process->changes; k++)
            load[process->change[k].variable] += rate_share * drate[s] * process->change[k].factor;
    }
    for (size_t k = 0; k < which->values; k++)
        load[which->value[k].variable] +=
            value_share * which->value[k].amount / h->size[jump->site];
}

static void load_of(const lac_hybrid *h, const lac_pass *pass, size_t jump, size_t j, double *load)
{
    lac_hybrid_load_of(h, &pass->jump[jump], pass->drate + jump * h->sources, j, load);
}

/* The extents that the changed rates add over the time left. */
static void book_jumps(lac_hybrid *h, const lac_pass *pass)
{
    const lac_model *model = h->scene.model;
    for (size_t j = 0; j < pass->jumps; j++)
        for (size_t s = 0; s < h->sources; s++) {
            const size_t process = h->source[s].process;
            double weight = h->size[pass->jump[j].site];
            if (model->process[process].in_tissue)
                weight *= h->source[s].grid->weight;
            h->ledger[process] += pass->jump[j].left * pass->drate[j * h->sources + s] * weight;
        }
}

double lac_hybrid_sign(const lac_hybrid *h, size_t site)
{
    uint32_t word[LAC_PHILOX_WORDS], time[2];
    const double now = h->attempt->time;
    memcpy(time, &now, sizeof now);
    lac_random_key key = {{h->key.word[0] ^ time[0], h->key.word[1] ^ time[1]}};
    lac_philox_blocks(key, (uint64_t)LAC_FOR_SIGNS << 56 | site, 0, 1, word);
    return word[0] & 1 ? 1 : -1;
}

/* load := what node j gets from all sites; is there any? */
static bool gather(lac_hybrid *h, const lac_pass *pass, size_t j)
{
    const size_t variables = h->scene.model->variables;
    bool any = false;
    memset(h->load, 0, h->layout.length * sizeof *h->load);
    for (size_t v = 0; v < pass->visits; v++) {
        const lac_visit *visit = &pass->visit[v];
        memset(h->hold, 0, variables * sizeof *h->hold);
        for (size_t jump = visit->first; jump < visit->first + visit->jumps; jump++)
            load_of(h, pass, jump, j, h->hold);
        for (size_t variable = 0; variable < variables; variable++) {
            any = any || h->hold[variable] != 0;
            if (h->hold[variable] != 0)
                h->load[lac_hybrid_at(h, variable, visit->site)] += h->hold[variable];
        }
    }
    return any;
}

/* load := a unit of every site, each with its sign; is there any? */
static bool gather_units(lac_hybrid *h, const lac_pass *pass)
{
    const size_t variables = h->scene.model->variables;
    bool any = false;
    memset(h->load, 0, h->layout.length * sizeof *h->load);
    for (size_t v = 0; v < pass->visits; v++) {
        const size_t site = pass->visit[v].site;
        for (size_t variable = 0; variable < variables; variable++) {
            const double unit = h->own.unit[v * variables + variable];
            any = any || unit != 0;
            if (unit != 0)
                h->load[lac_hybrid_at(h, variable, site)] += lac_hybrid_sign(h, site) * unit;
        }
    }
    return any;
}

/* --- solves --------------------------------------------------------------------------------------
 */

/* The Jacobian where the step ends, with the counts that the pass has found. */
static lac_status linearise(lac_hybrid *h, const lac_pass *pass)
{
    const lac_attempt *attempt = h->attempt;
    memcpy(h->at_end, lac_rosenbrock_value(lac_mean_field_rosenbrock(h->engine)),
           h->layout.length * sizeof *h->at_end);
    for (size_t v = 0; v < pass->visits; v++)
        for (size_t d = 0; d < h->discrete; d++)
            if (lac_hybrid_is_at(h, h->variable[d], pass->visit[v].site))
                h->at_end[lac_hybrid_at(h, h->variable[d], pass->visit[v].site)] =
                    pass->number[v * h->discrete + d] *
                    lac_hybrid_per_count(h, d, pass->visit[v].site);
    return h->system->linearise(h->system->self,
                                fmin(attempt->time + attempt->step, attempt->latest), h->at_end);
}

static lac_status solve(lac_hybrid *h, int pass, double r, bool *converged)
{
    const double tolerance = h->attempt->tolerance * (pass > 0 ? 1 : COARSE);
    const lac_krylov_problem problem = {r, h->attempt->weight, tolerance};
    return lac_krylov_solve(lac_rosenbrock_krylov(lac_mean_field_rosenbrock(h->engine)), &problem,
                            h->load, h->rate, converged);
}

/* used += what sites feel of others' events by a solved node. */
static void feel_node(lac_hybrid *h, double r)
{
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        const double *rate = lac_hybrid_rate_of(h, it, h->rate);
        for (size_t i = 0; i < it->sites; i++)
            h->used[it->first + i] +=
                r * lac_hybrid_per_rate(h, it, it->begin + i) * rate[i] * h->share[it->first + i];
    }
}

/* What a solved node adds: to values, means and the ledger. */
static void add_node(lac_hybrid *h, double r)
{
    const lac_model *model = h->scene.model;
    for (size_t i = 0; i < h->layout.length; i++)
        h->added[i] += h->load[i];
    lac_add_scaled(h->mean, r / h->attempt->step, h->load, h->layout.length);
    for (size_t p = 0; p < model->processes; p++)
        if (h->own_process[p])
            h->ledger[p] += r * h->rate[p];
    for (size_t b = 0; b < model->boundaries; b++)
        h->ledger[model->processes + b] += r * h->rate[model->processes + b];
}

/* --- a site's own part ---------------------------------------------------------------------------
 */

static lac_status room_for_own(lac_hybrid *h, size_t visits)
{
    const size_t needed = visits * h->scene.model->variables;
    if (needed > h->own.room) {
        double *unit = lac_regrow(h->own.unit, 0, needed, sizeof *unit);
        h->own.unit = unit ? unit : h->own.unit;
        double *response = lac_regrow(h->own.response, 0, needed * LAC_OWN_NODES, sizeof *response);
        h->own.response = response ? response : h->own.response;
        if (!unit || !response)
            return LAC_MEMORY;
        h->own.room = needed;
    }
    memset(h->own.unit, 0, needed * sizeof(double));
    memset(h->own.response, 0, needed * LAC_OWN_NODES * sizeof(double));
    return LAC_OK;
}

/* A unit of a site is what its first event that loads anything loads in half a step. */
static void set_units(lac_hybrid *h, const lac_pass *pass)
{
    const size_t variables = h->scene.model->variables;
    for (size_t v = 0; v < pass->visits; v++) {
        const lac_visit *visit = &pass->visit[v];
        double *unit = h->own.unit + v * variables;
        bool any = false;
        for (size_t j = visit->first; j < visit->first + visit->jumps && !any; j++) {
            lac_event_jump jump = pass->jump[j];
            jump.rate_share[0] = lac_hybrid_node(h, 0);
            jump.value_share[0] = 1;
            lac_hybrid_load_of(h, &jump, pass->drate + j * h->sources, 0, unit);
            for (size_t variable = 0; variable < variables; variable++)
                any = any || unit[variable] != 0;
        }
    }
}

/* Keeps each site's response to its own unit, from the solve that `load` holds. */
static void keep_own(lac_hybrid *h, const lac_pass *pass, size_t k)
{
    const size_t variables = h->scene.model->variables;
    for (size_t v = 0; v < pass->visits; v++) {
        const size_t site = pass->visit[v].site, at = (v * LAC_OWN_NODES + k) * variables;
        for (size_t variable = 0; variable < variables; variable++)
            if (lac_hybrid_is_at(h, variable, site))
                h->own.response[at + variable] =
                    lac_hybrid_sign(h, site) * h->load[lac_hybrid_at(h, variable, site)];
    }
}

/* --- all of it -----------------------------------------------------------------------------------
 */

static lac_status respond_to_own(lac_hybrid *h, size_t j, bool *converged)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < LAC_OWN_NODES; k++) {
        if (lac_hybrid_own_node(k) != j || !gather_units(h, &h->pass[0]))
            continue;
        LAC_TRY(solve(h, 0, lac_hybrid_node(h, j), converged));
        if (*converged)
            keep_own(h, &h->pass[0], k);
    }
out:
    return status;
}

static bool is_own(size_t j)
{
    return j == lac_hybrid_own_node(0) || j == lac_hybrid_own_node(1);
}

static lac_status respond_at(lac_hybrid *h, int which, size_t j, lac_reason *reason)
{
    lac_status status = LAC_OK;
    const double r = lac_hybrid_node(h, j);
    const bool own = which == 0 && is_own(j), loaded = gather(h, &h->pass[which], j);
    bool converged = true;
    if (!loaded && !own)
        return LAC_OK;
    LAC_TRY(h->system->factor(h->system->self, r));
    if (loaded)
        LAC_TRY(solve(h, which, r, &converged));
    if (converged && loaded)
        add_node(h, r);
    if (converged && loaded && which == 0)
        feel_node(h, r);
    if (converged && own)
        LAC_TRY(respond_to_own(h, j, &converged));
    if (!converged)
        *reason = LAC_UNSOLVED;
out:
    if (status == LAC_NUMERICS) { /* no inverse: a shorter step may have one */
        *reason = LAC_UNSOLVED;
        status = LAC_OK;
    }
    return status;
}

lac_status lac_hybrid_respond(lac_hybrid *h, int which, lac_reason *reason)
{
    lac_status status = LAC_OK;
    const lac_pass *pass = &h->pass[which];
    memset(h->added, 0, h->layout.length * sizeof *h->added);
    memset(h->mean, 0, h->layout.length * sizeof *h->mean);
    memset(h->ledger, 0,
           (h->scene.model->processes + h->scene.model->boundaries) * sizeof *h->ledger);
    if (which == 0) {
        LAC_TRY(room_for_own(h, pass->visits));
        set_units(h, pass);
    }
    LAC_TRY(linearise(h, pass));
    book_jumps(h, pass);
    for (size_t j = 0; j < LAC_RESPONSE_NODES && *reason == LAC_ACCEPTED; j++)
        LAC_TRY(respond_at(h, which, j, reason));
out:
    return status;
}
