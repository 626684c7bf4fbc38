/* The method `exact` put together: reactions, motion, walls, channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_states.h"

#include "base/memory.h"

#include <math.h>

/* --- counts */

static bool is_state(const lac_exact *e, size_t variable)
{
    const lac_model *model = e->scene.model;
    return model->species[model->variable[variable].species].kind == LAC_STATE;
}

static void set_per_count(lac_exact *e)
{
    const lac_model *model = e->scene.model;
    for (size_t v = 0; v < model->variables; v++) {
        const lac_variable *variable = &model->variable[v];
        double pool_volume = variable->total ? 1 : model->domain[variable->domain].volume;
        double volume = v < model->fields ? e->volume : pool_volume * e->scale;
        e->per_count[v] = is_state(e, v) ? 0 : 1 / volume;
    }
}

static void find_neighbours(lac_exact *e)
{
    const lac_grid *grid = e->scene.grid;
    size_t stride = 1;
    for (int axis = 0; axis < 3; axis++) {
        e->stride[axis] = stride;
        e->per_area[axis] = grid->n[axis] > 1 ? 1 / (grid->h[axis] * grid->h[axis]) : 0;
        for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
            size_t at = voxel / stride % grid->n[axis];
            if (at > 0 && (!grid->active || grid->active[voxel - stride] != 0))
                e->open[voxel] |= (unsigned char)(1 << (2 * axis));
            if (at + 1 < grid->n[axis] && (!grid->active || grid->active[voxel + stride] != 0))
                e->open[voxel] |= (unsigned char)(2 << (2 * axis));
        }
        e->way[2 * axis] = -(ptrdiff_t)stride;
        e->way[2 * axis + 1] = (ptrdiff_t)stride;
        if (grid->n[axis] > 1)
            e->inner |= (unsigned char)(3 << (2 * axis));
        stride *= grid->n[axis];
    }
    while (grid->active && e->first_active + 1 < grid->voxels && grid->active[e->first_active] == 0)
        e->first_active++;
}

/* --- reactions */

static bool changes_counts(const lac_exact *e, const lac_process *process)
{
    for (size_t k = 0; k < process->changes; k++)
        if (!is_state(e, process->change[k].variable))
            return true;
    return false;
}

static bool uses_any(const lac_exact *e, const lac_recipe *law, bool states, size_t from, size_t to)
{
    for (size_t v = from; law->uses && v < to; v++)
        if (law->uses[v] && (!states || is_state(e, v)))
            return true;
    return false;
}

/* Looks at what moves between the events of its voxel. */
static bool looks_at_moving(const lac_exact *e, const lac_recipe *law)
{
    const size_t fields = e->layout.fields, variables = e->scene.model->variables;
    return law->on_time || uses_any(e, law, false, fields, variables) ||
           uses_any(e, law, true, 0, fields);
}

static lac_status add_change(lac_exact *e, lac_reaction *reaction, const lac_process *process,
                             const lac_change *change)
{
    lac_status status = LAC_OK;
    bool field = change->variable < e->layout.fields;
    LAC_REQUIRE(!is_state(e, change->variable), LAC_INPUT,
                "%s changes %s, a state, and molecules or cells as well: events cannot",
                process->id, e->scene.model->variable[change->variable].name);
    LAC_REQUIRE(change->stoichiometry == floor(change->stoichiometry), LAC_INPUT,
                "%s changes %s by %g: an event needs whole numbers", process->id,
                e->scene.model->variable[change->variable].name, change->stoichiometry);
    LAC_REQUIRE(field == process->in_tissue, LAC_INPUT,
                "%s changes both the tissue and a pool: events cannot", process->id);
    reaction->change[reaction->changes++] =
        (lac_count_change){change->variable, change->stoichiometry};
out:
    return status;
}

