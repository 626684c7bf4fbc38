/* Parameters: numbers with unit and provenance, and numbers derived from them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

lac_status lac_declare_parameters(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_PARAMETERS];
    LAC_NEW(model->parameter, section->count);
    LAC_NEW(loader->parameter_progress, section->count);
    LAC_NEW(loader->parameter_override, section->count);
    LAC_NEW(loader->parameter_constant, section->count);
    LAC_NEW(loader->parameter_changed, section->count);
    LAC_TRY(lac_blame_begin(loader));
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        model->parameters++;
        model->parameter[each].place = entry->place;
        model->parameter[each].low = model->parameter[each].high = NAN;
        model->parameter[each].of = LAC_NONE;
        LAC_OWN(model->parameter[each].id, lac_copy_text(entry->key));
        LAC_TRY(lac_declare(loader, entry->key, LAC_WORD_PARAMETER, each, entry->place));
    }
out:
    return status;
}

/* --- value
 * ------------------------------------------------------------------------------------------- */

/* A parameter's value is a plain number, or an expression that holds other parameters. */
static lac_status keep_value(lac_loader *loader, lac_parameter *parameter, lac_expression *tree,
                             lac_place place)
{
    parameter->value_place = place;
    parameter->value = lac_start_value(loader->model, tree);
    parameter->dimension = tree->dimension;
    lac_expression_free(parameter->derived);
    parameter->derived = NULL;
    if (tree->op != LAC_OP_NUMBER && lac_tree_has_symbol(tree))
        parameter->derived = tree;
    else
        lac_expression_free(tree);
    if (!isfinite(parameter->value))
        lac_report(loader->list, LAC_ERROR, place, "the value of '%s' is not a finite number",
                   parameter->id);
    return LAC_OK;
}

/* Reads the value as text gives it; `reading.species` is the species of `of:`. */
static lac_status read_value(const lac_reading *reading, const lac_yaml *node,
                             const lac_dimension *expected, lac_parameter *parameter)
{
    lac_expression *tree = NULL;
    lac_status status = expected ? lac_load_expression(reading, node, expected, 1, NULL, &tree)
                                 : lac_load_tree(reading, node, &tree);
    if (status == LAC_OK && tree)
        status = lac_mass_to_amount(reading->loader->model, reading->species, NULL, &tree);
    if (status != LAC_OK || !tree)
        return status;
    lac_free(parameter->written);
    parameter->written = lac_copy_text(node->scalar);
    status = keep_value(reading->loader, parameter, tree, node->place);
    return parameter->written ? status : LAC_MEMORY;
}

static size_t species_of(lac_loader *loader, const lac_yaml *entry)
{
    const lac_yaml *of = entry->kind == LAC_YAML_MAPPING ? lac_yaml_get(entry, "of") : NULL;
    if (!of)
        return LAC_NONE;
    size_t species =
        lac_load_name(loader, of, &loader->section[LAC_SECTION_SPECIES].keys, "species");
    if (species != LAC_NONE && !(loader->model->species[species].molar_mass > 0))
        lac_report(loader->list, LAC_ERROR, of->place, "'%s' has no molar_mass",
                   loader->model->species[species].id);
    return species;
}

static const char *const kinds[] = {"unstated",   "measured", "computed",
                                    "assumption", "prior",    "fitted"};

const char *lac_provenance_word(lac_provenance_kind kind)
{
    return kinds[kind];
}

/* --- provenance
 * -------------------------------------------------------------------------------------- */

static lac_status read_provenance(lac_loader *loader, const lac_yaml *node,
                                  lac_parameter *parameter)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_load_copy(loader, node, "label", &parameter->label));
    LAC_TRY(lac_load_copy(loader, node, "source", &parameter->source));
    LAC_TRY(lac_load_copy(loader, node, "calibrated_to", &parameter->calibrated_to));
    const lac_yaml *kind = lac_yaml_get(node, "kind");
    size_t choice = kind ? lac_load_choice(loader, kind, kinds, 6, "kind of parameter") : 0;
    parameter->kind = choice == LAC_NONE ? LAC_UNSTATED : (lac_provenance_kind)choice;
out:
    return status;
}

/* [low, high]: each like the value, or (factor) a number that multiplies it. */
static lac_status read_bounds(lac_reading *reading, const lac_yaml *node, bool factor,
                              lac_parameter *parameter)
{
    lac_loader *loader = reading->loader;
    double bound[2] = {NAN, NAN};
    char what[96];
    snprintf(what, sizeof what, "the range of %.60s", parameter->id);
    reading->what = what;
    if (node->kind != LAC_YAML_SEQUENCE || node->count != 2) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be [low, high]", what);
        return LAC_OK;
    }
    for (int each = 0; each < 2; each++) {
        lac_status status =
            lac_load_constant(reading, node->item[each],
                              factor ? lac_dimensionless : parameter->dimension, &bound[each]);
        if (status != LAC_OK)
            return status;
    }
    if (bound[0] > bound[1])
        lac_report(loader->list, LAC_ERROR, node->place, "%s has its low end above its high end",
                   what);
    double unit = factor ? parameter->value : 1;
    parameter->low = fmin(bound[0] * unit, bound[1] * unit);
    parameter->high = fmax(bound[0] * unit, bound[1] * unit);
    return LAC_OK;
}

