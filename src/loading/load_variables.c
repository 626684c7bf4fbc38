/* Variables: a species in a domain: its start, diffusivity, unit on screens and tolerance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"
#include "model/random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- bounds of a tree that is constant in pieces
 * --------------------------------------------------- */

typedef struct place_of {
    const lac_model *model;
    double point[3];
    double drawn; /* standard deviations above the middle: what random fields are */
} place_of;

static double value_at(const void *context, lac_symbol symbol)
{
    const place_of *at = context;
    switch (symbol.kind) {
    case LAC_SYMBOL_PARAMETER:
        return at->model->parameter[symbol.index].value;
    case LAC_SYMBOL_X:
        return at->point[0];
    case LAC_SYMBOL_Y:
        return at->point[1];
    case LAC_SYMBOL_DEPTH:
        return at->point[2];
    case LAC_SYMBOL_RANDOM:
        return at->model->random[symbol.index].uniform ? 0.5 + 0.5 * at->drawn : at->drawn;
    default:
        return 0;
    }
}

/* Widens [low, high] by what the tree is on five depths at the middle of the patch. */
static void sample(const lac_model *model, const lac_expression *tree,
                   const lac_tissue_text *tissue, double drawn, double *low, double *high)
{
    enum { SAMPLES = 5 };
    for (int each = 0; each < SAMPLES; each++) {
        place_of at = {.model = model, .drawn = drawn};
        for (int axis = 0; axis < 3; axis++)
            at.point[axis] = tissue->voxel[axis] * (double)tissue->voxels[axis] *
                             (axis == 2 ? (double)each / (SAMPLES - 1) : 0.5);
        double value = lac_expression_value(tree, value_at, &at);
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

/* Over all regions of a chain of ifs; what depends on the state is left out. */
static void bounds(const lac_model *model, const lac_expression *tree,
                   const lac_tissue_text *tissue, double drawn, double *low, double *high)
{
    bool by_region = tree->op == LAC_OP_IF && tree->arg[0]->op == LAC_OP_SYMBOL &&
                     tree->arg[0]->symbol.kind == LAC_SYMBOL_REGION;
    if (by_region) {
        bounds(model, tree->arg[1], tissue, drawn, low, high);
        bounds(model, tree->arg[2], tissue, drawn, low, high);
    } else if (!(lac_tree_sees(model, tree) & ~(unsigned)(LAC_SEES_POSITION | LAC_SEES_RANDOM))) {
        sample(model, tree, tissue, drawn, low, high);
    }
}

/* The tissue of a domain; the first for one that is none. */
static const lac_tissue_text *tissue_of(const lac_model *model, size_t domain)
{
    size_t tissue = lac_model_tissue_of_domain(model, domain);
    return &model->tissue[tissue == LAC_NONE ? 0 : tissue];
}

static void require_not_negative(const lac_reading *reading, const lac_expression *tree,
                                 lac_place place)
{
    double low = 0, high = 0;
    bounds(reading->loader->model, tree, tissue_of(reading->loader->model, reading->domain), 0,
           &low, &high);
    if (low < 0)
        lac_report_negative(reading->loader, tree, place, reading->what);
}

/* --- tolerance
 * ------------------------------------------------------------------------------------- */

/* Where a variable starts above 0: a millionth of its largest start. What starts at 0 has no scale
 * yet, and may matter at any level: then 1e-6 pM, 1 cell per 1000 mm^3 (times the volume for a
 * total), 1e-8 for a state. A small tolerance costs steps only while the value is below
 * atol / rtol; a large one loses it. */
static double default_tolerance(const lac_model *model, const lac_variable *variable)
{
    static const double small[] = {6.02214076e-10, 1e-12, 1e-8};
    double low = 0, high = 0;
    bounds(model, variable->initial, tissue_of(model, variable->domain), 1, &low, &high);
    double largest = fmax(high, -low);
    if (largest > 0 && isfinite(largest))
        return 1e-6 * largest;
    double tolerance = small[model->species[variable->species].kind];
    bool counted = variable->total && model->species[variable->species].kind != LAC_STATE;
    return counted ? tolerance * model->domain[variable->domain].volume : tolerance;
}

static lac_status define_tolerance(const lac_reading *reading, const lac_yaml *node,
                                   lac_variable *variable)
{
    if (!node) {
        if (variable->initial)
            variable->atol = default_tolerance(reading->loader->model, variable);
        variable->atol_follows = variable->initial != NULL;
        return LAC_OK;
    }
    lac_status status = lac_load_constant(reading, node, variable->dimension, &variable->atol);
    if (variable->atol <= 0)
        lac_report(reading->loader->list, LAC_ERROR, node->place, "%s must be above 0",
                   reading->what);
    return status;
}

/* --- one variable
 * ---------------------------------------------------------------------------------- */

/* The initial value that `initial: {domain: {species: ...}}` of a scenario gives, or NULL. */
static const lac_yaml *start_in(const lac_loader *loader, const lac_variable *variable,
                                size_t where)
{
    const lac_model *model = loader->model;
    for (size_t each = loader->layers; each-- > 0;) {
        const lac_yaml *section = lac_yaml_get(loader->layer[each].root, "initial");
        const lac_yaml *domain = section && section->kind == LAC_YAML_MAPPING
                                     ? lac_yaml_get(section, model->domain[where].id)
                                     : NULL;
        const lac_yaml *value = domain && domain->kind == LAC_YAML_MAPPING
                                    ? lac_yaml_get(domain, model->species[variable->species].id)
                                    : NULL;
        if (value)
            return value;
    }
    return NULL;
}

/* The same; of a tissue that is like another, what the other one is given counts where the tissue
 * has nothing of its own. */
static const lac_yaml *overridden_start(const lac_loader *loader, const lac_variable *variable)
{
    const lac_yaml *own = start_in(loader, variable, variable->domain);
    if (own || !lac_has_from_likeness(loader, variable->species, variable->domain))
        return own;
    return start_in(loader, variable, loader->like[variable->domain]);
}

/* {poisson: VALUE}: the value, and how whole numbers are drawn around it. */
static const lac_yaml *take_counting(const lac_reading *reading, const lac_yaml *node,
                                     lac_variable *variable)
{
    lac_loader *loader = reading->loader;
    const bool in_tissue = loader->model->domain[variable->domain].kind == LAC_TISSUE;
    if (node->kind != LAC_YAML_MAPPING || node->count != 1)
        return node;
    for (lac_counting each = LAC_POISSON; each <= LAC_MULTINOMIAL; each++)
        if (strcmp(node->key[0], lac_counting_word[each]) == 0)
            variable->counting = each;
    if (variable->counting == LAC_NOT_DRAWN)
        return node;
    if (loader->model->species[variable->species].kind == LAC_STATE)
        lac_report(loader->list, LAC_ERROR, node->key_place[0],
                   "%s has no dimension, so it has no whole numbers to draw: `%s` is for cells and "
                   "molecules",
                   variable->path, node->key[0]);
    else if (variable->counting == LAC_MULTINOMIAL && !in_tissue)
        lac_report(loader->list, LAC_ERROR, node->key_place[0],
                   "multinomial spreads a total over the voxels of the tissue: %s has one place "
                   "only; write poisson",
                   variable->path);
    return node->item[0];
}

static lac_status define_initial(const lac_reading *reading, const lac_yaml *node, lac_place place,
                                 lac_variable *variable)
{
    const lac_yaml *override = overridden_start(reading->loader, variable);
    if (!node && !override)
        return lac_expression_number(0, variable->dimension, place, &variable->initial);
    if (override)
        node = override;
    node = take_counting(reading, node, variable);
    if (node->kind == LAC_YAML_SCALAR && !(variable->written = lac_copy_text(node->scalar)))
        return LAC_MEMORY;
    lac_status status =
        lac_load_expression(reading, node, &variable->dimension, 1, NULL, &variable->initial);
    if (status == LAC_OK && variable->initial && !variable->is_signed)
        require_not_negative(reading, variable->initial, node->place);
    return status;
}

static lac_status define_diffusivity(lac_reading *reading, const lac_yaml *node,
                                     lac_variable *variable)
{
    lac_dimension expected = lac_per(lac_dimension_of(LAC_LENGTH, 2), 0, 1);
    reading->sees = LAC_SEES_TIME | LAC_SEES_POSITION | LAC_SEES_FIELDS;
    lac_status status =
        lac_load_expression(reading, node, &expected, 1, NULL, &variable->diffusivity);
    if (status == LAC_OK && variable->diffusivity) {
        require_not_negative(reading, variable->diffusivity, node->place);
        if (lac_tree_is_number(variable->diffusivity, 0)) {
            lac_expression_free(variable->diffusivity);
            variable->diffusivity = NULL;
        }
    }
    return status;
}

static lac_status define_display(lac_loader *loader, const lac_yaml *node, lac_variable *variable)
{
    if (node)
        return lac_load_display(loader, node, variable->dimension, variable->species,
                                &variable->display);
    return lac_display_of(variable->dimension, &variable->display);
}

static void check_keys(lac_loader *loader, const lac_yaml *node, bool in_tissue)
{
    static const char *const tissue[] = {"initial",     "display",   "atol",          "signed",
                                         "diffusivity", "partition", "representation"};
    static const char *const pool[] = {"initial", "display", "atol",
                                       "signed",  "total",   "representation"};
    if (in_tissue)
        lac_yaml_only(node, tissue, 7, "a species in the tissue", loader->list);
    else
        lac_yaml_only(node, pool, 6, "a species in a well-mixed domain", loader->list);
}

static lac_status define_one(lac_loader *loader, lac_variable *variable, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    char what[160];
    bool in_tissue = loader->model->domain[variable->domain].kind == LAC_TISSUE;
    lac_reading reading = {
        .loader = loader, .domain = variable->domain, .species = variable->species, .what = what};
    check_keys(loader, node, in_tissue);
    snprintf(what, sizeof what, "the initial value of %.120s", variable->path);
    reading.sees = in_tissue ? LAC_SEES_POSITION | LAC_SEES_RANDOM : 0;
    LAC_TRY(define_initial(&reading, lac_yaml_get(node, "initial"), node->place, variable));
    const lac_yaml *diffusivity = lac_yaml_get(node, "diffusivity");
    snprintf(what, sizeof what, "the diffusivity of %.120s", variable->path);
    if (in_tissue && diffusivity)
        LAC_TRY(define_diffusivity(&reading, diffusivity, variable));
    LAC_TRY(define_display(loader, lac_yaml_get(node, "display"), variable));
    snprintf(what, sizeof what, "the tolerance of %.120s", variable->path);
    LAC_TRY(define_tolerance(&reading, lac_yaml_get(node, "atol"), variable));
out:
    return status;
}

static void report_stranger(lac_loader *loader, const lac_yaml *values, size_t item, size_t domain)
{
    const lac_names *species = &loader->section[LAC_SECTION_SPECIES].keys;
    const char *nearest = lac_names_nearest(species, values->key[item]);
    bool known = lac_names_find(species, values->key[item]) != LAC_NONE;
    lac_report(loader->list, LAC_ERROR, values->key_place[item], "'%.60s' is not in '%s'%s%s%s",
               values->key[item], loader->model->domain[domain].id,
               nearest && !known ? ": did you mean '" : "", nearest && !known ? nearest : "",
               nearest && !known ? "'?" : "");
}

/* Every name under `initial:` must be there. */
static void check_overrides(lac_loader *loader, const lac_yaml *section)
{
    const lac_model *model = loader->model;
    if (!lac_is_mapping(loader, section, section->place, "initial"))
        return;
    lac_yaml_only(section, (const char *const *)loader->domain_names.name,
                  loader->domain_names.count, "initial (domains)", loader->list);
    for (size_t key = 0; key < section->count; key++) {
        const lac_yaml *values = section->item[key];
        size_t domain = lac_names_find(&loader->domain_names, section->key[key]);
        if (domain == LAC_NONE ||
            !lac_is_mapping(loader, values, section->key_place[key], "initial values"))
            continue;
        for (size_t item = 0; item < values->count; item++) {
            size_t species =
                lac_names_find(&loader->section[LAC_SECTION_SPECIES].keys, values->key[item]);
            if (species == LAC_NONE || lac_model_variable(model, species, domain) == LAC_NONE)
                report_stranger(loader, values, item, domain);
        }
    }
}

lac_status lac_define_variables(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *section = lac_yaml_get(loader->layer[each].root, "initial");
        if (section)
            check_overrides(loader, section);
    }
    for (size_t each = 0; each < model->variables; each++) {
        lac_variable *variable = &model->variable[each];
        const lac_yaml *node = lac_species_in(loader, variable->species, variable->domain, NULL);
        if (node->kind == LAC_YAML_MAPPING)
            LAC_TRY(define_one(loader, variable, node));
    }
out:
    return status;
}
