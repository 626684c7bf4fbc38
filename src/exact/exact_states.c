/* States between events: which there are, their integration at a site, and their bounds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { STAGES = 4 };

/* Bounds are this much wider than what a state moves at its present rate; a window is no longer
 * than it takes the fastest to move by this part of itself, or by so many of its tolerances. */
static const double MARGIN = 2, PART = 0.25, TOLERANCES = 1000;

typedef struct state_law {
    size_t process;
    const lac_exact_ground *ground; /* NULL: among the pools */
    size_t region;
    lac_stack_program law;
    double integral; /* since the ledger was written, of the joint */
} state_law;

struct lac_states {
    size_t laws;
    state_law *law;            /* owned */
    bool *seen;                /* owned [variables]: by a state's law */
    bool *is_state;            /* owned [variables] */
    double *time;              /* owned [sites] [s]: to which the states of the site are advanced */
    double *step;              /* owned [sites] [s]: the next step there */
    size_t sites;              /* that of the pools included */
    double *y, *trial, *error; /* owned scratch [variables] */
    double *derivative[STAGES]; /* owned scratch [variables] */
    double *rate[STAGES];       /* owned scratch [laws] */
    double *input, *input_rate; /* owned scratch [inputs] */
};

/* --- which there are */

static lac_status read_law(lac_exact *e, lac_states *s, size_t index)
{
    lac_status status = LAC_OK;
    const lac_process *process = &e->scene.model->process[index];
    state_law *law = &s->law[s->laws];
    if (process->changes == 0 || !s->is_state[process->change[0].variable])
        return LAC_OK;
    for (size_t k = 0; k < process->changes; k++)
        LAC_REQUIRE(s->is_state[process->change[k].variable], LAC_INPUT,
                    "%s changes %s, a state, and also molecules or cells, which an event cannot do",
                    process->id, e->scene.model->variable[process->change[0].variable].name);
    const size_t tissue = process->in_tissue ? lac_process_tissue(e->scene.model, index) : 0;
    *law = (state_law){.process = index,
                       .ground = process->in_tissue ? &e->ground[tissue] : NULL,
                       .region = process->in_tissue ? process->region : LAC_NONE};
    s->laws++;
    LAC_TRY(lac_stack_program_compile(e->scene.model, process->rate, tissue, &law->law));
    for (size_t v = 0; v < e->scene.model->variables; v++)
        s->seen[v] = s->seen[v] || law->law.uses[v];
out:
    return status;
}

static lac_status make_scratch(lac_exact *e, lac_states *s)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    LAC_NEW(s->time, s->sites);
    LAC_NEW(s->step, s->sites);
    LAC_NEW(s->y, model->variables);
    LAC_NEW(s->trial, model->variables);
    LAC_NEW(s->error, model->variables);
    LAC_NEW(s->input, model->inputs);
    LAC_NEW(s->input_rate, model->inputs);
    for (int stage = 0; stage < STAGES; stage++) {
        LAC_NEW(s->derivative[stage], model->variables);
        LAC_NEW(s->rate[stage], s->laws);
    }
out:
    return status;
}

lac_status lac_exact_states_create(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    lac_states *s = NULL;
    bool any = false;
    LAC_NEW(s, 1);
    s->sites = e->sites + 1;
    LAC_NEW(s->is_state, model->variables);
    LAC_NEW(s->seen, model->variables);
    LAC_NEW(s->law, model->processes);
    for (size_t v = 0; v < model->variables; v++) {
        s->is_state[v] = lac_exact_is_state(e, v);
        any = any || s->is_state[v];
    }
    for (size_t p = 0; p < model->processes; p++)
        LAC_TRY(read_law(e, s, p));
    LAC_TRY(make_scratch(e, s));
    if (any) {
        e->states = s;
        s = NULL;
    }
out:
    lac_exact_states_free(s);
    return status;
}

