/* Measures on a state: each stage's program runs once over the voxels, block by block. Every block
 * leaves one partial result per reduction; these are put together in the order of the blocks, so
 * the bits do not depend on the number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/measure_internal.h"

#include "base/memory.h"

#include <math.h>
#include <omp.h>
#include <string.h>

/* Scratch for as many threads as there are now. */
static lac_status make_room(lac_measures *measures)
{
    lac_status status = LAC_OK;
    size_t threads = (size_t)lac_threads();
    if (threads <= measures->threads)
        goto out;
    lac_free(measures->scratch);
    lac_free(measures->out);
    measures->scratch = NULL;
    measures->out = NULL;
    measures->threads = 0;
    LAC_NEW(measures->scratch, threads * measures->thread_size);
    LAC_NEW(measures->out, threads * measures->most_fields);
    for (size_t thread = 0; thread < threads; thread++)
        for (size_t k = 0; k < measures->most_fields; k++)
            measures->out[thread * measures->most_fields + k] =
                measures->scratch + thread * measures->thread_size + k * LAC_BLOCK;
    measures->threads = threads;
out:
    return status;
}

/* NaN once, NaN for ever. */
static double lesser(double a, double b)
{
    return isnan(a) || a < b ? a : b;
}

static double identity_of(lac_op op)
{
    if (op == LAC_OP_LEAST)
        return (double)INFINITY;
    return op == LAC_OP_GREATEST ? -(double)INFINITY : 0;
}

static double join(lac_op op, double a, double b)
{
    if (op == LAC_OP_LEAST)
        return lesser(a, b);
    return op == LAC_OP_GREATEST ? -lesser(-a, -b) : a + b;
}

/* What a value counts for in a reduction: sums go by volume. */
static double volume_of(const lac_grid *grid, lac_op op, size_t voxel)
{
    bool sums = op == LAC_OP_MEAN || op == LAC_OP_FRACTION || op == LAC_OP_TOTAL;
    return grid->share && sums ? grid->share[voxel] : 1;
}

/* What voxels first .. first + count - 1 contribute to a reduction. */
static double reduce_block(const lac_measures *measures, size_t index, size_t first, size_t count,
                           const double *value)
{
    const lac_reduction *of = &measures->reductions.item[index];
    double kept[LAC_BLOCK];
    double result = identity_of(of->op);
    if (measures->kept[index]) {
        memcpy(measures->kept[index] + first, value, count * sizeof *value);
        return 0;
    }
    if (of->op == LAC_OP_AT) {
        size_t voxel = measures->voxel[index];
        return voxel >= first && voxel - first < count ? value[voxel - first] : 0;
    }
    const lac_grid *grid = lac_grid_of(measures->view.grid, of->tissue);
    for (size_t i = 0; i < count; i++) {
        bool counts = lac_takes_part(grid, of->region, first + i);
        double shown = of->op == LAC_OP_FRACTION ? value[i] != 0 : value[i];
        kept[i] = counts ? shown * volume_of(grid, of->op, first + i) : identity_of(of->op);
    }
    if (of->op != LAC_OP_LEAST && of->op != LAC_OP_GREATEST)
        return lac_sum(kept, count);
    for (size_t i = 0; i < count; i++)
        result = join(of->op, result, kept[i]);
    return result;
}

static double finish(const lac_measures *measures, size_t index, double joined)
{
    const lac_reduction *of = &measures->reductions.item[index];
    const lac_grid *grid = lac_grid_of(measures->view.grid, of->tissue);
    lac_spread *spread = measures->spread[of->tissue];
    if (of->op == LAC_OP_TOTAL)
        return joined * grid->weight;
    if (of->op == LAC_OP_AT)
        return lac_takes_part(grid, LAC_NONE, measures->voxel[index]) ? joined : (double)NAN;
    if (of->op == LAC_OP_SD)
        return lac_spread_sd(spread, of->region, measures->kept[index]);
    if (of->op == LAC_OP_QUANTILE)
        return lac_spread_quantile(spread, of->region, measures->kept[index], of->point[0]);
    if (of->op == LAC_OP_CORRELATION)
        return lac_spread_correlation(spread, of->region, measures->kept[index], of->point);
    if (of->op != LAC_OP_MEAN && of->op != LAC_OP_FRACTION)
        return joined;
    return joined / lac_grid_volume_of(grid, of->region);
}

static void reduce_fields(lac_measures *measures, const lac_stage *of, const lac_frame *frame)
{
    const size_t voxels = of->grid->voxels, blocks = lac_blocks(voxels);
    lac_program_uniform(of->over_voxels, frame, measures->uniform);
#pragma omp parallel for schedule(static) if (blocks > 1)
    for (size_t block = 0; block < blocks; block++) {
        size_t thread = (size_t)omp_get_thread_num();
        size_t first = block * LAC_BLOCK;
        size_t count = voxels - first < LAC_BLOCK ? voxels - first : LAC_BLOCK;
        double **out = measures->out + thread * measures->most_fields;
        double *scratch =
            measures->scratch + thread * measures->thread_size + measures->most_fields * LAC_BLOCK;
        lac_program_block(of->over_voxels, frame, measures->uniform, first, count, scratch, out);
        for (size_t k = 0; k < of->fields; k++)
            measures->partial[k * blocks + block] =
                reduce_block(measures, of->field[k], first, count, out[k]);
    }
    for (size_t k = 0; k < of->fields; k++) {
        lac_op op = measures->reductions.item[of->field[k]].op;
        double joined = identity_of(op);
        for (size_t block = 0; block < blocks; block++)
            joined = join(op, joined, measures->partial[k * blocks + block]);
        measures->reduced[of->field[k]] = finish(measures, of->field[k], joined);
    }
}

/* The time at which each condition of a stage held first. */
static lac_status note_firsts(lac_measures *measures, const lac_stage *of, const lac_frame *frame,
                              bool latch)
{
    lac_status status = LAC_OK;
    double *holds = NULL;
    LAC_NEW(holds, of->conditions);
    lac_program_scalars(of->of_conditions, frame, measures->uniform, holds);
    for (size_t k = 0; k < of->conditions; k++) {
        size_t index = of->condition[k];
        double time = measures->latched[index];
        if (isnan(time) && holds[k] != 0 && !isnan(holds[k]))
            time = frame->time;
        measures->reduced[index] = time;
        if (latch)
            measures->latched[index] = time;
    }
out:
    lac_free(holds);
    return status;
}

/* The frame keeps what is of the grids: building it costs more than a small model's expressions. */
static lac_frame *look_at(lac_measures *measures, const lac_state *state)
{
    lac_frame *frame = &measures->frame;
    frame->layout = &state->layout;
    frame->value = state->value;
    frame->parameter = state->parameter;
    lac_frame_at(frame, measures->view.model, state->time);
    return frame;
}

lac_status lac_measures_evaluate(lac_measures *measures, const lac_state *state, bool latch,
                                 double *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(make_room(measures));
    lac_frame *frame = look_at(measures, state);
    for (size_t number = 0; number < measures->stages; number++) {
        const lac_stage *of = &measures->stage[number];
        lac_frame_enter(frame, of->grid->tissue);
        if (of->fields)
            reduce_fields(measures, of, frame);
        if (of->conditions)
            LAC_TRY(note_firsts(measures, of, frame, latch));
    }
    lac_frame_enter(frame, 0);
    lac_program_scalars(measures->arithmetic, frame, measures->uniform, value);
out:
    return status;
}
