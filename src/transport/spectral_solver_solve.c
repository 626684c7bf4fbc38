/* The spectral solve: its stages, and how threads share them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/spectral_solver_internal.h"

#include <omp.h>
#include <stdbool.h>

enum { LOTS_PER_THREAD = 8 };

/* --- the stages of a solve ------------------------------------------------------------------ */

/* One part of one stage for one field; `part` counts batches, blocks of columns or planes. */
typedef struct stage_part {
    lac_tridiagonal_factor *tridiagonal;
    double *v; /* of the field */
    size_t part;
    double *scratch;
} stage_part;

/* A stage, and by which parts it is done. */
typedef struct stage {
    void (*work)(stage_part);
    lac_part_kind by;
} stage;

static void forward(stage_part at)
{
    lac_plane_transform_forward(at.tridiagonal->transform, at.part, at.v, at.scratch);
}

static void backward(stage_part at)
{
    lac_plane_transform_backward(at.tridiagonal->transform, at.part, at.v, at.scratch);
}

static void solve_columns(stage_part at)
{
    const lac_plane_transform *transform = at.tridiagonal->transform;
    const double *width = at.tridiagonal->slab->grid->width;
    size_t first = at.part * LAC_COLUMNS, left = transform->plane - first;
    for (size_t z = 0; width && z < transform->layers; z++)
        for (size_t i = first; i < first + (left < LAC_COLUMNS ? left : LAC_COLUMNS); i++)
            at.v[z * transform->plane + i] *= width[z];
    lac_tridiagonal_solve(at.tridiagonal, transform->layers, transform->eigenvalue + first,
                          left < LAC_COLUMNS ? left : LAC_COLUMNS, at.v + first, transform->plane,
                          at.scratch);
}

/* Inactive voxels get the mean of their plane; its sum over active voxels is kept. */
static void fill_inactive(stage_part at)
{
    const size_t plane = at.tridiagonal->transform->plane;
    const double *active = at.tridiagonal->slab->grid->active + at.part * plane;
    double *v = at.v + at.part * plane;
    double count = (double)at.tridiagonal->slab->layer_active[at.part];
    double sum = lac_dot(active, v, plane), mean = count > 0 ? sum / count : 0;
    at.tridiagonal->before[at.part] = sum;
    for (size_t i = 0; i < plane; i++)
        v[i] = active[i] != 0 ? v[i] : mean;
}

static void clear_inactive(stage_part at)
{
    const size_t plane = at.tridiagonal->transform->plane;
    const double *active = at.tridiagonal->slab->grid->active + at.part * plane;
    double *v = at.v + at.part * plane;
    for (size_t i = 0; i < plane; i++)
        v[i] = active[i] != 0 ? v[i] : 0;
    at.tridiagonal->after[at.part] = lac_sum(v, plane);
}

/* Sum over active voxels of D v must be the sum of v before, plus what the pools gave. */
static void restore_sum(stage_part at)
{
    const size_t plane = at.tridiagonal->transform->plane,
                 layers = at.tridiagonal->transform->layers;
    const double *active = at.tridiagonal->slab->grid->active + at.part * plane;
    const double *width = at.tridiagonal->slab->grid->width;
    double lacking = at.tridiagonal->given / at.tridiagonal->slab->grid->weight, scale = 0;
    for (size_t z = 0; z < layers; z++) {
        double own = width ? width[z] : 1;
        double each = own * (1 + at.tridiagonal->loss) + at.tridiagonal->held[z];
        lacking += own * at.tridiagonal->before[z] - at.tridiagonal->after[z] * each;
        scale += (double)at.tridiagonal->slab->layer_active[z] * each;
    }
    for (size_t i = 0; i < plane; i++)
        at.v[at.part * plane + i] += active[i] * (lacking / scale);
}

/* --- the solve ------------------------------------------------------------------------------ */

/* Fields that are solved together, and who does it. */
typedef struct solve_run {
    lac_spectral_solver *solver;
    lac_coupled_fields *group; /* [groups] */
    size_t groups;
    const size_t *field; /* [fields]: all of these groups */
    size_t fields;
    double *v;
    int threads;     /* that share the parts of a stage, in a team that is there already */
    double *scratch; /* of the first of them */
} solve_run;

