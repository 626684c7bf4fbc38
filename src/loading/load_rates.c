/* Rate equations: d(variable)/dt, taken apart at its top-level + and - into processes, so that the
 * ledger tells what was made from what was lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/process.h"

#include <stdio.h>
#include <string.h>

enum { ID_BYTES = 256, MOST_PARTS = 64 };

typedef struct parts {
    lac_expression *tree[MOST_PARTS]; /* owned */
    int sign[MOST_PARTS];
    size_t count;
} parts;

/* Takes the leading minus out of a product; true when there was one. */
static bool take_minus(lac_expression **slot)
{
    lac_expression *tree = *slot;
    if (tree->op == LAC_OP_NEGATE) {
        *slot = tree->arg[0];
        tree->arg[0] = NULL;
        tree->args = 0;
        lac_expression_free(tree);
        return true;
    }
    if (tree->op == LAC_OP_NUMBER && tree->number < 0) {
        tree->number = -tree->number;
        return true;
    }
    if (tree->op == LAC_OP_MULTIPLY || tree->op == LAC_OP_DIVIDE)
        return take_minus(&tree->arg[0]);
    return false;
}

/* How many parts take_apart will make. */
static size_t count_parts(const lac_expression *tree)
{
    if (tree->op == LAC_OP_ADD || tree->op == LAC_OP_SUBTRACT)
        return count_parts(tree->arg[0]) + count_parts(tree->arg[1]);
    return tree->op == LAC_OP_NEGATE ? count_parts(tree->arg[0]) : 1;
}

/* Takes the tree over; the list must have room. */
static void take_apart(lac_expression *tree, int sign, parts *list)
{
    if (tree->op == LAC_OP_ADD || tree->op == LAC_OP_SUBTRACT) {
        lac_expression *left = tree->arg[0], *right = tree->arg[1];
        int right_sign = tree->op == LAC_OP_ADD ? sign : -sign;
        tree->args = 0;
        tree->arg[0] = tree->arg[1] = NULL;
        lac_expression_free(tree);
        take_apart(left, sign, list);
        take_apart(right, right_sign, list);
        return;
    }
    if (take_minus(&tree)) {
        take_apart(tree, -sign, list);
        return;
    }
    list->tree[list->count] = tree;
    list->sign[list->count++] = sign;
}

/* The first of "stem.gain", "stem.gain.2", ... (or loss) that is free. */
static void name_part(const lac_loader *loader, const char *stem, int sign, char *id)
{
    const char *word = sign > 0 ? "gain" : "loss";
    snprintf(id, ID_BYTES, "%.220s.%s", stem, word);
    for (size_t number = 2; lac_names_find(&loader->process_names, id) != LAC_NONE; number++)
        snprintf(id, ID_BYTES, "%.200s.%s.%zu", stem, word, number);
}

static lac_status add_part(lac_loader *loader, lac_process_text *text, size_t variable, int sign,
                           lac_expression *tree)
{
    lac_text law = {0};
    lac_equation equation = {.rights = 1};
    equation.right[0] = (lac_term){variable, sign};
    lac_expression_write(tree, lac_model_symbol_name, loader->model, &law);
    if (law.failed) {
        lac_text_free(&law);
        lac_expression_free(tree);
        return LAC_MEMORY;
    }
    text->law = lac_text_of(&law);
    lac_status status = lac_add_process(loader, text, &equation, tree);
    lac_text_free(&law);
    return status;
}

static lac_status add_parts(lac_loader *loader, lac_process_text *text, size_t variable,
                            lac_expression *tree)
{
    lac_status status = LAC_OK;
    parts list = {.count = 0};
    const char *stem = text->id;
    char id[ID_BYTES];
    if (count_parts(tree) > MOST_PARTS) {
        lac_report(loader->list, LAC_ERROR, tree->place, "more than %d terms in one rate",
                   MOST_PARTS);
        lac_expression_free(tree);
        return LAC_OK;
    }
    take_apart(tree, 1, &list);
    for (size_t part = 0; part < list.count; part++) {
        lac_expression *own = list.tree[part];
        list.tree[part] = NULL;
        if (lac_tree_is_number(own, 0)) {
            lac_expression_free(own);
            continue;
        }
        name_part(loader, stem, list.sign[part], id);
        text->id = id;
        LAC_TRY(add_part(loader, text, variable, list.sign[part], own));
    }
out:
    for (size_t part = 0; part < list.count; part++)
        lac_expression_free(list.tree[part]);
    return status;
}

