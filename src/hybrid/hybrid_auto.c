/* `representation: auto`: variables that are discrete while they are few and continuous while they
 * are many.
 *
 * What is discrete is looked at between steps (lac_hybrid_reshape): the copy number of a variable
 * is the lowest, or the mean, over the voxels of its domain. When one passes its threshold the
 * method is made anew for the new choice: as `exact` where everything is discrete, as `mean-field`
 * where nothing is. So it has the bits of these, and a choice that never changes has the bits of a
 * text that says so. Draws are those of another epoch, and exponential thresholds have no memory.
 *
 * To continuous nothing changes but the name. To discrete the numbers x of all voxels become whole
 * ones, n = floor(U + x_1 + ... + x_i) - floor(U + x_1 + ... + x_(i-1)), U uniform: each is the
 * number below or above, x in the mean, and their sum is off by less than one molecule, which is
 * carried to the next time.
 *
 * A continuous variable that falls is met near its threshold: a step that ends far below it is
 * tried again, shorter. Tests: test_auto.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"
#include "model/representation.h"

#include <math.h>
#include <string.h>

/* A step may end this part below a threshold, and one that is tried again aims at half of it. */
static const double DEEP = 0.1;

/* --- copy numbers --------------------------------------------------------------------------------
 */

static double copies_in(const lac_grid *grid, const double *value, size_t voxel)
{
    return value[voxel] * grid->voxel_volume * (grid->share ? grid->share[voxel] : 1);
}

static double lowest_in(const lac_grid *grid, const double *value)
{
    double lowest = INFINITY;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (!grid->active || grid->active[voxel] != 0)
            lowest = fmin(lowest, copies_in(grid, value, voxel));
    return lowest;
}

/* The copy number by which it is judged. */
static double copies(const lac_hybrid *h, size_t variable, const double *value)
{
    const lac_model *model = h->scene.model;
    value += lac_layout_at(&h->layout, variable);
    if (variable >= model->fields)
        return *value * lac_model_pool_volume(model, variable);
    const lac_grid *grid = lac_hybrid_grid_of(h, variable);
    if (!model->variable[variable].automatic.by_mean)
        return lowest_in(grid, value);
    return lac_grid_sum(grid, value) * grid->voxel_volume / (double)grid->active_voxels;
}

static bool wants_continuous(const lac_hybrid *h, size_t k, const double *value)
{
    const struct lac_changing *c = h->changing;
    const lac_automatic *it = &c->variable[c->which[k]].automatic;
    const double found = copies(h, c->which[k], value);
    return c->continuous[k] != 0 ? found >= it->below : found >= it->above;
}

/* --- making --------------------------------------------------------------------------------------
 */

static lac_status open_account(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    struct lac_changing *c = h->changing;
    LAC_TRY(lac_hybrid_name_bounds(h, &c->account));
    status = lac_account_follow(c->account, c->which, c->count);
out:
    return status;
}

lac_status lac_hybrid_create_changing(lac_hybrid *h, const lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    struct lac_changing *c;
    if (!lac_model_has_automatic(model))
        return LAC_OK;
    LAC_NEW(c, 1);
    h->changing = c;
    c->model = *model;
    LAC_NEW(c->variable, model->variables);
    memcpy(c->variable, model->variable, model->variables * sizeof *c->variable);
    c->model.variable = c->variable;
    h->scene.model = &c->model;
    LAC_NEW(c->which, model->variables);
    for (size_t v = 0; v < model->variables; v++)
        if (lac_model_is_automatic(model, v))
            c->which[c->count++] = v;
    LAC_NEW(c->continuous, c->count);
    LAC_NEW(c->carried, c->count);
    c->length = h->layout.length;
    LAC_NEW(c->error, c->length);
    LAC_TRY(open_account(h));
    for (size_t k = 0; k < c->count; k++)
        c->continuous[k] = wants_continuous(h, k, state->value);
    lac_hybrid_show_choice(c);
out:
    return status;
}

void lac_hybrid_free_changing(lac_hybrid *h)
{
    struct lac_changing *c = h->changing;
    if (!c)
        return;
    lac_account_free(c->account);
    lac_companion_free(c->companion);
    void *const owned[] = {c->variable, c->which, c->continuous, c->carried, c->error, c};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        lac_free(owned[k]);
    h->changing = NULL;
}

void lac_hybrid_changing_blocks(struct lac_changing *c, lac_block_list *list)
{
    const lac_account *account = c->account;
    lac_block_add(list, LAC_SHAPE_BLOCKS, "continuous", LAC_BLOCK_DOUBLE, c->count, c->continuous);
    lac_block_add(list, LAC_SHAPE_BLOCKS, "epoch", LAC_BLOCK_DOUBLE, 1, &c->epoch);
    lac_block_add(list, "stepper.auto", "carried", LAC_BLOCK_DOUBLE, c->count, c->carried);
    lac_block_add(list, "stepper.auto", "past", LAC_BLOCK_BYTES, sizeof c->past, &c->past);
    lac_block_add(list, "stepper.auto", "error", LAC_BLOCK_DOUBLE, c->length, c->error);
    lac_block_add(list, "stepper.auto", "bias", LAC_BLOCK_DOUBLE, account->rows, account->bias);
    lac_block_add(list, "stepper.auto", "ruled", LAC_BLOCK_DOUBLE, account->bounds, account->ruled);
    lac_block_add(list, "stepper.auto", "time", LAC_BLOCK_DOUBLE, c->count, account->time_discrete);
    lac_block_add(list, "stepper.auto", "to_discrete", LAC_BLOCK_DOUBLE, c->count,
                  account->to_discrete);
    lac_block_add(list, "stepper.auto", "to_continuous", LAC_BLOCK_DOUBLE, c->count,
                  account->to_continuous);
}

