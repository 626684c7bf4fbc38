/* Functions and quantities: expressions with names of their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

/* --- functions: name(a, b): body
 * ------------------------------------------------------------------------ */

static lac_status declare_function(lac_loader *loader, const lac_entry *entry)
{
    lac_status status = LAC_OK;
    size_t index = loader->functions++;
    lac_function *function = &loader->function[index];
    if (!lac_is_scalar(loader, entry->value, entry->place, "the body of a function"))
        return LAC_OK;
    LAC_TRY(lac_function_define(entry->key, entry->place, entry->value->scalar, entry->value->place,
                                loader->list, function));
    if (function->name)
        LAC_TRY(lac_declare(loader, function->name, LAC_WORD_FUNCTION, index, entry->place));
out:
    return status;
}

lac_status lac_declare_functions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_FUNCTIONS];
    LAC_NEW(loader->function, section->count);
    for (size_t each = 0; each < section->count; each++)
        LAC_TRY(declare_function(loader, &section->entry[each]));
out:
    return status;
}

/* --- quantities
 * ------------------------------------------------------------------------------------------- */

lac_status lac_declare_quantities(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_QUANTITIES];
    LAC_NEW(loader->quantity, section->count);
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        loader->quantities++;
        LAC_NEW(loader->quantity[each], loader->model->domains + 1);
        LAC_TRY(lac_declare(loader, entry->key, LAC_WORD_QUANTITY, each, entry->place));
    }
out:
    return status;
}

/* The expression and the domain that `in:` names; LAC_NONE = that of its user. */
static const lac_yaml *quantity_node(lac_loader *loader, const lac_entry *entry, size_t *domain)
{
    static const char *const keys[] = {"in", "is", "label"};
    *domain = LAC_NONE;
    if (entry->value->kind != LAC_YAML_MAPPING)
        return entry->value;
    lac_yaml_only(entry->value, keys, 3, "a quantity", loader->list);
    const lac_yaml *in = lac_yaml_get(entry->value, "in");
    const lac_yaml *is = lac_yaml_get(entry->value, "is");
    if (in)
        *domain = lac_load_name(loader, in, &loader->domain_names, "domain");
    if (!is)
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "the quantity '%s' needs 'is: expression'", entry->key);
    return is;
}

/* What a quantity may look at where it is read: users are checked against what it does look at. */
static unsigned seen_from(const lac_model *model, size_t domain)
{
    if (domain == LAC_NONE || model->domain[domain].kind == LAC_TISSUE)
        return LAC_SEES_LAW;
    return LAC_SEES_TIME | LAC_SEES_POOLS;
}

static bool is_like(const lac_loader *loader, size_t domain, size_t other)
{
    return domain != LAC_NONE && loader->like[domain] == other;
}

static lac_status read_quantity(lac_loader *loader, const lac_entry *entry, lac_quantity *quantity,
                                size_t domain)
{
    char what[96];
    size_t own;
    snprintf(what, sizeof what, "the quantity '%.60s'", entry->key);
    quantity->progress = LAC_BUSY;
    const lac_yaml *node = quantity_node(loader, entry, &own);
    quantity->domain = own == LAC_NONE || is_like(loader, domain, own) ? domain : own;
    lac_reading reading = {.loader = loader,
                           .sees = seen_from(loader->model, quantity->domain),
                           .domain = quantity->domain,
                           .species = LAC_NONE,
                           .what = what};
    lac_status status = node ? lac_load_tree(&reading, node, &quantity->tree) : LAC_OK;
    quantity->sees = lac_tree_sees(loader->model, quantity->tree);
    quantity->progress = status == LAC_OK && quantity->tree ? LAC_DONE : LAC_FAILED;
    return status;
}

/* One of a stated domain is the same for all its users, and read once. */
static size_t slot_for(const lac_loader *loader, const lac_entry *entry, size_t domain)
{
    const lac_yaml *in =
        entry->value->kind == LAC_YAML_MAPPING ? lac_yaml_get(entry->value, "in") : NULL;
    size_t own = in && in->kind == LAC_YAML_SCALAR
                     ? lac_names_find(&loader->domain_names, in->scalar)
                     : LAC_NONE;
    if (own == LAC_NONE || is_like(loader, domain, own))
        own = domain;
    return own == LAC_NONE ? loader->model->domains : own;
}

const lac_quantity *lac_define_quantity(lac_loader *loader, size_t index, size_t domain)
{
    const lac_entry *entry = &loader->section[LAC_SECTION_QUANTITIES].entry[index];
    lac_quantity *quantity = &loader->quantity[index][slot_for(loader, entry, domain)];
    if (quantity->progress == LAC_UNSEEN) {
        lac_status status = read_quantity(loader, entry, quantity, domain);
        if (status != LAC_OK)
            loader->fatal = status;
    }
    return quantity;
}

/* Quantities that nothing uses are read as well, so that their errors are found. */
lac_status lac_define_quantities(lac_loader *loader)
{
    for (size_t each = 0; each < loader->quantities; each++) {
        bool seen = false;
        for (size_t slot = 0; slot <= loader->model->domains; slot++)
            seen = seen || loader->quantity[each][slot].progress != LAC_UNSEEN;
        if (!seen)
            lac_define_quantity(loader, each, LAC_NONE);
    }
    return loader->fatal;
}
