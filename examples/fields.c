/* Reads a field of the tissue each day: its mean in every layer, without a copy of the field.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lacuna.h>
#include <stdio.h>
#include <string.h>

/* The mean of one layer; layers follow each other in the array. */
static double layer_mean(const lacuna_values *field, const lacuna_grid *grid, size_t layer)
{
    size_t voxels = grid->voxels[0] * grid->voxels[1];
    double sum = 0;
    for (size_t k = 0; k < voxels; k++)
        sum += field->value[layer * voxels + k];
    return field->factor * sum / (double)voxels;
}

static int show_days(lacuna_simulation *simulation, size_t variable, const char *unit)
{
    lacuna_values field;
    lacuna_grid grid;
    double end = lacuna_simulation_end(simulation);
    int code = lacuna_simulation_grid(simulation, &grid);
    for (double time = 0; time <= end && code == LACUNA_OK; time += LACUNA_DAY) {
        code = lacuna_simulation_advance_to(simulation, time);
        if (code == LACUNA_OK)
            code = lacuna_simulation_variable(simulation, variable, &field);
        if (code == LACUNA_OK)
            printf("day %g: %.4g %s at the surface, %.4g %s at the bottom\n", time / LACUNA_DAY,
                   layer_mean(&field, &grid, 0), unit,
                   layer_mean(&field, &grid, grid.voxels[2] - 1), unit);
    }
    return code;
}

int main(int argc, char **argv)
{
    lacuna_model *model = NULL;
    lacuna_simulation *simulation = NULL;
    lacuna_variable variable;
    int code = lacuna_model_load(argc > 1 ? argv[1] : "params/teaching/slab_uptake.yaml", &model);
    if (code == LACUNA_OK)
        code = lacuna_model_set(model, "run.until", "3 d");
    if (code == LACUNA_OK)
        code = lacuna_model_variable(model, 0, &variable);
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, NULL, &simulation);
    if (code == LACUNA_OK)
        code = show_days(simulation, 0, variable.unit);
    if (code != LACUNA_OK)
        fprintf(stderr, "fields: %s\n", lacuna_error());
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
    return code;
}
