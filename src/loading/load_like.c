/* Like: a tissue that has the species, reactions, rates and exchange of another, in a geometry of
 * its own, and that may read names of the model in another way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

enum { REPLACED_KINDS = 1u << LAC_WORD_PARAMETER | 1u << LAC_WORD_QUANTITY };

/* --- which tissue is like which ----------------------------------------------------------------
 */

static bool is_tissue(const lac_model *model, size_t domain)
{
    return model->domain[domain].kind == LAC_TISSUE;
}

static void declare_like(lac_loader *loader, const lac_yaml *node, size_t domain)
{
    const lac_model *model = loader->model;
    if (!is_tissue(model, domain)) {
        lac_report(loader->list, LAC_ERROR, node->place,
                   "a tissue can be like another tissue: '%s' is well-mixed",
                   model->domain[domain].id);
        return;
    }
    size_t other = lac_load_name(loader, node, &loader->domain_names, "domain");
    if (other == LAC_NONE)
        return;
    if (other == domain || !is_tissue(model, other))
        lac_report(loader->list, LAC_ERROR, node->place,
                   "'%s' must be like another tissue: '%s' is %s", model->domain[domain].id,
                   model->domain[other].id, other == domain ? "itself" : "well-mixed");
    else if (lac_yaml_get(loader->section[LAC_SECTION_DOMAINS].entry[other].value, "like"))
        lac_report(loader->list, LAC_ERROR, node->place,
                   "'%s' is itself like another tissue: name that one", model->domain[other].id);
    else
        loader->like[domain] = other;
}

static lac_status declare_replacements(lac_loader *loader, const lac_yaml *node, size_t domain)
{
    lac_status status = LAC_OK;
    if (!lac_is_mapping(loader, node, node->place, "with"))
        return LAC_OK;
    if (!is_tissue(loader->model, domain))
        lac_report(loader->list, LAC_ERROR, node->place,
                   "'with' is for a tissue: '%s' is well-mixed", loader->model->domain[domain].id);
    for (size_t key = 0; key < node->count; key++) {
        LAC_GROW(loader->replacement, loader->replacements, loader->replacement_capacity);
        loader->replacement[loader->replacements++] =
            (lac_replacement){.domain = domain,
                              .name = node->key[key],
                              .place = node->key_place[key],
                              .node = node->item[key]};
    }
out:
    return status;
}

lac_status lac_declare_likenesses(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_DOMAINS];
    LAC_NEW(loader->like, section->count);
    for (size_t domain = 0; domain < section->count; domain++)
        loader->like[domain] = LAC_NONE;
    for (size_t domain = 0; domain < section->count; domain++) {
        const lac_yaml *like = lac_yaml_get(section->entry[domain].value, "like");
        const lac_yaml *with = lac_yaml_get(section->entry[domain].value, "with");
        if (like)
            declare_like(loader, like, domain);
        if (with)
            LAC_TRY(declare_replacements(loader, with, domain));
    }
out:
    return status;
}

/* --- what it has from the other one ------------------------------------------------------------
 */

static const lac_yaml *under_key(const lac_yaml *node, const char *key, lac_place *place)
{
    for (size_t each = 0; node->kind == LAC_YAML_MAPPING && each < node->count; each++) {
        if (strcmp(node->key[each], key) == 0) {
            *place = node->key_place[each];
            return node->item[each];
        }
    }
    return NULL;
}

const lac_yaml *lac_species_in(const lac_loader *loader, size_t species, size_t domain,
                               lac_place *place)
{
    const lac_yaml *node = loader->section[LAC_SECTION_SPECIES].entry[species].value;
    const lac_domain *domains = loader->model->domain;
    lac_place ignored = {0};
    place = place ? place : &ignored;
    const lac_yaml *own = under_key(node, domains[domain].id, place);
    size_t like = loader->like[domain];
    return own || like == LAC_NONE ? own : under_key(node, domains[like].id, place);
}

bool lac_has_from_likeness(const lac_loader *loader, size_t species, size_t domain)
{
    const lac_yaml *node = loader->section[LAC_SECTION_SPECIES].entry[species].value;
    return loader->like[domain] != LAC_NONE &&
           !lac_yaml_get(node, loader->model->domain[domain].id);
}

