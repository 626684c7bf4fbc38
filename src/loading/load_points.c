/* Points: at() must look into the tissue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"

static void check_point(const lac_expression *node, void *context)
{
    static const char *const axes[] = {"x", "y", "depth"};
    lac_loader *loader = context;
    const lac_tissue_text *tissue = &loader->model->tissue;
    if (node->op != LAC_OP_AT || !tissue->present)
        return;
    for (int axis = 0; axis < 3; axis++) {
        double size = (double)tissue->voxels[axis] * tissue->voxel[axis];
        double slack = 1e-9 * size;
        if (node->point[axis] < -slack || node->point[axis] > size + slack)
            lac_report(loader->list, LAC_ERROR, node->place,
                       "at() looks outside the tissue: %s is %.6g um, and the tissue is from 0 to "
                       "%.6g um",
                       axes[axis], node->point[axis], size);
    }
}

static void check(lac_loader *loader, const lac_expression *tree)
{
    if (tree)
        lac_expression_walk(tree, check_point, loader);
}

lac_status lac_define_points(lac_loader *loader)
{
    const lac_model *model = loader->model;
    for (size_t observable = 0; observable < model->observables; observable++)
        check(loader, model->observable[observable].value);
    for (size_t event = 0; event < model->events; event++) {
        check(loader, model->event[event].when);
        for (size_t action = 0; action < model->event[event].actions; action++)
            check(loader, model->event[event].action[action].value);
    }
    return LAC_OK;
}
