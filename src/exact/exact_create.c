/* The method `exact` put together: counts, neighbours, channels, room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include "base/memory.h"
#include "model/representation.h"

#include <math.h>

/* --- grounds and counts */

static void find_neighbours(lac_exact_ground *g)
{
    const lac_grid *grid = g->grid;
    size_t stride = 1;
    for (int axis = 0; axis < 3; axis++) {
        g->stride[axis] = stride;
        g->per_area[axis] = grid->n[axis] > 1 ? 1 / (grid->h[axis] * grid->h[axis]) : 0;
        for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
            size_t at = voxel / stride % grid->n[axis];
            if (at > 0 && (!grid->active || grid->active[voxel - stride] != 0))
                g->open[voxel] |= (unsigned char)(1 << (2 * axis));
            if (at + 1 < grid->n[axis] && (!grid->active || grid->active[voxel + stride] != 0))
                g->open[voxel] |= (unsigned char)(2 << (2 * axis));
        }
        g->way[2 * axis] = -(ptrdiff_t)stride;
        g->way[2 * axis + 1] = (ptrdiff_t)stride;
        if (grid->n[axis] > 1)
            g->inner |= (unsigned char)(3 << (2 * axis));
        stride *= grid->n[axis];
    }
    while (grid->active && g->first_active + 1 < grid->voxels && grid->active[g->first_active] == 0)
        g->first_active++;
}

/* Of an event that moves one molecule from a tissue to a pool the pool must feel a whole one. */
static lac_status check_scales(const lac_model *model)
{
    static const double ROUNDING = 1e-9;
    lac_status status = LAC_OK;
    const lac_tissue_text *first = &model->tissue[0];
    for (size_t t = 1; t < model->tissues; t++) {
        const double scale = lac_tissue_scale(&model->tissue[t]);
        LAC_REQUIRE(fabs(scale / lac_tissue_scale(first) - 1) <= ROUNDING, LAC_INPUT,
                    "the method exact needs patches that are the same part of what they stand "
                    "for: %s is %.6g of it, %s %.6g; with other sizes a molecule that passes would "
                    "change a well-mixed domain by no whole number",
                    model->domain[first->domain].id, lac_tissue_scale(first),
                    model->domain[model->tissue[t].domain].id, scale);
    }
out:
    return status;
}

static lac_status make_grounds(lac_exact *e)
{
    lac_status status = LAC_OK;
    LAC_TRY(check_scales(e->scene.model));
    for (const lac_grid *grid = e->scene.grid; grid; grid = grid->next) {
        lac_exact_ground *g = &e->ground[e->grounds++];
        *g = (lac_exact_ground){.grid = grid,
                                .volume = grid->voxels > 0 ? grid->voxel_volume : 1,
                                .voxels = grid->voxels,
                                .first_site = e->sites};
        LAC_NEW(g->open, grid->voxels);
        find_neighbours(g);
        e->sites += grid->voxels;
    }
out:
    return status;
}

/* Where each field is. */
static void place_fields(lac_exact *e)
{
    for (size_t field = 0; field < e->layout.fields; field++) {
        e->motion[field].ground = &e->ground[lac_layout_tract(&e->layout, field)];
        e->motion[field].count = e->count + lac_layout_at(&e->layout, field);
    }
}

static void set_per_count(lac_exact *e)
{
    const lac_model *model = e->scene.model;
    for (size_t v = 0; v < model->variables; v++) {
        double volume = v < model->fields ? e->motion[v].ground->volume
                                          : lac_model_pool_volume(model, v) * e->scale;
        e->per_count[v] = lac_exact_is_state(e, v) ? 0 : 1 / volume;
    }
}

/* --- channels */

static size_t sites_of(const lac_exact *e, const lac_channel *channel)
{
    if (channel->kind == LAC_CHANNEL_OF_POOLS)
        return 0;
    if (channel->kind == LAC_CHANNEL_OF_VOXELS)
        return e->reaction[channel->index].ground->voxels;
    if (channel->kind == LAC_CHANNEL_OF_MOLECULES)
        return e->motion[channel->index].ground->voxels;
    const lac_boundary *boundary = &e->scene.model->boundary[channel->index];
    return e->motion[boundary->variable].ground->grid->boundary_faces[boundary->patch];
}

