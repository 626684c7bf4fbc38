/* Points: at() must look into the tissue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"

#include <math.h>

/* Two voxels must lie so far apart, along one axis or along each that is named. */
static void check_distance(lac_loader *loader, const lac_expression *node,
                           const lac_tissue_text *tissue)
{
    int numbers = lac_reduction_numbers(node), pairs = 0, missed = 0;
    double longest = 0;
    for (int axis = 0; axis < 3; axis++) {
        double distance = fabs(node->point[numbers == 1 ? 0 : axis]);
        double most = (double)(tissue->voxels[axis] - 1) * tissue->voxel[axis];
        double half = 0.5 * tissue->voxel[axis];
        bool fits =
            floor(distance / tissue->voxel[axis] + 0.5) * tissue->voxel[axis] <= most * (1 + 1e-9);
        pairs += fits && (distance >= half || !(distance > 0));
        missed += !fits;
        longest = fmax(longest, most);
    }
    if (numbers == 1 ? pairs == 0 : missed > 0)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "correlation() finds no two voxels that far apart: here their centres are at "
                   "most %.6g um apart along an axis, and a distance is at least half a voxel",
                   longest);
}

static void check_point(const lac_expression *node, void *context)
{
    static const char *const axes[] = {"x", "y", "depth"};
    lac_loader *loader = context;
    if (node->op != LAC_OP_CORRELATION && node->op != LAC_OP_AT)
        return;
    size_t which = lac_model_reduction_tissue(loader->model, node, NULL);
    const lac_tissue_text *tissue = &loader->model->tissue[which == LAC_NONE ? 0 : which];
    if (node->op == LAC_OP_CORRELATION && tissue->present)
        check_distance(loader, node, tissue);
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
