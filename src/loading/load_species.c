/* Species: what is counted, and in which domains it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

lac_dimension lac_count_dimension(lac_species_kind kind)
{
    if (kind == LAC_STATE)
        return lac_dimensionless;
    return lac_dimension_of(kind == LAC_MOLECULES ? LAC_AMOUNT : LAC_CELLS, 1);
}

lac_dimension lac_per(lac_dimension dimension, int length, int time)
{
    dimension = lac_dimension_over(dimension, lac_dimension_of(LAC_LENGTH, length));
    return lac_dimension_over(dimension, lac_dimension_of(LAC_TIME, time));
}

/* --- joining ---
 */

static lac_place place_of(const lac_yaml *mapping, const char *key)
{
    size_t entry = 0;
    while (strcmp(mapping->key[entry], key) != 0)
        entry++;
    return mapping->key_place[entry];
}

lac_status lac_continue_species(lac_loader *loader, const lac_entry *first, const lac_entry *entry)
{
    for (size_t each = 0; each < entry->value->count; each++) {
        const char *key = entry->value->key[each];
        if (!lac_yaml_get(first->value, key))
            continue;
        const lac_place said = place_of(first->value, key);
        lac_report(loader->list, LAC_ERROR, entry->value->key_place[each],
                   "'%s' of '%s' is already there, at %s:%zu", key, entry->key, said.source->path,
                   said.line);
        return LAC_OK;
    }
    /* The trees are the loader's own. */
    return lac_yaml_append((lac_yaml *)first->value, (lac_yaml *)entry->value);
}

/* --- declaring -----------------------------------------------------------------------------------
 */

enum { OWN_KEYS = 3, MOST_KEYS = 200 };

static void check_keys(lac_loader *loader, const lac_yaml *node)
{
    const char *keys[MOST_KEYS] = {"label", "molar_mass", "unit"};
    size_t count = OWN_KEYS;
    for (size_t domain = 0; domain < loader->model->domains && count < MOST_KEYS; domain++)
        keys[count++] = loader->model->domain[domain].id;
    lac_yaml_only(node, keys, count, "a species (its own keys and domains)", loader->list);
}

static lac_status declare_one(lac_loader *loader, const lac_entry *entry, lac_species *species)
{
    static const char *const units[] = {"molecule", "cell", "1"};
    lac_status status = LAC_OK;
    species->place = entry->place;
    LAC_OWN(species->id, lac_copy_text(entry->key));
    if (lac_is_mapping(loader, entry->value, entry->place, "a species")) {
        check_keys(loader, entry->value);
        LAC_TRY(lac_load_copy(loader, entry->value, "label", &species->label));
        const lac_yaml *unit = lac_yaml_get(entry->value, "unit");
        size_t choice = unit ? lac_load_choice(loader, unit, units, 3, "unit of a species") : 0;
        species->kind = choice == LAC_NONE ? LAC_MOLECULES : (lac_species_kind)choice;
    }
    if (!species->label)
        LAC_OWN(species->label, lac_copy_text(entry->key));
out:
    return status;
}

static lac_status join_names(const char *a, char between, const char *b, char **joined)
{
    lac_text text = {0};
    lac_text_add(&text, "%s%c%s", a, between, b);
    *joined = text.failed ? NULL : lac_copy_text(lac_text_of(&text));
    lac_text_free(&text);
    return *joined ? LAC_OK : LAC_MEMORY;
}

static void keep_in_species(lac_species *species, lac_domain_kind kind, size_t variable)
{
    if (kind == LAC_TISSUE && species->fields++ == 0)
        species->field = variable;
    else if (kind == LAC_TISSUE)
        return;
    else if (species->pools++ == 0)
        species->pool = variable;
}

static lac_status declare_variable(lac_loader *loader, size_t species, size_t domain,
                                   const lac_yaml *node, lac_place place)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_species *what = &model->species[species];
    const lac_domain *where = &model->domain[domain];
    lac_variable *variable = &model->variable[model->variables];
    *variable = (lac_variable){.species = species, .domain = domain, .place = place};
    keep_in_species(&model->species[species], where->kind, model->variables++);
    LAC_TRY(join_names(where->id, '_', what->id, &variable->name));
    LAC_TRY(join_names(where->id, '.', what->id, &variable->path));
    variable->dimension = lac_count_dimension(what->kind);
    if (lac_is_mapping(loader, node, place, variable->path)) {
        variable->total = lac_load_flag(loader, node, "total", false);
        variable->is_signed = lac_load_flag(loader, node, "signed", false);
    }
    if (variable->total && where->kind == LAC_TISSUE) {
        lac_report(loader->list, LAC_ERROR, place, "only well-mixed domains can hold totals");
        variable->total = false;
    }
    if (!variable->total && what->kind != LAC_STATE)
        variable->dimension = lac_per(variable->dimension, 3, 0);
    LAC_TRY(lac_declare(loader, variable->path, LAC_WORD_VARIABLE, model->variables - 1, place));
