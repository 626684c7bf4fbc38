/* Write: a resolved model as text that loads to the same model, for results and checkpoints.
 * Quantities, functions, includes and scenarios are resolved; numbers are exact.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/write.h"

#include "model/random.h"

#include <math.h>
#include <string.h>

void lac_write_quoted(const char *words, lac_text *text)
{
    lac_text_add(text, "\"");
    for (const char *c = words; *c; c++) {
        if (*c == '"' || *c == '\\')
            lac_text_add(text, "\\%c", *c);
        else if (*c == '\n')
            lac_text_add(text, "\\n");
        else if ((unsigned char)*c < 0x20 || *c == 0x7f)
            lac_text_add(text, "\\x%02x", (unsigned char)*c);
        else
            lac_text_add_bytes(text, c, 1);
    }
    lac_text_add(text, "\"");
}

void lac_write_tree(const lac_model *model, const lac_expression *tree, lac_text *text)
{
    lac_text words = {0};
    lac_expression_write(tree, lac_model_symbol_name, model, &words);
    if (words.failed)
        text->failed = words.failed;
    lac_write_quoted(lac_text_of(&words), text);
    lac_text_free(&words);
}

void lac_write_number(const lac_model *model, double value, lac_dimension dimension, lac_text *text)
{
    lac_expression number = {
        .op = LAC_OP_NUMBER, .number = value, .region = LAC_NONE, .dimension = dimension};
    lac_write_tree(model, &number, text);
}

/* A unit of mass needs the species whose molar mass it goes through. */
static void write_species_of(const lac_model *model, const lac_display *display,
                             lac_dimension dimension, lac_text *text)
{
    for (size_t species = 0; species < model->species_count; species++) {
        lac_display by_mass;
        const lac_species *it = &model->species[species];
        if (it->molar_mass > 0 &&
            lac_display_by_mass(display->unit, it->molar_mass, dimension, &by_mass) == LAC_OK &&
            by_mass.factor == display->factor) {
            lac_text_add(text, ", of: %s", it->id);
            return;
        }
    }
}

/* ", KEY: unit" unless it is the usual one. */
static void write_display(const lac_display *display, lac_dimension dimension, const char *key,
                          lac_text *text)
{
    lac_display plain;
    if (lac_display_of(dimension, &plain) == LAC_OK && strcmp(plain.unit, display->unit) == 0)
        return;
    lac_text_add(text, ", %s: ", key);
    lac_write_quoted(display->unit, text);
}

/* --- heading, domains, species
 * --------------------------------------------------------------------- */

static void write_heading(const lac_model *model, lac_text *text)
{
    lac_text_add(text, "lacuna: 1\ntitle: ");
    lac_write_quoted(model->title, text);
    if (model->notes) {
        lac_text_add(text, "\nnotes: ");
        lac_write_quoted(model->notes, text);
    }
    lac_text_add(text, "\nclinical: %s\n", model->clinical ? "true" : "false");
}

static void write_domains(const lac_model *model, lac_text *text)
{
    lac_text_add(text, "domains:\n");
    for (size_t domain = 0; domain < model->domains; domain++) {
        const lac_domain *it = &model->domain[domain];
        lac_text_add(text, "  %s: {kind: %s, label: ", it->id,
                     it->kind == LAC_TISSUE ? "tissue" : "well-mixed");
        lac_write_quoted(it->label, text);
        if (it->kind == LAC_WELL_MIXED) {
            lac_text_add(text, ", volume: ");
            lac_write_number(model, it->volume, lac_dimension_of(LAC_LENGTH, 3), text);
        }
        lac_text_add(text, "}\n");
    }
}

static void write_variable(const lac_model *model, const lac_variable *variable, lac_text *text)
{
    const char *counting = lac_counting_word[variable->counting];
    lac_text_add(text, "    %s: {initial: %s%s%s", model->domain[variable->domain].id,
                 *counting ? "{" : "", counting, *counting ? ": " : "");
    lac_write_tree(model, variable->initial, text);
    lac_text_add(text, *counting ? "}" : "");
    if (variable->diffusivity) {
        lac_text_add(text, ", diffusivity: ");
        lac_write_tree(model, variable->diffusivity, text);
    }
    lac_text_add(text, ", atol: ");
    lac_write_number(model, variable->atol, variable->dimension, text);
    if (variable->total)
        lac_text_add(text, ", total: true");
    if (variable->is_signed)
        lac_text_add(text, ", signed: true");
    if (variable->asked == LAC_AUTOMATIC)
        lac_text_add(text, ", representation: {discrete_below: %.15g, continuous_above: %.15g%s}",
                     variable->automatic.below, variable->automatic.above,
                     variable->automatic.by_mean ? ", by: mean" : "");
    else if (variable->asked != LAC_BY_METHOD)
        lac_text_add(text, ", representation: %s",
                     variable->asked == LAC_DISCRETE ? "discrete" : "continuous");
    write_display(&variable->display, variable->dimension, "display", text);
    lac_text_add(text, "}\n");
}

static void write_variables_of(const lac_model *model, size_t species, lac_text *text)
{
    const lac_species *it = &model->species[species];
    size_t first = model->indexed ? it->pool : 0;
    size_t last = model->indexed ? it->pool + it->pools : model->variables;
    for (size_t field = 0; model->indexed && field < model->fields; field++)
        if (model->variable[field].species == species)
            write_variable(model, &model->variable[field], text);
    for (size_t variable = first; variable < last; variable++) {
        if (model->variable[variable].species == species)
            write_variable(model, &model->variable[variable], text);
    }
}

