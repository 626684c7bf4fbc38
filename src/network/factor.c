/* The local factor: its numbers and its solves, voxel by voxel, over neighbouring voxels at once.
 *
 *   R = I - g (J_R + diag(shift)),   R = I where a voxel is inactive.
 *
 * Work goes in tiles, so that all entries of a tile stay in the first-level cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clones.h"
#include "base/parallel.h"
#include "base/strips.h"
#include "network/factor_internal.h"

#include <string.h>

enum { TILE = 64 };

/* Entries of one group for one tile, `step` doubles apart; one number each when the group does not
 * vary. */
typedef struct tile {
    double *entry;
    size_t step;
    size_t block, offset; /* of the first voxel in its block */
    size_t count;
} tile;

LAC_INLINE double *entry_of(const tile *t, size_t entry)
{
    return t->entry + entry * t->step;
}

/* ---- assembly ---------------------------------------------------------------------------------
 */

static void assemble(const lac_network *network, const lac_group *group, const tile *t, double g,
                     const double *shift)
{
    const double *active = group->varies ? network->active : NULL;
    for (size_t entry = 0; entry < group->entries; entry++) {
        double *to = entry_of(t, entry);
        int diagonal = group->row[entry] == group->column[entry];
        double loss = diagonal ? g * shift[group->row[entry]] : 0;
        lac_strip_fill(to, diagonal ? 1 - loss : 0, t->count);
        if (diagonal && loss != 0 && active) {
            const double *on = active + t->block * LAC_BLOCK + t->offset;
            lac_strip_fill(to, 1, t->count);
            lac_strip_add_scaled(to, -loss, on, t->count);
        }
    }
    for (size_t k = 0; k < group->contributions; k++) {
        const lac_contribution *c = &group->contribution[k];
        const lac_slope *slope = &network->slope[c->slope];
        double *to = entry_of(t, c->entry);
        if (slope->varies)
            lac_strip_add_scaled(to, -g * c->factor,
                                 lac_network_stored(network, t->block, slope->at) + t->offset,
                                 t->count);
        else
            lac_strip_add(to, -g * c->factor * network->scalar[slope->at], t->count);
    }
}

/* ---- elimination ------------------------------------------------------------------------------
 */

/* One step that is no inversion. */
LAC_INLINE void reduce(const lac_elimination *e, const tile *t)
{
    double *to = entry_of(t, e->target);
    const double *left = entry_of(t, e->left), *right = entry_of(t, e->right);
    if (e->kind == LAC_SCALE) {
#pragma omp simd
        for (size_t i = 0; i < t->count; i++)
            to[i] *= left[i];
    } else {
#pragma omp simd
        for (size_t i = 0; i < t->count; i++)
            to[i] -= left[i] * right[i];
    }
}

/* Steps up to the next inversion or the end; returns where it stopped. */
LAC_CLONED static size_t reduce_run(const lac_group *group, const tile *t, size_t step)
{
    while (step < group->eliminations && group->elimination[step].kind != LAC_INVERT)
        reduce(&group->elimination[step++], t);
    return step;
}

/* The first voxel of the tile at which a pivot is no good, or count; its entry in *where. */
static size_t eliminate(const lac_group *group, const tile *t, size_t *where)
{
    for (size_t step = 0; step < group->eliminations;) {
        *where = group->elimination[step].target;
        size_t bad = lac_strip_invert(entry_of(t, *where), t->count);
        if (bad < t->count)
            return bad;
        step = reduce_run(group, t, step + 1);
    }
    return t->count;
}

static tile tile_of(const lac_local_factor *factor, const lac_group *group, size_t block,
                    size_t offset, size_t count)
{
    double *first = factor->store + (block * factor->stored + group->at) * factor->width;
    return (tile){first + offset, factor->width, block, offset,
                  count - offset < TILE ? count - offset : TILE};
}

static size_t voxels_in(const lac_network *network, size_t block)
{
    size_t first = block * LAC_BLOCK, voxels = network->tract.voxels;
    return voxels - first < LAC_BLOCK ? voxels - first : LAC_BLOCK;
}

static void factor_block(const lac_network *network, size_t block, double g, const double *shift)
{
    lac_local_factor *factor = network->factor;
    size_t count = voxels_in(network, block), where;
    factor->bad[block] = LAC_NONE;
    for (size_t k = 0; k < factor->groups; k++) {
        const lac_group *group = &factor->group[k];
        for (size_t offset = 0; group->varies && offset < count; offset += TILE) {
            tile t = tile_of(factor, group, block, offset, count);
            assemble(network, group, &t, g, shift);
            size_t bad = eliminate(group, &t, &where);
            if (bad < t.count && block * LAC_BLOCK + offset + bad < factor->bad[block]) {
                factor->bad[block] = block * LAC_BLOCK + offset + bad;
                factor->bad_field[block] = group->row[where];
            }
        }
    }
}

/* ---- what is the same in all voxels, and the pools ----------------------------------------------
 */

static lac_status factor_uniform(const lac_network *network, double g, const double *shift)
{
    lac_status status = LAC_OK;
    const lac_local_factor *factor = network->factor;
    for (size_t k = 0; k < factor->groups; k++) {
        const lac_group *group = &factor->group[k];
        size_t where;
        if (group->varies)
            continue;
        tile t = {factor->scalar + group->at, 1, 0, 0, 1};
        assemble(network, group, &t, g, shift);
        LAC_REQUIRE(eliminate(group, &t, &where) == 1, LAC_NUMERICS,
                    "the local factor of %s is singular in every voxel",
                    network->model->variable[group->row[where]].name);
    }
out:
    return status;
}

