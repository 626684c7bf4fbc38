/* What a site feels in the course of a step, piece by piece.
 *
 * With counts frozen a level runs along the parabola through the ends of the step with the step's
 * mean. What others' events add has the parabola from 0 with their mean and their end. What the
 * site's own events add begins with each of them: the site answers to a load as one mode that
 * decays at rate z, A (1 - exp(-z s)) / z after a time s, with A and z from two resolvents of a
 * unit of it, A / (1 + z g). Where these are not those of a mode (a level that follows another), a
 * straight line through both.
 *
 * Limits: one load stands for all of a site's events, so a site whose events load different
 * variables feels them in their mean proportion. Tests: test_hybrid_path.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <string.h>

/* --- levels without own events -------------------------------------------------------------------
 */

/* Mean over [a, b], parts of the step, of the parabola with these values at 0 and 1 and this mean;
 * it stays between them. */
static double parabola(const double value[2], double mean, double a, double b)
{
    const double bend = 6 * mean - 3 * (value[0] + value[1]);
    const double first = (a + b) / 2, second = (a * a + a * b + b * b) / 3;
    const double least = fmin(fmin(value[0], value[1]), mean);
    const double most = fmax(fmax(value[0], value[1]), mean);
    return fmin(fmax(value[0] + (value[1] - value[0]) * first + bend * (first - second), least),
                most);
}

static size_t response_at(const lac_hybrid *h, size_t visit, size_t k)
{
    return (visit * LAC_OWN_NODES + k) * h->scene.model->variables;
}

/* How many units of a site's load this is, by the sum over variables weighted with their
 * tolerances. */
static double units_of(const lac_hybrid *h, size_t visit, const double *load)
{
    const double *unit = h->own.unit + visit * h->scene.model->variables;
    double both = 0, square = 0;
    for (size_t v = 0; v < h->scene.model->variables; v++) {
        const double weight = 1 / h->scene.model->variable[v].atol;
        both += weight * load[v] * weight * unit[v];
        square += weight * unit[v] * weight * unit[v];
    }
    return square > 0 ? both / square : 0;
}

/* A mode A / (1 + z g) by its resolvents at two nodes; none where they are not those of one. */
typedef struct lac_mode {
    double first, slope; /* 1 / A, z / A */
} lac_mode;

static bool mode_of(const double node[2], const double response[2], lac_mode *mode)
{
    if (response[0] == 0 || response[1] == 0)
        return false;
    mode->slope = (1 / response[0] - 1 / response[1]) / (node[0] - node[1]);
    mode->first = 1 / response[1] - mode->slope * node[1];
    return mode->slope * mode->first > 0;
}

/* At another node. */
static double resolvent(const double node[2], const double response[2], double at)
{
    lac_mode mode;
    if (mode_of(node, response, &mode))
        return 1 / (mode.first + mode.slope * at);
    return response[1] + (response[0] - response[1]) * (at - node[1]) / (node[0] - node[1]);
}

/* mean := what the site's own events of the first pass are in `mean`. */
static void own_in_mean(lac_hybrid *h, size_t visit, double *mean)
{
    const size_t variables = h->scene.model->variables;
    const lac_visit *it = &h->pass[0].visit[visit];
    const double node[2] = {lac_hybrid_node(h, lac_hybrid_own_node(0)),
                            lac_hybrid_node(h, lac_hybrid_own_node(1))};
    memset(mean, 0, variables * sizeof *mean);
    for (size_t j = 0; j < LAC_RESPONSE_NODES; j++) {
        memset(h->hold, 0, variables * sizeof *h->hold);
        for (size_t jump = it->first; jump < it->first + it->jumps; jump++)
            lac_hybrid_load_of(h, &h->pass[0].jump[jump], h->pass[0].drate + jump * h->sources, j,
                               h->hold);
        const double units = units_of(h, visit, h->hold) * lac_hybrid_node(h, j) / h->attempt->step;
        for (size_t v = 0; v < variables && units != 0; v++) {
            const double *response = h->own.response + v;
            mean[v] += units * resolvent(node,
                                         (double[]){response[response_at(h, visit, 0)],
                                                    response[response_at(h, visit, 1)]},
                                         lac_hybrid_node(h, j));
        }
    }
}