static void write_species(const lac_model *model, lac_text *text)
{
    static const char *const units[] = {"molecule", "cell", "1"};
    lac_text_add(text, "species:%s\n", model->species_count ? "" : " {}");
    for (size_t species = 0; species < model->species_count; species++) {
        const lac_species *it = &model->species[species];
        lac_text_add(text, "  %s:\n    label: ", it->id);
        lac_write_quoted(it->label, text);
        lac_text_add(text, "\n    unit: %s\n", units[it->kind]);
        if (it->molar_mass > 0) {
            lac_text_add(text, "    molar_mass: %.17g Da\n", it->molar_mass);
        }
        write_variables_of(model, species, text);
    }
}

/* --- parameters, inputs, observables
 * ------------------------------------------------------------------ */

static void write_words(const char *key, const char *words, lac_text *text)
{
    if (!words)
        return;
    lac_text_add(text, ", %s: ", key);
    lac_write_quoted(words, text);
}

static void write_parameter(const lac_model *model, const lac_parameter *parameter, lac_text *text)
{
    lac_text_add(text, "  %s: {value: ", parameter->id);
    if (parameter->derived)
        lac_write_tree(model, parameter->derived, text);
    else
        lac_write_number(model, parameter->value, parameter->dimension, text);
    if (!isnan(parameter->low)) {
        lac_text_add(text, ", range: [");
        lac_write_number(model, parameter->low, parameter->dimension, text);
        lac_text_add(text, ", ");
        lac_write_number(model, parameter->high, parameter->dimension, text);
        lac_text_add(text, "]");
    }
    if (parameter->kind != LAC_UNSTATED)
        lac_text_add(text, ", kind: %s", lac_provenance_word(parameter->kind));
    write_words("label", parameter->label, text);
    write_words("source", parameter->source, text);
    write_words("calibrated_to", parameter->calibrated_to, text);
    write_display(&parameter->display, parameter->dimension, "display", text);
    write_species_of(model, &parameter->display, parameter->dimension, text);
    lac_text_add(text, "}\n");
}

static void write_inputs(const lac_model *model, lac_text *text)
{
    static const char *const shapes[] = {"steps", "linear", "smooth"};
    if (model->inputs > 0)
        lac_text_add(text, "inputs:\n");
    for (size_t input = 0; input < model->inputs; input++) {
        const lac_input *it = &model->input[input];
        lac_text_add(text, "  %s: {shape: %s, knots: [", it->id, shapes[it->shape]);
        for (size_t knot = 0; knot < it->knots; knot++) {
            lac_text_add(text, knot ? ", [" : "[");
            lac_write_number(model, it->time[knot], lac_dimension_of(LAC_TIME, 1), text);
            lac_text_add(text, ", ");
            lac_write_number(model, it->value[knot], it->dimension, text);
            lac_text_add(text, "]");
        }
        lac_text_add(text, "]}\n");
    }
}

static void write_random(const lac_model *model, lac_text *text)
{
    lac_dimension length = lac_dimension_of(LAC_LENGTH, 1);
    if (model->randoms > 0)
        lac_text_add(text, "random:\n");
    for (size_t field = 0; field < model->randoms; field++) {
        const lac_random_field *it = &model->random[field];
        lac_text_add(text, "  %s: {%s, correlation: [", it->id,
                     it->uniform ? "uniform: [0, 1]" : "normal: {mean: 0, sd: 1}");
        for (int axis = 0; axis < 3; axis++) {
            lac_text_add(text, axis ? ", " : "");
            lac_write_number(model, it->length[axis], length, text);
        }
        lac_text_add(text, "], covariance: %s}\n", lac_covariance_word[it->covariance]);
    }
}

static void write_observables(const lac_model *model, lac_text *text)
{
    if (model->observables > 0)
        lac_text_add(text, "observables:\n");
    for (size_t observable = 0; observable < model->observables; observable++) {
        const lac_observable *it = &model->observable[observable];
        lac_text_add(text, "  %s: {value: ", it->id);
        lac_write_tree(model, it->value, text);
        write_display(&it->display, it->dimension, "unit", text);
        write_species_of(model, &it->display, it->dimension, text);
        write_words("label", it->label, text);
        lac_text_add(text, "}\n");
    }
}

/* --- run
 * --------------------------------------------------------------------------------------------- */

static void write_settings(const lac_settings *settings, lac_text *text)
{
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    lac_text_add(text, "run:\n");
    for (size_t row = 0; row < rows; row++) {
        const char *field = (const char *)settings + table[row].offset;
        if (table[row].type == LAC_SETTING_PATH) {
            lac_text_add(text, "  %s: ", table[row].key);
            lac_write_quoted(field, text);
            lac_text_add(text, "\n");
        } else if (table[row].type != LAC_SETTING_NUMBER)
            lac_text_add(text, "  %s: %s\n", table[row].key, field);
        else
            lac_text_add(text, "  %s: %.17g%s%s\n", table[row].key,
                         *(const double *)(const void *)field, *table[row].unit ? " " : "",
                         table[row].unit);
    }
}

void lac_model_write(const lac_model *model, lac_text *text)
{
    write_heading(model, text);
    write_domains(model, text);
    lac_write_tissue(model, text);
    write_species(model, text);
    if (model->parameters > 0)
        lac_text_add(text, "parameters:\n");
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        write_parameter(model, &model->parameter[parameter], text);
    write_inputs(model, text);
    write_random(model, text);
    lac_write_processes(model, text);
    lac_write_boundaries(model, text);
    write_observables(model, text);
    lac_write_bands(model, text);
    lac_write_events(model, text);
    write_settings(&model->settings, text);
}
