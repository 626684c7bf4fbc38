/* The solve by the transform: its stages, and how threads share them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transform_internal.h"

#include <omp.h>
#include <stdbool.h>

enum { LOTS_PER_THREAD = 8 };

/* --- the stages of a solve ------------------------------------------------------------------ */

/* One part of one stage for one field; `part` counts batches, blocks of columns or planes. */
typedef struct stage_part {
    const lac_transform *transform;
    lac_column_factor *column;
    double *v; /* of the field */
    size_t part;
    double *scratch;
} stage_part;

static void forward(stage_part at)
{
    lac_sheet_forward(at.column->sheet, at.part, at.v, at.scratch);
}

static void backward(stage_part at)
{
    lac_sheet_backward(at.column->sheet, at.part, at.v, at.scratch);
}

static void solve_columns(stage_part at)
{
    const lac_sheet *sheet = at.column->sheet;
    size_t first = at.part * LAC_COLUMNS, left = sheet->plane - first;
    lac_columns_solve(at.column, sheet->layers, sheet->eigenvalue + first,
                      left < LAC_COLUMNS ? left : LAC_COLUMNS, at.v + first, sheet->plane,
                      at.scratch);
}

/* Inactive voxels get the mean of their plane; its sum over active voxels is kept. */
static void fill_inactive(stage_part at)
{
    const size_t plane = at.column->sheet->plane;
    const double *active = at.transform->grid->active + at.part * plane;
    double *v = at.v + at.part * plane;
    double count = (double)at.transform->layer_active[at.part];
    double sum = lac_dot(active, v, plane), mean = count > 0 ? sum / count : 0;
    at.column->before[at.part] = sum;
    for (size_t i = 0; i < plane; i++)
        v[i] = active[i] != 0 ? v[i] : mean;
}

static void clear_inactive(stage_part at)
{
    const size_t plane = at.column->sheet->plane;
    const double *active = at.transform->grid->active + at.part * plane;
    double *v = at.v + at.part * plane;
    for (size_t i = 0; i < plane; i++)
        v[i] = active[i] != 0 ? v[i] : 0;
    at.column->after[at.part] = lac_sum(v, plane);
}

/* Sum over active voxels of D v must be the sum of v before, plus what the pools gave. */
static void restore_sum(stage_part at)
{
    const size_t plane = at.column->sheet->plane, layers = at.column->sheet->layers;
    const double *active = at.transform->grid->active + at.part * plane;
    double lacking = at.column->given / at.transform->weight, scale = 0;
    for (size_t z = 0; z < layers; z++) {
        double each = 1 + at.column->loss + at.column->held[z];
        lacking += at.column->before[z] - at.column->after[z] * each;
        scale += (double)at.transform->layer_active[z] * each;
    }
    for (size_t i = 0; i < plane; i++)
        at.v[at.part * plane + i] += active[i] * (lacking / scale);
}

/* --- the solve ------------------------------------------------------------------------------ */

/* Fields that are solved together, and who does it. */
typedef struct solve_run {
    lac_transform *transform;
    lac_group *group; /* [groups] */
    size_t groups;
    const size_t *field; /* [fields]: all of these groups */
    size_t fields;
    double *v;
    int threads;     /* that share the parts of a stage, in a team that is there already */
    double *scratch; /* of the first of them */
} solve_run;

static void run_task(const solve_run *run, void (*stage)(stage_part), size_t parts, size_t task)
{
    lac_transform *transform = run->transform;
    size_t field = run->field[task / parts];
    size_t thread = run->threads > 1 ? (size_t)omp_get_thread_num() : 0;
    stage((stage_part){transform, &transform->column[field],
                       run->v + field * transform->layout.stride, task % parts,
                       run->scratch + thread * transform->scratch_size});
}

/* Called by every thread of the team, which meets at the end. Parts go to whoever is free, so that
 * a thread that the machine holds up is not waited for longer than it takes to do one lot. */
static void run_stage(const solve_run *run, void (*stage)(stage_part), size_t parts)
{
    const size_t tasks = run->fields * parts;
    const size_t lot = tasks / ((size_t)run->threads * LOTS_PER_THREAD) + 1;
    if (run->threads == 1) {
        for (size_t task = 0; task < tasks; task++)
            run_task(run, stage, parts, task);
        return;
    }
#pragma omp for schedule(dynamic, lot)
    for (size_t task = 0; task < tasks; task++)
        run_task(run, stage, parts, task);
}

/* What concerns pools takes little: one thread does it while the others wait. */
static void run_pools(const solve_run *run,
                      void (*what)(const lac_transform *, lac_group *, double *))
{
    if (run->threads == 1 || omp_get_thread_num() == 0)
        for (size_t group = 0; group < run->groups; group++)
            what(run->transform, &run->group[group], run->v);
    if (run->threads > 1) {
#pragma omp barrier
    }
}

static bool have_pools(const solve_run *run)
{
    size_t pools = 0;
    for (size_t group = 0; group < run->groups; group++)
        pools += run->group[group].pools;
    return pools > 0;
}

static void solve_groups(const solve_run *run)
{
    const lac_sheet *sheet = run->transform->column[run->field[0]].sheet;
    const bool masked = run->transform->grid->active != NULL;
    const bool pools = have_pools(run);
    const size_t batches = lac_sheet_batches(sheet);
    if (masked)
        run_stage(run, fill_inactive, sheet->layers);
    run_stage(run, forward, batches);
    if (pools)
        run_pools(run, lac_group_note_sums);
    run_stage(run, solve_columns, (sheet->plane + LAC_COLUMNS - 1) / LAC_COLUMNS);
    if (pools)
        run_pools(run, lac_group_solve);
    run_stage(run, backward, batches);
    if (masked) {
        run_stage(run, clear_inactive, sheet->layers);
        run_stage(run, restore_sum, sheet->layers);
    }
}

static solve_run run_of_group(lac_transform *transform, size_t group, double *v)
{
    lac_group *g = &transform->group[group];
    return (solve_run){transform, g, 1, g->field, g->fields, v, 1, transform->scratch};
}

/* One team for the whole solve: every parallel region less is one waking and one waiting less. */
static void solve_in_team(lac_transform *transform, double *v, int threads)
{
    solve_run run = {transform,         transform->group,  transform->groups,
                     transform->solved, transform->solves, v,
                     threads,           transform->scratch};
#pragma omp parallel num_threads(threads)
    {
        solve_run mine = run;
        mine.threads = omp_get_num_threads();
        solve_groups(&mine);
    }
}

/* Threads share the work of all groups where planes are large or groups are few; else each takes
 * whole groups. No region may stand around another, even with one thread: libgomp makes threads
 * anew for each inner one. */
void lac_transform_solve(lac_transform *transform, double *v)
{
    const size_t voxels = transform->grid->voxels;
    int threads = lac_threads() < transform->threads ? lac_threads() : transform->threads;
    if (voxels * transform->layout.fields < LAC_PARALLEL_FROM)
        threads = 1;
    if (threads == 1) {
        for (size_t group = 0; group < transform->groups; group++) {
            solve_run run = run_of_group(transform, group, v);
            solve_groups(&run);
        }
    } else if (voxels >= LAC_PARALLEL_FROM || transform->groups < (size_t)threads) {
        solve_in_team(transform, v, threads);
    } else {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (size_t group = 0; group < transform->groups; group++) {
            solve_run run = run_of_group(transform, group, v);
            run.scratch += (size_t)omp_get_thread_num() * transform->scratch_size;
            solve_groups(&run);
        }
    }
}
