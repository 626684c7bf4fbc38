/* One site of the step: levels of what is continuous there, and propensities and rates at them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include <math.h>
#include <stdio.h>

size_t lac_hybrid_site_of_pools(const lac_hybrid *h)
{
    return h->sites;
}

const lac_grid *lac_hybrid_grid_of(const lac_hybrid *h, size_t variable)
{
    const lac_model *model = h->scene.model;
    return variable < model->fields ? lac_grid_of_field(h->scene.grid, model, variable)
                                    : h->scene.grid;
}

double lac_hybrid_per_count(const lac_hybrid *h, size_t discrete, size_t site)
{
    return h->per_count[discrete] / h->size[site];
}

double lac_hybrid_per_rate(const lac_hybrid *h, const lac_discrete_process *it, size_t site)
{
    return it->per_rate * h->size[site];
}

double lac_hybrid_patches(const lac_hybrid *h, const lac_grid *grid)
{
    return 1 / lac_tissue_scale(&h->scene.model->tissue[grid->tissue]);
}

size_t lac_hybrid_first_site(const lac_hybrid *h, size_t process, size_t *sites)
{
    const lac_model *model = h->scene.model;
    size_t first = 0;
    *sites = 1;
    if (!model->process[process].in_tissue)
        return h->sites;
    const size_t tissue = lac_process_tissue(model, process);
    for (const lac_grid *grid = h->scene.grid; grid->tissue != tissue; grid = grid->next)
        first += grid->voxels;
    *sites = lac_grid_of(h->scene.grid, tissue)->voxels;
    return first;
}

const char *lac_hybrid_site_words(const lac_hybrid *h, size_t site, char words[LAC_VOXEL_WORDS])
{
    size_t first = 0;
    for (const lac_grid *grid = h->scene.grid; grid; grid = grid->next) {
        if (site < first + grid->voxels)
            return lac_voxel_words(&h->scene.model->tissue[grid->tissue], site - first, words);
        first += grid->voxels;
    }
    return lac_voxel_words(&h->scene.model->tissue[0], LAC_NONE, words);
}

lac_status lac_hybrid_refuse_rate(const lac_hybrid *h, size_t process, size_t site,
                                  const char *value)
{
    const lac_process *it = &h->scene.model->process[process];
    char voxel[LAC_VOXEL_WORDS], place[256];
    return lac_fail(LAC_NUMERICS,
                    "at t = %.6g s: the rate of '%s' is %s%s, and events need one that is not "
                    "negative; write a reversible process as two reactions (<=>)%s",
                    h->state->time, it->id, value, lac_hybrid_site_words(h, site, voxel),
                    lac_place_words(it->place, place, sizeof place));
}

lac_status lac_hybrid_check_rate(const lac_hybrid *h, size_t process, size_t site, double rate)
{
    char value[40];
    if (isfinite(rate) && rate >= 0)
        return LAC_OK;
    snprintf(value, sizeof value, "%.6g", rate);
    return lac_hybrid_refuse_rate(h, process, site, value);
}

/* Where a variable stands as a site sees it: its own, and what is well-mixed. */
size_t lac_hybrid_at(const lac_hybrid *h, size_t variable, size_t site)
{
    return lac_layout_at(&h->layout, variable) +
           (variable < h->layout.fields ? site - h->begin[variable] : 0);
}

/* Is the variable one of the site's own? */
bool lac_hybrid_is_at(const lac_hybrid *h, size_t variable, size_t site)
{
    return site >= h->begin[variable] &&
           site - h->begin[variable] < lac_layout_size(&h->layout, variable);
}

bool lac_hybrid_sees(const lac_hybrid *h, size_t site, size_t variable)
{
    return variable >= h->layout.fields || lac_hybrid_is_at(h, variable, site);
}

bool lac_hybrid_happens_at(const lac_discrete_process *it, size_t site)
{
    return site >= it->begin && site - it->begin < it->sites;
}

bool lac_hybrid_moves(const lac_hybrid *h, size_t variable)
{
    return h->own_variable[variable] || (h->driven && h->driven[variable]);
}

const double *lac_hybrid_rate_of(const lac_hybrid *h, const lac_discrete_process *it,
                                 const double *rate)
{
    return rate + (it->in_tissue ? h->part.at + it->watch * h->layout.widest : it->process);
}

static void show_counts(lac_hybrid *h, size_t site)
{
    for (size_t d = 0; d < h->discrete; d++)
        if (lac_hybrid_is_at(h, h->variable[d], site))
            h->number[d] = h->count[h->count_at[d] + site - h->begin[h->variable[d]]];
}

/* What the law's rate is multiplied by at these numbers: 0 where there are not enough for the
 * event; n (n - 1) ... for n^m of what meets. */