static lac_status read_reaction(lac_exact *e, size_t process_index)
{
    lac_status status = LAC_OK;
    const lac_process *process = &e->scene.model->process[process_index];
    lac_reaction *reaction = &e->reaction[e->reactions++];
    *reaction = (lac_reaction){.process = process_index,
                               .in_tissue = process->in_tissue,
                               .region = process->in_tissue ? process->region : LAC_NONE,
                               .channel = LAC_NONE};
    LAC_NEW(reaction->change, process->changes);
    for (size_t k = 0; k < process->changes; k++)
        LAC_TRY(add_change(e, reaction, process, &process->change[k]));
    LAC_TRY(lac_recipe_compile(e->scene.model, process->rate, &reaction->law));
    LAC_TRY(lac_exact_read_law(e, reaction));
    if (!reaction->mass_action)
        reaction->moving = reaction->in_tissue
                               ? looks_at_moving(e, &reaction->law)
                               : reaction->law.on_time || uses_any(e, &reaction->law, true, 0,
                                                                   e->scene.model->variables);
out:
    return status;
}

static lac_status read_reactions(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    LAC_NEW(e->reaction, model->processes);
    LAC_NEW(e->pair, model->processes);
    for (size_t p = 0; p < model->processes; p++)
        if (changes_counts(e, &model->process[p]) || model->process[p].changes == 0)
            LAC_TRY(read_reaction(e, p));
    for (size_t k = 0; k < e->reactions; k++) {
        e->reaction[k].of_pairs = lac_exact_can_pair(&e->reaction[k]);
        e->any_pairs = e->any_pairs || e->reaction[k].of_pairs;
        e->pair[k].driver = LAC_PAIR_NONE;
    }
out:
    return status;
}

/* --- walls and motion */

static lac_status read_gate(lac_exact *e, size_t boundary)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    const lac_boundary *text = &model->boundary[boundary];
    lac_gate *gate = &e->gate[boundary];
    lac_recipe *law[] = {&gate->value, &gate->partition, &gate->permeability};
    const lac_expression *tree[] = {text->value, text->partition, text->permeability};
    LAC_REQUIRE(!is_state(e, text->variable), LAC_INPUT, "%s is a state: it cannot pass a boundary",
                model->variable[text->variable].name);
    for (int k = 0; k < 3; k++) {
        if (!tree[k])
            continue;
        LAC_TRY(lac_recipe_compile(model, tree[k], law[k]));
        gate->moving = gate->moving || looks_at_moving(e, law[k]);
    }
    gate->membrane_moving = looks_at_moving(e, &gate->permeability) ||
                            uses_any(e, &gate->permeability, false, 0, e->layout.fields);
    if (text->kind == LAC_BOUNDARY_EXCHANGE)
        gate->volume = 1 / e->per_count[text->pool];
out:
    return status;
}

/* The walls of a field by voxel, as a list with starts. */
static lac_status list_exits(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    lac_motion *motion = &e->motion[field];
    size_t exits = 0;
    uint32_t *next = NULL;
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].variable == field)
            exits += e->scene.grid->walls[model->boundary[b].patch];
    if (exits == 0)
        return LAC_OK;
    LAC_NEW(motion->first_exit, e->layout.voxels + 1);
    LAC_NEW(motion->exit, exits);
    LAC_NEW(next, e->layout.voxels + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t b = 0; b < model->boundaries; b++) {
            const size_t patch = model->boundary[b].patch;
            for (size_t w = 0;
                 model->boundary[b].variable == field && w < e->scene.grid->walls[patch]; w++) {
                size_t voxel = e->scene.grid->wall[patch][w].voxel;
                if (pass == 0)
                    motion->first_exit[voxel + 1]++;
                else
                    motion->exit[next[voxel]++] = (lac_exit){b, w};
            }
        }
        for (size_t voxel = 0; pass == 0 && voxel < e->layout.voxels; voxel++) {
            motion->first_exit[voxel + 1] += motion->first_exit[voxel];
            next[voxel] = motion->first_exit[voxel];
        }
    }
out:
    lac_free(next);
    return status;
}

