/* The footprint: bytes of memory that a run needs, counted before anything is allocated.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "methods/methods.h"
#include "observe/spread.h"
#include "run/cgroup_memory.h"
#include "run/simulation.h"

#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

static bool has_state_events(const lac_model *model)
{
    for (size_t event = 0; event < model->events; event++)
        if (model->event[event].when)
            return true;
    return false;
}

static double stepper_bytes(const lac_model *model, double voxels)
{
    const lac_stepper_type *type = lac_stepper_find(model->settings.method);
    if (!type || !type->memory || voxels >= 0x1p40)
        return 0;
    return (double)type->memory(model, (size_t)voxels);
}

static size_t needing_all(const lac_expression *tree)
{
    size_t count = lac_op_needs_all(tree->op);
    for (size_t k = 0; k < tree->args; k++)
        count += needing_all(tree->arg[k]);
    return count;
}

/* sd(), quantile() and correlation(): the values of each, and five numbers a voxel to work in. */
static double spread_bytes(const lac_model *model, double voxels)
{
    size_t reductions = 0;
    for (size_t each = 0; each < model->observables; each++)
        reductions += needing_all(model->observable[each].value);
    return reductions ? sizeof(double) * voxels * (5 + (double)reductions) : 0;
}

size_t lac_simulation_memory(const lac_model *model)
{
    double voxels = 0, unknowns = (double)(model->variables - model->fields);
    for (size_t each = 0; each < lac_model_grids(model); each++) {
        const lac_tissue_text *tissue = &model->tissue[each];
        double own = tissue->present ? (double)tissue->voxels[0] * (double)tissue->voxels[1] *
                                           (double)tissue->voxels[2]
                                     : 0;
        voxels += own;
        unknowns += own * (double)(model->tissues > 1 ? tissue->fields : model->fields);
    }
    /* The state, its copy for triggers, what observers hold; positions, regions, active. */
    double state = sizeof(double) * unknowns * (has_state_events(model) ? 2 : 1);
    double observers = sizeof(double) * (4 * voxels + unknowns / (double)(model->fields + 1));
    double grid = sizeof(double) * voxels * (4 + (double)model->regions);
    double bytes = state + observers + grid + spread_bytes(model, voxels);
    bytes += stepper_bytes(model, voxels);
    return bytes < 0x1p62 ? (size_t)bytes : SIZE_MAX;
}

size_t lac_simulation_memory_limit(void)
{
    size_t limit = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY &&
        space.rlim_cur < limit)
        limit = (size_t)space.rlim_cur;
    size_t cgroup = lac_cgroup_memory("/proc/self/cgroup", "/sys/fs/cgroup");
    return cgroup < limit ? cgroup : limit;
}
