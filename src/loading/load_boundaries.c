/* Boundaries: exchange with well-mixed domains, values and fluxes at faces and patches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

/* Adds a boundary whose expressions are taken over; reports a second one at the same wall. */
static lac_status add_boundary(lac_loader *loader, lac_boundary *fresh)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (size_t each = 0; each < model->boundaries; each++) {
        if (model->boundary[each].variable != fresh->variable ||
            model->boundary[each].patch != fresh->patch)
            continue;
        if (loader->copied != LAC_NONE) /* it has one of its own */
            return LAC_OK;
        lac_report(loader->list, LAC_ERROR, fresh->place,
                   "'%s' has a boundary at '%s' already, at line %zu",
                   model->variable[fresh->variable].path, model->patch[fresh->patch].id,
                   model->boundary[each].place.line);
    }
    LAC_GROW(model->boundary, model->boundaries, loader->boundary_capacity);
    model->boundary[model->boundaries++] = *fresh;
    *fresh = (lac_boundary){0};
out:
    return status;
}

static void free_boundary(lac_boundary *boundary)
{
    lac_expression_free(boundary->value);
    lac_expression_free(boundary->partition);
    lac_expression_free(boundary->permeability);
}

/* The domain of a patch; of the only tissue where it is not known. */
static size_t domain_of(const lac_model *model, size_t patch)
{
    return patch == LAC_NONE ? lac_tissue_domain(model)
                             : model->tissue[model->patch[patch].tissue].domain;
}

/* The variable of a species in the tissue of a patch, or LAC_NONE after a report. */
static size_t tissue_variable(lac_loader *loader, size_t species, size_t patch, lac_place place)
{
    const lac_model *model = loader->model;
    size_t domain = domain_of(model, patch);
    size_t variable = lac_model_variable(model, species, domain);
    bool several = model->tissues > 1 && domain != LAC_NONE;
    if (variable == LAC_NONE)
        lac_report(loader->list, LAC_ERROR, place, "'%s' is not in %s%s%s",
                   model->species[species].id, several ? "'" : "the tissue",
                   several ? model->domain[domain].id : "", several ? "'" : "");
    return variable;
}

/* --- interfaces ----------------------------------------------------------------------------------
 */

/* An interface while its species are read. */
typedef struct junction {
    const lac_yaml *node;
    size_t patch;
    size_t pool_domain;
    lac_place place;
} junction;

static const lac_yaml *own_or_common(const lac_yaml *own, const lac_yaml *common, const char *key)
{
    const lac_yaml *node = own ? lac_yaml_get(own, key) : NULL;
    return node ? node : lac_yaml_get(common, key);
}

/* partition: at the interface, else where the species is described. */
static lac_status read_partition(lac_loader *loader, const junction *at, const lac_yaml *own,
                                 lac_boundary *boundary)
{
    char what[160];
    const lac_model *model = loader->model;
    const lac_variable *variable = &model->variable[boundary->variable];
    const lac_yaml *node = own_or_common(own, at->node, "partition");
    if (!node) {
        node = lac_yaml_get(lac_species_in(loader, variable->species, variable->domain, NULL),
                            "partition");
    }
    if (!node)
        return LAC_OK;
    snprintf(what, sizeof what, "the partition of %.120s", variable->path);
    lac_reading reading = {.loader = loader,
                           .sees = LAC_SEES_TIME | LAC_SEES_POSITION | LAC_SEES_FIELDS,
                           .domain = variable->domain,
                           .species = LAC_NONE,
                           .what = what};
    return lac_load_expression(&reading, node, &lac_dimensionless, 1, NULL, &boundary->partition);
}

static lac_status read_permeability(lac_loader *loader, const lac_yaml *node,
                                    lac_boundary *boundary)
{
    char what[160];
    const lac_variable *variable = &loader->model->variable[boundary->variable];
    lac_dimension speed = lac_per(lac_dimension_of(LAC_LENGTH, 1), 0, 1);
    if (!node)
        return LAC_OK;
    snprintf(what, sizeof what, "the permeability for %.120s", variable->path);
    lac_reading reading = {.loader = loader,
                           .sees = LAC_SEES_TIME | LAC_SEES_POSITION | LAC_SEES_FIELDS,
                           .domain = variable->domain,
                           .species = LAC_NONE,
                           .what = what};
    lac_status status =
        lac_load_expression(&reading, node, &speed, 1, NULL, &boundary->permeability);
    const lac_expression *tree = boundary->permeability;
    if (tree && !lac_tree_sees(loader->model, tree) && !(lac_start_value(loader->model, tree) > 0))
        lac_report(loader->list, LAC_ERROR, node->place,
                   "%s must be above 0; leave the species out where it cannot pass", what);
    return status;
}

