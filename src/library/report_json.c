/* A model and its scales as JSON. Values are in the unit beside them; keys that end in a unit have
 * that one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/report_json.h"

#include "library/report_decay.h"
#include "library/report_discrete.h"
#include "model/describe.h"
#include "model/representation.h"

#include <math.h>

static void add_settings(lac_json *json, const lac_settings *settings)
{
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    lac_json_object(json, "settings");
    for (size_t row = 0; row < rows; row++) {
        const void *field = (const char *)settings + table[row].offset;
        if (table[row].type == LAC_SETTING_NUMBER)
            lac_json_number(json, table[row].key, *(const double *)field);
        else
            lac_json_words(json, table[row].key, field);
    }
    lac_json_end(json);
}

static void add_tissue(lac_json *json, const char *name, const lac_tissue_text *tissue)
{
    if (!tissue->present) {
        lac_json_null(json, name);
        return;
    }
    double voxels[3];
    for (int axis = 0; axis < 3; axis++)
        voxels[axis] = (double)tissue->voxels[axis];
    lac_json_object(json, name);
    lac_json_numbers(json, "voxels", voxels, 3);
    lac_json_numbers(json, "voxel_um", tissue->voxel, 3);
    lac_json_number(json, "represents_um2", tissue->represents > 0 ? tissue->represents : NAN);
    lac_json_end(json);
}

/* Where there are several: each under its domain, the first also as "tissue". */
static void add_tissues(lac_json *json, const lac_model *model)
{
    if (model->tissues < 2)
        return;
    lac_json_object(json, "tissues");
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        add_tissue(json, model->domain[model->tissue[tissue].domain].id, &model->tissue[tissue]);
    lac_json_end(json);
}

static void add_domains(lac_json *json, const lac_model *model)
{
    lac_json_array(json, "domains");
    for (size_t domain = 0; domain < model->domains; domain++) {
        const lac_domain *it = &model->domain[domain];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", it->id);
        lac_json_words(json, "label", it->label);
        lac_json_words(json, "kind", it->kind == LAC_TISSUE ? "tissue" : "well-mixed");
        lac_json_number(json, "volume_um3", it->kind == LAC_TISSUE ? (double)NAN : it->volume);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_variables(lac_json *json, const lac_model *model, const lac_survey *survey)
{
    lac_json_array(json, "variables");
    for (size_t index = 0; index < model->variables; index++) {
        const lac_variable *variable = &model->variable[index];
        const lac_survey_variable *of = &survey->variable[index];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", variable->name);
        lac_json_words(json, "domain", model->domain[variable->domain].id);
        lac_json_words(json, "species", model->species[variable->species].id);
        lac_json_words(json, "label", model->species[variable->species].label);
        lac_json_words(json, "unit", variable->display.unit);
        lac_json_number(json, "mean", of->mean * variable->display.factor);
        lac_json_number(json, "per_voxel", of->per_voxel);
        lac_json_number(json, "diffusivity_um2_per_s", of->diffusivity);
        lac_json_number(json, "hop_s", of->hop);
        lac_json_number(json, "diffusion_s", of->spread);
        lac_report_decay_json(&of->decay, json);
        lac_json_words(json, "representation", lac_representation_word(model, index));
        lac_json_flag(json, "field", index < model->fields);
        lac_json_flag(json, "saved", index >= model->fields || lac_model_saves_field(model, index));
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_parameters(lac_json *json, const lac_model *model)
{
    lac_json_array(json, "parameters");
    for (size_t index = 0; index < model->parameters; index++) {
        const lac_parameter *it = &model->parameter[index];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", it->id);
        lac_json_words(json, "label", it->label);
        lac_json_number(json, "value", it->value * it->display.factor);
        lac_json_number(json, "low", it->low * it->display.factor);
        lac_json_number(json, "high", it->high * it->display.factor);
        lac_json_words(json, "unit", it->display.unit);
        lac_json_words(json, "kind",
                       it->kind == LAC_UNSTATED ? NULL : lac_provenance_word(it->kind));
        lac_json_words(json, "source", it->source);
        lac_json_words(json, "calibrated_to", it->calibrated_to);
        lac_json_flag(json, "derived", it->derived != NULL);
        lac_json_flag(json, "used", it->used);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_processes(lac_json *json, const lac_model *model, const lac_survey *survey)
{
    lac_json_array(json, "processes");
    for (size_t index = 0; index < model->processes; index++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", model->process[index].id);
        lac_json_words(json, "law", model->process[index].law);
        lac_json_number(json, "time_s", survey->reaction[index]);
        if (survey->outlook.rate)
            lac_json_number(json, "events_per_day", survey->outlook.rate[index] * 86400);
        lac_json_end(json);
    }
    lac_json_end(json);
}

/* sum of weight * content is constant. */
static void add_invariants(lac_json *json, const lac_model *model, const lac_survey *survey)
{
    lac_json_array(json, "conserved");
    for (size_t row = 0; row < survey->invariants.count; row++) {
        const double *weight = survey->invariants.weight + row * model->variables;
        double total = 0;
        lac_json_object(json, NULL);
        lac_json_object(json, "weights");
        for (size_t index = 0; index < model->variables; index++) {
            if (weight[index] == 0)
                continue;
            lac_json_number(json, model->variable[index].name, weight[index]);
            total += weight[index] * survey->variable[index].content;
        }
        lac_json_end(json);
        lac_json_number(json, "total", total);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_observables(lac_json *json, const lac_model *model)
{
    lac_json_array(json, "observables");
    for (size_t index = 0; index < model->observables; index++) {
        const lac_observable *it = &model->observable[index];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", it->id);
        lac_json_words(json, "label", it->label);
        lac_json_words(json, "unit", it->display.unit);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_events(lac_json *json, const lac_model *model)
{
    lac_json_array(json, "events");
    for (size_t index = 0; index < model->events; index++) {
        const lac_event *it = &model->event[index];
        bool timed = !it->when, repeated = timed && it->every > 0;
        lac_json_object(json, NULL);
        lac_json_words(json, "name", it->id);
        lac_json_flag(json, "timed", timed);
        lac_json_number(json, "at_s", timed ? it->at : (double)NAN);
        lac_json_number(json, "every_s", repeated ? it->every : (double)NAN);
        lac_json_number(json, "until_s", repeated ? it->until : (double)NAN);
        lac_json_end(json);
    }
    lac_json_end(json);
}

void lac_report_json(const char *file, const lac_model *model, const lac_survey *survey,
                     lac_json *json)
{
    lac_json_object(json, NULL);
    lac_json_words(json, "file", file);
    lac_json_words(json, "scenario", model->scenario);
    lac_json_words(json, "title", model->title);
    lac_json_flag(json, "clinical", model->clinical);
    add_settings(json, &model->settings);
    add_tissue(json, "tissue", &model->tissue[0]);
    add_tissues(json, model);
    add_domains(json, model);
    add_variables(json, model, survey);
    add_parameters(json, model);
    add_processes(json, model, survey);
    add_invariants(json, model, survey);
    add_observables(json, model);
    add_events(json, model);
    lac_json_number(json, "unknowns", survey->unknowns);
    lac_json_number(json, "events_per_s", survey->events.rate);
    lac_json_number(json, "seconds_per_event", survey->events.seconds);
    if (survey->outlook.rate)
        lac_json_number(json, "step_of_events_s", survey->outlook.step);
    if (lac_report_bound(model, survey))
        lac_json_words(json, "step_bounded_by", lac_report_bound(model, survey));
    lac_json_count(json, "memory_bytes", survey->memory);
    lac_json_end(json);
}
