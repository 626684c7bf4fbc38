/* Rates of single events: of a reaction at a site, of a hop through a face; as they are now, or
 * their bounds.
 *
 * A molecule hops through a face at D / h^2, D the harmonic mean of the two voxels; between layers
 * that differ at the conductance of the face over the thickness of its own layer. The mean-field
 * operator (tissue/operators.c) is the generator of this walk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "tissue/operators.h"

#include <math.h>
#include <stdio.h>

/* A negative rate below this [1/s] is rounding: not one event in a million runs of a year. */
static const double ROUNDING_RATE = 1e-14;

/* What is refused: "the WHAT of NAME is VALUE UNIT ...; HINT". */
typedef struct refusal {
    const char *what, *name;
    double value;
    const char *unit, *hint;
    lac_place place;
} refusal;

static lac_status refuse(const lac_exact *e, const refusal *it, size_t site)
{
    size_t tissue = 0, voxel = LAC_NONE;
    for (size_t g = 0; g < e->grounds; g++)
        if (lac_exact_is_in(&e->ground[g], site)) {
            tissue = g;
            voxel = site - e->ground[g].first_site;
        }
    char where[LAC_VOXEL_WORDS], place[256];
    return lac_fail(LAC_NUMERICS, "at t = %.9g s: the %s of %s is %g%s%s%s%s", e->context.time,
                    it->what, it->name, it->value, it->unit,
                    lac_voxel_words(&e->scene.model->tissue[tissue], voxel, where), it->hint,
                    lac_place_words(it->place, place, sizeof place));
}

lac_status lac_exact_refuse(const lac_exact *e, const char *what, const char *name, double value,
                            size_t site)
{
    return refuse(e, &(refusal){what, name, value, "", "", {0}}, site);
}

/* --- reactions */

static bool is_inactive(const lac_exact_ground *ground, size_t region, size_t voxel)
{
    const lac_grid *grid = ground->grid;
    return (grid->active && grid->active[voxel] == 0) ||
           (region != LAC_NONE && grid->region[region][voxel] == 0);
}

/* Does it happen here at all, and are there the molecules that it takes? */
static bool is_possible(const lac_exact *e, const lac_reaction *reaction, size_t voxel)
{
    if (reaction->in_tissue && is_inactive(reaction->ground, reaction->region, voxel))
        return false;
    for (size_t k = 0; k < reaction->changes; k++) {
        const lac_count_change *change = &reaction->change[k];
        size_t at = lac_layout_at(&e->layout, change->variable) + (reaction->in_tissue ? voxel : 0);
        if (e->count[at] + change->amount < 0)
            return false;
    }
    return true;
}

static double product_of_counts(const lac_exact *e, const lac_reaction *reaction, size_t voxel)
{
    double product = 1;
    for (size_t k = 0; k < reaction->factors; k++) {
        const lac_mass_factor *factor = &reaction->factor[k];
        double n = e->count[lac_layout_at(&e->layout, factor->variable) +
                            (reaction->in_tissue ? voxel : 0)];
        product *= n;
        for (int power = 1; power < factor->power; power++)
            product *= factor->falling ? fmax(n - power, 0) : n;
    }
    return product;
}

/* n (n - 1) ... for n^m, of the reactants of which the law is a power. */
static double falling_part(const lac_exact *e, const lac_reaction *reaction, size_t voxel)
{
    double part = 1;
    for (size_t k = 0; k < reaction->factors; k++) {
        const lac_mass_factor *factor = &reaction->factor[k];
        const double n = e->count[lac_layout_at(&e->layout, factor->variable) +
                                  (reaction->in_tissue ? voxel : 0)];
        for (int power = 1; power < factor->power; power++)
            part *= n > power ? (n - power) / n : 0;
    }
    return part;
}