static bool is_named(const lac_homes *homes, size_t domain)
{
    for (size_t each = 0; each < homes->count; each++)
        if (homes->domain[each] == domain)
            return true;
    return false;
}

void lac_load_homes(lac_loader *loader, const lac_yaml *in, lac_homes *homes)
{
    *homes = (lac_homes){.count = 0};
    for (size_t item = 0; item < lac_items(in) && homes->count < LAC_HOMES_MOST; item++) {
        size_t domain = lac_load_name(loader, lac_item(in, item), &loader->domain_names, "domain");
        if (domain != LAC_NONE)
            homes->domain[homes->count++] = domain;
    }
    homes->named = homes->count;
    for (size_t domain = 0; domain < loader->model->domains; domain++) {
        size_t like = loader->like[domain];
        if (like != LAC_NONE && is_named(homes, like) && !is_named(homes, domain) &&
            homes->count < LAC_HOMES_MOST)
            homes->domain[homes->count++] = domain;
    }
}

lac_status lac_define_likenesses(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t domain = 0; domain < loader->model->domains; domain++) {
        if (loader->like[domain] == LAC_NONE || loader->list->errors > 0)
            continue;
        loader->copied = domain;
        LAC_TRY(lac_define_interfaces(loader));
        LAC_TRY(lac_define_boundaries(loader));
    }
out:
    loader->copied = LAC_NONE;
    return status;
}

/* --- what it reads in another way ---------------------------------------------------------------
 */

/* The dimension that a name has without replacements; false after a report. */
static bool dimension_of(lac_loader *loader, const lac_replacement *it, lac_dimension *dimension)
{
    size_t known = lac_names_find(&loader->words, it->name);
    const lac_word *word = known == LAC_NONE ? NULL : &loader->word[known];
    if (!word || !(REPLACED_KINDS & 1u << word->kind)) {
        lac_report_stranger(loader, it->place, it->name, REPLACED_KINDS, "parameter or quantity");
        return false;
    }
    if (word->kind == LAC_WORD_PARAMETER) {
        *dimension = loader->model->parameter[word->index].dimension;
        return loader->parameter_progress[word->index] == LAC_DONE;
    }
    const lac_quantity *quantity = lac_define_quantity(loader, word->index, it->domain);
    if (!quantity || quantity->progress != LAC_DONE)
        return false;
    *dimension = quantity->tree->dimension;
    return true;
}

static lac_status define_replacement(lac_loader *loader, lac_replacement *it)
{
    char what[160];
    lac_dimension dimension;
    if (!dimension_of(loader, it, &dimension))
        return LAC_OK;
    snprintf(what, sizeof what, "what '%.60s' is in '%.60s'", it->name,
             loader->model->domain[it->domain].id);
    const lac_reading reading = {.loader = loader,
                                 .sees = LAC_SEES_LAW,
                                 .domain = it->domain,
                                 .species = LAC_NONE,
                                 .what = what};
    lac_status status = lac_load_expression(&reading, it->node, &dimension, 1, NULL, &it->tree);
    it->sees = lac_tree_sees(loader->model, it->tree);
    return status;
}

/* Quantities that were read without replacements are read anew. */
static void forget_quantities(lac_loader *loader, size_t domain)
{
    for (size_t each = 0; each < loader->quantities; each++) {
        lac_quantity *quantity = &loader->quantity[each][domain];
        lac_expression_free(quantity->tree);
        *quantity = (lac_quantity){.progress = LAC_UNSEEN};
    }
}

lac_status lac_define_replacements(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->replacements; each++)
        LAC_TRY(define_replacement(loader, &loader->replacement[each]));
    for (size_t each = 0; each < loader->replacements; each++)
        forget_quantities(loader, loader->replacement[each].domain);
    loader->replaces = true;
out:
    return status;
}

const lac_replacement *lac_replacement_of(const lac_loader *loader, size_t domain, const char *name)
{
    for (size_t each = 0; loader->replaces && each < loader->replacements; each++) {
        const lac_replacement *it = &loader->replacement[each];
        if (it->domain == domain && strcmp(it->name, name) == 0)
            return it;
    }
    return NULL;
}
