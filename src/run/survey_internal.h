/* What the parts of a survey share; private to this room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SURVEY_INTERNAL_H
#define LAC_RUN_SURVEY_INTERNAL_H

#include "run/simulation.h"
#include "run/survey.h"

/* What is looked at, and room for one field. */
typedef struct lac_survey_site {
    lac_scene scene;
    lac_grid *grid;   /* owned */
    lac_state *state; /* owned */
    double *field;    /* owned [voxels] */
} lac_survey_site;

/* d(rate)/d(variable) in every voxel of the grid (NULL = among pools: in one number), in
 * site->field; *any = false where the rate does not depend on it. */
lac_status lac_survey_derivative(const lac_survey_site *site, const lac_process *process,
                                 size_t variable, const lac_grid *grid, bool *any);

/* decay.c: decay lengths of a field against its grid. */
lac_status lac_survey_decay_of(const lac_survey_site *site, size_t variable,
                               lac_survey_decay *decay);

#endif