void lac_network_pool_matrix(const lac_network *network, double g, double *matrix)
{
    const lac_model *model = network->model;
    size_t n = network->layout.pools, fields = network->layout.fields;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t k = 0; k < n; k++)
        matrix[k * n + k] = 1;
    for (size_t k = 0; k < network->slopes; k++) {
        const lac_slope *slope = &network->slope[k];
        const lac_process *p = &model->process[slope->process];
        if (p->in_tissue || !lac_network_owns_process(network, slope->process))
            continue;
        for (size_t c = 0; c < p->changes; c++)
            matrix[(p->change[c].variable - fields) * n + slope->variable - fields] -=
                g * p->change[c].factor * network->scalar[slope->at];
    }
}

static lac_status factor_pools(const lac_network *network, double g)
{
    lac_status status = LAC_OK;
    const lac_local_factor *factor = network->factor;
    size_t n = factor->pools;
    lac_network_pool_matrix(network, g, factor->dense);
    size_t bad = lac_dense_factor(factor->dense, factor->pivot, n);
    LAC_REQUIRE(bad == n, LAC_NUMERICS, "the factor of the pools is singular at %s",
                network->model->variable[network->layout.fields + bad].name);
out:
    return status;
}

/* ---- public ------------------------------------------------------------------------------------
 */

static lac_status factor_tissue(lac_network *network, double g, const double *shift)
{
    lac_status status = LAC_OK;
    lac_local_factor *factor = network->factor;
    int team = lac_network_threads(network);
    LAC_TRY(factor_uniform(network, g, shift));
    if (network->tissue == 0)
        LAC_TRY(factor_pools(network, g));
    LAC_FOR_EACH(block, network->blocks, team, factor_block(network, block, g, shift));
    for (size_t block = 0; block < network->blocks; block++)
        LAC_REQUIRE(factor->bad[block] == LAC_NONE, LAC_NUMERICS,
                    "the local factor of %s is singular in voxel %zu",
                    network->model->variable[factor->bad_field[block]].name, factor->bad[block]);
out:
    return status;
}

lac_status lac_network_factor(lac_network *network, double g, const double *shift)
{
    lac_status status = LAC_OK;
    for (; network && status == LAC_OK; network = network->next)
        status = factor_tissue(network, g, shift);
    return status;
}

LAC_CLONED static void solve_varying(const lac_network *network, const lac_group *group,
                                     const tile *t, double *v)
{
    size_t voxel = t->block * LAC_BLOCK + t->offset;
    for (size_t k = 0; k < group->substitutions; k++) {
        const lac_substitution *s = &group->substitution[k];
        double *to = v + lac_network_at(network, s->row) + voxel;
        const double *from = v + lac_network_at(network, s->column) + voxel;
        const double *entry = entry_of(t, s->entry);
        if (s->row == s->column) {
#pragma omp simd
            for (size_t i = 0; i < t->count; i++)
                to[i] *= entry[i];
        } else {
#pragma omp simd
            for (size_t i = 0; i < t->count; i++)
                to[i] -= entry[i] * from[i];
        }
    }
}

static void solve_uniform(const lac_network *network, const lac_group *group, size_t block,
                          double *v)
{
    size_t voxel = block * LAC_BLOCK;
    size_t count = voxels_in(network, block);
    for (size_t k = 0; k < group->substitutions; k++) {
        const lac_substitution *s = &group->substitution[k];
        double *to = v + lac_network_at(network, s->row) + voxel;
        double entry = network->factor->scalar[group->at + s->entry];
        if (s->row != s->column)
            lac_strip_add_scaled(to, -entry, v + lac_network_at(network, s->column) + voxel, count);
        else if (entry != 1)
            lac_strip_scale(to, entry, to, count);
    }
}

static void solve_block(const lac_network *network, size_t block, double *v)
{
    const lac_local_factor *factor = network->factor;
    size_t count = voxels_in(network, block);
    for (size_t k = 0; k < factor->groups; k++) {
        const lac_group *group = &factor->group[k];
        if (!group->varies)
            solve_uniform(network, group, block, v);
        for (size_t offset = 0; group->varies && offset < count; offset += TILE) {
            tile t = tile_of(factor, group, block, offset, count);
            solve_varying(network, group, &t, v);
        }
    }
}

static void solve_tissue(lac_network *network, double *v)
{
    int team = lac_network_threads(network);
    LAC_FOR_EACH(block, network->blocks, team, solve_block(network, block, v));
}

void lac_network_factor_solve_fields(lac_network *network, double *v)
{
    for (; network; network = network->next)
        solve_tissue(network, v);
}

void lac_network_factor_solve_pools(lac_network *network, double *v)
{
    const lac_local_factor *factor = network->factor;
    if (factor->pools)
        lac_dense_solve(factor->dense, factor->pivot, factor->pools,
                        v + lac_layout_at(&network->layout, network->layout.fields));
}

void lac_network_factor_solve(lac_network *network, double *v)
{
    lac_network_factor_solve_fields(network, v);
    lac_network_factor_solve_pools(network, v);
}