static double share_of(const lac_hybrid *h, const lac_discrete_process *it)
{
    double share = 1;
    for (size_t k = 0; k < it->counts; k++)
        if (h->number[h->place[it->count[k].variable]] + it->count[k].amount < 0)
            return 0;
    for (size_t k = 0; k < it->meetings; k++) {
        const double n = h->number[h->place[it->meeting[k].variable]];
        for (int power = 1; power < it->meeting[k].power; power++)
            share *= n > power ? (n - power) / n : 0;
    }
    return share;
}

/* A negative rate is left as it is, to be refused. */
static void take_integral(lac_hybrid *h, const lac_discrete_process *it, const double *rate,
                          size_t site)
{
    const size_t i = site - it->begin, place = it->first + i;
    const double integral = lac_hybrid_rate_of(h, it, rate)[i] * lac_hybrid_per_rate(h, it, site);
    h->share[place] = share_of(h, it);
    h->integral[place] = integral > 0 ? integral * h->share[place] : integral;
}

void lac_hybrid_take_integrals(lac_hybrid *h, const double *rate)
{
    const size_t pools = lac_hybrid_site_of_pools(h);
    for (size_t site = 0; site <= pools; site++) {
        show_counts(h, site);
        for (size_t k = 0; k < h->switches; k++)
            if (lac_hybrid_happens_at(&h->process[k], site))
                take_integral(h, &h->process[k], rate, site);
    }
}

/* Inputs and time in the middle of the step, and what laws make of parameters alone. */
void lac_hybrid_look(lac_hybrid *h)
{
    const lac_model *model = h->scene.model;
    const lac_attempt *attempt = h->attempt;
    h->context.parameter = h->state->parameter;
    h->context.time = fmin(attempt->time + attempt->step / 2, attempt->latest);
    for (size_t k = 0; k < model->inputs; k++)
        h->input[k] = lac_input_value(&model->input[k], h->context.time, &h->input_rate[k]);
    for (size_t k = 0; k < h->switches; k++)
        lac_stack_program_fold(&h->process[k].law, &h->context);
    for (size_t k = 0; k < h->sources; k++)
        lac_stack_program_fold(&h->source[k].law, &h->context);
}

/* The levels of a site: means over the step, and values at its end, both with counts frozen; and
 * its counts. */
void lac_hybrid_enter(lac_hybrid *h, size_t site)
{
    const lac_model *model = h->scene.model;
    const lac_rosenbrock *rosenbrock = lac_mean_field_rosenbrock(h->engine);
    for (size_t variable = 0; variable < model->variables; variable++) {
        if (!lac_hybrid_sees(h, site, variable))
            continue;
        const size_t at = lac_hybrid_at(h, variable, site);
        if (!lac_hybrid_moves(h, variable))
            h->start[variable] = h->level[variable] = h->last[variable] = h->state->value[at];
        else {
            h->start[variable] = h->attempt->y[at];
            h->level[variable] = lac_rosenbrock_mean(rosenbrock, h->attempt, at);
            h->last[variable] = lac_rosenbrock_value(rosenbrock)[at];
        }
    }
    show_counts(h, site);
}

void lac_hybrid_show_numbers(lac_hybrid *h, size_t site, double *level)
{
    for (size_t d = 0; d < h->discrete; d++)
        if (lac_hybrid_is_at(h, h->variable[d], site))
            level[h->variable[d]] = h->number[d] * lac_hybrid_per_count(h, d, site);
}

lac_status lac_hybrid_propensity(lac_hybrid *h, size_t which, size_t site, const double *level,
                                 double *propensity)
{
    const lac_discrete_process *it = &h->process[which];
    const double share = share_of(h, it);
    *propensity = 0;
    if (!lac_hybrid_happens_at(it, site) || share == 0 ||
        (it->region != LAC_NONE && it->grid->region[it->region][site - it->begin] == 0))
        return LAC_OK;
    h->context.trial = level;
    double rate = lac_stack_program_value(&it->law, &h->context, site - it->begin);
    *propensity = rate * lac_hybrid_per_rate(h, it, site) * share;
    return lac_hybrid_check_rate(h, it->process, site, rate);
}

double lac_hybrid_source_rate(lac_hybrid *h, size_t source, size_t site)
{
    const lac_driven *it = &h->source[source];
    const lac_process *process = &h->scene.model->process[it->process];
    if (site < it->begin || site - it->begin >= it->sites)
        return 0;
    const size_t voxel = site - it->begin;
    if (process->in_tissue && process->region != LAC_NONE &&
        it->grid->region[process->region][voxel] == 0)
        return 0;
    h->context.trial = h->last;
    return lac_stack_program_value(&it->law, &h->context, voxel);
}
