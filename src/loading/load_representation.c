/* Representation: what the text says of each variable, and what the method makes of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"
#include "model/representation.h"

#include <string.h>

/* A variable keeps its representation through a run, so there are no thresholds to change it at. */
static bool is_automatic(const lac_yaml *word)
{
    if (word->kind == LAC_YAML_SCALAR)
        return strcmp(word->scalar, "auto") == 0;
    return word->kind == LAC_YAML_MAPPING && lac_yaml_get(word, "auto");
}

static void define_one(lac_loader *loader, lac_variable *variable)
{
    static const char *const words[] = {"discrete", "continuous"};
    const lac_model *model = loader->model;
    const lac_yaml *node = lac_species_in(loader, variable->species, variable->domain, NULL);
    const lac_yaml *word =
        node && node->kind == LAC_YAML_MAPPING ? lac_yaml_get(node, "representation") : NULL;
    if (!word)
        return;
    if (is_automatic(word)) {
        lac_report(loader->list, LAC_ERROR, word->place,
                   "%s: representation has no 'auto': a variable keeps its representation through "
                   "a run; write discrete if a voxel holds few of it (below about 100) at any time "
                   "that matters, else continuous",
                   variable->path);
        return;
    }
    size_t choice = lac_load_choice(loader, word, words, 2, "representation");
    if (choice == LAC_NONE)
        return;
    variable->asked = choice == 0 ? LAC_DISCRETE : LAC_CONTINUOUS;
    if (choice == 0 && model->species[variable->species].kind == LAC_STATE)
        lac_report(
            loader->list, LAC_ERROR, word->place,
            "'%s' is a state without dimension: it is continuous, for it has no molecules or "
            "cells to count",
            variable->path);
}

lac_status lac_define_representation(lac_loader *loader)
{
    lac_model *model = loader->model;
    for (size_t variable = 0; variable < model->variables; variable++)
        define_one(loader, &model->variable[variable]);
    if (loader->list->errors == 0)
        lac_review_representation(model, loader->list);
    return LAC_OK;
}
