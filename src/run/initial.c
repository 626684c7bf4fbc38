/* Initial values: the state at time 0, from expressions, random fields and whole numbers drawn
 * around them.
 *
 * What is drawn depends on the seed, the replicate, and the name of the field or variable alone:
 * not on threads, not on the method, and not on what else is random.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/simulation.h"

#include "base/memory.h"
#include "model/random.h"
#include "run/events.h"
#include "tissue/random_field.h"

#include <math.h>

/* The regions, and behind them the random fields that some initial value looks at. */
typedef struct columns {
    const double **column; /* owned [regions + randoms] */
    double *drawn;         /* owned [randoms][voxels] */
} columns;

static lac_random_key key_of(const lac_model *model, lac_purpose purpose)
{
    const lac_settings *settings = &model->settings;
    return lac_random_key_of((uint64_t)fmax(settings->seed, 0), (uint64_t)settings->replicate,
                             purpose);
}

static bool is_needed(const lac_model *model, size_t field)
{
    bool needed = false;
    for (size_t variable = 0; variable < model->fields && !needed; variable++)
        needed = model->variable[variable].initial &&
                 lac_tree_is_random(model->variable[variable].initial, field);
    return needed;
}

static void free_columns(columns *made)
{
    lac_free(made->column);
    lac_free(made->drawn);
}

/* A model with random fields has one tissue. */
static lac_status draw_fields(const lac_scene *scene, columns *made)
{
    lac_status status = LAC_OK;
    const lac_model *model = scene->model;
    if (model->randoms == 0)
        return LAC_OK;
    const size_t voxels = scene->grid->voxels;
    LAC_NEW(made->column, model->regions + model->randoms);
    LAC_NEW(made->drawn, model->randoms * voxels);
    for (size_t region = 0; region < model->regions; region++)
        made->column[region] = scene->grid->region[region];
    for (size_t field = 0; field < model->randoms; field++) {
        double *value = made->drawn + field * voxels;
        made->column[model->regions + field] = value;
        if (is_needed(model, field))
            LAC_TRY(lac_random_field_draw(scene->grid, &model->random[field],
                                          key_of(model, LAC_FOR_FIELDS), value));
    }
out:
    return status;
}

/* A distribution that reaches below 0 is an error of the text, told with the value. */
static lac_status check_drawn(const lac_grid *grid, const lac_variable *variable,
                              const double *value)
{
    lac_status status = LAC_OK;
    size_t voxels = grid->voxels, voxel = 0;
    if (variable->is_signed || !lac_tree_is_random(variable->initial, LAC_NONE))
        return LAC_OK;
    while (voxel < voxels && value[voxel] >= 0)
        voxel++;
    LAC_REQUIRE(voxel == voxels, LAC_INPUT,
                "the random initial value of %s is %.4g %s in a voxel: take a distribution above 0 "
                "(lognormal, uniform), or max(0, ...) of a field with a name",
                variable->path, value[voxel] * variable->display.factor, variable->display.unit);
out:
    return status;
}

static lac_status fill_field(const lac_scene *scene, lac_state *state, size_t which,
                             const columns *made, double *value)
{
    lac_status status = LAC_OK;
    const lac_variable *variable = &scene->model->variable[which];
    const lac_grid *grid = lac_grid_of_field(scene->grid, scene->model, which);
    const lac_fill_ground ground = {grid->tissue, made->column};
    const double *active = grid->active;
    LAC_TRY(lac_fill_field(scene, state, variable->initial, &ground, value));
    for (size_t voxel = 0; active && voxel < grid->voxels; voxel++)
        if (active[voxel] == 0)
            value[voxel] = 0;
    LAC_TRY(check_drawn(grid, variable, value));
    LAC_TRY(lac_random_counts(grid, variable->counting, key_of(scene->model, LAC_FOR_COUNTS),
                              lac_random_address(variable->path), value));
out:
    return status;
}

/* A pool holds whole numbers when its amount in the joint is one. */
static lac_status fill_pool(const lac_scene *scene, lac_state *state, size_t which, double *value)
{
    lac_status status = LAC_OK;
    const lac_variable *variable = &scene->model->variable[which];
    const double volume = lac_model_pool_volume(scene->model, which);
    LAC_TRY(lac_fill_scalar(scene, state, variable->initial, value));
    if (variable->counting == LAC_NOT_DRAWN)
        goto out;
    *value *= volume;
    LAC_TRY(lac_random_count(key_of(scene->model, LAC_FOR_COUNTS),
                             lac_random_address(variable->path), value));
    *value /= volume;
out:
    return status;
}

static lac_status fill(const lac_scene *scene, lac_state *state)
{
    lac_status status = LAC_OK;
    const lac_model *model = scene->model;
    columns made = {NULL, NULL};
    LAC_TRY(draw_fields(scene, &made));
    for (size_t variable = 0; variable < model->variables; variable++) {
        double *value = state->value + lac_layout_at(&state->layout, variable);
        if (!model->variable[variable].initial)
            continue;
        if (variable < model->fields)
            LAC_TRY(fill_field(scene, state, variable, &made, value));
        else
            LAC_TRY(fill_pool(scene, state, variable, value));
    }
out:
    free_columns(&made);
    return status;
}

lac_status lac_simulation_fill(const lac_scene *scene, lac_state *state)
{
    lac_status status = LAC_OK;
    LAC_TRY(fill(scene, state));
    LAC_TRY(lac_state_check(state, scene->model, 1));
    for (size_t variable = 0; variable < scene->model->variables; variable++)
        state->initial[variable] = lac_state_content(state, scene->model, variable);
out:
    return status;
}

lac_status lac_simulation_initial(const lac_scene *scene, lac_state **state)
{
    lac_status status = LAC_OK;
    lac_state *fresh = NULL;
    LAC_TRY(lac_state_create(scene->model, &fresh));
    LAC_TRY(lac_simulation_fill(scene, fresh));
    *state = fresh;
    fresh = NULL;
out:
    lac_state_free(fresh);
    return status;
}
