/* Values: words, flags, numbers and expressions of YAML nodes, each checked where it stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <string.h>

/* --- plain values ------------------------------------------------------------------------------
 */

static const char *kind_of(const lac_yaml *node)
{
    static const char *const words[] = {"a single value", "a sequence", "a mapping"};
    return words[node->kind];
}

bool lac_is_mapping(lac_loader *loader, const lac_yaml *node, lac_place place, const char *what)
{
    if (node && node->kind == LAC_YAML_MAPPING)
        return true;
    lac_report(loader->list, LAC_ERROR, place, "%s must be a mapping (key: value), not %s", what,
               node ? kind_of(node) : "missing");
    return false;
}

bool lac_is_scalar(lac_loader *loader, const lac_yaml *node, lac_place place, const char *what)
{
    if (node && node->kind == LAC_YAML_SCALAR && *node->scalar)
        return true;
    if (node && node->kind == LAC_YAML_SCALAR)
        lac_report(loader->list, LAC_ERROR, place, "%s is empty", what);
    else
        lac_report(loader->list, LAC_ERROR, place, "%s must be a single value, not %s", what,
                   node ? kind_of(node) : "missing");
    return false;
}

const char *lac_load_word(lac_loader *loader, const lac_yaml *mapping, const char *key)
{
    const lac_yaml *node = lac_yaml_get(mapping, key);
    return node && lac_is_scalar(loader, node, node->place, key) ? node->scalar : NULL;
}

lac_status lac_load_copy(lac_loader *loader, const lac_yaml *mapping, const char *key, char **copy)
{
    const char *word = lac_load_word(loader, mapping, key);
    if (!word)
        return LAC_OK;
    *copy = lac_copy_text(word);
    return *copy ? LAC_OK : LAC_MEMORY;
}

bool lac_load_flag(lac_loader *loader, const lac_yaml *mapping, const char *key, bool fallback)
{
    const lac_yaml *node = lac_yaml_get(mapping, key);
    if (!node || !lac_is_scalar(loader, node, node->place, key))
        return fallback;
    if (strcmp(node->scalar, "true") == 0)
        return true;
    if (strcmp(node->scalar, "false") != 0)
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be true or false", key);
    return false;
}

static void report_choice(lac_loader *loader, const lac_yaml *node, const char *const *words,
                          size_t count, const char *what)
{
    const char *nearest = lac_nearest(words, count, node->scalar);
    lac_text all = {0};
    for (size_t word = 0; word < count; word++)
        lac_text_add(&all, "%s%s", word ? ", " : "", words[word]);
    if (all.failed)
        loader->fatal = LAC_MEMORY;
    if (nearest)
        lac_report(loader->list, LAC_ERROR, node->place, "unknown %s '%.60s': did you mean '%s'?",
                   what, node->scalar, nearest);
    else if (count > 0 && count <= 12)
        lac_report(loader->list, LAC_ERROR, node->place, "unknown %s '%.60s': known are %s", what,
                   node->scalar, lac_text_of(&all));
    else
        lac_report(loader->list, LAC_ERROR, node->place, "unknown %s '%.60s'", what, node->scalar);
    lac_text_free(&all);
}

size_t lac_load_choice(lac_loader *loader, const lac_yaml *node, const char *const *words,
                       size_t count, const char *what)
{
    if (!lac_is_scalar(loader, node, node->place, what))
        return LAC_NONE;
    for (size_t word = 0; word < count; word++) {
        if (strcmp(words[word], node->scalar) == 0)
            return word;
    }
    report_choice(loader, node, words, count, what);
    return LAC_NONE;
}

size_t lac_load_name(lac_loader *loader, const lac_yaml *node, const lac_names *names,
                     const char *what)
{
    size_t known = node->kind == LAC_YAML_SCALAR ? lac_names_find(names, node->scalar) : LAC_NONE;
    if (known != LAC_NONE && *node->scalar)
        return known;
    return lac_load_choice(loader, node, (const char *const *)names->name, names->count, what);
}

size_t lac_items(const lac_yaml *node)
{
    return node->kind == LAC_YAML_SEQUENCE ? node->count : 1;
}

