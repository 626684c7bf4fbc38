/* The method `hybrid` put together: its parts, switches and sources.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"
#include "model/representation.h"

#include <string.h>

/* --- which variables and processes are whose ---------------------------------------------------
 */

static lac_status divide(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->own_variable, model->variables);
    LAC_NEW(h->own_process, model->processes);
    LAC_NEW(h->watch, model->processes);
    for (size_t variable = 0; variable < model->variables; variable++)
        h->own_variable[variable] = !lac_model_is_discrete(model, variable);
    for (size_t process = 0; process < model->processes; process++) {
        h->own_process[process] = !lac_model_is_event(model, process);
        h->watch[process] = LAC_NONE;
        if (!h->own_process[process] && process < model->tissue_processes &&
            !lac_model_is_of_moving(model, process))
            h->watch[process] = h->part.watched++;
    }
    h->part.variable = h->own_variable;
    h->part.process = h->own_process;
    h->part.watch = h->watch;
    h->part.at = model->processes + model->boundaries;
out:
    return status;
}

/* Where the sites of each variable begin. */
static lac_status place_variables(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->begin, model->variables);
    h->sites = lac_grid_all_voxels(h->scene.grid);
    for (size_t v = 0; v < model->variables; v++)
        h->begin[v] = h->sites;
    LAC_NEW(h->size, h->sites + 1);
    h->size[h->sites] = 1;
    size_t first = 0;
    for (const lac_grid *grid = h->scene.grid; grid; grid = grid->next) {
        for (size_t voxel = 0; voxel < grid->voxels; voxel++)
            h->size[first + voxel] = grid->share ? grid->share[voxel] : 1;
        for (size_t v = 0; v < model->fields; v++)
            if (lac_hybrid_grid_of(h, v) == grid)
                h->begin[v] = first;
        first += grid->voxels;
    }
out:
    return status;
}

/* With a companion the pools are driven, and what happens among them is its business. */
static lac_status give_pools_away(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    if (!lac_model_feels_mean(model))
        return LAC_OK;
    LAC_NEW(h->driven, model->variables);
    for (size_t variable = model->fields; variable < model->variables; variable++) {
        h->driven[variable] = 1;
        h->own_variable[variable] = 0;
    }
    for (size_t process = model->tissue_processes; process < model->processes; process++)
        h->own_process[process] = 0;
    h->part.driven = h->driven;
    h->part.drive = lac_companion_drive;
out:
    return status;
}

static lac_status list_discrete(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->place, model->variables);
    LAC_NEW(h->variable, model->variables);
    LAC_NEW(h->per_count, model->variables);
    LAC_NEW(h->count_at, model->variables + 1);
    for (size_t v = 0; v < model->variables; v++) {
        h->place[v] = LAC_NONE;
        if (lac_hybrid_moves(h, v))
            continue;
        double volume = v < model->fields ? lac_hybrid_grid_of(h, v)->voxel_volume
                                          : lac_model_pool_volume(model, v);
        size_t sites = lac_layout_size(&h->layout, v);
        h->place[v] = h->discrete;
        h->variable[h->discrete] = v;
        h->per_count[h->discrete] = 1 / volume;
        h->count_at[h->discrete + 1] = h->count_at[h->discrete] + sites;
        h->discrete++;
    }
    LAC_NEW(h->count, h->count_at[h->discrete]);
out:
    return status;
}

/* --- switches and sources ------------------------------------------------------------------------
 */

/* Events must be few beside what they use up; beside what makes them where they use up nothing; and
 * beside what they make where nothing is needed. */
static void list_limits(const lac_hybrid *h, const lac_process *process, lac_discrete_process *it)
{
    for (size_t k = 0; k < it->counts; k++)
        if (it->count[k].amount < 0)
            it->limit[it->limits++] = it->count[k].variable;
    for (size_t k = 0; it->limits == 0 && k < process->reactants; k++)
        if (h->place[process->reactant[k]] != LAC_NONE)
            it->limit[it->limits++] = process->reactant[k];
    for (size_t k = 0; it->limits == 0 && k < it->counts; k++)
        it->limit[it->limits++] = it->count[k].variable;
}

