/* A sweep in memory: one parameter over some values, a curve at three times for each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lacuna.h>
#include <stdio.h>

enum { POINTS = 4, TIMES = 3 };

static const double half_life[POINTS] = {1, 2, 4, 8}; /* [h] */
static const double hour[TIMES] = {2, 6, 24};

/* level[time] of one point. */
static int run_point(lacuna_model *model, double value, double *level)
{
    lacuna_simulation *simulation = NULL;
    int code = lacuna_model_set_number(model, "half_life", value);
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, NULL, &simulation);
    for (int k = 0; k < TIMES && code == LACUNA_OK; k++) {
        code = lacuna_simulation_advance_to(simulation, hour[k] * LACUNA_HOUR);
        if (code == LACUNA_OK)
            code = lacuna_simulation_value(simulation, "A_level", &level[k]);
    }
    lacuna_simulation_free(simulation);
    return code;
}

int main(int argc, char **argv)
{
    lacuna_model *model = NULL;
    double level[TIMES];
    int code = lacuna_model_load(argc > 1 ? argv[1] : "params/teaching/decay.yaml", &model);
    for (int point = 0; point < POINTS && code == LACUNA_OK; point++) {
        code = run_point(model, half_life[point], level);
        if (code == LACUNA_OK)
            printf("half_life = %g h: %.4f %.4f %.4f nM\n", half_life[point], level[0], level[1],
                   level[2]);
    }
    if (code != LACUNA_OK)
        fprintf(stderr, "sweep: %s\n", lacuna_error());
    lacuna_model_free(model);
    return code;
}