static bool differs_in_space(const lac_exact *e, const lac_recipe *law)
{
    for (size_t s = 0; s < law->steps; s++) {
        lac_symbol_kind kind = law->step[s].symbol.kind;
        if (law->step[s].op == LAC_OP_SYMBOL &&
            (kind == LAC_SYMBOL_X || kind == LAC_SYMBOL_Y || kind == LAC_SYMBOL_DEPTH ||
             kind == LAC_SYMBOL_REGION))
            return true;
    }
    return uses_any(e, law, false, 0, e->layout.fields);
}

static lac_status read_motion(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    lac_motion *motion = &e->motion[field];
    bool membrane = false;
    motion->channel = LAC_NONE;
    if (model->variable[field].diffusivity) {
        LAC_REQUIRE(!is_state(e, field), LAC_INPUT,
                    "%s is a state that diffuses: the method exact has no molecules to move",
                    model->variable[field].name);
        LAC_TRY(lac_recipe_compile(model, model->variable[field].diffusivity, &motion->law));
        motion->by_voxel = differs_in_space(e, &motion->law);
        motion->moving = motion->by_voxel && uses_any(e, &motion->law, false, 0, e->layout.fields);
        motion->moving = motion->moving || looks_at_moving(e, &motion->law);
    }
    LAC_TRY(list_exits(e, field));
    motion->moves = motion->law.steps > 0 || motion->first_exit;
    for (size_t b = 0; b < model->boundaries; b++) {
        if (model->boundary[b].variable != field)
            continue;
        e->gate[b].moving = e->gate[b].moving || motion->moving;
        membrane = membrane || e->gate[b].membrane_moving;
    }
    motion->moving = motion->moving || membrane;
    LAC_NEW(motion->reaction, e->reactions);
    LAC_NEW(motion->pair, e->reactions);
    motion->met = INFINITY;
    for (size_t k = 0; k < e->reactions; k++)
        if (e->reaction[k].of_molecules && e->reaction[k].factor[0].variable == field)
            motion->reaction[motion->reactions++] = k;
out:
    return status;
}

/* --- channels */

static size_t sites_of(const lac_exact *e, const lac_channel *channel)
{
    if (channel->kind == LAC_CHANNEL_OF_POOLS)
        return 0;
    if (channel->kind == LAC_CHANNEL_OF_WALLS)
        return e->scene.grid->walls[e->scene.model->boundary[channel->index].patch];
    return e->layout.voxels;
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
        if (!e->reaction[k].of_molecules)
            add_channel(e, e->reaction[k].in_tissue ? LAC_CHANNEL_OF_VOXELS : LAC_CHANNEL_OF_POOLS,
                        k, &e->reaction[k].channel);
    for (size_t b = 0; b < e->scene.model->boundaries; b++)
        add_channel(e, LAC_CHANNEL_OF_WALLS, b, &e->gate[b].channel);
}

/* Room for the urns of all channels in one piece. */
static lac_status make_urns(lac_exact *e)
{
    lac_status status = LAC_OK;
    size_t most = e->layout.voxels + 1;
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
        e->channel[c].urn = (lac_urn){sites, next, next + sites, next + 2 * sites, &e->groups[c]};
        next += 3 * sites;
    }
out:
    return status;
}

static lac_status make_space(lac_exact *e)
{
    lac_status status = LAC_OK;
    for (size_t field = 0; field < e->layout.fields; field++)
        if (e->motion[field].channel != LAC_NONE)
            e->space_count += e->layout.voxels + (e->motion[field].by_voxel ? e->layout.voxels : 1);
    LAC_NEW(e->space, e->space_count);
    LAC_NEW(e->per_share, e->layout.fields);
    LAC_NEW(e->flocks, e->layout.fields);
    LAC_NEW(e->ahead, e->layout.fields * LAC_AHEAD);
    LAC_NEW(e->turn, e->layout.fields);
    for (size_t field = 0; field < e->layout.fields; field++) {
        e->flocks[field] = LAC_FLOCK_UNUSED;
        e->motion[field].flock.length = &e->flocks[field];
    }
    double *next = e->space;
    for (size_t field = 0; field < e->layout.fields; field++) {
        lac_motion *motion = &e->motion[field];
        if (motion->channel == LAC_NONE)
            continue;
        motion->share = next;
        motion->bound = next + e->layout.voxels;
        next = motion->bound + (motion->by_voxel ? e->layout.voxels : 1);
    }
out:
    return status;
}

