/* A survey: initial values are filled in, diffusivities and derivatives of rates looked at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/survey_internal.h"

#include "base/memory.h"
#include "methods/methods.h"
#include "run/events.h"
#include "run/trigger.h"

#include <math.h>

static double mean_of(const lac_grid *grid, const double *field)
{
    double sum = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        if (!grid->active || grid->active[voxel] != 0)
            sum += grid->share ? grid->share[voxel] * field[voxel] : field[voxel];
    return sum / grid->active_volume;
}

static double hop_time(const lac_grid *grid, double diffusivity)
{
    double sum = 0;
    for (int axis = 0; axis < 3; axis++)
        if (grid->n[axis] > 1)
            sum += 1 / (grid->h[axis] * grid->h[axis]);
    return 1 / (2 * diffusivity * sum);
}

static double spread_time(const lac_grid *grid, double diffusivity)
{
    double longest = 0;
    for (int axis = 0; axis < 3; axis++)
        longest = fmax(longest, (double)grid->n[axis] * grid->h[axis]);
    return longest * longest / (2 * diffusivity);
}

static lac_status survey_field(const lac_survey_site *site, size_t variable,
                               lac_survey_variable *out)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    const lac_variable *about = &model->variable[variable];
    const double *value = site->state->value + lac_layout_at(&site->state->layout, variable);
    const lac_grid *grid = lac_grid_of_field(site->grid, model, variable);
    out->mean = mean_of(grid, value);
    if (model->species[about->species].kind != LAC_STATE)
        out->per_voxel = out->mean * grid->voxel_volume;
    if (about->diffusivity) {
        LAC_TRY(lac_fill_field(&site->scene, site->state, about->diffusivity,
                               &(lac_fill_ground){grid->tissue, NULL}, site->field));
        out->diffusivity = mean_of(grid, site->field);
        out->hop = hop_time(grid, out->diffusivity);
        out->spread = spread_time(grid, out->diffusivity);
        LAC_TRY(lac_survey_decay_of(site, variable, &out->decay));
    }
out:
    return status;
}

static lac_status survey_variables(const lac_survey_site *site, lac_survey *survey)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    for (size_t variable = 0; variable < model->variables; variable++) {
        lac_survey_variable *out = &survey->variable[variable];
        *out = (lac_survey_variable){NAN, NAN, NAN, NAN, NAN, NAN, {NAN, NAN, 2, NAN, {NAN, NAN}}};
        out->content = site->state->initial[variable];
        if (variable < model->fields)
            LAC_TRY(survey_field(site, variable, out));
        else
            out->mean = site->state->value[lac_layout_at(&site->state->layout, variable)];
    }
out:
    return status;
}

static lac_status evaluate(const lac_survey_site *site, const lac_program *program,
                           const lac_grid *grid)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    double *input = NULL, *input_rate = NULL, *uniform = NULL, *const out_field[1] = {site->field};
    lac_frame frame;
    LAC_NEW(input, model->inputs);
    LAC_NEW(input_rate, model->inputs);
    lac_scene_frame(&site->scene, site->state, site->state->value, input, input_rate, &frame);
    lac_frame_at(&frame, model, 0);
    if (grid) {
        lac_frame_enter(&frame, grid->tissue);
        LAC_TRY(lac_program_fields(program, &frame, out_field));
    } else {
        LAC_NEW(uniform, lac_program_uniform_size(program));
        lac_program_scalars(program, &frame, uniform, site->field);
    }
out:
    lac_free(input);
    lac_free(input_rate);
    lac_free(uniform);
    return status;
}

lac_status lac_survey_derivative(const lac_survey_site *site, const lac_process *process,
                                 size_t variable, const lac_grid *grid, bool *any)
{
    lac_status status = LAC_OK;
    lac_graph *graph = NULL;
    lac_program *program = NULL;
    lac_node node, derivative;
    *any = false;
    LAC_TRY(lac_graph_create(site->scene.model, &graph));
    LAC_TRY(lac_graph_add(graph, process->rate, &node));
    lac_symbol symbol = {LAC_SYMBOL_VARIABLE, variable};
    LAC_TRY(lac_graph_derivative(graph, node, symbol, &derivative));
    if (lac_graph_is_zero(derivative))
        goto out;
    LAC_TRY(lac_program_compile(graph, &derivative, 1, &program));
    LAC_TRY(evaluate(site, program, grid));
    *any = true;
out:
    lac_program_free(program);
    lac_graph_free(graph);
    return status;
}

/* |factor d(rate)/du| at its largest [1/s], for one change of one process; without a grid among
 * pools. */