static void add_channel(lac_exact *e, lac_channel_kind kind, size_t index, size_t *channel)
{
    *channel = e->channels;
    e->channel[e->channels++] = (lac_channel){.kind = kind, .index = index, .scale = 1};
}

static void open_channels(lac_exact *e)
{
    for (size_t field = 0; field < e->layout.fields; field++)
        if (e->motion[field].moves || e->motion[field].reactions > 0)
            add_channel(e, LAC_CHANNEL_OF_MOLECULES, field, &e->motion[field].channel);
    for (size_t k = 0; k < e->reactions; k++)
        if (!e->reaction[k].first_order)
            add_channel(e, e->reaction[k].in_tissue ? LAC_CHANNEL_OF_VOXELS : LAC_CHANNEL_OF_POOLS,
                        k, &e->reaction[k].channel);
    for (size_t b = 0; b < e->scene.model->boundaries; b++)
        add_channel(e, LAC_CHANNEL_OF_BOUNDARY, b, &e->boundary_channel[b].channel);
}

/* Room for the samplers of all channels in one piece. */
static lac_status make_samplers(lac_exact *e)
{
    lac_status status = LAC_OK;
    size_t most = e->sites + 1;
    e->leaves = 1;
    while (e->leaves < e->channels)
        e->leaves *= 2;
    for (size_t c = 0; c < e->channels; c++) {
        size_t sites = sites_of(e, &e->channel[c]);
        e->words_count += 3 * sites;
        most = sites > most ? sites : most;
    }
    LAC_NEW(e->words, e->words_count);
    LAC_NEW(e->groups, e->channels);
    LAC_NEW(e->unit, e->channels);
    LAC_NEW(e->tree, 2 * e->leaves);
    LAC_NEW(e->scratch, most);
    uint32_t *next = e->words;
    for (size_t c = 0; c < e->channels; c++) {
        size_t sites = sites_of(e, &e->channel[c]);
        e->channel[c].sampler =
            (lac_cr_sampler){sites, next, next + sites, next + 2 * sites, &e->groups[c]};
        next += 3 * sites;
    }
out:
    return status;
}

static size_t places_of_bound(const lac_motion *motion)
{
    return motion->by_voxel ? motion->ground->voxels : 1;
}

static lac_status make_space(lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t field = 0; field < e->layout.fields; field++)
        if (e->motion[field].channel != LAC_NONE)
            e->space_count += e->motion[field].ground->voxels + places_of_bound(&e->motion[field]);
    LAC_NEW(e->space, e->space_count);
    LAC_NEW(e->hop_rate_unit, e->layout.fields);
    LAC_NEW(e->list_length, e->layout.fields);
    LAC_NEW(e->prefetched_draws, e->layout.fields * LAC_PREFETCHED_DRAWS);
    LAC_NEW(e->oldest_draw, e->layout.fields);
    for (size_t field = 0; field < e->layout.fields; field++) {
        e->list_length[field] = LAC_MOLECULE_LIST_UNUSED;
        e->motion[field].list.length = &e->list_length[field];
    }
    double *next = e->space;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_motion *motion = &e->motion[field];
        if (motion->channel == LAC_NONE)
            continue;
        motion->hop_weight = next;
        motion->bound = next + motion->ground->voxels;
        next = motion->bound + places_of_bound(motion);
    }
out:
    return status;
}

/* --- all of it */

static void set_context(lac_exact *e)
{
    e->context = (lac_eval_context){.model = e->scene.model,
                                    .layout = e->layout,
                                    .count = e->count,
                                    .per_count = e->per_count,
                                    .input = e->input,
                                    .inputs = e->inputs,
                                    .pool = e->pool,
                                    .state = e->state_interval};
    for (size_t g = 0; g < e->grounds; g++)
        e->context.ground[g] = lac_eval_ground_of(e->ground[g].grid);
}

