/* Values of a simulation as they are now.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/vector.h"
#include "library/library_internal.h"

#include <math.h>

static lac_status need_tissue(const lac_model *model, size_t tissue)
{
    return tissue < model->tissues
               ? LAC_OK
               : lac_fail(LAC_USAGE, "there is no tissue %zu: the model has %zu", tissue,
                          model->tissues);
}

static lac_status need_one_tissue(const lac_model *model, const char *call)
{
    return model->tissues <= 1
               ? LAC_OK
               : lac_fail(LAC_USAGE, "the model has %zu tissues: %s tells which one is meant",
                          model->tissues, call);
}

static void tell_grid(const lac_grid *from, lacuna_grid *grid)
{
    *grid = (lacuna_grid){.active = from->active};
    for (int axis = 0; axis < 3 && from->voxels > 0; axis++) {
        grid->voxels[axis] = from->n[axis];
        grid->size[axis] = from->h[axis];
    }
}

int lacuna_simulation_grid_of(const lacuna_simulation *simulation, size_t tissue, lacuna_grid *grid)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(grid, "grid to fill"));
    *grid = (lacuna_grid){.active = NULL};
    LAC_TRY(need_tissue(&simulation->model, tissue));
    tell_grid(lac_grid_of(lac_simulation_grid(simulation->run), tissue), grid);
out:
    return lac_handle_tell(&simulation->handle, status);
}

int lacuna_simulation_grid(const lacuna_simulation *simulation, lacuna_grid *grid)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(grid, "grid to fill"));
    *grid = (lacuna_grid){.active = NULL};
    LAC_TRY(need_one_tissue(&simulation->model, "lacuna_simulation_grid_of"));
    tell_grid(lac_simulation_grid(simulation->run), grid);
out:
    return lac_handle_tell(&simulation->handle, status);
}

static lac_status need_layers(const double **bounds, size_t *count)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_need((const void *)bounds, "bounds to fill"));
    LAC_TRY(lac_need(count, "count to fill"));
    *bounds = NULL;
    *count = 0;
out:
    return status;
}

static void tell_layers(const lac_tissue_text *from, const double **bounds, size_t *count)
{
    if (from->bound) {
        *bounds = from->bound;
        *count = from->voxels[2];
    }
}

int lacuna_simulation_layers_of(const lacuna_simulation *simulation, size_t tissue,
                                const double **bounds, size_t *count)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(need_layers(bounds, count));
    LAC_TRY(need_tissue(&simulation->model, tissue));
    tell_layers(&simulation->model.tissue[tissue], bounds, count);
out:
    return lac_handle_tell(&simulation->handle, status);
}

int lacuna_simulation_layers(const lacuna_simulation *simulation, const double **bounds,
                             size_t *count)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(need_layers(bounds, count));
    LAC_TRY(need_one_tissue(&simulation->model, "lacuna_simulation_layers_of"));
    if (simulation->model.tissues == 1)
        tell_layers(&simulation->model.tissue[0], bounds, count);
out:
    return lac_handle_tell(&simulation->handle, status);
}

int lacuna_simulation_variable(const lacuna_simulation *simulation, size_t index,
                               lacuna_values *values)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    const lac_model *model = &simulation->model;
    const lac_state *state = lac_simulation_state(simulation->run);
    LAC_TRY(lac_need(values, "values to fill"));
    LAC_REQUIRE(index < model->variables, LAC_USAGE, "there is no variable %zu: the model has %zu",
                index, model->variables);
    *values = (lacuna_values){.value = state->value + lac_layout_at(&state->layout, index),
                              .count = lac_layout_size(&state->layout, index),
                              .factor = model->variable[index].display.factor};
out:
    return lac_handle_tell(&simulation->handle, status);
}

lac_status lac_simulation_need_series(const lacuna_simulation *simulation)
{
    return simulation->unread
               ? lac_fail(LAC_USAGE,
                          "the series of this simulation are in its result alone: it was "
                          "resumed, or created with `unread`")
               : LAC_OK;
}

/* A callback may look, too: the run is between two steps then. */
static lac_status look(lacuna_simulation *simulation)
{
    lac_status status = LAC_OK;
    int threads = lac_threads();
    LAC_TRY(lac_simulation_need_series(simulation));
    lac_threads_set(simulation->threads);
    status = lac_simulation_evaluate(simulation->run, simulation->series);
    lac_threads_set(threads);
out:
    return status;
}

int lacuna_simulation_series(lacuna_simulation *simulation, const double **values, size_t *count)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need((const void *)values, "place for the values"));
    LAC_TRY(look(simulation));
    *values = simulation->series;
    if (count)
        *count = lac_simulation_series(simulation->run);
out:
    return lac_handle_tell(&simulation->handle, status);
}

int lacuna_simulation_value(lacuna_simulation *simulation, const char *name, double *value)
{
    size_t index = 0;
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(value, "place for the value"));
    LAC_TRY(lac_find_series(&simulation->model, name, &index));
    LAC_TRY(look(simulation));
    *value = simulation->series[index];
out:
    return lac_handle_tell(&simulation->handle, status);
}

static double parameter_now(const void *context, lac_symbol symbol)
{
    const double *parameter = context;
    return symbol.kind == LAC_SYMBOL_PARAMETER ? parameter[symbol.index] : NAN;
}

int lacuna_simulation_parameter(const lacuna_simulation *simulation, const char *name,
                                double *value)
{
    size_t index = 0;
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(value, "place for the value"));
    LAC_TRY(lac_find_parameter(&simulation->model, name, &index));
    const lac_parameter *parameter = &simulation->model.parameter[index];
    const double *now = lac_simulation_state(simulation->run)->parameter;
    *value = parameter->display.factor *
             (parameter->derived ? lac_expression_value(parameter->derived, parameter_now, now)
                                 : now[index]);
out:
    return lac_handle_tell(&simulation->handle, status);
}