/* The pool side of an exchange, or LAC_NONE after a report. */
static size_t pool_variable(lac_loader *loader, const junction *at, size_t species, lac_place place)
{
    const lac_model *model = loader->model;
    size_t pool = lac_model_variable(model, species, at->pool_domain);
    const char *domain = model->domain[at->pool_domain].id;
    if (pool == LAC_NONE) {
        lac_report(loader->list, LAC_ERROR, place, "'%s' is not in '%s'",
                   model->species[species].id, domain);
    } else if (model->variable[pool].total) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' is a total in '%s', not a concentration: it cannot be exchanged",
                   model->species[species].id, domain);
        pool = LAC_NONE;
    }
    return pool;
}

static lac_status exchange_one(lac_loader *loader, const junction *at, size_t species,
                               const lac_yaml *own, lac_place place)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    lac_boundary boundary = {.type = &lac_boundary_exchange, .patch = at->patch, .place = place};
    boundary.variable = tissue_variable(loader, species, at->patch, place);
    boundary.pool = pool_variable(loader, at, species, place);
    if (boundary.variable == LAC_NONE || boundary.pool == LAC_NONE)
        return LAC_OK;
    if (model->species[species].kind == LAC_STATE) {
        lac_report(loader->list, LAC_ERROR, place, "'%s' is a state: it cannot be exchanged",
                   model->species[species].id);
        return LAC_OK;
    }
    if (!model->variable[boundary.variable].diffusivity)
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' does not move in the tissue: give it a diffusivity to exchange it",
                   model->species[species].id);
    LAC_TRY(read_partition(loader, at, own, &boundary));
    LAC_TRY(read_permeability(loader, own_or_common(own, at->node, "permeability"), &boundary));
    if (at->patch != LAC_NONE)
        LAC_TRY(add_boundary(loader, &boundary));
out:
    free_boundary(&boundary);
    return status;
}

/* exchange: all = what moves in the tissue and is a concentration on the other side. */
static lac_status exchange_all(lac_loader *loader, const junction *at, lac_place place)
{
    const lac_model *model = loader->model;
    size_t found = 0;
    for (size_t species = 0; species < model->species_count; species++) {
        size_t field = lac_model_variable(model, species, domain_of(model, at->patch));
        size_t pool = lac_model_variable(model, species, at->pool_domain);
        if (field == LAC_NONE || pool == LAC_NONE || model->variable[pool].total ||
            !model->variable[field].diffusivity || model->species[species].kind == LAC_STATE)
            continue;
        lac_status status = exchange_one(loader, at, species, NULL, place);
        if (status != LAC_OK)
            return status;
        found++;
    }
    if (found == 0)
        lac_report(loader->list, LAC_ERROR, place,
                   "no species moves in the tissue and is a concentration in '%s'",
                   model->domain[at->pool_domain].id);
    return LAC_OK;
}

static lac_status exchange_listed(lac_loader *loader, const junction *at, const lac_yaml *list)
{
    static const char *const keys[] = {"partition", "permeability"};
    const lac_names *names = &loader->section[LAC_SECTION_SPECIES].keys;
    for (size_t item = 0; item < (list->kind == LAC_YAML_MAPPING ? list->count : lac_items(list));
         item++) {
        const lac_yaml *own = NULL;
        lac_yaml key = {.kind = LAC_YAML_SCALAR};
        const lac_yaml *name = &key;
        if (list->kind == LAC_YAML_MAPPING) {
            key.place = list->key_place[item];
            key.scalar = list->key[item];
            own = list->item[item];
            if (!lac_is_mapping(loader, own, key.place, "what an exchanged species has"))
                continue;
            lac_yaml_only(own, keys, 2, "an exchanged species", loader->list);
        } else {
            name = lac_item(list, item);
        }
        size_t species = lac_load_name(loader, name, names, "species");
        if (species == LAC_NONE)
            continue;
        lac_status status = exchange_one(loader, at, species, own, name->place);
        if (status != LAC_OK)
            return status;
    }
    return LAC_OK;
}