const lac_yaml *lac_item(const lac_yaml *node, size_t index)
{
    return node->kind == LAC_YAML_SEQUENCE ? node->item[index] : node;
}

/* --- dimensions --------------------------------------------------------------------------------
 */

static bool fits(lac_dimension found, const lac_dimension *expected, size_t count, size_t *which)
{
    for (size_t each = 0; each < count; each++) {
        if (lac_dimension_same(found, expected[each])) {
            if (which)
                *which = each;
            return true;
        }
    }
    return false;
}

lac_status lac_mass_to_amount(const lac_model *model, size_t species, const lac_dimension *expected,
                              lac_expression **tree)
{
    lac_dimension found = (*tree)->dimension, amount;
    if (species == LAC_NONE || !(model->species[species].molar_mass > 0) ||
        !lac_amount_dimension(found, &amount) ||
        (expected && !lac_dimension_same(amount, *expected)))
        return LAC_OK;
    double power = found.sixths[LAC_MASS] / 6.0;
    double mass = pow(model->species[species].molar_mass, power);
    return lac_tree_scale(tree, LAC_OP_DIVIDE, mass, lac_dimension_over(found, amount));
}

static void report_dimension(const lac_reading *reading, lac_place place, lac_dimension found,
                             const lac_dimension *expected, size_t count)
{
    lac_loader *loader = reading->loader;
    char wanted[128], other[128], got[128];
    lac_dimension amount;
    lac_dimension_describe(expected[0], wanted, sizeof wanted);
    lac_dimension_describe(expected[count > 1], other, sizeof other);
    lac_dimension_describe(found, got, sizeof got);
    if (reading->species != LAC_NONE && lac_amount_dimension(found, &amount) &&
        fits(amount, expected, count, NULL))
        lac_report(loader->list, LAC_ERROR, place,
                   "%s is a mass (%s): give '%s' a molar_mass to use it, or use %s", reading->what,
                   got, loader->model->species[reading->species].id, wanted);
    else if (count > 1)
        lac_report(loader->list, LAC_ERROR, place, "%s must be %s, or %s, not %s", reading->what,
                   wanted, other, got);
    else
        lac_report(loader->list, LAC_ERROR, place, "%s must be %s, not %s", reading->what, wanted,
                   got);
}

/* Converts masses, lets a bare 0 be of any unit, and checks; frees the tree after a report. */
static lac_status settle_dimension(const lac_reading *reading, const lac_dimension *expected,
                                   size_t count, size_t *which, lac_expression **tree)
{
    const lac_model *model = reading->loader->model;
    if (lac_tree_is_number(*tree, 0) && lac_dimension_is_none((*tree)->dimension))
        (*tree)->dimension = expected[0];
    for (size_t each = 0; each < count && (*tree)->dimension.sixths[LAC_MASS]; each++) {
        lac_status status = lac_mass_to_amount(model, reading->species, &expected[each], tree);
        if (status != LAC_OK)
            return status;
    }
    if (fits((*tree)->dimension, expected, count, which)) {
        lac_blame_accept(reading->loader, *tree);
    } else {
        lac_clash clash = {*tree, expected[0], (*tree)->place};
        if (!lac_blame(reading->loader, &clash, 1))
            report_dimension(reading, (*tree)->place, (*tree)->dimension, expected, count);
        lac_expression_free(*tree);
        *tree = NULL;
    }
    return LAC_OK;
}

/* --- expressions -------------------------------------------------------------------------------
 */

/* Of all expressions of a model together, with quantities and functions put in: half a GB. */
enum { MOST_PARTS = 3 * 1000 * 1000 };

static void count_part(const lac_expression *node, void *context)
{
    (void)node;
    ++*(size_t *)context;
}

/* Said once, where it is too much; then no more is read. */
static void count_parts(lac_loader *loader, const lac_expression *tree)
{
    size_t before = loader->parts;
    lac_expression_walk(tree, count_part, &loader->parts);
    if (before <= MOST_PARTS && loader->parts > MOST_PARTS)
        lac_report(loader->list, LAC_ERROR, tree->place,
                   "the model is too large: with quantities and functions put in, its expressions "
                   "have more than %d parts",
                   MOST_PARTS);
}