void lac_exact_states_free(lac_states *states)
{
    if (!states)
        return;
    for (size_t k = 0; k < states->laws; k++)
        lac_stack_program_free(&states->law[k].law);
    for (int stage = 0; stage < STAGES; stage++) {
        lac_free(states->derivative[stage]);
        lac_free(states->rate[stage]);
    }
    void *const piece[] = {states->law,   states->seen,      states->is_state, states->time,
                           states->step,  states->y,         states->trial,    states->error,
                           states->input, states->input_rate};
    for (size_t k = 0; k < sizeof piece / sizeof *piece; k++)
        lac_free(piece[k]);
    lac_free(states);
}

bool lac_exact_states_see(const lac_exact *e, size_t variable)
{
    return e->states->seen[variable];
}

void lac_exact_states_fold(lac_exact *e)
{
    for (size_t k = 0; k < e->states->laws; k++)
        lac_stack_program_fold(&e->states->law[k].law, &e->context);
}

/* --- integration */

/* Where a site's state stands in the state vector; LAC_NONE: it is not of this site. */
static size_t place_of(const lac_exact *e, size_t variable, size_t site)
{
    const size_t at = lac_layout_at(&e->layout, variable);
    if (!e->states->is_state[variable])
        return LAC_NONE;
    if (variable >= e->layout.fields)
        return site == e->sites ? at : LAC_NONE;
    const lac_exact_ground *ground = e->motion[variable].ground;
    return lac_exact_is_in(ground, site) ? at + site - ground->first_site : LAC_NONE;
}

/* The ground of a site; of the pools the first. */
static const lac_exact_ground *ground_of(const lac_exact *e, size_t site)
{
    size_t g = e->grounds - 1;
    while (g > 0 && !lac_exact_is_in(&e->ground[g], site))
        g--;
    return &e->ground[g];
}

static bool law_holds(const state_law *law, const lac_exact *e, size_t site)
{
    if (!law->ground || !lac_exact_is_in(law->ground, site))
        return !law->ground && site == e->sites;
    const lac_grid *grid = law->ground->grid;
    const size_t voxel = site - law->ground->first_site;
    return (!grid->active || grid->active[voxel] != 0) &&
           (law->region == LAC_NONE || grid->region[law->region][voxel] != 0);
}

/* derivative[stage] of the site's states where they have the values of `trial`, and the laws'
 * rates. */
static lac_status derivative_at(const lac_exact *e, size_t site, double time, int stage)
{
    lac_states *s = e->states;
    const lac_model *model = e->scene.model;
    lac_eval_context context = e->context;
    const size_t voxel = site < e->sites ? site - ground_of(e, site)->first_site : 0;
    context.trial = s->trial;
    context.time = time;
    context.input = s->input;
    for (size_t k = 0; k < model->inputs; k++)
        s->input[k] = lac_input_value(&model->input[k], time, &s->input_rate[k]);
    memset(s->derivative[stage], 0, model->variables * sizeof(double));
    for (size_t k = 0; k < s->laws; k++) {
        const lac_process *process = &model->process[s->law[k].process];
        s->rate[stage][k] = 0;
        if (!law_holds(&s->law[k], e, site))
            continue;
        double rate = lac_stack_program_value(&s->law[k].law, &context, voxel);
        if (!isfinite(rate))
            return lac_exact_refuse(e, "rate", process->id, rate, site);
        s->rate[stage][k] = rate;
        for (size_t c = 0; c < process->changes; c++)
            s->derivative[stage][process->change[c].variable] += process->change[c].factor * rate;
    }
    return LAC_OK;
}

/* The values of all states that laws at this site may see. */
static void gather(const lac_exact *e, size_t site)
{
    lac_states *s = e->states;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        const size_t at = place_of(e, v, site);
        if (s->is_state[v])
            s->y[v] = e->state[at != LAC_NONE ? at : lac_layout_at(&e->layout, v)];
    }
}