/* The well-mixed domain of an interface, LAC_NONE after a report: a face or a tissue is none. */
static size_t pool_of(lac_loader *loader, const lac_yaml *node)
{
    const lac_model *model = loader->model;
    const char *name = node->kind == LAC_YAML_SCALAR ? node->scalar : "";
    size_t tissue = lac_tissue_of_face(model, name);
    size_t domain = tissue != LAC_NONE
                        ? model->tissue[tissue].domain
                        : lac_load_name(loader, node, &loader->domain_names, "domain");
    if (domain == LAC_NONE || model->domain[domain].kind != LAC_TISSUE)
        return domain;
    lac_report(loader->list, LAC_ERROR, node->place,
               "the other side of an interface is a well-mixed domain, and '%.60s' is of a tissue: "
               "write [TISSUE.FACE, DOMAIN]; tissues meet through well-mixed domains only",
               name);
    return LAC_NONE;
}

static lac_status define_interface(lac_loader *loader, const lac_entry *entry)
{
    static const char *const keys[] = {"between", "exchange", "permeability", "partition", "label"};
    lac_status status = LAC_OK;
    if (!lac_is_mapping(loader, entry->value, entry->place, "an interface"))
        return LAC_OK;
    lac_yaml_only(entry->value, keys, 5, "an interface", loader->list);
    const lac_yaml *between = lac_yaml_get(entry->value, "between");
    const lac_yaml *exchange = lac_yaml_get(entry->value, "exchange");
    if (!between || between->kind != LAC_YAML_SEQUENCE || between->count != 2 || !exchange) {
        lac_report(
            loader->list, LAC_ERROR, between ? between->place : entry->place,
            "an interface needs between: [TISSUE.FACE, DOMAIN] and exchange: [SPECIES, ...]");
        return LAC_OK;
    }
    junction at = {.node = entry->value, .place = entry->place};
    LAC_TRY(lac_load_patch(loader, between->item[0], &at.patch));
    at.pool_domain = pool_of(loader, between->item[1]);
    if (at.pool_domain == LAC_NONE || (at.patch == LAC_NONE && loader->model->tissues > 1))
        goto out;
    if (exchange->kind == LAC_YAML_SCALAR && strcmp(exchange->scalar, "all") == 0)
        status = exchange_all(loader, &at, exchange->place);
    else
        status = exchange_listed(loader, &at, exchange);
out:
    return status;
}

lac_status lac_define_interfaces(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_INTERFACES];
    for (size_t each = 0; each < section->count; each++)
        LAC_TRY(define_interface(loader, &section->entry[each]));
out:
    return status;
}

/* --- boundaries ----------------------------------------------------------------------------------
 */

/* What is given at a boundary: known functions of time and place, never of the state. */
static lac_status read_given(lac_loader *loader, const lac_yaml *node, lac_boundary *boundary)
{
    char what[160];
    const lac_variable *variable = &loader->model->variable[boundary->variable];
    const lac_boundary_type *type = boundary->type;
    lac_dimension expected = lac_per(variable->dimension, type->per_length, type->per_time);
    snprintf(what, sizeof what, "the %.30s of %.100s at a boundary", type->word, variable->path);
    lac_reading reading = {.loader = loader,
                           .sees = LAC_SEES_TIME | LAC_SEES_POSITION,
                           .domain = variable->domain,
                           .species = variable->species,
                           .what = what};
    return lac_load_expression(&reading, node, &expected, 1, NULL, &boundary->value);
}

/* An entry of `boundaries`: what it has of each kind's law. */
typedef struct wall_entry {
    const lac_boundary_type *type; /* the first whose law stands there; NULL = none */
    const lac_yaml *law, *permeability;
    size_t laws;
} wall_entry;

static wall_entry read_wall_entry(const lac_yaml *node)
{
    wall_entry entry = {.permeability = lac_yaml_get(node, "permeability")};
    for (const lac_boundary_type *const *type = lac_boundary_list; *type; type++) {
        const lac_yaml *law = (*type)->with_pool ? NULL : lac_yaml_get(node, (*type)->word);
        if (law && entry.laws++ == 0) {
            entry.type = *type;
            entry.law = law;
        }
    }
    return entry;
}