static lac_status define_in(lac_loader *loader, const lac_yaml *node, lac_process_text *text,
                            size_t variable)
{
    const lac_model *model = loader->model;
    bool in_tissue = model->domain[text->domain].kind == LAC_TISSUE;
    char what[ID_BYTES];
    lac_expression *tree = NULL;
    lac_dimension expected = lac_per(model->variable[variable].dimension, 0, 1);
    snprintf(what, sizeof what, "the rate of '%.200s'", model->variable[variable].path);
    lac_reading reading = {.loader = loader,
                           .sees = in_tissue ? LAC_SEES_LAW : LAC_SEES_TIME | LAC_SEES_POOLS,
                           .domain = text->domain,
                           .species = model->variable[variable].species,
                           .what = what};
    lac_status status = lac_load_expression(&reading, node, &expected, 1, NULL, &tree);
    if (status != LAC_OK || !tree)
        return status;
    return add_parts(loader, text, variable, tree);
}

/* How many equations the entry of a species makes. */
static size_t count_domains(const lac_yaml *value)
{
    size_t count = 0;
    for (size_t item = 0; item < lac_items(value); item++) {
        const lac_yaml *in = lac_yaml_get(lac_item(value, item), "in");
        count += in ? lac_items(in) : 0;
    }
    return count;
}

/* Has the domain an equation of its own in the entry of a species? */
static bool names_domain(const lac_yaml *value, const char *domain)
{
    for (size_t item = 0; item < lac_items(value); item++) {
        const lac_yaml *in = lac_yaml_get(lac_item(value, item), "in");
        for (size_t each = 0; in && each < lac_items(in); each++) {
            const lac_yaml *name = lac_item(in, each);
            if (name->kind == LAC_YAML_SCALAR && strcmp(name->scalar, domain) == 0)
                return true;
        }
    }
    return false;
}

/* {in: ..., rate: ...} of a species. */
static lac_status define_rate(lac_loader *loader, const lac_entry *entry, const lac_yaml *node,
                              size_t species)
{
    static const char *const keys[] = {"in", "rate", "region", "label", "source"};
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    lac_homes homes;
    if (!lac_is_mapping(loader, node, node->place, "a rate equation"))
        return LAC_OK;
    lac_yaml_only(node, keys, 5, "a rate equation", loader->list);
    const lac_yaml *in = lac_yaml_get(node, "in");
    const lac_yaml *rate = lac_yaml_get(node, "rate");
    const lac_yaml *region = lac_yaml_get(node, "region");
    if (!in || !rate) {
        lac_report(loader->list, LAC_ERROR, node->place, "a rate equation needs in: and rate:");
        return LAC_OK;
    }
    lac_load_homes(loader, in, &homes);
    for (size_t home = 0; home < (region ? homes.named : homes.count); home++) {
        char stem[ID_BYTES];
        size_t domain = homes.domain[home];
        if (home >= homes.named && names_domain(entry->value, model->domain[domain].id))
            continue;
        size_t variable = lac_model_variable(model, species, domain);
        if (variable == LAC_NONE) {
            lac_report(loader->list, LAC_ERROR, in->place, "'%s' is not in '%s'", entry->key,
                       model->domain[domain].id);
            continue;
        }
        bool several = count_domains(entry->value) > 1 || home >= homes.named;
        snprintf(stem, sizeof stem, "%.100s%s%.100s", entry->key, several ? "." : "",
                 several ? model->domain[domain].id : "");
        lac_process_text text = {.id = stem,
                                 .domain = domain,
                                 .region =
                                     region ? lac_load_region(loader, region, domain) : LAC_NONE,
                                 .from_rate_equation = true,
                                 .place = entry->place};
        LAC_TRY(define_in(loader, rate, &text, variable));
    }
out:
    return status;
}

/* The species that a key names, reported when there is none. */
static size_t species_of_key(lac_loader *loader, const lac_entry *entry)
{
    char *key = lac_copy_text(entry->key);
    if (!key) {
        loader->fatal = LAC_MEMORY;
        return LAC_NONE;
    }
    lac_yaml node = {.kind = LAC_YAML_SCALAR, .place = entry->place, .scalar = key};
    size_t species =
        lac_load_name(loader, &node, &loader->section[LAC_SECTION_SPECIES].keys, "species");
    lac_free(key);
    return species;
}

lac_status lac_define_rates(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_RATES];
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        size_t species = species_of_key(loader, entry);
        for (size_t item = 0; species != LAC_NONE && item < lac_items(entry->value); item++)
            LAC_TRY(define_rate(loader, entry, lac_item(entry->value, item), species));
    }
    LAC_TRY(lac_order_processes(loader->model));
out:
    return status == LAC_OK ? loader->fatal : status;
}