/* trial = y + h (a * derivatives). */
static void linear_combination(const lac_exact *e, size_t site, double h, const double a[STAGES])
{
    lac_states *s = e->states;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        s->trial[v] = s->y[v];
        if (place_of(e, v, site) == LAC_NONE)
            continue;
        for (int stage = 0; stage < STAGES; stage++)
            if (a[stage] != 0)
                s->trial[v] += h * a[stage] * s->derivative[stage][v];
    }
}

/* Bogacki & Shampine 1989, eq. 5: nodes, third-order weights, and third minus second order. */
static const double NODE[STAGES] = {0, 0.5, 0.75, 1};
static const double STAGE[STAGES][STAGES] = {
    {0, 0, 0, 0}, {0.5, 0, 0, 0}, {0, 0.75, 0, 0}, {2.0 / 9, 1.0 / 3, 4.0 / 9, 0}};
static const double DIFFERENCE[STAGES] = {2.0 / 9 - 7.0 / 24, 1.0 / 3 - 0.25, 4.0 / 9 - 1.0 / 3,
                                          -0.125};

static double error_of(const lac_exact *e, size_t site, double h)
{
    const lac_states *s = e->states;
    double worst = 0;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        if (place_of(e, v, site) == LAC_NONE)
            continue;
        double error = 0, scale = e->scene.model->variable[v].atol +
                                  e->scene.model->settings.rtol * fabs(s->y[v]);
        for (int stage = 0; stage < STAGES; stage++)
            error += h * DIFFERENCE[stage] * s->derivative[stage][v];
        worst = fmax(worst, fabs(error) / scale);
    }
    return worst;
}

static lac_status try_step(const lac_exact *e, size_t site, double time, double h, double *error)
{
    lac_status status = LAC_OK;
    for (int stage = 0; stage < STAGES; stage++) {
        linear_combination(e, site, h, STAGE[stage]);
        LAC_TRY(derivative_at(e, site, time + NODE[stage] * h, stage));
    }
    *error = error_of(e, site, h);
out:
    return status;
}

/* After a step that is kept: the last trial is the third-order result. */
static void keep_step(lac_exact *e, size_t site, double h)
{
    lac_states *s = e->states;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        size_t at = place_of(e, v, site);
        if (at != LAC_NONE)
            e->state[at] = s->y[v] = s->trial[v];
    }
    const lac_exact_ground *ground = ground_of(e, site);
    const double *share = ground->grid->share;
    const double part = share && site < e->sites ? share[site - ground->first_site] : 1;
    for (size_t k = 0; k < s->laws; k++)
        for (int stage = 0; stage < 3; stage++)
            s->law[k].integral += part * h * STAGE[3][stage] * s->rate[stage][k];
}

lac_status lac_exact_states_advance_to_now(lac_exact *e, size_t site)
{
    lac_status status = LAC_OK;
    lac_states *s = e->states;
    const double end = e->context.time;
    const double shortest = e->scene.model->settings.shortest_step;
    if (s->time[site] >= end)
        return LAC_OK;
    gather(e, site);
    while (s->time[site] < end) {
        double time = s->time[site], left = end - time, error;
        double h = s->step[site] > 0 ? fmin(s->step[site], left) : left;
        LAC_TRY(try_step(e, site, time, h, &error));
        double factor = fmin(5, fmax(0.2, 0.9 * pow(fmax(error, 1e-8), -1.0 / 3)));
        LAC_REQUIRE(isfinite(error) && (error <= 1 || h > shortest), LAC_NUMERICS,
                    "at t = %.9g s the states of voxel %zu would need a step below %g s", time,
                    site, shortest);
        if (error <= 1) {
            keep_step(e, site, h);
            s->time[site] = h >= left ? end : time + h;
        }
        if (error > 1 || h == s->step[site] || h * factor > s->step[site])
            s->step[site] = h * factor;
    }
out:
    return status;
}

