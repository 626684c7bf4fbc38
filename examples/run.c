/* Runs a scenario and shows its observables at the end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lacuna.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    lacuna_model *model = NULL;
    lacuna_simulation *simulation = NULL;
    lacuna_series series;
    const double *value;
    size_t count = 0;
    int code = lacuna_model_load(argc > 1 ? argv[1] : "params/teaching/decay.yaml", &model);
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, NULL, &simulation);
    if (code == LACUNA_OK)
        code = lacuna_simulation_finish(simulation);
    if (code == LACUNA_OK)
        code = lacuna_simulation_series(simulation, &value, &count);
    for (size_t k = 0; k < count && lacuna_model_series(model, k, &series) == LACUNA_OK; k++)
        printf("%s = %.6g %s\n", series.name, value[k], series.unit);
    if (code != LACUNA_OK)
        fprintf(stderr, "run: %s\n", lacuna_error());
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
    return code;
}
