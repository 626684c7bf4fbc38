/* The events of a step, site by site: each switch fires when what has been integrated of its
 * propensity reaches its threshold.
 *
 * Until the first event of a site the integrals are those of the step with counts frozen, plus what
 * others' events add. After it propensities are those of the new counts at the step's mean levels,
 * scaled by what the integral was to the propensity at those levels, plus the site's own response.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* An integral may be below zero by this many events: the error of the method. */
static const double BELOW = 0.01;

/* Scaling outside of these limits says that the mean level is no guide. */
static const double GAIN_LEAST = 0.2, GAIN_MOST = 5;

/* --- which sites have events ---------------------------------------------------------------------
 */

static double integral_of(const lac_hybrid *h, int pass, const lac_discrete_process *it,
                          size_t site)
{
    const size_t place = it->first + site - it->begin;
    return fmax(h->integral[place] + (pass > 0 ? h->used[place] : 0), 0);
}

static bool may_fire(const lac_hybrid *h, int pass, size_t site)
{
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        if (lac_hybrid_happens_at(it, site) &&
            integral_of(h, pass, it, site) >= h->left[it->first + site - it->begin])
            return true;
    }
    return false;
}

/* The visit of the first pass to this site, or LAC_NONE. */
static size_t visited(const lac_hybrid *h, int pass, size_t site)
{
    size_t low = 0, high = pass > 0 ? h->pass[0].visits : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (h->pass[0].visit[middle].site < site)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = pass > 0 && low < h->pass[0].visits && h->pass[0].visit[low].site == site;
    return found ? low : LAC_NONE;
}

/* --- levels --------------------------------------------------------------------------------------
 */

static size_t own_at(const lac_hybrid *h, size_t visit, size_t node)
{
    return (visit * LAC_RESPONSE_NODES + node) * h->scene.model->variables;
}

/* shifted := the mean level with what others' events add. */
static void add_others(lac_hybrid *h, size_t site, size_t visit)
{
    const size_t variables = h->scene.model->variables;
    for (size_t v = 0; v < variables; v++)
        if (h->own_variable[v] && lac_hybrid_sees(h, site, v))
            h->shifted[v] += h->mean[lac_hybrid_at(h, v, site)];
    for (size_t j = 0; visit != LAC_NONE && j < LAC_RESPONSE_NODES; j++)
        for (size_t v = 0; v < variables; v++)
            if (lac_hybrid_is_at(h, v, site))
                h->shifted[v] -= lac_hybrid_node(h, j) / h->attempt->step *
                                 h->own.response[own_at(h, visit, j) + v];
}

/* How much of what the site put on a node in the first pass this jump is. */
static double share_of(const lac_hybrid *h, const double *jump, const double *whole)
{
    static const double MOST = 4;
    double both = 0, square = 0;
    for (size_t v = 0; v < h->scene.model->variables; v++) {
        double weight = 1 / h->scene.model->variable[v].atol;
        both += weight * jump[v] * weight * whole[v];
        square += weight * whole[v] * weight * whole[v];
    }
    return square > 0 ? fmin(fmax(both / square, -MOST), MOST) : 0;
}

/* shifted += the mean of the site's response to its latest event over the time left. */
static void add_own(lac_hybrid *h, const lac_pass *pass, size_t visit)
{
    const size_t variables = h->scene.model->variables, latest = pass->jumps - 1;
    const double left = pass->jump[latest].left;
    double *load = h->hold;
    lac_event_jump jump = pass->jump[latest];
    lac_hybrid_set_shares(h, 0, &jump); /* the responses are those of the first pass */
    for (size_t j = 0; left > 0 && j < LAC_RESPONSE_NODES; j++) {
        const double *whole = h->own.load + own_at(h, visit, j);
        memset(load, 0, variables * sizeof *load);
        lac_hybrid_load_of(h, &jump, pass->drate + latest * h->sources, j, load);
        double share = share_of(h, load, whole) * lac_hybrid_node(h, j) / left;
        for (size_t v = 0; v < variables && share != 0; v++)
            h->shifted[v] += share * h->own.response[own_at(h, visit, j) + v];
    }
}