static lac_status list_meetings(const lac_hybrid *h, const lac_process *process,
                                lac_discrete_process *it)
{
    lac_status status = LAC_OK;
    LAC_NEW(it->meeting, process->reactants);
    for (size_t k = 0; k < process->reactants; k++) {
        const size_t variable = process->reactant[k];
        const int power = lac_meeting_power(process, variable);
        const bool here = (variable < h->layout.fields) == process->in_tissue;
        if (here && power > 0 && h->place[variable] != LAC_NONE)
            it->meeting[it->meetings++] = (lac_meeting){variable, power};
    }
out:
    return status;
}

static const lac_grid *grid_of_process(const lac_hybrid *h, size_t process)
{
    const lac_model *model = h->scene.model;
    return model->process[process].in_tissue
               ? lac_grid_of(h->scene.grid, lac_process_tissue(model, process))
               : h->scene.grid;
}

static lac_status read_switch(lac_hybrid *h, size_t index)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    const lac_process *process = &model->process[index];
    lac_discrete_process *it = &h->process[h->switches++];
    it->process = index;
    it->in_tissue = process->in_tissue;
    it->region = process->in_tissue ? process->region : LAC_NONE;
    it->grid = grid_of_process(h, index);
    it->per_rate = process->in_tissue ? it->grid->voxel_volume : 1;
    it->watch = h->watch[index];
    it->bound = lac_hybrid_bound_of(h, index);
    it->begin = lac_hybrid_first_site(h, index, &it->sites);
    it->first = h->places;
    h->places += it->sites;
    LAC_NEW(it->count, process->changes);
    LAC_NEW(it->value, process->changes);
    LAC_NEW(it->limit, process->changes + process->reactants);
    for (size_t k = 0; k < process->changes; k++) {
        const lac_change *change = &process->change[k];
        if (h->place[change->variable] != LAC_NONE)
            it->count[it->counts++] = (lac_addition){change->variable, change->stoichiometry};
        else
            it->value[it->values++] =
                (lac_addition){change->variable, change->factor / it->per_rate};
    }
    list_limits(h, process, it);
    LAC_TRY(list_meetings(h, process, it));
    LAC_TRY(lac_stack_program_compile(model, process->rate, it->grid->tissue, &it->law));
out:
    return status;
}

static bool looks_at_discrete(const lac_hybrid *h, const lac_stack_program *law)
{
    for (size_t d = 0; d < h->discrete; d++)
        if (law->uses[h->variable[d]])
            return true;
    return false;
}

static lac_status read_source(lac_hybrid *h, size_t index)
{
    lac_status status = LAC_OK;
    lac_driven *it = &h->source[h->sources++];
    it->process = index;
    it->grid = grid_of_process(h, index);
    it->begin = lac_hybrid_first_site(h, index, &it->sites);
    LAC_TRY(lac_stack_program_compile(h->scene.model, h->scene.model->process[index].rate,
                                      it->grid->tissue, &it->law));
    if (looks_at_discrete(h, &it->law))
        return LAC_OK;
    lac_stack_program_free(&it->law);
    h->sources--;
out:
    return status;
}

static lac_status read_processes(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->process, model->processes);
    LAC_NEW(h->source, model->processes);
    for (size_t process = 0; process < model->processes; process++) {
        if (lac_model_is_of_moving(model, process))
            continue;
        if (h->own_process[process])
            LAC_TRY(read_source(h, process));
        else if (lac_model_is_event(model, process))
            LAC_TRY(read_switch(h, process));
    }
    LAC_NEW(h->left, h->places);
    LAC_NEW(h->fired, h->places);
    LAC_NEW(h->integral, h->places);
    LAC_NEW(h->share, h->places);
    LAC_NEW(h->used, h->places);
    LAC_NEW(h->missed, h->places);
out:
    return status;
}

/* --- room ----------------------------------------------------------------------------------------
 */