/* In the unit of what it changes, an hour; `value` of one voxel's or the joint's volume. */
static lac_status refuse_rate(const lac_exact *e, const lac_reaction *reaction, const char *what,
                              double value, size_t voxel)
{
    const lac_process *process = &e->scene.model->process[reaction->process];
    char unit[80] = " 1/s";
    if (process->changes > 0) {
        const lac_change *change = &process->change[0];
        const lac_display *display = &e->scene.model->variable[change->variable].display;
        snprintf(unit, sizeof unit, " %s/h", display->unit);
        value *= fabs(change->factor / change->stoichiometry) * display->factor * 3600;
    }
    return refuse(e,
                  &(refusal){what, process->id, value, unit,
                             value < 0 ? "; write a reversible process as two reactions (<=>)" : "",
                             process->place},
                  lac_exact_site_of(e, reaction, voxel));
}

/* [1/s] from above over the window. A law that can only be negative in it is bounded by its size:
 * it is met about as soon as it would have acted, and refused then. */
static lac_status bound_over_window(const lac_exact *e, const lac_reaction *reaction, size_t voxel,
                                    double *rate)
{
    const double extent =
        reaction->in_tissue ? lac_exact_volume(reaction->ground, voxel) : e->scale;
    const lac_interval interval = lac_stack_program_interval(&reaction->law, &e->context, voxel);
    if (!isfinite(interval.high))
        return refuse_rate(e, reaction, "upper bound of the rate over the next seconds",
                           interval.high, voxel);
    *rate = fmax(extent * interval.high, *rate);
    if (*rate <= ROUNDING_RATE && isfinite(interval.low) && extent * interval.low < -ROUNDING_RATE)
        *rate = -extent * interval.low;
    return LAC_OK;
}

lac_status lac_exact_propensity(const lac_exact *e, const lac_reaction *reaction, size_t voxel,
                                bool bound, double *rate)
{
    lac_status status = LAC_OK;
    *rate = 0;
    if (reaction->mass_action) {
        if (reaction->self_limiting || is_possible(e, reaction, voxel))
            *rate = product_of_counts(e, reaction, voxel);
        return LAC_OK;
    }
    if (reaction->in_tissue && is_inactive(reaction->ground, reaction->region, voxel))
        return LAC_OK;
    /* A rate that is negative is wrong also where nothing is left to take. */
    const double extent =
        reaction->in_tissue ? lac_exact_volume(reaction->ground, voxel) : e->scale;
    const double value = extent * lac_stack_program_value(&reaction->law, &e->context, voxel);
    const bool possible = is_possible(e, reaction, voxel);
    if (value < -ROUNDING_RATE || (possible && !isfinite(value)))
        return refuse_rate(e, reaction, "rate", value / extent, voxel);
    if (!possible)
        return LAC_OK;
    *rate = fmax(value, 0);
    if (bound && reaction->time_varying)
        LAC_TRY(bound_over_window(e, reaction, voxel, rate));
    *rate *= falling_part(e, reaction, voxel);
out:
    return status;
}

/* --- hops */

static lac_status evaluate(const lac_exact *e, const lac_stack_program *law, size_t voxel,
                           bool bound, double *value)
{
    *value = bound ? lac_stack_program_interval(law, &e->context, voxel).high
                   : lac_stack_program_value(law, &e->context, voxel);
    return LAC_OK;
}

lac_status lac_exact_diffusivity(const lac_exact *e, size_t field, size_t voxel, bool bound,
                                 double *diffusivity)
{
    const lac_stack_program *law = &e->motion[field].law;
    *diffusivity = 0;
    if (law->steps == 0 || is_inactive(e->motion[field].ground, LAC_NONE, voxel))
        return LAC_OK;
    evaluate(e, law, voxel, bound, diffusivity);
    if (!(*diffusivity >= 0) || isinf(*diffusivity))
        return lac_exact_refuse(e, "diffusivity", e->scene.model->variable[field].name,
                                *diffusivity, lac_exact_site(e, field, voxel));
    return LAC_OK;
}

double lac_exact_face(const lac_exact_ground *ground, size_t voxel, int face, double here,
                      double there)
{
    const lac_grid *grid = ground->grid;
    if (face < 4 || !grid->width)
        return lac_harmonic_mean(here, there) * ground->per_area[face / 2];
    const size_t layer = voxel / ground->stride[2], above = face == 4 ? layer - 1 : layer;
    const double mean = face == 4 ? lac_depth_mean(grid, there, here, above)
                                  : lac_depth_mean(grid, here, there, above);
    return mean * ground->per_area[2] / grid->width[layer];
}