/* --- propensities --------------------------------------------------------------------------------
 */

/* hazard := propensities before the first event; gain as above. */
static lac_status begin_site(lac_hybrid *h, int pass, size_t site, size_t visit)
{
    lac_status status = LAC_OK;
    const double step = h->attempt->step;
    lac_hybrid_show_numbers(h, site, h->level);
    lac_hybrid_show_numbers(h, site, h->last);
    memcpy(h->shifted, h->level, h->scene.model->variables * sizeof *h->level);
    if (pass > 0)
        add_others(h, site, visit);
    for (size_t k = 0; k < h->switches; k++) {
        double frozen, moved;
        h->hazard[k] = 0;
        h->gain[k] = 1;
        if (!lac_hybrid_happens_at(&h->process[k], site))
            continue;
        LAC_TRY(lac_hybrid_propensity(h, k, site, h->level, &frozen));
        if (frozen > 0)
            h->gain[k] =
                fmin(fmax(integral_of(h, 0, &h->process[k], site) / step / frozen, GAIN_LEAST),
                     GAIN_MOST);
        h->hazard[k] = frozen > 0 ? integral_of(h, pass, &h->process[k], site) / step : 0;
        if (visit == LAC_NONE || frozen == 0)
            continue;
        LAC_TRY(lac_hybrid_propensity(h, k, site, h->shifted, &moved));
        h->hazard[k] = integral_of(h, 0, &h->process[k], site) / step * moved / frozen;
    }
out:
    return status;
}

static lac_status new_hazards(lac_hybrid *h, size_t site)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < h->switches; k++) {
        LAC_TRY(lac_hybrid_propensity(h, k, site, h->shifted, &h->hazard[k]));
        h->hazard[k] *= h->gain[k];
    }
out:
    return status;
}

/* --- one site ------------------------------------------------------------------------------------
 */

static lac_status make_room(lac_hybrid *h, lac_pass *pass)
{
    lac_status status = LAC_OK;
    LAC_GROW(pass->jump, pass->jumps, pass->jump_room);
    if (pass->drate_room < pass->jump_room) {
        double *more = lac_regrow(pass->drate, pass->drate_room * h->sources,
                                  pass->jump_room * h->sources, sizeof *more);
        if (!more)
            return LAC_MEMORY;
        pass->drate = more;
        pass->drate_room = pass->jump_room;
    }
out:
    return status;
}

static bool looks_at_changed(const lac_driven *source, const lac_discrete_process *it)
{
    for (size_t k = 0; k < it->counts; k++)
        if (source->law.uses[it->count[k].variable])
            return true;
    return false;
}

/* The event happens: counts, and by how much it changes the rates of sources. */
static lac_status fire(lac_hybrid *h, lac_pass *pass, size_t site, size_t which, double left)
{
    lac_status status = LAC_OK;
    const lac_discrete_process *it = &h->process[which];
    LAC_TRY(make_room(h, pass));
    double *drate = pass->drate + pass->jumps * h->sources;
    pass->jump[pass->jumps] = (lac_event_jump){.site = site, .which = which, .left = left};
    lac_hybrid_set_shares(h, pass == &h->pass[1], &pass->jump[pass->jumps++]);
    for (size_t s = 0; s < h->sources; s++)
        h->now[s] = looks_at_changed(&h->source[s], it) ? lac_hybrid_source_rate(h, s, site) : 0;
    for (size_t k = 0; k < it->counts; k++)
        h->number[h->place[it->count[k].variable]] += it->count[k].amount;
    lac_hybrid_show_numbers(h, site, h->last);
    lac_hybrid_show_numbers(h, site, h->shifted);
    for (size_t s = 0; s < h->sources; s++)
        drate[s] = looks_at_changed(&h->source[s], it)
                       ? lac_hybrid_source_rate(h, s, site) - h->now[s]
                       : 0;
out:
    return status;
}

/* The switch that fires first and when, in the time left; LAC_NONE. */
static size_t first_to_fire(const lac_hybrid *h, const double *threshold, double *left)
{
    size_t first = LAC_NONE;
    double wait = *left;
    for (size_t k = 0; k < h->switches; k++)
        if (h->hazard[k] > 0 && threshold[k] <= h->hazard[k] * wait) {
            wait = threshold[k] / h->hazard[k];
            first = k;
        }
    *left -= wait;
    return first;
}