/* --- all of it */

static void set_sight(lac_exact *e)
{
    const lac_grid *grid = e->scene.grid;
    e->sight = (lac_sight){.model = e->scene.model,
                           .layout = e->layout,
                           .count = e->count,
                           .per_count = e->per_count,
                           .position = {grid->position[0], grid->position[1], grid->position[2]},
                           .region = (const double *const *)grid->region,
                           .input = e->input,
                           .inputs = e->inputs,
                           .pool = e->pool,
                           .state = e->state_span};
}

lac_status lac_exact_build(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    e->scale = lac_model_scale(model);
    e->volume = e->scene.grid->voxels > 0 ? e->scene.grid->voxel_volume : 1;
    LAC_TRY(lac_discontinuities_create(model, &e->discontinuities));
    LAC_NEW(e->open, e->layout.voxels);
    LAC_NEW(e->per_count, model->variables);
    LAC_NEW(e->count, e->layout.length);
    LAC_NEW(e->input, model->inputs);
    LAC_NEW(e->input_rate, model->inputs);
    LAC_NEW(e->inputs, model->inputs);
    LAC_NEW(e->pool, e->layout.pools);
    LAC_NEW(e->state_span, e->layout.length);
    LAC_NEW(e->motion, model->fields);
    LAC_NEW(e->gate, model->boundaries);
    LAC_NEW(e->channel, model->fields + model->processes + model->boundaries);
    set_per_count(e);
    find_neighbours(e);
    LAC_TRY(read_reactions(e));
    for (size_t b = 0; b < model->boundaries; b++)
        LAC_TRY(read_gate(e, b));
    for (size_t field = 0; field < model->fields; field++)
        LAC_TRY(read_motion(e, field));
    LAC_TRY(lac_exact_states_create(e));
    open_channels(e);
    LAC_TRY(make_urns(e));
    LAC_TRY(make_space(e));
    LAC_TRY(lac_exact_find_dependents(e));
    set_sight(e);
out:
    return status;
}

static void free_reactions(lac_exact *e)
{
    for (size_t k = 0; k < e->reactions; k++) {
        lac_recipe_free(&e->reaction[k].law);
        lac_free(e->reaction[k].factor);
        lac_free(e->reaction[k].change);
    }
    lac_free(e->reaction);
}

static void free_motion(lac_exact *e)
{
    for (size_t field = 0; e->motion && field < e->layout.fields; field++) {
        lac_recipe_free(&e->motion[field].law);
        lac_free(e->motion[field].reaction);
        lac_free(e->motion[field].pair);
        lac_free(e->motion[field].first_exit);
        lac_free(e->motion[field].exit);
    }
    for (size_t b = 0; e->gate && b < e->scene.model->boundaries; b++) {
        lac_recipe_free(&e->gate[b].value);
        lac_recipe_free(&e->gate[b].partition);
        lac_recipe_free(&e->gate[b].permeability);
    }
    lac_free(e->motion);
    lac_free(e->gate);
}

void lac_exact_dismantle(lac_exact *e)
{
    free_reactions(e);
    free_motion(e);
    lac_exact_states_free(e->states);
    lac_discontinuities_free(e->discontinuities);
    void *const piece[] = {
        e->flocks,       e->members,       e->ahead,        e->turn,        e->open,
        e->per_count,    e->channel,       e->reacts.first, e->reacts.item, e->spreads.first,
        e->spreads.item, e->borders.first, e->borders.item, e->looked_at,   e->seen,
        e->pair,         e->pool_seen,     e->scratch,      e->input,       e->input_rate,
        e->count,        e->unit,          e->per_share,    e->tree,        e->groups,
        e->words,        e->space,         e->inputs,       e->pool,        e->state_span};
    for (size_t k = 0; k < sizeof piece / sizeof *piece; k++)
        lac_free(piece[k]);
}
