/* The events of a step, site by site: each switch fires when what has been integrated of its
 * propensity reaches its threshold.
 *
 * At a site with events propensities are those of its counts at the levels of one piece of the step
 * after another (hybrid_course.c), scaled so that with the counts of the start they have the
 * integrals of the step.
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

/* The nearest visit of the first pass that begins with this event: how a site without one answers
 * to itself. */
static size_t stand_in(const lac_hybrid *h, int pass, size_t site, size_t which)
{
    const lac_pass *first = &h->pass[0];
    size_t nearest = LAC_NONE, least = LAC_NONE;
    for (size_t v = 0; pass > 0 && v < first->visits; v++) {
        const size_t at = first->visit[v].site, far = at > site ? at - site : site - at;
        if (first->visit[v].jumps == 0 || first->jump[first->visit[v].first].which != which)
            continue;
        if (nearest == LAC_NONE || far < least) {
            nearest = v;
            least = far;
        }
    }
    return nearest;
}

/* --- propensities --------------------------------------------------------------------------------
 */

/* hazard := propensities at `shifted`, with the counts of now. */
static lac_status find_hazards(lac_hybrid *h, size_t site)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < h->switches; k++) {
        LAC_TRY(lac_hybrid_propensity(h, k, site, h->shifted, &h->hazard[k]));
        h->hazard[k] *= h->gain[k];
    }
out:
    return status;
}

/* gain := the integrals over what the course gives with the counts of the start. */
static lac_status find_gains(lac_hybrid *h, int pass, size_t site)
{
    lac_status status = LAC_OK;
    const size_t variables = h->scene.model->variables;
    const double piece = h->attempt->step / LAC_PIECES;
    for (size_t k = 0; k < h->switches; k++) {
        double sum = 0, one;
        h->gain[k] = 1;
        if (!lac_hybrid_happens_at(&h->process[k], site))
            continue;
        for (size_t p = 0; p < LAC_PIECES; p++) {
            LAC_TRY(lac_hybrid_propensity(h, k, site, h->course + p * variables, &one));
            sum += one * piece;
        }
        if (sum > 0)
            h->gain[k] =
                fmin(fmax(integral_of(h, pass, &h->process[k], site) / sum, GAIN_LEAST), GAIN_MOST);
    }
out:
    return status;
}

static void show_numbers(lac_hybrid *h, size_t site)
{
    for (size_t p = 0; p < LAC_PIECES; p++)
        lac_hybrid_show_numbers(h, site, h->course + p * h->scene.model->variables);
    lac_hybrid_show_numbers(h, site, h->last);
}

/* Course and gains. A site without events in the first pass has the integrals of all. */
static lac_status begin_site(lac_hybrid *h, int pass, size_t site, size_t visit)
{
    lac_status status = LAC_OK;
    lac_hybrid_set_course(h);
    show_numbers(h, site);
    if (visit != LAC_NONE)
        LAC_TRY(find_gains(h, 0, site));
    if (pass > 0)
        lac_hybrid_add_others(h, site, visit);
    if (visit == LAC_NONE)
        LAC_TRY(find_gains(h, pass, site));
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
    show_numbers(h, site);
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

/* What is used of the thresholds while nothing happens. */
static void use_up(const lac_hybrid *h, double time, double *threshold)
{
    for (size_t k = 0; k < h->switches; k++)
        threshold[k] -= h->hazard[k] * time;
}

static lac_status fire_one(lac_hybrid *h, int which_pass, lac_progress *progress, size_t which,
                           double *threshold)
{
    lac_status status = LAC_OK;
    lac_pass *pass = &h->pass[which_pass];
    const size_t site = progress->site;
    const lac_discrete_process *it = &h->process[which];
    double fired = h->fired[it->first + site - it->begin] + 1;
    for (size_t j = progress->begun; j < pass->jumps; j++)
        fired += pass->jump[j].which == which;
    LAC_TRY(fire(h, pass, site, which, h->attempt->step - progress->from));
    threshold[which] = lac_hybrid_threshold(h, which, site, fired);
    if (progress->visit == LAC_NONE)
        progress->visit = stand_in(h, which_pass, site, which);
out:
    return status;
}

static void read_thresholds(const lac_hybrid *h, size_t site, double *threshold)
{
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        threshold[k] = lac_hybrid_happens_at(it, site) ? h->left[it->first + site - it->begin] : 0;
    }
}

/* Up to the next event or the end of the piece. */
static lac_status advance(lac_hybrid *h, int which_pass, lac_progress *progress, double *threshold)
{
    lac_status status = LAC_OK;
    const size_t variables = h->scene.model->variables;
    progress->to = h->attempt->step * (double)(progress->piece + 1) / LAC_PIECES;
    memcpy(h->shifted, h->course + progress->piece * variables, variables * sizeof *h->shifted);
    if (progress->visit != LAC_NONE)
        lac_hybrid_add_own(h, &h->pass[which_pass], progress);
    LAC_TRY(find_hazards(h, progress->site));
    double left = progress->to - progress->from;
    const size_t which = first_to_fire(h, threshold, &left);
    use_up(h, progress->to - progress->from - left, threshold);
    progress->from = progress->to - left;
    if (which == LAC_NONE)
        progress->piece++;
    else
        LAC_TRY(fire_one(h, which_pass, progress, which, threshold));
out:
    return status;
}

static lac_status sample_site(lac_hybrid *h, int which_pass, size_t site, double *threshold)
{
    lac_status status = LAC_OK;
    lac_progress progress = {.site = site, .begun = h->pass[which_pass].jumps};
    progress.visit = visited(h, which_pass, site);
    lac_hybrid_enter(h, site);
    LAC_TRY(begin_site(h, which_pass, site, progress.visit));
    read_thresholds(h, site, threshold);
    while (progress.piece < LAC_PIECES && h->pass[which_pass].jumps < LAC_JUMPS_MOST)
        LAC_TRY(advance(h, which_pass, &progress, threshold));
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