out:
    return status;
}

static size_t count_variables(const lac_loader *loader)
{
    const lac_model *model = loader->model;
    size_t count = 0;
    for (size_t species = 0; species < model->species_count; species++)
        for (size_t domain = 0; domain < model->domains; domain++)
            count += lac_species_in(loader, species, domain, NULL) != NULL;
    return count;
}

/* Of one tissue, in the order of species. */
static lac_status declare_fields(lac_loader *loader, size_t tissue)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    lac_place place;
    const size_t domain = model->tissue[tissue].domain;
    for (size_t species = 0; species < model->species_count; species++) {
        const lac_yaml *node = lac_species_in(loader, species, domain, &place);
        if (node)
            LAC_TRY(declare_variable(loader, species, domain, node, place));
    }
out:
    return status;
}

/* In the order of species, and then as written. */
static lac_status declare_pools(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (size_t species = 0; species < model->species_count; species++) {
        const lac_yaml *node = loader->section[LAC_SECTION_SPECIES].entry[species].value;
        for (size_t key = 0; node->kind == LAC_YAML_MAPPING && key < node->count; key++) {
            size_t domain = lac_names_find(&loader->domain_names, node->key[key]);
            if (domain != LAC_NONE && model->domain[domain].kind == LAC_WELL_MIXED)
                LAC_TRY(declare_variable(loader, species, domain, node->item[key],
                                         node->key_place[key]));
        }
    }
out:
    return status;
}

static void report_homeless(lac_loader *loader)
{
    const lac_model *model = loader->model;
    for (size_t species = 0; species < model->species_count; species++) {
        size_t count;
        lac_model_only_variable(model, species, &count);
        if (count == 0)
            lac_report(loader->list, LAC_ERROR, model->species[species].place,
                       "the species '%s' is in no domain: add DOMAIN: {initial: ...}",
                       model->species[species].id);
    }
}

lac_status lac_declare_species(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_SPECIES];
    LAC_NEW(model->species, section->count);
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        model->species_count++;
        model->species[each].field = LAC_NONE;
        LAC_TRY(declare_one(loader, entry, &model->species[each]));
        LAC_TRY(lac_declare(loader, entry->key, LAC_WORD_SPECIES, each, entry->place));
    }
    model->indexed = true;
    LAC_NEW(model->variable, count_variables(loader));
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        model->tissue[tissue].first = model->variables;
        LAC_TRY(declare_fields(loader, tissue));
        model->tissue[tissue].fields = model->variables - model->tissue[tissue].first;
    }
    model->fields = model->variables;
    LAC_TRY(declare_pools(loader));
    report_homeless(loader);
out:
    return status;
}

/* --- molar mass ----------------------------------------------------------------------------------
 */

static lac_status define_mass(lac_loader *loader, const lac_yaml *node, lac_species *species)
{
    char what[96];
    lac_expression *tree = NULL;
    lac_dimension mass = lac_dimension_of(LAC_MASS, 1);
    lac_dimension expected[2] = {mass, lac_dimension_over(mass, lac_dimension_of(LAC_AMOUNT, 1))};
    snprintf(what, sizeof what, "the molar mass of %.60s", species->id);
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    lac_status status = lac_load_expression(&reading, node, expected, 2, NULL, &tree);
    if (status != LAC_OK || !tree)
        return status;
    lac_mark_constant(loader, tree);
    species->molar_mass = lac_start_value(loader->model, tree);
    lac_expression_free(tree);
    if (!(species->molar_mass > 0 && species->molar_mass < 1e30)) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be above 0", what);
        species->molar_mass = 0;
    }
    return LAC_OK;
}

lac_status lac_define_species(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->species_count; each++) {
        const lac_yaml *value = loader->section[LAC_SECTION_SPECIES].entry[each].value;
        const lac_yaml *node =
            value->kind == LAC_YAML_MAPPING ? lac_yaml_get(value, "molar_mass") : NULL;
        if (node)
            LAC_TRY(define_mass(loader, node, &loader->model->species[each]));
    }
out:
    return status;
}