/* --- choosing ------------------------------------------------------------------------------------
 */

void lac_hybrid_show_choice(struct lac_changing *c)
{
    for (size_t k = 0; k < c->count; k++) {
        c->variable[c->which[k]].automatic.is_continuous = c->continuous[k] != 0;
        c->account->is_discrete[k] = c->continuous[k] == 0;
    }
}

/* In [0, 1), by epoch and variable. */
static double drawn(const lac_hybrid *h, size_t variable)
{
    static const uint64_t OF_VARIABLES = UINT64_C(1) << 56; /* the stream of rounding has 0 */
    uint32_t word[LAC_PHILOX_WORDS];
    lac_philox_blocks(lac_scene_key(&h->scene, LAC_FOR_ROUNDING), OF_VARIABLES | variable,
                      (uint64_t)h->changing->epoch, 1, word);
    return (double)((word[0] | (uint64_t)word[1] << 32) >> 11) * 0x1p-53;
}

/* One count in a place of the variable as a value there. */
static double per_count(const lac_hybrid *h, size_t variable, size_t place)
{
    if (variable >= h->layout.fields)
        return 1 / lac_model_pool_volume(h->scene.model, variable);
    const lac_grid *grid = lac_hybrid_grid_of(h, variable);
    return 1 / (grid->voxel_volume * (grid->share ? grid->share[place] : 1));
}

/* Whole numbers in all its places; *carried is what is owed before and after. */
static void make_whole(const lac_hybrid *h, lac_state *state, size_t variable, double *carried)
{
    const double from = drawn(h, variable);
    double *value = state->value + lac_layout_at(&h->layout, variable);
    double part = from, owed = *carried, added = 0;
    for (size_t i = 0; i < lac_layout_size(&h->layout, variable); i++) {
        const double one = per_count(h, variable, i), x = value[i] / one;
        const double wanted = x + owed;
        owed = fmin(wanted, 0); /* nobody has less than nothing: the next one owes it */
        const double sum = part + fmax(wanted, 0), whole = floor(sum);
        part = sum - whole;
        value[i] = whole * one;
        added += whole - x;
    }
    *carried = owed + part - from;
    state->added[variable] +=
        added *
        (variable < h->layout.fields ? lac_hybrid_patches(h, lac_hybrid_grid_of(h, variable)) : 1);
}

bool lac_hybrid_choose(lac_hybrid *h, lac_state *state)
{
    struct lac_changing *c = h->changing;
    bool any = false;
    for (size_t k = 0; k < c->count; k++) {
        const bool continuous = wants_continuous(h, k, state->value);
        if (continuous == (c->continuous[k] != 0))
            continue;
        if (!any)
            c->epoch += 1;
        any = true;
        if (!continuous)
            make_whole(h, state, c->which[k], &c->carried[k]);
        (continuous ? c->account->to_continuous : c->account->to_discrete)[k] += 1;
        c->continuous[k] = continuous;
    }
    lac_hybrid_show_choice(c);
    return any;
}

void lac_hybrid_count_time(struct lac_changing *c, double step)
{
    for (size_t k = 0; k < c->count; k++)
        c->account->time_discrete[k] += c->continuous[k] == 0 ? step : 0;
}

/* --- within steps --------------------------------------------------------------------------------
 */

bool lac_hybrid_passes(lac_hybrid *h, const lac_attempt *attempt, double *factor)
{
    const struct lac_changing *c = h->changing;
    const double *end = lac_rosenbrock_value(lac_mean_field_rosenbrock(h->engine));
    bool passes = false;
    for (size_t k = 0; c && k < c->count; k++) {
        const double below = c->variable[c->which[k]].automatic.below;
        if (c->continuous[k] == 0)
            continue;
        const double before = copies(h, c->which[k], attempt->y),
                     after = copies(h, c->which[k], end);
        if (before < below || after >= (1 - DEEP) * below)
            continue;
        const double wanted = (before - (1 - DEEP / 2) * below) / (before - after);
        *factor = fmin(passes ? *factor : 0.9, fmax(wanted, 0.05));
        passes = true;
    }
    if (passes)
        h->changing->passed = true;
    return passes;
}

static double as_long_as_wanted(void *self)
{
    (void)self;
    return INFINITY;
}

static lac_status look_at_thresholds(void *self, const lac_state *state, const lac_attempt *attempt,
                                     lac_reason *reason, double *factor)
{
    (void)state;
    *reason = lac_hybrid_passes(self, attempt, factor) ? LAC_PAST_THRESHOLD : LAC_ACCEPTED;
    return LAC_OK;
}

static void count_step(void *self, lac_state *state, const lac_attempt *attempt)
{
    (void)state;
    (void)attempt;
    lac_hybrid_count_bound(self);
}

lac_step_hooks lac_hybrid_hooks_of_whole(lac_hybrid *h)
{
    return (lac_step_hooks){.self = h,
                            .tolerances = 1,
                            .iterations = 1,
                            .longest = as_long_as_wanted,
                            .complete = look_at_thresholds,
                            .accept = count_step};
}
