/* Observables: what a run reports beside the variables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>

lac_status lac_declare_observables(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_OBSERVABLES];
    LAC_NEW(model->observable, section->count);
    LAC_NEW(loader->observable_progress, section->count);
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        model->observables++;
        model->observable[each].place = entry->place;
        model->observable[each].species = LAC_NONE;
        LAC_OWN(model->observable[each].id, lac_copy_text(entry->key));
        LAC_TRY(lac_declare(loader, entry->key, LAC_WORD_OBSERVABLE, each, entry->place));
    }
out:
    return status;
}

/* The species whose molar mass an output in mass goes through: the only one that is looked at. */
typedef struct only_species {
    const lac_model *model;
    size_t species;
    bool several;
} only_species;

static void look(const lac_expression *node, void *context)
{
    only_species *only = context;
    if (node->op != LAC_OP_SYMBOL || node->symbol.kind != LAC_SYMBOL_VARIABLE)
        return;
    size_t species = only->model->variable[node->symbol.index].species;
    only->several = only->several || (only->species != LAC_NONE && only->species != species);
    only->species = species;
}

static size_t species_in(const lac_model *model, const lac_expression *tree)
{
    only_species only = {model, LAC_NONE, false};
    lac_expression_walk(tree, look, &only);
    return only.several ? LAC_NONE : only.species;
}

static lac_status define(lac_loader *loader, const lac_entry *entry, lac_observable *observable)
{
    static const char *const keys[] = {"value", "unit", "label", "of"};
    lac_status status = LAC_OK;
    char what[96];
    const lac_yaml *value = entry->value, *unit = NULL, *of = NULL;
    snprintf(what, sizeof what, "the observable '%.60s'", entry->key);
    if (value->kind == LAC_YAML_MAPPING) {
        lac_yaml_only(value, keys, 4, "an observable", loader->list);
        LAC_TRY(lac_load_copy(loader, value, "label", &observable->label));
        unit = lac_yaml_get(value, "unit");
        of = lac_yaml_get(value, "of");
        value = lac_yaml_get(value, "value");
    }
    if (!value) {
        lac_report(loader->list, LAC_ERROR, entry->place, "%s needs a value", what);
        goto out;
    }
    lac_reading reading = {.loader = loader,
                           .sees = LAC_SEES_TIME | LAC_SEES_POOLS | LAC_SEES_REDUCTIONS,
                           .domain = LAC_NONE,
                           .species = LAC_NONE,
                           .what = what};
    LAC_TRY(lac_load_tree(&reading, value, &observable->value));
    if (!observable->value)
        goto out;
    observable->dimension = observable->value->dimension;
    size_t species = species_in(loader->model, observable->value);
    if (of)
        species = lac_load_name(loader, of, &loader->section[LAC_SECTION_SPECIES].keys, "species");
    observable->species = species;
    if (unit)
        LAC_TRY(
            lac_load_display(loader, unit, observable->dimension, species, &observable->display));
    else
        LAC_TRY(lac_display_of(observable->dimension, &observable->display));
out:
    return status;
}

lac_status lac_define_observable(lac_loader *loader, size_t index)
{
    lac_observable *observable = &loader->model->observable[index];
    if (loader->observable_progress[index] != LAC_UNSEEN)
        return LAC_OK;
    loader->observable_progress[index] = LAC_BUSY;
    lac_status status =
        define(loader, &loader->section[LAC_SECTION_OBSERVABLES].entry[index], observable);
    loader->observable_progress[index] = observable->value ? LAC_DONE : LAC_FAILED;
    return status;
}

lac_status lac_define_observables(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->observables; each++)
        LAC_TRY(lac_define_observable(loader, each));
out:
    return status;
}