lac_status lac_load_tree(const lac_reading *reading, const lac_yaml *node, lac_expression **tree)
{
    lac_scope scope = {.lookup = lac_reading_lookup,
                       .nearest = lac_reading_nearest,
                       .blame = lac_reading_blame,
                       .context = reading,
                       .reductions = (reading->sees & LAC_SEES_REDUCTIONS) != 0};
    *tree = NULL;
    if (!lac_is_scalar(reading->loader, node, node->place, reading->what) ||
        reading->loader->parts > MOST_PARTS)
        return LAC_OK;
    lac_status status =
        lac_expression_parse(node->scalar, node->place, &scope, reading->loader->list, tree);
    if (status == LAC_OK && reading->loader->fatal != LAC_OK) {
        lac_expression_free(*tree);
        *tree = NULL;
        status = reading->loader->fatal;
    }
    if (*tree) {
        count_parts(reading->loader, *tree);
        lac_blame_accept_parts(reading->loader, *tree);
    }
    return status;
}

/* chain := if(region, value, chain); takes both over. */
static lac_status put_before(size_t region, lac_place place, lac_expression *value,
                             lac_expression **chain)
{
    lac_expression *inside = NULL, *rest = *chain;
    *chain = NULL;
    lac_status status =
        lac_tree_symbol((lac_symbol){LAC_SYMBOL_REGION, region}, lac_dimensionless, place, &inside);
    if (status != LAC_OK) {
        lac_expression_free(value);
        lac_expression_free(rest);
        return status;
    }
    return lac_tree_make(LAC_OP_IF, value->dimension, (lac_expression *[3]){inside, value, rest},
                         chain);
}

/* The tissue whose regions are meant; the first one where no domain is. */
static size_t tissue_of(const lac_reading *reading)
{
    size_t tissue = lac_model_tissue_of_domain(reading->loader->model, reading->domain);
    return tissue == LAC_NONE ? 0 : tissue;
}

/* The region that a key of a per-region mapping names, LAC_NONE for "default"; false after a
 * report. */
static bool region_of_key(const lac_reading *reading, const lac_yaml *node, size_t item,
                          size_t *region)
{
    lac_loader *loader = reading->loader;
    const size_t tissue = tissue_of(reading);
    *region = LAC_NONE;
    if (strcmp(node->key[item], "default") == 0)
        return true;
    size_t index = lac_names_find(&loader->words, node->key[item]);
    if (index != LAC_NONE && loader->word[index].kind == LAC_WORD_REGION &&
        loader->model->region[loader->word[index].index].tissue == tissue) {
        *region = loader->word[index].index;
        return true;
    }
    const char *names[64] = {"default"};
    size_t count = 1;
    for (size_t each = 0; each < loader->model->regions && count < 64; each++)
        if (loader->model->region[each].tissue == tissue)
            names[count++] = loader->model->region[each].id;
    const char *nearest = lac_nearest(names, count, node->key[item]);
    lac_report(loader->list, LAC_ERROR, node->key_place[item], "unknown region '%.60s'%s%s%s",
               node->key[item], nearest ? ": did you mean '" : "", nearest ? nearest : "",
               nearest ? "'?" : "");
    return false;
}

/* The item that stands for all other places: "default", or the last zone when all are named. */
static size_t default_item(const lac_reading *reading, const lac_yaml *node)
{
    const lac_loader *loader = reading->loader;
    const size_t tissue = tissue_of(reading);
    size_t zones = 0, named = 0, last = LAC_NONE;
    for (size_t item = 0; item < node->count; item++) {
        if (strcmp(node->key[item], "default") == 0)
            return item;
    }
    for (size_t region = 0; region < loader->model->regions; region++)
        zones += loader->model->region[region].kind == LAC_ZONE &&
                 loader->model->region[region].tissue == tissue;
    for (size_t item = 0; item < node->count; item++) {
        size_t index = lac_names_find(&loader->words, node->key[item]);
        if (index != LAC_NONE && loader->word[index].kind == LAC_WORD_REGION &&
            loader->model->region[loader->word[index].index].kind == LAC_ZONE) {
            named++;
            last = item;
        }
    }
    return zones > 0 && named == zones ? last : LAC_NONE;
}

