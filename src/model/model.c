/* The model: its lifetime and the questions that every room asks it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model.h"

#include "base/memory.h"

#include <math.h>

double lac_tissue_scale(const lac_tissue_text *tissue)
{
    if (!tissue->present || !(tissue->represents > 0))
        return 1;
    double x = tissue->voxel[0] * (double)tissue->voxels[0];
    double y = tissue->voxel[1] * (double)tissue->voxels[1];
    return x * y / tissue->represents;
}

double lac_model_scale(const lac_model *model)
{
    return lac_tissue_scale(&model->tissue[0]);
}

double lac_tissue_weight(const lac_tissue_text *tissue)
{
    const double *h = tissue->voxel;
    return tissue->present ? h[0] * h[1] * h[2] / lac_tissue_scale(tissue) : 1;
}

double lac_model_pool_volume(const lac_model *model, size_t pool)
{
    const lac_variable *variable = &model->variable[pool];
    return variable->total ? 1 : model->domain[variable->domain].volume;
}

/* What lac_model_variable searches: pools of the species, or, in a model made by hand, all. */
static size_t search_variable(const lac_model *model, size_t first, size_t last, size_t species,
                              size_t domain)
{
    for (size_t variable = first; variable < last; variable++) {
        if (model->variable[variable].species == species &&
            model->variable[variable].domain == domain)
            return variable;
    }
    return LAC_NONE;
}

size_t lac_model_variable(const lac_model *model, size_t species, size_t domain)
{
    if (!model->indexed)
        return search_variable(model, 0, model->variables, species, domain);
    if (species >= model->species_count || domain >= model->domains)
        return LAC_NONE;
    const lac_species *it = &model->species[species];
    if (model->domain[domain].kind == LAC_TISSUE && model->tissues < 2)
        return it->field;
    if (model->domain[domain].kind == LAC_TISSUE)
        return search_variable(model, 0, model->fields, species, domain);
    return search_variable(model, it->pool, it->pool + it->pools, species, domain);
}

size_t lac_model_only_variable(const lac_model *model, size_t species, size_t *count)
{
    const lac_species *it = &model->species[species];
    *count = it->pools + it->fields;
    if (it->pools > 0)
        return it->pool + it->pools - 1;
    size_t field = it->field;
    for (size_t more = 1; more < it->fields;)
        more += model->variable[++field].species == species;
    return field;
}

/* Cubic Hermite on one interval; s in [0, 1), h its length. */
static double hermite(const double value[2], const double slope[2], double h, double s,
                      double *rate)
{
    double a = value[1] - value[0];
    double b = h * slope[0] - a;
    double c = a - h * slope[1];
    double r = 1 - s;
    *rate = (a + (r - s) * (b * r + c * s) + s * r * (c - b)) / h;
    return r * value[0] + s * value[1] + s * r * (b * r + c * s);
}