static lac_status read_range(lac_reading *reading, const lac_yaml *node, lac_parameter *parameter)
{
    const lac_yaml *range = lac_yaml_get(node, "range");
    const lac_yaml *factor = lac_yaml_get(node, "factor_range");
    if (range && factor)
        lac_report(reading->loader->list, LAC_ERROR, factor->place,
                   "a parameter has a range or a factor_range, not both");
    if (range)
        return read_bounds(reading, range, false, parameter);
    return factor ? read_bounds(reading, factor, true, parameter) : LAC_OK;
}

/* The unit behind the number of a plain quantity, as it is written; false without one. */
static bool unit_as_written(const lac_yaml *node, char *text, size_t bytes)
{
    const lac_yaml *value = node->kind == LAC_YAML_MAPPING ? lac_yaml_get(node, "value") : node;
    double number;
    lac_unit unit;
    char *end;
    if (!value || value->kind != LAC_YAML_SCALAR ||
        lac_quantity_parse(value->scalar, &number, &unit) != LAC_OK)
        return false;
    strtod(value->scalar, &end);
    end += strspn(end, " ");
    snprintf(text, bytes, "%s%s", *end == '/' ? "1" : "", end); /* 2/h is in 1/h */
    return *end != '\0' && strlen(end) + 1 < bytes;
}

/* A unit in which the value can be shown. A name of the model that is a unit too can have been
 * meant: then the usual unit. */
static lac_status display_as_written(const lac_model *model, const char *unit, size_t species,
                                     lac_parameter *parameter)
{
    double mass = species == LAC_NONE ? 0 : model->species[species].molar_mass;
    lac_dimension dimension = parameter->dimension;
    lac_status status = lac_display_as(unit, dimension, &parameter->display);
    if (status == LAC_INPUT && mass > 0)
        status = lac_display_by_mass(unit, mass, dimension, &parameter->display);
    return status == LAC_INPUT ? lac_display_of(dimension, &parameter->display) : status;
}

static lac_status read_display(lac_loader *loader, const lac_yaml *node, size_t species,
                               lac_parameter *parameter)
{
    const lac_yaml *display = node->kind == LAC_YAML_MAPPING ? lac_yaml_get(node, "display") : NULL;
    char unit[sizeof parameter->display.unit];
    if (display)
        return lac_load_display(loader, display, parameter->dimension, species,
                                &parameter->display);
    if (unit_as_written(node, unit, sizeof unit))
        return display_as_written(loader->model, unit, species, parameter);
    return lac_display_of(parameter->dimension, &parameter->display);
}

/* --- one parameter
 * ------------------------------------------------------------------------------------ */

static const lac_yaml *value_node(lac_loader *loader, const lac_entry *entry)
{
    static const char *const keys[] = {"value",  "range",         "factor_range", "kind",   "of",
                                       "source", "calibrated_to", "label",        "display"};
    if (entry->value->kind != LAC_YAML_MAPPING)
        return entry->value; /* k: 3 1/h */
    lac_yaml_only(entry->value, keys, sizeof keys / sizeof *keys, "a parameter", loader->list);
    const lac_yaml *value = lac_yaml_get(entry->value, "value");
    if (!value)
        lac_report(loader->list, LAC_ERROR, entry->place, "the parameter '%s' needs a value",
                   entry->key);
    return value;
}

static lac_status define(lac_loader *loader, size_t index, bool *good)
{
    lac_status status = LAC_OK;
    lac_parameter *parameter = &loader->model->parameter[index];
    const lac_entry *entry = &loader->section[LAC_SECTION_PARAMETERS].entry[index];
    const lac_yaml *override = loader->parameter_override[index];
    char what[96];
    snprintf(what, sizeof what, "the value of %.60s", parameter->id);
    lac_reading reading = {.loader = loader,
                           .domain = LAC_NONE,
                           .species = species_of(loader, entry->value),
                           .what = what};
    parameter->of = reading.species;
    size_t before = loader->list->reported;
    const lac_yaml *node = value_node(loader, entry);
    if (!node)
        goto out;
    LAC_TRY(read_value(&reading, node, NULL, parameter));
    if (loader->list->reported > before)
        goto out;
    if (entry->value->kind == LAC_YAML_MAPPING) {
        LAC_TRY(read_provenance(loader, entry->value, parameter));
        LAC_TRY(read_range(&reading, entry->value, parameter));
    }
    LAC_TRY(read_display(loader, entry->value, reading.species, parameter));
    reading.what = what;
    lac_dimension dimension = parameter->dimension;
    if (override)
        LAC_TRY(read_value(&reading, override, &dimension, parameter));
    *good = loader->list->reported == before;
out:
    return status;
}

lac_status lac_define_parameter(lac_loader *loader, size_t index)
{
    bool good = false;
    if (loader->parameter_progress[index] != LAC_UNSEEN)
        return LAC_OK;
    loader->parameter_progress[index] = LAC_BUSY;
    lac_status status = define(loader, index, &good);
    loader->parameter_progress[index] = good ? LAC_DONE : LAC_FAILED;
    return status;
}

lac_status lac_define_parameters(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->parameters; each++)
        LAC_TRY(lac_define_parameter(loader, each));
out:
    return status;
}
