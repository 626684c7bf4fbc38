/* Scope: what a name means where it is used, and the rules of who may see what.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"

#include <stdio.h>

/* --- what a tree looks at --------------------------------------------------------------------- */

unsigned lac_tree_sees(const lac_model *model, const lac_expression *tree)
{
    unsigned sees = 0;
    if (!tree)
        return 0;
    if (tree->op >= LAC_OP_MEAN && tree->op <= LAC_OP_AT)
        return LAC_SEES_REDUCTIONS;
    if (tree->op == LAC_OP_FIRST)
        sees |= LAC_SEES_REDUCTIONS;
    if (tree->op == LAC_OP_SYMBOL) {
        switch (tree->symbol.kind) {
        case LAC_SYMBOL_VARIABLE:
            return tree->symbol.index < model->fields ? LAC_SEES_FIELDS : LAC_SEES_POOLS;
        case LAC_SYMBOL_TIME:
        case LAC_SYMBOL_INPUT:
            return LAC_SEES_TIME;
        case LAC_SYMBOL_X:
        case LAC_SYMBOL_Y:
        case LAC_SYMBOL_DEPTH:
        case LAC_SYMBOL_REGION:
            return LAC_SEES_POSITION;
        case LAC_SYMBOL_RANDOM:
            return LAC_SEES_POSITION | LAC_SEES_RANDOM;
        default:
            return 0;
        }
    }
    for (size_t arg = 0; arg < tree->args; arg++)
        sees |= lac_tree_sees(model, tree->arg[arg]);
    return sees;
}

/* The first thing of `sees` that a reading does not see, in words; NULL when it sees all. */
static const char *hidden(unsigned sees, unsigned allowed)
{
    unsigned missing = sees & ~allowed;
    if (missing & LAC_SEES_REDUCTIONS)
        return "means and totals over the tissue";
    if (missing & LAC_SEES_FIELDS)
        return "the species of the tissue";
    if (missing & LAC_SEES_POOLS)
        return "the species of well-mixed domains";
    if (missing & LAC_SEES_RANDOM)
        return "random fields: initial values of the tissue can, and laws can look at those";
    if (missing & LAC_SEES_POSITION)
        return "the place in the tissue";
    return missing & LAC_SEES_TIME ? "the time" : NULL;
}

/* --- lookup ----------------------------------------------------------------------------------- */

static lac_meaning misuse(lac_loader *loader)
{
    return (lac_meaning){.kind = LAC_MEANS_MISUSE, .why = loader->why};
}

/* What had its error reported elsewhere: nothing more is said here. */
static lac_meaning broken(void)
{
    return (lac_meaning){.kind = LAC_MEANS_MISUSE, .why = NULL};
}

static lac_meaning not_seen(const lac_reading *reading, const char *name, const char *what)
{
    lac_loader *loader = reading->loader;
    if (reading->sees & LAC_SEES_REDUCTIONS)
        snprintf(loader->why, sizeof loader->why,
                 "%.100s is one number, but '%.60s' varies in the tissue: write mean(%.60s), "
                 "at(...), ...",
                 reading->what, name, name);
    else
        snprintf(loader->why, sizeof loader->why, "'%.60s': %.100s cannot depend on %s", name,
                 reading->what, what);
    return misuse(loader);
}

static lac_meaning symbol(lac_symbol_kind kind, size_t index, lac_dimension dimension)
{
    return (lac_meaning){.kind = LAC_MEANS_SYMBOL, .symbol = {kind, index}, .dimension = dimension};
}

static lac_meaning as_tree(const lac_expression *tree)
{
    return (lac_meaning){.kind = LAC_MEANS_TREE, .tree = tree, .dimension = tree->dimension};
}

static lac_meaning parameter_meaning(const lac_reading *reading, size_t index)
{
    lac_loader *loader = reading->loader;
    lac_parameter *parameter = &loader->model->parameter[index];
    if (loader->parameter_progress[index] == LAC_BUSY) {
        snprintf(loader->why, sizeof loader->why, "'%.60s' depends on itself", parameter->id);
        return misuse(loader);
    }
    lac_status status = lac_define_parameter(loader, index);
    if (status != LAC_OK)
        loader->fatal = status;
    if (loader->parameter_progress[index] != LAC_DONE)
        return broken();
    parameter->used = true;
    if (parameter->derived)
        return as_tree(parameter->derived);
    return symbol(LAC_SYMBOL_PARAMETER, index, parameter->dimension);
}

/* Is a tissue another than the one that is read? */
static bool is_elsewhere(const lac_reading *reading, size_t domain)
{
    const lac_model *model = reading->loader->model;
    return model->tissues > 1 && reading->domain != LAC_NONE && reading->domain != domain;
}

