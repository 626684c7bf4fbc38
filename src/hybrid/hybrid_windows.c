/* A window: molecules that diffuse, then what is continuous, over the same time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_molecules.h"

#include "base/vector.h"

#include <math.h>
#include <string.h>

/* The first window, in times between events of the fastest molecule; by how much followed variables
 * may change in one, beside accuracy; growth from one to the next. */
static const double FIRST = 0.1, CHANGE = 0.3, GROWTH = 2, SHRINK = 0.2, SAFETY = 0.9;

/* What a well's own events may change of it in a window, beside accuracy. */
static const double OWN = 0.1;

/* --- what molecules look at ----------------------------------------------------------------------
 */

/* A pool that is driven is where its companion has it. */
static void show_driven(const lac_hybrid *h, const struct lac_moving *m, double time)
{
    for (size_t v = h->scene.model->fields; h->companion && v < h->scene.model->variables; v++)
        m->level[v] = lac_companion_value(h->companion, v, time);
}

void lac_hybrid_show_levels(const lac_hybrid *h, const struct lac_moving *m, const lac_state *state,
                            size_t voxel, double ahead)
{
    const size_t site = m->first + voxel;
    for (size_t v = 0; v < h->scene.model->variables; v++) {
        if (h->companion && v >= h->scene.model->fields)
            break;
        if (!lac_hybrid_sees(h, site, v))
            continue;
        const size_t at = lac_hybrid_at(h, v, site);
        const double now = state->value[at];
        double then = now + ahead * m->slope[at];
        if (!h->scene.model->variable[v].is_signed)
            then = fmax(then, 0.5 * fmin(now, fmax(now, 0)));
        m->level[v] = h->own_variable[v] ? then : now;
    }
    for (size_t s = 0; s < m->species; s++)
        m->level[m->variable[s]] = lac_hybrid_per_count(h, m->place[s], site);
}

static lac_status evaluate_diffusivity(lac_hybrid *h, const struct lac_moving *m, size_t species,
                                       size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_variable *variable = &h->scene.model->variable[m->variable[species]];
    const double value = lac_stack_program_value(&m->diffusivity[species], &h->context, voxel);
    char where[LAC_VOXEL_WORDS], place[256];
    m->diffusivity_at[species][voxel] = value;
    LAC_REQUIRE(isfinite(value) && value >= 0, LAC_NUMERICS,
                "at t = %.6g s: the diffusivity of %s is %.6g%s, and molecules need one that is "
                "not negative%s",
                h->context.time, variable->path, value,
                lac_hybrid_site_words(h, m->first + voxel, where),
                lac_place_words(variable->place, place, sizeof place));
out:
    return status;
}

static lac_status evaluate_voxel(lac_hybrid *h, struct lac_moving *m, size_t voxel)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    const double volume = lac_grid_volume(m->grid, voxel);
    for (size_t s = 0; s < m->species; s++)
        LAC_TRY(evaluate_diffusivity(h, m, s, voxel));
    for (size_t p = 0; p < m->processes; p++) {
        const size_t region = model->process[m->process[p].process].region;
        double *rate = &m->process[p].coefficient[voxel];
        *rate = 0;
        if (region != LAC_NONE && h->context.ground[m->grid->tissue].region[region][voxel] == 0)
            continue;
        *rate = lac_stack_program_value(&m->process[p].law, &h->context, voxel);
        LAC_TRY(lac_hybrid_check_rate(h, m->process[p].process, m->first + voxel, *rate));
        *rate *= volume;
    }
out:
    return status;
}

static void look(lac_hybrid *h, struct lac_moving *m, const lac_state *state, double time)
{
    const lac_model *model = h->scene.model;
    h->context.parameter = state->parameter;
    h->context.time = time;
    h->context.trial = m->level;
    show_driven(h, m, time);
    for (size_t k = 0; k < model->inputs; k++)
        h->input[k] = lac_input_value(&model->input[k], time, &h->input_rate[k]);
    for (size_t p = 0; p < m->processes; p++)
        lac_stack_program_fold(&m->process[p].law, &h->context);
    for (size_t s = 0; s < m->species; s++)
        lac_stack_program_fold(&m->diffusivity[s], &h->context);
}

static lac_status evaluate_laws(lac_hybrid *h, struct lac_moving *m, const lac_state *state,
                                double length)
{
    lac_status status = LAC_OK;
    look(h, m, state, state->time + length / 2);
    for (size_t voxel = 0; voxel < m->grid->voxels; voxel++) {
        if (m->active && !m->active[voxel])
            continue;
        lac_hybrid_show_levels(h, m, state, voxel, length / 2);
        LAC_TRY(evaluate_voxel(h, m, voxel));
    }
    LAC_TRY(lac_hybrid_evaluate_passages(h, m, state, length / 2));
    LAC_TRY(lac_molecules_changed(m->molecules));
out:
    return status;
}

/* --- numbers -------------------------------------------------------------------------------------
 */

static double *counts_of(lac_hybrid *h, const struct lac_moving *m, size_t species)
{
    return h->count + h->count_at[m->place[species]];
}

