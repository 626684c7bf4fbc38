/* Representation: what the text says of each variable, and what the method makes of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"
#include "model/representation.h"

#include <math.h>
#include <string.h>

/* --- by copy number ------------------------------------------------------------------------------
 */

static const double BELOW = 100, ABOVE = 200;

static double load_threshold(lac_loader *loader, const lac_variable *variable, const lac_yaml *node,
                             double otherwise)
{
    const lac_reading reading = {.loader = loader,
                                 .domain = variable->domain,
                                 .species = LAC_NONE,
                                 .what = "a threshold of representation"};
    double value = otherwise;
    if (!node)
        return otherwise;
    if (lac_load_constant(&reading, node, lac_dimensionless, &value) != LAC_OK || isnan(value))
        return otherwise;
    if (value < 1 || value != floor(value) || value > 1e9)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "a threshold of representation is %.10g, and copies are counted: write a whole "
                   "number from 1 to 1e9",
                   value);
    return value;
}

static void load_thresholds(lac_loader *loader, lac_variable *variable, const lac_yaml *node)
{
    static const char *const keys[] = {"discrete_below", "continuous_above", "by"};
    static const char *const measures[] = {"lowest", "mean"};
    lac_automatic *it = &variable->automatic;
    const size_t reported = loader->list->reported;
    const lac_yaml *below = lac_yaml_get(node, keys[0]), *above = lac_yaml_get(node, keys[1]);
    const lac_yaml *by = lac_yaml_get(node, keys[2]);
    lac_yaml_only(node, keys, 3, "representation", loader->list);
    it->below = load_threshold(loader, variable, below, BELOW);
    it->above = load_threshold(loader, variable, above, fmax(2 * it->below, ABOVE));
    if (!below && above)
        it->below = fmin(BELOW, fmax(1, floor(it->above / 2)));
    if (by)
        it->by_mean = lac_load_choice(loader, by, measures, 2, "by") == 1;
    if (by && variable->domain != LAC_NONE &&
        loader->model->domain[variable->domain].kind == LAC_WELL_MIXED)
        lac_report(loader->list, LAC_ERROR, by->place,
                   "'%s' is well-mixed: it has one copy number, and no lowest or mean of voxels",
                   variable->path);
    if (loader->list->reported == reported && it->below >= it->above)
        lac_report(loader->list, LAC_ERROR, (above ? above : below)->place,
                   "'%s' would be discrete below %.10g and continuous above %.10g: it must be "
                   "continuous from a larger number on than it is discrete below",
                   variable->path, it->below, it->above);
}

/* --- one variable --------------------------------------------------------------------------------
 */

static void load_word(lac_loader *loader, lac_variable *variable, const lac_yaml *node)
{
    static const char *const words[] = {"discrete", "continuous", "auto"};
    static const lac_representation meaning[] = {LAC_DISCRETE, LAC_CONTINUOUS, LAC_AUTOMATIC};
    variable->automatic = (lac_automatic){.below = BELOW, .above = ABOVE};
    if (node->kind == LAC_YAML_MAPPING) {
        variable->asked = LAC_AUTOMATIC;
        load_thresholds(loader, variable, node);
        return;
    }
    const size_t choice = lac_load_choice(loader, node, words, 3, "representation");
    if (choice != LAC_NONE)
        variable->asked = meaning[choice];
}

static void define_one(lac_loader *loader, lac_variable *variable)
{
    const lac_model *model = loader->model;
    const lac_yaml *node = lac_species_in(loader, variable->species, variable->domain, NULL);
    const lac_yaml *word =
        node && node->kind == LAC_YAML_MAPPING ? lac_yaml_get(node, "representation") : NULL;
    if (!word)
        return;
    load_word(loader, variable, word);
    const bool counted = variable->asked == LAC_DISCRETE || variable->asked == LAC_AUTOMATIC;
    if (counted && model->species[variable->species].kind == LAC_STATE)
        lac_report(
            loader->list, LAC_ERROR, word->place,
            "'%s' is a state without dimension: it is continuous, for it has no molecules or "
            "cells to count",
            variable->path);
    if (variable->asked == LAC_AUTOMATIC && strcmp(model->settings.method, "hybrid") != 0)
        lac_report(loader->list, LAC_WARNING, word->place,
                   "'%s': representation: auto is for the method hybrid; with %s it has no effect",
                   variable->path, model->settings.method);
}

lac_status lac_define_representation(lac_loader *loader)
{
    lac_model *model = loader->model;
    for (size_t variable = 0; variable < model->variables; variable++)
        define_one(loader, &model->variable[variable]);
    if (loader->list->errors == 0)
        lac_review_representation(model, loader->list);
    if (loader->list->errors == 0)
        lac_review_automatic(model, loader->list);
    return LAC_OK;
}
