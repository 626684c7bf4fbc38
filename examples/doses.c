/* A loop of one's own: a dose whenever the level is below a limit, looked at every half hour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lacuna.h>
#include <stdio.h>

static const char text[] = "lacuna: 1\n"
                           "title: a drug that is cleared\n"
                           "domains:\n"
                           "  joint: {kind: well-mixed, volume: 4 mL}\n"
                           "species:\n"
                           "  drug: {molar_mass: 500 Da, joint: {initial: 0 nM, display: nM}}\n"
                           "parameters:\n"
                           "  clearance: {value: 0.5 1/h, kind: assumption, source: example}\n"
                           "reactions:\n"
                           "  loss: {in: joint, equation: \"drug ->\", rate: clearance * drug}\n"
                           "run: {until: 1 d, save: {every: 1 h}}\n";

/* *doses that were needed to keep the level above 200 nM. */
static int keep_up(lacuna_simulation *simulation, int *doses)
{
    double level;
    int code = LACUNA_OK;
    for (int half = 0; half <= 48 && code == LACUNA_OK; half++) {
        code = lacuna_simulation_advance_to(simulation, half * 0.5 * LACUNA_HOUR);
        if (code == LACUNA_OK)
            code = lacuna_simulation_value(simulation, "joint_drug", &level);
        if (code != LACUNA_OK || level > 200)
            continue;
        code = lacuna_simulation_add(simulation, "joint.drug", "2 ug", NULL);
        ++*doses;
    }
    return code;
}

int main(void)
{
    lacuna_model *model = NULL;
    lacuna_simulation *simulation = NULL;
    int doses = 0;
    int code = lacuna_model_read("doses", text, NULL, &model);
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, NULL, &simulation);
    if (code == LACUNA_OK)
        code = keep_up(simulation, &doses);
    if (code == LACUNA_OK)
        printf("%d doses in a day\n", doses);
    else
        fprintf(stderr, "doses: %s\n", lacuna_error());
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
    return code;
}