lac_status lac_exact_states_advance_all(lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t site = 0; site < e->states->sites; site++) {
        const lac_exact_ground *ground = ground_of(e, site);
        const double *active = ground->grid->active;
        if (site == e->sites || !active || active[site - ground->first_site] != 0)
            LAC_TRY(lac_exact_states_advance_to_now(e, site));
    }
out:
    return status;
}

lac_status lac_exact_states_advance_for(lac_exact *e, const lac_reaction *reaction, size_t voxel)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_exact_states_advance_to_now(e, e->sites));
    LAC_TRY(lac_exact_states_advance_to_now(e, lac_exact_site_of(e, reaction, voxel)));
out:
    return status;
}

/* --- bounds */

static void put_bounds(lac_exact *e, size_t site, double length)
{
    const lac_states *s = e->states;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        size_t at = place_of(e, v, site);
        if (at == LAC_NONE)
            continue;
        double way = MARGIN * fabs(s->derivative[0][v]) * length + e->scene.model->variable[v].atol;
        e->state_interval[at] = (lac_interval){s->y[v] - way, s->y[v] + way};
    }
}

/* How long the states of a site, whose derivatives are known, take to move noticeably. */
static double longest_window(const lac_exact *e, size_t site, double length)
{
    const lac_states *s = e->states;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        if (place_of(e, v, site) == LAC_NONE)
            continue;
        double far = PART * fabs(s->y[v]) + TOLERANCES * e->scene.model->variable[v].atol;
        if (fabs(s->derivative[0][v]) * length > far)
            length = far / fabs(s->derivative[0][v]);
    }
    return length;
}

static bool derivatives_now(lac_exact *e, size_t site)
{
    gather(e, site);
    memcpy(e->states->trial, e->states->y, e->scene.model->variables * sizeof(double));
    return derivative_at(e, site, e->context.time, 0) == LAC_OK;
}

double lac_exact_states_bound(lac_exact *e, double length)
{
    for (int round = 0; round < 2; round++)
        for (size_t site = 0; site < e->states->sites; site++) {
            if (!derivatives_now(e, site))
                continue;
            if (round == 0)
                length = longest_window(e, site, length);
            else
                put_bounds(e, site, length);
        }
    return length;
}

bool lac_exact_states_rebound(lac_exact *e, size_t site)
{
    const lac_states *s = e->states;
    const double left = e->clock.window_end - e->context.time;
    if (!derivatives_now(e, site))
        return false;
    for (size_t v = 0; v < e->scene.model->variables; v++) {
        size_t at = place_of(e, v, site);
        if (at == LAC_NONE)
            continue;
        double then = s->y[v] + s->derivative[0][v] * left;
        if (then < e->state_interval[at].low || then > e->state_interval[at].high) {
            put_bounds(e, site, left);
            return true;
        }
    }
    return false;
}

/* --- ledger and checkpoint */

void lac_exact_states_book(lac_exact *e, lac_state *state)
{
    for (size_t k = 0; k < e->states->laws; k++) {
        state_law *law = &e->states->law[k];
        state->extent[law->process] +=
            law->integral * (law->ground ? law->ground->grid->weight : 1);
        law->integral = 0;
    }
}

void lac_exact_states_restart(lac_exact *e)
{
    for (size_t site = 0; site < e->states->sites; site++) {
        e->states->time[site] = e->context.time;
        e->states->step[site] = 0;
    }
}

void lac_exact_states_blocks(lac_exact *e, lac_block_list *list)
{
    const size_t numbers = sizeof(lac_interval) / sizeof(double);
    if (!e->states)
        return;
    lac_block_add(list, "stepper", "reached", LAC_BLOCK_DOUBLE, e->states->sites, e->states->time);
    lac_block_add(list, "stepper", "state_step", LAC_BLOCK_DOUBLE, e->states->sites,
                  e->states->step);
    lac_block_add(list, "stepper", "state_bounds", LAC_BLOCK_DOUBLE, numbers * e->layout.length,
                  e->state_interval);
}