static lac_status take_numbers(lac_hybrid *h, struct lac_moving *m)
{
    lac_status status = LAC_OK;
    for (size_t s = 0; s < m->species; s++) {
        const double *count = counts_of(h, m, s);
        int32_t *number = lac_molecules_count(m->molecules, s);
        for (size_t v = 0; v < m->grid->voxels; v++) {
            LAC_REQUIRE(count[v] < INT32_MAX, LAC_LIMIT,
                        "%s: %.4g molecules in one voxel are too many to be followed one by one; "
                        "write representation: continuous",
                        h->scene.model->variable[m->variable[s]].path, count[v]);
            number[v] = (int32_t)count[v];
        }
        if (m->integral[s])
            memset(m->integral[s], 0, m->grid->voxels * sizeof(double));
    }
out:
    return status;
}

/* What others see of molecules: their mean over the window, or their numbers at its end. */
static void show_molecules(lac_hybrid *h, struct lac_moving *m, lac_state *state, double length)
{
    for (size_t s = 0; s < m->species; s++) {
        double *count = counts_of(h, m, s);
        double *value = state->value + lac_layout_at(&h->layout, m->variable[s]);
        const int32_t *number = lac_molecules_count(m->molecules, s);
        for (size_t v = 0; v < m->grid->voxels; v++) {
            count[v] = length > 0 && m->integral[s] ? m->integral[s][v] / length : number[v];
            value[v] = count[v] * lac_hybrid_per_count(h, m->place[s], m->first + v);
        }
    }
}

/* --- events on the continuous side ---------------------------------------------------------------
 */

/* What would fall below zero is raised to it, and booked as added. */
static void add_half(lac_hybrid *h, const struct lac_moving *m, lac_state *state,
                     const lac_molecule_process *it, const lac_addition *value)
{
    double *y = state->value + lac_layout_at(&h->layout, value->variable), raised = 0;
    for (size_t v = 0; v < m->grid->voxels; v++) {
        if (it->events[v] == 0)
            continue;
        const double size = h->size[m->first + v];
        y[v] += it->events[v] * value->amount / (2 * size);
        if (y[v] < 0 && !h->scene.model->variable[value->variable].is_signed) {
            raised -= y[v] * size;
            y[v] = 0;
        }
    }
    state->added[value->variable] += raised * m->grid->weight;
}

static void add_events(lac_hybrid *h, struct lac_moving *m, lac_state *state)
{
    for (size_t p = 0; p < m->processes; p++)
        for (size_t k = 0; k < m->process[p].values; k++)
            add_half(h, m, state, &m->process[p], &m->process[p].value[k]);
}

static void clear_events(struct lac_moving *m)
{
    const double *events = lac_molecules_events(m->molecules);
    for (size_t p = 0; p < m->processes; p++) {
        m->process[p].before = events[p];
        if (m->process[p].events)
            memset(m->process[p].events, 0, m->grid->voxels * sizeof(double));
    }
}

static void book_events(const lac_hybrid *h, struct lac_moving *m, lac_state *state)
{
    const double *events = lac_molecules_events(m->molecules);
    for (size_t p = 0; p < m->processes; p++)
        state->extent[m->process[p].process] +=
            (events[p] - m->process[p].before) * lac_hybrid_patches(h, m->grid);
}

/* --- the next window -----------------------------------------------------------------------------
 */

/* slope := that of the window; by how much followed variables have changed, beside their size. */
static double review(lac_hybrid *h, struct lac_moving *m, const lac_state *state, double length)
{
    double worst = 0;
    for (size_t v = 0; v < h->scene.model->variables; v++) {
        const size_t at = lac_layout_at(&h->layout, v);
        const size_t places = lac_layout_size(&h->layout, v);
        if (!h->own_variable[v])
            continue;
        for (size_t i = at; i < at + places; i++)
            m->slope[i] = (state->value[i] - m->old[i]) / length;
        if (!m->followed[v])
            continue;
        const double square = lac_dot(state->value + at, state->value + at, places);
        const double change = lac_dot(m->slope + at, m->slope + at, places);
        const double atol = h->scene.model->variable[v].atol;
        worst = fmax(worst, sqrt(change) * length / (sqrt(square) + atol * sqrt((double)places)));
    }
    if (h->taken > 0)
        lac_hybrid_take_well_events(h, m);
    return fmax(worst, m->own * length * CHANGE / OWN);
}

static void choose_next(lac_hybrid *h, struct lac_moving *m, double length, double change)
{
    const double most = CHANGE * h->scene.model->settings.accuracy;
    double factor = change > 0 ? SAFETY * most / change : GROWTH;
    const double next = length * fmin(fmax(factor, SHRINK), GROWTH);
    m->window = length < m->window ? fmax(next, m->window) : next; /* a stop has cut it short */
}

/* The fastest that a molecule hops along an axis or meets its next event. */
static double fastest(const struct lac_moving *m)
{
    double rate = 0;
    for (size_t s = 0; s < m->species; s++)
        for (size_t v = 0; v < m->grid->voxels; v++)
            for (int a = 0; a < 3; a++) {
                const double side = lac_grid_side(m->grid, a, v);
                rate = fmax(rate, 2 * m->diffusivity_at[s][v] / (side * side));
            }
    for (size_t p = 0; p < m->processes; p++)
        for (size_t v = 0; v < m->grid->voxels && m->process[p].meets; v++)
            rate = fmax(rate, m->process[p].coefficient[v]);
    return fmax(rate, lac_hybrid_fastest_passage(m));
}