static lac_meaning of_other_tissue(const lac_reading *reading, const char *name, size_t domain)
{
    lac_loader *loader = reading->loader;
    const lac_model *model = loader->model;
    snprintf(
        loader->why, sizeof loader->why,
        "'%.60s' lies in the tissue '%.60s', and this is read in '%.60s': tissues meet through "
        "well-mixed domains only",
        name, model->domain[domain].id, model->domain[reading->domain].id);
    return misuse(loader);
}

static lac_meaning variable_meaning(const lac_reading *reading, const char *name, size_t index)
{
    const lac_model *model = reading->loader->model;
    unsigned sees = index < model->fields ? LAC_SEES_FIELDS : LAC_SEES_POOLS;
    const char *what = hidden(sees, reading->sees);
    if (what)
        return not_seen(reading, name, what);
    if (index < model->fields && is_elsewhere(reading, model->variable[index].domain))
        return of_other_tissue(reading, name, model->variable[index].domain);
    return symbol(LAC_SYMBOL_VARIABLE, index, model->variable[index].dimension);
}

/* A bare species: of the domain that is read; else of the only domain that has it. */
static lac_meaning species_meaning(const lac_reading *reading, const char *name, size_t species)
{
    lac_loader *loader = reading->loader;
    const lac_model *model = loader->model;
    size_t count, here = LAC_NONE, found = lac_model_only_variable(model, species, &count);
    if (reading->domain != LAC_NONE)
        here = lac_model_variable(model, species, reading->domain);
    if (here != LAC_NONE)
        return variable_meaning(reading, name, here);
    if (reading->domain == LAC_NONE && count == 1)
        return variable_meaning(reading, name, found);
    const lac_species *it = &model->species[species];
    bool by_voxel = reading->domain == LAC_NONE && (reading->sees & LAC_SEES_FIELDS);
    if (by_voxel && it->fields == 1) /* in a reduction */
        return variable_meaning(reading, name, it->field);
    if (by_voxel && it->fields > 1)
        found = it->field;
    if (found == LAC_NONE)
        snprintf(loader->why, sizeof loader->why, "'%.60s' is in no domain", name);
    else if (reading->domain == LAC_NONE)
        snprintf(loader->why, sizeof loader->why, "'%.60s' is in several domains: write %.100s",
                 name, model->variable[found].path);
    else
        snprintf(loader->why, sizeof loader->why,
                 "'%.60s' is not in the domain '%.60s': write %.100s", name,
                 model->domain[reading->domain].id, model->variable[found].path);
    return misuse(loader);
}

static lac_meaning quantity_meaning(const lac_reading *reading, const char *name, size_t index)
{
    lac_loader *loader = reading->loader;
    const lac_quantity *quantity = lac_define_quantity(loader, index, reading->domain);
    if (quantity && quantity->progress == LAC_BUSY) {
        snprintf(loader->why, sizeof loader->why, "'%.60s' depends on itself", name);
        return misuse(loader);
    }
    if (!quantity || quantity->progress != LAC_DONE)
        return broken();
    const char *what = hidden(quantity->sees, reading->sees);
    return what ? not_seen(reading, name, what) : as_tree(quantity->tree);
}

static lac_meaning observable_meaning(const lac_reading *reading, const char *name, size_t index)
{
    lac_loader *loader = reading->loader;
    if (!(reading->sees & LAC_SEES_REDUCTIONS))
        return not_seen(reading, name, "observables");
    if (loader->observable_progress[index] == LAC_BUSY) {
        snprintf(loader->why, sizeof loader->why, "'%.60s' depends on itself", name);
        return misuse(loader);
    }
    lac_status status = lac_define_observable(loader, index);
    if (status != LAC_OK)
        loader->fatal = status;
    if (loader->observable_progress[index] != LAC_DONE)
        return broken();
    return as_tree(loader->model->observable[index].value);
}

static lac_meaning coordinate(const lac_reading *reading, const char *name, lac_symbol_kind kind)
{
    bool is_time = kind == LAC_SYMBOL_TIME;
    const char *what = hidden(is_time ? LAC_SEES_TIME : LAC_SEES_POSITION, reading->sees);
    if (what)
        return not_seen(reading, name, what);
    return symbol(kind, 0, lac_dimension_of(is_time ? LAC_TIME : LAC_LENGTH, 1));
}

static lac_meaning region_meaning(const lac_reading *reading, const char *name, size_t index)
{
    if (reading->sees & LAC_SEES_REDUCTIONS)
        return (lac_meaning){.kind = LAC_MEANS_REGION, .symbol = {LAC_SYMBOL_REGION, index}};
    const lac_model *model = reading->loader->model;
    const size_t domain = model->tissue[model->region[index].tissue].domain;
    const char *what = hidden(LAC_SEES_POSITION, reading->sees);
    if (what)
        return not_seen(reading, name, what);
    if (is_elsewhere(reading, domain))
        return of_other_tissue(reading, name, domain);
    return symbol(LAC_SYMBOL_REGION, index, lac_dimensionless);
}