/* {deep: a, default: b} -> if(deep, a, b); earlier keys win where regions overlap. */
static lac_status load_by_region(const lac_reading *reading, const lac_yaml *node,
                                 const lac_dimension *expected, size_t count, size_t *which,
                                 lac_expression **tree)
{
    lac_status status = LAC_OK;
    lac_loader *loader = reading->loader;
    lac_expression *chain = NULL, *value = NULL;
    size_t last = default_item(reading, node), chosen = 0;
    bool good = last != LAC_NONE;
    if (!good)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "%s: name all zones, or say what holds elsewhere with 'default:'",
                   reading->what);
    if (good)
        LAC_TRY(lac_load_expression(reading, node->item[last], expected, count, &chosen, &chain));
    for (size_t item = node->count; item-- > 0;) {
        size_t region;
        if (!region_of_key(reading, node, item, &region) || item == last)
            continue;
        lac_dimension same = expected[chosen];
        LAC_TRY(lac_load_expression(reading, node->item[item], chain ? &same : expected,
                                    chain ? 1 : count, NULL, &value));
        if (value && chain)
            LAC_TRY(put_before(region, node->key_place[item], value, &chain));
        else
            lac_expression_free(value);
        value = NULL;
    }
    if (which)
        *which = chosen;
    *tree = chain;
    return LAC_OK;
out:
    lac_expression_free(chain);
    return status;
}

lac_status lac_load_expression(const lac_reading *reading, const lac_yaml *node,
                               const lac_dimension *expected, size_t count, size_t *which,
                               lac_expression **tree)
{
    *tree = NULL;
    const lac_yaml *profile = lac_yaml_get(node, "profile");
    if (profile && node->count == 1 && (reading->sees & LAC_SEES_POSITION)) {
        if (which)
            *which = 0;
        return lac_load_profile(reading, profile, expected[0], tree);
    }
    const lac_yaml *random = lac_yaml_get(node, "random");
    if (random && node->count == 1 && (reading->sees & LAC_SEES_RANDOM)) {
        if (which)
            *which = 0;
        return lac_load_random(reading, random, expected, tree);
    }
    if (node->kind == LAC_YAML_MAPPING && (reading->sees & LAC_SEES_POSITION))
        return load_by_region(reading, node, expected, count, which, tree);
    lac_status status = lac_load_tree(reading, node, tree);
    if (status != LAC_OK || !*tree)
        return status;
    return settle_dimension(reading, expected, count, which, tree);
}

/* --- constants ---------------------------------------------------------------------------------
 */

static double symbol_value(const void *context, lac_symbol symbol)
{
    const lac_model *model = context;
    return symbol.kind == LAC_SYMBOL_PARAMETER ? model->parameter[symbol.index].value : 0;
}

double lac_start_value(const lac_model *model, const lac_expression *tree)
{
    return lac_expression_value(tree, symbol_value, model);
}

static void freeze_symbol(const lac_expression *node, void *context)
{
    lac_loader *loader = context;
    if (node->op == LAC_OP_SYMBOL && node->symbol.kind == LAC_SYMBOL_PARAMETER)
        loader->parameter_constant[node->symbol.index] = true;
}

void lac_mark_constant(lac_loader *loader, const lac_expression *tree)
{
    lac_expression_walk(tree, freeze_symbol, loader);
}

lac_status lac_load_constant(const lac_reading *reading, const lac_yaml *node,
                             lac_dimension expected, double *value)
{
    lac_expression *tree = NULL;
    lac_reading constant = *reading;
    constant.sees = 0;
    *value = NAN;
    lac_status status = lac_load_expression(&constant, node, &expected, 1, NULL, &tree);
    if (status == LAC_OK && tree) {
        lac_mark_constant(reading->loader, tree);
        *value = lac_start_value(reading->loader->model, tree);
        if (!isfinite(*value)) {
            lac_report(reading->loader->list, LAC_ERROR, node->place, "%s is not a finite number",
                       reading->what);
            *value = NAN;
        }
    }
    lac_expression_free(tree);
    return status;
}