static lac_status survey_change(const lac_survey_site *site, const lac_process *process,
                                const lac_change *change, double *rate)
{
    bool any;
    const lac_grid *grid = process->in_tissue
                               ? lac_grid_of_field(site->grid, site->scene.model, change->variable)
                               : NULL;
    lac_status status = lac_survey_derivative(site, process, change->variable, grid, &any);
    const size_t count = status == LAC_OK && any ? (grid ? grid->voxels : 1) : 0;
    for (size_t voxel = 0; voxel < count; voxel++)
        if (!grid || !grid->active || grid->active[voxel] != 0)
            *rate = fmax(*rate, fabs(change->factor * site->field[voxel]));
    return status;
}

static lac_status survey_reactions(const lac_survey_site *site, lac_survey *survey)
{
    lac_status status = LAC_OK;
    const lac_model *model = site->scene.model;
    for (size_t index = 0; index < model->processes; index++) {
        const lac_process *process = &model->process[index];
        double rate = 0;
        for (size_t k = 0; k < process->changes; k++)
            LAC_TRY(survey_change(site, process, &process->change[k], &rate));
        survey->reaction[index] = 1 / rate;
    }
out:
    return status;
}

static lac_status survey_triggers(const lac_survey_site *site, lac_survey *survey)
{
    lac_status status = LAC_OK;
    lac_triggers *triggers = NULL;
    lac_view view = {.model = site->scene.model, .grid = site->grid, .weight = site->scene.weight};
    LAC_TRY(lac_triggers_create(&view, &triggers));
    LAC_TRY(lac_triggers_start(triggers, site->state));
    for (size_t k = lac_triggers_next_held(triggers, 0); k < lac_triggers_count(triggers);
         k = lac_triggers_next_held(triggers, k + 1))
        survey->held[lac_triggers_event(triggers, k)] = true;
out:
    lac_triggers_free(triggers);
    return status;
}

static lac_status look(const lac_model *model, lac_survey_site *site)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_grid_create(model, &site->grid));
    site->scene = (lac_scene){.model = model, .grid = site->grid, .weight = site->grid->weight};
    LAC_TRY(lac_simulation_initial(&site->scene, &site->state));
    LAC_NEW(site->field, lac_grid_all_voxels(site->grid) + 1);
out:
    return status;
}

static lac_status survey_events(const lac_survey_site *site, lac_survey *survey)
{
    const lac_stepper_type *type = lac_stepper_find(site->scene.model->settings.method);
    survey->events = (lac_event_cost){NAN, NAN};
    if (type == &lac_hybrid_method) {
        lac_status status = lac_hybrid_look_ahead(&site->scene, site->state, &survey->outlook);
        if (status != LAC_OK)
            return status;
    }
    if (!type || !type->events)
        return LAC_OK;
    return type->events(&site->scene, site->state, &survey->events);
}

lac_status lac_survey_create(const lac_model *model, lac_survey **survey)
{
    lac_status status = LAC_OK;
    lac_survey *fresh = NULL;
    lac_survey_site site = {0};
    LAC_NEW(fresh, 1);
    LAC_TRY(lac_stepper_check(model));
    LAC_NEW(fresh->variable, model->variables);
    LAC_NEW(fresh->reaction, model->processes);
    LAC_NEW(fresh->held, model->events);
    fresh->memory = lac_simulation_memory(model);
    LAC_TRY(look(model, &site));
    size_t pools = model->variables - model->fields;
    fresh->unknowns = (double)pools;
    for (size_t field = 0; field < model->fields; field++)
        fresh->unknowns += (double)lac_grid_of_field(site.grid, model, field)->active_voxels;
    LAC_TRY(survey_variables(&site, fresh));
    LAC_TRY(survey_reactions(&site, fresh));
    LAC_TRY(survey_triggers(&site, fresh));
    LAC_TRY(lac_network_invariants(model, &fresh->invariants));
    LAC_TRY(survey_events(&site, fresh));
    *survey = fresh;
    fresh = NULL;
out:
    lac_survey_free(fresh);
    lac_free(site.field);
    lac_state_free(site.state);
    lac_grid_free(site.grid);
    return status;
}

void lac_survey_free(lac_survey *survey)
{
    if (!survey)
        return;
    lac_free(survey->variable);
    lac_free(survey->reaction);
    lac_free(survey->held);
    lac_invariants_free(&survey->invariants);
    lac_hybrid_outlook_free(&survey->outlook);
    lac_free(survey);
}