static lac_meaning input_meaning(const lac_reading *reading, const char *name, size_t index)
{
    const lac_input *input = &reading->loader->model->input[index];
    if (!(reading->sees & LAC_SEES_TIME))
        return not_seen(reading, name, "the time");
    if (input->knots == 0)
        return broken();
    return symbol(LAC_SYMBOL_INPUT, index, input->dimension);
}

static lac_meaning random_meaning(const lac_reading *reading, const char *name, size_t index)
{
    const lac_loader *loader = reading->loader;
    const char *what = hidden(LAC_SEES_RANDOM, reading->sees);
    if (what)
        return not_seen(reading, name, what);
    return loader->random[index] ? as_tree(loader->random[index]) : broken();
}

/* What a parameter or quantity is in a tissue that has another meaning for it. */
static lac_meaning replaced(const lac_reading *reading, const char *name,
                            const lac_replacement *replacement)
{
    if (!replacement->tree)
        return broken();
    const char *what = hidden(replacement->sees, reading->sees);
    return what ? not_seen(reading, name, what) : as_tree(replacement->tree);
}

static lac_meaning meaning(const lac_reading *reading, const char *name, const lac_word *word)
{
    const lac_loader *loader = reading->loader;
    const lac_replacement *replacement = lac_replacement_of(loader, reading->domain, name);
    if (replacement)
        return replaced(reading, name, replacement);
    switch (word->kind) {
    case LAC_WORD_TIME:
        return coordinate(reading, name, LAC_SYMBOL_TIME);
    case LAC_WORD_X:
        return coordinate(reading, name, LAC_SYMBOL_X);
    case LAC_WORD_Y:
        return coordinate(reading, name, LAC_SYMBOL_Y);
    case LAC_WORD_DEPTH:
        return coordinate(reading, name, LAC_SYMBOL_DEPTH);
    case LAC_WORD_SPECIES:
        return species_meaning(reading, name, word->index);
    case LAC_WORD_VARIABLE:
        return variable_meaning(reading, name, word->index);
    case LAC_WORD_PARAMETER:
        return parameter_meaning(reading, word->index);
    case LAC_WORD_FUNCTION:
        return (lac_meaning){.kind = LAC_MEANS_FUNCTION,
                             .function = &loader->function[word->index]};
    case LAC_WORD_QUANTITY:
        return quantity_meaning(reading, name, word->index);
    case LAC_WORD_INPUT:
        return input_meaning(reading, name, word->index);
    case LAC_WORD_RANDOM:
        return random_meaning(reading, name, word->index);
    case LAC_WORD_REGION:
        return region_meaning(reading, name, word->index);
    case LAC_WORD_OBSERVABLE:
        return observable_meaning(reading, name, word->index);
    }
    return (lac_meaning){.kind = LAC_MEANS_NOTHING};
}

/* The region that is all of a tissue; LAC_NONE where there is one tissue. */
static size_t whole_of(const lac_model *model, size_t domain)
{
    for (size_t region = 0; region < model->regions; region++)
        if (model->region[region].whole &&
            model->tissue[model->region[region].tissue].domain == domain)
            return region;
    return LAC_NONE;
}

/* The tissue's name stands for all of it where a region is asked for. */
static lac_meaning domain_meaning(const lac_reading *reading, const char *name)
{
    lac_loader *loader = reading->loader;
    size_t domain = lac_names_find(&loader->domain_names, name);
    if (domain == LAC_NONE)
        return (lac_meaning){.kind = LAC_MEANS_NOTHING};
    if ((reading->sees & LAC_SEES_REDUCTIONS) && loader->model->domain[domain].kind == LAC_TISSUE)
        return (lac_meaning){.kind = LAC_MEANS_REGION,
                             .symbol = {LAC_SYMBOL_REGION, whole_of(loader->model, domain)}};
    snprintf(loader->why, sizeof loader->why, "'%.60s' is a domain: write %.60s.SPECIES", name,
             name);
    return misuse(loader);
}

lac_meaning lac_reading_lookup(const lac_scope *scope, const char *name)
{
    lac_reading reading = *(const lac_reading *)scope->context;
    const lac_loader *loader = reading.loader;
    size_t index = lac_names_find(&loader->words, name);
    if (scope->per_voxel) {
        reading.domain = lac_tissue_domain(loader->model);
        reading.sees |= LAC_SEES_FIELDS | LAC_SEES_POSITION;
    }
    return index == LAC_NONE ? domain_meaning(&reading, name)
                             : meaning(&reading, name, &loader->word[index]);
}

bool lac_reading_blame(const lac_scope *scope, const lac_clash *clash, size_t count)
{
    const lac_reading *reading = scope->context;
    return lac_blame(reading->loader, clash, count);
}

const char *lac_reading_nearest(const lac_scope *scope, const char *name)
{
    const lac_reading *reading = scope->context;
    return lac_names_nearest(&reading->loader->words, name);
}