static void check_wall_entry(lac_loader *loader, const wall_entry *entry,
                             const lac_boundary *boundary)
{
    const lac_model *model = loader->model;
    const lac_variable *variable = &model->variable[boundary->variable];
    if (entry->type->conducts && !variable->diffusivity)
        lac_report(loader->list, LAC_ERROR, boundary->place,
                   "'%s' does not diffuse: a %s at a boundary needs a diffusivity",
                   model->species[variable->species].id, entry->type->word);
    if (!entry->type->conducts && entry->permeability)
        lac_report(loader->list, LAC_ERROR, entry->permeability->place,
                   "a given %s passes no membrane: permeability goes with a value",
                   entry->type->word);
}

static lac_status bound_one(lac_loader *loader, const wall_entry *entry, size_t species,
                            size_t patch, lac_place place)
{
    lac_status status = LAC_OK;
    lac_boundary boundary = {.type = entry->type, .pool = LAC_NONE, .patch = patch, .place = place};
    boundary.variable = tissue_variable(loader, species, patch, place);
    if (boundary.variable == LAC_NONE)
        return LAC_OK;
    check_wall_entry(loader, entry, &boundary);
    LAC_TRY(read_given(loader, entry->law, &boundary));
    LAC_TRY(
        read_permeability(loader, entry->type->conducts ? entry->permeability : NULL, &boundary));
    if (patch != LAC_NONE)
        LAC_TRY(add_boundary(loader, &boundary));
out:
    free_boundary(&boundary);
    return status;
}

/* The keys of an entry: its own, and one a kind; returns how many. */
enum { OWN_KEYS = 4, MOST_KEYS = 16 };
static size_t wall_keys(const char *keys[MOST_KEYS])
{
    static const char *const own[OWN_KEYS] = {"at", "species", "permeability", "label"};
    size_t count = 0;
    for (; count < OWN_KEYS; count++)
        keys[count] = own[count];
    for (const lac_boundary_type *const *type = lac_boundary_list; *type; type++)
        if (!(*type)->with_pool && count < MOST_KEYS)
            keys[count++] = (*type)->word;
    return count;
}

static void report_wall_entry(lac_loader *loader, lac_place place)
{
    char laws[200] = "";
    size_t length = 0;
    for (const lac_boundary_type *const *type = lac_boundary_list; *type; type++)
        if (!(*type)->with_pool && length < sizeof laws - 60)
            length += (size_t)snprintf(laws + length, sizeof laws - length, "%s a %.40s",
                                       length == 0 ? "either" : " or", (*type)->word);
    lac_report(loader->list, LAC_ERROR, place, "a boundary needs at: TISSUE.FACE, species, and %s",
               laws);
}

static lac_status define_boundary(lac_loader *loader, const lac_entry *entry)
{
    lac_status status = LAC_OK;
    const char *keys[MOST_KEYS];
    size_t patch;
    if (!lac_is_mapping(loader, entry->value, entry->place, "a boundary"))
        return LAC_OK;
    lac_yaml_only(entry->value, keys, wall_keys(keys), "a boundary", loader->list);
    const lac_yaml *at = lac_yaml_get(entry->value, "at");
    const lac_yaml *species = lac_yaml_get(entry->value, "species");
    const wall_entry wall = read_wall_entry(entry->value);
    if (!at || !species || wall.laws != 1) {
        report_wall_entry(loader, entry->place);
        return LAC_OK;
    }
    LAC_TRY(lac_load_patch(loader, at, &patch));
    if (patch == LAC_NONE && loader->copied != LAC_NONE)
        goto out;
    for (size_t item = 0; item < lac_items(species); item++) {
        const lac_yaml *name = lac_item(species, item);
        size_t index =
            lac_load_name(loader, name, &loader->section[LAC_SECTION_SPECIES].keys, "species");
        if (index != LAC_NONE)
            LAC_TRY(bound_one(loader, &wall, index, patch, name->place));
    }
out:
    return status;
}

lac_status lac_define_boundaries(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_BOUNDARIES];
    for (size_t each = 0; each < section->count; each++)
        LAC_TRY(define_boundary(loader, &section->entry[each]));
out:
    return status;
}