static lac_status open_account(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    unsigned char *discrete = NULL;
    LAC_NEW(discrete, model->variables);
    for (size_t variable = 0; variable < model->variables; variable++)
        discrete[variable] = lac_model_is_discrete(model, variable);
    status = lac_account_create(model, discrete, NULL, 0, &e->account);
out:
    lac_free(discrete);
    return status;
}

lac_status lac_exact_build(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    e->scale = lac_model_scale(model);
    LAC_TRY(make_grounds(e));
    LAC_TRY(lac_discontinuities_create(model, &e->discontinuities));
    LAC_TRY(open_account(e));
    LAC_NEW(e->per_count, model->variables);
    LAC_NEW(e->count, e->layout.length);
    LAC_NEW(e->input, model->inputs);
    LAC_NEW(e->input_rate, model->inputs);
    LAC_NEW(e->inputs, model->inputs);
    LAC_NEW(e->pool, e->layout.pools);
    LAC_NEW(e->state_interval, e->layout.length);
    LAC_NEW(e->motion, model->fields);
    LAC_NEW(e->boundary_channel, model->boundaries);
    LAC_NEW(e->channel, model->fields + model->processes + model->boundaries);
    place_fields(e);
    set_per_count(e);
    LAC_TRY(lac_exact_read(e));
    LAC_TRY(lac_exact_states_create(e));
    open_channels(e);
    LAC_TRY(make_samplers(e));
    LAC_TRY(make_space(e));
    LAC_TRY(lac_exact_find_dependents(e));
    set_context(e);
out:
    return status;
}

static void free_reactions(lac_exact *e)
{
    for (size_t k = 0; k < e->reactions; k++) {
        lac_stack_program_free(&e->reaction[k].law);
        lac_free(e->reaction[k].factor);
        lac_free(e->reaction[k].change);
    }
    lac_free(e->reaction);
}

static void free_motion(lac_exact *e)
{
    for (size_t field = 0; e->motion && field < e->layout.fields; field++) {
        lac_stack_program_free(&e->motion[field].law);
        lac_free(e->motion[field].reaction);
        lac_free(e->motion[field].pair);
        lac_free(e->motion[field].first_boundary_face);
        lac_free(e->motion[field].boundary_face);
    }
    for (size_t b = 0; e->boundary_channel && b < e->scene.model->boundaries; b++) {
        lac_stack_program_free(&e->boundary_channel[b].value);
        lac_stack_program_free(&e->boundary_channel[b].partition);
        lac_stack_program_free(&e->boundary_channel[b].permeability);
    }
    lac_free(e->motion);
    lac_free(e->boundary_channel);
}

void lac_exact_free_parts(lac_exact *e)
{
    free_reactions(e);
    free_motion(e);
    lac_exact_states_free(e->states);
    lac_discontinuities_free(e->discontinuities);
    lac_account_free(e->account);
    void *const piece[] = {e->list_length,
                           e->list_words,
                           e->prefetched_draws,
                           e->oldest_draw,
                           e->per_count,
                           e->channel,
                           e->reactions_of.first,
                           e->reactions_of.item,
                           e->motions_of.first,
                           e->motions_of.item,
                           e->boundaries_of.first,
                           e->boundaries_of.item,
                           e->looked_at,
                           e->seen,
                           e->pair,
                           e->pool_seen,
                           e->scratch,
                           e->input,
                           e->input_rate,
                           e->count,
                           e->unit,
                           e->hop_rate_unit,
                           e->tree,
                           e->groups,
                           e->words,
                           e->space,
                           e->inputs,
                           e->pool,
                           e->state_interval};
    for (size_t k = 0; k < sizeof piece / sizeof *piece; k++)
        lac_free(piece[k]);
    for (size_t g = 0; g < e->grounds; g++)
        lac_free(e->ground[g].open);
}