size_t lac_knots_until(const double *times, size_t count, double time)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (times[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double lac_input_value(const lac_input *input, double time, double *rate)
{
    size_t last = input->knots - 1;
    *rate = 0;
    if (time < input->time[0])
        return input->value[0];
    size_t knot = lac_knots_until(input->time, input->knots, time) - 1;
    if (knot == last || input->shape == LAC_STEPS)
        return input->value[knot];
    double h = input->time[knot + 1] - input->time[knot];
    double s = (time - input->time[knot]) / h;
    if (input->shape == LAC_SMOOTH)
        return hermite(&input->value[knot], &input->slope[knot], h, s, rate);
    *rate = (input->value[knot + 1] - input->value[knot]) / h;
    return input->value[knot] + s * (input->value[knot + 1] - input->value[knot]);
}

const char *lac_model_symbol_name(const void *context, lac_symbol symbol)
{
    const lac_model *model = context;
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
        return model->parameter[symbol.index].id;
    case LAC_SYMBOL_INFUSION:
        return "infusion";
    case LAC_SYMBOL_VARIABLE:
        return model->variable[symbol.index].path;
    case LAC_SYMBOL_INPUT:
        return model->input[symbol.index].id;
    case LAC_SYMBOL_REGION:
        return model->region[symbol.index].id;
    case LAC_SYMBOL_RANDOM:
        return model->random[symbol.index].id;
    case LAC_SYMBOL_TIME:
        return "t";
    case LAC_SYMBOL_X:
        return "x";
    case LAC_SYMBOL_Y:
        return "y";
    case LAC_SYMBOL_DEPTH:
        return "depth";
    case LAC_SYMBOL_REDUCED:
        break;
    }
    return "reduced";
}

static void free_domains(lac_model *model)
{
    for (size_t domain = 0; model->domain && domain < model->domains; domain++) {
        lac_free(model->domain[domain].id);
        lac_free(model->domain[domain].label);
    }
    lac_free(model->domain);
}

static void free_species(lac_model *model)
{
    for (size_t species = 0; model->species && species < model->species_count; species++) {
        lac_free(model->species[species].id);
        lac_free(model->species[species].label);
    }
    lac_free(model->species);
}

static void free_variables(lac_model *model)
{
    for (size_t variable = 0; model->variable && variable < model->variables; variable++) {
        lac_variable *it = &model->variable[variable];
        lac_free(it->name);
        lac_free(it->path);
        lac_free(it->stored);
        lac_free(it->written);
        lac_expression_free(it->initial);
        lac_expression_free(it->diffusivity);
    }
    lac_free(model->variable);
}

static void free_parameters(lac_model *model)
{
    for (size_t parameter = 0; model->parameter && parameter < model->parameters; parameter++) {
        lac_parameter *it = &model->parameter[parameter];
        lac_free(it->id);
        lac_free(it->label);
        lac_free(it->source);
        lac_free(it->calibrated_to);
        lac_free(it->written);
        lac_expression_free(it->derived);
    }
    lac_free(model->parameter);
}

static void free_inputs(lac_model *model)
{
    for (size_t input = 0; model->input && input < model->inputs; input++) {
        lac_free(model->input[input].id);
        lac_free(model->input[input].time);
        lac_free(model->input[input].value);
        lac_free(model->input[input].slope);
    }
    lac_free(model->input);
}

static void free_random(lac_model *model)
{
    for (size_t field = 0; model->random && field < model->randoms; field++)
        lac_free(model->random[field].id);
    lac_free(model->random);
}

static void free_space(lac_model *model)
{
    for (size_t region = 0; model->region && region < model->regions; region++) {
        lac_free(model->region[region].id);
        lac_free(model->region[region].file);
        lac_free(model->region[region].dataset);
    }
    lac_free(model->region);
    for (size_t tissue = 0; tissue < LAC_TISSUES_MOST; tissue++)
        lac_free(model->tissue[tissue].bound);
    for (size_t patch = 0; model->patch && patch < model->patches; patch++)
        lac_free(model->patch[patch].id);
    lac_free(model->patch);
    for (size_t boundary = 0; model->boundary && boundary < model->boundaries; boundary++) {
        lac_expression_free(model->boundary[boundary].value);
        lac_expression_free(model->boundary[boundary].partition);
        lac_expression_free(model->boundary[boundary].permeability);
    }
    lac_free(model->boundary);
}

static void free_processes(lac_model *model)
{
    for (size_t process = 0; model->process && process < model->processes; process++) {
        lac_process *it = &model->process[process];
        lac_free(it->id);
        lac_free(it->change);
        lac_free(it->reactant);
        lac_free(it->reactant_count);
        lac_expression_free(it->rate);
        lac_free(it->law);
    }
    lac_free(model->process);
}

static void free_events(lac_model *model)
{
    for (size_t event = 0; model->event && event < model->events; event++) {
        lac_event *it = &model->event[event];
        for (size_t action = 0; it->action && action < it->actions; action++) {
            lac_expression_free(it->action[action].value);
            lac_free(it->action[action].written);
        }
        lac_free(it->id);
        lac_expression_free(it->when);
        lac_free(it->time);
        lac_free(it->action);
    }
    lac_free(model->event);
}

static void free_observables(lac_model *model)
{
    for (size_t observable = 0; model->observable && observable < model->observables;
         observable++) {
        lac_free(model->observable[observable].id);
        lac_free(model->observable[observable].label);
        lac_free(model->observable[observable].stored);
        lac_expression_free(model->observable[observable].value);
    }
    lac_free(model->observable);
}

static void free_bands(lac_model *model)
{
    for (size_t band = 0; model->band && band < model->bands; band++) {
        lac_band *it = &model->band[band];
        lac_free(it->id);
        lac_free(it->label);
        lac_free(it->against);
        lac_free(it->source);
        lac_free(it->note);
    }
    lac_free(model->band);
}

static void free_sources(lac_model *model)
{
    for (size_t source = 0; model->source && source < model->sources; source++) {
        lac_source_free(model->source[source]);
        lac_free(model->source[source]);
    }
    lac_free(model->source);
}

void lac_model_free(lac_model *model)
{
    if (!model)
        return;
    lac_free(model->title);
    lac_free(model->notes);
    lac_free(model->scenario);
    free_domains(model);
    free_species(model);
    free_variables(model);
    free_parameters(model);
    free_inputs(model);
    free_random(model);
    free_space(model);
    free_processes(model);
    free_events(model);
    free_observables(model);
    free_bands(model);
    lac_free(model->condition);
    free_sources(model);
    lac_free(model);
}