static lac_status make_room(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(h->at_end, h->layout.length);
    LAC_NEW(h->load, h->layout.length);
    LAC_NEW(h->added, h->layout.length);
    LAC_NEW(h->mean, h->layout.length);
    LAC_NEW(h->rate, h->system->rates);
    LAC_NEW(h->ledger, model->processes + model->boundaries);
    LAC_NEW(h->input, model->inputs);
    LAC_NEW(h->input_rate, model->inputs);
    LAC_NEW(h->start, model->variables);
    LAC_NEW(h->level, model->variables);
    LAC_NEW(h->course, LAC_PIECES * model->variables);
    LAC_NEW(h->own_mean, model->variables);
    LAC_NEW(h->shifted, model->variables);
    LAC_NEW(h->last, model->variables);
    LAC_NEW(h->hold, model->variables);
    LAC_NEW(h->number, h->discrete);
    LAC_NEW(h->hazard, h->switches);
    LAC_NEW(h->gain, h->switches);
    LAC_NEW(h->now, h->sources);
    LAC_NEW(h->no_counts, model->variables);
    LAC_NEW(h->lacking, h->layout.length);
    LAC_NEW(h->own_part, h->layout.length);
    LAC_NEW(h->carried, h->layout.length);
    LAC_NEW(h->stirred, h->sites + 1);
    if (h->changing) { /* which keeps both while the rest comes and goes */
        h->error = h->changing->error;
        h->account = h->changing->account;
        return LAC_OK;
    }
    LAC_NEW(h->error, h->layout.length);
    LAC_TRY(lac_hybrid_name_bounds(h, &h->account));
out:
    return status;
}

static void read_sight(lac_hybrid *h)
{
    h->context = (lac_eval_context){
        .model = h->scene.model, .layout = h->layout, .per_count = h->no_counts, .input = h->input};
    for (const lac_grid *grid = h->scene.grid; grid; grid = grid->next)
        h->context.ground[grid->tissue] = lac_eval_ground_of(grid);
}

static void draw_thresholds(lac_hybrid *h)
{
    for (size_t k = 0; k < h->switches; k++)
        for (size_t site = 0; site < h->process[k].sites; site++)
            h->left[h->process[k].first + site] = lac_hybrid_threshold(h, k, site, 0);
}

lac_status lac_hybrid_build(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    h->key = lac_scene_key(&h->scene, LAC_FOR_SWITCHES);
    lac_stream_open(&h->rounding, lac_scene_key(&h->scene, LAC_FOR_ROUNDING), 0);
    LAC_TRY(place_variables(h));
    LAC_TRY(divide(h));
    LAC_TRY(give_pools_away(h));
    LAC_TRY(list_discrete(h));
    LAC_TRY(read_processes(h));
    draw_thresholds(h);
out:
    return status;
}

lac_status lac_hybrid_prepare(lac_hybrid *h)
{
    h->system = lac_mean_field_system(h->engine);
    lac_status status = make_room(h);
    read_sight(h);
    return status;
}

/* --- the end -------------------------------------------------------------------------------------
 */

static void free_pass(lac_pass *pass)
{
    lac_free(pass->jump);
    lac_free(pass->drate);
    lac_free(pass->visit);
    lac_free(pass->number);
    lac_free(pass->left);
}

static void free_processes(lac_hybrid *h)
{
    for (size_t k = 0; k < h->switches; k++) {
        lac_stack_program_free(&h->process[k].law);
        lac_free(h->process[k].count);
        lac_free(h->process[k].value);
        lac_free(h->process[k].meeting);
        lac_free(h->process[k].limit);
    }
    for (size_t k = 0; k < h->sources; k++)
        lac_stack_program_free(&h->source[k].law);
    lac_free(h->process);
    lac_free(h->source);
}

void lac_hybrid_free_parts(lac_hybrid *h)
{
    void *const owned[] = {
        h->begin,    h->size,         h->own_variable, h->own_process, h->watch,    h->variable,
        h->place,    h->count_at,     h->per_count,    h->count,       h->left,     h->fired,
        h->own.unit, h->own.response, h->start,        h->course,      h->own_mean, h->integral,
        h->used,     h->missed,       h->at_end,       h->load,        h->added,    h->mean,
        h->rate,     h->ledger,       h->input,        h->input_rate,  h->level,    h->shifted,
        h->last,     h->number,       h->hazard,       h->gain,        h->now,      h->no_counts,
        h->hold,     h->share,        h->lacking,      h->stirred,     h->own_part, h->carried};
    if (!h->changing) {
        lac_account_free(h->account);
        lac_free(h->error);
    }
    lac_companion_free(h->companion);
    lac_free(h->bath);
    lac_free(h->driven);
    free_processes(h);
    free_pass(&h->pass[0]);
    free_pass(&h->pass[1]);
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        lac_free(owned[k]);
}