static lac_status sample_site(lac_hybrid *h, int which_pass, size_t site, double *threshold)
{
    lac_status status = LAC_OK;
    lac_pass *pass = &h->pass[which_pass];
    const size_t begun = pass->jumps, visit = visited(h, which_pass, site);
    double left = h->attempt->step;
    lac_hybrid_enter(h, site);
    LAC_TRY(begin_site(h, which_pass, site, visit));
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        threshold[k] = lac_hybrid_happens_at(it, site) ? h->left[it->first + site - it->begin] : 0;
    }
    while (left > 0 && pass->jumps < LAC_JUMPS_MOST) {
        double before = left;
        size_t which = first_to_fire(h, threshold, &left);
        for (size_t k = 0; k < h->switches; k++)
            threshold[k] -= h->hazard[k] * (before - left);
        if (which == LAC_NONE)
            break;
        const lac_discrete_process *it = &h->process[which];
        double fired = h->fired[it->first + site - it->begin] + 1;
        for (size_t j = begun; j < pass->jumps; j++)
            fired += pass->jump[j].which == which;
        LAC_TRY(fire(h, pass, site, which, left));
        threshold[which] = lac_hybrid_threshold(h, which, site, fired);
        if (visit != LAC_NONE)
            add_own(h, pass, visit);
        LAC_TRY(new_hazards(h, site));
    }
out:
    return status;
}

/* --- all sites -----------------------------------------------------------------------------------
 */

static lac_status keep_visit(lac_hybrid *h, lac_pass *pass, size_t site, size_t begun,
                             const double *threshold)
{
    lac_status status = LAC_OK;
    LAC_GROW(pass->visit, pass->visits, pass->visit_room);
    if (pass->number_room < pass->visit_room) {
        double *number = lac_regrow(pass->number, pass->number_room * h->discrete,
                                    pass->visit_room * h->discrete, sizeof *number);
        pass->number = number ? number : pass->number;
        double *left = lac_regrow(pass->left, pass->number_room * h->switches,
                                  pass->visit_room * h->switches, sizeof *left);
        pass->left = left ? left : pass->left;
        if (!number || !left)
            return LAC_MEMORY;
        pass->number_room = pass->visit_room;
    }
    memcpy(pass->number + pass->visits * h->discrete, h->number, h->discrete * sizeof(double));
    memcpy(pass->left + pass->visits * h->switches, threshold, h->switches * sizeof(double));
    pass->visit[pass->visits++] = (lac_visit){site, begun, pass->jumps - begun};
out:
    return status;
}

static lac_status refuse_negative(const lac_hybrid *h, const lac_discrete_process *it, size_t site)
{
    char value[64];
    snprintf(value, sizeof value, "negative (%.3g events in a step)",
             h->integral[it->first + site]);
    return lac_hybrid_refuse_rate(h, it->process, it->begin + site, value);
}

lac_status lac_hybrid_sample(lac_hybrid *h, int which)
{
    lac_status status = LAC_OK;
    lac_pass *pass = &h->pass[which];
    double *threshold = NULL;
    LAC_NEW(threshold, h->switches);
    pass->jumps = pass->visits = 0;
    lac_hybrid_look(h);
    for (size_t k = 0; which == 0 && k < h->switches; k++)
        for (size_t site = 0; site < h->process[k].sites; site++)
            if (h->integral[h->process[k].first + site] < -BELOW) {
                status = refuse_negative(h, &h->process[k], site);
                goto out;
            }
    for (size_t site = 0; site <= lac_hybrid_site_of_pools(h); site++) {
        if (!may_fire(h, which, site) && visited(h, which, site) == LAC_NONE)
            continue;
        const size_t begun = pass->jumps;
        LAC_TRY(sample_site(h, which, site, threshold));
        LAC_TRY(keep_visit(h, pass, site, begun, threshold));
    }
out:
    lac_free(threshold);
    return status;
}
