/* Decay lengths: how far a species gets before it is lost, against the sides of the voxels.
 *
 * Where D u'' = k u, u falls by e over sqrt(D / k). Second-order finite volumes of side h make that
 * length longer by h^2 k / (24 D) to first order: by 1 % at half a length, by 4 % at a whole one
 * (seen in tests/cli/test_check.sh). k is what the laws lose at the initial state for each unit of
 * the species itself, -d(rate)/du summed over its processes; where that is a gain, nothing decays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/survey_internal.h"

#include "base/memory.h"
#include "run/events.h"

#include <math.h>

static void add_loss(const lac_survey_site *site, const lac_grid *grid, const lac_process *process,
                     double factor, double *loss)
{
    const double *region = process->region == LAC_NONE ? NULL : grid->region[process->region];
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (!region || region[voxel] != 0)
            loss[voxel] -= factor * site->field[voxel];
}

/* k in every voxel [1/s]; *any = false where no law depends on the species that it changes. */
static lac_status loss_of(const lac_survey_site *site, size_t variable, const lac_grid *grid,
                          double *loss, bool *any)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    *any = false;
    for (size_t index = 0; index < model->processes; index++) {
        const lac_process *process = &model->process[index];
        for (size_t k = 0; process->in_tissue && k < process->changes; k++) {
            bool depends;
            if (process->change[k].variable != variable)
                continue;
            LAC_TRY(lac_survey_derivative(site, process, variable, grid, &depends));
            if (depends)
                add_loss(site, grid, process, process->change[k].factor, loss);
            *any = *any || depends;
        }
    }
out:
    return status;
}

/* One voxel: kept where its side is the largest share of a length so far. */
static void look(const lac_grid *grid, size_t voxel, double length, lac_survey_decay *decay)
{
    const double depth = grid->position[2][voxel];
    for (int axis = 0; axis < 3; axis++) {
        if (grid->n[axis] < 2)
            continue;
        const double side = lac_grid_side(grid, axis, voxel);
        if (!(side / length <= decay->side / decay->length))
            *decay =
                (lac_survey_decay){length, side, axis, depth, {decay->coarse[0], decay->coarse[1]}};
        if (side > LAC_DECAY_SIDES * length) {
            decay->coarse[0] = fmin(decay->coarse[0], depth); /* of NaN and a number: the number */
            decay->coarse[1] = fmax(decay->coarse[1], depth);
        }
    }
}

lac_status lac_survey_decay_of(const lac_survey_site *site, size_t variable,
                               lac_survey_decay *decay)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    const lac_grid *grid = lac_grid_of_field(site->grid, model, variable);
    double *loss = NULL;
    bool any;
    LAC_NEW(loss, grid->voxels);
    LAC_TRY(loss_of(site, variable, grid, loss, &any));
    if (!any)
        goto out;
    LAC_TRY(lac_fill_field(&site->scene, site->state, model->variable[variable].diffusivity,
                           &(lac_fill_ground){grid->tissue, NULL}, site->field));
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if ((!grid->active || grid->active[voxel] != 0) && loss[voxel] > 0 &&
            site->field[voxel] > 0)
            look(grid, voxel, sqrt(site->field[voxel] / loss[voxel]), decay);
out:
    lac_free(loss);
    return status;
}
