/* Domains: the tissue and the well-mixed rooms around it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>

enum { MOST_DOMAINS = 150 };

size_t lac_tissue_domain(const lac_model *model)
{
    return model->tissues == 1 ? model->tissue[0].domain : LAC_NONE;
}

static lac_status declare(lac_loader *loader, const lac_entry *entry, lac_domain *domain)
{
    static const char *const kinds[] = {"tissue", "well-mixed"};
    static const char *const keys[] = {"kind", "label", "volume", "like", "with"};
    lac_status status = LAC_OK;
    domain->place = entry->place;
    LAC_OWN(domain->id, lac_copy_text(entry->key));
    domain->kind = LAC_WELL_MIXED;
    if (!lac_is_mapping(loader, entry->value, entry->place, "a domain"))
        goto out;
    lac_yaml_only(entry->value, keys, 5, "a domain", loader->list);
    LAC_TRY(lac_load_copy(loader, entry->value, "label", &domain->label));
    const lac_yaml *kind = lac_yaml_get(entry->value, "kind");
    if (!kind) {
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "the domain '%s' needs a kind: tissue or well-mixed", entry->key);
        goto out;
    }
    size_t choice = lac_load_choice(loader, kind, kinds, 2, "kind of domain");
    domain->kind = choice == 0 ? LAC_TISSUE : LAC_WELL_MIXED;
out:
    if (status == LAC_OK && !domain->label)
        domain->label = lac_copy_text(entry->key);
    return status == LAC_OK && !domain->label ? LAC_MEMORY : status;
}

lac_status lac_declare_domains(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_DOMAINS];
    LAC_NEW(model->domain, section->count);
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        model->domains++;
        LAC_TRY(declare(loader, entry, &model->domain[each]));
        LAC_TRY(lac_names_add(&loader->domain_names, entry->key));
        if (model->domain[each].kind != LAC_TISSUE)
            continue;
        if (model->tissues == LAC_TISSUES_MOST)
            lac_report(loader->list, LAC_ERROR, entry->place, "more than %d tissues",
                       LAC_TISSUES_MOST);
        else
            model->tissue[model->tissues++].domain = each;
    }
    LAC_TRY(lac_declare_likenesses(loader));
    if (section->count > MOST_DOMAINS)
        lac_report(loader->list, LAC_ERROR, section->entry[MOST_DOMAINS].place,
                   "more than %d domains", MOST_DOMAINS);
    if (section->count == 0 && loader->layers > 0)
        lac_report(loader->list, LAC_ERROR, loader->layer[loader->layers - 1].root->place,
                   "a model needs domains");
out:
    return status;
}

static lac_status define(lac_loader *loader, const lac_entry *entry, lac_domain *domain)
{
    char what[96];
    const lac_yaml *volume =
        entry->value->kind == LAC_YAML_MAPPING ? lac_yaml_get(entry->value, "volume") : NULL;
    if (domain->kind == LAC_TISSUE) {
        if (volume)
            lac_report(loader->list, LAC_ERROR, volume->place,
                       "the volume of the tissue follows from its size, under 'tissue:'");
        return LAC_OK;
    }
    if (!volume) {
        lac_report(loader->list, LAC_ERROR, entry->place, "the domain '%s' needs a volume",
                   domain->id);
        return LAC_OK;
    }
    snprintf(what, sizeof what, "the volume of %.60s", domain->id);
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    lac_status status =
        lac_load_constant(&reading, volume, lac_dimension_of(LAC_LENGTH, 3), &domain->volume);
    if (domain->volume <= 0)
        lac_report(loader->list, LAC_ERROR, volume->place, "%s must be above 0", what);
    return status;
}

lac_status lac_define_domains(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->domains; each++)
        LAC_TRY(define(loader, &loader->section[LAC_SECTION_DOMAINS].entry[each],
                       &loader->model->domain[each]));
out:
    return status;
}