/* Part task % parts of a field, when it has as many. */
static void run_task(const solve_run *run, stage what, size_t parts, size_t task)
{
    lac_tridiagonal_factor *tridiagonal = &run->solver->tridiagonal[run->field[task / parts]];
    size_t thread = run->threads > 1 ? (size_t)omp_get_thread_num() : 0;
    if (task % parts < tridiagonal->parts[what.by])
        what.work((stage_part){tridiagonal, run->v + tridiagonal->at, task % parts,
                               run->scratch + thread * run->solver->scratch_size});
}

/* Called by every thread of the team, which meets at the end. Parts go to whoever is free, so that
 * a thread that the machine holds up is not waited for longer than it takes to do one lot. */
static void run_stage(const solve_run *run, stage what)
{
    size_t parts = 0; /* of the field that has most */
    for (size_t k = 0; k < run->fields; k++) {
        size_t own = run->solver->tridiagonal[run->field[k]].parts[what.by];
        parts = own > parts ? own : parts;
    }
    const size_t tasks = run->fields * parts;
    if (parts == 0)
        return;
    const size_t lot = tasks / ((size_t)run->threads * LOTS_PER_THREAD) + 1;
    if (run->threads == 1) {
        for (size_t task = 0; task < tasks; task++)
            run_task(run, what, parts, task);
        return;
    }
#pragma omp for schedule(dynamic, lot)
    for (size_t task = 0; task < tasks; task++)
        run_task(run, what, parts, task);
}

/* What concerns pools takes little: one thread does it while the others wait. */
static void run_pools(const solve_run *run,
                      void (*what)(const lac_spectral_solver *, lac_coupled_fields *, double *))
{
    if (run->threads == 1 || omp_get_thread_num() == 0)
        for (size_t group = 0; group < run->groups; group++)
            what(run->solver, &run->group[group], run->v);
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
    const bool pools = have_pools(run);
    run_stage(run, (stage){fill_inactive, LAC_MASKED_LAYERS});
    run_stage(run, (stage){forward, LAC_BATCHES});
    if (pools)
        run_pools(run, lac_coupled_fields_note_sums);
    run_stage(run, (stage){solve_columns, LAC_LOTS});
    if (pools)
        run_pools(run, lac_coupled_fields_solve);
    run_stage(run, (stage){backward, LAC_BATCHES});
    run_stage(run, (stage){clear_inactive, LAC_MASKED_LAYERS});
    run_stage(run, (stage){restore_sum, LAC_MASKED_LAYERS});
}

static solve_run run_of_group(lac_spectral_solver *solver, size_t group, double *v)
{
    lac_coupled_fields *g = &solver->group[group];
    return (solve_run){solver, g, 1, g->field, g->fields, v, 1, solver->scratch};
}

/* One team for the whole solve: every parallel region less is one waking and one waiting less. */
static void solve_in_team(lac_spectral_solver *solver, double *v, int threads)
{
    solve_run run = {solver, solver->group, solver->groups, solver->solved, solver->solves,
                     v,      threads,       solver->scratch};
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
void lac_spectral_solver_solve(lac_spectral_solver *solver, double *v)
{
    const size_t voxels = solver->largest;
    int threads = lac_threads() < solver->threads ? lac_threads() : solver->threads;
    if (lac_layout_unknowns(&solver->layout) < LAC_PARALLEL_FROM)
        threads = 1;
    if (threads == 1) {
        for (size_t group = 0; group < solver->groups; group++) {
            solve_run run = run_of_group(solver, group, v);
            solve_groups(&run);
        }
    } else if (voxels >= LAC_PARALLEL_FROM || solver->groups < (size_t)threads) {
        solve_in_team(solver, v, threads);
    } else {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (size_t group = 0; group < solver->groups; group++) {
            solve_run run = run_of_group(solver, group, v);
            run.scratch += (size_t)omp_get_thread_num() * solver->scratch_size;
            solve_groups(&run);
        }
    }
}