/* In the mean over events it grows like the time since the start of the step. */
void lac_hybrid_add_others(lac_hybrid *h, size_t site, size_t visit)
{
    const size_t variables = h->scene.model->variables;
    double *own = h->own_mean;
    if (visit != LAC_NONE)
        own_in_mean(h, visit, own);
    for (size_t v = 0; v < variables; v++) {
        if (!h->own_variable[v] || !lac_hybrid_sees(h, site, v))
            continue;
        const bool is_own = visit != LAC_NONE && lac_hybrid_is_at(h, v, site);
        const double mean = h->mean[lac_hybrid_at(h, v, site)] - (is_own ? own[v] : 0);
        for (size_t p = 0; p < LAC_PIECES; p++)
            h->course[p * variables + v] += mean * (double)(2 * p + 1) / LAC_PIECES;
    }
}

void lac_hybrid_set_course(lac_hybrid *h)
{
    const size_t variables = h->scene.model->variables;
    for (size_t v = 0; v < variables; v++) {
        const double value[2] = {h->start[v], h->last[v]};
        for (size_t p = 0; p < LAC_PIECES; p++)
            h->course[p * variables + v] =
                parabola(value, h->level[v], (double)p / LAC_PIECES, (double)(p + 1) / LAC_PIECES);
    }
}

/* --- own events ----------------------------------------------------------------------------------
 */

size_t lac_hybrid_own_node(size_t k)
{
    return k == 0 ? 0 : 2;
}

/* To a rate that has been one unit since a time ago: what it is, and its integral until then. */
typedef struct lac_answer {
    double value, integral;
} lac_answer;

static lac_answer answer_of(const double node[2], const double response[2], double time)
{
    lac_mode mode;
    if (!mode_of(node, response, &mode))
        return (lac_answer){response[0] * time, response[0] * time * time / 2};
    const double value = -expm1(-mode.slope / mode.first * time) / mode.slope;
    return (lac_answer){value, (time / mode.first - value) * mode.first / mode.slope};
}

/* Of one event: what it loads as a rate and by what it has added itself. */
typedef struct lac_units {
    double of_rate, of_value;
} lac_units;

static double units_of_jump(lac_hybrid *h, const lac_pass *pass, size_t jump, size_t visit,
                            bool of_rate)
{
    lac_event_jump one = pass->jump[jump];
    one.rate_share[0] = of_rate;
    one.value_share[0] = !of_rate;
    memset(h->hold, 0, h->scene.model->variables * sizeof *h->hold);
    lac_hybrid_load_of(h, &one, pass->drate + jump * h->sources, 0, h->hold);
    return units_of(h, visit, h->hold);
}

/* shifted += the mean of the answer between two times since the event. */
static void add_answer(lac_hybrid *h, size_t visit, lac_units units, double from, double to)
{
    const double node[2] = {lac_hybrid_node(h, lac_hybrid_own_node(0)),
                            lac_hybrid_node(h, lac_hybrid_own_node(1))};
    for (size_t v = 0; v < h->scene.model->variables; v++) {
        const double response[2] = {h->own.response[response_at(h, visit, 0) + v],
                                    h->own.response[response_at(h, visit, 1) + v]};
        const lac_answer a = answer_of(node, response, from), b = answer_of(node, response, to);
        h->shifted[v] +=
            (units.of_rate * (b.integral - a.integral) + units.of_value * (b.value - a.value)) /
            (to - from);
    }
}

void lac_hybrid_add_own(lac_hybrid *h, const lac_pass *pass, const lac_progress *progress)
{
    for (size_t jump = progress->begun; jump < pass->jumps && progress->to > progress->from;
         jump++) {
        const double at = h->attempt->step - pass->jump[jump].left;
        const lac_units units = {units_of_jump(h, pass, jump, progress->visit, true),
                                 units_of_jump(h, pass, jump, progress->visit, false)};
        if (units.of_rate != 0 || units.of_value != 0)
            add_answer(h, progress->visit, units, fmax(progress->from - at, 0), progress->to - at);
    }
}