/* --- one window ----------------------------------------------------------------------------------
 */

/* The molecules of a tissue, with half of what they do to what is continuous. */
static lac_status go_first(lac_hybrid *h, struct lac_moving *m, lac_state *state, double length)
{
    lac_status status = LAC_OK;
    lac_hybrid_fill_wells(h, m);
    LAC_TRY(lac_molecules_advance(m->molecules, length, h->scene.model->settings.accuracy));
    lac_hybrid_show_wells(h, m, state);
    add_events(h, m, state);
    lac_hybrid_add_passages(h, m, state);
    show_molecules(h, m, state, length);
out:
    return status;
}

/* They stand where they have come, and the other half is done. */
static void go_last(lac_hybrid *h, struct lac_moving *m, lac_state *state)
{
    add_events(h, m, state);
    lac_hybrid_add_passages(h, m, state);
    book_events(h, m, state);
    lac_hybrid_book_passages(h, m, state);
}

static lac_status prepare(lac_hybrid *h, struct lac_moving *m, const lac_state *state,
                          double length)
{
    lac_status status = LAC_OK;
    LAC_TRY(take_numbers(h, m));
    LAC_TRY(evaluate_laws(h, m, state, length));
    clear_events(m);
    lac_hybrid_begin_passages(m);
out:
    return status;
}

static lac_status go(lac_hybrid *h, struct lac_moving *first, lac_state *state, double end)
{
    lac_status status = LAC_OK;
    const double length = end - state->time;
    struct lac_moving *const beyond = first + first->tissues;
    for (struct lac_moving *m = first; m < beyond; m++)
        LAC_TRY(prepare(h, m, state, length));
    lac_copy(first->old, state->value, h->layout.length);
    for (struct lac_moving *m = first; m < beyond; m++)
        LAC_TRY(go_first(h, m, state, length));
    while (state->time < end && status == LAC_OK)
        status = lac_mean_field.step(h->engine, state, end);
    for (struct lac_moving *m = first; m < beyond; m++)
        show_molecules(h, m, state, 0);
    for (struct lac_moving *m = first; status == LAC_OK && m < beyond; m++)
        go_last(h, m, state);
out:
    return status;
}

/* The time of one of the fastest events, of all tissues. */
static lac_status first_window(lac_hybrid *h, struct lac_moving *first, const lac_state *state,
                               double *window)
{
    lac_status status = LAC_OK;
    double rate = 0;
    for (size_t k = 0; k < first->tissues; k++) {
        LAC_TRY(evaluate_laws(h, &first[k], state, 0));
        rate = fmax(rate, fastest(&first[k]));
    }
    if (rate > 0)
        *window = FIRST / rate;
out:
    return status;
}

/* --- the bias that is left -----------------------------------------------------------------------
 */

void lac_hybrid_add_molecules_lacking(const lac_hybrid *h, double *lacks)
{
    lac_add_scaled(lacks, -1, h->moving->excess, h->layout.length);
}

/* excess := what the room expects, as values. */
static void take_excess(const lac_hybrid *h, struct lac_moving *m)
{
    const double *excess = lac_molecules_bias(m->molecules);
    for (size_t s = 0; excess && s < m->species; s++)
        for (size_t v = 0; v < m->grid->voxels; v++)
            m->excess[lac_layout_at(&h->layout, m->variable[s]) + v] =
                excess[s * m->grid->voxels + v] *
                lac_hybrid_per_count(h, m->place[s], m->first + v);
}

static void state_bias(lac_hybrid *h, struct lac_moving *first)
{
    for (size_t k = 0; k < first->tissues; k++)
        take_excess(h, &first[k]);
    lac_hybrid_tell_bias(h);
}

/* Steps of molecules: those before a window less, those after it more. */
static void count_bounds(lac_hybrid *h, const struct lac_moving *first, int sign)
{
    for (size_t k = 0; k < first->tissues; k++)
        lac_hybrid_count_molecule_bounds(h, sign, lac_molecules_report(first[k].molecules).by);
}

lac_status lac_hybrid_window(lac_hybrid *h, lac_state *state, double stop)
{
    lac_status status = LAC_OK;
    struct lac_moving *first = h->moving;
    const double left = stop - state->time;
    if (first->window == 0) {
        first->window = left;
        LAC_TRY(first_window(h, first, state, &first->window));
    }
    const double wanted = first->window;
    const double length = wanted < left / 2 ? wanted : wanted < left ? left / 2 : left;
    const bool last = length == left;
    h->windowed = !last;
    count_bounds(h, first, -1);
    LAC_TRY(go(h, first, state, last ? stop : state->time + length));
    choose_next(h, first, length, review(h, first, state, length));
    count_bounds(h, first, 1);
    if (last)
        state_bias(h, first);
out:
    return status;
}
